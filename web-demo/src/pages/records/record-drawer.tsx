import { Badge, Code, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { CallRecord } from "trtc-call";
import { useBackend } from "../../backend/context.tsx";
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
      {error !== undefined && <FailureAlert error={error} />}
      {!record && error === undefined && <Text role="status">{t.loadingRecord}</Text>}
    </>
  );
}

function useRecord(callId: string, known: CallRecord | undefined) {
  const backend = useBackend();
  const [asked, setAsked] = useState<{ record?: CallRecord; error?: unknown }>({});
  const isKnown = known !== undefined;
  useEffect(() => {
    if (isKnown) return;
    let isWanted = true;
    const show = (found: { record?: CallRecord; error?: unknown }) => {
      if (isWanted) setAsked(found);
    };
    backend.record(callId).then(({ record }) => show({ record }), (error: unknown) => show({ error }));
    return () => {
      isWanted = false;
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
