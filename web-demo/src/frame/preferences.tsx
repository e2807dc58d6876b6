import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import { type Language, languages, useLanguage, useTexts } from "../i18n/language.tsx";
import { frameMessages } from "./messages.ts";

/** The language and the colours. */
export function Preferences() {
  return (
    <>
      <LanguageMenu />
      <ColorMenu />
    </>
  );
}

function LanguageMenu() {
  const texts = useTexts(frameMessages);
  const { language, choose } = useLanguage();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={texts.language}>
          <IconLanguage size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={language} onChange={(chosen) => choose(chosen as Language)}>
          {Object.entries(languages).map(([tag, name]) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

const schemes = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

/** Transitions are kept: Mantine would stop them with an inline style. */
function ColorMenu() {
  const texts = useTexts(frameMessages);
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const Current = schemes[colorScheme];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={texts.colors}>
          <Current size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={colorScheme} onChange={(chosen) => setColorScheme(chosen as keyof typeof schemes)}>
          {(["light", "dark", "auto"] as const).map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {texts[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
