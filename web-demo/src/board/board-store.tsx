import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import type { Backend, BoardCall, Connection, Delivery, Settings, Subscription } from "../backend/backend.ts";
import { useBackend } from "../backend/context.tsx";
import { BackendError, failureOf } from "../backend/failure.ts";

/** What is known now. A new object with each change. */
export interface BoardView {
  /** The newest first. */
  calls: readonly BoardCall[];
  connection: Connection;
  settings: Settings | null;
  /** Why the calls could not be had, if so. */
  error: unknown;
  /** Whether the calls have been had at least once. */
  isLoaded: boolean;
}

/** How long to wait before the calls are asked for again, in milliseconds. */
const RETRY = 3000;

/** Follows the calls for as long as the page is open, for all pages. */
export class BoardStore {
  readonly #backend: Backend;
  readonly #calls = new Map<string, BoardCall>();
  readonly #watchers = new Set<() => void>();
  readonly #deliveryListeners = new Set<(delivery: Delivery) => void>();
  #subscription: Subscription | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #view: BoardView = { calls: [], connection: "connecting", settings: null, error: null, isLoaded: false };

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  readonly view = () => this.#view;

  readonly watch = (watcher: () => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** Hears of every webhook that comes in or is sent. */
  onDelivery(listener: (delivery: Delivery) => void): () => void {
    this.#deliveryListeners.add(listener);
    return () => void this.#deliveryListeners.delete(listener);
  }

  /** Asks for the calls, and listens from there on. */
  async open() {
    this.close();
    const generation = this.#generation;
    try {
      const [board, settings] = await Promise.all([this.#backend.board(), this.#backend.settings()]);
      if (generation !== this.#generation) return;
      const known = [...this.#calls.values()];
      this.#calls.clear();
      for (const call of board.calls) this.#calls.set(call.callId, call);
      this.#show({ settings, error: null, isLoaded: true });
      this.#subscription = this.#backend.subscribe(board.lastEventId, {
        call: (call) => {
          this.#calls.set(call.callId, call);
          this.#show({});
        },
        callContinued: (news) => {
          const known = this.#calls.get(news.callId);
          // It was told of before, and is at most forgotten here, as after an error.
          if (!known) return void this.find(news.callId);
          this.#calls.set(news.callId, continued(known, news));
          this.#show({});
        },
        delivery: (delivery) => {
          for (const listener of this.#deliveryListeners) listener(delivery);
        },
        settings: (changed) => this.#show({ settings: changed }),
        reset: () => void this.open(),
        connection: (connection) => this.#connection(connection),
      });
      // A server that was restarted has forgotten what the page still knows, and can ask the service.
      for (const { callId, state } of known) {
        if (state !== "ended" && !this.#calls.has(callId)) void this.find(callId);
      }
    } catch (error) {
      if (generation !== this.#generation) return;
      const isRefused = failureOf(error).code === "session_refused";
      this.#show({ error, connection: isRefused ? "refused" : "lost" });
      if (!isRefused) this.#timer = setTimeout(() => void this.open(), RETRY);
    }
  }

  /** Has a call looked for that is not on the board; resolves to whether there is one. */
  async find(callId: string): Promise<boolean> {
    try {
      const call = await this.#backend.call(callId);
      if (!this.#calls.has(callId)) this.#calls.set(callId, call);
      this.#show({});
      return true;
    } catch {
      return false;
    }
  }

  close() {
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  /** A stream that is refused looks to the page as one that is lost; a request tells which it is. */
  async #connection(connection: Connection) {
    this.#show({ connection });
    if (connection !== "lost") return;
    const generation = this.#generation;
    try {
      await this.#backend.settings();
    } catch (error) {
      const isCurrent = generation === this.#generation;
      if (isCurrent && error instanceof BackendError && error.failure.code === "session_refused") {
        this.close();
        this.#show({ error, connection: "refused" });
      }
    }
  }

  #show(change: Partial<BoardView>) {
    const calls = [...this.#calls.values()].sort((one, other) => other.startedAt - one.startedAt);
    this.#view = { ...this.#view, ...change, calls };
    for (const watcher of this.#watchers) watcher();
  }
}

/** A call with what is new of it. */
function continued(known: BoardCall, news: BoardCall): BoardCall {
  const members = new Map([...known.members, ...news.members].map((member) => [member.userId, member]));
  const events = new Map([...known.events, ...news.events].map((event) => [event.id, event]));
  return {
    ...news,
    members: [...members.values()],
    events: [...events.values()].sort((one, other) => one.at - other.at || Number(one.id) - Number(other.id)),
  };
}

const Current = createContext<BoardStore | null>(null);

/** Follows the calls for everything below. */
export function BoardProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const store = useMemo(() => new BoardStore(backend), [backend]);
  useEffect(() => {
    void store.open();
    return () => store.close();
  }, [store]);
  return <Current value={store}>{children}</Current>;
}

/** The store itself. */
export function useBoardStore(): BoardStore {
  const store = useContext(Current);
  if (store === null) throw new Error("no BoardProvider above");
  return store;
}

/** What is known now. */
export function useBoard(): BoardView {
  const store = useBoardStore();
  return useSyncExternalStore(store.watch, store.view);
}
