import { Alert, Anchor, Button, List, Text } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { build } from "trtc-call";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { useBoard } from "../../board/board-store.tsx";
import type { PlacedCallReply, Settings } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { failureOf, problemsOf } from "../../backend/failure.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useShownProblems } from "../../failure/touched.ts";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { accountOf } from "./account.ts";
import classes from "./call.module.css";
import { CallFields } from "./call-fields.tsx";
import { type Draft, emptyDraft, toCall, withoutMedia } from "./draft.ts";
import { callMessages } from "./messages.ts";
import { Preview } from "./preview.tsx";
import { PushFields } from "./push-form.tsx";

/** What was typed outlives a look at another page. */
let kept: Draft | undefined;

/** Places a call. */
export default function CallPage() {
  const texts = useTexts(callMessages);
  const frame = useTexts(frameMessages);
  const { settings } = useBoard();
  return (
    <>
      <PageTitle title={frame.pages.call}>{texts.lead}</PageTitle>
      {settings && <CallForm settings={settings} />}
    </>
  );
}

function CallForm({ settings }: { settings: Settings }) {
  const texts = useTexts(callMessages);
  const backend = useBackend();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(() => kept ?? emptyDraft(settings.robot ?? ""));
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [started, setStarted] = useState<PlacedCallReply | null>(null);
  useEffect(() => {
    kept = draft;
  }, [draft]);

  const call = useMemo(() => toCall(draft), [draft]);
  const own = useMemo(() => problemsOf(() => build.startCallByRobot(withoutMedia(call), accountOf(settings))), [call, settings]);
  const problems = useMemo(() => [...own, ...(error === null ? [] : (failureOf(error).problems ?? []))], [own, error]);
  const shown = useShownProblems(problems);

  const change = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setError(null);
    setStarted(null);
  };
  const clear = () => {
    change(emptyDraft(settings.robot ?? ""));
    shown.reset();
  };
  const start = async () => {
    if (isSending) return;
    setStarted(null);
    setError(null);
    shown.showAll();
    if (own.length > 0) return focusFirstProblem(form.current);
    setIsSending(true);
    try {
      setStarted(await backend.startCall(call));
      shown.reset();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsSending(false);
    }
  };

  return (
    <div className={classes.columns}>
      <form ref={form} className={classes.form} noValidate onSubmit={ringNobody}>
        <CallFields draft={draft} change={change} shown={shown} settings={settings} />
        <PushFields draft={draft} change={change} shown={shown} />
        <div className={classes.actions}>
          <Button size="sm" onClick={() => void start()} loading={isSending} leftSection={<IconPhoneOutgoing size={18} aria-hidden />}>
            {texts.start}
          </Button>
          <Button variant="default" size="sm" onClick={clear} disabled={isSending}>
            {texts.clear}
          </Button>
          {shown.count("") > 0 && (
            <Text c="var(--mantine-color-error)" size="sm" role="status">
              {texts.mend(shown.count(""))}
            </Text>
          )}
        </div>
        {error !== null && <FailureAlert error={error} shown={() => true} />}
        {started && <Started reply={started} />}
      </form>
      <Preview draft={draft} call={call} settings={settings} isValid={own.length === 0} />
    </div>
  );
}

/** Enter in a field submits a form; phones ring by the button alone. */
function ringNobody(event: FormEvent) {
  event.preventDefault();
}

/** What came of it, for each callee. It takes the focus, for it is what the button was pressed for. */
function Started({ reply: { callId, callees, room } }: { reply: PlacedCallReply }) {
  const texts = useTexts(callMessages);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <Alert ref={place} role="status" tabIndex={-1} color="green" title={texts.startedTitle}>
      <List size="sm" mb="xs">
        {callees.map(({ userId, wasRung, resultCode }) => (
          <List.Item key={userId}>
            <b>{userId}</b> {wasRung ? texts.rung : texts.notRung(resultCode)}
          </List.Item>
        ))}
      </List>
      {room !== null && (
        <Text size="sm" mb="xs">
          {texts.startedIn(String(room))}
        </Text>
      )}
      {callId === null ? (
        <Text size="sm">{texts.noCallId}</Text>
      ) : (
        <Anchor component={Link} href={`/board/${encodeURIComponent(callId)}`} size="sm" underline="always">
          {texts.watch}
        </Anchor>
      )}
    </Alert>
  );
}

function focusFirstProblem(form: HTMLFormElement | null) {
  // The problems are drawn first.
  requestAnimationFrame(() => {
    const input = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    input?.focus();
    input?.scrollIntoView({ block: "center" });
  });
}
