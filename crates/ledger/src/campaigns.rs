use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::time::sleep;
use trtc_call_core::ring_ledger::{CampaignState, Policy, Ring, RingEvent, RingKey, RingState};
use trtc_call_core::{Problem, ProblemCode, SdkAppId, UnixMillis};

use crate::quiet_hours::Quiet;
use crate::store::{Row, Select, Value};
use crate::{Ledger, LedgerError};

/// A campaign: rings that belong together, and how they are rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Campaign {
    /// Its name, which the application has once.
    pub name: String,
    /// Whether its rings are rung.
    pub state: CampaignState,
    /// How.
    pub policy: Policy,
    /// What it was made from, such as a file's name.
    pub source: Option<String>,
    /// When it was made.
    pub created_at: UnixMillis,
}

/// How many rings one transaction takes back.
const BATCH: usize = 500;

/// How long a campaign that is cancelled waits for what is being sent: a request is given up sooner.
const ON_THE_WAY: Duration = Duration::from_secs(15);

/// How often it looks.
const LOOK: Duration = Duration::from_millis(50);

impl Ledger {
    /// Makes a campaign, or finds the one that is there: `false` then, and nothing is changed.
    ///
    /// # Errors
    /// If the name is none (1 to 255 bytes without control characters), the quiet hours make no sense, or the database
    /// fails.
    pub async fn create_campaign(
        &self,
        app: SdkAppId,
        name: &str,
        policy: &Policy,
        source: Option<&str>,
    ) -> Result<bool, LedgerError> {
        RingKey::new(name).map_err(|problem| problem.at("campaign"))?;
        policy.quiet_hours.as_ref().map(Quiet::new).transpose()?;
        let policy = serde_json::to_string(policy).unwrap_or_default();
        let sql = "INSERT INTO trtc_ring_campaigns (sdk_app_id, name, state, policy, source, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sdk_app_id, name) DO NOTHING";
        let values = vec![
            Value::app(app),
            Value::text(name),
            Value::text(CampaignState::Running.as_str()),
            Value::text(policy),
            Value::Text(source.map(str::to_owned)),
            Value::time(self.now().await?),
        ];
        Ok(self.store.execute(sql, values).await? > 0)
    }

    /// The campaign of that name, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn campaign(
        &self,
        app: SdkAppId,
        name: &str,
    ) -> Result<Option<Campaign>, LedgerError> {
        let sql = "SELECT name, state, policy, source, created_at FROM trtc_ring_campaigns \
                   WHERE sdk_app_id = $1 AND name = $2";
        let values = vec![Value::app(app), Value::text(name)];
        Ok(self
            .store
            .query(sql, values, read)
            .await?
            .into_iter()
            .next())
    }

    /// The application's campaigns, the latest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn campaigns(&self, app: SdkAppId) -> Result<Vec<Campaign>, LedgerError> {
        let sql = "SELECT name, state, policy, source, created_at FROM trtc_ring_campaigns \
                   WHERE sdk_app_id = $1 ORDER BY created_at DESC, name";
        self.store.query(sql, vec![Value::app(app)], read).await
    }

    /// Has workers wait with a campaign's rings. What was claimed is sent, within a second or so.
    ///
    /// # Errors
    /// If there is no such campaign, it was cancelled, or the database fails.
    pub async fn pause(&self, app: SdkAppId, campaign: &str) -> Result<(), LedgerError> {
        self.set_state(app, campaign, CampaignState::Paused).await
    }

    /// Has workers go on.
    ///
    /// # Errors
    /// If there is no such campaign, it was cancelled, or the database fails.
    pub async fn resume(&self, app: SdkAppId, campaign: &str) -> Result<(), LedgerError> {
        self.set_state(app, campaign, CampaignState::Running).await
    }

    /// Takes back a campaign's rings that were not sent, for good, and gives how many. What is being sent is waited for,
    /// up to 15 s.
    ///
    /// # Errors
    /// If there is no such campaign, or the database fails; then it can be repeated.
    pub async fn cancel_campaign(&self, app: SdkAppId, campaign: &str) -> Result<u64, LedgerError> {
        self.set_state(app, campaign, CampaignState::Cancelled)
            .await?;
        let began = Instant::now();
        let mut cancelled = self.take_back(app, campaign).await?;
        // Nothing of it is claimed any more. What is being sent may come back: the moment has passed, or it was refused
        // without effect.
        while self.is_sending(app, campaign).await? && began.elapsed() < ON_THE_WAY {
            sleep(LOOK).await;
        }
        cancelled += self.take_back(app, campaign).await?;
        Ok(cancelled)
    }

    async fn is_sending(&self, app: SdkAppId, campaign: &str) -> Result<bool, LedgerError> {
        let sending = Some(RingState::Sending);
        Ok(!self.rows(app, campaign, sending, 0, 1).await?.is_empty())
    }

    async fn take_back(&self, app: SdkAppId, campaign: &str) -> Result<u64, LedgerError> {
        let mut cancelled = 0;
        for state in [RingState::Queued, RingState::Claimed] {
            let mut behind = 0;
            loop {
                let page = self.rows(app, campaign, Some(state), behind, BATCH).await?;
                let Some(last) = page.last() else { break };
                behind = last.seq;
                let keys = page.iter().map(|ring| ring.key.to_string()).collect();
                let event = |_: &Ring| Some(RingEvent::Cancelled);
                let taken_back = self.apply(app, Select::Keys(keys), event).await?;
                cancelled += u64::try_from(taken_back.len()).unwrap_or(0);
            }
        }
        Ok(cancelled)
    }

    async fn set_state(
        &self,
        app: SdkAppId,
        campaign: &str,
        state: CampaignState,
    ) -> Result<(), LedgerError> {
        let sql = "UPDATE trtc_ring_campaigns SET state = $1 WHERE sdk_app_id = $2 AND name = $3 \
                   AND state IN ('running', 'paused', $1)";
        let values = vec![
            Value::text(state.as_str()),
            Value::app(app),
            Value::text(campaign),
        ];
        if self.store.execute(sql, values).await? > 0 {
            return Ok(());
        }
        let (rule, fix, code) = match self.campaign(app, campaign).await? {
            Some(_) => (
                "was cancelled, which is for good",
                "make another one",
                ProblemCode::CampaignCancelled,
            ),
            None => (
                "is not in the ledger",
                "name one that is",
                ProblemCode::NotInLedger,
            ),
        };
        let problem = Problem::new("campaign", format!("{campaign} {rule}"), fix).coded(code);
        Err(problem.into())
    }
}

fn read(row: &dyn Row) -> Result<Campaign, LedgerError> {
    let state = row.text(1)?.unwrap_or_default();
    let created_at = row.integer(4)?.unwrap_or_default();
    Ok(Campaign {
        name: row.text(0)?.unwrap_or_default(),
        state: CampaignState::of_word(&state).unwrap_or(CampaignState::Paused),
        policy: Policy::read(&row.text(2)?.unwrap_or_default())?,
        source: row.text(3)?,
        created_at: UnixMillis(u64::try_from(created_at).unwrap_or(0)),
    })
}
