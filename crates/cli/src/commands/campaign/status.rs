use super::find;
use super::standing::Standing;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;
use crate::service;
use crate::store::LedgerArgs;

/// Show how far a campaign has got
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    ledger: LedgerArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        service::runtime()?.block_on(async {
            let (ledger, app) = self.ledger.open().await?;
            find(&ledger, app, &self.name).await?;
            let standing = Standing {
                name: self.name.clone(),
                stats: ledger.stats(app, &self.name).await?,
            };
            screen.show(
                standing.sheet(&format!("Campaign {}", self.name)),
                &standing,
            )?;
            Ok(Exit::Ok)
        })
    }
}
