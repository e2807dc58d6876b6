import { EXAMPLE_ROOM, type Target, type Writer } from "./languages.ts";
import { hereDocument, word } from "./shell.ts";

/** With the command `trtc-call`. */
export const commandLine: Writer = (call, target) => {
  const { sdkAppId, admin, region, baseUrl } = target;
  const { robot, callees, media, ringTimeout, userData, offlinePush, play } = call;
  const room = call.room ?? (play && EXAMPLE_ROOM);
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
    ...(play ? [`--play ${word(play.streamUrl)}`, ...cloudOptions(target)] : ["--wait"]),
  ].filter((line) => typeof line === "string");
  const command = lines.join(" \\\n  ");
  const input = offlinePush ? ` ${hereDocument(JSON.stringify(offlinePush, null, 2))}` : "\n";
  const keys = play
    ? "# TRTC_SECRET_KEY, TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY are in the environment.\n# Each call has a room of its own.\n"
    : "# TRTC_SECRET_KEY is in the environment.\n";
  return `${keys}${command}${input}`;
};

function cloudOptions({ cloud: { region, site, baseUrl }, ingestRoomIdCoding }: Target): string[] {
  return [
    baseUrl && `--cloud-base-url ${word(baseUrl)}`,
    site === "international" && "--cloud-host international",
    region && `--cloud-region ${region}`,
    ingestRoomIdCoding !== "numeric-0" && `--ingest-room-coding ${ingestRoomIdCoding}`,
  ].filter((option) => typeof option === "string");
}
