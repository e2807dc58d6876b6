// Sends an emulator's webhooks to functions, as the service sends them to servers.
import type * as glue from "../wasm/trtc_call_wasm_testing.js";

/** Takes a webhook's request, as a handler of `createWebhookHandler` or `createIngestWebhookHandler` does. */
export type WebhookReceiver = (request: Request) => Response | Promise<Response>;

/** Who is told about what. */
interface Receivers {
  calls: WebhookReceiver | undefined;
  streams: WebhookReceiver | undefined;
}

/**
 * Sends what is due, one after the other, so that a receiver that answers gets them in order.
 *
 * @internal
 */
export class WebhookSender {
  readonly #emulator: glue.Emulator;
  readonly #receivers: Receivers;
  readonly #clock: () => number;
  #sending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(emulator: glue.Emulator, receivers: Receivers, clock: () => number) {
    this.#emulator = emulator;
    this.#receivers = receivers;
    this.#clock = clock;
  }

  /** Sends what is due, and what is due by the time that is done. Resolves when nothing more is due now. */
  send(): Promise<void> {
    this.#sending ??= this.#sendAll();
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    // Whoever caused it goes on first.
    await undefined;
    for (;;) {
      const due = this.#emulator.takeDueWebhooks(this.#clock());
      if (due.length === 0) break;
      for (const webhook of due) await this.#sendOne(webhook);
    }
    this.#sending = undefined;
    this.#sendAgainInTime();
  }

  async #sendOne(webhook: glue.Webhook): Promise<void> {
    const { id, url, headers, body, timeout, isAboutIngest } = webhook;
    webhook.free();
    const receiver = isAboutIngest ? this.#receivers.streams : this.#receivers.calls;
    const request = new Request(url, { method: "POST", body, headers: headersOf(headers) });
    const status = receiver && (await statusInTime(receiver, request, timeout));
    const isLate = status === "late";
    this.#emulator.noteWebhook(id, isLate ? undefined : status, isLate, this.#clock());
  }

  /** For tests that let real time pass. A process that has nothing else to do need not wait for it. */
  #sendAgainInTime(): void {
    clearTimeout(this.#timer);
    const due = this.#emulator.nextDue();
    if (due === undefined) return;
    const pause = Math.min(Math.max(due - this.#clock(), 1), LONGEST_PAUSE);
    this.#timer = setTimeout(() => this.send(), pause);
    (this.#timer as { unref?(): void }).unref?.();
  }
}

/** Setting a timer beyond this many milliseconds makes it fire at once. */
const LONGEST_PAUSE = 2 ** 31 - 1;

function headersOf(namesAndValues: string[]): Headers {
  const headers = new Headers({ "content-type": "application/json" });
  for (let index = 0; index < namesAndValues.length; index += 2) {
    headers.set(namesAndValues[index] as string, namesAndValues[index + 1] as string);
  }
  return headers;
}

/** The status of the answer once it is there as a whole; `undefined` if the receiver failed. */
async function statusInTime(
  receiver: WebhookReceiver,
  request: Request,
  timeout: number,
): Promise<number | "late" | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, timeout, "late");
  });
  const answer = async () => {
    const response = await receiver(request);
    await response.arrayBuffer();
    return response.status;
  };
  try {
    return await Promise.race([answer(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
