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
      const due: DueWebhook | undefined = this.#emulator.takeDueWebhook(this.#clock());
      if (due === undefined) break;
      await this.#sendOne(due);
    }
    this.#sending = undefined;
    this.#sendAgainInTime();
  }

  async #sendOne({ id, url, headers, body, timeoutMs, isAboutIngest }: DueWebhook): Promise<void> {
    const receiver = isAboutIngest ? this.#receivers.streams : this.#receivers.calls;
    const request = new Request(url, { method: "POST", body, headers });
    const outcome = receiver ? await outcomeInTime(receiver, request, timeoutMs) : {};
    this.#emulator.noteWebhook(id, outcome, this.#clock());
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

/** A webhook that the emulator wants to have sent now. */
interface DueWebhook {
  id: number;
  url: string;
  headers: [string, string][];
  body: string;
  timeoutMs: number;
  isAboutIngest: boolean;
}

/** What became of a webhook: neither, if the receiver failed. */
interface Outcome {
  status?: number;
  late?: boolean;
}

/** The status of the answer, once it is there as a whole. */
async function outcomeInTime(
  receiver: WebhookReceiver,
  request: Request,
  timeoutMs: number,
): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, { late: true });
  });
  const answer = async () => {
    const response = await receiver(request);
    await response.arrayBuffer();
    return { status: response.status };
  };
  try {
    return await Promise.race([answer(), late]);
  } catch {
    return {};
  } finally {
    clearTimeout(timer);
  }
}
