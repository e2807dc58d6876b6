import { Badge, Tooltip } from "@mantine/core";
import { useBoard } from "../board/board-store.tsx";
import { useBackend } from "../backend/context.tsx";
import { useTexts } from "../i18n/language.tsx";
import classes from "./frame.module.css";
import { frameMessages } from "./messages.ts";

/** Whether real phones ring, and whether the page hears what happens. */
export function Status() {
  const texts = useTexts(frameMessages);
  const { connection } = useBoard();
  return (
    <>
      <Mode />
      <Badge
        role="status"
        className={classes.connection ?? ""}
        variant="dot"
        color={connection === "open" ? "green" : connection === "connecting" ? "gray" : "red"}
      >
        {texts.connection[connection]}
      </Badge>
    </>
  );
}

function Mode() {
  const texts = useTexts(frameMessages);
  const { settings } = useBoard();
  const { place } = useBackend();
  if (settings === null) return null;
  const [label, meaning, color] =
    place === "page"
      ? [texts.simulated, texts.simulatedLong, "yellow"]
      : settings.mode === "emulator"
        ? [texts.emulator, texts.emulatorLong, "yellow"]
        : [texts.account(String(settings.sdkAppId)), texts.accountLong, "red.9"];
  const isLive = settings.mode === "account";
  return (
    <Tooltip label={meaning} multiline>
      <Badge variant={isLive ? "filled" : "light"} color={color} tabIndex={0} aria-label={`${label}. ${meaning}`}>
        {label}
        {isLive && <span className={classes.live}> · {texts.live}</span>}
      </Badge>
    </Tooltip>
  );
}
