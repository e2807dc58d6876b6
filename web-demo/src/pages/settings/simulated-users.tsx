import { ActionIcon, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import type { Script } from "trtc-call/testing";
import type { EmulatorControls } from "../../backend/backend.ts";
import { NumberField, numberOf } from "../../fields/number-field.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { settingsMessages } from "./messages.ts";
import classes from "./settings.module.css";

/** A user in the form. */
interface Row {
  user: string;
  script: Script["script"];
  afterMs: number | string;
  hangUpAfterMs: number | string;
}

/** What was filled in and not saved outlives a look at another page. */
let kept: Row[] | undefined;

/** What simulated users do when their phone rings. */
export function SimulatedUsers({ emulator }: { emulator: EmulatorControls }) {
  const texts = useTexts(settingsMessages);
  const [rows, setRows] = useState<Row[]>(kept ?? []);
  const [error, setError] = useState<unknown>(null);
  const [state, setState] = useState<"saved" | "unsaved" | null>(kept ? "unsaved" : null);
  useEffect(() => {
    if (kept) return;
    emulator.scripts().then((scripts) => setRows(Object.entries(scripts).map(toRow)), setError);
  }, [emulator]);

  const change = (changed: Row[]) => {
    kept = changed;
    setRows(changed);
    setState("unsaved");
  };
  const edit = (index: number, part: Partial<Row>) =>
    change(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      await emulator.setScripts(Object.fromEntries(rows.map((row) => [row.user, toScript(row)])));
      kept = undefined;
      setState("saved");
    } catch (thrown) {
      setError(thrown);
    }
  };

  return (
    <section className={`${classes.section} ${classes.wide}`} aria-labelledby="users">
      <h2 id="users">{texts.users}</h2>
      <Text size="sm">{texts.usersText}</Text>
      <form onSubmit={save} noValidate className={classes.rows}>
        {rows.map((row, index) => (
          <div key={index} className={classes.row}>
            <TextInput
              label={texts.user}
              value={row.user}
              autoComplete="off"
              onChange={(event) => edit(index, { user: event.currentTarget.value })}
            />
            <NativeSelect
              label={texts.does}
              value={row.script}
              onChange={(event) => edit(index, { script: event.currentTarget.value as Row["script"] })}
              data={Object.entries(texts.actions).map(([value, label]) => ({ value, label }))}
            />
            <NumberField
              label={texts.after}
              value={row.afterMs}
              disabled={row.script !== "answer" && row.script !== "reject"}
              onChange={(afterMs) => edit(index, { afterMs })}
            />
            <NumberField
              label={texts.hangUpAfter}
              placeholder={texts.never}
              value={row.hangUpAfterMs}
              disabled={row.script !== "answer"}
              onChange={(hangUpAfterMs) => edit(index, { hangUpAfterMs })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={texts.remove(row.user || String(index + 1))}
              onClick={() => change(rows.filter((_, at) => at !== index))}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => change([...rows, { user: "", script: "answer", afterMs: 1500, hangUpAfterMs: "" }])}
          >
            {texts.add}
          </Button>
          <Button type="submit" disabled={state !== "unsaved"}>
            {texts.save}
          </Button>
          <Text size="sm" role="status">
            {state && texts[state]}
          </Text>
        </Group>
      </form>
      {error !== null && <FailureAlert error={error} />}
    </section>
  );
}

function toRow([user, script]: [string, Script]): Row {
  const { afterMs = "", hangUpAfterMs = "" } = script as { afterMs?: number; hangUpAfterMs?: number };
  return { user, script: script.script, afterMs, hangUpAfterMs };
}

function toScript({ script, afterMs, hangUpAfterMs }: Row): Script {
  if (script === "reject") return { script, afterMs: numberOf(afterMs) };
  if (script !== "answer") return { script };
  return { script, afterMs: numberOf(afterMs), ...(hangUpAfterMs !== "" && { hangUpAfterMs: numberOf(hangUpAfterMs) }) };
}
