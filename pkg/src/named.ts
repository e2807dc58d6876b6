// Commands and actions by name: a table of each gives the functions that build and read.
import type { HttpRequest } from "./http-request.js";

/** A command or an action, by the service's name for it, with the types of its requests and replies. */
export interface Named<Request, Reply> {
  /** What the service calls it. */
  readonly name: string;
  /** Never there: ties the types to the name. */
  readonly types?: [Request, Reply];
}

/** Builds requests to what a table names, for somebody. */
export type Builders<Table, Sender> = {
  [Name in keyof Table]: Table[Name] extends Named<infer Request, infer _>
    ? (request: Request, account: Sender) => HttpRequest
    : never;
};

/** Reads replies to what a table names: the HTTP status, and the body as text or bytes. */
export type Readers<Table> = {
  [Name in keyof Table]: Table[Name] extends Named<infer _, infer Reply>
    ? (status: number, body: string | Uint8Array) => Reply
    : never;
};

/** A command or action of that name. */
export function named<Request, Reply>(name: string): Named<Request, Reply> {
  return { name };
}

/** What `make` makes of each entry of a table. */
export function forEach<Name extends string, Entry, Made>(
  table: Record<Name, Entry>,
  make: (entry: Entry) => Made,
): Record<Name, Made> {
  const made = Object.entries<Entry>(table).map(([name, entry]) => [name, make(entry)]);
  return Object.fromEntries(made) as Record<Name, Made>;
}
