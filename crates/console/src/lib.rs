//! The server behind the console: the page, what it asks for, and a live board of calls.
//!
//! `trtc-call console` (the crate `trtc-call-cli`) runs it. The page sends what its user filled in; this
//! process signs, sends to the service, and follows what becomes of it. **The secret key never leaves the
//! process.**
//!
//! ```no_run
//! use trtc_call::{Region, SdkAppId, SecretKey, UserId};
//! use trtc_call_console::{Config, Console, Service};
//!
//! # async fn run(secret_key: SecretKey) -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::new(
//!     SdkAppId::new(1_400_000_000)?,
//!     secret_key,
//!     UserId::new("administrator")?,
//!     Service::Account(Region::Singapore),
//! );
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let console = Console::start(config, listener).await?;
//! println!("{}", console.url()); // a secret: whoever opens it first rings phones
//! # Ok(())
//! # }
//! ```
//!
//! # Who may use it
//!
//! The browser that opens the URL, whose fragment holds a random ticket that is good for one time; the page exchanges it
//! for a random cookie. Another URL is one of [`Console::new_url`]. Requests of other pages and through other names are
//! refused, and the page may load nothing but its own files.
//!
//! # What it is not
//!
//! - No store: the board is in memory, and gone with the process but for what the service can tell. Campaigns stand in
//!   their ledger, which is shown where one is given.
//! - No place for several users with rights of their own: all who are let in may do the same.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod api;
mod api_error;
mod board;
mod campaigns;
mod config;
mod connections;
mod events;
mod gate;
mod page;
mod permits;
mod play;
mod receive;
mod requests;
mod session;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use trtc_call::tc3::Credential;
use trtc_call::webhook::WebhookToken;
use trtc_call::webhook::ingest::IngestWebhookKey;
use trtc_call::{BaseUrl, CallId, Client, ConfigError, IngestRoomIdCoding, Region, UnixMillis};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{CallbackConfiguration, IngestWebhooks, WebhookSettings};
use trtc_call_ledger::Ledger;

pub use crate::config::{CloudAccount, Config, Service, WebhookCheck};
pub use crate::page::Page;
pub use crate::session::SessionToken;

use crate::board::{Board, Call};
use crate::config::Account;
use crate::permits::Permits;
use crate::play::Sessions;
use crate::requests::Requests;
use crate::session::Session;

/// A running console. It stops when this is dropped, or gently with [`shutdown`](Self::shutdown).
pub struct Console {
    address: SocketAddr,
    url: String,
    stop: watch::Sender<bool>,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

/// Without the URL, which is a secret.
impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Why a console could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The client of the service could not be made.
    #[error(transparent)]
    Client(#[from] ConfigError),
    /// The machine gives no random numbers, or the socket is none.
    #[error("the console cannot start: {0}")]
    Io(io::Error),
}

/// Its text tells the error, which is therefore no source.
impl From<io::Error> for StartError {
    fn from(error: io::Error) -> StartError {
        StartError::Io(error)
    }
}

/// How long [`Console::shutdown`] waits for replies that are under way.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(5);

impl Console {
    /// Serves the console at a socket that is bound already. Call it within a tokio runtime whose time and
    /// IO are enabled.
    ///
    /// # Errors
    /// If the client of the service cannot be made, or the machine gives no random numbers.
    pub async fn start(config: Config, listener: TcpListener) -> Result<Console, StartError> {
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let shared = Arc::new(Shared::new(config, address, stopped.clone())?);
        let url = shared.new_url()?;
        let serving = tokio::spawn(connections::serve(listener, router(&shared), stopped));
        tracing::info!(%address, "the console listens");
        Ok(Console {
            url,
            address,
            stop,
            shared,
            serving,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to open in a browser, **once**: it holds a ticket, which the page exchanges for a cookie, and until then
    /// is a secret.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A URL for another browser. Those before that nobody has opened are worth nothing from then on.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn new_url(&self) -> io::Result<String> {
        self.shared.new_url()
    }

    /// How many calls go on that something is played into.
    #[must_use]
    pub fn playing(&self) -> u64 {
        self.shared.sessions.count()
    }

    /// Ends the calls that something is played into, for up to 15 seconds; then stops listening, lets the
    /// replies that are under way finish for up to 5 seconds, and closes all connections. Returns how many
    /// of those calls **may still be up**.
    pub async fn shutdown(mut self) -> u64 {
        let left = self.shared.sessions.end_all().await;
        self.stop.send_replace(true);
        if tokio::time::timeout(SHUTDOWN_PATIENCE, &mut self.serving)
            .await
            .is_err()
        {
            tracing::warn!("some replies were still under way and are cut");
        }
        left
    }
}

/// Closes the socket and all connections at once.
impl Drop for Console {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    let kept = api::router()
        .fallback(page::serve)
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(shared),
            gate::keep,
        ));
    // The service comes through a tunnel with another name, and shows by its signature who it is.
    Router::new()
        .route(receive::PATH, axum::routing::post(receive::receive))
        .route(
            receive::INGEST_PATH,
            axum::routing::post(receive::receive_ingest),
        )
        .merge(kept)
        .with_state(Arc::clone(shared))
}

/// What all requests share.
struct Shared {
    address: SocketAddr,
    account: Account,
    service: Running,
    /// Made anew when the page changes what it is made of.
    client: Mutex<Client>,
    cloud: Option<Mutex<CloudAccount>>,
    sessions: Arc<Sessions>,
    webhooks: WebhookCheck,
    ingest_webhooks: Option<IngestWebhookKey>,
    ledger: Option<Ledger>,
    session: Session,
    page: Page,
    demo_key: Option<&'static str>,
    permits: Permits,
    board: Mutex<Board>,
    requests: Mutex<Requests>,
    stopped: watch::Receiver<bool>,
}

/// Where requests go.
enum Running {
    Account(Region),
    Emulator(Arc<Server>),
}

impl Shared {
    fn new(
        config: Config,
        address: SocketAddr,
        stopped: watch::Receiver<bool>,
    ) -> Result<Shared, StartError> {
        let Config {
            account,
            service,
            mut webhooks,
            mut cloud,
            mut ingest_webhooks,
            ledger,
            page,
            session_token,
            demo_key,
        } = config;
        let service = match service {
            Service::Account(region) => Running::Account(region),
            Service::Emulator(server) => Running::Emulator(Arc::new(server)),
        };
        if let Running::Emulator(server) = &service {
            let credential = Credential::new(
                trtc_call_emulator::Config::TEST_SECRET_ID,
                trtc_call_emulator::Config::TEST_SECRET_KEY,
            );
            let credential = credential.map_err(ConfigError::from)?;
            let account = cloud.get_or_insert_with(|| CloudAccount::new(credential));
            account.host = emulated_url(server)?.into();
        }
        let client = make_client(&account, &service, cloud.as_ref())?;
        if let Running::Emulator(server) = &service {
            let token = match &webhooks {
                WebhookCheck::Token(token) => token.clone(),
                _ => WebhookToken::new(random_hex()?).map_err(ConfigError::from)?,
            };
            webhooks = WebhookCheck::Token(token.clone());
            let mut settings = WebhookSettings::default();
            settings.token = Some(token);
            let key = match ingest_webhooks {
                Some(key) => key,
                None => IngestWebhookKey::new(&random_hex()?).map_err(ConfigError::from)?,
            };
            let mut about_streams = IngestWebhooks::new(receive::ingest_url(address));
            about_streams.key = Some(key.clone());
            ingest_webhooks = Some(key);
            server.with(|emulator| {
                let url = receive::url(address);
                let everything = CallbackConfiguration::everything(url);
                emulator.set_callback_configuration(Some(everything));
                emulator.set_webhook_settings(settings);
                emulator.set_ingest_webhooks(Some(about_streams));
            });
        }
        let session_token = match session_token {
            Some(token) => token,
            None => SessionToken::random()?,
        };
        Ok(Shared {
            address,
            account,
            service,
            client: Mutex::new(client),
            cloud: cloud.map(Mutex::new),
            sessions: Arc::new(Sessions::new()),
            webhooks,
            ingest_webhooks,
            ledger,
            session: Session::new(session_token, address.port()),
            page,
            demo_key,
            permits: Permits::default(),
            board: Mutex::new(Board::new(random_hex()?)),
            requests: Mutex::default(),
            stopped,
        })
    }

    fn new_url(&self) -> io::Result<String> {
        let ticket = self.session.new_ticket()?;
        Ok(format!("{}/#token={ticket}", origin(self.address)))
    }

    fn client(&self) -> Client {
        self.client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn cloud(&self) -> Option<MutexGuard<'_, CloudAccount>> {
        let cloud = self.cloud.as_ref()?;
        Some(cloud.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// For the sessions that start from now on.
    fn set_ingest_room_id_coding(&self, coding: IngestRoomIdCoding) -> Result<(), ConfigError> {
        let Some(mut cloud) = self.cloud() else {
            return Ok(());
        };
        cloud.ingest_room_id_coding = coding;
        let client = make_client(&self.account, &self.service, Some(&cloud))?;
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
        Ok(())
    }

    /// The time at the service, in milliseconds.
    fn now(&self) -> UnixMillis {
        match &self.service {
            Running::Account(_) => system_time(),
            Running::Emulator(server) => emulated_time(server),
        }
    }

    fn emulator(&self) -> Option<&Server> {
        match &self.service {
            Running::Account(_) => None,
            Running::Emulator(server) => Some(server),
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a call on the board; one that is new there is followed from now on.
    fn change_call(
        self: &Arc<Self>,
        call_id: &CallId,
        act: impl FnOnce(&mut Call, &mut dyn FnMut() -> u64) -> bool,
    ) {
        let is_new = self.board().change_call(call_id, act);
        if is_new {
            tokio::spawn(board::follow(Arc::downgrade(self), call_id.clone()));
        }
    }
}

fn make_client(
    account: &Account,
    service: &Running,
    cloud: Option<&CloudAccount>,
) -> Result<Client, ConfigError> {
    let region = match service {
        Running::Account(region) => region.clone(),
        Running::Emulator(server) => Region::Custom(emulated_url(server)?),
    };
    let key = account.secret_key.clone();
    let mut builder = Client::builder(account.sdk_app_id, key, account.admin.clone(), region)
        .backup_host(account.backup_host);
    if let Some(requests) = account.requests_per_second {
        builder = builder.requests_per_second(Some(requests));
    }
    if let Some(cloud) = cloud {
        builder = builder.cloud(cloud.config());
    }
    if let Running::Emulator(server) = service {
        let clock = Arc::clone(server);
        // UserSigs expire by the emulator's clock, which can be moved.
        builder = builder.clock(move || emulated_time(&clock).seconds());
    }
    builder.build()
}

fn emulated_url(server: &Server) -> Result<BaseUrl, ConfigError> {
    Ok(BaseUrl::plain_http(&server.base_url())?)
}

/// The base of all the console's URLs. Nobody can open the unspecified address, but this machine's own.
fn origin(address: SocketAddr) -> String {
    let mut reachable = address;
    if address.ip().is_unspecified() {
        reachable.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{reachable}")
}

fn emulated_time(server: &Server) -> UnixMillis {
    UnixMillis(server.with(|emulator| emulator.now()).0)
}

/// This machine's clock. Before 1970 counts as 1970.
fn system_time() -> UnixMillis {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixMillis(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
}

/// 128 bits from the system's random source.
fn random_hex() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(base16ct::lower::encode_string(&bytes))
}
