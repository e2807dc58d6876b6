import { useCallback, useEffect, useState } from "react";
import type { LoggedRequest } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";

/** How often what is new is asked for, in milliseconds. */
const GLANCE = 1500;

/** How many are shown: as many as are kept. */
const KEPT = 1000;

/** The requests, the latest first, and what is new of them for as long as nobody pauses. */
export function useRequestLog(isPaused: boolean) {
  const backend = useBackend();
  const [requests, setRequests] = useState<readonly LoggedRequest[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const last = requests?.[0]?.id ?? 0;
  const look = useCallback(async () => {
    try {
      const news = await backend.requests(last);
      setError(null);
      setRequests((known) => {
        if (known !== null && news.length === 0) return known;
        const ids = new Set(news.map(({ id }) => id));
        return [...news, ...(known ?? []).filter(({ id }) => !ids.has(id))].slice(0, KEPT);
      });
    } catch (thrown) {
      setError(thrown);
    }
  }, [backend, last]);
  useEffect(() => {
    if (isPaused) return;
    if (requests === null) void look();
    const timer = setInterval(() => void look(), GLANCE);
    return () => clearInterval(timer);
  }, [look, isPaused, requests]);
  return { requests, error, look };
}
