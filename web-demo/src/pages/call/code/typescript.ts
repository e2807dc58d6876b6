import type { PlacedCall } from "../../../backend/backend.ts";
import { EXAMPLE_ROOM, type Target, type Writer } from "./languages.ts";

/** With the npm package. */
export const typescript: Writer = (call, target) => {
  if (call.play) return played(call, call.play.streamUrl, target);
  const options = literal(account(target));
  return `import { OutcomeUnknownError, TrtcCall } from "trtc-call";

const trtc = new TrtcCall(${options});

try {
  const { callId, callees } = await trtc.startCall(${indented(literal(call))});
  console.log(callId, callees);
} catch (error) {
  // The phone may have rung: do not simply send it again.
  if (error instanceof OutcomeUnknownError) console.error(error.message);
  else throw error;
}
`;
};

function played({ play: _, ...call }: PlacedCall, streamUrl: string, target: Target): string {
  const { region, site, baseUrl } = target.cloud;
  const cloud = {
    secretId: new Variable("TENCENTCLOUD_SECRET_ID"),
    secretKey: new Variable("TENCENTCLOUD_SECRET_KEY"),
    baseUrl,
    host: site === "international" ? site : undefined,
    region,
    ingestRoomIdCoding: target.ingestRoomIdCoding === "numeric-0" ? undefined : target.ingestRoomIdCoding,
  };
  return `import { TrtcCall } from "trtc-call";

const trtc = new TrtcCall(${literal({ ...account(target), cloud })});

// Each call has a room of its own. It ends with the stream.
const call = trtc.playCall(${literal({ ...call, room: call.room ?? EXAMPLE_ROOM, streamUrl })});
for await (const event of call) console.log(event);
`;
}

function account({ sdkAppId, admin, region, baseUrl }: Target) {
  const place = baseUrl ? { baseUrl } : { region };
  return { sdkAppId, secretKey: new Variable("TRTC_SECRET_KEY"), admin, ...place };
}

/** A variable of the environment. */
class Variable {
  constructor(readonly name: string) {}
}

/** A value as an object literal. */
function literal(value: unknown, indent = ""): string {
  if (value instanceof Variable) return `process.env.${value.name}!`;
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, indent)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value)
    .filter(([, item]) => item !== undefined && item !== null)
    .map(([name, item]) => `${inner}${isName(name) ? name : JSON.stringify(name)}: ${literal(item, inner)},`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}

function isName(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text);
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
