//! Where output goes: results to stdout, remarks and errors to stderr.

use std::fmt::Display;
use std::io::{self, Write};
use std::ops::ControlFlow;

use serde::Serialize;

use crate::command_error::{CommandError, ErrorDocument};
use crate::exit::Exit;
use crate::printable::Printable;
use crate::style::{BAD, FAINT, TITLE, WARNING};

/// The terminal, or whatever stands in its place.
///
/// With `--json` exactly one document goes to stdout, whatever happens; without it, text with colours
/// where the stream is a terminal that wants them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    json: bool,
}

/// What a command has brought about, to be told on stderr where its result cannot be written.
#[derive(Debug)]
pub(crate) struct Done {
    /// What happened, such as `the call went out`.
    pub(crate) what: String,
    /// What to do about it.
    pub(crate) advice: Option<String>,
    /// What the command ends with.
    pub(crate) exit: Exit,
    /// What it ends with instead of 0 where nobody learns of its result.
    pub(crate) untold: Exit,
}

impl Done {
    /// Something that may simply be asked for again.
    pub(crate) fn harmless(what: impl Display) -> Done {
        Done {
            what: what.to_string(),
            advice: None,
            exit: Exit::Ok,
            untold: Exit::Usage,
        }
    }

    /// Something that a second time would do twice: whoever does not learn of it must not take it for undone.
    pub(crate) fn once(what: impl Display, advice: Option<String>, exit: Exit) -> Done {
        Done {
            what: what.to_string(),
            advice,
            exit,
            untold: Exit::OutcomeUnknown,
        }
    }
}

impl Screen {
    pub(crate) fn new(json: bool) -> Screen {
        Screen { json }
    }

    /// Refuses a stdout that is open for reading only, before anything is done: the standard library takes what is
    /// written there for written.
    pub(crate) fn check(&self) -> Result<(), CommandError> {
        match is_writable() {
            Ok(()) => Ok(()),
            Err(error) => Err(CommandError::file("stdout cannot be written", error)),
        }
    }

    /// Shows the result of a command that changes nothing: `text` to people, `document` to programs.
    pub(crate) fn show(
        &self,
        text: impl Display,
        document: &impl Serialize,
    ) -> Result<(), CommandError> {
        unless_read_enough(self.write(text, document))
    }

    /// Shows the result of a command that has done something. Where it cannot be written, stderr says what was
    /// done, with `--json` too; that nobody reads it is then no better than a full disk.
    pub(crate) fn show_done(
        &self,
        text: impl Display,
        document: &impl Serialize,
        done: Done,
    ) -> Exit {
        let Done {
            what,
            advice,
            exit,
            untold,
        } = done;
        let Err(error) = self.write(text, document) else {
            return exit;
        };
        let what = Printable(what);
        let style = BAD.bold();
        write_stderr(format_args!(
            "{style}error:{style:#} stdout cannot be written: {error}\n  {TITLE}{what}{TITLE:#}"
        ));
        if let Some(advice) = advice {
            write_stderr(format_args!("  {FAINT}{}{FAINT:#}", Printable(advice)));
        }
        match exit {
            Exit::Ok => untold,
            exit => exit,
        }
    }

    fn write(&self, text: impl Display, document: &impl Serialize) -> io::Result<()> {
        if self.json {
            write_json(document)
        } else {
            let mut stdout = anstream::stdout().lock();
            writeln!(stdout, "{text}").and_then(|()| stdout.flush())
        }
    }

    /// Whether programs are to read the output.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Shows one line of a result that comes bit by bit. `Break` when nobody reads any more.
    pub(crate) fn line(&self, text: impl Display) -> Result<ControlFlow<()>, CommandError> {
        let mut stdout = anstream::stdout().lock();
        or_break(writeln!(stdout, "{text}").and_then(|()| stdout.flush()))
    }

    /// Shows one of many results, a document a line. `Break` when nobody reads any more.
    pub(crate) fn one_of_many(
        &self,
        text: impl Display,
        document: &impl Serialize,
    ) -> Result<ControlFlow<()>, CommandError> {
        or_break(self.write(text, document))
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
    pub(crate) fn error(&self, failure: &CommandError) {
        if !self.json {
            self.tell(failure);
        }
    }

    /// Reports why the command failed: to programs on stdout, to people on stderr, and there too where programs
    /// cannot be told.
    pub(crate) fn fail(&self, failure: &CommandError) -> Exit {
        let told = self.json
            && write_json(&Failed {
                error: failure.document(),
            })
            .is_ok();
        if !told {
            self.tell(failure);
        }
        failure.exit()
    }

    fn tell(&self, failure: &CommandError) {
        let style = BAD.bold();
        write_stderr(format_args!("{style}error:{style:#} {failure}"));
    }
}

/// The document of a command that failed.
#[derive(Serialize)]
struct Failed {
    error: ErrorDocument,
}

fn write_json(document: &impl Serialize) -> io::Result<()> {
    // In one piece: what cannot be written whole is not left behind as half a document in a buffer.
    is_writable()?;
    let mut line = serde_json::to_vec(document)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(&line).and_then(|()| stdout.flush())
}

/// Asks the system by writing nothing. Whether there is room for a result shows when there is one.
#[cfg(unix)]
fn is_writable() -> io::Result<()> {
    use std::fs::File;
    use std::os::fd::AsFd;

    /// The same number on every Unix.
    const EBADF: i32 = 9;

    let mut stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    match stdout.write(&[]) {
        Err(error) if error.raw_os_error() == Some(EBADF) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn is_writable() -> io::Result<()> {
    Ok(())
}

/// Where stderr is gone there is nobody to tell.
fn write_stderr(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// A reader that has seen enough, as `| head` has, is no failure.
fn unless_read_enough(result: io::Result<()>) -> Result<(), CommandError> {
    or_break(result).map(|_| ())
}

fn or_break(result: io::Result<()>) -> Result<ControlFlow<()>, CommandError> {
    match result {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(CommandError::file("stdout cannot be written", error)),
    }
}
