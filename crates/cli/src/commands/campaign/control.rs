//! Having workers wait, go on, or leave the rest.

use serde_json::json;

use super::find;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service;
use crate::sheet::Sheet;
use crate::store::LedgerArgs;

/// Have workers wait
///
/// What is on its way is sent. Workers that run wait until the campaign is resumed.
#[derive(Debug, clap::Args)]
pub(crate) struct PauseArgs {
    #[command(flatten)]
    campaign: CampaignArgs,
}

/// Have workers go on
#[derive(Debug, clap::Args)]
pub(crate) struct ResumeArgs {
    #[command(flatten)]
    campaign: CampaignArgs,
}

/// Take back what was not sent, for good
#[derive(Debug, clap::Args)]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    campaign: CampaignArgs,
}

/// Which campaign.
#[derive(Debug, clap::Args)]
struct CampaignArgs {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Clone, Copy)]
enum Control {
    Pause,
    Resume,
    Cancel,
}

impl PauseArgs {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        self.campaign.control(screen, Control::Pause)
    }
}

impl ResumeArgs {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        self.campaign.control(screen, Control::Resume)
    }
}

impl CancelArgs {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        self.campaign.control(screen, Control::Cancel)
    }
}

impl CampaignArgs {
    fn control(&self, screen: &Screen, control: Control) -> Result<Exit, CommandError> {
        let name = &self.name;
        service::runtime()?.block_on(async {
            let (ledger, app) = self.ledger.open().await?;
            find(&ledger, app, name).await?;
            let mut cancelled = None;
            let title = match control {
                Control::Pause => {
                    ledger.pause(app, name).await?;
                    format!("Campaign {name} is paused")
                }
                Control::Resume => {
                    ledger.resume(app, name).await?;
                    format!("Campaign {name} goes on, where workers run")
                }
                Control::Cancel => {
                    let count = ledger.cancel_campaign(app, name).await?;
                    cancelled = Some(count);
                    format!("Campaign {name} is over: {count} rings taken back")
                }
            };
            let state = ledger
                .campaign(app, name)
                .await?
                .map(|campaign| campaign.state);
            let document = match cancelled {
                Some(count) => json!({ "name": name, "cancelled": count, "campaign": state }),
                None => json!({ "name": name, "campaign": state }),
            };
            Ok(screen.show_done(Sheet::new(&title), &document, Done::harmless(&title)))
        })
    }
}
