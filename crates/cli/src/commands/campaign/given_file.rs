//! The file of a campaign's users, which is gone through twice: every row is checked before the first is put in.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Seek as _};

use trtc_call::SdkAppId;
use trtc_call_ledger::Ledger;
use trtc_call_ledger::campaign::{
    CampaignCalls, CheckedFile, FileError, FileEvent, FileFormat, LoadedFile, RowProblem,
};

use super::progress::Reading;
use crate::command_error::CommandError;
use crate::input::Input;

pub(super) struct GivenFile {
    /// For people.
    pub(super) name: String,
    /// As it was given.
    path: String,
    format: FileFormat,
    file: File,
}

/// More wrong rows than this are only counted, so that a file that is none at all does not fill the memory.
pub(super) const LISTED: usize = 10_000;

impl GivenFile {
    /// Opens it once: what is put in is what was checked. What comes through a pipe is kept in a file without a name.
    pub(super) fn open(from: &Input, format: Option<&str>) -> Result<GivenFile, CommandError> {
        let (name, by_name) = match from {
            Input::Stdin => ("stdin".to_owned(), None),
            Input::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                let end = path.extension().and_then(OsStr::to_str);
                (name.to_string_lossy().into_owned(), end)
            }
        };
        let opened = match from {
            Input::Stdin => kept(io::stdin().lock()),
            Input::File(path) => {
                File::open(path).and_then(|file| match file.metadata()?.is_file() {
                    true => Ok(file),
                    false => kept(file),
                })
            }
        };
        let format = match format.or(by_name) {
            Some("ndjson" | "jsonl") => FileFormat::Ndjson,
            _ => FileFormat::Csv,
        };
        let path = match from {
            Input::Stdin => "-".to_owned(),
            Input::File(path) => path.display().to_string(),
        };
        match opened {
            Ok(file) => Ok(GivenFile {
                name,
                path,
                format,
                file,
            }),
            Err(error) => Err(CommandError::file(format!("--from {path}"), error)),
        }
    }

    /// Whether going through it takes long enough to be shown.
    pub(super) fn is_large(&self) -> bool {
        let size = self.file.metadata().map(|file| file.len());
        size.is_ok_and(|size| size > 1024 * 1024)
    }

    /// Goes through it and changes nothing. Gives the first of the rows that are wrong, too.
    pub(super) async fn check(
        &self,
        ledger: &Ledger,
        app: SdkAppId,
        calls: &CampaignCalls,
        reading: &Reading,
    ) -> Result<(CheckedFile, Vec<RowProblem>), CommandError> {
        let mut wrong = Vec::new();
        let checked = ledger
            .check_file(
                app,
                (self.format, self.begin()?),
                calls,
                |event| match event {
                    FileEvent::Wrong(row) if wrong.len() < LISTED => wrong.push(row),
                    FileEvent::Rows(rows) => reading.show(rows),
                    _ => {}
                },
            )
            .await;
        let checked = checked.map_err(|error| self.failure(error))?;
        Ok((checked, wrong))
    }

    /// Puts its rows in, those that are not there.
    pub(super) async fn load(
        &self,
        ledger: &Ledger,
        app: SdkAppId,
        calls: &CampaignCalls,
        reading: &Reading,
    ) -> Result<LoadedFile, CommandError> {
        let loaded = ledger
            .load_file(app, (self.format, self.begin()?), calls, |event| {
                if let FileEvent::Rows(rows) = event {
                    reading.show(rows);
                }
            })
            .await;
        loaded.map_err(|error| self.failure(error))
    }

    fn begin(&self) -> Result<&File, CommandError> {
        let mut file = &self.file;
        match file.rewind() {
            Ok(()) => Ok(file),
            Err(error) => Err(self.failure(FileError::File(error))),
        }
    }

    fn failure(&self, error: FileError) -> CommandError {
        match error {
            FileError::File(error) => CommandError::file(format!("--from {}", self.path), error),
            FileError::Ledger(error) => error.into(),
            other => CommandError::Setup(other.to_string()),
        }
    }
}

fn kept(mut source: impl io::Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut source, &mut file)?;
    Ok(file)
}
