import { ActionIcon, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTexts } from "../i18n/language.tsx";
import { frameMessages } from "./messages.ts";
import { PageBoundary } from "./page-boundary.tsx";

const SearchDialog = lazy(() => import("./search-dialog.tsx"));

/** Finds everything from everywhere: with the button, ⌘K, or Ctrl K. */
export function Search() {
  const { find } = useTexts(frameMessages);
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const open = () => {
    setWasOpen(true);
    setIsOpen(true);
  };
  useHotkeys([["mod+K", open]], []);
  return (
    <>
      <Tooltip label={`${find} (⌘K, Ctrl K)`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={find} onClick={open}>
          <IconSearch size={20} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {wasOpen && (
        <PageBoundary>
          <Suspense>
            <SearchDialog isOpen={isOpen} onClose={() => setIsOpen(false)} />
          </Suspense>
        </PageBoundary>
      )}
    </>
  );
}
