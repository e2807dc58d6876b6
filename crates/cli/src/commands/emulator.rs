use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Event, EventKind};

use crate::account::{AdminArgs, Credentials};
use crate::emulated;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::printable::Printable;
use crate::screen::Screen;
use crate::service;
use crate::style::{FAINT, TITLE};

/// Run a local service with simulated users, to try and test things without an account
///
/// It serves the account that the options or the environment name, else a demo account. What a simulated
/// user does follows from the name: reject, noanswer, busy, offline, answer-800-hangup-2000 (milliseconds)
/// do what they say; any other answers after 1.5 s and hangs up 3 s later. Ctrl-C stops it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address to listen on; port 0 takes a free one. Whoever reaches it controls the emulator
    #[arg(long, value_name = "ADDRESS", default_value_t = emulated::ADDRESS)]
    listen: SocketAddr,
    #[command(flatten)]
    admin: AdminArgs,
}

/// How often to look for new events.
const INTERVAL: Duration = Duration::from_millis(50);

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, Failure> {
        let credentials = self.admin.read_for_emulator().map_err(Failure::Invalid)?;
        service::runtime()?.block_on(async {
            let server = emulated::start(&credentials, self.admin.user_ids, self.listen).await?;
            let greeting = Greeting {
                base_url: server.base_url(),
                credentials: &credentials,
            };
            if !self.listen.ip().is_loopback() {
                screen.warn("whoever reaches this address controls the emulator");
            }
            let document = json!({
                "baseUrl": greeting.base_url,
                "sdkAppId": credentials.sdk_app_id,
                "admin": credentials.admin,
            });
            let mut interrupts = Interrupts::listen()?;
            screen.show(&greeting, &document)?;
            tokio::select! {
                () = show_events(screen, &server) => {}
                () = interrupts.reach(1) => {}
            }
            screen.note("stopped");
            server.shutdown().await;
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
        other => format!("{other:?}"),
    };
    format!("call {}  {what}", Printable(&event.call_id))
}

/// What to do with an emulator that has just started.
struct Greeting<'a> {
    base_url: String,
    credentials: &'a Credentials,
}

impl fmt::Display for Greeting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Greeting {
            base_url,
            credentials,
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
        write!(f, "  trtc-call start --callee jack --wait")
    }
}
