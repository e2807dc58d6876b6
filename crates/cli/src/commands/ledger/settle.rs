use super::{key, sheet};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service;
use crate::store::LedgerArgs;

/// Say whether an unknown ring rang
///
/// Webhooks and records settle most of what is unknown; this is for what you know better. The key is not
/// rung again either way: to ring, take another key.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its key
    #[arg(value_name = "KEY", allow_hyphen_values = true)]
    key: String,
    /// The phone rang
    #[arg(
        long,
        required_unless_present = "not_rung",
        conflicts_with = "not_rung"
    )]
    rung: bool,
    /// The phone did not ring
    #[arg(long)]
    not_rung: bool,
    #[command(flatten)]
    ledger: LedgerArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let key = key(&self.key)?;
        service::runtime()?.block_on(async {
            let (ledger, app) = self.ledger.open().await?;
            let ring = ledger.settle(app, &key, self.rung).await?;
            let done = Done::harmless(format_args!("{key} is {} now", ring.state));
            Ok(screen.show_done(sheet(&ring), &ring, done))
        })
    }
}
