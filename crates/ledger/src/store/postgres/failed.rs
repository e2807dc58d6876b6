//! What fails at a PostgreSQL, and whether it may pass.

use std::error::Error;
use std::io;

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use crate::error::{DatabaseError, DatabaseErrorKind, LedgerError};

/// What fails within a transaction, which is rolled back then.
pub(super) enum Failed {
    Database(DatabaseError),
    Ledger(LedgerError),
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Failed {
        Failed::Database(classify(&error))
    }
}

impl From<PoolError> for Failed {
    fn from(error: PoolError) -> Failed {
        Failed::Database(match error {
            PoolError::Backend(error) => classify(&error),
            PoolError::Timeout(_) => {
                DatabaseError::new(DatabaseErrorKind::Gone, "no connection in time")
            }
            error => DatabaseError::new(DatabaseErrorKind::Gone, error.to_string()),
        })
    }
}

impl From<LedgerError> for Failed {
    fn from(error: LedgerError) -> Failed {
        Failed::Ledger(error)
    }
}

impl From<Failed> for LedgerError {
    fn from(failed: Failed) -> LedgerError {
        match failed {
            Failed::Database(error) => error.into(),
            Failed::Ledger(error) => error,
        }
    }
}

pub(super) fn classify(error: &tokio_postgres::Error) -> DatabaseError {
    let Some(refusal) = error.as_db_error() else {
        // The innermost cause says what happened, such as "Connection refused".
        let cause = causes(error).last().unwrap_or(error);
        if causes(error).any(is_wrong_certificate) {
            let way_out = "let SSL_CERT_FILE name the file of the authority that signed it, or connect with \
                           ?sslmode=disable where nobody else is on the way";
            let message = format!("{cause}: this machine does not trust it; {way_out}");
            return DatabaseError::new(DatabaseErrorKind::Refused, message);
        }
        return DatabaseError::new(DatabaseErrorKind::Gone, cause.to_string());
    };
    let code = refusal.code();
    let is_any = |codes: &[SqlState]| codes.contains(code);
    let kind = if is_any(&[SqlState::DISK_FULL]) {
        DatabaseErrorKind::Full
    } else if is_any(&[
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::INSUFFICIENT_PRIVILEGE,
    ]) {
        DatabaseErrorKind::ReadOnly
    } else if is_any(&[
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ]) {
        DatabaseErrorKind::Busy
    } else if matches!(code.code().get(..2), Some("08" | "57")) || code.code() == "25P03" {
        DatabaseErrorKind::Gone
    } else if matches!(code.code().get(..2), Some("28" | "3D")) {
        DatabaseErrorKind::Refused
    } else {
        DatabaseErrorKind::Other
    };
    if matches!(code.code(), "42P05" | "26000") {
        let message = format!(
            "{}: a pooler that shares connections between transactions stands in between; name the server, or let the \
             pooler share by session",
            refusal.message()
        );
        return DatabaseError::new(DatabaseErrorKind::Refused, message);
    }
    DatabaseError::new(kind, refusal.message())
}

fn causes(error: &tokio_postgres::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

fn is_wrong_certificate(cause: &(dyn Error + 'static)) -> bool {
    let inner = cause
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    let tls = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}
