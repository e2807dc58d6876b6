import { notifications } from "@mantine/notifications";
import classes from "./webhooks.module.css";

/** Says for a few seconds that something was done. */
export function tell({ title, message, close }: { title: string; message: string; close: string }) {
  notifications.show({
    color: "teal",
    title,
    message,
    closeButtonProps: { "aria-label": close },
    classNames: { description: classes.noticeText ?? "" },
  });
}
