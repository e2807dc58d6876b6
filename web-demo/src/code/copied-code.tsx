import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { frameMessages } from "../frame/messages.ts";
import { useTexts } from "../i18n/language.tsx";
import classes from "./copied-code.module.css";

/** Text as it is, with a button that copies it. It can be scrolled with the keyboard. */
export function CopiedCode({ label, text, isWrapped = false }: { label: string; text: string; isWrapped?: boolean }) {
  const texts = useTexts(frameMessages);
  return (
    <div className={classes.box}>
      <pre className={isWrapped ? classes.wrapped : classes.code} tabIndex={0} role="group" aria-label={label}>
        <code>{text}</code>
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
