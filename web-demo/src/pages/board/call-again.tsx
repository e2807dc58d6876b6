import { Button } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useLocation } from "wouter";
import type { BoardCall } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { emptyDraft } from "../call/draft.ts";
import { keepDraft } from "../call/kept-draft.ts";
import { boardMessages } from "./messages.ts";

/** Fills in the form with what a call was made of. Nobody is rung by that. */
export function CallAgain({ call: { robot, members, media, room, playing } }: { call: BoardCall }) {
  const texts = useTexts(boardMessages);
  const [, navigate] = useLocation();
  const fill = () => {
    const isNumeric = typeof room === "number";
    // A room that was made up for the stream is made up again.
    const text = typeof room === "string" && !(playing && room.startsWith("console-")) ? room : "";
    keepDraft({
      ...emptyDraft(robot ?? ""),
      callees: members.map(({ userId }) => userId),
      media: media ?? "video",
      roomKind: isNumeric ? "number" : text === "" ? "none" : "text",
      roomNumber: isNumeric ? String(room) : "",
      roomText: text,
      streamUrl: playing?.streamUrl ?? "",
    });
    navigate("~/");
  };
  return (
    <Button variant="default" size="sm" leftSection={<IconPhoneOutgoing size={16} aria-hidden />} onClick={fill}>
      {texts.again}
    </Button>
  );
}
