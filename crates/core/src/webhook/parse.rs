//! From a body to an event.

use std::collections::BTreeMap;

use super::fields::Fields;
use super::{
    CallEnded, CallStarted, CallbackCommand, Event, MemberChange, MembersChanged, RawJson,
    UnknownEvent, WebhookError, WebhookErrorReason as Reason,
};
use crate::call_engine::get_call_info::Member;
use crate::wire::{IntegerOrText, TextOrInteger, reported_room};
use crate::{CallRecord, RoomId, UnixMillis, UnixSeconds, UserId};

/// The largest body that is read, in bytes: far above a group call's with a thousand members.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// Far above the 3 levels of the documented events.
const MAX_DEPTH: usize = 32;

/// Reads a body. `command` is the query's, if there is a query.
pub(super) fn event(command: Option<&str>, body: &[u8]) -> Result<Event, WebhookError> {
    let mut fields = fields(body)?;
    let command = agreed_command(command, fields.optional_text("CallbackCommand")?.as_deref())?;
    let mut other_fields = BTreeMap::new();
    let mut event = match command {
        CallbackCommand::AfterStartCall => started(&mut fields, &mut other_fields)?,
        CallbackCommand::AfterMemberChanged => changed(&mut fields, &mut other_fields)?,
        CallbackCommand::AfterEndCall => ended(&mut fields, &mut other_fields)?,
        command @ CallbackCommand::Unknown(_) => Event::Unknown(UnknownEvent {
            command,
            other_fields: BTreeMap::new(),
        }),
    };
    fields.keep_rest(&mut other_fields);
    match &mut event {
        Event::CallStarted(started) => started.other_fields = other_fields,
        Event::MembersChanged(changed) => changed.other_fields = other_fields,
        Event::CallEnded(ended) => ended.other_fields = other_fields,
        Event::Unknown(unknown) => unknown.other_fields = other_fields,
    }
    Ok(event)
}

pub(super) fn check_size(body: &[u8]) -> Result<(), WebhookError> {
    if body.len() <= MAX_BODY_BYTES {
        return Ok(());
    }
    Err(WebhookError::new(
        Reason::BodyTooLarge,
        format!(
            "the body has {} bytes, more than the {MAX_BODY_BYTES} of any webhook",
            body.len()
        ),
    ))
}

/// The fields of the body, after the checks that cost next to nothing.
pub(super) fn fields(body: &[u8]) -> Result<Fields<'_>, WebhookError> {
    check_size(body)?;
    if depth_exceeds(MAX_DEPTH, body) {
        return Err(WebhookError::new(
            Reason::BodyTooDeep,
            format!("the body is nested more than {MAX_DEPTH} levels deep"),
        ));
    }
    let text = std::str::from_utf8(body)
        .map_err(|error| not_json(body, &format!("the body is not JSON: {error}")))?;
    Fields::of_body(text)
        .map_err(|error| not_json(body, &format!("the body is not a JSON object: {error}")))?
}

/// Names the usual mistake, where the bytes show it.
fn not_json(body: &[u8], what: &str) -> WebhookError {
    let hint = if body.trim_ascii().is_empty() {
        "it is empty: something before has read it; hand in the raw bytes of the request"
    } else if body.starts_with(b"[object") {
        "it is a printed object: hand in the raw bytes, not the parsed body"
    } else if body.starts_with(b"\"") {
        "it is a JSON string: it was serialised twice; hand in the raw bytes"
    } else if body.starts_with(b"<") {
        "it looks like HTML or XML"
    } else {
        "hand in the raw bytes of the request, not a parsed body"
    };
    WebhookError::new(Reason::BodyNotJson, format!("{what}; {hint}"))
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
            format!("the query says CallbackCommand {query:?}, the body {body:?}"),
        )),
        (_, Some(command)) | (Some(command), None) if !command.is_empty() => Ok(command.into()),
        _ => Err(WebhookError::new(
            Reason::Command,
            "neither the query nor the body names a CallbackCommand",
        )),
    }
}

type OtherFields = BTreeMap<String, RawJson>;

fn started(fields: &mut Fields<'_>, other: &mut OtherFields) -> Result<Event, WebhookError> {
    let mut info = Fields::of("CallInfo", fields.required("CallInfo")?)?;
    let event = CallStarted {
        call_id: info.call_id()?,
        media_type: media_type(&mut info)?.as_str().into(),
        chat_group_id: info
            .optional_text("ChatGroupId")?
            .filter(|id| !id.is_empty()),
        room: room(&mut info)?,
        members: members(fields, other)?,
        event_time: UnixMillis(fields.moment("EventTime")?),
        other_fields: BTreeMap::new(),
    };
    info.keep_rest(other);
    Ok(event.into())
}

fn changed(fields: &mut Fields<'_>, other: &mut OtherFields) -> Result<Event, WebhookError> {
    Ok(MembersChanged {
        call_id: fields.call_id()?,
        members: members(fields, other)?,
        changes: each(fields, "ChangedUserList", other, |user| {
            Ok(MemberChange {
                user_id: user.user_id("User_Account")?,
                action: user.text("ActionType")?.as_str().into(),
            })
        })?,
        event_time: UnixMillis(fields.moment("EventTime")?),
        other_fields: BTreeMap::new(),
    }
    .into())
}

fn ended(fields: &mut Fields<'_>, other: &mut OtherFields) -> Result<Event, WebhookError> {
    let mut record = Fields::of("CallRecord", fields.required("CallRecord")?)?;
    let event = CallEnded {
        record: CallRecord {
            call_id: record.call_id()?,
            caller: record.user_id("Caller_Account")?,
            media_type: media_type(&mut record)?.as_str().into(),
            call_type: record.text("CallType")?.as_str().into(),
            start_time: UnixSeconds(record.moment("StartTime")?),
            end_time: UnixSeconds(record.moment("EndTime")?),
            accept_time: record
                .optional_moment("AcceptTime")?
                .filter(|time| *time != 0)
                .map(UnixSeconds),
            result: record.text("CallResult")?.as_str().into(),
            members: accounts(&mut record, "CalleeList_Account")?,
            room: room(&mut record)?,
        },
        event_time: UnixMillis(fields.moment("EventTime")?),
        other_fields: BTreeMap::new(),
    };
    record.keep_rest(other);
    Ok(event.into())
}

/// Published as `MediaType` in the tables and as `CallMediaType` in a sample.
fn media_type(fields: &mut Fields<'_>) -> Result<String, WebhookError> {
    match fields.optional_text("MediaType")? {
        Some(media_type) => Ok(media_type),
        None => match fields.optional_text("CallMediaType")? {
            Some(media_type) => Ok(media_type),
            None => Err(fields.missing("MediaType")),
        },
    }
}

fn room(fields: &mut Fields<'_>) -> Result<Option<RoomId>, WebhookError> {
    let id = fields.optional_text("RoomId")?.unwrap_or_default();
    let type_code = fields.optional_integer("RoomIdType")?.unwrap_or_default();
    reported_room(TextOrInteger(id), IntegerOrText(type_code))
        .map_err(|_| fields.wrong_type("RoomId", "a room of the kind that `RoomIdType` says"))
}

fn members(fields: &mut Fields<'_>, other: &mut OtherFields) -> Result<Vec<Member>, WebhookError> {
    each(fields, "UserList", other, |user| {
        let user_id = user.user_id("User_Account")?;
        Ok(Member::new(user_id, user.text("Status")?.as_str().into()))
    })
}

fn each<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    other: &mut OtherFields,
    read: impl Fn(&mut Fields<'_>) -> Result<T, WebhookError>,
) -> Result<Vec<T>, WebhookError> {
    let list = fields.list(name)?;
    let items = list.into_iter().enumerate().map(|(index, item)| {
        let mut item = Fields::of(format!("{name}[{index}]"), item)?;
        let value = read(&mut item)?;
        item.keep_rest(other);
        Ok(value)
    });
    items.collect()
}

fn accounts(fields: &mut Fields<'_>, name: &str) -> Result<Vec<UserId>, WebhookError> {
    let accounts = fields.list(name)?.into_iter();
    let accounts = accounts.map(|account| {
        TextOrInteger::of(account.get())
            .map(UserId::from)
            .ok_or_else(|| fields.wrong_type(name, "an array of accounts"))
    });
    accounts.collect()
}
