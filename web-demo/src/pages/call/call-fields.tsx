import { Button, SegmentedControl, Text, Textarea, TagsInput, TextInput } from "@mantine/core";
import { useId } from "react";
import type { Settings } from "../../backend/backend.ts";
import { useBoard } from "../../board/board-store.tsx";
import { NumberField } from "../../fields/number-field.tsx";
import type { Shown } from "../../failure/touched.ts";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./call.module.css";
import type { Draft } from "./draft.ts";
import { callMessages } from "./messages.ts";

/** What a part of the form is given. */
export interface PartProps {
  draft: Draft;
  change(change: Partial<Draft>): void;
  shown: Shown;
}

/** Everything about the call itself. */
export function CallFields({ settings, ...part }: PartProps & { settings: Settings }) {
  return (
    <>
      <Who {...part} isEmulated={settings.mode === "emulator"} />
      <Where {...part} />
      <How {...part} hasCloud={settings.cloud.configured} />
    </>
  );
}

/** What stands between names, wherever they were copied: spreadsheets have tabs, and Chinese has commas of its own. */
const SEPARATORS = [",", ";", " ", "\n", "\r", "\t", "，", "、", "；", "\u3000"];

/** Users of the emulator, whose names say what they do. */
const SIMULATED = ["jack", "jill", "reject-1", "noanswer-1", "busy-1", "offline-1", "answer-800-hangup-5000"];

function Who({ draft, change, shown, isEmulated }: PartProps & { isEmulated: boolean }) {
  const texts = useTexts(callMessages);
  const recent = useRecentCallees(isEmulated ? SIMULATED : []);
  return (
    <section className={classes.section} aria-labelledby="who">
      <h2 id="who">{texts.who}</h2>
      <TagsInput
        label={texts.callees}
        description={texts.calleesHint}
        value={draft.callees}
        onChange={(callees) => change({ callees })}
        onBlur={() => shown.touch("callees")}
        error={shown.of("callees")}
        splitChars={SEPARATORS}
        // Who is there twice is for the core to refuse, and to explain.
        allowDuplicates
        acceptValueOnBlur
        clearable
        autoComplete="off"
      />
      {isEmulated && <Names label={texts.simulatedUsers} names={SIMULATED} draft={draft} change={change} />}
      {recent.length > 0 && <Names label={texts.recentCallees} names={recent} draft={draft} change={change} />}
      <TextInput
        label={texts.robot}
        description={texts.robotHint}
        value={draft.robot}
        onChange={(event) => change({ robot: event.currentTarget.value })}
        onBlur={() => shown.touch("robot")}
        error={shown.of("robot")}
        autoComplete="off"
      />
      <Choice
        label={texts.media}
        value={draft.media}
        onChange={(media) => change({ media: media as Draft["media"] })}
        data={[
          { value: "video", label: texts.video },
          { value: "audio", label: texts.audio },
        ]}
      />
    </section>
  );
}

/** Names to add with a click. */
function Names({ label, names, draft, change }: Omit<PartProps, "shown"> & { label: string; names: readonly string[] }) {
  const texts = useTexts(callMessages);
  return (
    <div className={classes.names}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {names.map((name) => (
        <Button
          key={name}
          variant="default"
          size="compact-xs"
          disabled={draft.callees.includes(name)}
          aria-label={texts.addCallee(name)}
          onClick={() => change({ callees: [...draft.callees, name] })}
        >
          {name}
        </Button>
      ))}
    </div>
  );
}

/** Whom the latest calls on the board were to. */
function useRecentCallees(except: readonly string[]): string[] {
  const { calls } = useBoard();
  const names = calls.flatMap(({ members }) => members.map(({ userId }) => userId));
  return [...new Set(names)].filter((name) => !except.includes(name)).slice(0, 8);
}

function Where({ draft, change, shown }: PartProps) {
  const texts = useTexts(callMessages);
  const input = { onBlur: () => shown.touch("room"), error: shown.of("room"), autoComplete: "off" };
  return (
    <section className={classes.section} aria-labelledby="where">
      <h2 id="where">{texts.room}</h2>
      <Choice
        label={texts.room}
        hint={texts.roomHint}
        isLabelHidden
        value={draft.roomKind}
        onChange={(roomKind) => change({ roomKind: roomKind as Draft["roomKind"] })}
        data={[
          { value: "none", label: texts.roomNone },
          { value: "number", label: texts.roomNumber },
          { value: "text", label: texts.roomText },
        ]}
      />
      {draft.roomKind === "number" && (
        <NumberField
          label={texts.roomNumberLabel}
          value={draft.roomNumber}
          onChange={(roomNumber) => change({ roomNumber })}
          {...input}
        />
      )}
      {draft.roomKind === "text" && (
        <TextInput
          label={texts.roomTextLabel}
          value={draft.roomText}
          onChange={(event) => change({ roomText: event.currentTarget.value })}
          {...input}
        />
      )}
    </section>
  );
}

function How({ draft, change, shown, hasCloud }: PartProps & { hasCloud: boolean }) {
  const texts = useTexts(callMessages);
  const bytes = new TextEncoder().encode(draft.userData).length;
  return (
    <section className={classes.section} aria-labelledby="how">
      <h2 id="how">{texts.more}</h2>
      <div className={classes.pair}>
        <NumberField
          label={texts.ringTimeout}
          description={texts.ringTimeoutHint}
          placeholder="30"
          value={draft.ringSeconds}
          onChange={(ringSeconds) => change({ ringSeconds })}
          onBlur={() => shown.touch("ringTimeout")}
          error={shown.of("ringTimeout")}
        />
        <TextInput
          label={texts.streamUrl}
          description={hasCloud ? texts.streamUrlHint : texts.noCloud}
          type="url"
          placeholder="https://"
          disabled={!hasCloud && draft.streamUrl === ""}
          value={draft.streamUrl}
          onChange={(event) => change({ streamUrl: event.currentTarget.value })}
          onBlur={() => shown.touch("play")}
          error={shown.of("play")}
          autoComplete="off"
        />
      </div>
      <Textarea
        label={texts.userData}
        description={texts.userDataHint(bytes)}
        rows={2}
        value={draft.userData}
        onChange={(event) => change({ userData: event.currentTarget.value })}
        onBlur={() => shown.touch("userData")}
        error={shown.of("userData")}
      />
    </section>
  );
}

/** One of a few. */
function Choice(props: {
  label: string;
  hint?: string;
  isLabelHidden?: boolean;
  value: string;
  onChange(value: string): void;
  data: { value: string; label: string }[];
}) {
  const { label, hint, isLabelHidden = false, value, onChange, data } = props;
  const id = useId();
  return (
    <div>
      {!isLabelHidden && (
        <Text id={id} size="sm" className={classes.label ?? ""}>
          {label}
        </Text>
      )}
      {hint && (
        <Text size="xs" c="dimmed" mb={6}>
          {hint}
        </Text>
      )}
      <SegmentedControl
        className={classes.choice ?? ""}
        {...(isLabelHidden ? { "aria-label": label } : { "aria-labelledby": id })}
        value={value}
        onChange={onChange}
        data={data}
        withItemsBorders={false}
      />
    </div>
  );
}
