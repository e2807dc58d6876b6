use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use super::{CallStarted, CallbackCommand, Event, MemberChange, WebhookToken};
use crate::call_engine::get_call_info::Member;
use crate::http::push_query_value;
use crate::{CallRecord, RoomId, SdkAppId, UnixSeconds};

/// Makes deliveries as the service makes them, **for tests of your own receiver**.
///
/// ```
/// use trtc_call_core::webhook::{Event, MemberAction, MemberChange, MembersChanged};
/// use trtc_call_core::webhook::{TestDelivery, WebhookToken, WebhookVerifier};
/// use trtc_call_core::{CallId, SdkAppId, UnixMillis, UnixSeconds, UserId};
///
/// let (app, token) = (SdkAppId::new(1_400_000_000)?, WebhookToken::new("any token")?);
/// let now = UnixSeconds(1_700_000_000);
/// let answered = MemberChange::new(UserId::new("jack")?, MemberAction::Answer);
/// let event = MembersChanged::new(CallId::new("call-1")?, vec![], vec![answered], UnixMillis(1_700_000_000_000));
/// let sent = TestDelivery::new(app, &event.into()).sign(&token, now);
///
/// // POST sent.body to sent.url("http://127.0.0.1:8080/webhook"), or, without a socket:
/// let delivery = WebhookVerifier::new(app, &token).verify(&sent.query, sent.body.as_bytes(), now);
/// assert!(matches!(delivery.unwrap().event, Event::MembersChanged(_)));
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct TestDelivery {
    sdk_app_id: SdkAppId,
    command: CallbackCommand,
    body: String,
    client_ip: String,
    platform: String,
}

/// A delivery, ready to be sent: `POST`, `content-type: application/json`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentDelivery {
    /// What stands behind the `?` of the URL.
    pub query: String,
    /// JSON.
    pub body: String,
}

impl TestDelivery {
    /// Delivers an event, written as the vendor's samples are. Of the fields that this library does not
    /// know, those of an [`UnknownEvent`](super::UnknownEvent) are written.
    pub fn new(sdk_app_id: SdkAppId, event: &Event) -> TestDelivery {
        TestDelivery::with_body(sdk_app_id, event.command(), body_of(event))
    }

    /// Delivers any text as the body: damaged, or of a command to come.
    pub fn with_body(
        sdk_app_id: SdkAppId,
        command: CallbackCommand,
        body: impl Into<String>,
    ) -> TestDelivery {
        TestDelivery {
            sdk_app_id,
            command,
            body: body.into(),
            client_ip: "127.0.0.1".to_owned(),
            platform: "RESTAPI".to_owned(),
        }
    }

    /// `ClientIP`. Default: 127.0.0.1.
    pub fn client_ip(mut self, client_ip: impl Into<String>) -> TestDelivery {
        self.client_ip = client_ip.into();
        self
    }

    /// `OptPlatform`. Default: RESTAPI.
    pub fn platform(mut self, platform: impl Into<String>) -> TestDelivery {
        self.platform = platform.into();
        self
    }

    /// The delivery as it is sent where authentication is on. `now` becomes its `RequestTime`.
    #[must_use]
    pub fn sign(self, token: &WebhookToken, now: UnixSeconds) -> SentDelivery {
        let mut sent = self.unsigned();
        let request_time = now.to_string();
        let sign = token.sign(&request_time);
        // Writing to a String cannot fail.
        let _ = write!(sent.query, "&Sign={sign}&RequestTime={request_time}");
        sent
    }

    /// The delivery as it is sent where authentication is off.
    #[must_use]
    pub fn unsigned(self) -> SentDelivery {
        let mut query = format!("SdkAppid={}", self.sdk_app_id);
        let mut add = |name: &str, value: &str| {
            query.push_str(name);
            push_query_value(&mut query, value);
        };
        add("&CallbackCommand=", self.command.as_str());
        add("&contenttype=", "json");
        add("&ClientIP=", &self.client_ip);
        add("&OptPlatform=", &self.platform);
        SentDelivery {
            query,
            body: self.body,
        }
    }
}

impl SentDelivery {
    /// The URL to send it to, which may have a query of its own.
    #[must_use]
    pub fn url(&self, receiver: &str) -> String {
        let receiver = receiver.split('#').next().unwrap_or_default();
        let separator = if receiver.contains('?') { '&' } else { '?' };
        format!("{receiver}{separator}{}", self.query)
    }
}

pub(crate) fn body_of(event: &Event) -> String {
    let mut body = BTreeMap::new();
    // Strings, numbers and JSON always serialise.
    let mut add = |name, value: Value| {
        body.insert(name, to_raw_value(&value).unwrap_or_default());
    };
    add("CallbackCommand", json!(event.command()));
    if let Some(event_time) = event.event_time() {
        add("EventTime", json!(event_time));
    }
    match event {
        Event::CallStarted(started) => {
            add("CallInfo", call_info(started));
            add("UserList", members(&started.members));
        }
        Event::MembersChanged(changed) => {
            add("CallId", json!(changed.call_id));
            add("UserList", members(&changed.members));
            add("ChangedUserList", changes(&changed.changes));
        }
        Event::CallEnded(ended) => add("CallRecord", record(&ended.record)),
        Event::Unknown(unknown) => {
            let others = unknown.other_fields.iter();
            body.extend(others.map(|(name, json)| (name.as_str(), json.to_raw_value())));
        }
    }
    serde_json::to_string(&body).unwrap_or_default()
}

fn call_info(started: &CallStarted) -> Value {
    let (room_id, room_id_type) = wire_room(started.room.as_ref());
    json!({
        "CallId": started.call_id,
        "MediaType": started.media_type,
        "ChatGroupId": started.chat_group_id.as_deref().unwrap_or_default(),
        "RoomId": room_id,
        "RoomIdType": room_id_type,
    })
}

fn changes(changes: &[MemberChange]) -> Value {
    let changes = changes.iter();
    changes
        .map(|change| json!({ "User_Account": change.user_id, "ActionType": change.action }))
        .collect()
}

fn members(members: &[Member]) -> Value {
    let members = members.iter();
    members
        .map(|member| json!({ "User_Account": member.user_id, "Status": member.status }))
        .collect()
}

fn record(record: &CallRecord) -> Value {
    let (room_id, room_id_type) = wire_room(record.room.as_ref());
    json!({
        "CallId": record.call_id,
        "Caller_Account": record.caller,
        "MediaType": record.media_type,
        "CallType": record.call_type,
        "StartTime": record.start_time,
        "EndTime": record.end_time,
        "AcceptTime": record.accept_time.map_or(0, |time| time.0),
        "CallResult": record.result,
        "CalleeList_Account": record.members,
        "RoomId": room_id,
        "RoomIdType": room_id_type,
    })
}

fn wire_room(room: Option<&RoomId>) -> (String, u32) {
    room.map_or_else(
        || (String::new(), 0),
        |room| (room.to_string(), room.call_type_code()),
    )
}
