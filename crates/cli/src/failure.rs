//! Why a command failed: for people, for programs, and as an exit code.

use std::fmt;
use std::io;

use serde::Serialize;
use trtc_call::webhook::WebhookError;
use trtc_call::{
    Action, CloudErrorCode, ConfigError, Effect, Endpoint, Error, ErrorCode, OutcomeUnknown,
    Problem, Repeat, RingAttempt, UnixSeconds, UserId,
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
    /// A webhook that cannot be read.
    Webhook(WebhookError),
    /// A command or an action of the service.
    Service { repeat: Repeat, error: Box<Error> },
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
        Failure::of(E::COMMAND.repeat, error)
    }

    pub(crate) fn action(action: Action, error: Error) -> Failure {
        Failure::of(action.repeat, error)
    }

    /// The failure of a request, of which it is known what a repeat does.
    pub(crate) fn of(repeat: Repeat, error: Error) -> Failure {
        let error = Box::new(error);
        Failure::Service { repeat, error }
    }

    /// The failure of something that was not sent at all.
    pub(crate) fn request(error: Error) -> Failure {
        Failure::of(Repeat::Harmless, error)
    }

    pub(crate) fn config(error: ConfigError) -> Failure {
        match error {
            ConfigError::Invalid(problem) => Failure::Invalid(vec![problem]),
            other => Failure::Setup(other.to_string()),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Failure::Invalid(_) | Failure::File { .. } | Failure::Setup(_) => Exit::Usage,
            Failure::Webhook(_) => Exit::Refused,
            Failure::Service { .. } if self.outcome_is_unknown() => Exit::OutcomeUnknown,
            Failure::Service { error, .. } => match **error {
                Error::Build(_) => Exit::Usage,
                Error::Server(_) | Error::Cloud(_) => Exit::Refused,
                _ => Exit::Network,
            },
        }
    }

    fn may_have_rung(&self) -> bool {
        match self {
            Failure::Service { repeat, error } => error.may_have_rung(*repeat),
            _ => false,
        }
    }

    /// Whether it may have done what a repeat would do twice.
    fn outcome_is_unknown(&self) -> bool {
        match self {
            Failure::Service { repeat, error } => error.outcome_is_unknown(*repeat),
            _ => false,
        }
    }

    /// Whether what the request names is not there (any more).
    pub(crate) fn is_gone(&self) -> bool {
        match self {
            Failure::Service { error, .. } => {
                matches!(&**error, Error::Cloud(refusal) if refusal.is_gone())
            }
            _ => false,
        }
    }

    /// Whether the same command may simply be given again.
    fn is_retryable(&self) -> bool {
        match self {
            Failure::Service { repeat, error } => match error.effect() {
                Effect::None => true,
                Effect::Unknown => *repeat == Repeat::Harmless,
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
            Failure::Webhook(_) => "webhook",
            Failure::Service { error, .. } => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Failure::Invalid(_) => "invalid_request",
            Failure::File { .. } => "file_unusable",
            Failure::Setup(_) => "setup_failed",
            Failure::Webhook(error) => error.code(),
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
            outcome_unknown: self.outcome_is_unknown(),
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
            Failure::Webhook(error) => error.to_string(),
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
                } else if self.outcome_is_unknown() {
                    write!(
                        f,
                        "\n  {TITLE}it may have taken effect{TITLE:#}, and was not sent again"
                    )?;
                }
                if self.is_retryable() {
                    write!(f, "\n  {FAINT}it is safe to try again{FAINT:#}")?;
                }
                Ok(())
            }
            Failure::File { .. } | Failure::Setup(_) | Failure::Webhook(_) => {
                write!(f, "{}", Printable(self.message()))
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
    kind: &'static str,
    code: &'static str,
    message: String,
    request_id: Option<String>,
    retryable: bool,
    may_have_rung: bool,
    outcome_unknown: bool,
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
    Cloud {
        cloud_code: CloudErrorCode,
        error_info: String,
        /// In seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        clock_skew: Option<i64>,
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
            Failure::File { .. } | Failure::Setup(_) | Failure::Webhook(_) => {
                return Details::None {};
            }
        };
        match error {
            Error::Build(invalid) => Details::Build {
                problems: invalid.problems().to_vec(),
            },
            Error::Server(error) => Details::Server {
                error_code: error.code,
                error_info: error.info.clone(),
            },
            Error::Cloud(error) => Details::Cloud {
                cloud_code: error.code.clone(),
                error_info: error.message.clone(),
                clock_skew: error.clock_skew,
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
