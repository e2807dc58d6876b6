import { Alert, Badge, List, Text } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import type { LoggedRequest, Settings } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { Connection } from "./connection.tsx";
import { settingsMessages } from "./messages.ts";
import classes from "./settings.module.css";

/** What works as it is configured, and what to do about the rest. */
export function Abilities({ settings: { cloud, webhooks, ledger = false, missing } }: { settings: Settings }) {
  const texts = useTexts(settingsMessages);
  const [service, look] = useService();
  const received = webhooks.receiving && webhooks.url ? texts.receiving(webhooks.url) : texts.notReceiving;
  return (
    <section className={classes.section} aria-labelledby="abilities">
      <h2 id="abilities">{texts.abilities}</h2>
      <ul className={classes.abilities}>
        <Ability name={texts.calls} hint={texts.callsHint} state={service} />
        <Ability
          name={texts.webhooks}
          hint={webhooks.configured ? received : texts.webhooksHint}
          state={!webhooks.configured ? "notReady" : webhooks.signed === false ? "unsigned" : "ready"}
        />
        <Ability
          name={texts.cloud}
          hint={cloud.region ? `${texts.cloudHint} (${cloud.region})` : texts.cloudHint}
          state={cloud.configured ? "ready" : "notReady"}
        />
        <Ability name={texts.ledger} hint={ledger ? texts.ledgerReady : texts.ledgerHint} state={ledger ? "ready" : "notReady"} />
      </ul>
      <Connection onChecked={look} />
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

type State = "ready" | "notReady" | "unsigned" | "untried" | "works" | "refused" | "unreachable";

const COLORS: Record<State, string> = {
  ready: "green",
  works: "green",
  untried: "gray",
  notReady: "orange",
  unsigned: "orange",
  refused: "red",
  unreachable: "red",
};

/** What became of the last request to the service: that it is configured says nothing of whether it is let in. */
function useService(): [State, () => void] {
  const backend = useBackend();
  const [state, setState] = useState<State>("untried");
  const look = useCallback(() => {
    const show = (requests: LoggedRequest[]) => setState(stateOf(requests[0]));
    backend.requests(0).then(show, () => {});
  }, [backend]);
  useEffect(look, [look]);
  return [state, look];
}

/** A refusal that is about the account, and not about what was asked. */
const REFUSES_THE_ACCOUNT = /^(account_|app_|sdk_app_id|user_sig|needs_app_admin|ip_not|key_not|package_|other_region|wrong_product|request_disabled|trial_)/;

function stateOf(last: LoggedRequest | undefined): State {
  if (last === undefined) return "untried";
  if (last.status === null) return "unreachable";
  return last.code !== null && REFUSES_THE_ACCOUNT.test(last.code) ? "refused" : "works";
}

function Ability({ name, hint, state }: { name: string; hint: string; state: State }) {
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
      <Badge variant="light" color={COLORS[state]}>
        {texts[state]}
      </Badge>
    </li>
  );
}
