import type { Writer } from "./languages.ts";

/** With the npm package. */
export const typescript: Writer = (call, { sdkAppId, admin, region, baseUrl }) => {
  const place = baseUrl ? { baseUrl } : { region };
  const options = literal({ sdkAppId, secretKey: KEY, admin, ...place }).replace(JSON.stringify(KEY), KEY);
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

const KEY = "process.env.TRTC_SECRET_KEY!";

/** A value as an object literal. */
function literal(value: unknown, indent = ""): string {
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
