mod control;
mod create;
mod demo;
mod given_file;
mod hearing;
mod metrics;
mod playing;
mod progress;
mod rehearsal;
mod report;
mod rows;
mod run;
mod stage;
mod standing;
mod status;
mod work;

use clap::Subcommand;
use trtc_call::{Problem, SdkAppId};
use trtc_call_ledger::{Campaign, Ledger};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Ring many users, each once, with any number of processes on any number of machines
///
/// A campaign is made from a file of users and stands in a ledger. Whatever happens to those who work on it
/// (Ctrl-C, a crash, a machine that is gone), the same command goes on where it was, and nobody is rung twice.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(create::Args),
    Run(run::Args),
    Status(status::Args),
    Pause(control::PauseArgs),
    Resume(control::ResumeArgs),
    Cancel(control::CancelArgs),
    Report(report::Args),
    Rows(rows::Args),
    Demo(demo::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Create(args) => args.run(screen),
            Command::Run(args) => args.run(screen),
            Command::Status(args) => args.run(screen),
            Command::Pause(args) => args.run(screen),
            Command::Resume(args) => args.run(screen),
            Command::Cancel(args) => args.run(screen),
            Command::Report(args) => args.run(screen),
            Command::Rows(args) => args.run(screen),
            Command::Demo(args) => args.run(screen),
        }
    }
}

/// The campaign of that name, or that there is none.
async fn find(ledger: &Ledger, app: SdkAppId, name: &str) -> Result<Campaign, CommandError> {
    if let Some(campaign) = ledger.campaign(app, name).await? {
        return Ok(campaign);
    }
    let others = ledger.campaigns(app).await?;
    let names: Vec<&str> = others
        .iter()
        .map(|campaign| campaign.name.as_str())
        .take(10)
        .collect();
    let fix = match names.as_slice() {
        [] => {
            "make one with `trtc-call campaign create`, or check --store and --sdkappid".to_owned()
        }
        names => format!("the ledger has {}", names.join(", ")),
    };
    let rule = format!("{name} is not in the ledger");
    Err(CommandError::Invalid(vec![Problem::new("NAME", rule, fix)]))
}
