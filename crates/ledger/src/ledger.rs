use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use trtc_call_core::ring_ledger::{DEFAULT_RATE, NewRing, Ring, RingEvent, RingKey, RingState};
use trtc_call_core::{Problem, ProblemCode, SdkAppId, UnixMillis};

use crate::LedgerError;
use crate::store::{Changes, Loaded, Select, Store, Task, Value};

/// A ledger of rings. Cheap to clone; clones share the connections.
///
/// Everything in it belongs to an application: the same key of two applications is two keys.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) store: Store,
    pub(crate) lead: Arc<Lead>,
    pub(crate) rate: Option<NonZeroU32>,
}

/// How many rings one transaction puts in.
const BATCH: usize = 500;

/// What became of a ring that was put in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enqueued {
    /// It is new.
    New,
    /// Its key was there, for the same call: nothing was changed.
    Known(Box<Ring>),
    /// Its key was there, **for another call**: nothing was changed.
    KeyReused(Box<Ring>),
}

impl Ledger {
    /// Opens a ledger, and makes or updates its tables.
    ///
    /// A path, or `sqlite:` and a path, is a file, which is made if it is not there: for the processes of one machine.
    /// `postgres://user:password@host/database` is PostgreSQL, for any number of machines.
    ///
    /// # Errors
    /// If the URL is neither, the database cannot be opened, or a newer release has made its tables.
    pub async fn open(url: &str) -> Result<Ledger, LedgerError> {
        Ok(Ledger {
            store: Store::open(url).await?,
            lead: Arc::default(),
            rate: Some(DEFAULT_RATE),
        })
    }

    /// The rings in a second of each application, over all who use the ledger: everybody has to give the same. Default
    /// 190, so that no second has more than the service's 200 though some go out a little late. `None` keeps no limit.
    #[must_use]
    pub fn rate(mut self, rate: Option<NonZeroU32>) -> Ledger {
        self.rate = rate;
        self
    }

    /// The ledger's clock: the database's for PostgreSQL, this machine's for SQLite.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn now(&self) -> Result<UnixMillis, LedgerError> {
        self.store.now().await
    }

    /// Puts rings in for workers to ring, those that are not there yet. Any number: a transaction holds 500 of them.
    ///
    /// Tells what became of each, in their order. Repeating it after a failure puts nothing in twice.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enqueue(
        &self,
        app: SdkAppId,
        rings: Vec<NewRing>,
    ) -> Result<Vec<Enqueued>, LedgerError> {
        let mut enqueued = Vec::with_capacity(rings.len());
        let mut left = rings.into_iter().peekable();
        while left.peek().is_some() {
            let batch: Vec<NewRing> = left.by_ref().take(BATCH).collect();
            enqueued.extend(self.enqueue_batch(app, batch).await?);
        }
        Ok(enqueued)
    }

    async fn enqueue_batch(
        &self,
        app: SdkAppId,
        batch: Vec<NewRing>,
    ) -> Result<Vec<Enqueued>, LedgerError> {
        let put_in = self
            .store
            .transact(Task::on(app, Select::Nothing), move |loaded| {
                let now = loaded.moment.now;
                let new = batch.into_iter().map(|new| Ring::new(app, new, now));
                let insert: Vec<Ring> = new.collect();
                let rings = insert.clone();
                let changes = Changes {
                    insert,
                    ..Changes::default()
                };
                (changes, rings)
            });
        let done = put_in.await?;
        let mut inserted: std::collections::BTreeSet<String> = done.inserted.into_iter().collect();
        let is_new: Vec<bool> = done
            .value
            .iter()
            .map(|ring| inserted.remove(ring.key.as_str()))
            .collect();
        let mut known = std::collections::BTreeMap::new();
        if is_new.contains(&false) {
            let rings = done.value.iter().zip(&is_new);
            let keys = rings
                .filter(|(_, is_new)| !**is_new)
                .map(|(ring, _)| ring.key.to_string());
            for ring in self.store.rings(Select::Keys(keys.collect()), app).await? {
                known.insert(ring.key.clone(), ring);
            }
        }
        let told =
            done.value
                .into_iter()
                .zip(is_new)
                .map(|(ring, is_new)| match known.get(&ring.key) {
                    None => Enqueued::New,
                    _ if is_new => Enqueued::New,
                    Some(there) if there.fingerprint == ring.fingerprint => {
                        Enqueued::Known(Box::new(there.clone()))
                    }
                    Some(there) => Enqueued::KeyReused(Box::new(there.clone())),
                });
        Ok(told.collect())
    }

    /// The ring with that key, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn outcome(&self, app: SdkAppId, key: &RingKey) -> Result<Option<Ring>, LedgerError> {
        let select = Select::Keys(vec![key.to_string()]);
        Ok(self.store.rings(select, app).await?.into_iter().next())
    }

    /// The rings with these keys, those that there are.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn outcomes(
        &self,
        app: SdkAppId,
        keys: Vec<RingKey>,
    ) -> Result<Vec<Ring>, LedgerError> {
        let keys = keys.iter().map(RingKey::to_string).collect();
        self.store.rings(Select::Keys(keys), app).await
    }

    /// Says by hand whether an unknown ring rang. It is not sent again either way: for another ring, take another key.
    ///
    /// # Errors
    /// If there is no such ring, it is not unknown, or the database fails.
    pub async fn settle(
        &self,
        app: SdkAppId,
        key: &RingKey,
        has_rung: bool,
    ) -> Result<Ring, LedgerError> {
        self.change_one(app, key, RingEvent::SettledByHand { has_rung })
            .await
    }

    /// Takes a ring back that was not sent.
    ///
    /// # Errors
    /// If there is no such ring, it was sent, or the database fails.
    pub async fn cancel(&self, app: SdkAppId, key: &RingKey) -> Result<Ring, LedgerError> {
        self.change_one(app, key, RingEvent::Cancelled).await
    }

    async fn change_one(
        &self,
        app: SdkAppId,
        key: &RingKey,
        event: RingEvent,
    ) -> Result<Ring, LedgerError> {
        let select = Select::Keys(vec![key.to_string()]);
        let key = key.clone();
        let done = self.store.transact(Task::on(app, select), move |loaded| {
            let now = loaded.moment.now;
            let Some(ring) = loaded.rings.into_iter().next() else {
                let problem = Problem::new(
                    "key",
                    format!("{key} is not in the ledger"),
                    "name a ring that is",
                )
                .coded(ProblemCode::NotInLedger);
                return (Changes::default(), Err(problem));
            };
            // A lease that is over settles what this is about.
            let ring = ring.apply(&RingEvent::TimePassed, now).unwrap_or(ring);
            match ring.apply(&event, now) {
                Ok(changed) => (Changes::to(vec![changed.clone()]), Ok(changed)),
                Err(unfit) => {
                    let problem =
                        Problem::new("key", format!("{key}: {unfit}"), "see the ring's state")
                            .coded(ProblemCode::WrongRingState)
                            .with("state", unfit.state.as_str());
                    (Changes::default(), Err(problem))
                }
            }
        });
        Ok(done.await?.value?)
    }

    /// Rings of a campaign (or of none: an empty name) in the order in which they were put in, those behind the number
    /// `behind`: a page at a time, `behind` being 0 at first and then the last one's [`Ring::seq`].
    ///
    /// # Errors
    /// If the database fails.
    pub async fn rows(
        &self,
        app: SdkAppId,
        campaign: &str,
        state: Option<RingState>,
        behind: i64,
        limit: usize,
    ) -> Result<Vec<Ring>, LedgerError> {
        let select = Select::Listed {
            campaign: campaign.to_owned(),
            state,
            behind,
            limit,
        };
        self.store.rings(select, app).await
    }

    /// Forgets rings that were settled longer ago than that, and gives how many. **A key that is forgotten rings again
    /// when it is asked for**: keep them longer than anybody may repeat himself, and longer than the 7 days in which
    /// records tell of unknown ones.
    ///
    /// # Errors
    /// If the database fails. What was forgotten before stays so.
    pub async fn purge(
        &self,
        app: SdkAppId,
        settled_longer_than: Duration,
    ) -> Result<u64, LedgerError> {
        let now = self.now().await?;
        let age = u64::try_from(settled_longer_than.as_millis()).unwrap_or(u64::MAX);
        let before = UnixMillis(now.0.saturating_sub(age));
        let mut purged = 0;
        loop {
            let sql = "DELETE FROM trtc_rings WHERE seq IN (SELECT seq FROM trtc_rings WHERE sdk_app_id = $1 AND \
                       updated_at < $2 AND settled_at < $3 AND look_at IS NULL LIMIT 5000)";
            let values = vec![Value::app(app), Value::time(before), Value::time(before)];
            let gone = self.store.execute(sql, values).await?;
            purged += gone;
            if gone < 5000 {
                return Ok(purged);
            }
        }
    }

    /// Applies an event to each of the selected rings to which it fits. Gives those that changed.
    pub(crate) async fn apply(
        &self,
        app: SdkAppId,
        select: Select,
        event: impl Fn(&Ring) -> Option<RingEvent> + Send + 'static,
    ) -> Result<Vec<Ring>, LedgerError> {
        let done = self.store.transact(
            Task::on(app, select),
            move |Loaded { moment, rings, .. }| {
                let changed = rings
                    .iter()
                    .filter_map(|ring| ring.apply(&event(ring)?, moment.now).ok());
                let changed: Vec<Ring> = changed.collect();
                (Changes::to(changed.clone()), changed)
            },
        );
        Ok(done.await?.value)
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let store = match &self.store {
            Store::Sqlite(_) => "SQLite",
            #[cfg(feature = "postgres")]
            Store::Postgres(_) => "PostgreSQL",
        };
        f.debug_struct("Ledger")
            .field("store", &store)
            .finish_non_exhaustive()
    }
}

/// How long it takes from reading the clock in a transaction until it is committed, lately: slots are taken so far
/// ahead, or a slow disk would make every ring miss its slot.
#[derive(Debug, Default)]
pub(crate) struct Lead(AtomicU64);

/// More than this, and rings go out late in any case.
const LONGEST_LEAD: Duration = Duration::from_millis(1500);

impl Lead {
    pub(crate) fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed)).min(LONGEST_LEAD)
    }

    /// Follows what is slower at once, and what is faster by and by.
    pub(crate) fn note(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let last = self.0.load(Ordering::Relaxed);
        let next = if took > last {
            took
        } else {
            last - (last - took) / 8
        };
        self.0.store(next, Ordering::Relaxed);
    }
}
