//! Ringing a campaign's users, with people or programs looking on.

use std::pin::pin;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use trtc_call::call_session::Failure;
use trtc_call::{CallId, Client, SdkAppId};
use trtc_call_ledger::{
    Ledger, LedgerError, Ring, RingKey, RingState, RunReport, WorkerEvent, WorkerOptions,
};

use super::progress::Progress;
use super::standing::Standing;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::screen::{Done, Screen};

pub(super) struct Work<'a> {
    pub(super) screen: &'a Screen,
    pub(super) ledger: Ledger,
    pub(super) client: Client,
    pub(super) name: &'a str,
    pub(super) workers: usize,
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

/// How often the counts are looked at; where looking takes long, a tenth of the time.
const INTERVAL: Duration = Duration::from_millis(200);

impl Work<'_> {
    /// Rings until nothing is left to do, or it is asked to stop. The first time, what is on its way is awaited.
    pub(super) async fn work(
        &self,
        interrupts: &Interrupts,
    ) -> Result<Option<Worked>, CommandError> {
        let (sender, mut events) = mpsc::unbounded_channel();
        let mut workers = JoinSet::new();
        for _ in 0..self.workers {
            let (ledger, client) = (self.ledger.clone(), self.client.clone());
            let sender = sender.clone();
            let options = WorkerOptions::new(self.name).notify(move |event| {
                // Nobody listens any more only when the command is over.
                let _ = sender.send(event.clone());
            });
            let mut interrupts = interrupts.clone();
            workers.spawn(async move {
                let stop = async move {
                    interrupts.reach(1).await;
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
        loop {
            tokio::select! {
                ended = workers.join_next() => match ended {
                    Some(Ok(done)) => report.push(done?),
                    Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                    None => break,
                },
                Some(event) = events.recv() => self.tell(&event, &progress)?,
                () = &mut look => {
                    let began = Instant::now();
                    // Where it cannot be read, workers say so.
                    if let Ok(standing) = self.standing().await {
                        progress.show(&standing);
                    }
                    look.set(sleep(INTERVAL.max(began.elapsed() * 10)));
                }
                _ = first.reach(1), if !is_stopped => {
                    is_stopped = true;
                    progress.remark(|screen| screen.note("what is on its way is awaited; Ctrl-C again quits"));
                }
                _ = second.reach(2) => {
                    progress.end();
                    return Ok(None);
                }
            }
        }
        while let Ok(event) = events.try_recv() {
            self.tell(&event, &progress)?;
        }
        progress.end();
        let standing = self.standing().await?;
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

    fn tell(&self, event: &WorkerEvent, progress: &Progress) -> Result<(), CommandError> {
        let line = match event {
            // Nothing was sent: it is told when something is.
            WorkerEvent::Told { ring } if ring.state == RingState::Queued => return Ok(()),
            WorkerEvent::Told { ring } => Line::Ring(RingLine::of(ring)),
            WorkerEvent::Waiting { error } => {
                if !self.screen.is_json() {
                    progress.remark(|screen| screen.warn(format_args!("{error}; waiting")));
                }
                Line::Waiting {
                    code: error.code(),
                    message: error.to_string(),
                }
            }
            _ => return Ok(()),
        };
        if self.screen.is_json() {
            // Whoever has read enough stops nothing.
            let _ = self.screen.one_of_many("", &line)?;
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
