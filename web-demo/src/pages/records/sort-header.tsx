import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowsVertical, IconArrowUp } from "@tabler/icons-react";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";
import classes from "./records.module.css";

/** What the table is sorted by. */
export interface Sort {
  by: string;
  direction: "asc" | "desc";
}

/** The head of a column that sorts by it: its name says to a screen reader what it does and what is so now. */
export function SortHeader({
  title,
  by,
  sort,
  onSort,
}: {
  title: string;
  by: string;
  sort: Sort;
  onSort(sort: Sort): void;
}) {
  const t = useTexts(messages);
  const now = sort.by === by ? sort.direction : undefined;
  const Icon = now === undefined ? IconArrowsVertical : now === "asc" ? IconArrowUp : IconArrowDown;
  const state = now === undefined ? t.unsorted : now === "asc" ? t.ascending : t.descending;
  return (
    <UnstyledButton
      className={classes.sort}
      aria-label={`${title}, ${state}`}
      onClick={() => onSort({ by, direction: now === "asc" ? "desc" : "asc" })}
    >
      {title}
      <Icon size={14} aria-hidden data-sorted={now !== undefined} />
    </UnstyledButton>
  );
}
