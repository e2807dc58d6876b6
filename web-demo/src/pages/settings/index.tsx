import { Text } from "@mantine/core";
import type { Settings } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { useBoard } from "../../board/board-store.tsx";
import { CopiedCode } from "../../code/copied-code.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { Abilities } from "./abilities.tsx";
import { IngestCoding } from "./ingest-coding.tsx";
import { settingsMessages } from "./messages.ts";
import classes from "./settings.module.css";
import { Session } from "./session.tsx";
import { SimulatedUsers } from "./simulated-users.tsx";

/** What is configured, what is missing, and what can be changed while it runs. */
export default function SettingsPage() {
  const texts = useTexts(settingsMessages);
  const frame = useTexts(frameMessages);
  const { emulator, place, session } = useBackend();
  const { settings, error } = useBoard();
  return (
    <>
      <PageTitle title={frame.pages.settings}>{texts.lead}</PageTitle>
      {settings === null ? (
        error === null ? (
          <Text role="status">{texts.loading}</Text>
        ) : (
          <FailureAlert error={error} />
        )
      ) : (
        <div className={classes.columns}>
          <Account settings={settings} />
          <Abilities settings={settings} />
          <IngestCoding settings={settings} />
          {session && <Session session={session} />}
          {place === "page" && <RealPhones />}
          {emulator && <SimulatedUsers emulator={emulator} />}
        </div>
      )}
    </>
  );
}

function Account({ settings }: { settings: Settings }) {
  const texts = useTexts(settingsMessages);
  const { place } = useBackend();
  const times = useTimes();
  const { sdkAppId, admin, robot, region, baseUrl, backupHost, requestsPerSecond, version } = settings;
  const facts = [
    [texts.mode, texts.modes[place === "page" ? "page" : settings.mode]],
    [texts.sdkAppId, String(sdkAppId)],
    [texts.admin, admin],
    [texts.robot, robot],
    [texts.region, region],
    [texts.baseUrl, baseUrl],
    [texts.backupHost, backupHost ? texts.backupHostUsed : backupHost === false ? texts.backupHostUnused : null],
    [texts.requests, requestsPerSecond ? texts.requestsPerSecond(times.number(requestsPerSecond)) : null],
    [texts.version, version],
  ].filter(([, value]) => value);
  return (
    <section className={classes.section} aria-labelledby="account">
      <h2 id="account">{texts.account}</h2>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function RealPhones() {
  const texts = useTexts(settingsMessages);
  return (
    <section className={classes.section} aria-labelledby="real">
      <h2 id="real">{texts.realTitle}</h2>
      <Text size="sm">{texts.realText}</Text>
      <CopiedCode label={texts.realTitle} text={COMMANDS} language="bash" />
    </section>
  );
}

const COMMANDS = `export TRTC_SDKAPPID=1400000000
export TRTC_REGION=singapore
export TRTC_ADMIN=administrator
read -rs TRTC_SECRET_KEY && export TRTC_SECRET_KEY
trtc-call console
`;
