//! Where output goes: results to stdout, remarks and errors to stderr.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{ErrorDocument, Failure};
use crate::style::{BAD, FAINT, WARNING};

/// The terminal, or whatever stands in its place.
///
/// With `--json` exactly one document goes to stdout, whatever happens; without it, text with colours
/// where the stream is a terminal that wants them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    json: bool,
}

impl Screen {
    pub(crate) fn new(json: bool) -> Screen {
        Screen { json }
    }

    /// Shows a command's result: `text` to people, `document` to programs.
    pub(crate) fn show(
        &self,
        text: impl Display,
        document: &impl Serialize,
    ) -> Result<(), Failure> {
        if self.json {
            write_json(document)
        } else {
            let mut stdout = anstream::stdout().lock();
            written(writeln!(stdout, "{text}").and_then(|()| stdout.flush()))
        }
    }

    /// A remark for people.
    pub(crate) fn note(&self, text: impl Display) {
        write_stderr(format_args!("{FAINT}{text}{FAINT:#}"));
    }

    /// Something people should know though the command goes on.
    pub(crate) fn warn(&self, text: impl Display) {
        write_stderr(format_args!("{WARNING}warning:{WARNING:#} {text}"));
    }

    /// Something that went wrong, for people: programs find it in the document.
    pub(crate) fn error(&self, failure: &Failure) {
        if !self.json {
            let style = BAD.bold();
            write_stderr(format_args!("{style}error:{style:#} {failure}"));
        }
    }

    /// Reports why the command failed: to programs on stdout, to people on stderr.
    pub(crate) fn fail(&self, failure: &Failure) -> Exit {
        if self.json {
            // Where stdout is gone, the exit code still tells.
            let _ = write_json(&Failed {
                error: failure.document(),
            });
        }
        self.error(failure);
        failure.exit()
    }
}

/// The document of a command that failed.
#[derive(Serialize)]
struct Failed {
    error: ErrorDocument,
}

fn write_json(document: &impl Serialize) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let result = serde_json::to_writer(&mut stdout, document)
        .map_err(io::Error::from)
        .and_then(|()| stdout.write_all(b"\n"))
        .and_then(|()| stdout.flush());
    written(result)
}

/// Where stderr is gone there is nobody to tell.
fn write_stderr(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// A reader that has seen enough, as `| head` has, is no failure.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::file("stdout cannot be written", error))
        }
        _ => Ok(()),
    }
}
