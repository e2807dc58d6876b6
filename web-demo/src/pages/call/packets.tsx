import { Box, SegmentedControl, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { build, type StartCall } from "trtc-call";
import type { PlacedCall, Settings } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { CopiedCode } from "../../code/copied-code.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { accountOf } from "./account.ts";
import { writers } from "./code/languages.ts";
import { withoutMedia } from "./draft.ts";
import { callMessages } from "./messages.ts";

/** The call as it goes over the wire, or as code. Loaded when it is looked at. */
export default function Packets(props: { as: "request" | "code"; call: PlacedCall; settings: Settings }) {
  const { as, call: placed, settings } = props;
  const call = useMemo(() => asSent(placed), [placed]);
  return as === "request" ? <Request call={call} settings={settings} /> : <Code call={placed} settings={settings} />;
}

/** The room that is made up for what is played. */
const MADE_UP = "console-made-up";

/** With the room that the console adds where something is played and none is chosen. */
function asSent(placed: PlacedCall): StartCall {
  const call = withoutMedia(placed);
  return placed.play && call.room === undefined ? { ...call, room: MADE_UP } : call;
}

function Request({ call, settings }: { call: StartCall; settings: Settings }) {
  const texts = useTexts(callMessages);
  const text = useMemo(() => {
    const request = build.startCallByRobot(call, accountOf(settings));
    // The package's own JSON hides the UserSig.
    const { method, url, headers } = JSON.parse(JSON.stringify(request)) as typeof request;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const body = JSON.stringify(JSON.parse(request.body), null, 2);
    const sent = `${method} ${url.replace(/([?&]random=)0/, "$1(random)")}\n${lines.join("\n")}\n\n${body}`;
    return sent.replace(MADE_UP, "console-(random)");
  }, [call, settings]);
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.requestHint}
      </Text>
      <CopiedCode label={texts.request} text={text} language="exchange" isWrapped />
    </>
  );
}

function Code({ call, settings }: { call: PlacedCall; settings: Settings }) {
  const texts = useTexts(callMessages);
  const { place } = useBackend();
  const [name, setName] = useState("TypeScript");
  const writer = writers[name];
  const text = useMemo(() => writer?.write(call, settings) ?? "", [writer, call, settings]);
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {place === "page" ? texts.codeHintPage : settings.demoKey ? texts.codeHintEmulator : texts.codeHint}
      </Text>
      {settings.demoKey && (
        <Box mb="xs">
          <CopiedCode label="TRTC_SECRET_KEY" text={`export TRTC_SECRET_KEY=${settings.demoKey}`} language="bash" isWrapped />
        </Box>
      )}
      <SegmentedControl
        fullWidth
        size="xs"
        mb="xs"
        aria-label={texts.codeIn}
        value={name}
        onChange={setName}
        data={Object.keys(writers)}
      />
      <CopiedCode label={name} text={text} {...(writer && { language: writer.language })} />
    </>
  );
}
