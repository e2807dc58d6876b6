import { Alert, Code, Table, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconBan, IconHelp, IconRefresh, IconSearch } from "@tabler/icons-react";
import { Fragment, useMemo } from "react";
import { type ErrorCodeEntry, explainErrorCode } from "trtc-call";
import { useQueryValue } from "../../frame/address.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { errorCodeWords } from "../../wording/error-codes.ts";
import { messages } from "./messages.ts";
import { Tool } from "./tool.tsx";
import classes from "./tools.module.css";

/** All codes that the package knows, to be searched by code or by words. */
export function ErrorCodes() {
  const t = useTexts(messages).errors;
  const times = useTimes();
  // What to do and the effect then stand below what it means.
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const words = useTexts(errorCodeWords);
  const catalogue = useMemo(() => everyCode().map((entry) => worded(entry, words)), [words]);
  const [search, setSearch] = useQueryValue("search");
  const found = catalogue.filter((entry) => says(entry, search));
  const isCode = /^\d+$/.test(search.trim());

  return (
    <Tool title={t.title} intro={t.intro}>
      <TextInput
        type="search"
        label={t.search}
        placeholder={t.placeholder}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Text size="sm" c="dimmed" role="status">
        {t.found(found.length, times.number(found.length))}
      </Text>
      {found.length === 0 && (
        <Alert color="blue" title={isCode ? t.unknown(search.trim()) : undefined}>
          {isCode ? t.unknownText : t.nothing}
        </Alert>
      )}
      {found.length > 0 && (
        <Table.ScrollContainer minWidth={280} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table striped verticalSpacing="sm" aria-label={t.title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t.code}</Table.Th>
                <Table.Th scope="col">{t.meaning}</Table.Th>
                {!isNarrow && (
                  <>
                    <Table.Th scope="col">{t.whatToDo}</Table.Th>
                    <Table.Th scope="col">{t.effect}</Table.Th>
                  </>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map(({ code, name, meaning, whatToDo, effect }) => (
                <Table.Tr key={code}>
                  <Table.Th scope="row">
                    {code}
                    <br />
                    <Code className={classes.name ?? ""}>
                      {name.split("_").map((word, index) => (
                        <Fragment key={index}>
                          {index > 0 && "_"}
                          {index > 0 && <wbr />}
                          {word}
                        </Fragment>
                      ))}
                    </Code>
                  </Table.Th>
                  {isNarrow ? (
                    <Table.Td>
                      {meaning}
                      <div className={classes.narrow}>
                        {whatToDo}
                        <Effect effect={effect} />
                      </div>
                    </Table.Td>
                  ) : (
                    <>
                      <Table.Td>{meaning}</Table.Td>
                      <Table.Td>{whatToDo}</Table.Td>
                      <Table.Td>
                        <Effect effect={effect} />
                      </Table.Td>
                    </>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Tool>
  );
}

function Effect({ effect }: Pick<ErrorCodeEntry, "effect">) {
  const t = useTexts(messages).errors;
  const { Icon, color } = EFFECTS[effect];
  return (
    <span className={classes.effect}>
      <Icon size={18} color={`var(--mantine-color-${color}-text)`} aria-hidden />
      {t.effects[effect]}
    </span>
  );
}

const EFFECTS = {
  none: { Icon: IconRefresh, color: "teal" },
  refused: { Icon: IconBan, color: "gray" },
  unknown: { Icon: IconHelp, color: "orange" },
};

/** The package explains one code at a time; those of the REST service have five or six digits. */
function everyCode(): ErrorCodeEntry[] {
  const entries: ErrorCodeEntry[] = [];
  for (let code = 60_000; code < 110_000; code += 1) {
    const entry = explainErrorCode(code);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

function worded(entry: ErrorCodeEntry, { meaning, whatToDo }: Words): ErrorCodeEntry {
  return { ...entry, meaning: meaning[entry.name] ?? entry.meaning, whatToDo: whatToDo[entry.name] ?? entry.whatToDo };
}

interface Words {
  meaning: Record<string, string>;
  whatToDo: Record<string, string>;
}

function says({ code, name, meaning, whatToDo }: ErrorCodeEntry, search: string): boolean {
  const text = `${code} ${name} ${meaning} ${whatToDo}`.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
