import { guarded } from "./errors.js";
import type { Advice, StartCall } from "./types.js";
import { core } from "./wasm.js";

/**
 * What the sender of a call should know before it is sent: titles that a vendor's phones will cut, with the exact
 * text that they will show, a packet too large for Apple's, more people than the call kits show. Advice never stands
 * in the way; whoever wants none need not ask.
 *
 * @throws InvalidRequestError that lists all problems, if the call breaks rules.
 */
export function advise(
  call: StartCall,
  { allowAnyUserId = false }: { allowAnyUserId?: boolean | undefined } = {},
): Advice[] {
  return guarded(() => core().adviseStartCallByRobot(call, allowAnyUserId));
}
