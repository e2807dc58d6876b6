//! Keys that a file has twice. Ten million keys are too many for memory: they stand in a file of SQLite's own, which is
//! gone when it is closed.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::LedgerError;
use crate::store::database_error;

/// The keys seen so far.
pub(super) struct SeenKeys(Connection);

/// How many kibibytes of it stay in memory.
const CACHE: i64 = 32 * 1024;

impl SeenKeys {
    pub(super) fn new() -> Result<SeenKeys, LedgerError> {
        // The empty name is a temporary file.
        let connection = Connection::open("").map_err(|error| database_error(&error))?;
        let make = format!(
            "PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -{CACHE}; \
             CREATE TABLE seen (digest BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID; BEGIN"
        );
        connection
            .execute_batch(&make)
            .map_err(|error| database_error(&error))?;
        Ok(SeenKeys(connection))
    }

    /// The line that had the key before, if there is one.
    pub(super) fn see(&mut self, key: &str, line: u64) -> Result<Option<u64>, LedgerError> {
        let digest = Sha256::digest(key);
        let digest = digest.get(..16).unwrap_or(&digest);
        self.try_see(digest, line)
            .map_err(|error| database_error(&error).into())
    }

    fn try_see(&mut self, digest: &[u8], line: u64) -> rusqlite::Result<Option<u64>> {
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        let mut insert = self
            .0
            .prepare_cached("INSERT OR IGNORE INTO seen VALUES ($1, $2)")?;
        if insert.execute((digest, line))? > 0 {
            return Ok(None);
        }
        let mut find = self
            .0
            .prepare_cached("SELECT line FROM seen WHERE digest = $1")?;
        let first: i64 = find.query_row([digest], |row| row.get(0))?;
        Ok(u64::try_from(first).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_comes_again_tells_where_it_was_first() {
        let mut seen = SeenKeys::new().unwrap();
        assert_eq!(seen.see("a", 2).unwrap(), None);
        assert_eq!(seen.see("b", 3).unwrap(), None);
        assert_eq!(seen.see("a", 4).unwrap(), Some(2));
        assert_eq!(seen.see("a", 5).unwrap(), Some(2));
    }
}
