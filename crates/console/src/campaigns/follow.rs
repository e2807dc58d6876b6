//! What becomes of campaigns, told as it is committed, whoever does it.
//!
//! The ledger is asked only while somebody listens. What changed is known by an index; rows are counted only of campaigns
//! that changed, and the longer counting takes, the rarer it is done.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::Event;
use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use trtc_call_ledger::{Campaign, Changes, Ledger, LedgerError};

use super::CampaignView;
use crate::Shared;
use crate::api_error::ApiError;
use crate::events;

/// Between two looks: a page shows progress, and not each ring.
const PAUSE: Duration = Duration::from_millis(500);

/// After a failure: the ledger is told to be away for so long.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// A look that takes long is not repeated for so many times as long.
const RARER: u32 = 3;

/// The campaigns, all or the one of that name: first as they are (`campaigns`), then those that change (`campaign`).
/// `ledger` tells why the ledger fails; when it is well again, it begins anew.
pub(crate) fn follow(
    shared: Arc<Shared>,
    ledger: Ledger,
    name: Option<String>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let follower = Follower {
        stopped: shared.stopped.clone(),
        shared,
        ledger,
        name,
        known: None,
        pause: Duration::ZERO,
        waiting: VecDeque::new(),
    };
    stream::unfold(follower, |mut follower| async move {
        Some((Ok(follower.next().await?), follower))
    })
}

struct Follower {
    shared: Arc<Shared>,
    ledger: Ledger,
    name: Option<String>,
    stopped: watch::Receiver<bool>,
    /// What was told; nothing at first, and after a failure.
    known: Option<Known>,
    pause: Duration,
    waiting: VecDeque<Event>,
}

struct Known {
    campaigns: BTreeMap<String, Campaign>,
    changes: Changes,
}

impl Follower {
    /// The next event, whenever it comes; `None` when the console stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            tokio::select! {
                () = sleep(self.pause) => {}
                // An error means that the console is gone.
                _ = self.stopped.wait_for(|stopped| *stopped) => return None,
            }
            let began = Instant::now();
            if let Err(error) = self.look().await {
                tracing::warn!(code = error.code(), %error, "the ledger cannot be read");
                self.known = None;
                self.pause = PAUSE_AFTER_FAILURE;
                let failure = ApiError::from(error).description();
                self.waiting.push_back(events::event("ledger", &failure));
            } else {
                self.pause = PAUSE.max(began.elapsed() * RARER);
            }
        }
    }

    async fn look(&mut self) -> Result<(), LedgerError> {
        let app = self.shared.account.sdk_app_id;
        let Some(known) = &mut self.known else {
            let changes = self.ledger.changes(app, self.ledger.now().await?);
            let campaigns = self.campaigns().await?;
            let mut views = Vec::new();
            for campaign in campaigns.values() {
                views.push(self.view(campaign).await?);
            }
            self.waiting.push_back(events::event("campaigns", &views));
            self.known = Some(Known { campaigns, changes });
            return Ok(());
        };
        let rings = known.changes.look().await?;
        let changed: BTreeSet<String> = rings.into_iter().map(|ring| ring.campaign).collect();
        let campaigns = self.campaigns().await?;
        for (name, campaign) in &campaigns {
            let before = self
                .known
                .as_ref()
                .and_then(|known| known.campaigns.get(name));
            if changed.contains(name) || before != Some(campaign) {
                let view = self.view(campaign).await?;
                self.waiting.push_back(events::event("campaign", &view));
            }
        }
        if let Some(known) = &mut self.known {
            known.campaigns = campaigns;
        }
        Ok(())
    }

    async fn campaigns(&self) -> Result<BTreeMap<String, Campaign>, LedgerError> {
        let app = self.shared.account.sdk_app_id;
        let campaigns = match &self.name {
            Some(name) => Vec::from_iter(self.ledger.campaign(app, name).await?),
            None => self.ledger.campaigns(app).await?,
        };
        let named = campaigns.into_iter().map(|it| (it.name.clone(), it));
        Ok(named.collect())
    }

    async fn view(&self, campaign: &Campaign) -> Result<CampaignView, LedgerError> {
        CampaignView::of(campaign.clone(), &self.shared, &self.ledger).await
    }
}
