import type * as glue from "../wasm/trtc_call_wasm.js";
import { sleep } from "./sender.js";
import type { ListedRecord } from "./types.js";

/** The service takes 200 requests of a command per second: a page every 5 ms. */
const BETWEEN_PAGES = 5;

/** After a failure, to spare a service in trouble and the log of whoever waits for it. */
const PAUSE = 1000;

/**
 * The records that match a filter, for `for await`. A page is asked for when the one before is used up.
 *
 * **A rejection need not end it**: after one that may pass it keeps its place, and `next` tries the page that failed
 * again, a second later. A refusal that would come again ends it, and so does a server that repeats a page.
 */
export class RecordList implements AsyncIterator<ListedRecord, undefined>, AsyncIterable<ListedRecord> {
  readonly #pages: glue.RecordPages;
  readonly #send: Send;
  readonly #signal: AbortSignal | undefined;
  #page: ListedRecord[] = [];
  #isLeft = false;
  #total: number | null = null;
  readonly #unreadable: unknown[] = [];
  #askAfter = 0;
  /** Calls of `next` are answered one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(pages: glue.RecordPages, send: Send, signal: AbortSignal | undefined) {
    this.#pages = pages;
    this.#send = send;
    this.#signal = signal;
  }

  /** How many records match in all, as the service counted them last; `null` before the first page. */
  get total(): number | null {
    return this.#total;
  }

  /**
   * The entries that came so far and are no records, such as one without a `CallId`, as they arrived. They end nothing:
   * the other records are listed.
   */
  get unreadable(): readonly unknown[] {
    return this.#unreadable;
  }

  /** The next record. */
  next(): Promise<IteratorResult<ListedRecord, undefined>> {
    const record = this.#turn.then(() => this.#next());
    this.#turn = record.catch(() => undefined);
    return record;
  }

  /** Ends the list. `for await` calls it when the loop is left. */
  async return(): Promise<IteratorResult<ListedRecord, undefined>> {
    this.#page = [];
    this.#isLeft = true;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<ListedRecord, undefined>> {
    for (;;) {
      const value = this.#page.shift();
      if (value !== undefined) return { done: false, value };
      if (this.#isLeft || this.#pages.isOver()) return { done: true, value: undefined };
      await this.#ask();
    }
  }

  async #ask(): Promise<void> {
    const wait = this.#askAfter - performance.now();
    if (wait > 0) await sleep(wait, this.#signal);
    this.#askAfter = performance.now() + BETWEEN_PAGES;
    try {
      const { total, records, unreadable } = await this.#send(this.#pages);
      this.#total = total;
      this.#unreadable.push(...unreadable);
      this.#page = records;
    } catch (error) {
      this.#askAfter = performance.now() + PAUSE;
      throw error;
    }
  }
}

/**
 * A page as the core's pager tells it.
 *
 * @internal
 */
export interface Page {
  total: number;
  records: ListedRecord[];
  unreadable: unknown[];
}

type Send = (pages: glue.RecordPages) => Promise<Page>;
