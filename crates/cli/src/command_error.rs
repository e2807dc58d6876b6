//! Why a command failed: for people, for programs, and as an exit code.

use std::fmt;
use std::io;

use serde::Serialize;
use trtc_call::webhook::WebhookError;
use trtc_call::{
    Action, CloudErrorCode, ConfigError, Effect, Endpoint, Error, ErrorDescription, InvalidRequest,
    OutcomeUnknown, Problem, Repeat, RingAttempt, UserId,
};

use trtc_call_ledger::LedgerError;

use crate::exit::Exit;
use crate::moment::Utc;
use crate::printable::Printable;
use crate::style::{FAINT, TITLE};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// Settings are missing, or values break rules. Nothing was sent.
    Invalid(Vec<Problem>),
    /// A file, stdin or stdout.
    File { what: String, error: io::Error },
    /// This machine does not let it: no certificate store, an address in use.
    Setup(String),
    /// A webhook that cannot be read.
    Webhook(WebhookError),
    /// A ledger of rings.
    Ledger(LedgerError),
    /// A command or an action of the service.
    Service { repeat: Repeat, error: Box<Error> },
}

impl CommandError {
    /// Everything that is wrong with a command's values.
    pub(crate) fn all(problems: impl IntoIterator<Item = Option<Problem>>) -> CommandError {
        CommandError::Invalid(problems.into_iter().flatten().collect())
    }

    pub(crate) fn file(what: impl Into<String>, error: io::Error) -> CommandError {
        let what = what.into();
        CommandError::File { what, error }
    }

    pub(crate) fn service<E: Endpoint>(error: Error) -> CommandError {
        CommandError::of(E::COMMAND.repeat, error)
    }

    pub(crate) fn action(action: Action, error: Error) -> CommandError {
        CommandError::of(action.repeat, error)
    }

    /// The failure of a request, of which it is known what a repeat does.
    pub(crate) fn of(repeat: Repeat, error: Error) -> CommandError {
        let error = Box::new(error);
        CommandError::Service { repeat, error }
    }

    /// The failure of something that was not sent at all.
    pub(crate) fn request(error: Error) -> CommandError {
        CommandError::of(Repeat::Harmless, error)
    }

    pub(crate) fn config(error: ConfigError) -> CommandError {
        match error {
            ConfigError::Invalid(problem) => CommandError::Invalid(vec![problem]),
            other => CommandError::Setup(other.to_string()),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            CommandError::Invalid(_) | CommandError::File { .. } | CommandError::Setup(_) => {
                Exit::Usage
            }
            CommandError::Webhook(_) => Exit::Refused,
            CommandError::Ledger(error) => match error {
                LedgerError::NotWritten { .. } => Exit::OutcomeUnknown,
                error if error.may_pass() => Exit::Network,
                _ => Exit::Usage,
            },
            CommandError::Service { .. } if self.outcome_is_unknown() => Exit::OutcomeUnknown,
            CommandError::Service { error, .. } => match **error {
                Error::Build(_) => Exit::Usage,
                Error::Server(_) | Error::Cloud(_) => Exit::Refused,
                _ => Exit::Network,
            },
        }
    }

    /// Whether it may have done what a repeat would do twice.
    fn outcome_is_unknown(&self) -> bool {
        match self {
            CommandError::Service { repeat, error } => error.may_have_started(*repeat),
            _ => false,
        }
    }

    /// Whether what the request names is not there (any more).
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, CommandError::Service { error, .. } if error.is_gone())
    }

    /// The failure for programs: what stands under `error`.
    pub(crate) fn document(&self) -> ErrorDocument {
        ErrorDocument {
            error: self.description(),
            cloud_code: match self {
                CommandError::Service { error, .. } => match &**error {
                    Error::Cloud(refusal) => Some(refusal.code.clone()),
                    _ => None,
                },
                _ => None,
            },
        }
    }

    fn description(&self) -> ErrorDescription {
        match self {
            CommandError::Invalid(problems) => {
                let invalid = InvalidRequest::from(problems.clone()).into();
                let mut error = ErrorDescription::of(&invalid, Repeat::Harmless);
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                error.message = problems.join("; ");
                error
            }
            CommandError::File { what, error } => {
                ErrorDescription::of_shell("file", "file_unusable", format!("{what}: {error}"))
            }
            CommandError::Setup(message) => {
                ErrorDescription::of_shell("setup", "setup_failed", message)
            }
            CommandError::Webhook(error) => {
                ErrorDescription::of_shell("webhook", error.code(), error.to_string())
            }
            CommandError::Ledger(error) => {
                let mut description =
                    ErrorDescription::of_shell("ledger", error.code(), error.to_string());
                description.retryable = error.may_pass();
                if let LedgerError::NotWritten { .. } = error {
                    description.effect = Effect::Unknown;
                    description.may_have_rung = true;
                    description.outcome_unknown = true;
                }
                description
            }
            CommandError::Service { repeat, error } => ErrorDescription::of(error, *repeat),
        }
    }
}

/// A value that breaks a rule is one of the command's own.
impl From<LedgerError> for CommandError {
    fn from(error: LedgerError) -> CommandError {
        match error {
            LedgerError::Invalid(problem) if problem.field == "store" => {
                CommandError::Invalid(vec![problem.at("--store")])
            }
            LedgerError::Invalid(problem) => CommandError::Invalid(vec![problem]),
            error => CommandError::Ledger(error),
        }
    }
}

/// The failure for people.
impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommandError::Invalid(problems) => write_problems(problems, f),
            CommandError::Service { repeat, error } => {
                if let Error::OutcomeUnknown(unknown) = &**error {
                    return write_outcome_unknown(unknown, f);
                }
                write!(f, "{}", Printable(error))?;
                if error.may_have_rung(*repeat) {
                    write!(f, "\n  {TITLE}the phone may have rung{TITLE:#}")?;
                } else if error.may_have_started(*repeat) {
                    write!(
                        f,
                        "\n  {TITLE}it may have taken effect{TITLE:#}, and was not sent again"
                    )?;
                }
                if error.is_retryable(*repeat) {
                    write!(f, "\n  {FAINT}it is safe to try again{FAINT:#}")?;
                }
                Ok(())
            }
            CommandError::File { .. }
            | CommandError::Setup(_)
            | CommandError::Webhook(_)
            | CommandError::Ledger(_) => {
                write!(f, "{}", Printable(self.description().message))
            }
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
    #[serde(flatten)]
    error: ErrorDescription,
    /// The cloud API's `Code`, for who tells the two APIs apart by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud_code: Option<CloudErrorCode>,
}
