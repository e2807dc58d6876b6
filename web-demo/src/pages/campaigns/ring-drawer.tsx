import { Alert, Anchor, Code, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { CampaignControls, Ring } from "../../backend/campaigns.ts";
import { failureOf } from "../../backend/failure.ts";
import { CopiedCode } from "../../code/copied-code.tsx";
import { pretty } from "../../code/pretty.ts";
import { CallLinks } from "../../details/call-links.tsx";
import { DetailsDrawer } from "../../details/details-drawer.tsx";
import { Facts } from "../../details/facts.tsx";
import { Id } from "../../details/id.tsx";
import { useLast } from "../../details/last.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { useRingFailure } from "../../wording/failure-text.ts";
import { useWords } from "../records/results.ts";
import classes from "./campaigns.module.css";
import { campaignMessages } from "./messages.ts";
import { RingBadge } from "./ring-badge.tsx";
import { Settle } from "./settle.tsx";

/** All of one ring. A further `version` has it looked at again. */
export function RingDrawer({
  ringKey,
  controls,
  onClose,
  onSettled = () => {},
  version = 0,
}: {
  /** Which; empty while nothing is open. */
  ringKey: string;
  controls: CampaignControls;
  onClose(): void;
  onSettled?(): void;
  version?: number;
}) {
  const t = useTexts(campaignMessages);
  const shown = useLast(ringKey || undefined);
  return (
    <DetailsDrawer opened={ringKey !== ""} title={t.detailsTitle} closeLabel={t.close} onClose={onClose}>
      {shown !== undefined && (
        <Contents key={shown} ringKey={shown} controls={controls} onSettled={onSettled} version={version} />
      )}
    </DetailsDrawer>
  );
}

function Contents({
  ringKey,
  controls,
  onSettled,
  version,
}: {
  ringKey: string;
  controls: CampaignControls;
  onSettled(): void;
  version: number;
}) {
  const t = useTexts(campaignMessages);
  const [ring, setRing] = useState<Ring | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let isWanted = true;
    controls.ring(ringKey).then(
      (found) => isWanted && (setRing(found), setError(null)),
      (thrown: unknown) => isWanted && setError(thrown),
    );
    return () => {
      isWanted = false;
    };
  }, [controls, ringKey, version]);
  if (error !== null && failureOf(error).code === "not_found") {
    return (
      <Alert color="blue" title={t.noRing}>
        {t.noRingFix}
      </Alert>
    );
  }
  return (
    <Stack>
      {error !== null && <FailureAlert error={error} />}
      {ring === null ? (
        error === null && <Text role="status">{t.loading}</Text>
      ) : (
        <>
          {ring.callId !== null && <CallLinks callId={ring.callId} from="campaigns" />}
          <RingFacts of={ring} />
          <Settle
            ring={ring}
            controls={controls}
            onSettled={(settled) => {
              setRing(settled);
              onSettled();
            }}
          />
          <History of={ring} />
          {ring.data !== null && <CopiedCode label={t.data} text={pretty(ring.data)} language="json" isWrapped />}
          <CopiedCode label={t.request} text={pretty(ring.request)} language="json" isWrapped />
        </>
      )}
    </Stack>
  );
}

function RingFacts({ of }: { of: Ring }) {
  const t = useTexts(campaignMessages);
  const words = useWords();
  const failure = useRingFailure();
  const times = useTimes();
  const moment = (name: string, at: number | null) => (at === null ? [] : [[name, times.exact(at)] as const]);
  const text = (name: string, value: string | null) => (value === null ? [] : [[name, value] as const]);
  return (
    <Facts
      of={[
        [t.stateOf, <RingBadge key="state" state={of.state} />],
        [t.user, of.users.join(", ")],
        [t.key, <Id key="key" of={of.key} />],
        [
          t.inCampaign,
          of.campaign === "" ? (
            t.noCampaign
          ) : (
            <Anchor key="campaign" component={Link} href={`~/campaigns?name=${encodeURIComponent(of.campaign)}`}>
              {of.campaign}
            </Anchor>
          ),
        ],
        ...text(t.line, of.line === null ? null : times.number(of.line)),
        ...text(t.outcome, of.callResult === null ? null : words.result(of.callResult)),
        ...moment(t.answeredAt, of.answeredAt === null ? null : of.answeredAt * 1000),
        ...(of.failure === null
          ? []
          : ([[t.failed, <span key="failure"><Code>{of.failure.code}</Code> {failure(of.failure)}</span>]] as const)),
        ...(of.evidence === null ? [] : [[t.evidence, t.evidences[of.evidence]] as const]),
        [t.attempt, times.number(of.attempt)],
        ...(of.firstKey === null ? [] : [[t.firstKey, <Id key="first" of={of.firstKey} />] as const]),
        ...moment(t.notBefore, of.state === "queued" ? of.notBefore : null),
        ...moment(t.notAfter, of.notAfter),
        [t.sent, of.sentAt === null ? t.notSent : times.exact(of.sentAt)],
        ...moment(t.settled, of.settledAt),
        ...moment(t.lookAt, of.lookAt),
        [t.robot, of.robot],
        [t.room, of.room.replace(/^"(.*)"$/, "$1")],
        ...text(t.timeZone, of.timeZone),
        ...(of.callId === null ? [] : [[t.callId, <Id key="call" of={of.callId} />] as const]),
        ...(of.requestId === null ? [] : [[t.requestId, <Id key="request" of={of.requestId} />] as const]),
      ]}
    />
  );
}

function History({ of }: { of: Ring }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  return (
    <section aria-labelledby="history">
      <h3 id="history">{t.history}</h3>
      <ol className={classes.history}>
        {of.history.map(({ state, at }, index) => (
          <li key={index}>
            <span className={classes.time}>{times.exact(at)}</span>
            <RingBadge state={state} />
          </li>
        ))}
      </ol>
    </section>
  );
}
