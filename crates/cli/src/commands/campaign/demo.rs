use std::time::Duration;

use tokio::time::sleep;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::{MediaType, Problem, SdkAppId};
use trtc_call_emulator::server::Server;
use trtc_call_ledger::{DEFAULT_RATE, Ledger, NewRing, Policy, RingKey};

use super::metrics::Metrics;
use super::progress::Progress;
use super::stage::Stage;
use super::work::Work;
use crate::account::UserIdRule;
use crate::command_error::CommandError;
use crate::emulated;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::screen::Screen;
use crate::service;
use crate::store::{self, StoreArg};

/// See a campaign at work: simulated users are rung, and no account is needed
///
/// The ledger is a file, trtc-call-demo.db unless another one is named. Press Ctrl-C in the middle and give
/// the same command again: it goes on where it was.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ring simulated users of an emulator in this process: the demo rings nobody else
    #[arg(long, required = true)]
    emulator: bool,
    /// How many users
    #[arg(long, value_name = "NUMBER", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    users: u64,
    #[command(flatten)]
    store: StoreArg,
}

const NAME: &str = "demo";
const FILE: &str = "trtc-call-demo.db";

/// How many rows go in together.
const PAGE: u64 = 500;

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let invalid = |problem: Problem| CommandError::Invalid(vec![problem]);
        let url = self.store.read_or(FILE).map_err(invalid)?;
        let app = emulated::demo_sdk_app_id().map_err(invalid)?;
        service::runtime()?.block_on(Box::pin(async {
            let interrupts = Interrupts::listen()?;
            let ledger = store::open(&url).await?;
            let user_ids = UserIdRule {
                allow_any_user_id: false,
            };
            let stage = Stage::begin(app, user_ids).await?;
            screen.note(format_args!(
                "emulator at {}: no real phone rings",
                stage.server.base_url()
            ));
            self.put_in(&ledger, app).await?;
            let metrics = Metrics::new(NAME, DEFAULT_RATE);
            let heard = stage.tell(&ledger, &metrics).await?;
            let work = Work {
                screen,
                ledger,
                client: stage.client.clone(),
                name: NAME,
                workers: 1,
                metrics,
                // It looks itself which calls are over: those of an earlier run are gone with its emulator.
                wait: false,
                is_streamed: true,
            };
            let Some(worked) = work.work(&interrupts, heard, None).await? else {
                return Ok(Exit::Interrupted);
            };
            if worked.is_stopped {
                return Ok(work.show(&worked, "The demo is stopped; the same command goes on"));
            }
            let mut stop = interrupts.clone();
            tokio::select! {
                () = let_calls_end(&work, &stage.server) => {}
                _ = stop.reach(1) => {}
            }
            let worked = super::work::Worked {
                standing: work.standing().await?,
                ..worked
            };
            let exit = work.show(&worked, "The demo has rung everybody");
            screen.note(format_args!(
                "the ledger is {url}; without it, the demo begins anew"
            ));
            Ok(exit)
        }))
    }

    /// The users, those that are not there yet.
    async fn put_in(&self, ledger: &Ledger, app: SdkAppId) -> Result<(), CommandError> {
        let invalid = |problem: Problem| CommandError::Invalid(vec![problem]);
        ledger
            .create_campaign(app, NAME, &Policy::default(), Some("simulated users"))
            .await?;
        let mut next = 0;
        while next < self.users {
            let until = self.users.min(next + PAGE);
            let mut rings = Vec::new();
            for number in next..until {
                let user = user(number);
                let key = RingKey::new(format!("{NAME}:{user}")).map_err(invalid)?;
                let call = Request::builder("robot", [user.as_str()], MediaType::Video);
                let call = call.ring_timeout(Duration::from_secs(10)).build();
                let call =
                    call.map_err(|invalid| CommandError::Invalid(invalid.into_problems()))?;
                let mut ring = NewRing::queued(key, call).of_campaign(NAME);
                ring.line = Some(number + 1);
                rings.push(ring);
            }
            ledger.enqueue(app, rings).await?;
            next = until;
        }
        Ok(())
    }
}

/// What a simulated user does follows from the name: of 20, 2 do not answer, 2 decline, and 1 each is busy and offline.
fn user(number: u64) -> String {
    let kind = match number % 20 {
        3 | 13 => "noanswer",
        6 | 16 => "reject",
        9 => "busy",
        19 => "offline",
        _ => "user",
    };
    format!("{kind}-{:04}", number + 1)
}

/// Everybody has been rung; now the calls end.
async fn let_calls_end(work: &Work<'_>, server: &Server) {
    let mut progress = Progress::begin(*work.screen, "calls end");
    let mut ended = u64::MAX;
    loop {
        let are_over =
            server.with(|emulator| emulator.calls().iter().all(|call| call.end.is_some()));
        if let Ok(standing) = work.standing().await {
            progress.show(&standing);
            // The last deliveries may be on their way.
            if are_over
                && std::mem::replace(&mut ended, standing.stats.ended) == standing.stats.ended
            {
                break;
            }
        }
        sleep(Duration::from_millis(500)).await;
    }
    progress.end();
}
