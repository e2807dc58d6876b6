import { useCallback, useEffect, useRef, useState } from "react";
import type { Delivery } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { useBoard, useBoardStore } from "../../board/board-store.tsx";

/** The deliveries, the newest first. */
export interface DeliveryList {
  /** `null` until they have been had. */
  deliveries: readonly Delivery[] | null;
  /** Why they could not be had, if so. */
  error: unknown;
  reload(): void;
}

/** Follows the deliveries. After a break in the connection they are asked for again. */
export function useDeliveries(): DeliveryList {
  const backend = useBackend();
  const store = useBoardStore();
  const { connection } = useBoard();
  const [known, setKnown] = useState<readonly Delivery[] | null>(null);
  const [error, setError] = useState<unknown>();

  // What comes while the list is asked for may be missing in it. What came earlier is in it, or gone: a server that
  // was started again counts from the beginning.
  const meanwhile = useRef<Delivery[]>([]);
  const reload = useCallback(() => {
    setError(undefined);
    meanwhile.current = [];
    backend.deliveries().then((all) => setKnown(merged(meanwhile.current, all)), setError);
  }, [backend]);
  useEffect(
    () =>
      store.onDelivery((one) => {
        meanwhile.current.push(one);
        setKnown((known) => merged([one], known ?? []));
      }),
    [store],
  );
  useEffect(() => {
    if (connection !== "lost") reload();
  }, [connection, reload]);
  return { deliveries: known, error, reload };
}

/** How many are shown: more than anybody looks through. */
const KEPT = 1000;

function merged(some: readonly Delivery[], others: readonly Delivery[]): Delivery[] {
  const byId = new Map([...others, ...some].map((delivery) => [delivery.id, delivery]));
  return [...byId.values()]
    .sort((one, other) => other.receivedAt - one.receivedAt || Number(other.id) - Number(one.id))
    .slice(0, KEPT);
}
