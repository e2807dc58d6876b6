//! One round of measuring webhooks on one thread: this library against plain sha2 + serde_json.
//! `cargo xtask bench webhook` runs several.
//!
//! Prints `name = value` lines.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and prints"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use trtc_call_core::webhook::{WebhookToken, WebhookVerifier, parse_body_unverified};
use trtc_call_core::{SdkAppId, UnixSeconds};

const NOW: u64 = 1_740_464_130;
const TOKEN: &str = "a token of usual length";

const STARTED: &str = r#"{"CallbackCommand":"Call.CallbackAfterStartCall","CallInfo":{"CallId":"055662e1-bc8a-469c-a334-1126c8c17d58","MediaType":"Video","ChatGroupId":"","RoomId":"roomid-1434","RoomIdType":2},"UserList":[{"User_Account":"robot","Status":"Calling"},{"User_Account":144115212948889925,"Status":"Waiting"}],"EventTime":1740464128807}"#;
const CHANGED: &str = r#"{"CallbackCommand":"Call.CallbackAfterMemberChanged","CallId":"055662e1-bc8a-469c-a334-1126c8c17d58","UserList":[{"User_Account":"user1","Status":"Calling"},{"User_Account":"user2","Status":"Calling"}],"ChangedUserList":[{"User_Account":"user2","ActionType":"Answer"}],"EventTime":1740464128807}"#;
const ENDED: &str = r#"{"CallbackCommand":"Call.CallbackAfterEndCall","CallRecord":{"CallId":"055662e1-bc8a-469c-a334-1126c8c17d58","Caller_Account":"10001","MediaType":"Audio","CallType":"SingleCall","StartTime":1741231146,"EndTime":1741231296,"AcceptTime":0,"CallResult":"NotAnswer","CalleeList_Account":["10001","user2"],"RoomId":"roomid-1434","RoomIdType":2},"EventTime":1703589922780}"#;

fn main() {
    let app = SdkAppId::new(1_400_000_001).expect("a number above 0");
    let token = WebhookToken::new(TOKEN).expect("a token");
    let verifier = WebhookVerifier::new(app, &token);
    let now = UnixSeconds(NOW);
    let query = |command: &str| {
        let sign = plain_sign(&NOW.to_string());
        format!(
            "SdkAppid=1400000001&CallbackCommand={command}&contenttype=json&ClientIP=127.0.0.1&OptPlatform=RESTAPI&Sign={sign}&RequestTime={NOW}"
        )
    };
    let started = query("Call.CallbackAfterStartCall");
    let changed = query("Call.CallbackAfterMemberChanged");
    let ended = query("Call.CallbackAfterEndCall");
    let verify = |query: &str, body: &str| {
        let delivery = verifier.verify(black_box(query), black_box(body).as_bytes(), now);
        black_box(delivery.expect("a good delivery"));
    };
    let refused = ended.replace("Sign=", "Sign=0");
    let large = "[".repeat(10_000);

    per_second(&mut [
        ("webhook.verify_and_parse.start", &mut || {
            verify(&started, STARTED);
        }),
        ("webhook.verify_and_parse.member", &mut || {
            verify(&changed, CHANGED);
        }),
        ("webhook.verify_and_parse.end", &mut || {
            verify(&ended, ENDED);
        }),
        ("webhook.verify_and_parse.end.plain_rust", &mut || {
            let plain = Plain::verify(black_box(&ended), black_box(ENDED));
            black_box(plain.expect("a good delivery"));
        }),
        ("webhook.verify.query_alone", &mut || {
            black_box(verifier.verify_query(black_box(&ended), now).is_ok());
        }),
        ("webhook.parse.end", &mut || {
            black_box(parse_body_unverified(black_box(ENDED).as_bytes()).is_ok());
        }),
        ("webhook.refuse.forged", &mut || {
            black_box(
                verifier
                    .verify(black_box(&refused), ENDED.as_bytes(), now)
                    .is_err(),
            );
        }),
        ("webhook.refuse.nested_10000_deep", &mut || {
            black_box(
                verifier
                    .verify(black_box(&ended), large.as_bytes(), now)
                    .is_err(),
            );
        }),
    ]);
}

/// A name, and what is measured.
type Competitor<'a> = (&'a str, &'a mut dyn FnMut());

/// Prints how often each competitor runs in a second: the best of five slices of 100 ms, which are short
/// enough to dodge most of what else the machine does. They take turns, so that all meet the same weather.
fn per_second(competitors: &mut [Competitor<'_>]) {
    let mut best = vec![0.0; competitors.len()];
    for _ in 0..5 {
        for ((_, operation), best) in competitors.iter_mut().zip(&mut best) {
            *best = f64::max(*best, slice(operation));
        }
    }
    for ((name, _), best) in competitors.iter().zip(best) {
        println!("{name}.per_second = {best:.0}");
    }
}

fn slice(operation: &mut dyn FnMut()) -> f64 {
    const BATCH: u32 = 1000;
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < Duration::from_millis(100) {
        (0..BATCH).for_each(|_| operation());
        count += BATCH;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

/// A webhook as one would read it without thinking about spellings, forgeries that look alike, repeated
/// fields, or integers that are too long.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "what counts is that they are read")]
struct Plain {
    call_record: PlainRecord,
    event_time: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(dead_code, reason = "what counts is that they are read")]
struct PlainRecord {
    call_id: String,
    #[serde(rename = "Caller_Account")]
    caller: String,
    media_type: String,
    call_type: String,
    start_time: u64,
    end_time: u64,
    accept_time: u64,
    call_result: String,
    #[serde(rename = "CalleeList_Account")]
    members: Vec<String>,
    room_id: String,
    room_id_type: u32,
}

impl Plain {
    fn verify(query: &str, body: &str) -> Option<Plain> {
        let parameters: std::collections::HashMap<&str, &str> = query
            .split('&')
            .filter_map(|parameter| parameter.split_once('='))
            .collect();
        let request_time = parameters.get("RequestTime")?;
        let age = NOW.abs_diff(request_time.parse().ok()?);
        let is_ours = *parameters.get("SdkAppid")? == "1400000001";
        let is_signed = *parameters.get("Sign")? == plain_sign(request_time);
        if !is_ours || !is_signed || age > 300 {
            return None;
        }
        serde_json::from_str(body).ok()
    }
}

fn plain_sign(request_time: &str) -> String {
    let hash = Sha256::digest(format!("{TOKEN}{request_time}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
