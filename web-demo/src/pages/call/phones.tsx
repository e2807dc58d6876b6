import { Alert, List, SegmentedControl, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { advise, type Advice, InvalidRequestError, type OfflinePush, type StartCall } from "trtc-call";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./call.module.css";
import { useAdviceText } from "../../wording/advice-text.ts";
import type { Draft } from "./draft.ts";
import { useFieldNames } from "./field-names.ts";
import { callMessages } from "./messages.ts";

/** The phones of the vendors whose advice names them, and those that show a text as it is. */
const vendors = [
  { id: "apple", name: "Apple", own: "apns" },
  { id: "google", name: "Google" },
  { id: "huawei", name: "Huawei" },
  { id: "honor", name: "Honor" },
  { id: "xiaomi", name: "Xiaomi" },
  { id: "oppo", name: "OPPO" },
  { id: "vivo", name: "vivo" },
  { id: "meizu", name: "Meizu" },
  { id: "harmony", name: "Harmony", own: "harmony" },
] as const;

/** What each vendor's phones show of the notification and what they cut, and what else there is to advise. */
export function Phones({ draft, call }: { draft: Draft; call: StartCall }) {
  const texts = useTexts(callMessages);
  const advice = useMemo(() => adviceOn(call), [call]);
  return (
    <>
      {!draft.hasPush ? (
        <Text c="dimmed" size="sm">
          {texts.phonesEmpty}
        </Text>
      ) : advice === null ? (
        <Text c="dimmed" size="sm">
          {texts.phonesBroken}
        </Text>
      ) : (
        <Notifications push={call.offlinePush ?? {}} advice={advice} />
      )}
      {advice !== null && <Advices advice={advice} />}
    </>
  );
}

function Notifications({ push, advice }: { push: OfflinePush; advice: Advice[] }) {
  const texts = useTexts(callMessages);
  const languages = push.multiLanguageContent ?? [];
  const [chosen, setChosen] = useState("");
  const index = languages.findIndex(({ language }) => language === chosen);
  const text = languages[index] ?? push;
  const path = index < 0 ? "offlinePush" : `offlinePush.multiLanguageContent[${index}]`;
  const shownOf = (vendor: string, name: string) =>
    advice.find((one) => one.vendor === vendor && one.field === `${path}.${name}`)?.shown ?? null;
  return (
    <>
      {languages.length > 0 && (
        <SegmentedControl
          size="xs"
          mb="sm"
          aria-label={texts.forLanguage}
          value={index < 0 ? "" : chosen}
          onChange={setChosen}
          data={[{ value: "", label: texts.others }, ...new Set(languages.map(({ language }) => language).filter(Boolean))]}
        />
      )}
      <ul className={classes.phones}>
        {vendors.map((vendor) => {
          const own = "own" in vendor ? push[vendor.own]?.title : undefined;
          return (
            <li key={vendor.id}>
              <article className={classes.phone} aria-label={vendor.name}>
                <header>{vendor.name}</header>
                <Cut className={classes.title} text={own ?? text.title} shown={shownOf(vendor.id, "title")} />
                {vendor.id === "apple" && push.apns?.subTitle && <p>{push.apns.subTitle}</p>}
                <Cut text={text.desc} shown={shownOf(vendor.id, "desc")} />
              </article>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** A text as the phone shows it, and what it does not show of it. */
function Cut({ text, shown, className }: { text: string | undefined; shown: string | null; className?: string | undefined }) {
  const texts = useTexts(callMessages);
  if (!text) return <Text component="p" c="dimmed" fs="italic">{texts.noText}</Text>;
  if (shown === null) return <p className={className}>{text}</p>;
  const rest = text.slice(shown.replace(/\.\.\.$/, "").length);
  return (
    <p className={className}>
      {shown} <del aria-label={`${texts.cut}: ${rest}`}>{rest}</del>
    </p>
  );
}

function Advices({ advice }: { advice: Advice[] }) {
  const texts = useTexts(callMessages);
  const say = useAdviceText();
  const nameOf = useFieldNames();
  if (advice.length === 0) return null;
  return (
    <Alert mt="md" color="yellow" title={texts.advice}>
      <List size="sm" spacing={4}>
        {advice.map((one) => (
          <List.Item key={`${one.field} ${one.message}`}>
            <b>{nameOf(one.field)}</b>: {say(one)}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** `null` while the notification breaks rules. What else is wrong with the call does not stand in its way. */
function adviceOn(call: StartCall): Advice[] | null {
  const { media, offlinePush } = call;
  for (const one of [call, { robot: "robot", callees: ["callee"], media, offlinePush }]) {
    try {
      // The rule for names is checked beside their fields.
      return advise(one, { allowAnyUserId: true });
    } catch (thrown) {
      if (!(thrown instanceof InvalidRequestError)) throw thrown;
    }
  }
  return null;
}
