use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::json;
use tokio::net::TcpListener;
use trtc_call::{Problem, Region, UserId};
use trtc_call_console::{Config, Console, Page, Service, SessionToken, WebhookCheck};

use crate::account::{Account, AccountArgs, Credentials, variable};
use crate::emulated;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::screen::Screen;
use crate::service;
use crate::style::{FAINT, TITLE};
use crate::webhook_token::WebhookTokenArg;

/// Serve the console: a web page to place calls, watch them, search records, receive webhooks
///
/// It prints the URL to open, which holds a random token: whoever has it rings phones. The secret key stays
/// in this process. Ctrl-C stops it. TRTC_CONSOLE_TOKEN may hold a token of at least 32 letters and digits
/// instead, with which pages stay signed in when the console is started anew on the same port.
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
    #[command(flatten)]
    account: AccountArgs,
}

/// Holds a session token that outlives a restart.
const SESSION_TOKEN_VARIABLE: &str = "TRTC_CONSOLE_TOKEN";

const ANY_PORT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, Failure> {
        let settings = self.settings()?;
        service::runtime()?.block_on(Box::pin(self.serve(screen, settings)))
    }

    async fn serve(&self, screen: &Screen, settings: Settings) -> Result<Exit, Failure> {
        let mut interrupts = Interrupts::listen()?;
        let in_use =
            |error| Failure::Setup(format!("cannot listen on {}: {error}", self.address()));
        let listener = TcpListener::bind(self.address()).await.map_err(in_use)?;
        let config = self.config(settings).await?;
        let console = Console::start(config, listener).await;
        let console = console.map_err(|error| Failure::Setup(error.to_string()))?;
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
        };
        screen.show(&greeting, &json!({ "url": console.url() }))?;
        interrupts.reach(1).await;
        screen.note("stopped");
        console.shutdown().await;
        Ok(Exit::Ok)
    }

    fn address(&self) -> SocketAddr {
        match self.port {
            Some(port) => SocketAddr::new(ANY_PORT.ip(), port),
            None => self.listen,
        }
    }

    /// What the options and the environment say, or all that is missing or wrong.
    fn settings(&self) -> Result<Settings, Failure> {
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
        let session_token = variable(SESSION_TOKEN_VARIABLE).map(SessionToken::new);
        let session_token = session_token.transpose();
        let session_token = session_token
            .map_err(|problem| note(problem.at(SESSION_TOKEN_VARIABLE)))
            .ok();
        if !self.address().ip().is_loopback() && !self.allow_remote {
            note(Problem::new(
                "--listen",
                "must be an address of this machine alone, such as 127.0.0.1:8443",
                "leave it out, or add --allow-remote if you trust every network on the way",
            ));
        }
        match (account, robot, webhooks, session_token) {
            (Some(account), Some(robot), Some(webhooks), Some(session_token))
                if problems.is_empty() =>
            {
                Ok(Settings {
                    account,
                    robot,
                    webhooks,
                    session_token,
                })
            }
            _ => Err(Failure::Invalid(problems)),
        }
    }

    async fn config(&self, settings: Settings) -> Result<Config, Failure> {
        let Settings {
            account,
            robot,
            webhooks,
            session_token,
        } = settings;
        let user_ids = self.account.admin.user_ids;
        let service = if self.emulator {
            let server = {
                let config = emulated::config(&account.credentials, user_ids);
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
            .webhooks(webhooks);
        if let Some(folder) = &self.page {
            config = config.page(Page::Folder(folder.clone()));
        }
        if let Some(token) = session_token {
            config = config.session_token(token);
        }
        Ok(config)
    }
}

struct Settings {
    account: Account,
    robot: UserId,
    webhooks: WebhookCheck,
    session_token: Option<SessionToken>,
}

struct Greeting<'a> {
    url: &'a str,
    is_emulator: bool,
}

impl fmt::Display for Greeting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}Console{TITLE:#}, Ctrl-C stops it. Open:")?;
        writeln!(f, "  {}", self.url)?;
        let remark = if self.is_emulator {
            "Simulated: no real phone rings."
        } else {
            "Real phones ring. Whoever has the URL can ring them."
        };
        write!(f, "{FAINT}{remark}{FAINT:#}")
    }
}
