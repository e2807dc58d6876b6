//! Through a whole file: first to find every row that is wrong, then to put all of them in.

use std::collections::BTreeMap;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};
use trtc_call_core::ring_ledger::{NewRing, RingKey, fingerprint};
use trtc_call_core::{Problem, SdkAppId};

use super::calls::CampaignCalls;
use super::file::{CampaignFile, FileFormat, RowError};
use super::repeated::SeenKeys;
use crate::{Enqueued, Ledger, LedgerError};

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line it begins on, from 1.
    pub line: u64,
    /// What is wrong, in the names of its columns.
    pub problem: Problem,
}

/// What is told while a file is gone through.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileEvent {
    /// A row is wrong.
    Wrong(RowProblem),
    /// So many rows are done.
    Rows(u64),
}

/// What checking a file has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckedFile {
    /// How many rows it has.
    pub rows: u64,
    /// How many of them are wrong, or 1 where its first line is or no row follows.
    pub wrong: u64,
    /// How many keys are in the ledger already, for the same call: they are not rung again.
    pub known: u64,
    /// Hexadecimal SHA-256 of the file.
    pub digest: String,
}

/// What putting a file's rows in has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadedFile {
    /// How many were put in.
    pub new: u64,
    /// How many were there before, for the same call.
    pub known: u64,
}

/// Why a file could not be gone through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// It cannot be read.
    #[error("{0}")]
    File(io::Error),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// How many rows go to the ledger together.
const BATCH: usize = 500;

impl Ledger {
    /// Goes through a file and changes nothing: every row that is wrong is told, also one whose key another row has, or
    /// another call in the ledger; a file without rows is wrong, too. Memory stays the same for any number of rows. Reads
    /// the file blocking.
    ///
    /// # Errors
    /// If the file cannot be read or the database fails.
    pub async fn check_file<R: Read>(
        &self,
        app: SdkAppId,
        (format, source): (FileFormat, R),
        calls: &CampaignCalls,
        mut tell: impl FnMut(FileEvent),
    ) -> Result<CheckedFile, FileError> {
        let mut digest = Sha256::new();
        let source = Digested {
            source,
            digest: &mut digest,
        };
        let mut check = Check {
            tell: &mut tell,
            checked: CheckedFile::default(),
        };
        let file = match CampaignFile::new(format, source) {
            Ok(file) => file,
            Err(RowError::File(error)) => return Err(FileError::File(error)),
            Err(RowError::Row { line, problem }) => {
                check.wrong(line, vec![problem]);
                return Ok(check.checked);
            }
        };
        let missing = match file.columns() {
            Some(columns) => calls.missing_columns(columns),
            None => Vec::new(),
        };
        if !missing.is_empty() {
            check.wrong(1, missing);
            return Ok(check.checked);
        }
        let mut seen = SeenKeys::new()?;
        let mut batch = Vec::with_capacity(BATCH);
        for row in file {
            let (line, ring) = match row {
                Ok(row) => (row.line, calls.ring(&row)),
                Err(RowError::Row { line, problem }) => (line, Err(vec![problem])),
                Err(RowError::File(error)) => return Err(FileError::File(error)),
            };
            check.checked.rows += 1;
            match ring {
                Err(problems) => check.wrong(line, problems),
                Ok(ring) => match seen.see(ring.key.as_str(), line)? {
                    Some(first) => check.wrong(line, vec![twice(&ring, first)]),
                    None => batch.push(ring),
                },
            }
            if batch.len() == BATCH {
                self.compare(app, &mut batch, &mut check).await?;
            }
        }
        self.compare(app, &mut batch, &mut check).await?;
        if check.checked.rows == 0 {
            let rule = "must be there, and the file has none";
            check.wrong(
                1,
                vec![Problem::new("rows", rule, "give it a row for each user")],
            );
        }
        let mut checked = check.checked;
        checked.digest = base16ct::lower::encode_string(&digest.finalize());
        Ok(checked)
    }

    /// Compares rings with those that are in the ledger with their keys.
    async fn compare<F: FnMut(FileEvent)>(
        &self,
        app: SdkAppId,
        batch: &mut Vec<NewRing>,
        check: &mut Check<'_, F>,
    ) -> Result<(), LedgerError> {
        let keys = batch.iter().map(|ring| ring.key.clone()).collect();
        let there = self.outcomes(app, keys).await?.into_iter();
        let there: BTreeMap<_, _> = there.map(|ring| (ring.key.clone(), ring)).collect();
        for ring in batch.drain(..) {
            match there.get(&ring.key) {
                None => {}
                Some(there) if there.fingerprint == fingerprint(&ring.call) => {
                    check.checked.known += 1;
                }
                Some(_) => check.wrong(
                    ring.line.unwrap_or_default(),
                    vec![of_another_call(&ring.key)],
                ),
            }
        }
        (check.tell)(FileEvent::Rows(check.checked.rows));
        Ok(())
    }

    /// Puts a file's rows in, those that are not there yet: it may be repeated. The file was checked before.
    ///
    /// # Errors
    /// If the file cannot be read, a row is wrong after all, or the database fails. What was put in stays.
    pub async fn load_file<R: Read>(
        &self,
        app: SdkAppId,
        (format, source): (FileFormat, R),
        calls: &CampaignCalls,
        mut tell: impl FnMut(FileEvent),
    ) -> Result<LoadedFile, FileError> {
        let mut loaded = LoadedFile::default();
        let file = CampaignFile::new(format, source).map_err(changed)?;
        let mut batch = Vec::with_capacity(BATCH);
        for row in file {
            let row = row.map_err(changed)?;
            let ring = calls
                .ring(&row)
                .map_err(|problems| wrong_now(row.line, &problems))?;
            batch.push(ring);
            if batch.len() == BATCH {
                self.put_in(app, &mut batch, &mut loaded).await?;
                tell(FileEvent::Rows(loaded.new + loaded.known));
            }
        }
        self.put_in(app, &mut batch, &mut loaded).await?;
        tell(FileEvent::Rows(loaded.new + loaded.known));
        Ok(loaded)
    }

    async fn put_in(
        &self,
        app: SdkAppId,
        batch: &mut Vec<NewRing>,
        loaded: &mut LoadedFile,
    ) -> Result<(), FileError> {
        let lines: Vec<u64> = batch
            .iter()
            .map(|ring| ring.line.unwrap_or_default())
            .collect();
        let enqueued = self.enqueue(app, std::mem::take(batch)).await?;
        for (enqueued, line) in enqueued.into_iter().zip(lines) {
            match enqueued {
                Enqueued::New => loaded.new += 1,
                Enqueued::Known(_) => loaded.known += 1,
                Enqueued::KeyReused(ring) => {
                    return Err(wrong_now(line, &[of_another_call(&ring.key)]));
                }
            }
        }
        Ok(())
    }
}

/// A check under way.
struct Check<'a, F> {
    tell: &'a mut F,
    checked: CheckedFile,
}

impl<F: FnMut(FileEvent)> Check<'_, F> {
    fn wrong(&mut self, line: u64, problems: Vec<Problem>) {
        self.checked.wrong += 1;
        for problem in problems {
            (self.tell)(FileEvent::Wrong(RowProblem { line, problem }));
        }
    }
}

fn of_another_call(key: &RingKey) -> Problem {
    let rule = format!("`{key}` is in the ledger, for another call");
    Problem::new("key", rule, "give what is to ring another key")
}

fn twice(ring: &NewRing, first: u64) -> Problem {
    let rule = format!("`{}` is on line {first} already", ring.key);
    Problem::new(
        "key",
        rule,
        "leave one out, or give both a key in the column `key`",
    )
}

/// What was fine when the file was checked.
fn wrong_now(line: u64, problems: &[Problem]) -> FileError {
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let message = format!("line {line} is wrong now: {}", problems.join("; "));
    FileError::File(io::Error::new(io::ErrorKind::InvalidData, message))
}

fn changed(error: RowError) -> FileError {
    match error {
        RowError::File(error) => FileError::File(error),
        RowError::Row { line, problem } => wrong_now(line, &[problem]),
    }
}

struct Digested<'a, R> {
    source: R,
    digest: &'a mut Sha256,
}

impl<R: Read> Read for Digested<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.digest.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
