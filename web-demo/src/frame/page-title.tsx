import { Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTexts } from "../i18n/language.tsx";
import classes from "./frame.module.css";
import { frameMessages } from "./messages.ts";

/** Whether nothing was looked at yet: then the focus is the browser's to place. */
let isFirst = true;

/**
 * The heading of a page, with a sentence below it. It takes the focus when the page is come to, so that a screen
 * reader begins there.
 */
export function PageTitle({ title, children }: { title: string; children?: ReactNode }) {
  const texts = useTexts(frameMessages);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${texts.title}`;
  }, [title, texts]);
  useEffect(() => {
    if (!isFirst) {
      window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    isFirst = false;
  }, []);
  return (
    <div className={classes.heading}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children && <Text c="dimmed">{children}</Text>}
    </div>
  );
}
