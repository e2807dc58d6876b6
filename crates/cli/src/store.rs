//! The ledger that a command works with.

use std::path::Path;

use clap::Args;
use trtc_call::{Client, Problem, SdkAppId};
use trtc_call_ledger::Ledger;

use crate::account::{Account, AccountArgs, PlainHttpRule, SdkAppIdArg};
use crate::cloud::CloudAccount;
use crate::command_error::CommandError;
use crate::service;
use crate::setting::Setting;

/// Where rings are written down.
#[derive(Debug, Args)]
#[command(next_help_heading = "Ledger")]
pub(crate) struct StoreArg {
    /// Ledger of rings: a file such as rings.db, or postgres://user:password@host/database, which is better
    /// given by the environment, where other users do not see it [env: TRTC_STORE]
    #[arg(long, value_name = "URL")]
    store: Option<String>,
}

const STORE: Setting = Setting {
    option: "--store",
    variable: "TRTC_STORE",
    meaning: "a file such as rings.db, which is made if it is not there, or postgres://…",
};

impl StoreArg {
    /// Whether the command line has it.
    pub(crate) fn is_named(&self) -> bool {
        self.store.is_some()
    }

    pub(crate) fn read(&self) -> Result<String, Problem> {
        STORE.read(self.store.as_deref(), |url| Ok(url.to_owned()))
    }

    /// The same, if something gives it.
    pub(crate) fn read_if_given(&self) -> Result<Option<String>, Problem> {
        STORE.read_if_given(self.store.as_deref(), |url| Ok(url.to_owned()))
    }

    /// The same, or a file of that name.
    pub(crate) fn read_or(&self, file: &str) -> Result<String, Problem> {
        Ok(self.read_if_given()?.unwrap_or_else(|| file.to_owned()))
    }
}

/// Opens a ledger.
pub(crate) async fn open(url: &str) -> Result<Ledger, CommandError> {
    Ok(Ledger::open(url).await?)
}

/// An application's part of a ledger: all that a command needs that sends nothing.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    app: SdkAppIdArg,
}

impl LedgerArgs {
    /// What is given, or all that is missing.
    pub(crate) fn read(&self) -> Result<(String, SdkAppId), CommandError> {
        match (self.store.read(), self.app.read()) {
            (Ok(url), Ok(app)) => Ok((url, app)),
            (url, app) => Err(CommandError::all([url.err(), app.err()])),
        }
    }

    /// The same for what changes nothing: where no ledger is given, it is an empty one in that folder.
    pub(crate) fn read_or_empty(&self, folder: &Path) -> Result<(String, SdkAppId), CommandError> {
        match self.store.read_if_given() {
            Ok(None) => {
                let url = format!("sqlite:{}", folder.join("empty.db").display());
                let app = self.app.read_or_demo();
                app.map(|app| (url, app))
                    .map_err(|problem| CommandError::all([Some(problem)]))
            }
            _ => self.read(),
        }
    }

    pub(crate) async fn open(&self) -> Result<(Ledger, SdkAppId), CommandError> {
        let (url, app) = self.read()?;
        Ok((open(&url).await?, app))
    }
}

/// A ledger, and the account whose rings stand in it: all that a command needs that sends.
#[derive(Debug, Args)]
pub(crate) struct SenderArgs {
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    account: AccountArgs,
}

impl SenderArgs {
    /// The ledger and a client, or all that is missing.
    pub(crate) async fn open(&self) -> Result<(Ledger, Client), CommandError> {
        self.read().map_err(CommandError::Invalid)?.open().await
    }

    /// What is given, or all that is missing.
    pub(crate) fn read(&self) -> Result<Sender, Vec<Problem>> {
        match (self.account.read(), self.store.read()) {
            (Ok(account), Ok(url)) => Ok(Sender { url, account }),
            (account, url) => {
                let mut problems = account.err().unwrap_or_default();
                problems.extend(url.err());
                Err(problems)
            }
        }
    }

    pub(crate) fn plain_http(&self) -> PlainHttpRule {
        self.account.plain_http
    }

    /// The application, as far as it is given.
    pub(crate) fn app(&self) -> Result<SdkAppId, Problem> {
        self.account.admin.app.sdk_app_id()
    }
}

/// What [`SenderArgs`] say.
pub(crate) struct Sender {
    url: String,
    account: Account,
}

impl Sender {
    pub(crate) async fn open(self) -> Result<(Ledger, Client), CommandError> {
        Ok((self.ledger().await?, self.client(None)?))
    }

    pub(crate) async fn ledger(&self) -> Result<Ledger, CommandError> {
        open(&self.url).await
    }

    pub(crate) fn app(&self) -> SdkAppId {
        self.account.credentials.sdk_app_id
    }

    /// A client of the account, for streams too where there is a cloud account.
    pub(crate) fn client(self, cloud: Option<CloudAccount>) -> Result<Client, CommandError> {
        match cloud {
            Some(cloud) => service::client_with_cloud(self.account, cloud),
            None => service::client(self.account),
        }
    }
}
