// Requests to the cloud API, signed and sent.
import type * as glue from "../wasm/trtc_call_wasm.js";
import type { CloudOptions } from "./cloud.js";
import { defaults } from "./defaults.js";
import { guarded } from "./errors.js";
import { withoutFunctions } from "./given.js";
import { readyRequest } from "./http-request.js";
import { limiterOf, type RateLimiter } from "./rate-limiter.js";
import type { Exchange, Sender } from "./sender.js";
import { core } from "./wasm.js";

/** Sends requests to the cloud API, no more of each action than the service takes. */
export class CloudClient {
  readonly account: glue.CloudAccount;
  /** Whether robots bring a PrivateMapKey. */
  readonly privateMapKeys: boolean;
  readonly #sender: Sender;
  readonly #allowAnyUserId: boolean;
  readonly #limiter: RateLimiter | undefined;

  constructor(
    { privateMapKeys = false, requestsPerSecond = defaults().actionsPerSecond, maxWait, ...cloud }: CloudOptions,
    application: { sdkAppId: number; ingestRoomIdCoding?: string | undefined },
    sender: Sender,
    allowAnyUserId: boolean,
  ) {
    const { CloudAccount } = core();
    this.account = guarded(() => new CloudAccount(withoutFunctions({ ...cloud, ...application })));
    this.#limiter = limiterOf({ requestsPerSecond, maxWait });
    this.privateMapKeys = privateMapKeys;
    this.#sender = sender;
    this.#allowAnyUserId = allowAnyUserId;
  }

  /** Sends a request to an action. */
  async send<Reply>(
    action: string,
    request: object,
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    const { ActionRequest } = core();
    const ready = guarded(() => new ActionRequest(action, request, this.#allowAnyUserId));
    const sending: Omit<Exchange<Reply>, "name"> = {
      build: (now) => readyRequest(ready.build(this.account, now)),
      read: ({ status, body }) => ready.read(status, body),
      lost: (how, message) => ready.lost(how, message),
    };
    try {
      return await this.sendInTurn(action, sending, signal);
    } finally {
      ready.free();
    }
  }

  /** Sends something when the action's turn comes. */
  sendInTurn<Reply>(
    action: string,
    sending: Omit<Exchange<Reply>, "name">,
    signal: AbortSignal | undefined,
    maxAttempts?: number,
  ): Promise<Reply> {
    const turn = async () => this.#limiter?.wait(action, signal);
    return this.#sender.send({ ...sending, name: action, turn }, signal, maxAttempts);
  }
}
