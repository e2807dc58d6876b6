import { Button, Text } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { build } from "trtc-call";
import { type FormEvent, lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useBoard } from "../../board/board-store.tsx";
import type { Settings } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { failureOf, problemsOf } from "../../backend/failure.ts";
import { useShownProblems } from "../../failure/touched.ts";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { accountOf } from "./account.ts";
import classes from "./call.module.css";
import { forget, isUnderWay, send, useCallStart } from "./call-start.ts";
import { CallFields } from "./call-fields.tsx";
import { type Draft, emptyDraft, toCall, withoutMedia } from "./draft.ts";
import { keepDraft, keptDraft } from "./kept-draft.ts";
import { mediaProblems } from "./media-problems.ts";
import { callMessages } from "./messages.ts";
import { Outcome } from "./outcome.tsx";
import { Preview } from "./preview.tsx";
import { PushFields } from "./push-form.tsx";

const Templates = lazy(() => import("./templates.tsx"));
const RealPhones = lazy(() => import("./real-phones.tsx"));

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
  const [draft, setDraft] = useState<Draft>(() => keptDraft() ?? emptyDraft(settings.robot ?? ""));
  const [isAsking, setIsAsking] = useState(false);
  const { isSending, started, error } = useCallStart();
  useEffect(() => keepDraft(draft), [draft]);
  useEffect(() => forget, []);

  const call = useMemo(() => toCall(draft), [draft]);
  const own = useMemo(
    () => [
      ...problemsOf(() => build.startCallByRobot(withoutMedia(call), accountOf(settings))),
      ...mediaProblems(call.play?.streamUrl),
    ],
    [call, settings],
  );
  const problems = useMemo(() => [...own, ...(error === null ? [] : (failureOf(error).problems ?? []))], [own, error]);
  const shown = useShownProblems(problems);
  // What is refused for its fields is said beside them, and in the bar as their number.
  const hasMore = error !== null && (failureOf(error).problems ?? []).length === 0;

  const change = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    forget();
  };
  const clear = () => {
    change(emptyDraft(settings.robot ?? ""));
    shown.reset();
  };
  const isLive = settings.mode === "account";
  const press = () => {
    if (isSending) return;
    forget();
    flushSync(() => shown.showAll());
    if (own.length > 0) focusFirstProblem(form.current);
    else if (isLive) setIsAsking(true);
    else void start();
  };
  const start = async () => {
    setIsAsking(false);
    if (isUnderWay()) return;
    if (await send(() => backend.startCall(call))) shown.reset();
    else focusFirstProblem(form.current);
  };

  return (
    <div className={classes.columns}>
      <form ref={form} className={classes.form} noValidate onSubmit={ringNobody}>
        <CallFields draft={draft} change={change} shown={shown} settings={settings} />
        <PushFields draft={draft} change={change} shown={shown} />
        <div className={classes.actions}>
          {(started !== null || hasMore) && <Outcome started={started} error={hasMore ? error : null} />}
          <Button
            size="sm"
            color={isLive ? "red.9" : "indigo"}
            onClick={press}
            loading={isSending}
            leftSection={<IconPhoneOutgoing size={18} aria-hidden />}
          >
            {isLive ? texts.startReal : texts.start}
          </Button>
          <Button variant="default" size="sm" onClick={clear} disabled={isSending}>
            {texts.clear}
          </Button>
          <Suspense>
            <Templates draft={draft} onChoose={change} />
          </Suspense>
          {shown.count("") > 0 && (
            <Text c="var(--mantine-color-error)" size="sm" role="status">
              {texts.mend(shown.count(""))}
            </Text>
          )}
        </div>
      </form>
      <Preview draft={draft} call={call} settings={settings} isValid={own.length === 0} />
      {isLive && (
        <Suspense>
          <RealPhones
            isOpen={isAsking}
            call={call}
            settings={settings}
            onConfirm={() => void start()}
            onClose={() => setIsAsking(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Enter in a field submits a form; phones ring by the button alone. */
function ringNobody(event: FormEvent) {
  event.preventDefault();
}

/** Brings the first field that is refused into view; it is drawn as one. */
function focusFirstProblem(form: HTMLFormElement | null) {
  const input = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  input?.focus();
  input?.scrollIntoView({ block: "center" });
}
