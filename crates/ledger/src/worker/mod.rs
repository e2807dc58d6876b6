//! A worker: takes rings, sends each at its slot, writes what became of it, and looks after what others left behind.

mod options;
mod telling;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use trtc_call::Client;
use trtc_call_core::ring_ledger::{
    CampaignState, HORIZON, MARK_AHEAD, Ring, RingEvent, RingState, Terms,
};
use trtc_call_core::{SdkAppId, UnixMillis};

pub use self::options::{Notify, RunReport, WorkerEvent, WorkerOptions};
use self::telling::tell_all;
use crate::sending::{Telling, send};
use crate::store::{Changes, Loaded, Moment, Select, Task};
use crate::{Ledger, LedgerError};

/// How long a reply is waited for before its ring counts as unknown: longer than a client's attempt takes.
pub(crate) const REPLY_LEASE: Duration = Duration::from_secs(30);

/// How long a worker has rings in hand before they are marked: far longer than slots are given ahead.
pub(crate) const CLAIM_LEASE: Duration = Duration::from_secs(10);

/// Workers that found no slot do not all look again at once. Far less than slots are given ahead, so that none is lost.
const SPREAD: Duration = Duration::from_millis(500);

/// Between two looks for new rings, where there were none.
const IDLE_PAUSE: Duration = Duration::from_millis(250);

/// Between two looks after what others left behind.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// A ring that is due later than that is waited for by name, not by a worker.
const SOON: Duration = Duration::from_secs(90);

/// A name that no other worker has.
pub(crate) fn new_owner() -> String {
    format!("{}-{:016x}", std::process::id(), fastrand::u64(..))
}

impl Ledger {
    /// Rings what was put in, at the ledger's rate, until `stop` is ready, or until nothing is left to do if the options
    /// say so. Any number of workers may run, in any number of processes.
    ///
    /// When it stops, it sends what it has marked, waits for the replies and writes them; what it has only claimed goes
    /// back. A database that is gone is waited for: nothing is sent meanwhile.
    ///
    /// # Errors
    /// If the database fails in a way that does not pass by itself.
    pub async fn run(
        &self,
        client: &Client,
        options: WorkerOptions,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<RunReport, LedgerError> {
        let worker = Worker::new(self, client, options);
        worker.run(stop).await
    }
}

impl Ledger {
    /// Takes rings and does nothing with them: what a benchmark measures.
    #[doc(hidden)]
    pub async fn claim_only(
        &self,
        app: SdkAppId,
        campaign: &str,
        limit: usize,
    ) -> Result<usize, LedgerError> {
        let select = Select::Due {
            campaign: campaign.to_owned(),
            limit,
        };
        let mut task = Task::on(app, select).with_campaign(campaign);
        task.limiter = self.rate.is_some();
        let terms = Terms {
            owner: new_owner(),
            lease: CLAIM_LEASE,
            reply_lease: REPLY_LEASE,
            lead: Duration::ZERO,
            rate: self.rate,
        };
        let claimed = self
            .store
            .transact(task, move |loaded| claim(&terms, loaded));
        Ok(claimed
            .await?
            .value
            .map_or(0, |claimed| claimed.rings.len()))
    }
}

struct Worker {
    ledger: Ledger,
    client: Client,
    app: SdkAppId,
    options: WorkerOptions,
    owner: String,
    /// What was claimed and not marked yet, in the order of slots.
    claimed: VecDeque<Held>,
    sending: JoinSet<()>,
    tellings: mpsc::UnboundedSender<Telling>,
    /// How many unknown rings were settled.
    settled: Arc<AtomicU64>,
}

struct Held {
    key: String,
    ring: Ring,
    slot: Instant,
}

/// What came of looking for work.
enum Look {
    Took,
    NoSlot(Instant),
    Paused,
    Nothing,
}

impl Worker {
    fn new(ledger: &Ledger, client: &Client, options: WorkerOptions) -> Worker {
        let (tellings, _) = mpsc::unbounded_channel();
        Worker {
            ledger: ledger.clone(),
            client: client.clone(),
            app: client.sdk_app_id(),
            owner: new_owner(),
            claimed: VecDeque::new(),
            sending: JoinSet::new(),
            tellings,
            settled: Arc::default(),
            options,
        }
    }

    async fn run(
        mut self,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<RunReport, LedgerError> {
        let (tellings, told) = mpsc::unbounded_channel();
        self.tellings = tellings;
        let telling = tokio::spawn(tell_all(
            self.ledger.clone(),
            self.app,
            told,
            self.options.notify.clone(),
        ));
        let housekeeping = tokio::spawn(keep_house(
            self.ledger.clone(),
            self.client.clone(),
            self.options.sweep,
            Arc::clone(&self.settled),
        ));
        let worked = self.work(stop).await;
        housekeeping.abort();
        // What was marked is sent, and what was sent is told.
        while self.sending.join_next().await.is_some() {}
        self.give_back().await;
        let settled = self.settled.load(Ordering::Relaxed);
        drop(self);
        let told = telling.await;
        worked?;
        let counts = match told {
            Ok(counts) => counts?,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        Ok(RunReport { settled, ..counts })
    }

    async fn work(&mut self, stop: impl Future<Output = ()> + Send) -> Result<(), LedgerError> {
        let mut stop = pin!(stop);
        let mut look_at = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            let mark_at = self.claimed.front().map(|held| mark_time(held.slot));
            let next = mark_at.map_or(look_at, |at| at.min(look_at));
            tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                () = sleep_until(next) => {}
            }
            while self.sending.try_join_next().is_some() {}
            let now = Instant::now();
            let done = if mark_at.is_some_and(|at| at <= now) {
                self.mark().await.map(|()| None)
            } else {
                self.look().await.map(Some)
            };
            match done {
                Ok(None) => {}
                Ok(Some(Look::Took)) => {
                    look_at = self.next_look();
                }
                Ok(Some(Look::NoSlot(at))) => {
                    let spread = SPREAD.mul_f64(fastrand::f64());
                    look_at = at.max(now + Duration::from_millis(1)) + spread;
                }
                Ok(Some(Look::Paused)) => {
                    if self.options.until_done && self.is_done().await? {
                        return Ok(());
                    }
                    look_at = now + HOUSEKEEPING;
                }
                Ok(Some(Look::Nothing)) => {
                    if self.options.until_done && self.is_done().await? {
                        return Ok(());
                    }
                    look_at = now + IDLE_PAUSE;
                }
                Err(error) if error.may_pass() => {
                    tracing::warn!(%error, "waiting for the ledger's database");
                    self.options.tell(&WorkerEvent::Waiting { error });
                    // What was claimed goes back by itself: nothing of it was sent.
                    self.drop_claimed();
                    tokio::select! {
                        () = &mut stop => return Ok(()),
                        () = sleep(pause) => {}
                    }
                    pause = (pause * 2).min(Duration::from_secs(5));
                    continue;
                }
                Err(error) => return Err(error),
            }
            pause = Duration::from_millis(100);
        }
    }

    /// As long as enough is in hand for the next slots, there is no hurry: half of what may be in hand, so that a look
    /// that takes long leaves no slot unused.
    fn next_look(&self) -> Instant {
        let last = self.claimed.back().map(|held| held.slot);
        let at = last.and_then(|slot| slot.checked_sub(HORIZON / 2));
        at.unwrap_or_else(Instant::now)
    }

    fn terms(&self) -> Terms {
        Terms {
            owner: self.owner.clone(),
            lease: self.options.lease,
            reply_lease: self.options.reply_lease,
            lead: self.ledger.lead.get(),
            rate: self.ledger.rate,
        }
    }

    /// Takes what is due, as much as there are slots and places for.
    async fn look(&mut self) -> Result<Look, LedgerError> {
        let in_hand = self.sending.len() + self.claimed.len();
        let free = self.options.in_flight.saturating_sub(in_hand);
        let limit = self.options.batch.min(free);
        if limit == 0 {
            return Ok(Look::NoSlot(Instant::now() + Duration::from_millis(20)));
        }
        let campaign = &self.options.campaign;
        let select = Select::Due {
            campaign: campaign.clone(),
            limit,
        };
        let task = Task::on(self.app, select)
            .with_limiter()
            .with_campaign(campaign);
        let terms = self.terms();
        let done = self
            .ledger
            .store
            .transact(task, move |loaded| claim(&terms, loaded));
        let done = done.await?;
        self.ledger.lead.note(done.moment.at.elapsed());
        let moment = done.moment;
        let Some(Claimed { rings, until }) = done.value else {
            return Ok(Look::Paused);
        };
        let taken = rings.iter().filter(|ring| ring.state.is_in_hand()).count();
        if taken > 0 {
            self.options.tell(&WorkerEvent::Took { rings: taken });
        }
        let found = rings.len();
        for ring in rings {
            match ring.state {
                RingState::Sending => self.send(ring, moment),
                RingState::Claimed => self.hold(ring, moment),
                _ => {}
            }
        }
        Ok(match (taken, until) {
            (0, None) if found == 0 => Look::Nothing,
            (0, Some(until)) => Look::NoSlot(moment.instant_of(until).into()),
            _ => Look::Took,
        })
    }

    fn hold(&mut self, ring: Ring, moment: Moment) {
        let slot = moment.instant_of(ring.slot.unwrap_or(moment.now));
        self.claimed.push_back(Held {
            key: ring.key.to_string(),
            ring,
            slot: slot.into(),
        });
    }

    /// Marks what is to be sent next, and sends it.
    async fn mark(&mut self) -> Result<(), LedgerError> {
        let soon = Instant::now() + MARK_AHEAD;
        let mut due = Vec::new();
        while self.claimed.front().is_some_and(|held| held.slot <= soon) {
            due.extend(self.claimed.pop_front());
        }
        let keys = due.into_iter().map(|held| held.key).collect();
        let (marked, moment) = self.ledger.mark(self.app, keys, &self.terms()).await?;
        for ring in marked {
            self.send(ring, moment);
        }
        Ok(())
    }

    fn send(&mut self, ring: Ring, moment: Moment) {
        let (client, terms) = (self.client.clone(), self.terms());
        let tellings = self.tellings.clone();
        self.sending.spawn(async move {
            let result = send(&client, &ring, moment, &terms).await;
            // Nobody listens any more only when the worker is gone.
            let _ = tellings.send(Telling::of(&ring, result));
        });
    }

    /// Whether every ring is final, unknown, or due much later.
    async fn is_done(&mut self) -> Result<bool, LedgerError> {
        if !self.claimed.is_empty() || !self.sending.is_empty() {
            return Ok(false);
        }
        let stats = self.ledger.stats(self.app, &self.options.campaign).await?;
        let now = self.ledger.now().await?;
        let is_far = |due: UnixMillis| due > now.after(SOON);
        let waits =
            stats.next_due.is_none_or(is_far) || stats.campaign == Some(CampaignState::Cancelled);
        let in_hand = stats.claimed + stats.sending;
        Ok(in_hand == 0 && (stats.queued == 0 || waits))
    }

    fn drop_claimed(&mut self) {
        self.claimed.clear();
    }

    /// What was claimed and will not be sent. If it fails, its lease ends by itself.
    async fn give_back(&mut self) {
        let held: Vec<Held> = self.claimed.drain(..).collect();
        if held.is_empty() {
            return;
        }
        let keys = held.iter().map(|held| held.key.clone()).collect();
        let holders: Vec<_> = held
            .iter()
            .map(|held| (held.ring.key.clone(), held.ring.holder()))
            .collect();
        let event = move |ring: &Ring| {
            let (_, holder) = holders.iter().find(|(key, _)| *key == ring.key)?;
            Some(RingEvent::GivenBack {
                holder: holder.clone(),
            })
        };
        if let Err(error) = self.ledger.apply(self.app, Select::Keys(keys), event).await {
            tracing::warn!(%error, "claimed rings could not be given back; they go back when their lease is over");
        }
    }
}

/// Ends what others left behind, and settles what is unknown, beside the ringing, which waits for neither.
async fn keep_house(ledger: Ledger, client: Client, sweeps: bool, settled: Arc<AtomicU64>) {
    loop {
        sleep(HOUSEKEEPING).await;
        let over = Select::LeaseOver { limit: 500 };
        let passed = ledger
            .apply(client.sdk_app_id(), over, |_| Some(RingEvent::TimePassed))
            .await;
        if let Err(error) = passed {
            tracing::warn!(%error, "what others left behind stays for now");
            continue;
        }
        if sweeps {
            match ledger.sweep(&client).await {
                Ok(found) => {
                    settled.fetch_add(found, Ordering::Relaxed);
                }
                Err(error) => tracing::warn!(%error, "the records cannot be searched"),
            }
        }
    }
}

fn mark_time(slot: Instant) -> Instant {
    slot.checked_sub(MARK_AHEAD).unwrap_or(slot)
}

struct Claimed {
    rings: Vec<Ring>,
    /// When there are slots again, if there were too few.
    until: Option<UnixMillis>,
}

/// `None` if the campaign is not to be rung.
fn claim(terms: &Terms, loaded: Loaded) -> (Changes, Option<Claimed>) {
    let Loaded {
        moment,
        mut rings,
        mut limiter,
        campaign,
    } = loaded;
    let mut postponed = Vec::new();
    if let Some(campaign) = campaign {
        if campaign.state != CampaignState::Running {
            return (Changes::default(), None);
        }
        if let Some(quiet) = campaign.quiet {
            rings.retain(|ring| {
                let until = quiet.end(ring.time_zone.as_deref(), moment.now);
                let waits = until.and_then(|until| {
                    let event = RingEvent::Postponed { until };
                    ring.apply(&event, moment.now).ok()
                });
                let waits_not = waits.is_none();
                postponed.extend(waits);
                waits_not
            });
        }
        if let Some(most) = campaign.policy.max_up {
            rings.truncate(usize::try_from(most.saturating_sub(campaign.up)).unwrap_or(usize::MAX));
        }
    }
    let wanted = rings.len();
    let mut update = match wanted {
        0 => Vec::new(),
        _ => terms.claim(&rings, &mut limiter, moment.now),
    };
    let too_few = update.len() < wanted;
    let has_slots = update.iter().any(|ring| ring.state.is_in_hand());
    update.append(&mut postponed);
    let claimed = Claimed {
        rings: update.clone(),
        until: too_few.then(|| limiter.next_chance(moment.now)),
    };
    let changes = Changes {
        update,
        limiter: has_slots.then_some(limiter),
        ..Changes::default()
    };
    (changes, Some(claimed))
}
