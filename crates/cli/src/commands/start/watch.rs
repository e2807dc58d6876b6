//! Watching a call: its members until it ends, then its record.

use std::time::{Duration, Instant};

use trtc_call::call_engine::start_call_by_robot::Response;
use trtc_call::call_engine::{end_call, get_call_info};
use trtc_call::call_record::get_record_by_callid;
use trtc_call::{CallId, CallRecord, Client, Endpoint as _, Error, ErrorCode, Reply};

use super::board::Board;
use super::members::{MemberEvent, Members};
use crate::command_error::CommandError;
use crate::interrupts::Interrupts;
use crate::moment::now_ms;

/// How long the service may be out of reach before the watcher gives up. The call does not depend on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A record is there about 5 s after the call's end.
const RECORD_PATIENCE: Duration = Duration::from_secs(30);

/// Watches one call.
pub(super) struct Watch<'a> {
    pub(super) client: &'a Client,
    pub(super) call_id: &'a CallId,
    /// How often to ask.
    pub(super) interval: Duration,
    pub(super) interrupts: Interrupts,
    pub(super) board: &'a mut Board,
    pub(super) members: Members,
    pub(super) events: Vec<MemberEvent>,
}

impl Watch<'_> {
    /// Takes in the reply that started the call.
    pub(super) fn started(&mut self, response: &Response) {
        let events = self.members.started(&response.callees, now_ms());
        self.note(events);
    }

    /// Watches the call to its end and returns its record. Asked to stop, it ends the call.
    pub(super) async fn run(&mut self) -> Result<CallRecord, CommandError> {
        self.until_the_end().await?;
        let ended_at = now_ms();
        let events = self.members.ended(ended_at);
        self.note(events);
        self.board.ended();
        let record = self.record().await;
        let was_answered = record.as_ref().ok().map(CallRecord::was_answered);
        let events = self.members.recorded(was_answered, ended_at);
        self.note(events);
        record
    }

    async fn until_the_end(&mut self) -> Result<(), CommandError> {
        let request = get_call_info::Request::new(self.call_id.clone());
        let mut interrupts = self.interrupts.clone();
        let mut is_ending = false;
        let mut out_of_reach_since = None;
        loop {
            match self.client.send(&request).await {
                Ok(Reply { response, .. }) => {
                    out_of_reach_since = None;
                    let events = self.members.observed(&response.members, now_ms());
                    self.note(events);
                }
                Err(error) if error.is_gone() => return Ok(()),
                Err(error) if !error.is_retryable(get_call_info::Request::COMMAND.repeat) => {
                    return Err(CommandError::service::<get_call_info::Request>(error));
                }
                Err(error) => {
                    let since = *out_of_reach_since.get_or_insert_with(|| {
                        self.board.remark(&format!(
                            "the service is out of reach, still trying: {error}"
                        ));
                        Instant::now()
                    });
                    if since.elapsed() > PATIENCE {
                        return Err(CommandError::service::<get_call_info::Request>(error));
                    }
                }
            }
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                _ = interrupts.reach(1), if !is_ending => {
                    is_ending = true;
                    self.end().await;
                }
            }
        }
    }

    fn note(&mut self, events: Vec<MemberEvent>) {
        for event in events {
            self.board.show(&event);
            self.events.push(event);
        }
    }

    /// Ends the call because the user asked for it.
    async fn end(&mut self) {
        self.board
            .remark("ending the call; Ctrl-C again quits at once");
        let request = end_call::Request::new(self.call_id.clone());
        match self.client.send(&request).await {
            Ok(_) => self.board.remark("the call was ended"),
            Err(error) if error.is_gone() => {}
            Err(error) => self
                .board
                .remark(&format!("the call could not be ended: {error}")),
        }
    }

    async fn record(&mut self) -> Result<CallRecord, CommandError> {
        let request = get_record_by_callid::Request::new(self.call_id.clone());
        let asked_first = Instant::now();
        loop {
            let error = match self.client.send(&request).await {
                Ok(reply) => return Ok(reply.response.record),
                Err(error) => error,
            };
            let may_come = matches!(&error, Error::Server(refusal) if refusal.code == ErrorCode::RECORD_NOT_FOUND)
                || error.is_retryable(get_record_by_callid::Request::COMMAND.repeat);
            if !may_come || asked_first.elapsed() > RECORD_PATIENCE {
                return Err(CommandError::service::<get_record_by_callid::Request>(
                    error,
                ));
            }
            tokio::time::sleep(self.interval).await;
        }
    }
}
