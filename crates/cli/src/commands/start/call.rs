//! The call itself: sent, watched if that is wanted, and shown.

use std::pin::pin;
use std::time::Duration;

use serde::Serialize;
use trtc_call::call_engine::start_call_by_robot::{CalleeResult, Request, Response};
use trtc_call::{
    CallId, CallRecord, Client, Endpoint as _, Error, OutcomeUnknown, Reply, TransportError,
    TransportErrorKind,
};

use super::board::Board;
use super::members::{MemberEvent, Members};
use super::watch::Watch;
use crate::commands::record;
use crate::exit::Exit;
use crate::failure::{ErrorDocument, Failure};
use crate::interrupts::Interrupts;
use crate::moment::now;
use crate::printable::Printable;
use crate::screen::Screen;
use crate::service::Answer;
use crate::sheet::Sheet;

/// One call that is to be made.
pub(super) struct Call<'a> {
    pub(super) screen: &'a Screen,
    pub(super) client: Client,
    pub(super) request: &'a Request,
    /// How often to ask about the call until it ends, if it is to be watched.
    pub(super) watch_interval: Option<Duration>,
}

/// The result for programs.
#[derive(Serialize)]
struct Document<'a> {
    reply: Answer<'a, Response>,
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
    pub(super) async fn place(&self) -> Result<Exit, Failure> {
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
                self.show(&reply, Some(watched))?;
                Ok(Exit::OutcomeUnknown)
            }
            (None, _) => {
                self.warn_of_callees_not_rung(&reply.response);
                self.show(&reply, None)?;
                Ok(exit(&reply.response))
            }
        }
    }

    /// Sends the call. Ctrl-C gives up waiting for the reply; of a call that is to be watched the second
    /// one does, since after the first the call can still be ended.
    async fn send(&self, mut interrupts: Interrupts) -> Result<Reply<Response>, Failure> {
        let sent_at = now();
        let mut reply = pin!(self.client.send(self.request));
        let mut interrupted = 0;
        loop {
            tokio::select! {
                reply = &mut reply => return reply.map_err(Failure::service::<Request>),
                () = interrupts.reach(interrupted + 1) => interrupted += 1,
            }
            if interrupted == 1 && self.watch_interval.is_some() {
                self.screen
                    .note("the call will be ended when its name is known; Ctrl-C again quits");
                continue;
            }
            let cancelled = TransportError::new(TransportErrorKind::Cancelled, "Ctrl-C");
            let error = match self.request.ring_attempt() {
                Some(attempt) => {
                    let unknown = OutcomeUnknown::new(attempt, sent_at, now(), cancelled.into());
                    Box::new(unknown).into()
                }
                None => Error::from(cancelled),
            };
            return Err(Failure::service::<Request>(error));
        }
    }

    /// Watches the call to its end, and shows its record.
    async fn watch(
        &self,
        reply: &Reply<Response>,
        call_id: &CallId,
        interval: Duration,
        mut interrupts: Interrupts,
    ) -> Result<Exit, Failure> {
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
            () = interrupts.reach(2) => None,
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
                let was_answered = record.accept_time.is_some() || record.result.was_answered();
                watched.record = Some(record);
                self.screen
                    .show(sheet, &Document::new(reply, Some(watched)))?;
                Ok(if was_answered {
                    Exit::Ok
                } else {
                    Exit::NobodyAnswered
                })
            }
            Some(Err(failure)) => {
                watched.error = Some(failure.document());
                self.show(reply, Some(watched))?;
                self.screen.error(&failure);
                Ok(failure.exit())
            }
            None => {
                self.screen.warn("the call was not ended; it may go on");
                self.show(reply, Some(watched))?;
                Ok(Exit::Interrupted)
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

    fn show(&self, reply: &Reply<Response>, watched: Option<Watched>) -> Result<(), Failure> {
        self.screen
            .show(sheet(reply), &Document::new(reply, watched))
    }
}

impl Document<'_> {
    fn new(reply: &Reply<Response>, watched: Option<Watched>) -> Document<'_> {
        Document {
            reply: Answer::from(reply),
            watched,
        }
    }
}

/// The exit code of a call that is not watched.
fn exit(Response { callees, .. }: &Response) -> Exit {
    if callees.is_empty() || callees.iter().any(CalleeResult::was_rung) {
        Exit::Ok
    } else {
        Exit::NobodyAnswered
    }
}

/// The reply for people.
fn sheet(reply: &Reply<Response>) -> Sheet {
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
    sheet
        .row("RequestId", &reply.request_id)
        .row_if(
            "watch it",
            call_id.as_ref().map(|id| format!("trtc-call status {id}")),
        )
        .row_if(
            "end it",
            call_id.as_ref().map(|id| format!("trtc-call end {id}")),
        )
}
