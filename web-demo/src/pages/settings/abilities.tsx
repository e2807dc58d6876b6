import { Alert, Badge, List, Text } from "@mantine/core";
import type { Settings } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { settingsMessages } from "./messages.ts";
import classes from "./settings.module.css";

/** What works as it is configured, and what to do about the rest. */
export function Abilities({ settings: { cloud, webhooks, missing } }: { settings: Settings }) {
  const texts = useTexts(settingsMessages);
  const received = webhooks.receiving && webhooks.url ? texts.receiving(webhooks.url) : texts.notReceiving;
  return (
    <section className={classes.section} aria-labelledby="abilities">
      <h2 id="abilities">{texts.abilities}</h2>
      <ul className={classes.abilities}>
        <Ability name={texts.calls} hint={texts.callsHint} isReady />
        <Ability
          name={texts.webhooks}
          hint={webhooks.configured ? received : texts.webhooksHint}
          isReady={webhooks.configured}
        />
        <Ability
          name={texts.cloud}
          hint={cloud.region ? `${texts.cloudHint} (${cloud.region})` : texts.cloudHint}
          isReady={cloud.configured}
        />
      </ul>
      {missing.length > 0 && (
        <Alert color="orange" title={texts.missing}>
          <List size="sm" spacing="xs">
            {missing.map(({ code }) => (
              <List.Item key={code}>{texts.missings[code](webhooks.url ?? "")}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </section>
  );
}

function Ability({ name, hint, isReady }: { name: string; hint: string; isReady: boolean }) {
  const texts = useTexts(settingsMessages);
  return (
    <li>
      <div>
        <Text fw={600} size="sm">
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      </div>
      <Badge variant="light" color={isReady ? "green" : "orange"}>
        {isReady ? texts.ready : texts.notReady}
      </Badge>
    </li>
  );
}
