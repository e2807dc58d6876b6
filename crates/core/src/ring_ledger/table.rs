//! A ring as the columns of a table, which every store has: SQLite, PostgreSQL, and those of the npm package.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Evidence, Limiter, Ring, RingKey, RingState, Step, StoredCall};
use crate::call_engine::start_call_by_robot::{CalleeResult, Request};
use crate::call_session::Failure;
use crate::{
    CallId, CallResult, Endpoint as _, JsonText, SdkAppId, UnixMillis, UnixSeconds, UserId,
};

/// All columns, in the order in which they are read.
pub const COLUMNS: &str = "seq, sdk_app_id, ring_key, fingerprint, call, room, own_room, campaign, line, data, \
     time_zone, attempt, first_key, watched, created_at, not_after, not_before, state, owner, epoch, lease_until, slot, \
     tries, sent_at, settled_at, call_id, callees, request_id, failure_code, failure, evidence, look_at, up_until, \
     call_result, answered_at, history, version, updated_at";

/// The columns that never change, behind `seq`.
pub const FIXED: [&str; 15] = [
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
pub const CHANGING: [&str; 22] = [
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

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// `BIGINT`
    Integer(Option<i64>),
    /// `TEXT`
    Text(Option<String>),
    /// `BOOLEAN`
    Flag(bool),
}

impl Cell {
    fn text(text: impl Into<String>) -> Cell {
        Cell::Text(Some(text.into()))
    }

    fn integer(number: i64) -> Cell {
        Cell::Integer(Some(number))
    }
}

/// Times and counts, which stay far below 2^63.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn time(at: Option<UnixMillis>) -> Cell {
    Cell::Integer(at.map(|at| signed(at.0)))
}

fn word(word: Option<&str>) -> Cell {
    Cell::Text(word.map(str::to_owned))
}

/// The values of [`FIXED`].
#[must_use]
pub fn fixed(ring: &Ring) -> Vec<Cell> {
    vec![
        Cell::integer(ring.sdk_app_id.get().into()),
        Cell::text(ring.key.as_str()),
        Cell::text(&ring.fingerprint),
        Cell::text(ring.call.as_str()),
        Cell::text(ring.room.as_str()),
        Cell::Flag(ring.own_room),
        Cell::text(&ring.campaign),
        Cell::Integer(ring.line.map(signed)),
        word(ring.data.as_ref().map(JsonText::as_str)),
        word(ring.time_zone.as_deref()),
        Cell::integer(ring.attempt.into()),
        word(ring.first_key.as_ref().map(RingKey::as_str)),
        Cell::Flag(ring.watched),
        time(Some(ring.created_at)),
        time(ring.not_after),
    ]
}

/// The values of [`CHANGING`].
#[must_use]
pub fn changing(ring: &Ring) -> Vec<Cell> {
    vec![
        time(ring.not_before),
        Cell::text(ring.state.as_str()),
        word(ring.owner.as_deref()),
        Cell::integer(signed(ring.epoch)),
        time(ring.lease_until),
        time(ring.slot),
        Cell::integer(ring.tries.into()),
        time(ring.sent_at),
        time(ring.settled_at),
        word(ring.call_id.as_ref().map(CallId::as_str)),
        Cell::Text(callees_text(&ring.callees)),
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
        Cell::Integer(ring.answered_at.map(|at| signed(at.0))),
        Cell::text(history_text(&ring.history)),
        Cell::integer(signed(ring.version)),
        time(Some(ring.updated_at)),
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

/// One row as a store gives it, its columns being [`COLUMNS`].
pub trait Row {
    /// Why a column cannot be read.
    type Error: From<Unreadable>;

    /// The column of that index.
    ///
    /// # Errors
    /// If it is of another type.
    fn integer(&self, index: usize) -> Result<Option<i64>, Self::Error>;

    /// The column of that index.
    ///
    /// # Errors
    /// If it is of another type.
    fn text(&self, index: usize) -> Result<Option<String>, Self::Error>;

    /// The column of that index.
    ///
    /// # Errors
    /// If it is of another type.
    fn flag(&self, index: usize) -> Result<bool, Self::Error>;
}

/// The ring as a JSON object of its columns, as PostgreSQL's `to_json` writes a row.
#[must_use]
pub fn object(ring: &Ring) -> String {
    let seq = (ring.seq > 0).then_some(ring.seq);
    let names = ["seq"].into_iter().chain(FIXED).chain(CHANGING);
    let cells = [Cell::Integer(seq)].into_iter().chain(fixed(ring));
    let cells: BTreeMap<&str, Cell> = names.zip(cells.chain(changing(ring))).collect();
    serde_json::to_string(&cells).unwrap_or_default()
}

/// Reads such an object.
///
/// # Errors
/// If a column is not what a ledger writes there.
pub fn read_object(json: &str) -> Result<Ring, Unreadable> {
    let unreadable = |error: serde_json::Error| Unreadable {
        key: String::new(),
        what: error.to_string(),
    };
    ring(&Object(serde_json::from_str(json).map_err(unreadable)?))
}

struct Object<'a>(BTreeMap<String, &'a RawValue>);

impl Object<'_> {
    fn get<'a, T: Deserialize<'a>>(&'a self, index: usize) -> Result<Option<T>, Unreadable> {
        let name = COLUMNS.split(", ").nth(index).unwrap_or_default();
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        serde_json::from_str(value.get()).map_err(|error| Unreadable {
            key: self
                .0
                .get("ring_key")
                .map(ToString::to_string)
                .unwrap_or_default(),
            what: format!("{name}: {error}"),
        })
    }
}

impl Row for Object<'_> {
    type Error = Unreadable;

    fn integer(&self, index: usize) -> Result<Option<i64>, Unreadable> {
        self.get(index)
    }

    fn text(&self, index: usize) -> Result<Option<String>, Unreadable> {
        self.get(index)
    }

    fn flag(&self, index: usize) -> Result<bool, Unreadable> {
        Ok(self.get(index)?.unwrap_or_default())
    }
}

/// A limiter as a JSON object of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimiterRow {
    /// The application.
    pub sdk_app_id: SdkAppId,
    /// The command, which the service counts for itself.
    pub command: String,
    /// [`Limiter::next_free`]
    pub next_free: u64,
    /// [`Limiter::slowdown`]
    pub slowdown: u32,
    /// [`Limiter::slowed_at`]
    pub slowed_at: u64,
}

impl LimiterRow {
    /// The limiter of rings.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, limiter: &Limiter) -> LimiterRow {
        LimiterRow {
            sdk_app_id,
            command: Request::COMMAND.name.to_owned(),
            next_free: limiter.next_free,
            slowdown: limiter.slowdown,
            slowed_at: limiter.slowed_at.0,
        }
    }

    /// The limiter.
    #[must_use]
    pub fn limiter(&self) -> Limiter {
        Limiter {
            next_free: self.next_free,
            slowdown: self.slowdown,
            slowed_at: UnixMillis(self.slowed_at),
        }
    }
}

/// A row that holds what no ledger writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its key.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ring {} cannot be read: {}", self.key, self.what)
    }
}

impl std::error::Error for Unreadable {}

/// Reads [`COLUMNS`].
///
/// # Errors
/// If a column is not what a ledger writes there.
pub fn ring<R: Row>(row: &R) -> Result<Ring, R::Error> {
    let key = row.text(2)?.unwrap_or_default();
    let unreadable = |what: String| Unreadable {
        key: key.clone(),
        what,
    };
    let needed = |index: usize, name: &str| -> Result<String, R::Error> {
        let text = row.text(index)?;
        text.ok_or_else(|| unreadable(format!("{name} is missing")).into())
    };
    let time = |index: usize| -> Result<Option<UnixMillis>, R::Error> {
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

    #[test]
    fn a_ring_is_read_back_from_its_columns_as_an_object() {
        let call = Request::builder("robot", ["jack"], crate::MediaType::Audio)
            .build()
            .unwrap();
        let new = crate::ring_ledger::NewRing::queued(RingKey::new("a \"b\"").unwrap(), call);
        let mut ring = Ring::new(
            SdkAppId::new(7).unwrap(),
            new,
            UnixMillis(1_700_000_000_000),
        );
        ring.seq = 9_007_199_254_740_993;
        ring.failure = Some(Failure::stored("code".to_owned(), "message".to_owned()));
        ring.callees = vec![CalleeResult::new(UserId::any("jack"), -1)];
        ring.evidence = Some(Evidence::Hand);
        assert_eq!(read_object(&object(&ring)), Ok(ring));
        assert!(read_object("{}").is_err());
        assert!(read_object("[]").is_err());
    }
}
