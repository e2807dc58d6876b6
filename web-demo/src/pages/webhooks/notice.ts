import { notifications } from "@mantine/notifications";
import type { Delivery } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { verdictOf } from "./deliveries.tsx";
import { messages } from "./messages.ts";
import classes from "./webhooks.module.css";

/** Says for a few seconds that something was done, or that it came to nothing. */
export function tell({ title, message, close, color = "teal" }: { title: string; message: string; close: string; color?: string }) {
  notifications.show({
    color,
    title,
    message,
    closeButtonProps: { "aria-label": close },
    classNames: { description: classes.noticeText ?? "" },
  });
}

/** Says what became of a delivery that was sent. */
export function useTellSent(): (delivery: Delivery, done: string) => void {
  const t = useTexts(messages);
  return (delivery, done) => {
    const verdict = verdictOf(delivery);
    const isTaken = verdict === "taken" || verdict === "verified" || verdict === "unsigned";
    const answer = typeof delivery.status === "number" ? t.answered(String(delivery.status)) : "";
    const message = isTaken ? done : answer;
    tell({ title: t.verdicts[verdict], message, close: t.close, color: isTaken ? "teal" : "red" });
  };
}
