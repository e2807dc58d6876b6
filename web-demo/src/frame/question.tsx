import { Button, Group, Modal, Stack } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import { FailureAlert } from "../failure/failure-alert.tsx";
import { useTexts } from "../i18n/language.tsx";
import { frameMessages } from "./messages.ts";

/** Asks before something is done that cannot be undone. The way back has the focus: Enter alone does nothing. */
export function Question({
  isOpen,
  title,
  confirm,
  isBusy = false,
  error = null,
  onConfirm,
  onClose,
  children,
}: {
  isOpen: boolean;
  title: string;
  /** What the button does that goes ahead. */
  confirm: string;
  isBusy?: boolean;
  error?: unknown;
  onConfirm(): void;
  onClose(): void;
  children: ReactNode;
}) {
  const texts = useTexts(frameMessages);
  // A double click and a held key press again while the question fades away; it is answered once. And the second of two
  // clicks is no answer where the first one brought up the question.
  const confirmOnce = (event: MouseEvent) => {
    if (isOpen && event.detail < 2) onConfirm();
  };
  return (
    <Modal.Root opened={isOpen} onClose={onClose} lockScroll={false} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body p="lg">
          <Stack>
            <Modal.Title fw={700}>{title}</Modal.Title>
            {children}
            {error !== null && error !== undefined && <FailureAlert error={error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose} data-autofocus>
                {texts.cancel}
              </Button>
              <Button color="red.9" loading={isBusy} onClick={confirmOnce}>
                {confirm}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
