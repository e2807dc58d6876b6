//! Whatever comes in, the emulator answers in the documented form.

use proptest::prelude::*;
use serde_json::{Value, json};
use trtc_call_core::UnixMillis;
use trtc_call_core::UnixSeconds;
use trtc_call_emulator::{Config, Emulator, ReceivedRequest};

use super::caller::{
    DELETE_CALLBACK, END, GET_CALLBACK, INFO, LIST, RECORD, SDK_APP_ID, SET_CALLBACK, START,
    config, query, signed, start_of,
};
use super::{BEGINNING, envelope};

fn emulator() -> Emulator {
    let mut config: Config = config();
    config.requests_per_second = u32::MAX;
    Emulator::new(&config)
}

const PATHS: [&str; 8] = [
    START,
    INFO,
    END,
    RECORD,
    LIST,
    SET_CALLBACK,
    GET_CALLBACK,
    DELETE_CALLBACK,
];

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(PATHS.to_vec()).prop_map(str::to_owned),
        "/v4/[a-z_/]{0,40}",
        "/?\\PC{0,40}",
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        prop::sample::select(vec!["robot", "jack", "busy", "Video"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z]{0,9}", inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

/// A body with fields of the right names and anything in them, or with what belongs there.
fn body_of_known_fields() -> impl Strategy<Value = Value> {
    let field = |name: &'static str, good: Value| {
        prop_oneof![
            3 => Just(Some(good)),
            1 => json_value().prop_map(Some),
            1 => Just(None),
        ]
        .prop_map(move |value| (name, value))
    };
    (
        field("Robot_Account", json!("robot")),
        field("CalleeList_Account", json!(["jack", "busy"])),
        field("Timeout", json!(10_000)),
        field("UserData", json!("data")),
        field("CallInfo", json!({ "MediaType": "Audio" })),
        field("CallId", json!("c")),
        field("StartTime", json!(1_700_000_000)),
        field("CallResult", json!("Cancel")),
        field("NumberPerPage", json!(2)),
        field("Url", json!("https://example.com")),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i, j)| {
            [a, b, c, d, e, f, g, h, i, j]
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect()
        })
}

proptest! {
    #[test]
    fn any_bytes_get_a_well_formed_envelope(
        method in prop_oneof![Just("POST".to_owned()), "\\PC{0,8}"],
        path in path(),
        query_text in prop_oneof![Just(query(BEGINNING)), "[a-z%&=+0-9]{0,60}", "\\PC{0,60}"],
        body in prop::collection::vec(any::<u8>(), 0..200),
        now in any::<u64>(),
        random in any::<u64>(),
    ) {
        prop_assume!(!path.starts_with("/emulator"));
        let path_and_query = format!("{path}?{query_text}");
        let request = ReceivedRequest { method: &method, path_and_query: &path_and_query, headers: &[], body: &body };
        envelope(&emulator().handle(&request, UnixMillis(now), random));
    }

    #[test]
    fn any_json_from_the_admin_gets_a_well_formed_envelope_and_rings_only_on_success(
        path in prop::sample::select(PATHS.to_vec()),
        body in prop_oneof![4 => body_of_known_fields(), 1 => json_value()],
        random in any::<u64>(),
    ) {
        let mut emulator = emulator();
        let path_and_query = format!("{path}?{}", query(BEGINNING));
        let body = body.to_string();
        let request =
            ReceivedRequest { method: "POST", path_and_query: &path_and_query, headers: &[], body: body.as_bytes() };
        let reply = envelope(&emulator.handle(&request, UnixMillis(BEGINNING * 1000), random));
        let rings = path == START && reply["ErrorCode"] == 0;
        prop_assert_eq!(emulator.calls().len(), usize::from(rings));
        emulator.advance_to(UnixMillis(u64::MAX));
        prop_assert_eq!(emulator.calls().len(), 0, "every call ends, and its record expires");
    }

    #[test]
    fn anything_for_the_cloud_api_gets_a_well_formed_envelope(
        action in prop::sample::select(vec![
            "StartStreamIngest", "UpdateStreamIngest", "DescribeStreamIngest", "StopStreamIngest",
            "DismissRoom", "DismissRoomByStrRoomId", "RemoveUser", "RemoveUserByStrRoomId",
            "RemoveUsers",
        ]),
        field in prop::sample::select(vec![
            "SdkAppId", "RoomId", "RoomIdType", "UserId", "UserSig", "StreamUrl", "PrivateMapKey",
            "SeekSecond", "RepeatNum", "MaxDuration", "Volume", "Tempo", "IdleTimeout", "TaskId",
            "UserIds", "VideoEncodeParams", "SourceUrl", "IsPause",
        ]),
        value in json_value(),
        other in "\\PC{0,20}",
        is_signed in prop::bool::weighted(0.9),
    ) {
        let mut body = start_of(&json!({}));
        if action != "StartStreamIngest" {
            body = json!({ "SdkAppId": SDK_APP_ID, "RoomId": "r", "TaskId": "t", "UserIds": [] });
        }
        body[field] = value;
        let body = body.to_string();
        let mut headers = signed(action, body.as_bytes(), UnixSeconds(BEGINNING));
        if !is_signed {
            headers.retain(|(name, _)| *name != "authorization");
            headers.push(("authorization", other));
        }
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let request = ReceivedRequest {
            method: "POST",
            path_and_query: "/",
            headers: &headers,
            body: body.as_bytes(),
        };
        let mut emulator = emulator();
        let answer = emulator.handle(&request, UnixMillis(BEGINNING * 1000), 1);
        let reply: Value = serde_json::from_slice(&answer.body).unwrap();
        prop_assert!(reply["Response"]["RequestId"].is_string());
        let has_task = reply["Response"]["TaskId"].is_string();
        prop_assert_eq!(emulator.ingests().len(), usize::from(has_task));
        emulator.advance_to(UnixMillis(u64::MAX));
        prop_assert!(emulator.ingests().iter().all(|ingest| ingest.end.is_some()));
    }

    #[test]
    fn any_request_to_the_control_api_gets_json(
        method in prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "PATCH"]),
        path in prop_oneof![
            prop::sample::select(vec![
                "health", "state", "calls", "rings", "events", "scripts", "scripts/jack", "faults",
                "time/advance", "rooms", "ingests", "ingests/x", "streams", "ingest-webhooks",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,30}",
        ],
        body in prop_oneof![
            json_value().prop_map(|value| value.to_string()),
            "\\PC{0,40}",
            Just(r#"{"ms":4294967295000}"#.to_owned()),
            Just(r#"{"script":"busy"}"#.to_owned()),
        ],
    ) {
        let mut emulator = emulator();
        let path_and_query = format!("/emulator/{path}");
        let request = ReceivedRequest { method, path_and_query: &path_and_query, headers: &[], body: body.as_bytes() };
        let answer = emulator.handle(&request, UnixMillis(BEGINNING * 1000), 1);
        prop_assert!([200, 400, 404, 405].contains(&answer.status));
        let value: Value = serde_json::from_slice(&answer.body).unwrap();
        prop_assert_eq!(value.pointer("/error/fix").is_some(), answer.status != 200);
    }
}
