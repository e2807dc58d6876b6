use std::fmt::Write as _;

use serde::Serialize;

use super::{
    CallStarted, CallbackCommand, Event, MemberAction, MemberChange, RawJson, WebhookToken,
};
use crate::call_engine::get_call_info::{Member, MemberStatus};
use crate::http::push_query_value;
use crate::{
    CallId, CallRecord, CallResult, CallType, MediaType, RoomId, SdkAppId, SmallMap, UnixSeconds,
    UserId,
};

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
    let mut body = SmallMap::new();
    let mut add = |name: &str, value: RawJson| {
        body.insert(name.to_owned(), value);
    };
    add("CallbackCommand", RawJson::of(&event.command()));
    if let Some(event_time) = event.event_time() {
        add("EventTime", RawJson::of(&event_time));
    }
    match event {
        Event::CallStarted(started) => {
            add("CallInfo", RawJson::of(&WireCallInfo::of(started)));
            add("UserList", members(&started.members));
        }
        Event::MembersChanged(changed) => {
            add("CallId", RawJson::of(&changed.call_id));
            add("UserList", members(&changed.members));
            add("ChangedUserList", changes(&changed.changes));
        }
        Event::CallEnded(ended) => {
            add("CallRecord", RawJson::of(&WireRecord::of(&ended.record)));
        }
        Event::Unknown(unknown) => {
            for (name, json) in &unknown.other_fields {
                add(name, json.clone());
            }
        }
    }
    trtc_call_json::to_text(&body)
}

fn members(members: &[Member]) -> RawJson {
    #[derive(Serialize)]
    struct WireMember<'a> {
        #[serde(rename = "User_Account")]
        user_id: &'a UserId,
        #[serde(rename = "Status")]
        status: &'a MemberStatus,
    }
    let members = members
        .iter()
        .map(|Member { user_id, status }| WireMember { user_id, status });
    RawJson::of(&members.collect::<Vec<_>>())
}

fn changes(changes: &[MemberChange]) -> RawJson {
    #[derive(Serialize)]
    struct WireChange<'a> {
        #[serde(rename = "User_Account")]
        user_id: &'a UserId,
        #[serde(rename = "ActionType")]
        action: &'a MemberAction,
    }
    let changes = changes.iter();
    let changes = changes.map(|MemberChange { user_id, action }| WireChange { user_id, action });
    RawJson::of(&changes.collect::<Vec<_>>())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WireCallInfo<'a> {
    call_id: &'a CallId,
    media_type: &'a MediaType,
    chat_group_id: &'a str,
    #[serde(flatten)]
    room: WireRoom,
}

impl WireCallInfo<'_> {
    fn of(started: &CallStarted) -> WireCallInfo<'_> {
        WireCallInfo {
            call_id: &started.call_id,
            media_type: &started.media_type,
            chat_group_id: started.chat_group_id.as_deref().unwrap_or_default(),
            room: WireRoom::of(started.room.as_ref()),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WireRecord<'a> {
    call_id: &'a CallId,
    #[serde(rename = "Caller_Account")]
    caller: &'a UserId,
    media_type: &'a MediaType,
    call_type: &'a CallType,
    start_time: UnixSeconds,
    end_time: UnixSeconds,
    accept_time: u64,
    call_result: &'a CallResult,
    #[serde(rename = "CalleeList_Account")]
    members: &'a [UserId],
    #[serde(flatten)]
    room: WireRoom,
}

impl WireRecord<'_> {
    fn of(record: &CallRecord) -> WireRecord<'_> {
        WireRecord {
            call_id: &record.call_id,
            caller: &record.caller,
            media_type: &record.media_type,
            call_type: &record.call_type,
            start_time: record.start_time,
            end_time: record.end_time,
            accept_time: record.accept_time.map_or(0, |time| time.0),
            call_result: &record.result,
            members: &record.members,
            room: WireRoom::of(record.room.as_ref()),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WireRoom {
    room_id: String,
    room_id_type: u32,
}

impl WireRoom {
    fn of(room: Option<&RoomId>) -> WireRoom {
        WireRoom {
            room_id: room.map(ToString::to_string).unwrap_or_default(),
            room_id_type: room.map_or(0, RoomId::call_type_code),
        }
    }
}
