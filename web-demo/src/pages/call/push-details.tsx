import {
  Accordion,
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  NativeSelect,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { NumberField, numberOf } from "../../fields/number-field.tsx";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./call.module.css";
import type { PartProps } from "./call-fields.tsx";
import type { PushValue } from "./draft.ts";
import { callMessages } from "./messages.ts";
import { commonGroups, type Choice, type PushField, type PushGroup, vendorGroups } from "./push-fields.ts";

/** What the notification says, and what each vendor can be told about it. Loaded when it is wanted. */
export default function PushDetails(part: PartProps) {
  const texts = useTexts(callMessages);
  return (
    <>
      <Input part={part} field={{ path: "title", label: "ownTitle", input: "text" }} label={texts.title} />
      <Input part={part} field={{ path: "desc", label: "ownTitle", input: "text" }} label={texts.desc} isLong />
      <Languages {...part} />
      <Groups part={part} of={commonGroups} />
      <Folded
        label={texts.vendors(vendorGroups.map(({ name }) => name).join(", "))}
        isNeeded={vendorGroups.some(({ fields }) => isInUse(part, fields))}
      >
        <Groups part={part} of={vendorGroups} />
      </Folded>
    </>
  );
}

function Languages({ draft, change, shown }: PartProps) {
  const texts = useTexts(callMessages);
  const { languages } = draft;
  const edit = (index: number, edited: Partial<(typeof languages)[number]>) =>
    change({ languages: languages.map((one, at) => (at === index ? { ...one, ...edited } : one)) });
  return (
    <div>
      <h3>{texts.languagesTitle}</h3>
      {languages.map(({ language, title, desc }, index) => {
        const path = `offlinePush.multiLanguageContent[${index}]`;
        const input = (name: "language" | "title" | "desc", label: string) => ({
          label,
          value: languages[index]?.[name] ?? "",
          onChange: (event: { currentTarget: { value: string } }) => edit(index, { [name]: event.currentTarget.value }),
          onBlur: () => shown.touch(path),
          error: shown.of(`${path}.${name}`),
          autoComplete: "off",
        });
        return (
          <div key={index} className={classes.language}>
            <TextInput {...input("language", texts.languageTag)} placeholder="ja" />
            <TextInput {...input("title", texts.title)} />
            <TextInput {...input("desc", texts.desc)} />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={texts.removeLanguage(language || title || desc || String(index + 1))}
              onClick={() => change({ languages: languages.filter((_, at) => at !== index) })}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </div>
        );
      })}
      <Button
        mt="xs"
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => change({ languages: [...languages, { language: "", title: "", desc: "" }] })}
      >
        {texts.addLanguage}
      </Button>
    </div>
  );
}

/** Whether any of them is set, or has a problem. */
function isInUse({ draft, shown }: PartProps, fields: readonly PushField[]): boolean {
  return fields.some(({ path }) => draft.push[path] !== undefined || shown.count(`offlinePush.${path}`) > 0);
}

/** What few need, until somebody opens it. What is in use is open. */
function Folded({ label, isNeeded, children }: { label: string; isNeeded: boolean; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(isNeeded);
  return (
    <details className={classes.folded} open={isOpen || isNeeded} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{label}</summary>
      <div>{children}</div>
    </details>
  );
}

function Groups({ part, of }: { part: PartProps; of: readonly PushGroup[] }) {
  return (
    <Accordion variant="separated" multiple keepMounted={false} order={3}>
      {of.map((group) => (
        <Group key={group.name} part={part} {...group} />
      ))}
    </Accordion>
  );
}

function Group({ part, name, fields }: { part: PartProps } & PushGroup) {
  const texts = useTexts(callMessages);
  const { draft, shown } = part;
  const set = fields.filter(({ path }) => draft.push[path] !== undefined).length;
  const rare = fields.filter(({ isRare }) => isRare);
  const inputs = (of: readonly PushField[]) => (
    <div className={classes.pair}>
      {of.map((field) => (
        <Input key={field.path} part={part} field={field} label={texts.pushFields[field.label]} />
      ))}
    </div>
  );
  const problems = fields.reduce((sum, { path }) => sum + shown.count(`offlinePush.${path}`), 0);
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>
        <Text span size="sm" fw={500} mr="sm">
          {name === "all" ? texts.pushAll : name}
        </Text>
        {set > 0 && <Badge variant="light">{texts.setCount(set)}</Badge>}{" "}
        {problems > 0 && (
          <Badge variant="light" color="red">
            {texts.problemCount(problems)}
          </Badge>
        )}
      </Accordion.Control>
      <Accordion.Panel>
        {inputs(fields.filter(({ isRare }) => !isRare))}
        {rare.length > 0 && (
          <Folded label={texts.rare} isNeeded={isInUse(part, rare)}>
            {inputs(rare)}
          </Folded>
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function Input(props: { part: PartProps; field: PushField; label: string; isLong?: boolean }) {
  const { part, field, label, isLong = false } = props;
  const { draft, change, shown } = part;
  const texts = useTexts(callMessages);
  const path = `offlinePush.${field.path}`;
  const value = draft.push[field.path];
  const set = (next: PushValue | undefined) => {
    const { [field.path]: _, ...others } = draft.push;
    change({ push: next === undefined ? others : { ...others, [field.path]: next } });
  };
  const common = { label, error: shown.of(path), onBlur: () => shown.touch(path) };
  const onText = (event: { currentTarget: { value: string } }) => set(event.currentTarget.value || undefined);

  if (Array.isArray(field.input)) {
    return (
      <NativeSelect
        {...common}
        value={value === undefined ? "" : String(value)}
        onChange={(event) => set(chosen(field.input as Choice[], event.currentTarget.value))}
        data={[
          { value: "", label: texts.notSet },
          ...field.input.map(([choice, meaning]) => ({
            value: String(choice),
            label: meaning ? `${choice} · ${texts.pushChoices[meaning]}` : String(choice),
          })),
        ]}
      />
    );
  }
  switch (field.input) {
    case "yes":
      return (
        <Checkbox
          {...common}
          mt="lg"
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked || undefined)}
        />
      );
    case "number":
      return (
        <NumberField
          {...common}
          value={(value as number | string | undefined) ?? ""}
          onChange={(next) => set(next === "" ? undefined : Number.isNaN(numberOf(next)) ? next : numberOf(next))}
        />
      );
    case "json":
      return (
        <Textarea
          {...common}
          description={texts.jsonHint}
          rows={2}
          value={typeof value === "object" ? value.json : ""}
          onChange={(event) => set(event.currentTarget.value ? { json: event.currentTarget.value } : undefined)}
        />
      );
    default: {
      const Text = isLong ? Textarea : TextInput;
      return <Text {...common} {...(isLong && { rows: 2 })} value={(value as string | undefined) ?? ""} onChange={onText} />;
    }
  }
}

function chosen(choices: Choice[], text: string): PushValue | undefined {
  return choices.find(([value]) => String(value) === text)?.[0];
}
