use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::Instrument as _;
use trtc_call_core::UnixMillis;
use trtc_call_core::call_session::{
    Answer, CallSession, Output, Phase, Request, SendId, SessionEvent,
};
use trtc_call_core::webhook::{self, ingest::IngestEvent};

use super::{Record, Save, SessionBuilder, exchange};
use crate::{Client, RecordedExchange};

/// Brings a session the replies, the time and its user's orders, and does what it says.
pub(super) struct Driver {
    client: Client,
    session: CallSession,
    save: Option<Save>,
    record: Option<Record>,
    last_saved: String,
    /// Told once what they follow from is saved.
    untold: Vec<SessionEvent>,
    orders: mpsc::UnboundedReceiver<Order>,
    events: mpsc::UnboundedSender<SessionEvent>,
    phase: watch::Sender<Phase>,
    under_way: JoinSet<(SendId, Answer)>,
    /// Held until call and stream are ended: who waits for the client's tasks waits for that, and for no record.
    cleaning: Option<TaskTrackerToken>,
    began: Instant,
    began_at: UnixMillis,
}

/// What a session's user tells it.
#[derive(Debug)]
pub(super) enum Order {
    End,
    CallWebhook(Box<webhook::Event>),
    IngestWebhook(IngestEvent),
    /// Leave everything as it is, and give the session as text.
    Suspend(oneshot::Sender<String>),
}

/// By the client's clock.
pub(super) fn now(client: &Client) -> UnixMillis {
    let seconds = (client.0.sender.clock)();
    UnixMillis(seconds.0.saturating_mul(1000))
}

impl Driver {
    pub(super) fn new(
        SessionBuilder {
            client,
            session,
            save,
            record,
        }: SessionBuilder,
        orders: mpsc::UnboundedReceiver<Order>,
        events: mpsc::UnboundedSender<SessionEvent>,
        phase: watch::Sender<Phase>,
    ) -> Driver {
        // One that is gone on with after its end has nothing more to say by itself.
        let cleaning = Some(client.tasks().token());
        let ended = session.outcome().map(|outcome| SessionEvent::Ended {
            outcome: Box::new(outcome),
        });
        Driver {
            began_at: now(&client),
            began: Instant::now(),
            client,
            session,
            save,
            record,
            last_saved: String::new(),
            untold: ended.into_iter().collect(),
            orders,
            events,
            phase,
            under_way: JoinSet::new(),
            cleaning,
        }
    }

    pub(super) async fn run(mut self) {
        let span = tracing::error_span!("trtc_call_session", room = %self.session.plan().room());
        async move {
            loop {
                self.act().await;
                if self.session.is_over() {
                    return;
                }
                if let Some(receiver) = self.wait().await {
                    return self.suspend(receiver).await;
                }
            }
        }
        .instrument(span)
        .await;
    }

    /// Does what the session wants done.
    async fn act(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Event(event) => self.untold.push(event),
                Output::Send { id, request } => self.send(id, request).await,
                _ => {}
            }
        }
        if let Err(error) = self.save().await {
            tracing::error!(%error, "the session could not be saved");
        }
        self.tell();
    }

    /// Sends a request in the background, once the session is saved.
    async fn send(&mut self, id: SendId, request: Request) {
        if let Err(error) = self.save().await {
            tracing::error!(%error, "the session could not be saved before a request");
            if let Some(answer) = exchange::not_sent(&request, &error) {
                let now = self.now();
                return self.session.handle_answer(id, &answer, now);
            }
        }
        let (client, record) = (self.client.clone(), self.record.clone());
        let exchange = async move {
            let Some(record) = record else {
                return (id, exchange::send(&client, request, None).await);
            };
            let mut hand_on = |exchange: RecordedExchange| record(exchange);
            (
                id,
                exchange::send(&client, request, Some(&mut hand_on)).await,
            )
        };
        self.under_way.spawn(exchange.in_current_span());
    }

    async fn save(&mut self) -> Result<(), super::BoxError> {
        let Some(save) = &mut self.save else {
            return Ok(());
        };
        let text = self.session.save();
        if text != self.last_saved {
            save(text.clone()).await?;
            self.last_saved = text;
        }
        Ok(())
    }

    fn tell(&mut self) {
        let phase = self.session.phase();
        if *self.phase.borrow() != phase {
            tracing::info!(%phase, "the session goes on");
            self.phase.send_replace(phase);
        }
        for event in self.untold.drain(..) {
            // Who dropped the session does not listen.
            let _ = self.events.send(event);
        }
        if phase.is_clean() {
            self.cleaning = None;
        }
    }

    /// Waits for something to happen, and hands it in. Returns who wants the session to be suspended.
    async fn wait(&mut self) -> Option<oneshot::Sender<String>> {
        let wakeup = self.session.next_wakeup();
        let pause = wakeup.map_or(LONGEST_PAUSE, |wakeup| self.until(wakeup));
        tokio::select! {
            Some(done) = self.under_way.join_next() => {
                // One that was lost is given up by the session itself, after a while.
                if let Ok((id, answer)) = done {
                    let now = self.now();
                    self.session.handle_answer(id, &answer, now);
                }
            }
            Some(order) = self.orders.recv() => return self.obey(order),
            () = tokio::time::sleep(pause) => {
                let now = self.now();
                self.session.handle_time(now);
            }
        }
        None
    }

    fn obey(&mut self, order: Order) -> Option<oneshot::Sender<String>> {
        let now = self.now();
        match order {
            Order::End => self.session.end(now),
            Order::CallWebhook(event) => self.session.handle_call_webhook(*event, now),
            Order::IngestWebhook(event) => self.session.handle_ingest_webhook(event, now),
            Order::Suspend(receiver) => return Some(receiver),
        }
        None
    }

    /// Waits for the replies that are under way, without which their outcome would be unknown.
    async fn suspend(&mut self, receiver: oneshot::Sender<String>) {
        while let Some(done) = self.under_way.join_next().await {
            if let Ok((id, answer)) = done {
                let now = self.now();
                self.session.handle_answer(id, &answer, now);
            }
        }
        if let Err(error) = self.save().await {
            tracing::error!(%error, "the session could not be saved");
        }
        self.cleaning = None;
        // Who does not wait for the text any more has what was saved.
        let _ = receiver.send(self.session.save());
    }

    /// Counted from the session's beginning, so that a clock that is set does not disturb it.
    fn now(&self) -> UnixMillis {
        let passed = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        UnixMillis(self.began_at.0.saturating_add(passed))
    }

    fn until(&self, moment: UnixMillis) -> Duration {
        Duration::from_millis(moment.0.saturating_sub(self.now().0))
    }
}

/// Who shuts the runtime down before call and stream are ended is told.
impl Drop for Driver {
    fn drop(&mut self) {
        if self.cleaning.is_none() {
            return;
        }
        let session = &self.session;
        let (plan, phase) = (session.plan(), session.phase());
        tracing::error!(
            %phase,
            robot = %plan.robot(),
            room = %plan.room(),
            call_id = session.call_id().map(tracing::field::display),
            task_id = session.task_id().map(tracing::field::display),
            "the runtime was shut down before the session had ended call and stream, which may go on: wait for \
             Session::close or Client::drained, or go on with what was saved"
        );
    }
}

/// A session always waits for something; this is for the compiler's sake.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
