use std::time::Duration;

use serde_json::json;

use crate::command_error::CommandError;
use crate::duration;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service;
use crate::sheet::Sheet;
use crate::store::LedgerArgs;

/// Forget rings that were settled long ago
///
/// A key that is forgotten rings again when it is asked for: keep them longer than anybody may repeat a
/// request. What is unknown is never forgotten.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Those that were settled longer ago than that, such as 90d; at least 8d, for records tell of unknown
    /// rings for 7 days
    #[arg(long, value_name = "DURATION", value_parser = long_enough)]
    settled_before: Duration,
    #[command(flatten)]
    ledger: LedgerArgs,
}

const SHORTEST: Duration = Duration::from_secs(8 * 24 * 3600);

fn long_enough(text: &str) -> Result<Duration, String> {
    let duration = duration::parse(text)?;
    if duration < SHORTEST {
        return Err("must be at least 8d".to_owned());
    }
    Ok(duration)
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        service::runtime()?.block_on(async {
            let (ledger, app) = self.ledger.open().await?;
            let purged = ledger.purge(app, self.settled_before).await?;
            let title = format!("{purged} rings forgotten");
            let done = Done::harmless(&title);
            Ok(screen.show_done(Sheet::new(&title), &json!({ "purged": purged }), done))
        })
    }
}
