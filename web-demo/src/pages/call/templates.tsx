import { ActionIcon, Button, Group, Menu, Modal, Stack, TextInput } from "@mantine/core";
import { IconTemplate, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { frameMessages } from "../../frame/messages.ts";
import { useTexts } from "../../i18n/language.tsx";
import { type Draft, emptyDraft } from "./draft.ts";
import { callMessages } from "./messages.ts";

/** Forms that somebody keeps for another day, in this browser, because they said so. */
const KEY = "trtc-call-console.templates";

type Templates = Record<string, Draft>;

/** Fills in the form with one that was kept, keeps the one that is there, and forgets. */
export default function Templates({ draft, onChoose }: { draft: Draft; onChoose(draft: Draft): void }) {
  const texts = useTexts(callMessages).templates;
  const frame = useTexts(frameMessages);
  const [templates, setTemplates] = useState(read);
  const [name, setName] = useState<string | null>(null);
  const write = (changed: Templates) => {
    setTemplates(changed);
    try {
      localStorage.setItem(KEY, JSON.stringify(changed));
    } catch {}
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!name?.trim()) return;
    write({ ...templates, [name.trim()]: draft });
    setName(null);
  };
  return (
    <>
      <Menu position="top-start">
        <Menu.Target>
          <Button variant="default" size="sm" leftSection={<IconTemplate size={18} aria-hidden />}>
            {texts.title}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {Object.entries(templates).map(([kept, of]) => (
            <Menu.Item
              key={kept}
              onClick={() => onChoose({ ...emptyDraft(), ...of })}
              rightSection={
                <ActionIcon
                  component="span"
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={texts.remove(kept)}
                  onClick={(event) => {
                    event.stopPropagation();
                    const { [kept]: _, ...others } = templates;
                    write(others);
                  }}
                >
                  <IconTrash size={14} aria-hidden />
                </ActionIcon>
              }
            >
              {kept}
            </Menu.Item>
          ))}
          {Object.keys(templates).length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setName("")}>{texts.keep}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal.Root opened={name !== null} onClose={() => setName(null)} lockScroll={false} centered>
        <Modal.Overlay />
        <Modal.Content>
          <Modal.Body p="lg">
            <form onSubmit={save}>
              <Stack>
                <Modal.Title fw={700}>{texts.keep}</Modal.Title>
                <TextInput
                  data-autofocus
                  label={texts.name}
                  description={texts.where}
                  autoComplete="off"
                  value={name ?? ""}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Group justify="flex-end">
                  <Button variant="default" onClick={() => setName(null)}>
                    {frame.cancel}
                  </Button>
                  <Button type="submit">{texts.save}</Button>
                </Group>
              </Stack>
            </form>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}

function read(): Templates {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {}) as Templates;
  } catch {
    return {};
  }
}
