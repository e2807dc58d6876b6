use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use trtc_call::call_engine::end_call;
use trtc_call::call_engine::start_call_by_robot::{Request, Response};
use trtc_call::call_session::{Outcome, Phase, Plan, SessionEvent};
use trtc_call::{
    CallId, Endpoint as _, Error, RecordedExchange, Reply, Session, TaskId, UnixMillis,
};

use crate::Shared;
use crate::api::note_start;
use crate::api_error::ApiError;
use crate::board::{Call, PlayState, Playing};
use crate::requests::Attempts;

/// Starts a session, and waits for what the service says to the call.
pub(crate) async fn start(shared: &Arc<Shared>, plan: Plan) -> Result<Reply<Response>, ApiError> {
    let (record, exchanges) = mpsc::unbounded_channel();
    let (answer, answered) = oneshot::channel();
    let noting = Arc::downgrade(shared);
    let attempts = Mutex::new(Attempts::default());
    let session = shared
        .client()
        .session(plan.clone())
        .record(move |exchange| {
            if let Some(shared) = noting.upgrade() {
                shared.note_exchange_of(&exchange, &attempts);
            }
            // Nobody listens any more after the session's end.
            let _ = record.send(exchange);
        })
        .start()
        .map_err(ApiError::service::<Request>)?;
    let follower = Follower {
        shared: Arc::downgrade(shared),
        id: shared.sessions.add(session.handle()),
        plan,
        began_at: shared.now(),
        call_id: None,
        start: None,
        unheard: Vec::new(),
        state: PlayState::Waiting,
        task_id: None,
        answer: Some(answer),
    };
    tokio::spawn(follower.run(session, exchanges, shared.sessions.stop()));
    answered.await.unwrap_or_else(|_| {
        let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        let message = "the call's session ended early";
        Err(ApiError::refused(status, "internal", message))
    })
}

/// How often to look whether call and stream are ended, when the record is not waited for.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// Puts on the board what becomes of one session.
struct Follower {
    shared: Weak<Shared>,
    id: u64,
    plan: Plan,
    began_at: UnixMillis,
    call_id: Option<CallId>,
    /// What the service said to the call's last attempt.
    start: Option<Result<Reply<Response>, Error>>,
    /// What went over the wire before the call had a name.
    unheard: Vec<RecordedExchange>,
    state: PlayState,
    task_id: Option<TaskId>,
    answer: Option<oneshot::Sender<Result<Reply<Response>, ApiError>>>,
}

impl Follower {
    async fn run(
        mut self,
        mut session: Session,
        mut exchanges: mpsc::UnboundedReceiver<RecordedExchange>,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut is_stopping = false;
        loop {
            tokio::select! {
                // An exchange comes before what follows from it.
                biased;
                Some(exchange) = exchanges.recv() => self.see(exchange),
                event = session.next() => match event {
                    Some(SessionEvent::Ended { outcome }) => {
                        self.conclude(*outcome);
                        break;
                    }
                    Some(event) => self.hear(event),
                    None => break,
                },
                // It fails when the console was dropped, which is the end as well.
                _ = stop.wait_for(|stop| *stop), if !is_stopping => {
                    is_stopping = true;
                    session.end();
                }
                () = tokio::time::sleep(LOOK_INTERVAL), if is_stopping => {
                    if matches!(session.phase(), Phase::AwaitingRecord | Phase::Over) {
                        break;
                    }
                }
            }
        }
        if let Some(shared) = self.shared.upgrade() {
            shared.sessions.remove(self.id);
        }
    }

    fn see(&mut self, exchange: RecordedExchange) {
        if exchange.name == Request::COMMAND.name {
            let start = read_start(&exchange);
            let call_id = start
                .as_ref()
                .ok()
                .and_then(|it| it.response.call_id.clone());
            self.unheard.push(exchange);
            self.start = Some(start);
            if let Some(call_id) = call_id {
                self.begin(&call_id);
            }
        } else if is_worth_showing(exchange.name) {
            self.show(&[exchange]);
        }
    }

    /// The call has a name: it goes to the board, and the page is answered.
    fn begin(&mut self, call_id: &CallId) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        shared.sessions.name(self.id, call_id);
        self.call_id = Some(call_id.clone());
        if let Some(Ok(start)) = &self.start {
            let exchanges = std::mem::take(&mut self.unheard);
            note_start(
                &shared,
                self.plan.call(),
                &start.response,
                &exchanges,
                self.began_at,
            );
        } else {
            // Its start is unknown, and a webhook has named it.
            self.change(|call, _, _| {
                call.set_robot(self.plan.robot());
                true
            });
            let exchanges = std::mem::take(&mut self.unheard);
            self.show(&exchanges);
        }
        self.set(PlayState::Waiting);
        self.reply();
    }

    fn show(&self, exchanges: &[RecordedExchange]) {
        self.change(|call, now, next| {
            call.note_exchanges(exchanges, (now, now), next);
            true
        });
    }

    /// Answers the page, which waits for what became of the start.
    fn reply(&mut self) {
        let Some(answer) = self.answer.take() else {
            return;
        };
        let Some(start) = self.start.take() else {
            self.answer = Some(answer);
            return;
        };
        // The page may have gone away.
        let _ = answer.send(start.map_err(ApiError::service::<Request>));
    }

    fn hear(&mut self, event: SessionEvent) {
        match event {
            SessionEvent::Ringing { call_id } if self.call_id.is_none() => self.begin(&call_id),
            SessionEvent::Member { .. }
                if self.state == PlayState::Waiting && self.somebody_is_there() =>
            {
                self.set(PlayState::Starting);
            }
            SessionEvent::Playing { task_id } => {
                let summary = format!("the stream plays, task {}", task_id.as_str());
                self.task_id = Some(task_id);
                self.note("playing", summary);
                self.set(PlayState::Playing);
            }
            SessionEvent::IngestRestarting { .. } => {
                let summary = "the stream broke; the service pulls it again";
                self.note("play_starting", summary);
                self.set(PlayState::Starting);
            }
            SessionEvent::IngestFailed {
                failure,
                will_retry,
            } => {
                self.note("play_failed", failure.message);
                self.set(if will_retry {
                    PlayState::Starting
                } else {
                    PlayState::Failed
                });
            }
            SessionEvent::MediaEnded { .. } => {
                self.note("play_ended", "the stream is over");
                self.set(PlayState::Ended);
            }
            SessionEvent::Ending { reason } => self.note("ending", reason.as_str()),
            _ => {}
        }
        self.reply();
    }

    fn conclude(&mut self, outcome: Outcome) {
        if self.call_id.is_none()
            && let Some(call_id) = &outcome.call_id
        {
            self.begin(call_id);
        }
        if outcome.call_may_be_up {
            self.note(
                "call_may_be_up",
                "the call could not be ended for certain: it may still be up",
            );
        }
        if outcome.ingest_may_run {
            let summary =
                "the stream could not be stopped for certain: it may still play in the room";
            self.note("stream_may_play", summary);
        }
        if matches!(self.state, PlayState::Starting | PlayState::Playing) {
            self.note("play_ended", "the stream has ended");
        }
        if self.state != PlayState::Failed {
            self.set(PlayState::Ended);
        }
        self.reply();
        if let (Some(answer), Some(failure)) = (self.answer.take(), outcome.failure) {
            let status = axum::http::StatusCode::BAD_GATEWAY;
            let failure = ApiError::refused(status, "not_started", failure.message);
            let _ = answer.send(Err(failure));
        }
    }

    fn somebody_is_there(&self) -> bool {
        let (Some(shared), Some(call_id)) = (self.shared.upgrade(), &self.call_id) else {
            return false;
        };
        shared.board().call(call_id).is_some_and(Call::is_answered)
    }

    fn set(&mut self, state: PlayState) {
        self.state = state;
        let playing = Playing {
            state,
            task_id: self.task_id.clone(),
            stream_url: self.plan.media().stream_url().as_str().to_owned(),
        };
        self.change(|call, _, _| call.set_playing(playing));
    }

    fn note(&self, kind: &'static str, summary: impl Into<String>) {
        self.change(|call, now, next| call.note(now, kind, summary.into(), None, next));
    }

    fn change(&self, act: impl FnOnce(&mut Call, UnixMillis, &mut dyn FnMut() -> u64) -> bool) {
        if let (Some(shared), Some(call_id)) = (self.shared.upgrade(), &self.call_id) {
            let now = shared.now();
            shared.change_call(call_id, |call, next| act(call, now, next));
        }
    }
}

fn read_start(exchange: &RecordedExchange) -> Result<Reply<Response>, Error> {
    let text = exchange.reply.as_ref().map_err(Clone::clone)?;
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let status = head.strip_prefix("HTTP ").and_then(|it| it.parse().ok());
    Request::parse(status.unwrap_or(0), body.as_bytes())
}

/// What is asked again and again would bury the rest; the board says what follows from it.
fn is_worth_showing(name: &str) -> bool {
    name == end_call::Request::COMMAND.name
        || [
            "StartStreamIngest",
            "StopStreamIngest",
            "RemoveUser",
            "RemoveUserByStrRoomId",
        ]
        .contains(&name)
}
