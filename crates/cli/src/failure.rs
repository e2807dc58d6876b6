//! Why a command failed: for people, for programs, and as an exit code.

use std::fmt;
use std::io;

use serde::Serialize;
use trtc_call::{
    Command, Effect, Endpoint, Error, ErrorCode, OutcomeUnknown, Problem, Repeat, RingAttempt,
    UnixSeconds, UserId,
};

use crate::exit::Exit;
use crate::moment::Utc;
use crate::printable::Printable;
use crate::style::{FAINT, TITLE};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Settings are missing, or values break rules. Nothing was sent.
    Invalid(Vec<Problem>),
    /// A file, stdin or stdout.
    File { what: String, error: io::Error },
    /// This machine does not let it: no certificate store, an address in use.
    Setup(String),
    /// A command of the service.
    Service { command: Command, error: Box<Error> },
}

impl Failure {
    /// Everything that is wrong with a command's values.
    pub(crate) fn all(problems: impl IntoIterator<Item = Option<Problem>>) -> Failure {
        Failure::Invalid(problems.into_iter().flatten().collect())
    }

    pub(crate) fn file(what: impl Into<String>, error: io::Error) -> Failure {
        let what = what.into();
        Failure::File { what, error }
    }

    pub(crate) fn service<E: Endpoint>(error: Error) -> Failure {
        Failure::Service {
            command: E::COMMAND,
            error: Box::new(error),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Failure::Invalid(_) | Failure::File { .. } | Failure::Setup(_) => Exit::Usage,
            Failure::Service { .. } if self.may_have_rung() => Exit::OutcomeUnknown,
            Failure::Service { error, .. } => match **error {
                Error::Build(_) => Exit::Usage,
                Error::Server(_) => Exit::Refused,
                _ => Exit::Network,
            },
        }
    }

    fn may_have_rung(&self) -> bool {
        match self {
            Failure::Service { command, error } => {
                command.repeat == Repeat::RingsAgain && error.effect() == Effect::Unknown
            }
            _ => false,
        }
    }

    /// Whether the same command may simply be given again.
    fn is_retryable(&self) -> bool {
        match self {
            Failure::Service { command, error } => match error.effect() {
                Effect::None => true,
                Effect::Unknown => command.repeat == Repeat::Harmless,
                Effect::Refused => false,
            },
            _ => false,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Failure::Invalid(_) => "build",
            Failure::File { .. } => "file",
            Failure::Setup(_) => "setup",
            Failure::Service { error, .. } => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Failure::Invalid(_) => "invalid_request",
            Failure::File { .. } => "file_unusable",
            Failure::Setup(_) => "setup_failed",
            Failure::Service { error, .. } => error.code(),
        }
    }

    /// The failure for programs: what stands under `error`.
    pub(crate) fn document(&self) -> ErrorDocument {
        let request_id = match self {
            Failure::Service { error, .. } => error.request_id().map(str::to_owned),
            _ => None,
        };
        ErrorDocument {
            kind: self.kind(),
            code: self.code(),
            message: self.message(),
            request_id,
            retryable: self.is_retryable(),
            may_have_rung: self.may_have_rung(),
            details: Details::of(self),
        }
    }

    fn message(&self) -> String {
        match self {
            Failure::Invalid(problems) => {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                problems.join("; ")
            }
            Failure::File { what, error } => format!("{what}: {error}"),
            Failure::Setup(message) => message.clone(),
            Failure::Service { error, .. } => error.to_string(),
        }
    }
}

/// The failure for people.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Invalid(problems) => write_problems(problems, f),
            Failure::Service { error, .. } => {
                if let Error::OutcomeUnknown(unknown) = &**error {
                    return write_outcome_unknown(unknown, f);
                }
                write!(f, "{}", Printable(error))?;
                if self.may_have_rung() {
                    write!(f, "\n  {TITLE}the phone may have rung{TITLE:#}")?;
                }
                if self.is_retryable() {
                    write!(f, "\n  {FAINT}it is safe to try again{FAINT:#}")?;
                }
                Ok(())
            }
            Failure::File { .. } | Failure::Setup(_) => write!(f, "{}", Printable(self.message())),
        }
    }
}

fn write_problems(problems: &[Problem], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match problems.len() {
        1 => write!(f, "one value is missing or wrong")?,
        count => write!(f, "{count} values are missing or wrong")?,
    }
    problems.iter().try_for_each(
        |Problem {
             field, rule, fix, ..
         }| {
            let (field, rule, fix) = (Printable(field), Printable(rule), Printable(fix));
            write!(
                f,
                "\n  {TITLE}{field}{TITLE:#}: {rule}\n    {FAINT}{fix}{FAINT:#}"
            )
        },
    )
}

/// The kind of error that must not be misread: what happened first, then what to do about it.
fn write_outcome_unknown(unknown: &OutcomeUnknown, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let RingAttempt {
        robot,
        callees,
        room,
        ..
    } = &unknown.attempt;
    let callees: Vec<&str> = callees.iter().map(UserId::as_str).collect();
    write!(
        f,
        "{TITLE}the phone may have rung{TITLE:#}, and the call was not sent again"
    )?;
    write!(
        f,
        "\n  call   from {} to {}",
        Printable(robot),
        Printable(callees.join(", "))
    )?;
    if let Some(room) = room {
        write!(f, " in room {}", Printable(room))?;
    }
    write!(f, "\n  sent   {}", Utc(unknown.sent_at))?;
    write!(f, "\n  cause  {}", Printable(&unknown.cause))?;
    let advice =
        "before you call again, ask the callee, or look for the call in the webhooks and records";
    write!(f, "\n  {FAINT}{advice}{FAINT:#}")
}

/// An error as programs read it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorDocument {
    kind: &'static str,
    code: &'static str,
    message: String,
    request_id: Option<String>,
    retryable: bool,
    may_have_rung: bool,
    #[serde(flatten)]
    details: Details,
}

/// What only one kind of error has.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Details {
    Build {
        problems: Vec<Problem>,
    },
    Server {
        error_code: ErrorCode,
        error_info: String,
    },
    Parse {
        status: u16,
        first_bytes: String,
    },
    OutcomeUnknown {
        attempt: RingAttempt,
        sent_at: UnixSeconds,
        failed_at: UnixSeconds,
        cause: Cause,
    },
    None {},
}

#[derive(Debug, Serialize)]
struct Cause {
    kind: &'static str,
    code: &'static str,
    message: String,
}

impl Details {
    fn of(failure: &Failure) -> Details {
        let error = match failure {
            Failure::Invalid(problems) => {
                return Details::Build {
                    problems: problems.clone(),
                };
            }
            Failure::Service { error, .. } => &**error,
            Failure::File { .. } | Failure::Setup(_) => return Details::None {},
        };
        match error {
            Error::Build(invalid) => Details::Build {
                problems: invalid.problems().to_vec(),
            },
            Error::Server(error) => Details::Server {
                error_code: error.code,
                error_info: error.info.clone(),
            },
            Error::Parse(error) => Details::Parse {
                status: error.status,
                first_bytes: error.first_bytes.clone(),
            },
            Error::OutcomeUnknown(unknown) => Details::OutcomeUnknown {
                attempt: unknown.attempt.clone(),
                sent_at: unknown.sent_at,
                failed_at: unknown.failed_at,
                cause: Cause {
                    kind: unknown.cause.kind(),
                    code: unknown.cause.code(),
                    message: unknown.cause.to_string(),
                },
            },
            _ => Details::None {},
        }
    }
}
