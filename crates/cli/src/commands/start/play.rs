//! `--play`: the whole job, from the first ring to the record, as it goes on.

use serde::Serialize;
use trtc_call::call_session::{EndReason, Outcome, Plan, SessionEvent};
use trtc_call::offline_push::Advice;
use trtc_call::stream_ingest::TaskId;
use trtc_call::webhook::MemberState;
use trtc_call::{CallId, CallRecord, Client, UserId};

use super::board::{Board, Look};
use crate::command_error::CommandError;
use crate::commands::record;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::moment::now_ms;
use crate::printable::Printable;
use crate::room::ShownRoom;
use crate::screen::{Done, Screen};
use crate::sheet::Sheet;
use crate::style::BAD;

/// One call that is to be made and played into.
pub(super) struct Play<'a> {
    pub(super) screen: &'a Screen,
    pub(super) client: Client,
    pub(super) plan: Plan,
    /// Whether the service is gone when this command has ended, and with it call and stream.
    pub(super) ends_with_us: bool,
}

/// The result for programs.
#[derive(Serialize)]
struct Document {
    events: Vec<TimedEvent>,
    /// `None` where it was not waited for.
    outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advice: Vec<Advice>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TimedEvent {
    /// In milliseconds since 1970.
    at_ms: u64,
    #[serde(flatten)]
    event: SessionEvent,
}

impl Play<'_> {
    /// Does the job, and shows what came of it. Asked to stop, it ends call and stream; asked again, it quits.
    pub(super) async fn run(self) -> Result<Exit, CommandError> {
        let mut interrupts = Interrupts::listen()?;
        let mut board = Board::new(*self.screen, self.plan.call().callees());
        let mut document = Document {
            events: Vec::new(),
            outcome: None,
            advice: self.plan.call().advice(),
        };
        let started = self.client.session(self.plan.clone()).start();
        let mut session = started.map_err(CommandError::request)?;
        let mut interrupted = 0;
        while document.outcome.is_none() {
            tokio::select! {
                event = session.next() => match event {
                    Some(SessionEvent::Ended { outcome }) => {
                        over(&mut board, &outcome);
                        document.outcome = Some(*outcome);
                    }
                    Some(event) => {
                        self.show(&mut board, &event, &document.events);
                        document.events.push(TimedEvent { at_ms: now_ms(), event });
                    }
                    // It ends without an outcome only with this runtime.
                    None => break,
                },
                _ = interrupts.reach(interrupted + 1) => {
                    interrupted += 1;
                    if interrupted > 1 {
                        break;
                    }
                    board.remark("ending the call and the stream; Ctrl-C again quits at once");
                    session.end();
                }
            }
        }
        board.close();
        let (sheet, exit) = match &document.outcome {
            Some(outcome) => (self.sheet(outcome), exit(outcome)),
            None => {
                let warning = "the call and the stream were not ended for certain; they may go on";
                self.screen.warn(warning);
                (Sheet::new("Interrupted").styled(BAD), Exit::Interrupted)
            }
        };
        let done = Done::once(document.what_was_done(), self.advice(&document), exit);
        Ok(self.screen.show_done(sheet, &document, done))
    }

    /// How to end what may still be up.
    fn advice(&self, document: &Document) -> Option<String> {
        let (call_may_be_up, stream_may_run) = match &document.outcome {
            Some(outcome) => (outcome.call_may_be_up, outcome.ingest_may_run),
            None => (true, true),
        };
        if self.ends_with_us {
            return None;
        }
        let (call_id, task_id) = document.names();
        let call = call_id.filter(|_| call_may_be_up);
        let call = call.map(|call_id| format!("end the call: trtc-call end {call_id}"));
        let stream = task_id.filter(|_| stream_may_run);
        let stream = stream.map(|task_id| format!("the stream: trtc-call ingest stop {task_id}"));
        let advice: Vec<String> = call.into_iter().chain(stream).collect();
        (!advice.is_empty()).then(|| advice.join("; "))
    }

    fn show(&self, board: &mut Board, event: &SessionEvent, earlier: &[TimedEvent]) {
        match event {
            SessionEvent::Ringing { call_id } => {
                let call_id = Printable(call_id);
                self.screen
                    .note(format_args!("call {call_id}, Ctrl-C ends it"));
                for callee in self.plan.call().callees() {
                    board.row(callee, Look::Waiting, "ringing", "ringing");
                }
            }
            SessionEvent::NotRung { user_id, .. } => {
                board.row(
                    user_id,
                    Look::Failed,
                    "could not be rung",
                    "could not be rung",
                );
            }
            SessionEvent::Member { user_id, state } => {
                let answered = earlier.iter().any(|earlier| earlier.is_answer_of(user_id));
                let (look, words, standing) = member(state, answered);
                board.row(user_id, look, words, standing);
            }
            SessionEvent::Playing { task_id } => {
                let words = format!("playing, task {task_id}");
                board.row(MEDIA, Look::Going, &words, "playing");
            }
            SessionEvent::IngestRestarting { .. } => {
                let words = "the stream broke; the service pulls it again";
                board.row(MEDIA, Look::Waiting, words, words);
            }
            SessionEvent::IngestFailed {
                failure,
                will_retry,
            } => {
                let next = if *will_retry { "; trying again" } else { "" };
                let words = format!("not playing{next}: {}", failure.message);
                board.row(MEDIA, Look::Failed, &words, &words);
            }
            SessionEvent::MediaEnded { .. } => {
                board.row(MEDIA, Look::Done, "played to its end", "played to its end");
            }
            SessionEvent::StartUnknown { failure } => {
                let words = format!(
                    "the phone may have rung, and the call is not sent again: {}",
                    failure.message
                );
                board.remark(&words);
            }
            SessionEvent::Ending { reason } => {
                board.remark(&format!("ending the call and the stream: {}", why(*reason)));
            }
            _ => {}
        }
    }

    fn sheet(&self, outcome: &Outcome) -> Sheet {
        let room = ShownRoom(self.plan.room());
        if outcome.call_may_be_up {
            let end = outcome.call_id.as_ref().map_or(String::new(), |call_id| {
                format!(": trtc-call end {}", Printable(call_id))
            });
            self.screen
                .warn(format_args!("the call may still be up{end}"));
        }
        if outcome.ingest_may_run {
            let robot = Printable(self.plan.robot());
            self.screen.warn(format_args!(
                "the stream may still play: remove {robot} from room {room}"
            ));
        }
        let sheet = match &outcome.record {
            Some(record) => record::sheet(record),
            None => Sheet::new("The call has no record")
                .row_if("call", outcome.call_id.as_ref())
                .row("room", room),
        };
        sheet
            .row("over because", why(outcome.reason))
            .row_if(
                "stream",
                outcome.task_id.as_ref().map(|id| format!("task {id}")),
            )
            .row_if(
                "failure",
                outcome.failure.as_ref().map(|failure| &failure.message),
            )
    }
}

/// Says what has become of those who were still there, and of the stream.
fn over(board: &mut Board, outcome: &Outcome) {
    if !outcome.call_may_be_up {
        let members = outcome.members.iter();
        for (user, _) in members.filter(|(_, state)| *state == MemberState::InCall) {
            board.row(user, Look::Done, "left the call", "left the call");
        }
    }
    let (call, stream) = (outcome.call_id.is_some(), outcome.task_id.is_some());
    match (
        outcome.call_may_be_up || outcome.ingest_may_run,
        call,
        stream,
    ) {
        (false, true, true) => board.remark("the call and the stream have ended"),
        (false, true, false) => board.remark("the call has ended; no stream plays"),
        _ => {}
    }
}

impl Document {
    /// The call and the stream's last task, as far as they became known.
    fn names(&self) -> (Option<&CallId>, Option<&TaskId>) {
        if let Some(outcome) = &self.outcome {
            return (outcome.call_id.as_ref(), outcome.task_id.as_ref());
        }
        let (mut call, mut task) = (None, None);
        for TimedEvent { event, .. } in &self.events {
            match event {
                SessionEvent::Ringing { call_id } => call = Some(call_id),
                SessionEvent::Playing { task_id } => task = Some(task_id),
                _ => {}
            }
        }
        (call, task)
    }

    fn what_was_done(&self) -> String {
        let (call_id, task_id) = self.names();
        let call = match call_id {
            Some(call_id) => format!("call {call_id} went out"),
            None => "a call was to go out, and has no known CallId".to_owned(),
        };
        match task_id {
            Some(task_id) => format!("{call}, and task {task_id} played into it"),
            None => call,
        }
    }
}

impl TimedEvent {
    fn is_answer_of(&self, user: &UserId) -> bool {
        matches!(&self.event, SessionEvent::Member { user_id, state: MemberState::InCall } if user_id == user)
    }
}

/// The name of the line about the stream. No UserID is like it.
const MEDIA: &str = "(stream)";

fn member(state: &MemberState, answered: bool) -> (Look, &'static str, &'static str) {
    match state {
        MemberState::Ringing => (Look::Waiting, "ringing", "ringing"),
        MemberState::InCall => (Look::Going, "answered", "in the call"),
        MemberState::Rejected => (Look::Failed, "declined", "declined"),
        MemberState::NotAnswered => (Look::Failed, "did not answer", "did not answer"),
        MemberState::Busy => (Look::Failed, "is in another call", "is in another call"),
        MemberState::Offline => (Look::Failed, "is offline", "is offline"),
        MemberState::Cancelled => (Look::Failed, "no longer rung", "no longer rung"),
        MemberState::HungUp => (Look::Done, "hung up", "hung up"),
        _ if answered => (Look::Done, "left the call", "left the call"),
        _ => (Look::Failed, "did not answer", "did not answer"),
    }
}

fn why(reason: EndReason) -> &'static str {
    match reason {
        EndReason::NotStarted => "the call could not be started",
        EndReason::OutcomeUnknown => "whether the phones rang never became known",
        EndReason::NotAnswered => "nobody answered",
        EndReason::HungUp => "the callee hung up",
        EndReason::MediaEnded => "the stream is over",
        EndReason::MediaFailed => "the stream could not be played",
        EndReason::TooLong => "it took as long as it may",
        EndReason::Requested => "it was asked to stop",
        _ => reason.as_str(),
    }
}

fn exit(outcome: &Outcome) -> Exit {
    if outcome.call_may_be_up || outcome.ingest_may_run {
        return Exit::OutcomeUnknown;
    }
    let was_answered = || {
        let mut members = outcome.members.iter();
        let record = outcome.record.as_ref();
        record.is_some_and(CallRecord::was_answered)
            || members.any(|(_, state)| matches!(state, MemberState::HungUp | MemberState::InCall))
    };
    match outcome.reason {
        EndReason::OutcomeUnknown => Exit::OutcomeUnknown,
        EndReason::NotStarted => not_started(outcome),
        EndReason::MediaFailed => Exit::Refused,
        EndReason::NotAnswered => Exit::NobodyAnswered,
        EndReason::Requested if !was_answered() => Exit::NobodyAnswered,
        _ => Exit::Ok,
    }
}

/// As `start` exits, without `--play`.
fn not_started(outcome: &Outcome) -> Exit {
    let code = outcome
        .failure
        .as_ref()
        .map(|failure| failure.code.as_str());
    match code {
        Some("connect_failed" | "http_status") => Exit::Network,
        // Ended before anything was sent.
        None => Exit::NobodyAnswered,
        Some(_) => Exit::Refused,
    }
}
