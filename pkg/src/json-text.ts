// JSON text on its way to the core and back.
import { InvalidRequestError } from "./errors.js";

/**
 * The JSON text of what the caller gave.
 *
 * @internal
 */
export function toJson(given: unknown): string {
  try {
    return JSON.stringify(given) ?? "";
  } catch {
    const rule = "must hold strings, numbers, booleans and arrays only";
    const fix = "remove what is none of them, such as a BigInt";
    throw InvalidRequestError.of([{ field: "request", rule, fix }]);
  }
}

/**
 * The reply that the core told as JSON text.
 *
 * @internal
 */
export function withRequestId<Reply>(json: string): Reply {
  const { requestId, response } = JSON.parse(json);
  response.requestId = requestId;
  return response;
}

/**
 * The bytes of a body.
 *
 * @internal
 */
export function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? encoder.encode(body) : body;
}

const encoder = new TextEncoder();
