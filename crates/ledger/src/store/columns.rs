//! Values on their way into a database, and rows on their way out. Which columns a ring has is core's.

use trtc_call_core::ring_ledger::Ring;
use trtc_call_core::ring_ledger::table::{self, Cell, Unreadable};
use trtc_call_core::{SdkAppId, UnixMillis};

use crate::LedgerError;

pub(crate) use trtc_call_core::ring_ledger::table::{CHANGING, COLUMNS, FIXED};

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

    /// Times stay far below 2^63.
    pub(crate) fn time(at: UnixMillis) -> Value {
        Value::integer(i64::try_from(at.0).unwrap_or(i64::MAX))
    }
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Value {
        match cell {
            Cell::Integer(number) => Value::Integer(number),
            Cell::Text(text) => Value::Text(text),
            Cell::Flag(flag) => Value::Flag(flag),
        }
    }
}

impl From<Unreadable> for LedgerError {
    fn from(unreadable: Unreadable) -> LedgerError {
        let Unreadable { key, what } = unreadable;
        LedgerError::Row { key, what }
    }
}

/// The values of [`FIXED`].
pub(crate) fn fixed(ring: &Ring) -> Vec<Value> {
    table::fixed(ring).into_iter().map(Value::from).collect()
}

/// The values of [`CHANGING`].
pub(crate) fn changing(ring: &Ring) -> Vec<Value> {
    table::changing(ring).into_iter().map(Value::from).collect()
}

/// One row as a database gives it.
pub(crate) trait Row {
    fn integer(&self, index: usize) -> Result<Option<i64>, LedgerError>;
    fn text(&self, index: usize) -> Result<Option<String>, LedgerError>;
    fn flag(&self, index: usize) -> Result<bool, LedgerError>;
}

struct RingRow<'a, R>(&'a R);

impl<R: Row> table::Row for RingRow<'_, R> {
    type Error = LedgerError;

    fn integer(&self, index: usize) -> Result<Option<i64>, LedgerError> {
        self.0.integer(index)
    }

    fn text(&self, index: usize) -> Result<Option<String>, LedgerError> {
        self.0.text(index)
    }

    fn flag(&self, index: usize) -> Result<bool, LedgerError> {
        self.0.flag(index)
    }
}

/// Reads [`COLUMNS`].
pub(crate) fn ring(row: &impl Row) -> Result<Ring, LedgerError> {
    table::ring(&RingRow(row))
}
