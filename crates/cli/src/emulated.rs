//! The emulator within this process, and the account it serves.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use trtc_call::tc3::Credential;
use trtc_call::{BaseUrl, Problem, SdkAppId, SecretKey, UserId};
use trtc_call_emulator::Config;
use trtc_call_emulator::server::Server;

use crate::account::{Credentials, UserIdRule};
use crate::command_error::CommandError;

/// Where `trtc-call emulator` listens unless told otherwise.
pub(crate) const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8099);

/// Where an emulator listens that only this process uses.
pub(crate) const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A key that opens nothing but an emulator.
pub(crate) const DEMO_SECRET_KEY: &str = "demo-key-that-opens-nothing-but-the-emulator";

pub(crate) fn demo_sdk_app_id() -> Result<SdkAppId, Problem> {
    SdkAppId::new(1_400_000_000)
}

pub(crate) fn demo_secret_key() -> Result<SecretKey, Problem> {
    SecretKey::new(DEMO_SECRET_KEY)
}

pub(crate) fn demo_admin() -> Result<UserId, Problem> {
    UserId::new("administrator")
}

/// An access key that opens nothing but an emulator.
pub(crate) fn demo_credential() -> Result<Credential, Problem> {
    Credential::new(Config::TEST_SECRET_ID, Config::TEST_SECRET_KEY)
}

/// What an emulator of that application is like. Its cloud API takes the test credential.
pub(crate) fn config(credentials: &Credentials, user_ids: UserIdRule) -> Config {
    let mut config = Config::new(credentials.sdk_app_id, credentials.secret_key.clone());
    config.admins = vec![credentials.admin.as_str().to_owned()];
    config.allow_any_user_id = user_ids.allow_any_user_id;
    config
}

/// Starts an emulator.
pub(crate) async fn start_with(
    config: Config,
    address: SocketAddr,
) -> Result<Server, CommandError> {
    Server::start_at(config, address).await.map_err(|error| {
        CommandError::Setup(format!("the emulator cannot listen on {address}: {error}"))
    })
}

/// Where requests to an emulator at that address go.
pub(crate) fn base_url(address: SocketAddr) -> Result<BaseUrl, Problem> {
    BaseUrl::plain_http(&format!("http://{}", reachable(address)))
}

/// Where this machine reaches what listens there: nobody can send to the unspecified address.
pub(crate) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
