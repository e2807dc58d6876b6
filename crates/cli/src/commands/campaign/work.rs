//! Ringing a campaign's users, with people or programs looking on.

use std::pin::pin;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;
use trtc_call::call_session::{EndReason, Failure};
use trtc_call::stream_ingest::TaskId;
use trtc_call::{CallId, CallResult, Client, SdkAppId, UnixMillis};
use trtc_call_ledger::{
    CampaignState, Ledger, LedgerError, Ring, RingKey, RingState, RunReport, Stats, WorkerEvent,
    WorkerOptions,
};

use super::hearing::Heard;
use super::metrics::Metrics;
use super::playing::{Played, Playing};
use super::progress::Progress;
use super::standing::Standing;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::moment::now_ms;
use crate::screen::{Done, Screen};

pub(super) struct Work<'a> {
    pub(super) screen: &'a Screen,
    pub(super) ledger: Ledger,
    pub(super) client: Client,
    pub(super) name: &'a str,
    pub(super) workers: usize,
    pub(super) metrics: Metrics,
    /// Whether it waits for calls to end, and rings again who is to be.
    pub(super) wait: bool,
    /// Whether programs are told as it goes on, and not only what came of it.
    pub(super) is_streamed: bool,
}

/// What came of it.
pub(super) struct Worked {
    pub(super) standing: Standing,
    pub(super) report: Vec<RunReport>,
    /// Whether it was asked to stop before it was done.
    pub(super) is_stopped: bool,
}

/// A line for programs.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    /// A ring was sent, or not, and written.
    Ring(RingLine<'a>),
    /// The service told of a call, and it was written.
    Call(CallLine<'a>),
    /// A call is over that a stream was to be played into.
    #[serde(rename_all = "camelCase")]
    Played {
        key: &'a RingKey,
        reason: EndReason,
        task_id: Option<&'a TaskId>,
        failure: Option<&'a Failure>,
        call_may_be_up: bool,
        ingest_may_run: bool,
    },
    /// The database is gone or busy.
    Waiting { code: &'a str, message: String },
    /// The last line.
    End {
        #[serde(flatten)]
        standing: &'a Standing,
        stopped: bool,
        workers: &'a [RunReport],
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RingLine<'a> {
    key: &'a RingKey,
    line: Option<u64>,
    attempt: u32,
    state: RingState,
    call_id: Option<&'a CallId>,
    failure: Option<&'a Failure>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallLine<'a> {
    key: &'a RingKey,
    line: Option<u64>,
    attempt: u32,
    state: RingState,
    call_id: Option<&'a CallId>,
    answered: bool,
    /// How it ended, if it has.
    call_result: Option<&'a CallResult>,
}

/// How often the counts are looked at; where looking takes long, a tenth of the time.
const INTERVAL: Duration = Duration::from_millis(200);

impl Work<'_> {
    /// Rings until nothing is left to do, or it is asked to stop. The first time, what is on its way is awaited.
    /// `heard` is what webhooks tell.
    pub(super) async fn work(
        &self,
        interrupts: &Interrupts,
        mut heard: mpsc::UnboundedReceiver<Heard>,
        mut playing: Option<Playing>,
    ) -> Result<Option<Worked>, CommandError> {
        let (sender, mut events) = mpsc::unbounded_channel();
        let (over, is_over) = watch::channel(false);
        let mut workers = JoinSet::new();
        for _ in 0..self.workers {
            let (ledger, client) = (self.ledger.clone(), self.client.clone());
            let sender = sender.clone();
            let mut options = WorkerOptions::new(self.name).notify(move |event| {
                // Nobody listens any more only when the command is over.
                let _ = sender.send(event.clone());
            });
            options.until_done = !self.wait;
            let (mut interrupts, mut is_over) = (interrupts.clone(), is_over.clone());
            workers.spawn(async move {
                let stop = async move {
                    tokio::select! {
                        _ = interrupts.reach(1) => {}
                        _ = is_over.wait_for(|is_over| *is_over) => {}
                    }
                };
                ledger.run(&client, options, stop).await
            });
        }
        drop(sender);
        let mut progress = Progress::begin(*self.screen, self.name);
        let (mut first, mut second) = (interrupts.clone(), interrupts.clone());
        let mut is_stopped = false;
        let mut report = Vec::new();
        let mut look = pin!(sleep(Duration::ZERO));
        let mut patience = Patience::default();
        loop {
            let calls = playing.as_ref().map_or(0, Playing::count);
            // What the last ring was told may come after its worker's end.
            if workers.is_empty() && calls == 0 && events.is_empty() {
                break;
            }
            tokio::select! {
                Some(ended) = workers.join_next() => match ended {
                    Ok(done) => report.push(done?),
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                },
                Some(event) = events.recv() => self.tell(&event, &progress, playing.as_mut())?,
                Some(heard) = heard.recv() => self.hear(&heard, playing.as_ref())?,
                Some(played) = next_of(playing.as_mut()), if calls > 0 => {
                    self.played(&played, &progress).await?;
                }
                () = &mut look => {
                    let began = Instant::now();
                    // Where it cannot be read, workers say so.
                    if let Ok(standing) = self.standing().await {
                        progress.show(&standing);
                        self.metrics.count(&standing);
                        if self.wait && patience.is_over(&standing) {
                            let _ = over.send(true);
                        }
                    }
                    look.set(sleep(INTERVAL.max(began.elapsed() * 10)));
                }
                _ = first.reach(1), if !is_stopped => {
                    is_stopped = true;
                    let also = match &mut playing {
                        Some(playing) if playing.count() > 0 => {
                            playing.end();
                            ", calls and streams are ended"
                        }
                        Some(playing) => {
                            playing.end();
                            ""
                        }
                        None => "",
                    };
                    progress.remark(|screen| {
                        screen.note(format_args!("what is on its way is awaited{also}; Ctrl-C again quits"));
                    });
                }
                _ = second.reach(2) => {
                    progress.end();
                    return Ok(None);
                }
            }
        }
        while let Ok(heard) = heard.try_recv() {
            self.hear(&heard, None)?;
        }
        progress.end();
        let standing = self.standing().await?;
        self.metrics.count(&standing);
        // Workers may have heard of it first, and ended at once.
        is_stopped |= interrupts.count() > 0;
        Ok(Some(Worked {
            is_stopped: is_stopped && standing.open() > 0,
            standing,
            report,
        }))
    }

    pub(super) async fn standing(&self) -> Result<Standing, LedgerError> {
        Ok(Standing {
            name: self.name.to_owned(),
            stats: self.ledger.stats(self.app(), self.name).await?,
        })
    }

    fn app(&self) -> SdkAppId {
        self.client.sdk_app_id()
    }

    fn tell(
        &self,
        event: &WorkerEvent,
        progress: &Progress,
        playing: Option<&mut Playing>,
    ) -> Result<(), CommandError> {
        match event {
            WorkerEvent::Told { ring } => {
                self.metrics.told(ring);
                if let Some(playing) = playing
                    && ring.state == RingState::Rung
                    && let Err(error) = playing.begin(ring)
                {
                    let key = &ring.key;
                    progress.remark(|screen| {
                        screen.warn(format_args!("nothing is played to {key}: {error}"));
                    });
                }
                // Where nothing was sent, it is told when something is.
                if ring.state != RingState::Queued {
                    self.line(&Line::Ring(RingLine::of(ring)))?;
                }
            }
            WorkerEvent::Waiting { error } => {
                self.metrics.store_error();
                if !self.screen.is_json() {
                    progress.remark(|screen| screen.warn(format_args!("{error}; waiting")));
                }
                self.line(&Line::Waiting {
                    code: error.code(),
                    message: error.to_string(),
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn hear(&self, heard: &Heard, playing: Option<&Playing>) -> Result<(), CommandError> {
        match (heard, playing) {
            (Heard::Changed(ring), _) => self.line(&Line::Call(CallLine::of(ring))),
            (Heard::Event(event), Some(playing)) => {
                playing.hear(event);
                Ok(())
            }
            (Heard::Event(_), None) => Ok(()),
        }
    }

    /// A call is over that a stream was to be played into.
    async fn played(&self, played: &Played, progress: &Progress) -> Result<(), CommandError> {
        let Played { key, outcome, .. } = played;
        let Some(outcome) = outcome else {
            return Ok(());
        };
        if let Some(record) = &outcome.record
            && let Err(error) = self.ledger.records(self.app(), vec![record.clone()]).await
        {
            // The records are searched for it later.
            progress.remark(|screen| {
                screen.warn(format_args!("how {key} ended is not written: {error}"));
            });
        }
        if outcome.call_may_be_up || outcome.ingest_may_run {
            let call = outcome
                .call_id
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            progress.remark(|screen| {
                screen.warn(format_args!(
                    "the call or the stream of {key} may go on: trtc-call end {call}"
                ));
            });
        }
        self.line(&Line::Played {
            key,
            reason: outcome.reason,
            task_id: outcome.task_id.as_ref(),
            failure: outcome.failure.as_ref(),
            call_may_be_up: outcome.call_may_be_up,
            ingest_may_run: outcome.ingest_may_run,
        })
    }

    /// A line for programs.
    fn line(&self, line: &Line<'_>) -> Result<(), CommandError> {
        if self.is_streamed && self.screen.is_json() {
            // Whoever has read enough stops nothing.
            let _ = self.screen.one_of_many("", line)?;
        }
        Ok(())
    }

    /// Shows what came of it, under that title.
    pub(super) fn show(&self, worked: &Worked, title: &str) -> Exit {
        let standing = &worked.standing;
        let exit = if worked.is_stopped {
            Exit::Interrupted
        } else {
            standing.exit()
        };
        let document = Line::End {
            standing,
            stopped: worked.is_stopped,
            workers: &worked.report,
        };
        let done = Done {
            what: title.to_owned(),
            advice: Some("see trtc-call campaign status".to_owned()),
            exit,
            untold: Exit::Usage,
        };
        self.screen
            .show_done(standing.sheet(title), &document, done)
    }
}

impl RingLine<'_> {
    fn of(ring: &Ring) -> RingLine<'_> {
        RingLine {
            key: &ring.key,
            line: ring.line,
            attempt: ring.attempt,
            state: ring.state,
            call_id: ring.call_id.as_ref(),
            failure: ring.failure.as_ref(),
        }
    }
}

impl CallLine<'_> {
    fn of(ring: &Ring) -> CallLine<'_> {
        CallLine {
            key: &ring.key,
            line: ring.line,
            attempt: ring.attempt,
            state: ring.state,
            call_id: ring.call_id.as_ref(),
            answered: ring.answered_at.is_some(),
            call_result: ring.call_result.as_ref(),
        }
    }
}

/// The next call that is over.
async fn next_of(playing: Option<&mut Playing>) -> Option<Played> {
    playing?.next().await
}

/// Waiting for calls to end, as long as anything is heard of them.
#[derive(Default)]
struct Patience {
    last: Stats,
    changed_at: Option<Instant>,
}

/// What follows from a call's end is written a moment later.
const AFTERMATH: Duration = Duration::from_secs(1);

/// A ring that is unknown is heard of by then, if it rang: a webhook tells of its start.
const UNKNOWN: Duration = Duration::from_secs(60);

/// A call that nothing is heard of may last for hours, or the webhook that told its end is lost.
const SILENCE: Duration = Duration::from_secs(600);

/// A ring that is due later than that is no reason to stay: a worker that ends by itself takes as much.
const SOON: Duration = Duration::from_secs(90);

impl Patience {
    /// Whether there is nothing left to wait for.
    fn is_over(&mut self, standing: &Standing) -> bool {
        let stats = &standing.stats;
        let changed_at = match self.changed_at {
            Some(at) if self.last == *stats => at,
            _ => Instant::now(),
        };
        self.changed_at = Some(changed_at);
        self.last = stats.clone();
        let is_far = |due: UnixMillis| due > UnixMillis(now_ms()).after(SOON);
        let is_cancelled = stats.campaign == Some(CampaignState::Cancelled);
        let waits_for_worker = stats.claimed + stats.sending > 0
            || (stats.queued > 0 && !is_cancelled && !stats.next_due.is_some_and(is_far));
        let patience = if stats.rung > stats.ended {
            SILENCE
        } else if stats.unknown > 0 {
            UNKNOWN
        } else {
            AFTERMATH
        };
        !waits_for_worker && changed_at.elapsed() >= patience
    }
}
