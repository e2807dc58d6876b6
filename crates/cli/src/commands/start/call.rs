//! The call itself: sent, watched if that is wanted, and shown.

use std::pin::pin;
use std::time::Duration;

use serde::Serialize;
use trtc_call::call_engine::start_call_by_robot::{Request, Response};
use trtc_call::offline_push::Advice;
use trtc_call::{CallId, CallRecord, Client, Endpoint as _, Error, OutcomeUnknown, Reply};

use super::board::Board;
use super::members::{MemberEvent, Members};
use super::watch::Watch;
use crate::command_error::{CommandError, ErrorDocument};
use crate::commands::record;
use crate::exit::Exit;
use crate::interrupts::{Interrupts, cancelled};
use crate::moment::now;
use crate::printable::Printable;
use crate::screen::{Done, Screen};
use crate::service::Answer;
use crate::sheet::Sheet;

/// One call that is to be made.
pub(super) struct Call<'a> {
    pub(super) screen: &'a Screen,
    pub(super) client: Client,
    pub(super) request: &'a Request,
    /// How often to ask about the call until it ends, if it is to be watched.
    pub(super) watch_interval: Option<Duration>,
    /// Whether the service is gone when this command has ended, and with it the call.
    pub(super) ends_with_us: bool,
}

/// The result for programs.
#[derive(Serialize)]
struct Document<'a> {
    reply: Answer<'a, Response>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advice: Vec<Advice>,
    #[serde(flatten)]
    watched: Option<Watched>,
}

#[derive(Serialize)]
struct Watched {
    events: Vec<MemberEvent>,
    record: Option<CallRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorDocument>,
}

impl Call<'_> {
    /// Makes the call, and shows what came of it.
    pub(super) async fn place(&self) -> Result<Exit, CommandError> {
        let interrupts = Interrupts::listen()?;
        let reply = self.send(interrupts.clone()).await?;
        match (self.watch_interval, &reply.response.call_id) {
            (Some(interval), Some(call_id)) => {
                self.watch(&reply, call_id, interval, interrupts).await
            }
            (Some(_), None) => {
                self.screen
                    .warn("without a CallId the call cannot be watched");
                let watched = Watched {
                    events: Vec::new(),
                    record: None,
                    error: None,
                };
                Ok(self.show(&reply, Some(watched), Exit::OutcomeUnknown))
            }
            (None, _) => {
                self.warn_of_callees_not_rung(&reply.response);
                Ok(self.show(&reply, None, exit(&reply.response)))
            }
        }
    }

    /// Sends the call. Asked to stop, it gives up waiting for the reply; of a call that is to be watched the second
    /// one does, since after the first the call can still be ended.
    async fn send(&self, mut interrupts: Interrupts) -> Result<Reply<Response>, CommandError> {
        let sent_at = now();
        let mut reply = pin!(self.client.send(self.request));
        let mut interrupted = 0;
        loop {
            let by = tokio::select! {
                reply = &mut reply => return reply.map_err(CommandError::service::<Request>),
                by = interrupts.reach(interrupted + 1) => by,
            };
            interrupted += 1;
            if interrupted == 1 && self.watch_interval.is_some() {
                self.screen
                    .note("the call will be ended when its name is known; Ctrl-C again quits");
                continue;
            }
            let cancelled = cancelled(by);
            let error = match self.request.ring_attempt() {
                Some(attempt) => {
                    let unknown = OutcomeUnknown::new(attempt, sent_at, now(), cancelled.into());
                    Box::new(unknown).into()
                }
                None => Error::from(cancelled),
            };
            return Err(CommandError::service::<Request>(error));
        }
    }

    /// Watches the call to its end, and shows its record.
    async fn watch(
        &self,
        reply: &Reply<Response>,
        call_id: &CallId,
        interval: Duration,
        mut interrupts: Interrupts,
    ) -> Result<Exit, CommandError> {
        self.screen
            .note(format_args!("call {}, Ctrl-C ends it", Printable(call_id)));
        let mut board = Board::new(*self.screen, self.request.callees());
        let mut watch = Watch {
            client: &self.client,
            call_id,
            interval,
            interrupts: interrupts.clone(),
            board: &mut board,
            members: Members::new(self.request.robot().clone()),
            events: Vec::new(),
        };
        watch.started(&reply.response);
        let result = tokio::select! {
            result = watch.run() => Some(result),
            _ = interrupts.reach(2) => None,
        };
        let mut watched = Watched {
            events: watch.events,
            record: None,
            error: None,
        };
        board.close();
        match result {
            Some(Ok(record)) => {
                let sheet = record::sheet(&record);
                let was_answered = record.was_answered();
                watched.record = Some(record);
                let exit = if was_answered {
                    Exit::Ok
                } else {
                    Exit::NobodyAnswered
                };
                let what = format!("call {call_id} rang, and has ended");
                let document = self.document(reply, Some(watched));
                Ok(self
                    .screen
                    .show_done(sheet, &document, Done::once(what, None, exit)))
            }
            Some(Err(failure)) => {
                watched.error = Some(failure.document());
                let exit = self.show(reply, Some(watched), failure.exit());
                self.screen.error(&failure);
                Ok(exit)
            }
            None => {
                self.screen.warn("the call was not ended; it may go on");
                Ok(self.show(reply, Some(watched), Exit::Interrupted))
            }
        }
    }

    fn warn_of_callees_not_rung(&self, response: &Response) {
        for callee in response.callees.iter().filter(|callee| !callee.was_rung()) {
            let (user, code) = (Printable(&callee.user_id), callee.result_code);
            self.screen
                .warn(format_args!("{user} could not be rung (ResultCode {code})"));
        }
    }

    /// Shows the reply, to which a call belongs that may still be up.
    fn show(&self, reply: &Reply<Response>, watched: Option<Watched>, exit: Exit) -> Exit {
        let call_id = reply.response.call_id.as_ref();
        let what = match call_id {
            Some(call_id) => format!("the service started call {call_id}"),
            None => "the service started the call, and gave no CallId".to_owned(),
        };
        let advice = call_id.filter(|_| !self.ends_with_us);
        let advice = advice.map(|call_id| {
            format!("watch it: trtc-call status {call_id}; end it: trtc-call end {call_id}")
        });
        self.screen.show_done(
            self.sheet(reply),
            &self.document(reply, watched),
            Done::once(what, advice, exit),
        )
    }

    fn document<'a>(&self, reply: &'a Reply<Response>, watched: Option<Watched>) -> Document<'a> {
        Document {
            reply: Answer::from(reply),
            advice: self.request.advice(),
            watched,
        }
    }

    /// The reply for people.
    fn sheet(&self, reply: &Reply<Response>) -> Sheet {
        let Response {
            call_id, callees, ..
        } = &reply.response;
        let sheet = match call_id {
            Some(call_id) => Sheet::new(format_args!("Call {call_id}")),
            None => Sheet::new("The service started the call, and gave no CallId"),
        };
        let sheet = callees.iter().fold(sheet, |sheet, callee| {
            sheet.row(
                &callee.user_id,
                if callee.was_rung() {
                    "rung"
                } else {
                    "could not be rung"
                },
            )
        });
        let sheet = sheet.row("RequestId", &reply.request_id);
        match call_id {
            Some(call_id) if !self.ends_with_us => sheet
                .row("watch it", format_args!("trtc-call status {call_id}"))
                .row("end it", format_args!("trtc-call end {call_id}")),
            _ => sheet,
        }
    }
}

/// The exit code of a call that is not watched.
fn exit(response: &Response) -> Exit {
    if response.was_rung() {
        Exit::Ok
    } else {
        Exit::NobodyAnswered
    }
}
