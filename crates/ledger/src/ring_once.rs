use std::time::Duration;

use tokio::time::{sleep, sleep_until};
use trtc_call::Client;
use trtc_call_core::call_engine::start_call_by_robot::Request;
use trtc_call_core::ring_ledger::{
    MARK_AHEAD, NewRing, Ring, RingKey, RingState, SendResult, Taking, Terms, Took,
};
use trtc_call_core::{Problem, RetryPolicy, SdkAppId};

use crate::sending::{Telling, send};
use crate::store::{Changes, Loaded, Moment, Select, Task};
use crate::worker::{CLAIM_LEASE, REPLY_LEASE, new_owner};
use crate::{Ledger, LedgerError, RingOnce, Verdict};

/// How long it waits for a database that went away between sending a ring and writing what became of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long it waits for its turn, while campaigns use the limit up.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

impl Ledger {
    /// Rings once for that key, whoever asks, how often, and from how many processes: the first sends, and everybody is
    /// told what became of it.
    ///
    /// What surely had no effect, such as a connection that was never made, is tried three times, as
    /// [`Client::send`] does. Dropping the future abandons nothing: what has begun goes on to its end.
    ///
    /// ```no_run
    /// use trtc_call::{Client, MediaType, call_engine::start_call_by_robot::Request};
    /// use trtc_call_ledger::{Ledger, Verdict};
    ///
    /// # async fn remind(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let ledger = Ledger::open("rings.db").await?;
    /// let call = Request::builder("robot", ["jack"], MediaType::Audio).build()?;
    /// let ring = ledger.ring_once(client, "order-4711:reminder", &call).await?;
    /// if ring.verdict == Verdict::Rung {
    ///     println!("{:?}, {}", ring.ring.call_id, if ring.repeated { "before" } else { "now" });
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the key is none, or the database fails. [`LedgerError::NotWritten`] means that it was sent.
    pub async fn ring_once<K>(
        &self,
        client: &Client,
        key: K,
        call: &Request,
    ) -> Result<RingOnce, LedgerError>
    where
        K: TryInto<RingKey, Error: Into<Problem>>,
    {
        let key = key.try_into().map_err(Into::into)?;
        let (ledger, client) = (self.clone(), client.clone());
        let new = NewRing::new(key, call.clone());
        let ringing = tokio::spawn(async move { ledger.ring_new_once(&client, new).await });
        match ringing.await {
            Ok(outcome) => outcome,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    async fn ring_new_once(&self, client: &Client, new: NewRing) -> Result<RingOnce, LedgerError> {
        let app = client.sdk_app_id();
        let owner = new_owner();
        let mut attempt = 1;
        let began = tokio::time::Instant::now();
        loop {
            let terms = Terms {
                owner: owner.clone(),
                lease: CLAIM_LEASE,
                reply_lease: REPLY_LEASE,
                lead: self.lead.get(),
                rate: self.rate,
            };
            let Some((took, moment)) = self.take(app, new.clone(), &terms).await? else {
                continue;
            };
            let ring = match took.taking {
                Taking::Known(verdict) => {
                    return Ok(RingOnce {
                        verdict,
                        repeated: true,
                        ring: Box::new(took.ring),
                    });
                }
                Taking::NoSlot(until) => {
                    if began.elapsed() > LONGEST_WAIT {
                        return Ok(not_sent(took.ring));
                    }
                    sleep_until(moment.instant_of(until).into()).await;
                    continue;
                }
                Taking::Taken => took.ring,
            };
            let (ring, moment) = match ring.state {
                RingState::Sending => (ring, moment),
                _ => match self.mark_at_its_time(app, ring, moment, &terms).await? {
                    Some(marked) => marked,
                    None => continue,
                },
            };
            let result = send(client, &ring, moment, &terms).await;
            let after = match &result {
                SendResult::Nothing { after, .. } => Some(*after),
                _ => None,
            };
            let telling = Telling::of(&ring, result);
            let told = self.tell_patiently(app, telling, PATIENCE).await?;
            let ring = told.unwrap_or(ring);
            if ring.state != RingState::Queued {
                return Ok(RingOnce {
                    verdict: Verdict::of_state(ring.state),
                    repeated: false,
                    ring: Box::new(ring),
                });
            }
            if let Some(after) = after {
                if attempt >= RetryPolicy::default().max_attempts {
                    return Ok(not_sent(ring));
                }
                attempt += 1;
                sleep(after).await;
            }
        }
    }

    /// `None`: somebody else put it in at the same time.
    async fn take(
        &self,
        app: SdkAppId,
        new: NewRing,
        terms: &Terms,
    ) -> Result<Option<(Took, Moment)>, LedgerError> {
        let key = new.key.to_string();
        let task = Task::on(app, Select::Keys(vec![key.clone()])).with_limiter();
        let terms = terms.clone();
        let done = self
            .store
            .transact(task, move |loaded| take(app, new, &terms, loaded));
        let done = done.await?;
        self.lead.note(done.moment.at.elapsed());
        let (took, is_new) = done.value;
        let is_raced = is_new && !done.inserted.contains(&key);
        Ok((!is_raced).then_some((took, done.moment)))
    }

    /// Waits until it may be marked, and marks it. `None`: it was taken away.
    async fn mark_at_its_time(
        &self,
        app: SdkAppId,
        ring: Ring,
        moment: Moment,
        terms: &Terms,
    ) -> Result<Option<(Ring, Moment)>, LedgerError> {
        let slot = moment.instant_of(ring.slot.unwrap_or_default());
        let at = slot.checked_sub(MARK_AHEAD).unwrap_or(slot);
        sleep_until(at.into()).await;
        let (marked, moment) = self.mark(app, vec![ring.key.to_string()], terms).await?;
        Ok(marked.into_iter().next().map(|ring| (ring, moment)))
    }
}

fn take(app: SdkAppId, new: NewRing, terms: &Terms, loaded: Loaded) -> (Changes, (Took, bool)) {
    let now = loaded.moment.now;
    let found = loaded.rings.into_iter().next();
    let is_new = found.is_none();
    let took = terms.take_once(Ring::new(app, new, now), found, loaded.limiter, now);
    let mut changes = Changes::default();
    if took.is_changed {
        let list = if is_new {
            &mut changes.insert
        } else {
            &mut changes.update
        };
        list.push(took.ring.clone());
    }
    changes.limiter = took.limiter;
    (changes, (took, is_new))
}

fn not_sent(ring: Ring) -> RingOnce {
    RingOnce {
        verdict: Verdict::NotSent,
        repeated: false,
        ring: Box::new(ring),
    }
}
