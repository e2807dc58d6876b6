//! From a body to an event.

use super::{
    CallEnded, CallStarted, CallbackCommand, Event, MemberChange, MembersChanged, RawJson,
    UnknownEvent, WebhookError, WebhookErrorReason as Reason,
};
use crate::call_engine::get_call_info::Member;
use crate::error::is_gzip;
use crate::fields::Fields;
use crate::quoted::quoted;
use crate::{CallRecord, Json, MediaType, SmallMap, UnixMillis};

/// The largest body that is read, in bytes: far above a group call's with a thousand members.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// Far above the 3 levels of the documented events.
const MAX_DEPTH: usize = 32;

/// Reads a body. `command` is the query's, if there is a query.
pub(super) fn event(command: Option<&str>, body: &[u8]) -> Result<Event, WebhookError> {
    let mut fields = fields(body)?;
    let named = fields.optional_text("CallbackCommand");
    fields.check()?;
    if command.is_none() && named.is_none() && is_about_a_stream(body) {
        return Err(WebhookError::new(
            Reason::Command,
            "this webhook is about a stream or a room (it has an EventGroupId), and not about a call: those have a verifier and a reader of their own, for ingest webhooks",
        ));
    }
    let command = agreed_command(command, named.as_deref())?;
    let mut other_fields = SmallMap::new();
    let mut event = match command {
        CallbackCommand::AfterStartCall => started(&mut fields, &mut other_fields),
        CallbackCommand::AfterMemberChanged => changed(&mut fields, &mut other_fields),
        CallbackCommand::AfterEndCall => ended(&mut fields, &mut other_fields),
        command @ CallbackCommand::Unknown(_) => Event::Unknown(UnknownEvent {
            command,
            other_fields: SmallMap::new(),
        }),
    };
    keep_rest(&fields, &mut other_fields);
    fields.check()?;
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
        // How much larger is not known where the rest was not read.
        format!("the body is larger than the {MAX_BODY_BYTES} bytes of any webhook"),
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
    let json = Json::parse_bytes(body)
        .map_err(|error| not_json(body, &format!("the body is not JSON: {error}")))?;
    if !json.is_object() {
        return Err(not_json(body, "the body is not a JSON object"));
    }
    Ok(Fields::of("", json))
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

type OtherFields = SmallMap<String, RawJson>;

fn started(fields: &mut Fields<'_>, other: &mut OtherFields) -> Event {
    let mut info = fields.object("CallInfo");
    let event = CallStarted {
        call_id: info.call_id(),
        media_type: media_type(&mut info),
        chat_group_id: info
            .optional_text("ChatGroupId")
            .filter(|id| !id.is_empty()),
        room: info.room(),
        members: members(fields, other),
        event_time: UnixMillis(fields.count("EventTime")),
        other_fields: SmallMap::new(),
    };
    keep_rest(&info, other);
    event.into()
}

fn changed(fields: &mut Fields<'_>, other: &mut OtherFields) -> Event {
    let call_id = fields.call_id();
    let members = members(fields, other);
    let mut changes = Vec::new();
    for mut user in fields.objects("ChangedUserList") {
        changes.push(MemberChange {
            user_id: user.user_id("User_Account"),
            action: user.text("ActionType").as_str().into(),
        });
        keep_rest(&user, other);
    }
    let event_time = UnixMillis(fields.count("EventTime"));
    MembersChanged::new(call_id, members, changes, event_time).into()
}

fn ended(fields: &mut Fields<'_>, other: &mut OtherFields) -> Event {
    let mut record = fields.object("CallRecord");
    let media_type = media_type(&mut record);
    let event = CallEnded::new(
        CallRecord::read(&mut record, media_type),
        UnixMillis(fields.count("EventTime")),
    );
    keep_rest(&record, other);
    event.into()
}

/// Published as `MediaType` in the tables and as `CallMediaType` in a sample.
fn media_type(fields: &mut Fields<'_>) -> MediaType {
    let word = fields.optional_text("MediaType");
    let word = word.or_else(|| fields.optional_text("CallMediaType"));
    if word.is_none() {
        fields.missing("MediaType");
    }
    word.unwrap_or_default().as_str().into()
}

fn members(fields: &mut Fields<'_>, other: &mut OtherFields) -> Vec<Member> {
    let mut users = fields.objects("UserList");
    let members = Member::read_list(&mut users);
    for user in &users {
        keep_rest(user, other);
    }
    members
}

/// Keeps what was not read.
pub(super) fn keep_rest(fields: &Fields<'_>, kept: &mut OtherFields) {
    let mut rest = fields.rest();
    // Put into the map in order, however many they are, they take little time.
    rest.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    for (path, value) in rest {
        if kept.contains_key(&path) {
            fields.repeated(&path);
        } else {
            kept.insert(path, RawJson::new(value));
        }
    }
}
