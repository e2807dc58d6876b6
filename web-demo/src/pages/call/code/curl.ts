import { build } from "trtc-call";
import type { Writer } from "./languages.ts";
import { hereDocument, word } from "./shell.ts";

/** With curl, and the command for the UserSig. */
export const curl: Writer = ({ play, ...call }, { sdkAppId, admin, region, baseUrl }) => {
  const place = baseUrl ? { baseUrl } : { region: region ?? "singapore" };
  const account = { sdkAppId, admin, userSig: "unused", random: 0, ...place };
  const { url, headers, body } = build.startCallByRobot(call, account);
  const [address, query = ""] = url.split("?");
  const parameters = query
    .replace(/usersig=[^&]*/, "usersig=$USER_SIG")
    .replace(/random=[^&]*/, "random=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')");
  const lines = [
    `curl "${address}?${parameters}"`,
    ...Object.entries(headers).map(([name, value]) => `-H ${word(`${name}: ${value}`)}`),
    "--data-binary @-",
  ];
  const notPlayed = play
    ? `# This starts the call and plays nothing. A stream takes a second API, signed in another way: StartStreamIngest
# once somebody answers, StopStreamIngest at the end. The command does both: see CLI.
`
    : "";
  return `${notPlayed}# TRTC_SECRET_KEY is in the environment. Each time this is sent, the phones ring.
USER_SIG=$(trtc-call usersig gen --sdkappid ${sdkAppId} --user ${word(admin)} --expire 300)
${lines.join(" \\\n  ")} ${hereDocument(JSON.stringify(JSON.parse(body), null, 2))}`;
};
