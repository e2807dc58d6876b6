use serde_json::json;
use trtc_call_ledger::SweepError;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service;
use crate::sheet::Sheet;
use crate::store::SenderArgs;

/// Settle unknown rings by the service's records now
///
/// Workers do it by themselves, as long as they run: first when the phones have rung out, then ever less
/// often for 7 days. This looks for all of them at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    sender: SenderArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        service::runtime()?.block_on(async {
            let (ledger, client) = self.sender.open().await?;
            let settled = ledger
                .sweep_all(&client)
                .await
                .map_err(|error| match error {
                    SweepError::Ledger(error) => error.into(),
                    SweepError::Service(error) => CommandError::request(error),
                    other => CommandError::Setup(other.to_string()),
                })?;
            let title = format!("{settled} rings settled by the records");
            let done = Done::harmless(&title);
            Ok(screen.show_done(Sheet::new(&title), &json!({ "settled": settled }), done))
        })
    }
}
