//! Campaigns, as the ledger of the console's application has them. Workers ring them, elsewhere: the console shows how far
//! they are, has workers wait or go on, and settles what only a person knows.

mod follow;
mod row;

use serde::Serialize;
use trtc_call::UnixMillis;
use trtc_call_ledger::{Campaign, Ledger, LedgerError, Stats};

use crate::Shared;
use crate::api_error::ApiError;

pub(crate) use self::follow::follow;
pub(crate) use self::row::{Row, WholeRow};

/// A campaign as it is now.
#[derive(Serialize)]
pub(crate) struct CampaignView {
    #[serde(flatten)]
    campaign: Campaign,
    counts: Stats,
    /// The ledger's time when it was counted.
    at: UnixMillis,
}

impl CampaignView {
    async fn of(
        campaign: Campaign,
        shared: &Shared,
        ledger: &Ledger,
    ) -> Result<CampaignView, LedgerError> {
        Ok(CampaignView {
            counts: ledger
                .stats(shared.account.sdk_app_id, &campaign.name)
                .await?,
            at: ledger.now().await?,
            campaign,
        })
    }
}

impl Shared {
    /// The ledger, where the console was started with one.
    pub(crate) fn ledger(&self) -> Result<&Ledger, ApiError> {
        self.ledger.as_ref().ok_or_else(|| {
            let message =
                "this console has no ledger; start it with --store or TRTC_STORE, as the workers are";
            ApiError::refused(axum::http::StatusCode::NOT_FOUND, "ledger_off", message)
        })
    }
}
