import { Tabs, Text } from "@mantine/core";
import { lazy, Suspense, useMemo } from "react";
import type { PlacedCall, Settings } from "../../backend/backend.ts";
import { frameMessages } from "../../frame/messages.ts";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./call.module.css";
import { type Draft, withoutMedia } from "./draft.ts";
import { callMessages } from "./messages.ts";
import { Phones } from "./phones.tsx";

const Packets = lazy(() => import("./packets.tsx"));

/** What will become of the form: on the phones, over the wire, and as code. */
export function Preview(props: { draft: Draft; call: PlacedCall; settings: Settings; isValid: boolean }) {
  const { draft, call: placed, settings, isValid } = props;
  const call = useMemo(() => withoutMedia(placed), [placed]);
  const texts = useTexts(callMessages);
  const { loading } = useTexts(frameMessages);
  const packets = (as: "request" | "code") => (
    <Suspense fallback={<Text role="status">{loading}</Text>}>
      <Packets as={as} call={placed} settings={settings} />
    </Suspense>
  );
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
          {isValid ? packets("request") : <NotYet />}
        </Tabs.Panel>
        <Tabs.Panel value="code">
          {isValid ? packets("code") : <NotYet />}
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

function NotYet() {
  const texts = useTexts(callMessages);
  return <Text c="dimmed">{texts.notYet}</Text>;
}
