//! From a body to an event.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    CallEnded, CallStarted, CallbackCommand, Event, MemberChange, MembersChanged, UnknownEvent,
    WebhookError, WebhookErrorReason as Reason,
};
use crate::call_engine::get_call_info::{WireMember, said};
use crate::call_record::WireRecord;
use crate::error::is_gzip;
use crate::quoted::quoted;
use crate::wire::{self, Count, Items, Name, OtherFields, Said, Text};
use crate::{ReportedRoom, UnixMillis};

/// The largest body that is read, in bytes: far above a group call's with a thousand members.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// Far above the 3 levels of the documented events.
const MAX_DEPTH: usize = 32;

/// Reads a body, of which it needs no more than whose the event is and when it happened: the name of the call, and
/// `EventTime`, which orders deliveries. `command` is the query's, if there is a query.
pub(super) fn event(command: Option<&str>, body: &[u8]) -> Result<Event, WebhookError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Named {
        callback_command: Option<Text>,
    }

    let json = object(body)?;
    let Named { callback_command } = wire::read("", json)?;
    let named = callback_command.as_ref().map(|Text(word)| word.as_str());
    if command.is_none() && named.is_none() && is_about_a_stream(body) {
        return Err(WebhookError::new(
            Reason::Command,
            "this webhook is about a stream or a room (it has an EventGroupId), and not about a call: those have a verifier and a reader of their own, for ingest webhooks",
        ));
    }
    let (mut event, other_fields) = match agreed_command(command, named)? {
        CallbackCommand::AfterStartCall => {
            let (wire, other): (WireStarted<'_>, _) = wire::read_and_keep(json)?;
            (Event::CallStarted(wire.into()), other)
        }
        CallbackCommand::AfterMemberChanged => {
            let (wire, other): (WireChanged, _) = wire::read_and_keep(json)?;
            (Event::MembersChanged(wire.into()), other)
        }
        CallbackCommand::AfterEndCall => {
            let (wire, other): (WireEnded<'_>, _) = wire::read_and_keep(json)?;
            (Event::CallEnded(wire.into()), other)
        }
        command @ CallbackCommand::Unknown(_) => {
            let (Named { .. }, other) = wire::read_and_keep(json)?;
            let other_fields = OtherFields::new();
            let unknown = UnknownEvent {
                command,
                other_fields,
            };
            (Event::Unknown(unknown), other)
        }
    };
    *event.other_fields_mut() = other_fields;
    Ok(event)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireStarted<'a> {
    #[serde(rename = "CallbackCommand")]
    _command: Option<Text>,
    #[serde(borrow)]
    call_info: WireCallInfo<'a>,
    user_list: Said<Items<WireMember>>,
    event_time: Count,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireCallInfo<'a> {
    call_id: Name,
    /// Published with the second name in a sample.
    #[serde(alias = "CallMediaType")]
    media_type: Said<Text>,
    chat_group_id: Said<Text>,
    #[serde(borrow)]
    room_id: Option<&'a RawValue>,
    #[serde(borrow)]
    room_id_type: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireChanged {
    #[serde(rename = "CallbackCommand")]
    _command: Option<Text>,
    call_id: Name,
    user_list: Said<Items<WireMember>>,
    changed_user_list: Said<Items<WireChange>>,
    event_time: Count,
}

#[derive(Deserialize)]
struct WireChange {
    #[serde(rename = "User_Account")]
    user_id: Text,
    #[serde(rename = "ActionType")]
    action: Said<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireEnded<'a> {
    #[serde(rename = "CallbackCommand")]
    _command: Option<Text>,
    #[serde(borrow)]
    call_record: WireRecord<'a>,
    event_time: Count,
}

impl From<WireStarted<'_>> for CallStarted {
    fn from(wire: WireStarted<'_>) -> CallStarted {
        let info = wire.call_info;
        CallStarted {
            call_id: info.call_id.into(),
            media_type: info.media_type.or_empty(),
            chat_group_id: said(info.chat_group_id),
            room: ReportedRoom::read(info.room_id, info.room_id_type),
            members: all(wire.user_list),
            event_time: UnixMillis(wire.event_time.0),
            other_fields: OtherFields::new(),
        }
    }
}

impl From<WireChanged> for MembersChanged {
    fn from(wire: WireChanged) -> MembersChanged {
        MembersChanged::new(
            wire.call_id.into(),
            all(wire.user_list),
            all(wire.changed_user_list),
            UnixMillis(wire.event_time.0),
        )
    }
}

impl From<WireChange> for MemberChange {
    fn from(wire: WireChange) -> MemberChange {
        MemberChange::new(wire.user_id.into(), wire.action.or_empty())
    }
}

impl From<WireEnded<'_>> for CallEnded {
    fn from(wire: WireEnded<'_>) -> CallEnded {
        CallEnded::new(wire.call_record.into(), UnixMillis(wire.event_time.0))
    }
}

fn all<T, U: From<T>>(list: Said<Items<T>>) -> Vec<U> {
    list.0.map_or_else(Vec::new, |list| list.map(U::from))
}

pub(super) fn check_size(body: &[u8]) -> Result<(), WebhookError> {
    if body.len() <= MAX_BODY_BYTES {
        return Ok(());
    }
    Err(WebhookError::new(
        Reason::BodyTooLarge,
        // How much larger is not known where the rest was not read.
        format!("the body is larger than the {MAX_BODY_BYTES} bytes of any webhook"),
    ))
}

/// The object that the body is, after the checks that cost next to nothing.
pub(super) fn object(body: &[u8]) -> Result<&RawValue, WebhookError> {
    check_size(body)?;
    if depth_exceeds(MAX_DEPTH, body) {
        return Err(WebhookError::new(
            Reason::BodyTooDeep,
            format!("the body is nested more than {MAX_DEPTH} levels deep"),
        ));
    }
    let json: &RawValue = serde_json::from_slice(body)
        .map_err(|error| not_json(body, &format!("the body is not JSON: {error}")))?;
    if !json.get().starts_with('{') {
        return Err(not_json(body, "the body is not a JSON object"));
    }
    Ok(json)
}

/// Names the usual mistake, where the bytes show it.
fn not_json(body: &[u8], what: &str) -> WebhookError {
    let hint = if body.trim_ascii().is_empty() {
        "it is empty: something before has read it; hand in the raw bytes of the request"
    } else if body.starts_with(b"[object") {
        "it is a printed object: hand in the raw bytes, not the parsed body"
    } else if body.starts_with(b"\"") {
        "it is a JSON string: it was serialised twice; hand in the raw bytes"
    } else if is_gzip(body) {
        "it is compressed with gzip: unpack it before"
    } else if body.starts_with(b"<") {
        "it looks like HTML or XML"
    } else {
        "hand in the raw bytes of the request, not a parsed body"
    };
    WebhookError::new(Reason::BodyNotJson, format!("{what}; {hint}"))
}

/// Webhooks about streams and rooms have an `EventGroupId` instead of a `CallbackCommand`.
fn is_about_a_stream(body: &[u8]) -> bool {
    let name = b"\"EventGroupId\"";
    body.windows(name.len()).any(|window| window == name)
}

/// Whether brackets outside of strings are nested deeper than `limit`.
fn depth_exceeds(limit: usize, json: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => {
                            bytes.next();
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    false
}

/// The signature covers neither: where they differ, somebody tampers or mixes requests up.
fn agreed_command(
    query: Option<&str>,
    body: Option<&str>,
) -> Result<CallbackCommand, WebhookError> {
    match (query, body) {
        (Some(query), Some(body)) if !query.eq_ignore_ascii_case(body) => Err(WebhookError::new(
            Reason::Command,
            format!(
                "the query says CallbackCommand {}, the body {}",
                quoted(query),
                quoted(body)
            ),
        )),
        (_, Some(command)) | (Some(command), None) if !command.is_empty() => Ok(command.into()),
        _ => Err(WebhookError::new(
            Reason::Command,
            "neither the query nor the body names a CallbackCommand",
        )),
    }
}
