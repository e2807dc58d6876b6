use std::net::SocketAddr;
use std::num::NonZeroU32;

use tokio::sync::mpsc;
use trtc_call::Problem;

use super::find;
use super::hearing::Hearing;
use super::metrics::Metrics;
use super::playing::Playing;
use super::work::Work;
use crate::cloud::CloudArgs;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::screen::Screen;
use crate::service;
use crate::store::{Sender, SenderArgs};
use crate::webhook_check::{WebhookCheck, WebhookCheckArgs};

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
    /// Wait until calls have ended, too, and ring again who is to be; for webhooks, see --listen, or records, where
    /// the campaign was made with --watch
    #[arg(long)]
    wait: bool,
    /// Serve numbers for Prometheus on this address, such as 127.0.0.1:9464, at /metrics
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
    #[command(flatten)]
    listen: ListenArgs,
    #[command(flatten)]
    sender: SenderArgs,
    #[command(flatten)]
    cloud: CloudArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Webhooks")]
struct ListenArgs {
    /// Receive webhooks on this address, such as 127.0.0.1:8098: answers and ends of calls are counted as they
    /// come, and what is unknown is settled; implies --wait. `trtc-call callback set` has the service send them
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    check: WebhookCheckArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let (sender, check) = self.read()?;
        service::runtime()?.block_on(Box::pin(async {
            let interrupts = Interrupts::listen()?;
            let ledger = sender.ledger().await?.rate(Some(self.rate));
            let app = sender.app();
            let campaign = find(&ledger, app, &self.name).await?;
            let cloud = campaign.policy.play.as_ref();
            let cloud = cloud.map(|_| self.cloud.read(self.sender.plain_http()));
            let cloud = cloud.transpose().map_err(CommandError::Invalid)?;
            let client = sender.client(cloud)?;
            if self.wait && check.is_none() && !campaign.policy.watch {
                return Err(nobody_tells());
            }
            let metrics = Metrics::new(&self.name, self.rate);
            if let Some(address) = self.metrics {
                let url = metrics.serve(address).await?;
                screen.note(format_args!("numbers at {url}"));
            }
            let wait = self.wait || check.is_some();
            let (_, mut heard) = mpsc::unbounded_channel();
            if let Some((address, check)) = check {
                let of = (ledger.clone(), app);
                let hearing = Hearing::begin(address, check, of, metrics.clone()).await?;
                screen.note(format_args!("webhooks are received at {}", hearing.url));
                heard = hearing.heard;
            }
            let playing = Playing::of(&campaign.policy, &client);
            let work = Work {
                screen,
                ledger,
                client,
                name: &self.name,
                workers: self.workers.into(),
                metrics,
                wait,
                is_streamed: true,
            };
            let worked = work.work(&interrupts, heard, playing).await;
            if worked.is_err() {
                // Calls and streams that nobody looks after any more are ended first.
                work.client.drained().await;
            }
            let Some(worked) = worked? else {
                screen.warn("what was on its way counts as unknown until webhooks or records tell");
                if campaign.policy.play.is_some() {
                    screen.warn("calls and streams were not ended for certain; they may go on");
                }
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

    /// What is given, or all that is missing.
    fn read(&self) -> Result<(Sender, Option<(SocketAddr, WebhookCheck)>), CommandError> {
        let ListenArgs { listen, check } = &self.listen;
        let check = match (listen, check.named()) {
            (Some(address), _) => {
                let check = check.read(self.sender.app());
                check.map(|check| Some((*address, check)))
            }
            (None, None) => Ok(None),
            (None, Some(option)) => {
                let fix = "say where webhooks arrive: --listen 127.0.0.1:8098";
                Err(vec![Problem::new(option, "stands beside --listen", fix)])
            }
        };
        match (self.sender.read(), check) {
            (Ok(sender), Ok(check)) => Ok((sender, check)),
            (sender, check) => {
                let mut problems = sender.err().unwrap_or_default();
                for problem in check.err().unwrap_or_default() {
                    if !problems.contains(&problem) {
                        problems.push(problem);
                    }
                }
                Err(CommandError::Invalid(problems))
            }
        }
    }
}

fn nobody_tells() -> CommandError {
    let rule = "waits for the ends of calls, which nobody tells of";
    let fix = "add --listen ADDRESS for webhooks, or make the campaign with --watch, for records";
    CommandError::Invalid(vec![Problem::new("--wait", rule, fix)])
}
