import type { Region } from "trtc-call";
import { EXAMPLE_ROOM, type Target, type Writer } from "./languages.ts";

/** With the crate. */
export const rust: Writer = (call, target) => {
  const { sdkAppId, admin, region, baseUrl } = target;
  const { robot, callees, media, ringTimeout, userData, offlinePush, play } = call;
  const room = call.room ?? (play && EXAMPLE_ROOM);
  const lines = [
    room !== undefined && `.room(${typeof room === "number" ? `${room}_u32` : text(room)})`,
    ringTimeout !== undefined && `.ring_timeout(Duration::from_millis(${ringTimeout}))`,
    userData !== undefined && `.user_data(${text(userData)})`,
    offlinePush && ".offline_push(push)",
  ].filter((line) => typeof line === "string");
  const place = baseUrl ? `Region::Custom(BaseUrl::new(${text(baseUrl)})?)` : `Region::${regions[region ?? "singapore"]}`;
  const cloud = play ? cloudAccount(target) : { types: [], lines: [] };
  const types = new Set(["Client", "MediaType", "Region", "SdkAppId", "SecretKey", "UserId", ...cloud.types]);
  if (baseUrl) types.add("BaseUrl");
  if (!play) types.add("Error");
  const uses = [
    ringTimeout !== undefined && "use std::time::Duration;\n",
    "use trtc_call::call_engine::start_call_by_robot;",
    play && "use trtc_call::call_session::{Media, Plan};",
    offlinePush && "use trtc_call::offline_push::OfflinePushInfo;",
    play && "use trtc_call::stream_ingest::StreamUrl;\nuse trtc_call::tc3::Credential;",
    `use trtc_call::{${[...types].sort().join(", ")}};`,
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
${cloud.lines.map((line) => `    ${line}\n`).join("")}    .build()?;
${offlinePush ? `    let push = OfflinePushInfo::from_json(\n        ${raw(JSON.stringify(offlinePush, null, 2))},\n    )?;\n` : ""}    let call = start_call_by_robot::Request::builder(
        ${text(robot)},
        [${callees.map(text).join(", ")}],
        MediaType::${media === "video" ? "Video" : "Audio"},
    )
${lines.map((line) => `    ${line}\n`).join("")}    .build()?;
${play ? playing(play.streamUrl) : RINGING}    Ok(())
}
`;
};

const RINGING = `    match client.send(&call).await {
        Ok(reply) => println!("{:?}", reply.response),
        // Do not simply send it again.
        Err(Error::OutcomeUnknown(unknown)) => println!("may have rung: {unknown}"),
        Err(error) => return Err(error.into()),
    }
`;

function playing(streamUrl: string): string {
  return `    let media = Media::new(StreamUrl::new(${text(streamUrl)})?);
    // Each call has a room of its own. It ends with the stream, or when the session is dropped.
    let mut session = client.session(Plan::builder(call, media).build()?).start()?;
    while let Some(event) = session.next().await {
        println!("{event:?}");
    }
`;
}

/** What the client needs for streams, and the types it takes. */
function cloudAccount({ cloud: { region, site, baseUrl }, ingestRoomIdCoding }: Target): { types: string[]; lines: string[] } {
  const types = ["CloudConfig"];
  const lines = [
    ".cloud(",
    "    CloudConfig::new(Credential::new(",
    '        std::env::var("TENCENTCLOUD_SECRET_ID")?,',
    '        std::env::var("TENCENTCLOUD_SECRET_KEY")?,',
    "    )?)",
  ];
  if (baseUrl) {
    types.push("BaseUrl");
    lines.push(`    .host(BaseUrl::new(${text(baseUrl)})?)`);
  } else if (site === "international") {
    types.push("CloudHost");
    lines.push("    .host(CloudHost::International)");
  }
  if (region) {
    types.push("CloudRegion");
    lines.push(`    .region(CloudRegion::new(${text(region)})?)`);
  }
  if (ingestRoomIdCoding === "numeric-1") {
    types.push("IngestRoomIdCoding");
    lines.push("    .ingest_room_id_coding(IngestRoomIdCoding::NumericOne)");
  }
  return { types, lines: [`${lines.join("\n    ")},`, ")"] };
}

const regions: Record<Region, string> = {
  china: "China",
  singapore: "Singapore",
  seoul: "Seoul",
  tokyo: "Tokyo",
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
