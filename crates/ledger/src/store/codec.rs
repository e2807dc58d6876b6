//! Limiters and campaigns as columns.

use trtc_call_core::ring_ledger::{CampaignState, Limiter, Policy};
use trtc_call_core::{Endpoint as _, SdkAppId, UnixMillis, call_engine::start_call_by_robot};

use super::{LoadedCampaign, Row, Value};
use crate::LedgerError;
use crate::quiet_hours::Quiet;

pub(super) fn read_limiter(row: &dyn Row) -> Result<Limiter, LedgerError> {
    let number = |index| -> Result<u64, LedgerError> {
        Ok(u64::try_from(row.integer(index)?.unwrap_or_default()).unwrap_or(0))
    };
    Ok(Limiter {
        next_free: number(0)?,
        slowdown: u32::try_from(number(1)?).unwrap_or(0),
        slowed_at: UnixMillis(number(2)?),
    })
}

/// The values of a limiter's row, behind its key.
pub(super) fn limiter_values(app: SdkAppId, limiter: &Limiter) -> Vec<Value> {
    vec![
        Value::app(app),
        command(),
        Value::time(UnixMillis(limiter.next_free)),
        Value::integer(limiter.slowdown.into()),
        Value::time(limiter.slowed_at),
    ]
}

/// The service counts each command for itself.
pub(super) fn command() -> Value {
    Value::text(start_call_by_robot::Request::COMMAND.name)
}

/// Reads state and policy.
pub(super) fn read_campaign(row: &dyn Row) -> Result<LoadedCampaign, LedgerError> {
    let state = row.text(0)?.unwrap_or_default();
    let policy = Policy::read(&row.text(1)?.unwrap_or_default())?;
    let quiet = policy.quiet_hours.as_ref().map(Quiet::new).transpose()?;
    Ok(LoadedCampaign {
        quiet,
        // What this release does not know is better not rung.
        state: CampaignState::of_word(&state).unwrap_or(CampaignState::Paused),
        policy,
        up: 0,
    })
}
