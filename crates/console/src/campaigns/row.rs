//! Rings as the page shows them.

use serde::Serialize;
use trtc_call::call_session::Failure;
use trtc_call::{CallId, CallResult, UnixMillis, UnixSeconds, UserId};
use trtc_call_ledger::{Evidence, Ring, RingKey, RingState, Step};

/// A ring in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    /// The place in the list: those behind it are asked for by this number.
    seq: i64,
    key: RingKey,
    line: Option<u64>,
    users: Vec<UserId>,
    state: RingState,
    /// From 1.
    attempt: u32,
    not_before: Option<UnixMillis>,
    sent_at: Option<UnixMillis>,
    answered_at: Option<UnixSeconds>,
    call_id: Option<CallId>,
    call_result: Option<CallResult>,
    /// What failed last.
    failure: Option<Failure>,
}

/// All of a ring.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WholeRow {
    #[serde(flatten)]
    row: Row,
    /// Empty where it belongs to none.
    campaign: String,
    robot: UserId,
    /// The room, as JSON text: a number, or a string in quotes.
    room: String,
    time_zone: Option<String>,
    first_key: Option<RingKey>,
    not_after: Option<UnixMillis>,
    settled_at: Option<UnixMillis>,
    evidence: Option<Evidence>,
    /// When it is looked for among the records.
    look_at: Option<UnixMillis>,
    request_id: Option<String>,
    callees: Vec<Callee>,
    history: Vec<Step>,
    /// What else its file says of it, as JSON text: numbers stay as they are written.
    data: Option<String>,
    /// The very body that is sent.
    request: String,
}

/// What the reply said of a callee.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Callee {
    user_id: UserId,
    result_code: i64,
}

impl From<&Ring> for Row {
    fn from(ring: &Ring) -> Row {
        Row {
            seq: ring.seq,
            key: ring.key.clone(),
            line: ring.line,
            users: ring.call.callees(),
            state: ring.state,
            attempt: ring.attempt,
            not_before: ring.not_before,
            sent_at: ring.sent_at,
            answered_at: ring.answered_at,
            call_id: ring.call_id.clone(),
            call_result: ring.call_result.clone(),
            failure: ring.failure.clone(),
        }
    }
}

impl From<&Ring> for WholeRow {
    fn from(ring: &Ring) -> WholeRow {
        let callees = ring.callees.iter().map(|callee| Callee {
            user_id: callee.user_id.clone(),
            result_code: callee.result_code,
        });
        WholeRow {
            row: Row::from(ring),
            campaign: ring.campaign.clone(),
            robot: ring.call.robot(),
            room: ring.room.as_str().to_owned(),
            time_zone: ring.time_zone.clone(),
            first_key: ring.first_key.clone(),
            not_after: ring.not_after,
            settled_at: ring.settled_at,
            evidence: ring.evidence,
            look_at: ring.look_at,
            request_id: ring.request_id.clone(),
            callees: callees.collect(),
            history: ring.history.clone(),
            data: ring.data.as_ref().map(|data| data.as_str().to_owned()),
            request: ring.call.as_str().to_owned(),
        }
    }
}
