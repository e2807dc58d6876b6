//! Settling what is unknown, by what the service tells later.

use std::collections::BTreeMap;

use trtc_call::Client;
use trtc_call_core::ring_ledger::{Evidence, RecordSearch, Ring, RingEvent, RingState};
use trtc_call_core::webhook::{Delivery, Event};
use trtc_call_core::{CallId, CallRecord, Error, JsonText, ReportedRoom, SdkAppId};

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
    /// Takes what a webhook tells: a call that was started in a ring's own room has rung, and one that ended tells how;
    /// one whose only callee was busy or offline has rung nobody. Of a ring that is being sent, the reply tells more and
    /// is waited for first.
    /// Gives the rings that it changes, which are none for the most part. Deliveries may repeat and come in any order.
    ///
    /// # Errors
    /// If the database fails: have the delivery repeated then.
    pub async fn webhook(
        &self,
        app: SdkAppId,
        delivery: &Delivery,
    ) -> Result<Vec<Ring>, LedgerError> {
        self.webhooks(app, std::slice::from_ref(delivery)).await
    }

    /// The same for many, in one transaction: what a receiver gathers while the last one is being written.
    ///
    /// # Errors
    /// As [`webhook`](Self::webhook); then nothing of it is written.
    pub async fn webhooks(
        &self,
        app: SdkAppId,
        deliveries: &[Delivery],
    ) -> Result<Vec<Ring>, LedgerError> {
        let of_app = |delivery: &&Delivery| delivery.sdk_app_id.is_none_or(|told| told == app);
        let news = deliveries.iter().filter(of_app);
        let news = news.filter_map(|delivery| match &delivery.event {
            Event::CallStarted(started) => Some(News::Started(
                started.room.clone()?,
                started.call_id.clone(),
            )),
            Event::CallEnded(ended) => Some(News::Ended(ended.record.clone())),
            _ => None,
        });
        self.hear(app, news.collect(), Evidence::Webhook).await
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
                page.push(News::Ended(record?));
                if page.len() == BATCH {
                    let page = std::mem::take(&mut page);
                    settled += self.hear(app, page, Evidence::Record).await?.len();
                }
            }
            settled += self.hear(app, page, Evidence::Record).await?.len();
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

    /// Takes records that somebody has fetched: how the calls of rings ended. Gives the rings that they change.
    ///
    /// # Errors
    /// If the database fails; it can be repeated.
    pub async fn records(
        &self,
        app: SdkAppId,
        records: Vec<CallRecord>,
    ) -> Result<Vec<Ring>, LedgerError> {
        let news = records.into_iter().map(News::Ended).collect();
        self.hear(app, news, Evidence::Record).await
    }

    /// Applies what the service tells to the rings it is about.
    async fn hear(
        &self,
        app: SdkAppId,
        news: Vec<News>,
        evidence: Evidence,
    ) -> Result<Vec<Ring>, LedgerError> {
        let mut of_room: BTreeMap<String, Vec<News>> = BTreeMap::new();
        for news in news {
            if let Some(room) = news.room() {
                of_room.entry(room).or_default().push(news);
            }
        }
        if of_room.is_empty() {
            return Ok(Vec::new());
        }
        let task = Task::on(app, Select::Rooms(of_room.keys().cloned().collect()));
        let heard = self
            .store
            .transact(task, move |Loaded { moment, rings, .. }| {
                let heard = rings.into_iter().filter_map(|ring| {
                    let news = of_room.get(ring.room.as_str())?.iter();
                    let hear = |ring: Ring, news: &News| match news.event(&ring, evidence) {
                        Some(event) => ring.apply(&event, moment.now).unwrap_or(ring),
                        None => ring,
                    };
                    let version = ring.version;
                    let heard = news.fold(ring, hear);
                    (heard.version > version).then_some(heard)
                });
                let heard: Vec<Ring> = heard.collect();
                (Changes::to(heard.clone()), heard)
            });
        Ok(heard.await?.value)
    }
}

/// What the service tells of a call.
enum News {
    /// It was started, in that room.
    Started(ReportedRoom, CallId),
    /// It has ended.
    Ended(CallRecord),
}

impl News {
    /// The room, as it is stored.
    fn room(&self) -> Option<String> {
        let room = match self {
            News::Started(room, _) => room,
            News::Ended(record) => record.room.as_ref()?,
        };
        let room = JsonText::of(room.known()?).ok()?;
        Some(room.as_str().to_owned())
    }

    /// What it says of a ring in its room: nothing if it may be another's.
    fn event(&self, ring: &Ring, evidence: Evidence) -> Option<RingEvent> {
        let (is_of, call_id, record) = match self {
            News::Started(_, call_id) => (ring.own_room, call_id, None),
            News::Ended(record) => (ring.is_of(record), &record.call_id, Some(record)),
        };
        is_of.then(|| RingEvent::Found {
            evidence,
            call_id: call_id.clone(),
            record: record.cloned().map(Box::new),
        })
    }
}
