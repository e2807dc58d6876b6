// Where rings are written down: PostgreSQL, a Durable Object, or memory. A store reads and writes; what becomes of a ring
// is the core's decision.
import { rootOf } from "./cause.js";
import { core } from "./wasm.js";

/**
 * A ledger of rings. Bring your own by these two functions, if what you have can compare and write at once.
 */
export interface RingStore {
  /**
   * Reads, as JSON text: `{ "now", "ring", "limiter" }`, which are the store's clock in milliseconds, and the texts that
   * `write` was given for that key and for the application, or `null`.
   */
  load(sdkAppId: number, key: string): Promise<string>;
  /** Writes all of it, if nothing has changed since it was read; else writes nothing and resolves to `false`. */
  write(sdkAppId: number, key: string, write: RingWrite): Promise<boolean>;
}

/** What is to be written: JSON texts, objects of a table's columns. */
export interface RingWrite {
  /** The ring. */
  ring: string;
  /** The `version` of the ring that was read; `null` where there was none. */
  version: number | null;
  /** The application's limiter, if it is to be written. */
  limiter: string | null;
  /** What it was when it was read. */
  limiterBefore: string | null;
}

/** What is handed to a statement. */
export type QueryParameter = string | number | null;

/** A statement and its parameters, run in a transaction of its own; resolves to the rows, or to `{ rows }`. */
export type Query = (
  sql: string,
  parameters: QueryParameter[],
) => PromiseLike<readonly object[] | { readonly rows: readonly object[] }>;

interface Statements {
  migrate: string;
  load: string;
  write: string;
  command: string;
}

/**
 * A ledger in PostgreSQL, over any client: `postgresStore((sql, parameters) => pool.query(sql, parameters))`, or with
 * postgres.js `sql.unsafe(statement, parameters)`. Rust workers and the command `trtc-call` share its tables and their
 * limit. Each statement is a transaction by itself, so that a pool and a client over HTTP do, at any isolation level.
 */
export function postgresStore(query: Query): PostgresStore {
  let all: Statements | undefined;
  const statements = () => (all ??= core().ringStatements() as Statements);
  const rows = async (sql: string, parameters: QueryParameter[]) => {
    for (;;) {
      try {
        const result = await query(sql, parameters);
        return "rows" in result ? result.rows : result;
      } catch (error) {
        // Nothing was written, since somebody else was faster: what is said now is judged by what they wrote.
        if (!hasCode(error, "40001")) throw error;
      }
    }
  };
  return {
    async migrate() {
      const make = () => rows(statements().migrate, []);
      // Above read committed it does not see the tables that somebody else has made meanwhile.
      await make().catch((error) => (hasCode(error, "42P07") ? make() : Promise.reject(error)));
    },
    async load(sdkAppId, key) {
      const { load, command } = statements();
      const [row] = await rows(load, [sdkAppId, key, command]);
      return (row as { loaded: string }).loaded;
    },
    async write(_sdkAppId, _key, { ring, version, limiter, limiterBefore }) {
      const written = await rows(statements().write, [ring, version, limiter, limiterBefore]);
      return written.length > 0;
    },
  };
}

/** Whether PostgreSQL has failed with that code. Some libraries wrap what the client threw. */
function hasCode(error: unknown, code: string): boolean {
  return [error, rootOf(error)].some((one) => Object(one).code === code);
}

/** A ledger in PostgreSQL. */
export interface PostgresStore extends RingStore {
  /** Makes the tables, or brings them to the newest version. Rust's `Ledger::open` does the same. */
  migrate(): Promise<void>;
}

/** What is used of a Durable Object's `storage`. */
export interface DurableStorage extends DurableValues {
  transaction<T>(closure: (values: DurableValues) => Promise<T>): Promise<T>;
}

/** What is used of its values, within a transaction and without. */
export interface DurableValues {
  get<T>(key: string): Promise<T | undefined>;
  put<T>(key: string, value: T): Promise<void>;
}

/**
 * A ledger in a Durable Object: `durableObjectStore(ctx.storage)`. **One object for each application**, or its limit is
 * not one; `ringOnce` is called within the object.
 */
export function durableObjectStore(storage: DurableStorage): RingStore {
  return {
    load: async (sdkAppId, key) => {
      const [ring, limiter] = await Promise.all([
        storage.get<string>(ringKey(sdkAppId, key)),
        storage.get<string>(limiterKey(sdkAppId)),
      ]);
      return loaded(ring, limiter);
    },
    write: (sdkAppId, key, write) =>
      storage.transaction(async (values) => {
        const name = ringKey(sdkAppId, key);
        const [ring, limiter] = [await values.get<string>(name), await values.get<string>(limiterKey(sdkAppId))];
        if (!isUnchanged(write, ring, limiter)) return false;
        await values.put(name, write.ring);
        if (write.limiter !== null) await values.put(limiterKey(sdkAppId), write.limiter);
        return true;
      }),
  };
}

/** A ledger that is gone with the process: for tests. */
export function memoryStore(): RingStore {
  const values = new Map<string, string>();
  return {
    load: async (sdkAppId, key) =>
      loaded(values.get(ringKey(sdkAppId, key)), values.get(limiterKey(sdkAppId))),
    write: async (sdkAppId, key, write) => {
      const name = ringKey(sdkAppId, key);
      if (!isUnchanged(write, values.get(name), values.get(limiterKey(sdkAppId)))) return false;
      values.set(name, write.ring);
      if (write.limiter !== null) values.set(limiterKey(sdkAppId), write.limiter);
      return true;
    },
  };
}

function ringKey(sdkAppId: number, key: string): string {
  return `ring:${sdkAppId}:${key}`;
}

function limiterKey(sdkAppId: number): string {
  return `limiter:${sdkAppId}`;
}

function loaded(ring: string | undefined, limiter: string | undefined): string {
  return `{"now":${Date.now()},"ring":${ring ?? null},"limiter":${limiter ?? null}}`;
}

function isUnchanged(write: RingWrite, ring: string | undefined, limiter: string | undefined): boolean {
  const version = ring === undefined ? null : (JSON.parse(ring) as { version: number }).version;
  const isSameLimiter = limiter === undefined || limiter === write.limiterBefore;
  return version === write.version && (write.limiter === null || isSameLimiter);
}
