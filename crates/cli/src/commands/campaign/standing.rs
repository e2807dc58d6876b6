//! How a campaign stands, for people and for programs.

use serde::Serialize;
use trtc_call_ledger::{CampaignState, Stats};

use crate::exit::Exit;
use crate::moment::{UtcMillis, now_ms};
use crate::sheet::Sheet;

/// The counts, in one document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Standing {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) stats: Stats,
}

impl Standing {
    /// What a command ends with that has seen a campaign to its end: 4 if phones may have rung.
    pub(super) fn exit(&self) -> Exit {
        if self.stats.unknown > 0 {
            Exit::OutcomeUnknown
        } else {
            Exit::Ok
        }
    }

    /// Rings that workers still have to do with.
    pub(super) fn open(&self) -> u64 {
        self.stats.queued + self.stats.claimed + self.stats.sending
    }

    /// What it waits for, if something.
    pub(super) fn waits_for(&self) -> Option<String> {
        let stats = &self.stats;
        if stats.campaign == Some(CampaignState::Paused) && self.open() > 0 {
            return Some("it is paused: `trtc-call campaign resume` goes on".to_owned());
        }
        if stats.queued > 0 {
            let due = stats.next_due?;
            return Some(match due.0 > now_ms() {
                true => format!("{} wait, the first until {}", stats.queued, UtcMillis(due)),
                false => format!("{} are due: who runs the campaign rings them", stats.queued),
            });
        }
        if stats.unknown > 0 {
            let unknown = stats.unknown;
            return Some(format!(
                "{unknown} unknown: webhooks and records may tell, or you by `trtc-call ledger settle`"
            ));
        }
        None
    }

    pub(super) fn sheet(&self, title: &str) -> Sheet {
        let stats = &self.stats;
        let some = |count: u64| (count > 0).then_some(count);
        Sheet::new(title)
            .row_if("state", stats.campaign)
            .row("total", stats.total)
            .row_if("queued", some(stats.queued))
            .row_if("in hand", some(stats.claimed + stats.sending))
            .row("rung", stats.rung)
            .row_if("  answered", some(stats.answered))
            .row_if("  ended", some(stats.ended))
            .row_if("refused", some(stats.refused))
            .row_if("unknown", some(stats.unknown))
            .row_if("presumed not rung", some(stats.presumed_not_rung))
            .row_if("cancelled", some(stats.cancelled))
            .row_if("waits", self.waits_for())
    }
}
