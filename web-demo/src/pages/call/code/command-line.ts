import type { Writer } from "./languages.ts";
import { hereDocument, word } from "./shell.ts";

/** With the command `trtc-call`. */
export const commandLine: Writer = (call, { sdkAppId, admin, region, baseUrl }) => {
  const { robot, callees, media, room, ringTimeout, userData, offlinePush } = call;
  const lines = [
    "trtc-call start",
    `--sdkappid ${sdkAppId} --admin ${word(admin)} ${baseUrl ? `--base-url ${word(baseUrl)}` : `--region ${region}`}`,
    `--robot ${word(robot)}`,
    ...callees.map((callee) => `--callee ${word(callee)}`),
    `--${media}`,
    typeof room === "number" && `--room-number ${room}`,
    typeof room === "string" && `--room ${word(room)}`,
    ringTimeout !== undefined && `--ring-timeout ${ringTimeout}ms`,
    userData !== undefined && `--user-data ${word(userData)}`,
    offlinePush && "--push-json -",
    "--wait",
  ].filter((line) => typeof line === "string");
  const command = lines.join(" \\\n  ");
  const input = offlinePush ? ` ${hereDocument(JSON.stringify(offlinePush, null, 2))}` : "\n";
  return `# TRTC_SECRET_KEY is in the environment.\n${command}${input}`;
};
