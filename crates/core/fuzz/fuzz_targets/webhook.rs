//! Whatever is sent to a receiver, reading it does not panic; what is read can be written and is then
//! read the same; and nothing is verified that was not signed.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use trtc_call_core::webhook::{
    Event, TestDelivery, WebhookReply, WebhookToken, WebhookVerifier, parse_body_unverified,
    parse_unsigned, parse_unverified,
};
use trtc_call_core::{SdkAppId, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

static TOKEN: LazyLock<WebhookToken> =
    LazyLock::new(|| WebhookToken::new("token of the fuzzer").unwrap());

/// Any bytes, and bodies of the fields that webhooks have, with anything in them.
#[derive(Debug, Arbitrary)]
struct Sent<'a> {
    query: &'a str,
    body: Body<'a>,
}

#[derive(Debug, Arbitrary)]
enum Body<'a> {
    Raw(&'a [u8]),
    Built(u8, Vec<(u8, Json<'a>)>),
}

#[derive(Debug, Arbitrary)]
enum Json<'a> {
    Null,
    Bool(bool),
    Integer(i128),
    Text(&'a str),
    List(Vec<Json<'a>>),
    Object(Vec<(u8, Json<'a>)>),
}

const NAMES: [&str; 20] = [
    "CallId",
    "CallInfo",
    "CallRecord",
    "UserList",
    "ChangedUserList",
    "User_Account",
    "Status",
    "ActionType",
    "EventTime",
    "MediaType",
    "CallMediaType",
    "ChatGroupId",
    "RoomId",
    "RoomIdType",
    "Caller_Account",
    "CallType",
    "StartTime",
    "EndTime",
    "CallResult",
    "CalleeList_Account",
];
const COMMANDS: [&str; 4] = [
    "Call.CallbackAfterStartCall",
    "Call.CallbackAfterMemberChanged",
    "Call.CallbackAfterEndCall",
    "Call.CallbackAfterCoffee",
];

impl Body<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Body::Raw(bytes) => bytes.to_vec(),
            Body::Built(command, fields) => {
                let command = COMMANDS[usize::from(*command) % COMMANDS.len()];
                let rest = object(fields);
                let separator = if fields.is_empty() { "" } else { "," };
                format!(
                    "{{\"CallbackCommand\":\"{command}\"{separator}{}",
                    &rest[1..]
                )
                .into_bytes()
            }
        }
    }
}

fn object(fields: &[(u8, Json<'_>)]) -> String {
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| {
        let name = NAMES[usize::from(*name) % NAMES.len()];
        format!("\"{name}\":{}", json(value))
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn json(value: &Json<'_>) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Integer(value) => value.to_string(),
        Json::Text(text) => serde_json::to_string(text).unwrap(),
        Json::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
        Json::Object(fields) => object(fields),
    }
}

fuzz_target!(|sent: Sent<'_>| {
    let (query, body) = (sent.query, sent.body.bytes());
    let body = body.as_slice();
    let app = SdkAppId::new(1).unwrap();
    let verifier = WebhookVerifier::new(app, &TOKEN);
    let refused = verifier.verify(query, body, NOW).unwrap_err();
    assert!(!refused.to_string().is_empty());
    assert!(WebhookReply::refuse(&refused).status >= 400);

    if let Ok(delivery) = parse_unsigned(app, query, body) {
        assert_eq!(delivery.sdk_app_id, Some(app));
        assert_eq!(parse_unverified(query, body), Ok(delivery));
    }
    let Ok(event) = parse_body_unverified(body) else {
        return;
    };
    serde_json::to_string(&event).unwrap();
    let sent = TestDelivery::new(app, &event).sign(&TOKEN, NOW);
    let read = verifier.verify(&sent.query, sent.body.as_bytes(), NOW);
    assert_eq!(known(read.unwrap().event), known(event));
});

/// Unknown fields of known events are not written.
fn known(mut event: Event) -> Event {
    match &mut event {
        Event::CallStarted(started) => started.other_fields = BTreeMap::new(),
        Event::MembersChanged(changed) => changed.other_fields = BTreeMap::new(),
        Event::CallEnded(ended) => ended.other_fields = BTreeMap::new(),
        _ => {}
    }
    event
}
