import type { Region } from "trtc-call";
import type { Writer } from "./languages.ts";

/** With the crate. */
export const rust: Writer = (call, { sdkAppId, admin, region, baseUrl }) => {
  const { robot, callees, media, room, ringTimeout, userData, offlinePush } = call;
  const lines = [
    room !== undefined && `.room(${typeof room === "number" ? `${room}_u32` : text(room)})`,
    ringTimeout !== undefined && `.ring_timeout(Duration::from_millis(${ringTimeout}))`,
    userData !== undefined && `.user_data(${text(userData)})`,
    offlinePush && ".offline_push(push)",
  ].filter((line) => typeof line === "string");
  const place = baseUrl ? `Region::Custom(BaseUrl::new(${text(baseUrl)})?)` : `Region::${regions[region ?? "singapore"]}`;
  const types = ["Client", "Error", "MediaType", "Region", "SdkAppId", "SecretKey", "UserId", ...(baseUrl ? ["BaseUrl"] : [])];
  const uses = [
    ringTimeout !== undefined && "use std::time::Duration;\n",
    "use trtc_call::call_engine::start_call_by_robot;",
    offlinePush && "use trtc_call::offline_push::OfflinePushInfo;",
    `use trtc_call::{${types.sort().join(", ")}};`,
  ].filter((line) => typeof line === "string");
  return `${uses.join("\n")}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(
        SdkAppId::new(${sdkAppId})?,
        SecretKey::new(std::env::var("TRTC_SECRET_KEY")?)?,
        UserId::new(${text(admin)})?,
        ${place},
    )
    .build()?;
${offlinePush ? `    let push = OfflinePushInfo::from_json(\n        ${raw(JSON.stringify(offlinePush, null, 2))},\n    )?;\n` : ""}    let call = start_call_by_robot::Request::builder(
        ${text(robot)},
        [${callees.map(text).join(", ")}],
        MediaType::${media === "video" ? "Video" : "Audio"},
    )
${lines.map((line) => `    ${line}\n`).join("")}    .build()?;
    match client.send(&call).await {
        Ok(reply) => println!("{:?}", reply.response),
        // Do not simply send it again.
        Err(Error::OutcomeUnknown(unknown)) => println!("may have rung: {unknown}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
`;
};

const regions: Record<Region, string> = {
  china: "China",
  singapore: "Singapore",
  seoul: "Seoul",
  frankfurt: "Frankfurt",
  "silicon-valley": "SiliconValley",
  jakarta: "Jakarta",
};

/** A string literal. */
function text(value: string): string {
  const escaped = value.replace(/[\\"\n\r\t]|\p{Cc}/gu, (character) => {
    const known: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    if (known[character]) return known[character];
    if (character === "\\" || character === '"') return `\\${character}`;
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return `"${escaped}"`;
}

/** A raw string literal, with as many hashes as it takes. */
function raw(value: string): string {
  let hashes = "#";
  while (value.includes(`"${hashes}`)) hashes += "#";
  return `r${hashes}"${value}"${hashes}`;
}
