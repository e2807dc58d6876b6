import { ActionIcon, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { frameMessages } from "../frame/messages.ts";
import { useTexts } from "../i18n/language.tsx";
import classes from "./id.module.css";

/** A name that somebody may want elsewhere, with a button that copies it. */
export function Id({ of }: { of: string }) {
  const texts = useTexts(frameMessages);
  return (
    <span className={classes.id}>
      <code>{of}</code>
      <CopyButton value={of} timeout={2000}>
        {({ copied, copy }) => (
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            onClick={copy}
            aria-label={copied ? texts.copied : `${texts.copy}: ${of}`}
          >
            {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}
