//! Whose cloud account streams are started with, where its API is, and how it names kinds of rooms.

use clap::Args;
use trtc_call::tc3::{Credential, Tc3Signer};
use trtc_call::{
    CloudAccess, CloudClient, CloudConfig, CloudEndpoint, CloudHost, CloudRegion, HttpRequest,
    IngestRoomIdCoding, Problem, Repeat, Reply, SdkAppId,
};

use crate::account::PlainHttpRule;
use crate::cloud_credential::CloudCredentialArgs;
use crate::command_error::CommandError;
use crate::emulated;
use crate::interrupts::{Interrupts, or_interrupted};
use crate::moment::now;
use crate::service;
use crate::setting::{Found, Setting};

/// The cloud account: for streams and rooms, beside the application's own account.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cloud account")]
pub(crate) struct CloudArgs {
    #[command(flatten)]
    pub(crate) credential: CloudCredentialArgs,
    /// Site that the account was made on: mainland or international [default: mainland]
    /// [env: TRTC_CLOUD_HOST]
    #[arg(long, value_name = "SITE")]
    cloud_host: Option<String>,
    /// Base URL instead of a site: a proxy, or a running emulator [env: TRTC_CLOUD_BASE_URL]
    #[arg(long, value_name = "URL")]
    cloud_base_url: Option<String>,
    /// Region that pulls the streams [default: ap-singapore] [env: TENCENTCLOUD_REGION]
    #[arg(long, value_name = "NAME")]
    cloud_region: Option<String>,
    /// What RoomIdType means to stream ingest: numeric-0 (0 numeric, 1 string) or numeric-1 (the other way
    /// round). The vendor's pages contradict each other, and a wrong one puts the robot into another room:
    /// if a stream plays and nobody hears it, take the other [default: numeric-0]
    /// [env: TRTC_INGEST_ROOM_CODING]
    #[arg(long, value_name = "CODING")]
    ingest_room_coding: Option<String>,
    /// Give robots a PrivateMapKey for their room, which applications with advanced permissions demand
    #[arg(long)]
    with_private_map_key: bool,
}

/// A cloud account, and where its API is.
#[derive(Debug, Clone)]
pub(crate) struct CloudAccount {
    pub(crate) credential: Credential,
    pub(crate) host: CloudHost,
    pub(crate) region: CloudRegion,
    pub(crate) ingest_room_coding: IngestRoomIdCoding,
    pub(crate) with_private_map_key: bool,
}

impl CloudArgs {
    /// The account, or everything that is missing or wrong.
    pub(crate) fn read(&self, plain_http: PlainHttpRule) -> Result<CloudAccount, Vec<Problem>> {
        self.gather(self.credential.read(), self.host(plain_http))
    }

    /// The account that an emulator serves: where nothing is given, a demo account. Where it listens is
    /// for the caller to say.
    pub(crate) fn read_for_emulator(&self) -> Result<CloudAccount, Vec<Problem>> {
        let credential = if self.credential.is_given() {
            self.credential.read()
        } else {
            emulated::demo_credential().map_err(|problem| vec![problem])
        };
        self.gather(credential, Ok(CloudHost::default()))
    }

    fn gather(
        &self,
        credential: Result<Credential, Vec<Problem>>,
        host: Result<CloudHost, Problem>,
    ) -> Result<CloudAccount, Vec<Problem>> {
        let region = REGION.read_or_default(self.cloud_region.as_deref());
        let coding = ROOM_CODING.read_or_default(self.ingest_room_coding.as_deref());
        match (credential, host, region, coding) {
            (Ok(credential), Ok(host), Ok(region), Ok(ingest_room_coding)) => Ok(CloudAccount {
                credential,
                host,
                region,
                ingest_room_coding,
                with_private_map_key: self.with_private_map_key,
            }),
            (credential, host, region, coding) => {
                let mut problems = credential.err().unwrap_or_default();
                let others = [host.err(), region.err(), coding.err()];
                problems.extend(others.into_iter().flatten());
                Err(problems)
            }
        }
    }

    fn host(&self, plain_http: PlainHttpRule) -> Result<CloudHost, Problem> {
        match (&self.cloud_base_url, &self.cloud_host) {
            (Some(_), Some(_)) => Err(Problem::new(
                BASE_URL.option,
                "takes the place of --cloud-host",
                "give one of the two",
            )),
            (None, Some(_)) => HOST.read_or_default(self.cloud_host.as_deref()),
            (Some(url), None) => base_url(plain_http, BASE_URL.option, url),
            (None, None) => match Setting::first_of([&BASE_URL, &HOST])? {
                [Some(Found { field, text }), _] => base_url(plain_http, &field, &text),
                [None, Some(Found { field, text })] => {
                    text.parse().map_err(|problem: Problem| problem.at(field))
                }
                [None, None] => Ok(CloudHost::default()),
            },
        }
    }
}

fn base_url(plain_http: PlainHttpRule, field: &str, url: &str) -> Result<CloudHost, Problem> {
    let base_url = plain_http.parse(url);
    base_url
        .map(CloudHost::from)
        .map_err(|problem| problem.at(field))
}

impl CloudAccount {
    /// Sends one request, and waits for the reply. Asked to stop, it says of what may have started something
    /// that its outcome is unknown.
    pub(crate) fn send<E: CloudEndpoint + Sync>(
        self,
        sdk_app_id: SdkAppId,
        request: &E,
    ) -> Result<Reply<E::Response>, CommandError> {
        let client = CloudClient::new(sdk_app_id, self.config()).map_err(CommandError::config)?;
        let action = request.action();
        service::runtime()?.block_on(async {
            let reply = if action.repeat == Repeat::Harmless {
                client.send(request).await
            } else {
                or_interrupted(client.send(request), &mut Interrupts::listen()?).await
            };
            reply.map_err(|error| CommandError::action(action, error))
        })
    }

    pub(crate) fn config(self) -> CloudConfig {
        CloudConfig::new(self.credential)
            .host(self.host)
            .region(self.region)
            .ingest_room_id_coding(self.ingest_room_coding)
            .private_map_keys(self.with_private_map_key)
    }

    /// The same for the console, which changes the coding at run time.
    pub(crate) fn for_console(self) -> trtc_call_console::CloudAccount {
        let mut account = trtc_call_console::CloudAccount::new(self.credential);
        account.host = self.host;
        account.region = self.region;
        account.ingest_room_id_coding = self.ingest_room_coding;
        account.private_map_keys = self.with_private_map_key;
        account
    }

    /// The request as it would be sent now.
    pub(crate) fn http_request<E: CloudEndpoint>(
        &self,
        sdk_app_id: SdkAppId,
        request: &E,
    ) -> HttpRequest {
        let access = CloudAccess {
            host: &self.host,
            region: &self.region,
            sdk_app_id,
            signer: &Tc3Signer::new(self.credential.clone()),
            ingest_room_id_coding: self.ingest_room_coding,
        };
        request.http_request(&access, now())
    }
}

const HOST: Setting = Setting {
    option: "--cloud-host",
    variable: "TRTC_CLOUD_HOST",
    meaning: "mainland or international",
};
const BASE_URL: Setting = Setting {
    option: "--cloud-base-url",
    variable: "TRTC_CLOUD_BASE_URL",
    meaning: "instead of a site",
};
const REGION: Setting = Setting {
    option: "--cloud-region",
    variable: "TENCENTCLOUD_REGION",
    meaning: "such as ap-singapore",
};
const ROOM_CODING: Setting = Setting {
    option: "--ingest-room-coding",
    variable: "TRTC_INGEST_ROOM_CODING",
    meaning: "numeric-0 or numeric-1",
};
