// Requests to the cloud API, signed and sent.
import type * as glue from "../wasm/trtc_call_wasm.js";
import { buildActionRequest, type CloudOptions, openCloudAccount } from "./cloud.js";
import { defaults } from "./defaults.js";
import { toJson } from "./json-text.js";
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
    { privateMapKeys = false, requestsPerSecond = defaults().actionsPerSecond, ...cloud }: CloudOptions,
    application: { sdkAppId: number; ingestRoomIdCoding?: string | undefined },
    sender: Sender,
    allowAnyUserId: boolean,
  ) {
    this.account = openCloudAccount(toJson({ ...cloud, ...application }));
    this.#limiter = limiterOf(requestsPerSecond);
    this.privateMapKeys = privateMapKeys;
    this.#sender = sender;
    this.#allowAnyUserId = allowAnyUserId;
  }

  /** Sends a request to an action. */
  send<Reply>(action: string, request: object, signal: AbortSignal | undefined): Promise<Reply> {
    const json = toJson(request);
    const sending: Exchange<Reply> = {
      name: action,
      build: (now) =>
        buildActionRequest(this.account, action, now, json, this.#allowAnyUserId),
      read: ({ status, body }) => JSON.parse(core().parseAction(action, status, body)),
    };
    return this.sendInTurn(action, sending, signal);
  }

  /** Sends something when the action's turn comes. */
  sendInTurn<Reply>(
    action: string,
    sending: Exchange<Reply>,
    signal: AbortSignal | undefined,
    maxAttempts?: number,
  ): Promise<Reply> {
    const turn = async () => this.#limiter?.wait(action, signal);
    return this.#sender.send({ ...sending, turn }, signal, maxAttempts);
  }
}
