//! A ring as columns. Both stores have the same, in the same order.

use trtc_call_core::call_engine::start_call_by_robot::CalleeResult;
use trtc_call_core::call_session::Failure;
use trtc_call_core::ring_ledger::{Evidence, Ring, RingKey, RingState, Step, StoredCall};
use trtc_call_core::{CallId, CallResult, JsonText, SdkAppId, UnixMillis, UnixSeconds, UserId};

use crate::LedgerError;

/// All columns, in the order in which they are read.
pub(crate) const COLUMNS: &str = "seq, sdk_app_id, ring_key, fingerprint, call, room, own_room, campaign, line, data, \
     time_zone, attempt, first_key, watched, created_at, not_after, not_before, state, owner, epoch, lease_until, slot, \
     tries, sent_at, settled_at, call_id, callees, request_id, failure_code, failure, evidence, look_at, up_until, \
     call_result, answered_at, history, version, updated_at";

/// The columns that never change, behind `seq`.
pub(crate) const FIXED: [&str; 15] = [
    "sdk_app_id",
    "ring_key",
    "fingerprint",
    "call",
    "room",
    "own_room",
    "campaign",
    "line",
    "data",
    "time_zone",
    "attempt",
    "first_key",
    "watched",
    "created_at",
    "not_after",
];

/// The columns that change.
pub(crate) const CHANGING: [&str; 22] = [
    "not_before",
    "state",
    "owner",
    "epoch",
    "lease_until",
    "slot",
    "tries",
    "sent_at",
    "settled_at",
    "call_id",
    "callees",
    "request_id",
    "failure_code",
    "failure",
    "evidence",
    "look_at",
    "up_until",
    "call_result",
    "answered_at",
    "history",
    "version",
    "updated_at",
];

/// A value on its way into a database.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Integer(Option<i64>),
    Text(Option<String>),
    Flag(bool),
    Texts(Vec<String>),
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Value {
        Value::Text(Some(text.into()))
    }

    pub(crate) fn integer(number: i64) -> Value {
        Value::Integer(Some(number))
    }

    pub(crate) fn app(app: SdkAppId) -> Value {
        Value::integer(app.get().into())
    }

    pub(crate) fn time(at: UnixMillis) -> Value {
        Value::integer(signed(at.0))
    }
}

/// Times and counts, which stay far below 2^63.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn time(at: Option<UnixMillis>) -> Value {
    Value::Integer(at.map(|at| signed(at.0)))
}

fn word(word: Option<&str>) -> Value {
    Value::Text(word.map(str::to_owned))
}

/// The values of [`FIXED`].
pub(crate) fn fixed(ring: &Ring) -> Vec<Value> {
    vec![
        Value::app(ring.sdk_app_id),
        Value::text(ring.key.as_str()),
        Value::text(&ring.fingerprint),
        Value::text(ring.call.as_str()),
        Value::text(ring.room.as_str()),
        Value::Flag(ring.own_room),
        Value::text(&ring.campaign),
        Value::Integer(ring.line.map(signed)),
        word(ring.data.as_ref().map(JsonText::as_str)),
        word(ring.time_zone.as_deref()),
        Value::integer(ring.attempt.into()),
        word(ring.first_key.as_ref().map(RingKey::as_str)),
        Value::Flag(ring.watched),
        Value::time(ring.created_at),
        time(ring.not_after),
    ]
}

/// The values of [`CHANGING`].
pub(crate) fn changing(ring: &Ring) -> Vec<Value> {
    vec![
        time(ring.not_before),
        Value::text(ring.state.as_str()),
        word(ring.owner.as_deref()),
        Value::integer(signed(ring.epoch)),
        time(ring.lease_until),
        time(ring.slot),
        Value::integer(ring.tries.into()),
        time(ring.sent_at),
        time(ring.settled_at),
        word(ring.call_id.as_ref().map(CallId::as_str)),
        Value::Text(callees_text(&ring.callees)),
        word(ring.request_id.as_deref()),
        word(ring.failure.as_ref().map(|failure| failure.code.as_str())),
        word(
            ring.failure
                .as_ref()
                .map(|failure| failure.message.as_str()),
        ),
        word(ring.evidence.map(Evidence::as_str)),
        time(ring.look_at),
        time(ring.up_until),
        word(ring.call_result.as_ref().map(CallResult::as_str)),
        Value::Integer(ring.answered_at.map(|at| signed(at.0))),
        Value::text(history_text(&ring.history)),
        Value::integer(signed(ring.version)),
        Value::time(ring.updated_at),
    ]
}

/// `[["jack",0]]`
fn callees_text(callees: &[CalleeResult]) -> Option<String> {
    let pairs: Vec<_> = callees
        .iter()
        .map(|callee| (callee.user_id.as_str(), callee.result_code))
        .collect();
    if pairs.is_empty() {
        None
    } else {
        serde_json::to_string(&pairs).ok()
    }
}

/// `[["queued",1700000000000]]`
fn history_text(history: &[Step]) -> String {
    let pairs: Vec<_> = history.iter().map(|step| (step.state, step.at)).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

/// One row as a database gives it.
pub(crate) trait Row {
    fn integer(&self, index: usize) -> Result<Option<i64>, LedgerError>;
    fn text(&self, index: usize) -> Result<Option<String>, LedgerError>;
    fn flag(&self, index: usize) -> Result<bool, LedgerError>;
}

/// Reads [`COLUMNS`].
pub(crate) fn ring(row: &impl Row) -> Result<Ring, LedgerError> {
    let key = row.text(2)?.unwrap_or_default();
    let unreadable = |what: String| LedgerError::Row {
        key: key.clone(),
        what,
    };
    let needed = |index: usize, name: &str| {
        let text = row.text(index)?;
        text.ok_or_else(|| unreadable(format!("{name} is missing")))
    };
    let time = |index: usize| -> Result<Option<UnixMillis>, LedgerError> {
        Ok(row.integer(index)?.map(|at| UnixMillis(unsigned(at))))
    };
    let app = u32::try_from(row.integer(1)?.unwrap_or_default());
    let app = app.map_err(|error| unreadable(format!("sdk_app_id: {error}")))?;
    let app = SdkAppId::new(app).map_err(|problem| unreadable(problem.to_string()))?;
    let ring_key = RingKey::new(key.clone()).map_err(|problem| unreadable(problem.to_string()))?;
    let call = StoredCall::read(&needed(4, "call")?);
    let call = call.map_err(|error| unreadable(format!("call: {error}")))?;
    let json = |name: &str, text: &str| {
        let json = text.parse();
        json.map_err(|error| unreadable(format!("{name}: {error}")))
    };
    let room = json("room", &needed(5, "room")?)?;
    let created_at = time(14)?.unwrap_or_default();
    let mut ring = Ring::bare(app, ring_key, call, room, created_at);
    ring.seq = row.integer(0)?.unwrap_or_default();
    ring.fingerprint = needed(3, "fingerprint")?;
    ring.own_room = row.flag(6)?;
    ring.campaign = needed(7, "campaign")?;
    ring.line = row.integer(8)?.map(unsigned);
    ring.data = row.text(9)?.map(|data| json("data", &data)).transpose()?;
    ring.time_zone = row.text(10)?;
    ring.attempt = count(row.integer(11)?);
    let first_key = row.text(12)?.map(RingKey::new).transpose();
    ring.first_key = first_key.map_err(|problem| unreadable(problem.to_string()))?;
    ring.watched = row.flag(13)?;
    ring.not_after = time(15)?;
    ring.not_before = time(16)?;
    let state = needed(17, "state")?;
    ring.state =
        RingState::of_word(&state).ok_or_else(|| unreadable(format!("`{state}` is no state")))?;
    ring.owner = row.text(18)?;
    ring.epoch = row.integer(19)?.map_or(0, unsigned);
    ring.lease_until = time(20)?;
    ring.slot = time(21)?;
    ring.tries = count(row.integer(22)?);
    ring.sent_at = time(23)?;
    ring.settled_at = time(24)?;
    ring.call_id = row.text(25)?.and_then(|id| CallId::new(id).ok());
    ring.callees = row.text(26)?.map_or_else(Vec::new, |text| callees(&text));
    ring.request_id = row.text(27)?;
    ring.failure = row.text(28)?.map(|code| {
        let message = row.text(29).ok().flatten();
        Failure::stored(code, message.unwrap_or_default())
    });
    ring.evidence = row.text(30)?.and_then(|word| Evidence::of_word(&word));
    ring.look_at = time(31)?;
    ring.up_until = time(32)?;
    ring.call_result = row.text(33)?.map(|word| CallResult::from(word.as_str()));
    ring.answered_at = row.integer(34)?.map(|at| UnixSeconds(unsigned(at)));
    ring.history = history(&row.text(35)?.unwrap_or_default());
    ring.version = row.integer(36)?.map_or(0, unsigned);
    ring.updated_at = time(37)?.unwrap_or_default();
    Ok(ring)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn count(number: Option<i64>) -> u32 {
    number
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(0)
}

fn callees(text: &str) -> Vec<CalleeResult> {
    let pairs: Vec<(String, i64)> = serde_json::from_str(text).unwrap_or_default();
    let results = pairs.into_iter();
    results
        .map(|(user, code)| CalleeResult::new(UserId::any(user), code))
        .collect()
}

fn history(text: &str) -> Vec<Step> {
    let pairs: Vec<(RingState, UnixMillis)> = serde_json::from_str(text).unwrap_or_default();
    pairs
        .into_iter()
        .map(|(state, at)| Step { state, at })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_that_are_read_are_those_that_are_written() {
        let written: Vec<&str> = ["seq"].into_iter().chain(FIXED).chain(CHANGING).collect();
        let read: Vec<&str> = COLUMNS.split(", ").collect();
        assert_eq!(read, written);
    }
}
