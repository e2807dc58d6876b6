//! Sending a ring that was marked, and telling the ledger what became of it.

use std::time::{Duration, Instant};

use tokio::time::{sleep, sleep_until};
use trtc_call::Client;
use trtc_call_core::SdkAppId;
use trtc_call_core::ring_ledger::{
    Holder, Ring, RingEvent, RingState, SendResult, TOLERANCE, Terms,
};

use crate::store::{Changes, Moment, Select, Task};
use crate::{Ledger, LedgerError};

/// How late a ring may be sent where no limit is kept.
const UNLIMITED_TOLERANCE: Duration = Duration::from_secs(5);

/// Sends a ring that was marked, at its slot. Who wakes later than the tolerance, having been paused or kept waiting,
/// sends nothing.
pub(crate) async fn send(
    client: &Client,
    ring: &Ring,
    moment: Moment,
    terms: &Terms,
) -> SendResult {
    let slot = moment.instant_of(ring.slot.unwrap_or(moment.now));
    let tolerance = match terms.rate {
        Some(_) => TOLERANCE,
        None => UNLIMITED_TOLERANCE,
    };
    sleep_until(slot.into()).await;
    if Instant::now() > slot + tolerance {
        return SendResult::Dropped;
    }
    let reply = client.send_now(&ring.call).await;
    SendResult::of(&reply, ring.tries, fastrand::u32(..))
}

/// What a worker has to tell of a ring.
#[derive(Debug, Clone)]
pub(crate) struct Telling {
    pub(crate) key: String,
    pub(crate) holder: Holder,
    pub(crate) result: SendResult,
}

impl Telling {
    pub(crate) fn of(ring: &Ring, result: SendResult) -> Telling {
        Telling {
            key: ring.key.to_string(),
            holder: ring.holder(),
            result,
        }
    }
}

impl Ledger {
    /// Marks rings that a worker has in hand, those that are due. Gives those that may be sent now.
    pub(crate) async fn mark(
        &self,
        app: SdkAppId,
        keys: Vec<String>,
        terms: &Terms,
    ) -> Result<(Vec<Ring>, Moment), LedgerError> {
        let terms = terms.clone();
        let task = Task::on(app, Select::Keys(keys));
        let done = self.store.transact(task, move |loaded| {
            let marked = terms.mark(&loaded.rings, loaded.moment.now);
            (Changes::to(marked.clone()), marked)
        });
        let done = done.await?;
        self.lead.note(done.moment.at.elapsed());
        Ok((done.value, done.moment))
    }

    /// Writes what became of rings. Gives them as they are now.
    pub(crate) async fn tell(
        &self,
        app: SdkAppId,
        tellings: Vec<Telling>,
    ) -> Result<Vec<Ring>, LedgerError> {
        let keys = tellings.iter().map(|telling| telling.key.clone()).collect();
        let slows = tellings.iter().any(|telling| telling.result.slows_all());
        let mut task = Task::on(app, Select::Keys(keys));
        task.limiter = slows;
        let done = self.store.transact(task, move |mut loaded| {
            let now = loaded.moment.now;
            let (mut update, mut all) = (Vec::new(), Vec::new());
            for ring in loaded.rings {
                let mut mine = tellings
                    .iter()
                    .filter(|telling| telling.key == ring.key.as_str());
                let told = mine.find_map(|telling| {
                    let (holder, result) = (telling.holder.clone(), telling.result.clone());
                    ring.apply(&RingEvent::Told { holder, result }, now).ok()
                });
                update.extend(told.clone());
                all.push(told.unwrap_or(ring));
            }
            let limiter = slows.then(|| {
                loaded.limiter.slow(now);
                loaded.limiter
            });
            let changes = Changes {
                update,
                limiter,
                ..Changes::default()
            };
            (changes, all)
        });
        Ok(done.await?.value)
    }

    /// The same, waiting for a database that is gone, for so long.
    pub(crate) async fn tell_patiently(
        &self,
        app: SdkAppId,
        telling: Telling,
        patience: Duration,
    ) -> Result<Option<Ring>, LedgerError> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(50);
        loop {
            let error = match self.tell(app, vec![telling.clone()]).await {
                Ok(rings) => return Ok(rings.into_iter().next()),
                Err(error) => error,
            };
            if !error.may_pass() || began.elapsed() + pause > patience {
                let result = result_word(&telling.result).to_owned();
                return Err(match error {
                    LedgerError::Database(error) => LedgerError::NotWritten {
                        key: telling.key,
                        result,
                        error,
                    },
                    error => error,
                });
            }
            tracing::warn!(%error, "what became of a ring cannot be written yet");
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }
}

fn result_word(result: &SendResult) -> &'static str {
    match result {
        SendResult::Rang { .. } => RingState::Rung.as_str(),
        SendResult::Refused { .. } => RingState::Refused.as_str(),
        SendResult::Nothing { .. } | SendResult::Dropped => "nothing sent",
        _ => RingState::Unknown.as_str(),
    }
}
