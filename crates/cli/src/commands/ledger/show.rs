use trtc_call::Problem;
use trtc_call_ledger::{Ring, RingState};

use super::key;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::moment::{Utc, UtcMillis};
use crate::printable::Printable;
use crate::screen::Screen;
use crate::service;
use crate::sheet::Sheet;
use crate::store::LedgerArgs;

/// Show the ring of a key, and how it got where it is
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its key
    #[arg(value_name = "KEY", allow_hyphen_values = true)]
    key: String,
    #[command(flatten)]
    ledger: LedgerArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let key = key(&self.key)?;
        service::runtime()?.block_on(async {
            let (ledger, app) = self.ledger.open().await?;
            let Some(ring) = ledger.outcome(app, &key).await? else {
                let rule = format!("{key} is not in the ledger");
                let fix = "see the rows of its campaign, or check --store and --sdkappid";
                return Err(CommandError::Invalid(vec![Problem::new("KEY", rule, fix)]));
            };
            screen.show(sheet(&ring), &ring)?;
            Ok(Exit::Ok)
        })
    }
}

/// A ring for people.
pub(crate) fn sheet(ring: &Ring) -> Sheet {
    let users = ring.call.callees();
    let users: Vec<String> = users.iter().map(ToString::to_string).collect();
    let campaign = (!ring.campaign.is_empty()).then_some(&ring.campaign);
    let waits = (ring.state == RingState::Queued)
        .then_some(ring.not_before)
        .flatten();
    let failure = ring.failure.as_ref();
    let failure = failure.map(|failure| format!("{} ({})", failure.message, failure.code));
    let sheet = Sheet::new(format_args!("Ring {}", ring.key))
        .row("callees", users.join(", "))
        .row("room", ring.room.as_str())
        .row_if("campaign", campaign)
        .row_if("line", ring.line)
        .row_if("attempt of", ring.first_key.as_ref())
        .row("state", ring.state)
        .row_if("from", waits.map(UtcMillis))
        .row_if("call", ring.call_id.as_ref())
        .row_if("RequestId", ring.request_id.as_ref())
        .row_if("known by", ring.evidence)
        .row_if("failure", failure)
        .row_if("looked for", ring.look_at.map(UtcMillis))
        .row_if("result", ring.call_result.as_ref())
        .row_if("answered", ring.answered_at.map(Utc))
        .row_if(
            "data",
            ring.data.as_ref().map(|data| Printable(data.as_str())),
        );
    ring.history.iter().fold(sheet, |sheet, step| {
        sheet.row(UtcMillis(step.at), step.state)
    })
}
