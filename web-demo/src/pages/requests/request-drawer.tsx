import { Alert, Button, Code, Loader, Stack, Text } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { LoggedRequest } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { CopiedCode } from "../../code/copied-code.tsx";
import { pretty } from "../../code/pretty.ts";
import { CallLinks } from "../../details/call-links.tsx";
import { DetailsDrawer } from "../../details/details-drawer.tsx";
import { Facts } from "../../details/facts.tsx";
import { Id } from "../../details/id.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { isSafeAgain, sendAgain } from "./again.ts";
import { Answer, CodeLink } from "./answer.tsx";
import { requestMessages } from "./messages.ts";

/** All of one request, and what was answered. */
export function RequestDrawer({ id, onAgain, onClose }: { id: number | null; onAgain(): void; onClose(): void }) {
  const t = useTexts(requestMessages);
  return (
    <DetailsDrawer opened={id !== null} title={t.detailsTitle} closeLabel={t.close} onClose={onClose}>
      {id !== null && <Contents key={id} id={id} onAgain={onAgain} />}
    </DetailsDrawer>
  );
}

function Contents({ id, onAgain }: { id: number; onAgain(): void }) {
  const t = useTexts(requestMessages);
  const backend = useBackend();
  const [found, setFound] = useState<LoggedRequest | null>();
  useEffect(() => {
    backend.request(id).then(setFound, () => setFound(null));
  }, [backend, id]);
  if (found === undefined) return <Loader size="sm" role="status" aria-label={t.loading} />;
  if (found === null) {
    return (
      <Alert color="blue" title={t.gone}>
        {t.goneFix}
      </Alert>
    );
  }
  return <Known of={found} onAgain={onAgain} />;
}

function Known({ of, onAgain }: { of: LoggedRequest; onAgain(): void }) {
  const t = useTexts(requestMessages);
  const times = useTimes();
  const backend = useBackend();
  const [isSent, setIsSent] = useState(false);
  const { at, tookMs, command, attempt, callId, requestId, errorCode, request = "", reply } = of;
  const again = async () => {
    await sendAgain(backend, of);
    setIsSent(true);
    onAgain();
  };
  return (
    <Stack>
      <Facts
        of={[
          [t.time, times.exact(at)],
          [t.command, <Code key="command">{command}</Code>],
          [t.answer, <Answer key="answer" of={of} />],
          ...(errorCode ? [[t.explain(String(errorCode)), <CodeLink key="code" of={of} />] as const] : []),
          [t.took, t.tookMs(times.number(tookMs))],
          [t.attempt, times.number(attempt)],
          [t.callId, callId ? <Id key="call" of={callId} /> : "–"],
          [t.requestId, requestId ? <Id key="request" of={requestId} /> : "–"],
        ]}
      />
      {callId && <CallLinks callId={callId} from="requests" />}
      {isSafeAgain(of) ? (
        <Button
          variant="light"
          w="fit-content"
          leftSection={<IconRepeat size={16} aria-hidden />}
          onClick={() => void again()}
        >
          {t.again}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t.notAgain}
        </Text>
      )}
      <Text size="sm" role="status">
        {isSent && t.sentAgain}
      </Text>
      <CopiedCode label={t.request} text={pretty(request)} language="exchange" isWrapped />
      {reply === undefined ? <Text>{t.noReply}</Text> : <CopiedCode label={t.reply} text={pretty(reply)} language="exchange" isWrapped />}
    </Stack>
  );
}
