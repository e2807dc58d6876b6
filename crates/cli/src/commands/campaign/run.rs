use std::num::NonZeroU32;

use super::find;
use super::work::Work;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::screen::Screen;
use crate::service;
use crate::store::SenderArgs;

/// Ring a campaign's users
///
/// Any number of these may run, on any number of machines that reach the ledger; they share the rows and one
/// limit. It ends when every row has its outcome or waits for something it names, with 0, or with 4 when
/// phones may have rung of which nothing is known. Ctrl-C waits for what is on its way; the same command goes
/// on. With --json each ring is one line of JSON, and the last line has the counts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// Workers in this process
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    workers: u8,
    /// The most rings in a second, over all who use the ledger: give all of them the same
    #[arg(long, value_name = "NUMBER", default_value = "190", value_parser = str::parse::<NonZeroU32>)]
    rate: NonZeroU32,
    #[command(flatten)]
    sender: SenderArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        service::runtime()?.block_on(Box::pin(async {
            let interrupts = Interrupts::listen()?;
            let (ledger, client) = self.sender.open().await?;
            let ledger = ledger.rate(Some(self.rate));
            find(&ledger, client.sdk_app_id(), &self.name).await?;
            let work = Work {
                screen,
                ledger,
                client,
                name: &self.name,
                workers: self.workers.into(),
            };
            let Some(worked) = work.work(&interrupts).await? else {
                screen.warn("what was on its way counts as unknown until webhooks or records tell");
                return Ok(Exit::Interrupted);
            };
            let title = match worked.is_stopped {
                true => format!(
                    "Campaign {} is stopped; the same command goes on",
                    self.name
                ),
                false => format!("Campaign {}", self.name),
            };
            Ok(work.show(&worked, &title))
        }))
    }
}
