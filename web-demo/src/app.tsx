import { MantineProvider } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import { Notifications } from "@mantine/notifications";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { Frame } from "./frame/frame.tsx";
import { Start } from "./frame/start.tsx";
import { LanguageProvider, useLanguage } from "./i18n/language.tsx";
import { theme } from "./theme.ts";

/** The whole console. Addresses are after the `#`, so that it works as files below any path. */
export function App() {
  return (
    // Styles come from files only: the policy allows no others.
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <LanguageProvider>
        <Localized />
      </LanguageProvider>
    </MantineProvider>
  );
}

function Localized() {
  const { language } = useLanguage();
  return (
    <DatesProvider settings={{ locale: language.toLowerCase(), firstDayOfWeek: language === "ja" ? 0 : 1 }}>
      <Notifications position="bottom-right" />
      <Start>
        <Router hook={useHashLocation}>
          <Frame />
        </Router>
      </Start>
    </DatesProvider>
  );
}
