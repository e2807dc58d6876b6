import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { frameMessages } from "../frame/messages.ts";
import { useTexts } from "../i18n/language.tsx";
import type { CodeLanguage } from "./highlighted.tsx";
import classes from "./copied-code.module.css";

const Highlighted = lazy(() => import("./highlighted.tsx"));

/** Text as it is, in colours where its language is named, with a button that copies it. It can be scrolled with the keyboard. */
export function CopiedCode({
  label,
  text,
  language,
  isWrapped = false,
}: {
  label: string;
  text: string;
  language?: CodeLanguage;
  isWrapped?: boolean;
}) {
  const texts = useTexts(frameMessages);
  return (
    <div className={classes.box}>
      <pre className={isWrapped ? classes.wrapped : classes.code} tabIndex={0} role="group" aria-label={label}>
        <code>
          {language ? (
            <Suspense fallback={text}>
              <Highlighted text={text} language={language} />
            </Suspense>
          ) : (
            text
          )}
        </code>
      </pre>
      <CopyButton value={text} timeout={2000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? texts.copied : texts.copy}>
            <ActionIcon
              className={classes.copy ?? ""}
              variant="default"
              onClick={copy}
              aria-label={copied ? texts.copied : `${texts.copy}: ${label}`}
            >
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
