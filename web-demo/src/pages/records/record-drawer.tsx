import { Alert, Badge, Code, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { CallRecord } from "trtc-call";
import { useBackend } from "../../backend/context.tsx";
import { failureOf } from "../../backend/failure.ts";
import { DetailsDrawer } from "../../details/details-drawer.tsx";
import { useLast } from "../../details/last.ts";
import { CallLinks } from "../../details/call-links.tsx";
import { Id } from "../../details/id.tsx";
import { Facts } from "../../details/facts.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { messages } from "./messages.ts";
import { resultColor, useWords } from "./results.ts";

/** All of one record; one that is not in the list is asked for. */
export function RecordDrawer({
  callId,
  known,
  onClose,
}: {
  /** Which; none while nothing is open. */
  callId: string | undefined;
  known: CallRecord | undefined;
  onClose(): void;
}) {
  const t = useTexts(messages);
  const shown = useLast(callId);
  return (
    <DetailsDrawer opened={callId !== undefined} title={t.detailsTitle} closeLabel={t.close} onClose={onClose}>
      {shown !== undefined && <Contents key={shown} callId={shown} known={known} />}
    </DetailsDrawer>
  );
}

function Contents({ callId, known }: { callId: string; known: CallRecord | undefined }) {
  const t = useTexts(messages);
  const { record, error } = useRecord(callId, useLast(known));
  return (
    <>
      {record && <RecordFacts record={record} />}
      {isNotThereYet(error) ? (
        <NotThereYet callId={callId} />
      ) : (
        error !== undefined && <FailureAlert error={error} />
      )}
      {!record && error === undefined && <Text role="status">{t.loadingRecord}</Text>}
    </>
  );
}

/** How often a record is looked for that is not there yet, in milliseconds. */
const LOOK_AGAIN = 5000;

/** A record is there some seconds after its call's end. */
function isNotThereYet(error: unknown): boolean {
  return error !== undefined && failureOf(error).code === "record_not_found";
}

function NotThereYet({ callId }: { callId: string }) {
  const t = useTexts(messages);
  const times = useTimes();
  return (
    <Stack>
      <CallLinks callId={callId} from="records" />
      <Alert color="blue" title={t.notThere}>
        <Text size="sm">{t.notThereYet(times.duration(LOOK_AGAIN / 1000))}</Text>
        <Text size="xs" mt={4}>
          <code>record_not_found</code> · {t.callId} <code>{callId}</code>
        </Text>
      </Alert>
    </Stack>
  );
}

function useRecord(callId: string, known: CallRecord | undefined) {
  const backend = useBackend();
  const [asked, setAsked] = useState<{ record?: CallRecord; error?: unknown }>({});
  const isKnown = known !== undefined;
  useEffect(() => {
    if (isKnown) return;
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (found: { record?: CallRecord; error?: unknown }) => {
      if (!isWanted) return;
      setAsked(found);
      if (isNotThereYet(found.error)) timer = setTimeout(look, LOOK_AGAIN);
    };
    const look = () =>
      void backend.record(callId).then(({ record }) => show({ record }), (error: unknown) => show({ error }));
    look();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [backend, callId, isKnown]);
  return known ? { record: known, error: undefined } : asked;
}

function RecordFacts({ record }: { record: CallRecord }) {
  const t = useTexts(messages);
  const words = useWords();
  const times = useTimes();
  const { callId, caller, members, mediaType, callType, result, room } = record;
  const { startTime, acceptTime, endTime } = record;
  return (
    <Stack>
      <CallLinks callId={callId} from="records" />
      <Facts
        of={[
          [t.callId, <Id key="id" of={callId} />],
          [
            t.result,
            <Badge key="result" color={resultColor(result)} variant="light" tt="none">
              {words.result(result)}
            </Badge>,
          ],
          [t.caller, <Code key="caller">{caller}</Code>],
          [t.members, members.filter((member) => member !== caller).join(", ")],
          [t.media, words.media(mediaType)],
          [t.type, words.type(callType)],
          [
            t.room,
            room === null
              ? t.noRoom
              : `${room} (${typeof room === "number" ? t.numericRoom : t.stringRoom})`,
          ],
          [t.started, times.full(startTime * 1000)],
          [t.answered, acceptTime === null ? t.notAnswered : times.full(acceptTime * 1000)],
          [t.ended, times.full(endTime * 1000)],
          ...(acceptTime === null
            ? []
            : [
                [t.answeredAfter, times.duration(Math.max(0, acceptTime - startTime))] as const,
                [t.duration, times.duration(Math.max(0, endTime - acceptTime))] as const,
              ]),
        ]}
      />
    </Stack>
  );
}
