use std::fmt;

use trtc_call_core::Problem;

/// Why a ledger could not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A value that was given breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Problem),
    /// The database was written by a newer release, which may keep rules that this one does not know.
    #[error(
        "the ledger has schema {found}, and this release knows schemas up to {known}: use the newer release everywhere"
    )]
    NewerSchema {
        /// The schema's version in the database.
        found: i64,
        /// The newest that this release knows.
        known: i64,
    },
    /// The database failed. Nothing was sent that was not committed before.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A row holds what no ledger writes.
    #[error("the ring {key} cannot be read: {what}")]
    Row {
        /// Its key.
        key: String,
        /// What is wrong with it.
        what: String,
    },
    /// The call was sent and answered, or not, and this could not be written. The ledger will show it as unknown until
    /// it is settled.
    #[error(
        "the ring {key} was sent, and what became of it ({result}) could not be written: {error}"
    )]
    NotWritten {
        /// Its key.
        key: String,
        /// What became of it.
        result: String,
        /// Why it could not be written.
        error: DatabaseError,
    },
}

impl LedgerError {
    /// A stable string for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            LedgerError::Invalid(_) => "invalid_request",
            LedgerError::NewerSchema { .. } => "newer_schema",
            LedgerError::Database(error) => error.kind.code(),
            LedgerError::Row { .. } => "unreadable_ring",
            LedgerError::NotWritten { .. } => "outcome_not_written",
        }
    }

    /// Whether it may pass by itself, so that waiting helps.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, LedgerError::Database(error) if error.kind.may_pass())
    }
}

/// What a database failed with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatabaseError {
    /// The kind.
    pub kind: DatabaseErrorKind,
    /// What the database said, without its URL.
    pub message: String,
}

impl DatabaseError {
    pub(crate) fn new(kind: DatabaseErrorKind, message: impl Into<String>) -> DatabaseError {
        DatabaseError {
            kind,
            message: message.into(),
        }
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.words(), self.message)
    }
}

impl std::error::Error for DatabaseError {}

/// How a database fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseErrorKind {
    /// It cannot be opened, or refuses who asks.
    Refused,
    /// It cannot be reached, is starting or stopping, or was restarted.
    Gone,
    /// Others keep it busy.
    Busy,
    /// Its disk is full.
    Full,
    /// It may not be written.
    ReadOnly,
    /// Anything else.
    Other,
}

impl DatabaseErrorKind {
    /// A stable string for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            DatabaseErrorKind::Refused => "database_refused",
            DatabaseErrorKind::Gone => "database_gone",
            DatabaseErrorKind::Busy => "database_busy",
            DatabaseErrorKind::Full => "database_full",
            DatabaseErrorKind::ReadOnly => "database_read_only",
            DatabaseErrorKind::Other => "database_error",
        }
    }

    /// Whether it may pass by itself.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            DatabaseErrorKind::Gone | DatabaseErrorKind::Busy | DatabaseErrorKind::Full
        )
    }

    fn words(self) -> &'static str {
        match self {
            DatabaseErrorKind::Refused => "the ledger's database cannot be opened",
            DatabaseErrorKind::Gone => "the ledger's database cannot be reached",
            DatabaseErrorKind::Busy => "the ledger's database is busy",
            DatabaseErrorKind::Full => "the ledger's disk is full",
            DatabaseErrorKind::ReadOnly => "the ledger's database may not be written",
            DatabaseErrorKind::Other => "the ledger's database failed",
        }
    }
}
