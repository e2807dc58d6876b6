use super::{key, sheet};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service;
use crate::store::LedgerArgs;

/// Take back a ring that was not sent
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
            let ring = ledger.cancel(app, &key).await?;
            let done = Done::harmless(format_args!("{key} is taken back"));
            Ok(screen.show_done(sheet(&ring), &ring, done))
        })
    }
}
