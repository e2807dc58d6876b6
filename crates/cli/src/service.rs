//! Sending commands to the service.

use std::net::SocketAddr;

use clap::Args;
use serde::Serialize;
use tokio::net::TcpListener;
use trtc_call::call_config::if_configured;
use trtc_call::{Client, ClientBuilder, Endpoint, Problem, Reply, WithExtra};

use crate::account::{Account, AccountArgs, Credentials};
use crate::cloud::CloudAccount;
use crate::command_error::CommandError;
use crate::emulated::reachable;
use crate::extra::ExtraArgs;
use crate::screen::Screen;

/// What every command takes that sends one request to the service.
#[derive(Debug, Args)]
pub(crate) struct CommandArgs {
    #[command(flatten)]
    extra: ExtraArgs,
    #[command(flatten)]
    account: AccountArgs,
}

impl CommandArgs {
    /// Sends a request as the account that the options name, and waits for the reply.
    pub(crate) fn send<E: Endpoint + Sync>(
        &self,
        screen: &Screen,
        request: Result<E, Vec<Problem>>,
    ) -> Result<Reply<E::Response>, CommandError> {
        let (client, request) = self.read(screen, request)?;
        runtime()?
            .block_on(client.send(&request))
            .map_err(CommandError::service::<E>)
    }

    /// Sends a request about the callback configuration; `None` where there is none.
    pub(crate) fn send_if_configured<E: Endpoint + Sync>(
        &self,
        screen: &Screen,
        request: E,
    ) -> Result<Option<Reply<E::Response>>, CommandError> {
        let (client, request) = self.read(screen, Ok(request))?;
        let result = runtime()?.block_on(client.send(&request));
        if_configured(result).map_err(CommandError::service::<E>)
    }

    fn read<E: Endpoint>(
        &self,
        screen: &Screen,
        request: Result<E, Vec<Problem>>,
    ) -> Result<(Client, WithExtra<E>), CommandError> {
        let request = self.extra.add_to(screen, request, Endpoint::with_extra);
        match (request, self.account.read()) {
            (Ok(request), Ok(account)) => Ok((client(account)?, request)),
            (request, account) => {
                let mut problems = request.err().unwrap_or_default();
                problems.extend(account.err().unwrap_or_default());
                Err(CommandError::Invalid(problems))
            }
        }
    }
}

/// A client of the account.
pub(crate) fn client(account: Account) -> Result<Client, CommandError> {
    builder(account).build().map_err(CommandError::config)
}

/// A client of the account, for streams too.
pub(crate) fn client_with_cloud(
    account: Account,
    cloud: CloudAccount,
) -> Result<Client, CommandError> {
    let builder = builder(account).cloud(cloud.config());
    builder.build().map_err(CommandError::config)
}

fn builder(account: Account) -> ClientBuilder {
    let Account {
        credentials,
        region,
        traffic,
    } = account;
    let Credentials {
        sdk_app_id,
        secret_key,
        admin,
    } = credentials;
    let builder =
        Client::builder(sdk_app_id, secret_key, admin, region).backup_host(!traffic.no_backup_host);
    match traffic.requests_per_second() {
        Some(requests) => builder.requests_per_second(Some(requests)),
        None => builder,
    }
}

/// A runtime on this thread alone: this program does one thing at a time.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::Setup(format!("the runtime cannot be started: {error}")))
}

/// Listens on an address of this machine; the URL ends with a slash.
pub(crate) async fn listen(address: SocketAddr) -> Result<(TcpListener, String), CommandError> {
    let in_use = |error| CommandError::Setup(format!("cannot listen on {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(in_use)?;
    let address = listener.local_addr().map_err(in_use)?;
    Ok((listener, format!("http://{}/", reachable(address))))
}

/// A reply for programs: the RequestId beside the fields of the response.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer<'a, T> {
    request_id: &'a str,
    #[serde(flatten)]
    response: &'a T,
}

impl<'a, T> From<&'a Reply<T>> for Answer<'a, T> {
    fn from(reply: &'a Reply<T>) -> Answer<'a, T> {
        Answer {
            request_id: &reply.request_id,
            response: &reply.response,
        }
    }
}
