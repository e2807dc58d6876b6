const encoder = new TextEncoder();

/**
 * The bytes of a body.
 *
 * @internal
 */
export function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? encoder.encode(body) : body;
}
