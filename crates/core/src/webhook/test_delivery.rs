use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{CallStarted, CallbackCommand, Event, MemberAction, MemberChange, WebhookToken};
use crate::call_engine::get_call_info::{Member, MemberStatus};
use crate::http::push_query_value;
use crate::{
    CallId, CallRecord, CallResult, CallType, JsonText, MediaType, ReportedRoom, RoomId, SdkAppId,
    UnixMillis, UnixSeconds, UserId,
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

fn body_of(event: &Event) -> String {
    let body = SentBody {
        callback_command: &event.command(),
        event_time: event.event_time(),
        own: match event {
            Event::CallStarted(started) => SentEvent::Started {
                call_info: SentCallInfo::of(started),
                user_list: sent_members(&started.members),
            },
            Event::MembersChanged(changed) => SentEvent::Changed {
                call_id: &changed.call_id,
                user_list: sent_members(&changed.members),
                changed_user_list: changed.changes.iter().map(SentChange::of).collect(),
            },
            Event::CallEnded(ended) => SentEvent::Ended {
                call_record: SentRecord::of(&ended.record),
            },
            Event::Unknown(unknown) => SentEvent::Unknown(&unknown.other_fields),
        },
    };
    // Text, numbers and lists of them, which JSON always has words for.
    serde_json::to_string(&body).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SentBody<'a> {
    callback_command: &'a CallbackCommand,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_time: Option<UnixMillis>,
    #[serde(flatten)]
    own: SentEvent<'a>,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum SentEvent<'a> {
    Started {
        call_info: SentCallInfo<'a>,
        user_list: Vec<SentMember<'a>>,
    },
    Changed {
        call_id: &'a CallId,
        user_list: Vec<SentMember<'a>>,
        changed_user_list: Vec<SentChange<'a>>,
    },
    Ended {
        call_record: SentRecord<'a>,
    },
    Unknown(&'a BTreeMap<String, JsonText>),
}

#[derive(Serialize)]
struct SentMember<'a> {
    #[serde(rename = "User_Account")]
    user_id: &'a UserId,
    #[serde(rename = "Status")]
    status: &'a MemberStatus,
}

fn sent_members(members: &[Member]) -> Vec<SentMember<'_>> {
    let members = members.iter();
    members
        .map(|Member { user_id, status }| SentMember { user_id, status })
        .collect()
}

#[derive(Serialize)]
struct SentChange<'a> {
    #[serde(rename = "User_Account")]
    user_id: &'a UserId,
    #[serde(rename = "ActionType")]
    action: &'a MemberAction,
}

impl SentChange<'_> {
    fn of(MemberChange { user_id, action }: &MemberChange) -> SentChange<'_> {
        SentChange { user_id, action }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SentCallInfo<'a> {
    call_id: &'a CallId,
    media_type: &'a MediaType,
    chat_group_id: &'a str,
    #[serde(flatten)]
    room: SentRoom<'a>,
}

impl SentCallInfo<'_> {
    fn of(started: &CallStarted) -> SentCallInfo<'_> {
        SentCallInfo {
            call_id: &started.call_id,
            media_type: &started.media_type,
            chat_group_id: started.chat_group_id.as_deref().unwrap_or_default(),
            room: SentRoom::of(started.room.as_ref()),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SentRecord<'a> {
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
    room: SentRoom<'a>,
}

impl SentRecord<'_> {
    pub(crate) fn of(record: &CallRecord) -> SentRecord<'_> {
        SentRecord {
            call_id: &record.call_id,
            caller: &record.caller,
            media_type: &record.media_type,
            call_type: &record.call_type,
            start_time: record.start_time,
            end_time: record.end_time,
            accept_time: record.accept_time.map_or(0, |time| time.0),
            call_result: &record.result,
            members: &record.members,
            room: SentRoom::of(record.room.as_ref()),
        }
    }
}

/// As the vendor's samples have it: without a room, empty and of type 0.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum SentRoom<'a> {
    Known {
        room_id: String,
        room_id_type: u32,
    },
    Untold {
        room_id: &'a JsonText,
        #[serde(skip_serializing_if = "Option::is_none")]
        room_id_type: Option<&'a JsonText>,
    },
}

impl SentRoom<'_> {
    fn of(room: Option<&ReportedRoom>) -> SentRoom<'_> {
        match room {
            Some(ReportedRoom::Untold(untold)) => SentRoom::Untold {
                room_id: &untold.room_id,
                room_id_type: untold.room_id_type.as_ref(),
            },
            room => {
                let room = room.and_then(ReportedRoom::known);
                SentRoom::Known {
                    room_id: room.map(ToString::to_string).unwrap_or_default(),
                    room_id_type: room.map_or(0, RoomId::call_type_code),
                }
            }
        }
    }
}
