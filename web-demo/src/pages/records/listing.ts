import { useCallback, useEffect, useRef, useState } from "react";
import type { ListedRecord, RecordFilter, RecordPage } from "trtc-call";
import type { Backend } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { failureOf } from "../../backend/failure.ts";

/** Records that match a filter, as far as they have come. */
export interface Listing {
  state: "loading" | "complete" | "stopped" | "failed";
  records: readonly ListedRecord[];
  /** How many match; `null` before the first page. */
  total: number | null;
  /** Why it failed. */
  error?: unknown;
  nextPage: number;
}

/** What can be done with a listing. */
export interface ListingControls {
  stop(): void;
  /** Loads what is missing after a stop or a failure. */
  goOn(): void;
  /** Begins anew. */
  reload(): void;
}

/**
 * Loads **all** records of a filter, page by page, so that they can be sorted, charted and exported as a whole: the
 * service itself sorts nothing, and knows no more than 7 days of them.
 */
export function useListing(filter: RecordFilter): Listing & ListingControls {
  const backend = useBackend();
  const [listing, setListing] = useState<Listing>(EMPTY);
  const running = useRef<AbortController>(undefined);

  const run = useCallback(
    (from: Listing) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      void load(backend, filter, from, (loaded) => {
        if (!controller.signal.aborted) setListing(loaded);
        return !controller.signal.aborted;
      });
    },
    [backend, filter],
  );
  useEffect(() => {
    run(EMPTY);
    return () => running.current?.abort();
  }, [run]);

  return {
    ...listing,
    stop() {
      running.current?.abort();
      setListing({ ...listing, state: "stopped" });
    },
    goOn: () => run(listing),
    reload: () => run(EMPTY),
  };
}

const EMPTY: Listing = { state: "loading", records: [], total: null, nextPage: 1 };

/** Few requests for many records, and each of them small enough to be read at once. */
const PAGE_SIZE = 500;

/** Loads pages until there are no more, or `show` says that nobody looks any longer. */
async function load(
  backend: Backend,
  filter: RecordFilter,
  from: Listing,
  show: (listing: Listing) => boolean,
): Promise<void> {
  let listing: Listing = { ...from, state: "loading", error: undefined };
  while (show(listing) && listing.state === "loading") {
    try {
      const page = await backend.records({ ...filter, pageSize: PAGE_SIZE, page: listing.nextPage });
      listing = withPage(listing, page);
    } catch (error) {
      // How the service says that there is none.
      const isEmpty = failureOf(error).code === "record_not_found";
      listing = isEmpty
        ? { ...listing, state: "complete", total: listing.records.length }
        : { ...listing, state: "failed", error };
    }
  }
}

/** New records push older ones to later pages, where they come a second time. */
function withPage(listing: Listing, { total, page, records }: RecordPage): Listing {
  const known = new Set(listing.records.map(({ callId }) => callId));
  const added = records.filter(({ callId }) => !known.has(callId));
  const all = [...listing.records, ...added];
  const isLast = page === 0 || added.length === 0 || all.length >= total;
  return {
    state: isLast ? "complete" : "loading",
    records: all,
    total: isLast ? all.length : total,
    nextPage: listing.nextPage + 1,
  };
}
