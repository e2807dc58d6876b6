import type * as glue from "../wasm/trtc_call_wasm.js";
import type { ListedRecord } from "./types.js";

/** The service takes 200 requests of a command per second: a page every 5 ms. */
const BETWEEN_PAGES = 5;

/**
 * The records that match a filter, for `for await`. A page is asked for when the one before is used up.
 *
 * A page that fails rejects and **keeps its place**: calling `next` again tries that page again.
 */
export class RecordList implements AsyncIterableIterator<ListedRecord, undefined> {
  readonly #pages: glue.RecordPages;
  readonly #send: Send;
  #page: ListedRecord[] = [];
  #isLast = false;
  #total: number | null = null;
  #askAfter = 0;
  /** Calls of `next` are answered one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(pages: glue.RecordPages, send: Send) {
    this.#pages = pages;
    this.#send = send;
  }

  /** How many records match in all, as the service counted them last; `null` before the first page. */
  get total(): number | null {
    return this.#total;
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
    this.#isLast = true;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<ListedRecord, undefined>> {
    for (;;) {
      const value = this.#page.shift();
      if (value !== undefined) return { done: false, value };
      if (this.#isLast) return { done: true, value: undefined };
      await this.#ask();
    }
  }

  async #ask(): Promise<void> {
    const wait = this.#askAfter - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#askAfter = Date.now() + BETWEEN_PAGES;
    const { isLast, total, records } = await this.#send(this.#pages);
    this.#isLast ||= isLast;
    this.#total = total;
    this.#page = records;
  }
}

/** A page as the core's pager tells it. */
interface Page {
  isLast: boolean;
  total: number;
  records: ListedRecord[];
}

type Send = (pages: glue.RecordPages) => Promise<Page>;
