use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::json;
use tokio::net::TcpListener;
use trtc_call::webhook::ingest::IngestWebhookKey;
use trtc_call::{Problem, Region, UserId, secret_text};
use trtc_call_console::{Config, Console, Page, Service, SessionToken, WebhookCheck};

use crate::account::{Account, AccountArgs, Credentials, TrafficArgs};
use crate::cloud::{CloudAccount, CloudArgs};
use crate::command_error::CommandError;
use crate::emulated;
use crate::enter;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::screen::Screen;
use crate::secret::SecretSource;
use crate::service;
use crate::setting::variable;
use crate::store::{self, StoreArg};
use crate::style::{FAINT, TITLE};
use crate::webhook_token::WebhookTokenArg;

/// Serve the console: a web page to place calls, watch them, search records, receive webhooks
///
/// It prints a URL that opens it once, in one browser, which rings phones from then on; Enter prints another. The
/// secret key stays in this process. With an access key of the cloud account it can play streams into calls; with a
/// ledger it shows campaigns, which `campaign run` rings. Ctrl-C ends those calls and stops it. TRTC_CONSOLE_TOKEN may hold a secret of at least 32 random letters and digits, with
/// which browsers stay signed in when the console is started anew on the same port.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ring simulated users of an emulator in this process; no real phone rings
    #[arg(long)]
    emulator: bool,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Port to listen on, at 127.0.0.1
    #[arg(long, value_name = "PORT", conflicts_with = "listen")]
    port: Option<u16>,
    /// Listen on an address that other machines reach, in clear text
    #[arg(long)]
    allow_remote: bool,
    /// Account that calls, unless the page's user names another
    #[arg(long, value_name = "USER", default_value = "robot")]
    robot: String,
    /// Take webhooks that are not signed, where authentication is off in the vendor's console
    #[arg(long, conflicts_with_all = ["token_file", "emulator"])]
    unsigned_webhooks: bool,
    #[command(flatten)]
    webhook_token: WebhookTokenArg,
    /// Folder with the page's files, instead of those that were built into this program
    #[arg(long, value_name = "FOLDER")]
    page: Option<PathBuf>,
    /// File that holds the key of webhooks about streams [env: TRTC_INGEST_WEBHOOK_KEY holds the key
    /// itself, TRTC_INGEST_WEBHOOK_KEY_FILE names the file]
    #[arg(long, value_name = "FILE")]
    ingest_key_file: Option<OsString>,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    cloud: CloudArgs,
    #[command(flatten)]
    store: StoreArg,
}

const INGEST_KEY: SecretSource = SecretSource {
    option: "--ingest-key-file",
    variable: "TRTC_INGEST_WEBHOOK_KEY",
    file_variable: "TRTC_INGEST_WEBHOOK_KEY_FILE",
    noun: "key",
};

/// Holds the secret that makes sessions outlive a restart.
const SESSION_TOKEN_VARIABLE: &str = "TRTC_CONSOLE_TOKEN";

const ANY_PORT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let settings = self.settings()?;
        service::runtime()?.block_on(Box::pin(self.serve(screen, settings)))
    }

    async fn serve(&self, screen: &Screen, settings: Settings) -> Result<Exit, CommandError> {
        let mut interrupts = Interrupts::listen()?;
        let in_use =
            |error| CommandError::Setup(format!("cannot listen on {}: {error}", self.address()));
        let listener = TcpListener::bind(self.address()).await.map_err(in_use)?;
        let config = self.config(settings).await?;
        let console = Console::start(config, listener).await;
        let console = console.map_err(|error| CommandError::Setup(error.to_string()))?;
        if !self.address().ip().is_loopback() {
            screen.warn(
                "other machines reach this address in clear text: whoever reads along can take the session \
                 over, and ring phones",
            );
        }
        if self.page.is_none() && !Page::is_embedded() {
            screen.warn(
                "this program was built without the page; build both with `cargo xtask console`, or name \
                 the page's folder with --page",
            );
        }
        let greeting = Greeting {
            url: console.url(),
            is_emulator: self.emulator,
            can_press_enter: enter::is_possible(),
        };
        screen.show(&greeting, &json!({ "url": console.url() }))?;
        let mut enter = enter::presses();
        loop {
            tokio::select! {
                _ = interrupts.reach(1) => break,
                Some(()) = enter.recv() => {
                    let url = console.new_url();
                    let url = url.map_err(|error| CommandError::Setup(error.to_string()))?;
                    screen.show(&url, &json!({ "url": url }))?;
                }
            }
        }
        match console.playing() {
            0 => {}
            1 => screen
                .note("ending the call that a stream is played into; Ctrl-C again quits at once"),
            calls => screen.note(format_args!(
                "ending {calls} calls that streams are played into; Ctrl-C again quits at once"
            )),
        }
        let playing = console.playing();
        let left = tokio::select! {
            left = console.shutdown() => left,
            _ = interrupts.reach(2) => playing,
        };
        if left > 0 {
            screen.warn("calls and streams were not ended for certain; they may go on");
            return Ok(Exit::Interrupted);
        }
        screen.note("stopped");
        Ok(Exit::Ok)
    }

    fn address(&self) -> SocketAddr {
        match self.port {
            Some(port) => SocketAddr::new(ANY_PORT.ip(), port),
            None => self.listen,
        }
    }

    /// What the options and the environment say, or all that is missing or wrong.
    fn settings(&self) -> Result<Settings, CommandError> {
        let mut problems = Vec::new();
        let account = if self.emulator {
            self.account
                .admin
                .read_for_emulator()
                .and_then(|credentials| {
                    let base_url = emulated::base_url(emulated::ADDRESS);
                    let region = Region::from(base_url.map_err(|problem| vec![problem])?);
                    Ok(Account {
                        credentials,
                        region,
                        traffic: TrafficArgs::default(),
                    })
                })
        } else {
            self.account.read().map_err(|mut problems| {
                if let Some(last) = problems.last_mut() {
                    last.fix
                        .push_str("; or try --emulator, which needs no account");
                }
                problems
            })
        };
        let account = account.map_err(|found| problems.extend(found)).ok();
        let cloud = self.cloud().map_err(|found| problems.extend(found)).ok();
        let mut note = |problem: Problem| problems.push(problem);
        let robot = self.account.admin.user_ids.check(&self.robot);
        let robot = robot.map_err(|problem| note(problem.at("--robot"))).ok();
        let webhooks = if self.unsigned_webhooks {
            Ok(WebhookCheck::Unsigned)
        } else if self.webhook_token.is_given() {
            let token = self.webhook_token.read_beside(None);
            token.map(WebhookCheck::Token)
        } else {
            Ok(WebhookCheck::Off)
        };
        let webhooks = webhooks.map_err(&mut note).ok();
        let ingest_key = self.ingest_key().map_err(&mut note).ok();
        let store = self.store.read_if_given().map_err(&mut note).ok();
        let session_token = variable(SESSION_TOKEN_VARIABLE).map(|text| {
            let text = secret_text::decode(SESSION_TOKEN_VARIABLE, text.as_encoded_bytes())?;
            SessionToken::new(text).map_err(|problem| problem.at(SESSION_TOKEN_VARIABLE))
        });
        let session_token = session_token.transpose().map_err(&mut note).ok();
        if !self.address().ip().is_loopback() && !self.allow_remote {
            note(Problem::new(
                "--listen",
                "must be an address of this machine alone, such as 127.0.0.1:8443",
                "leave it out, or add --allow-remote if you trust every network on the way",
            ));
        }
        match (
            account,
            cloud,
            robot,
            webhooks,
            ingest_key,
            store,
            session_token,
        ) {
            (
                Some(account),
                Some(cloud),
                Some(robot),
                Some(webhooks),
                Some(ingest_key),
                Some(store),
                Some(session_token),
            ) if problems.is_empty() => Ok(Settings {
                account,
                cloud,
                robot,
                webhooks,
                ingest_key,
                store,
                session_token,
            }),
            _ => Err(CommandError::Invalid(problems)),
        }
    }

    /// The cloud account, where one is named; the emulator's own otherwise.
    fn cloud(&self) -> Result<Option<CloudAccount>, Vec<Problem>> {
        if self.emulator {
            self.cloud.read_for_emulator().map(Some)
        } else if self.cloud.credential.is_given() {
            self.cloud.read(self.account.plain_http).map(Some)
        } else {
            Ok(None)
        }
    }

    fn ingest_key(&self) -> Result<Option<IngestWebhookKey>, Problem> {
        let secret = INGEST_KEY.read(self.ingest_key_file.as_deref(), None)?;
        let key = secret.map(|secret| {
            IngestWebhookKey::new(&secret.text).map_err(|problem| problem.at(secret.field))
        });
        key.transpose()
    }

    async fn config(&self, settings: Settings) -> Result<Config, CommandError> {
        let Settings {
            account,
            cloud,
            robot,
            webhooks,
            ingest_key,
            store,
            session_token,
        } = settings;
        let user_ids = self.account.admin.user_ids;
        let service = if self.emulator {
            let server = {
                let mut config = emulated::config(&account.credentials, user_ids);
                if let Some(cloud) = &cloud {
                    config.cloud_credentials = vec![cloud.credential.clone()];
                }
                emulated::start_with(config, ANY_PORT).await?
            };
            Service::Emulator(server)
        } else {
            Service::Account(account.region)
        };
        let Credentials {
            sdk_app_id,
            secret_key,
            admin,
        } = account.credentials;
        let mut config = Config::new(sdk_app_id, secret_key, admin, service)
            .robot(robot)
            .allow_any_user_id(user_ids.allow_any_user_id)
            .backup_host(!account.traffic.no_backup_host)
            .webhooks(webhooks);
        if let Some(requests) = account.traffic.requests_per_second() {
            config = config.requests_per_second(requests);
        }
        if let Some(cloud) = cloud {
            config = config.cloud(cloud.for_console());
        }
        if let Some(key) = ingest_key {
            config = config.ingest_webhooks(key);
        }
        if let Some(url) = store {
            config = config.ledger(store::open(&url).await?);
        }
        if let Some(folder) = &self.page {
            config = config.page(Page::Folder(folder.clone()));
        }
        if self.emulator && !self.account.admin.app.secret_key.is_given() {
            config = config.demo_key(emulated::DEMO_SECRET_KEY);
        }
        if let Some(token) = session_token {
            config = config.session_token(token);
        }
        Ok(config)
    }
}

struct Settings {
    account: Account,
    cloud: Option<CloudAccount>,
    robot: UserId,
    webhooks: WebhookCheck,
    ingest_key: Option<IngestWebhookKey>,
    store: Option<String>,
    session_token: Option<SessionToken>,
}

struct Greeting<'a> {
    url: &'a str,
    is_emulator: bool,
    can_press_enter: bool,
}

impl fmt::Display for Greeting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}Console{TITLE:#}, Ctrl-C stops it. Open:")?;
        writeln!(f, "  {}", self.url)?;
        let remark = if self.is_emulator {
            "Simulated: no real phone rings."
        } else {
            "Real phones ring. Whoever opens the URL can ring them."
        };
        write!(f, "{FAINT}{remark}")?;
        if self.can_press_enter {
            write!(f, " The URL opens the console once; Enter prints another.")?;
        }
        write!(f, "{FAINT:#}")
    }
}
