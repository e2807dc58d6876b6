import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { explainErrorCode } from "trtc-call";
import { useLocation } from "wouter";
import { useBoard } from "../board/board-store.tsx";
import { useTexts } from "../i18n/language.tsx";
import { errorCodeWords } from "../wording/error-codes.ts";
import { frameMessages } from "./messages.ts";
import { pages } from "./pages.ts";
import classes from "./search.module.css";
import { searchMessages } from "./search-messages.ts";

/** Something that was found: what it is, and where. */
interface Found {
  label: string;
  hint: string;
  to: string;
}

/** How many calls are offered at once. */
const SHOWN_CALLS = 8;

/** One field for pages, calls, users, records, requests and error codes. The arrows and Enter choose. */
export default function SearchDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const t = useTexts(searchMessages);
  const [, navigate] = useLocation();
  const [words, setWords] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const found = useFound(words.trim());
  const go = (to: string) => {
    setWords("");
    onClose();
    navigate(to);
  };
  const move = (event: KeyboardEvent, by: number) => {
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, now + by))]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move(event, 1);
    if (event.key === "ArrowUp") move(event, -1);
  };
  return (
    <Modal.Root opened={isOpen} onClose={onClose} lockScroll={false} size="lg" yOffset="10dvh">
      <Modal.Overlay />
      <Modal.Content aria-label={t.title} onKeyDown={onKeyDown}>
        <Modal.Body p="md">
          <TextInput
            data-autofocus
            type="search"
            aria-label={t.title}
            placeholder={t.placeholder}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            onKeyDown={(event) => {
              // The Enter that ends a composition, as in Japanese, chooses nothing.
              if (event.key === "Enter" && !event.nativeEvent.isComposing && found[0]) go(found[0].to);
            }}
          />
          <ul ref={list} className={classes.found} aria-label={t.found}>
            {found.map(({ label, hint, to }) => (
              <li key={to}>
                <button type="button" onClick={() => go(to)}>
                  <span>{label}</span>
                  <small>{hint}</small>
                </button>
              </li>
            ))}
          </ul>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function useFound(words: string): Found[] {
  const t = useTexts(searchMessages);
  const frame = useTexts(frameMessages);
  const codes = useTexts(errorCodeWords);
  const { calls } = useBoard();
  const wanted = words.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  const ofPages = pages
    .filter(({ name }) => wanted === "" || has(frame.pages[name]))
    .map(({ name, path }) => ({ label: frame.pages[name], hint: t.page, to: path }));
  if (wanted === "") return ofPages;

  const entry = /^\d{5,6}$/.test(words) ? explainErrorCode(Number(words)) : null;
  const ofCodes = entry
    ? [{ label: `${words} · ${codes.meaning[entry.name] ?? entry.meaning}`, hint: t.code, to: `/tools/error-codes?search=${words}` }]
    : [];
  const ofCalls = calls
    .filter(({ callId, robot, members }) => [callId, robot ?? "", ...members.map(({ userId }) => userId)].some(has))
    .slice(0, SHOWN_CALLS)
    .map(({ callId, members }) => ({
      label: members.map(({ userId }) => userId).join(", "),
      hint: `${t.call} · ${callId}`,
      to: `/board/${encodeURIComponent(callId)}`,
    }));
  const query = encodeURIComponent(words);
  const everywhere = [
    { label: t.inRecords(words), hint: "", to: `/records?search=${query}` },
    { label: t.inRequests(words), hint: "", to: `/requests?search=${query}` },
    { label: t.inWebhooks(words), hint: "", to: `/webhooks?search=${query}` },
  ];
  return [...ofCodes, ...ofPages, ...ofCalls, ...everywhere];
}
