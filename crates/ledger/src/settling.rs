//! Settling what is unknown, by what the service tells later.

use trtc_call::Client;
use trtc_call_core::ring_ledger::{Evidence, RecordSearch, Ring, RingEvent, RingState};
use trtc_call_core::webhook::{Delivery, Event};
use trtc_call_core::{CallRecord, Error, JsonText, ReportedRoom, SdkAppId};

use crate::store::{Changes, Loaded, Select, Task};
use crate::{Ledger, LedgerError};

/// How many rings one search of the records is for.
const BATCH: usize = 500;

/// Why the records could not be searched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The service failed.
    #[error(transparent)]
    Service(#[from] Error),
}

impl Ledger {
    /// Takes what a webhook tells: a call that was started in a ring's own room has rung, and one that ended tells how.
    /// Gives the rings that it changes, which are none for the most part. Deliveries may repeat and come in any order.
    ///
    /// # Errors
    /// If the database fails: have the delivery repeated then.
    pub async fn webhook(
        &self,
        app: SdkAppId,
        delivery: &Delivery,
    ) -> Result<Vec<Ring>, LedgerError> {
        if delivery.sdk_app_id.is_some_and(|told| told != app) {
            return Ok(Vec::new());
        }
        match &delivery.event {
            Event::CallStarted(started) => {
                let Some(room) = room_text(started.room.as_ref()) else {
                    return Ok(Vec::new());
                };
                let call_id = started.call_id.clone();
                let event = move |ring: &Ring| {
                    ring.own_room.then(|| RingEvent::Found {
                        evidence: Evidence::Webhook,
                        call_id: call_id.clone(),
                        record: None,
                    })
                };
                self.apply(app, Select::Rooms(vec![room]), event).await
            }
            Event::CallEnded(ended) => {
                let records = vec![ended.record.clone()];
                self.find(app, records, Evidence::Webhook).await
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Searches the service's records for rings that are unknown, and for the ends of calls that are of interest, those
    /// whose time has come: first when the phones have rung out, then ever less often for 7 days. What is not found until
    /// then is presumed not to have rung. Gives how many it has settled.
    ///
    /// Workers do it by themselves.
    ///
    /// # Errors
    /// If the database or the service fails; what was not found then is looked for again.
    pub async fn sweep(&self, client: &Client) -> Result<u64, SweepError> {
        let wanted = Select::LookedFor {
            later_too: false,
            limit: BATCH,
        };
        self.search(client, wanted).await
    }

    /// The same for all that are looked for, though their time has not come: up to 10,000 of them.
    ///
    /// # Errors
    /// As [`sweep`](Self::sweep).
    pub async fn sweep_all(&self, client: &Client) -> Result<u64, SweepError> {
        let wanted = Select::LookedFor {
            later_too: true,
            limit: 10_000,
        };
        self.search(client, wanted).await
    }

    async fn search(&self, client: &Client, wanted: Select) -> Result<u64, SweepError> {
        let app = client.sdk_app_id();
        let looked_for = self.store.rings(wanted, app).await?;
        let now = self.now().await?;
        let mut settled = 0;
        for search in RecordSearch::of(&looked_for) {
            let mut records = client.records(search.request(now).map_err(Error::from)?);
            let mut page = Vec::new();
            while let Some(record) = records.next().await {
                page.push(record?);
                if page.len() == BATCH {
                    let page = std::mem::take(&mut page);
                    settled += self.find(app, page, Evidence::Record).await?.len();
                }
            }
            settled += self.find(app, page, Evidence::Record).await?.len();
        }
        // Those that were found are not looked for any more.
        let mut presumed = 0;
        for batch in looked_for.chunks(BATCH) {
            let keys = batch.iter().map(|ring| ring.key.to_string()).collect();
            let not_found = self
                .apply(app, Select::Keys(keys), |_| Some(RingEvent::NotFound))
                .await?;
            let is_presumed = |ring: &&Ring| ring.state == RingState::PresumedNotRung;
            presumed += not_found.iter().filter(is_presumed).count();
        }
        Ok(u64::try_from(settled + presumed).unwrap_or(u64::MAX))
    }

    /// Applies records to the rings they are of, and puts in the further attempts that follow.
    async fn find(
        &self,
        app: SdkAppId,
        records: Vec<CallRecord>,
        evidence: Evidence,
    ) -> Result<Vec<Ring>, LedgerError> {
        let rooms = records
            .iter()
            .filter_map(|record| room_text(record.room.as_ref()));
        let rooms: Vec<String> = rooms.collect();
        if rooms.is_empty() {
            return Ok(Vec::new());
        }
        let task = Task::on(app, Select::Rooms(rooms));
        let done = self
            .store
            .transact(task, move |loaded| found(&records, evidence, &loaded));
        let found = done.await?.value;
        self.ring_again(app, &found).await?;
        Ok(found)
    }

    /// A further attempt has a key of its own, so that putting it in is repeated without harm.
    async fn ring_again(&self, app: SdkAppId, ended: &[Ring]) -> Result<(), LedgerError> {
        let mut campaigns: Vec<&str> = ended.iter().map(|ring| ring.campaign.as_str()).collect();
        campaigns.sort_unstable();
        campaigns.dedup();
        for name in campaigns {
            let Some(campaign) = self.campaign(app, name).await? else {
                continue;
            };
            let of_campaign: Vec<Ring> = ended
                .iter()
                .filter(|ring| ring.campaign == name)
                .cloned()
                .collect();
            let put_in = self
                .store
                .transact(Task::on(app, Select::Nothing), move |loaded| {
                    let now = loaded.moment.now;
                    let next = of_campaign
                        .iter()
                        .filter_map(|ring| campaign.policy.next_attempt(ring, now));
                    let changes = Changes {
                        insert: next.collect(),
                        ..Changes::default()
                    };
                    (changes, ())
                });
            put_in.await?;
        }
        Ok(())
    }
}

fn found(records: &[CallRecord], evidence: Evidence, loaded: &Loaded) -> (Changes, Vec<Ring>) {
    let mut update = Vec::new();
    for ring in &loaded.rings {
        let mut of_ring = records.iter().filter(|record| ring.is_of(record));
        let Some(record) = of_ring.next() else {
            continue;
        };
        let event = RingEvent::Found {
            evidence,
            call_id: record.call_id.clone(),
            record: Some(Box::new(record.clone())),
        };
        update.extend(ring.apply(&event, loaded.moment.now).ok());
    }
    let found = update.clone();
    let changes = Changes {
        update,
        ..Changes::default()
    };
    (changes, found)
}

/// A room as it is stored.
fn room_text(room: Option<&ReportedRoom>) -> Option<String> {
    let room = JsonText::of(room?.known()?).ok()?;
    Some(room.as_str().to_owned())
}
