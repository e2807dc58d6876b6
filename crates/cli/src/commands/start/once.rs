//! A call that rings once for its key, whoever asks for it and how often.

use std::pin::pin;

use serde::Serialize;
use trtc_call::call_engine::start_call_by_robot::{CalleeResult, Request};
use trtc_call::call_session::Failure;
use trtc_call::{CallId, Client, Effect, ErrorDescription, UnixMillis};
use trtc_call_ledger::{Ring, RingKey, RingOnce, RingState, Verdict};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::moment::UtcMillis;
use crate::screen::{Done, Screen};
use crate::sheet::Sheet;
use crate::store;
use crate::style::{BAD, TITLE, WARNING};

pub(super) struct Once<'a> {
    pub(super) screen: &'a Screen,
    pub(super) client: Client,
    pub(super) request: &'a Request,
    pub(super) key: RingKey,
    pub(super) store: &'a str,
}

/// The result for programs.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<StoredReply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorDescription>,
    ring: RingDocument<'a>,
}

/// The service's reply as the ledger keeps it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StoredReply<'a> {
    request_id: Option<&'a str>,
    call_id: Option<&'a CallId>,
    callees: &'a [CalleeResult],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RingDocument<'a> {
    key: &'a RingKey,
    state: RingState,
    /// Whether this command has sent nothing.
    repeated: bool,
    sent_at: Option<UnixMillis>,
}

impl Once<'_> {
    pub(super) async fn ring(&self) -> Result<Exit, CommandError> {
        let mut interrupts = Interrupts::listen()?;
        let ledger = store::open(self.store).await?;
        let mut ringing = pin!(ledger.ring_once(&self.client, self.key.clone(), self.request));
        let ring = tokio::select! {
            ring = &mut ringing => ring,
            _ = interrupts.reach(1) => {
                self.screen.note("what became of the call is awaited; Ctrl-C again quits");
                tokio::select! {
                    ring = &mut ringing => ring,
                    _ = interrupts.reach(2) => {
                        self.screen.warn("the phone may have rung; the same command tells, and does not ring again");
                        return Ok(Exit::Interrupted);
                    }
                }
            }
        };
        Ok(self.show(&ring?))
    }

    fn show(&self, once: &RingOnce) -> Exit {
        let told = Told::of(once);
        let ring = &once.ring;
        let document = Document {
            reply: (ring.state == RingState::Rung && once.verdict != Verdict::KeyReused).then(
                || StoredReply {
                    request_id: ring.request_id.as_deref(),
                    call_id: ring.call_id.as_ref(),
                    callees: &ring.callees,
                },
            ),
            error: told.error,
            ring: RingDocument {
                key: &ring.key,
                state: ring.state,
                repeated: once.repeated,
                sent_at: ring.sent_at,
            },
        };
        let done = Done::once(&told.title, None, told.exit);
        self.screen
            .show_done(sheet(ring, &told.title, told.style), &document, done)
    }
}

/// What a verdict says, to people and to programs.
struct Told {
    title: String,
    style: anstyle::Style,
    exit: Exit,
    error: Option<ErrorDescription>,
}

impl Told {
    fn of(once: &RingOnce) -> Told {
        let (ring, key) = (&once.ring, &once.ring.key);
        let call = match &ring.call_id {
            Some(call_id) => format!("Call {call_id}"),
            None => "A call without a CallId".to_owned(),
        };
        let told = |title: String, style, exit, error| Told {
            title,
            style,
            exit,
            error,
        };
        let error = |code, message: &str| ErrorDescription::of_shell("ledger", code, message);
        match once.verdict {
            Verdict::Rung if once.repeated => told(
                format!("{call}, rung before: nothing was sent"),
                TITLE,
                Exit::Ok,
                None,
            ),
            Verdict::Rung => told(call, TITLE, Exit::Ok, None),
            Verdict::KeyReused => {
                let message = format!(
                    "the key {key} stands for another call: nothing was sent; take another key"
                );
                told(
                    message.clone(),
                    BAD,
                    Exit::Usage,
                    Some(error("key_reused", &message)),
                )
            }
            Verdict::Refused => {
                let cause = ring.failure.as_ref();
                let code = cause.map_or("refused", |cause| known_code(&cause.code));
                let exit = if code == NOT_RUNG {
                    Exit::NobodyAnswered
                } else {
                    Exit::Refused
                };
                let message = format!("the service refused: {}", message(cause));
                told(message.clone(), BAD, exit, Some(error(code, &message)))
            }
            Verdict::InProgress => {
                let message = "somebody else is sending it, or a worker will: ask again";
                let mut error = error("in_progress", message);
                (error.effect, error.retryable) = (Effect::Unknown, true);
                (error.may_have_rung, error.outcome_unknown) = (true, true);
                told(
                    message.to_owned(),
                    WARNING,
                    Exit::OutcomeUnknown,
                    Some(error),
                )
            }
            Verdict::Unknown => {
                let message = format!(
                    "the phone may have rung, and is not rung again: {}",
                    message(ring.failure.as_ref())
                );
                let mut error = error("outcome_unknown", &message);
                error.effect = Effect::Unknown;
                (error.may_have_rung, error.outcome_unknown) = (true, true);
                told(message, BAD, Exit::OutcomeUnknown, Some(error))
            }
            Verdict::PresumedNotRung => {
                let message = "nothing was ever heard of it, and it is not rung again; take another key to ring";
                told(
                    message.to_owned(),
                    WARNING,
                    Exit::NobodyAnswered,
                    Some(error("presumed_not_rung", message)),
                )
            }
            Verdict::Cancelled => {
                let message = "it was taken back before it was sent";
                told(
                    message.to_owned(),
                    WARNING,
                    Exit::NobodyAnswered,
                    Some(error("cancelled", message)),
                )
            }
            _ => {
                let message = format!(
                    "surely nothing was sent: {}",
                    message(ring.failure.as_ref())
                );
                let mut error = error("not_sent", &message);
                (error.effect, error.retryable) = (Effect::None, true);
                told(message, BAD, Exit::Network, Some(error))
            }
        }
    }
}

/// As the ledger calls a reply that rings nobody.
const NOT_RUNG: &str = "not_rung";

fn known_code(code: &str) -> &'static str {
    if code == NOT_RUNG {
        NOT_RUNG
    } else {
        "refused"
    }
}

fn message(cause: Option<&Failure>) -> &str {
    cause.map_or("no reason was told", |cause| &cause.message)
}

/// A ring for people.
pub(crate) fn sheet(ring: &Ring, title: &str, style: anstyle::Style) -> Sheet {
    let sheet = ring
        .callees
        .iter()
        .fold(Sheet::new(title).styled(style), |sheet, callee| {
            let rung = if callee.was_rung() {
                "rung"
            } else {
                "could not be rung"
            };
            sheet.row(&callee.user_id, rung)
        });
    sheet
        .row("key", &ring.key)
        .row("state", ring.state)
        .row_if("sent", ring.sent_at.map(UtcMillis))
        .row_if("RequestId", ring.request_id.as_ref())
}
