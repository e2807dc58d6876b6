use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use trtc_call::{BaseUrl, IngestRoomIdCoding};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Config, Event, EventKind};

use crate::account::{AdminArgs, Credentials};
use crate::cloud_credential::CloudCredentialArgs;
use crate::command_error::CommandError;
use crate::emulated;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::printable::Printable;
use crate::screen::Screen;
use crate::service;
use crate::style::{FAINT, TITLE};

/// Run a local service with simulated users, to try and test things without an account
///
/// It serves the account that the options or the environment name, else a demo account. What a simulated
/// user does follows from the name: reject, noanswer, busy, offline, answer-800-hangup-2000 (milliseconds)
/// do what they say; any other answers after 1.5 s and hangs up 3 s later. The cloud API (stream ingest,
/// rooms) is served at the same address. Ctrl-C stops it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address to listen on; port 0 takes a free one. Whoever reaches it controls the emulator
    #[arg(long, value_name = "ADDRESS", default_value_t = emulated::ADDRESS)]
    listen: SocketAddr,
    #[command(flatten)]
    admin: AdminArgs,
    /// What RoomIdType means to stream ingest: numeric-0 (1 is a string room) or numeric-1
    #[arg(
        long,
        value_name = "CODING",
        default_value_t,
        help_heading = "Cloud API"
    )]
    ingest_room_coding: IngestRoomIdCoding,
    /// Refuse stream ingest without a PrivateMapKey, as with advanced permissions in the console
    #[arg(long, help_heading = "Cloud API")]
    demand_private_map_key: bool,
    #[command(flatten)]
    cloud: CloudCredentialArgs,
}

/// How often to look for new events.
const INTERVAL: Duration = Duration::from_millis(50);

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let credentials = self
            .admin
            .read_for_emulator()
            .map_err(CommandError::Invalid)?;
        let mut config = emulated::config(&credentials, self.admin.user_ids);
        config.ingest_room_id_coding = self.ingest_room_coding;
        config.demands_private_map_key = self.demand_private_map_key;
        if self.cloud.is_given() {
            config.cloud_credentials = vec![self.cloud.read().map_err(CommandError::Invalid)?];
        }
        let cloud = config.cloud_credentials.first();
        let cloud_secret_id = cloud.map(|credential| credential.secret_id().to_owned());
        service::runtime()?.block_on(async {
            let server = emulated::start_with(config, self.listen).await?;
            let greeting = Greeting {
                base_url: server.base_url(),
                credentials: &credentials,
                is_cloud_test_key: !self.cloud.is_given(),
            };
            if !self.listen.ip().is_loopback() {
                screen.warn(format_args!(
                    "it listens on {}: whoever reaches this machine there controls the emulator",
                    server.address()
                ));
            }
            let document = json!({
                "baseUrl": greeting.base_url,
                "sdkAppId": credentials.sdk_app_id,
                "admin": credentials.admin,
                "cloudSecretId": cloud_secret_id,
            });
            let mut interrupts = Interrupts::listen()?;
            screen.show(&greeting, &document)?;
            tokio::select! {
                () = show_events(screen, &server) => {}
                _ = interrupts.reach(1) => {}
            }
            screen.note("stopped");
            tokio::select! {
                () = server.shutdown() => {}
                _ = interrupts.reach(2) => {}
            }
            Ok(Exit::Ok)
        })
    }
}

/// Shows what happens as it happens, for ever.
async fn show_events(screen: &Screen, server: &Server) {
    let mut last_id = 0;
    loop {
        let events: Vec<Event> =
            server.with(|emulator| emulator.events_since(last_id).cloned().collect());
        for event in events {
            last_id = event.id;
            screen.note(line(&event));
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn line(event: &Event) -> String {
    let what = match &event.kind {
        EventKind::Started { robot } => format!("{} calls", Printable(robot)),
        EventKind::Ringing { user } => format!("{} rings", Printable(user)),
        EventKind::Busy { user } => format!("{} is busy", Printable(user)),
        EventKind::Offline { user } => format!("{} is offline", Printable(user)),
        EventKind::Answered { user } => format!("{} answers", Printable(user)),
        EventKind::Rejected { user } => format!("{} declines", Printable(user)),
        EventKind::NotAnswered { user } => format!("{} does not answer", Printable(user)),
        EventKind::HungUp { user } => format!("{} hangs up", Printable(user)),
        EventKind::Dropped { user } => format!("{} loses the connection", Printable(user)),
        EventKind::Ended { result } => format!("the call ends: {result:?}"),
        EventKind::RecordReady => "the record is ready".to_owned(),
        EventKind::IngestStarted { user, .. } => format!("{} plays", Printable(user)),
        EventKind::IngestFailed { user, .. } => format!("{} cannot play", Printable(user)),
        EventKind::IngestRestarted { user, .. } => format!("{} plays again", Printable(user)),
        EventKind::IngestEnded { user, reason, .. } => {
            format!("{} stops playing: {}", Printable(user), reason.as_str())
        }
        other => format!("{other:?}"),
    };
    if event.call_id.is_empty() {
        format!("no call  {what}")
    } else {
        format!("call {}  {what}", Printable(&event.call_id))
    }
}

/// What to do with an emulator that has just started.
struct Greeting<'a> {
    base_url: String,
    credentials: &'a Credentials,
    is_cloud_test_key: bool,
}

impl fmt::Display for Greeting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Greeting {
            base_url,
            credentials,
            is_cloud_test_key,
        } = self;
        let Credentials {
            sdk_app_id,
            secret_key,
            admin,
        } = credentials;
        writeln!(f, "{TITLE}Emulator at {base_url}{TITLE:#}, Ctrl-C stops it")?;
        writeln!(
            f,
            "{FAINT}No real phone rings. In another terminal:{FAINT:#}"
        )?;
        writeln!(f, "  export TRTC_BASE_URL={base_url}")?;
        writeln!(f, "  export TRTC_SDKAPPID={sdk_app_id}")?;
        writeln!(f, "  export TRTC_ADMIN='{}'", Printable(admin))?;
        // Only a key that everybody knows may be printed.
        if secret_key.expose() == emulated::DEMO_SECRET_KEY.as_bytes() {
            writeln!(f, "  export TRTC_SECRET_KEY={}", emulated::DEMO_SECRET_KEY)?;
        }
        writeln!(f, "  export TRTC_CLOUD_BASE_URL={base_url}")?;
        if *is_cloud_test_key {
            writeln!(
                f,
                "  export TENCENTCLOUD_SECRET_ID={}",
                Config::TEST_SECRET_ID
            )?;
            writeln!(
                f,
                "  export TENCENTCLOUD_SECRET_KEY={}",
                Config::TEST_SECRET_KEY
            )?;
        }
        write!(f, "  trtc-call start --callee jack --wait")?;
        if BaseUrl::new(base_url).is_err() {
            // An address of this machine that others reach: its own client wants to be told that this is meant.
            write!(f, " --allow-plain-http")?;
        }
        Ok(())
    }
}
