import { SegmentedControl, Tabs, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { build, type StartCall } from "trtc-call";
import type { PlacedCall, Settings } from "../../backend/backend.ts";
import { CopiedCode } from "../../code/copied-code.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { accountOf } from "./account.ts";
import classes from "./call.module.css";
import { writers } from "./code/languages.ts";
import { type Draft, withoutMedia } from "./draft.ts";
import { callMessages } from "./messages.ts";
import { Phones } from "./phones.tsx";

/** What will become of the form: on the phones, over the wire, and as code. */
export function Preview(props: { draft: Draft; call: PlacedCall; settings: Settings; isValid: boolean }) {
  const { draft, call: placed, settings, isValid } = props;
  const call = useMemo(() => withoutMedia(placed), [placed]);
  const texts = useTexts(callMessages);
  return (
    <aside className={`${classes.section} ${classes.aside}`} aria-labelledby="preview">
      <h2 id="preview">{texts.preview}</h2>
      <Tabs defaultValue="phones" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="phones">{texts.phones}</Tabs.Tab>
          <Tabs.Tab value="request">{texts.request}</Tabs.Tab>
          <Tabs.Tab value="code">{texts.code}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="phones">
          <Phones draft={draft} call={call} />
        </Tabs.Panel>
        <Tabs.Panel value="request">
          {isValid ? <Request call={call} settings={settings} /> : <NotYet />}
        </Tabs.Panel>
        <Tabs.Panel value="code">
          {isValid ? <Code call={placed} settings={settings} /> : <NotYet />}
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

function NotYet() {
  const texts = useTexts(callMessages);
  return <Text c="dimmed">{texts.notYet}</Text>;
}

function Request({ call, settings }: { call: StartCall; settings: Settings }) {
  const texts = useTexts(callMessages);
  const text = useMemo(() => {
    const request = build.startCallByRobot(call, accountOf(settings));
    // The package's own JSON hides the UserSig.
    const { method, url, headers } = JSON.parse(JSON.stringify(request)) as typeof request;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const body = JSON.stringify(JSON.parse(request.body), null, 2);
    return `${method} ${url.replace(/([?&]random=)0/, "$1(random)")}\n${lines.join("\n")}\n\n${body}`;
  }, [call, settings]);
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.requestHint}
      </Text>
      <CopiedCode label={texts.request} text={text} isWrapped />
    </>
  );
}

function Code({ call, settings }: { call: PlacedCall; settings: Settings }) {
  const texts = useTexts(callMessages);
  const [name, setName] = useState("TypeScript");
  const text = useMemo(() => writers[name]?.(call, settings) ?? "", [name, call, settings]);
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.codeHint}
      </Text>
      <SegmentedControl
        fullWidth
        size="xs"
        mb="xs"
        aria-label={texts.codeIn}
        value={name}
        onChange={setName}
        data={Object.keys(writers)}
      />
      <CopiedCode label={name} text={text} />
    </>
  );
}
