import { Button, NumberInput, SegmentedControl, Text, Textarea, TagsInput, TextInput } from "@mantine/core";
import { useId } from "react";
import type { Settings } from "../../backend/backend.ts";
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

/** Users of the emulator, whose names say what they do. */
const SIMULATED = ["jack", "jill", "reject-1", "noanswer-1", "busy-1", "offline-1", "answer-800-hangup-5000"];

function Who({ draft, change, shown, isEmulated }: PartProps & { isEmulated: boolean }) {
  const texts = useTexts(callMessages);
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
        splitChars={[",", ";", " ", "\n"]}
        // Who is there twice is for the core to refuse, and to explain.
        allowDuplicates
        acceptValueOnBlur
        clearable
        autoComplete="off"
      />
      {isEmulated && (
        <div className={classes.names}>
          <Text size="xs" c="dimmed">
            {texts.simulatedUsers}
          </Text>
          {SIMULATED.map((name) => (
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
      )}
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
        <NumberInput
          label={texts.roomNumberLabel}
          value={draft.roomNumber}
          onChange={(roomNumber) => change({ roomNumber })}
          clampBehavior="none"
          allowDecimal={false}
          hideControls
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
        <NumberInput
          label={texts.ringTimeout}
          description={texts.ringTimeoutHint}
          placeholder="30000"
          suffix=" ms"
          step={1000}
          value={draft.ringTimeout}
          onChange={(ringTimeout) => change({ ringTimeout })}
          onBlur={() => shown.touch("ringTimeout")}
          error={shown.of("ringTimeout")}
          clampBehavior="none"
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
        {...(isLabelHidden ? { "aria-label": label } : { "aria-labelledby": id })}
        value={value}
        onChange={onChange}
        data={data}
        withItemsBorders={false}
      />
    </div>
  );
}
