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
 * The bytes of a body.
 *
 * @internal
 */
export function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? encoder.encode(body) : body;
}

/**
 * The bytes of a body, for as long as no other is asked for: a new array for each would cost more than the core
 * takes to read it.
 *
 * @internal
 */
export function borrowedBytesOf(body: string | Uint8Array): Uint8Array {
  // A unit of a string takes three bytes at most.
  if (typeof body !== "string" || body.length * 3 > borrowed.length) return bytesOf(body);
  return borrowed.subarray(0, encoder.encodeInto(body, borrowed).written);
}

const encoder = new TextEncoder();
const borrowed = new Uint8Array(4096);
