use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use trtc_call_core::tc3::{Credential, Tc3Signer};
use trtc_call_core::{
    Action, CloudAccess, CloudEndpoint, CloudHost, CloudRegion, Error, HttpRequest,
    IngestRoomIdCoding, Repeat, Reply, RetryPolicy, SdkAppId, UnixSeconds, client_defaults,
};

use crate::ConfigError;
use crate::builder::{default_http_client, system_clock};
use crate::exchange::{Exchange, Sender};
use crate::rate_limit::RateLimiter;
use crate::recorded::Recorder;
use crate::transport::RawReply;

/// The vendor's limit for each action.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(Action::REQUESTS_PER_SECOND).unwrap();

/// Who talks to the cloud API (stream ingest, rooms), and where it is.
#[derive(Debug, Clone)]
#[must_use]
pub struct CloudConfig {
    pub(crate) credential: Credential,
    pub(crate) host: CloudHost,
    pub(crate) region: CloudRegion,
    pub(crate) ingest_room_id_coding: IngestRoomIdCoding,
    pub(crate) private_map_keys: bool,
    requests_per_second: Option<NonZeroU32>,
    max_wait: Option<Duration>,
}

impl CloudConfig {
    /// An access key of the cloud account that the application belongs to.
    pub fn new(credential: Credential) -> CloudConfig {
        CloudConfig {
            credential,
            host: CloudHost::default(),
            region: CloudRegion::default(),
            ingest_room_id_coding: IngestRoomIdCoding::default(),
            private_map_keys: false,
            requests_per_second: Some(REQUESTS_PER_SECOND),
            max_wait: None,
        }
    }

    /// The site that the account was made on. Default: mainland.
    pub fn host(mut self, host: impl Into<CloudHost>) -> CloudConfig {
        self.host = host.into();
        self
    }

    /// The region that pulls the streams. Default: `ap-singapore`.
    pub fn region(mut self, region: CloudRegion) -> CloudConfig {
        self.region = region;
        self
    }

    /// How the account codes the kinds of room for stream ingest. **A wrong one puts the robot into
    /// another room without any error**: see [`IngestRoomIdCoding`] on how to find out.
    pub fn ingest_room_id_coding(mut self, coding: IngestRoomIdCoding) -> CloudConfig {
        self.ingest_room_id_coding = coding;
        self
    }

    /// Whether robots bring a PrivateMapKey for their room: for applications that use advanced
    /// permissions. Default: they do not.
    pub fn private_map_keys(mut self, needed: bool) -> CloudConfig {
        self.private_map_keys = needed;
        self
    }

    /// The most requests per second of each action; more wait their turn. Default 20, the vendor's
    /// limit. `None` sets no limit.
    pub fn requests_per_second(mut self, requests: Option<NonZeroU32>) -> CloudConfig {
        self.requests_per_second = requests;
        self
    }

    /// The longest that a request may wait its turn, as [`ClientBuilder::max_wait`](crate::ClientBuilder::max_wait) says.
    pub fn max_wait(mut self, max_wait: Duration) -> CloudConfig {
        self.max_wait = Some(max_wait);
        self
    }

    pub(crate) fn rate_limiter(&self) -> Option<RateLimiter> {
        let limiter = |requests| RateLimiter::new(requests, self.max_wait);
        self.requests_per_second.map(limiter)
    }

    pub(crate) fn is_plain_http(&self) -> bool {
        matches!(&self.host, CloudHost::Custom(url) if url.is_plain_http())
    }
}

/// Sends requests to the cloud API: stream ingest and rooms. Cheap to clone; clones share connections
/// and rate limit.
///
/// A [`Client`](crate::Client) that is given a [`CloudConfig`] has one. It stands alone where no
/// phones are rung.
#[derive(Clone)]
pub struct CloudClient(pub(crate) Arc<CloudInner>);

pub(crate) struct CloudInner {
    pub(crate) sdk_app_id: SdkAppId,
    pub(crate) host: CloudHost,
    pub(crate) region: CloudRegion,
    pub(crate) signer: Tc3Signer,
    pub(crate) ingest_room_id_coding: IngestRoomIdCoding,
    pub(crate) private_map_keys: bool,
    pub(crate) sender: Sender,
}

impl CloudClient {
    /// A client for the rooms and streams of the application `sdk_app_id`, with the system's clock and
    /// the default timeout and retries.
    ///
    /// # Errors
    /// If the HTTP client cannot be made (no certificate store).
    pub fn new(sdk_app_id: SdkAppId, config: CloudConfig) -> Result<CloudClient, ConfigError> {
        let sender = Sender {
            http_client: default_http_client(config.is_plain_http(), client_defaults::TIMEOUT)?,
            goes_by_proxies: !config.is_plain_http(),
            clock: Arc::new(system_clock),
            timeout: client_defaults::TIMEOUT,
            retry_policy: RetryPolicy::default(),
            rate_limiter: config.rate_limiter(),
            on_abandoned: None,
        };
        Ok(CloudClient::with_sender(sdk_app_id, config, sender))
    }

    pub(crate) fn with_sender(
        sdk_app_id: SdkAppId,
        config: CloudConfig,
        sender: Sender,
    ) -> CloudClient {
        CloudClient(Arc::new(CloudInner {
            sdk_app_id,
            host: config.host,
            region: config.region,
            signer: Tc3Signer::new(config.credential),
            ingest_room_id_coding: config.ingest_room_id_coding,
            private_map_keys: config.private_map_keys,
            sender,
        }))
    }

    /// Sends a request and reads the reply. What is safe to repeat is repeated as the retry policy says.
    ///
    /// # Errors
    /// [`Error::Transport`], [`Error::Cloud`] and [`Error::Parse`] by moment. A `StartStreamIngest`
    /// that [may have started a stream](Error::may_have_started) is never sent again.
    pub async fn send<E: CloudEndpoint + Sync>(
        &self,
        request: &E,
    ) -> Result<Reply<E::Response>, Error> {
        self.0.sender.send(&self.exchange(request), None).await
    }

    /// As [`send`](Self::send), without a second attempt.
    pub(crate) async fn send_once<E: CloudEndpoint + Sync>(
        &self,
        request: &E,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<E::Response>, Error> {
        self.0
            .sender
            .send_once(&self.exchange(request), record)
            .await
    }

    fn exchange<'a, E>(&'a self, request: &'a E) -> CloudExchange<'a, E> {
        CloudExchange {
            client: &self.0,
            request,
        }
    }
}

/// A request to the cloud API, signed anew for each attempt.
struct CloudExchange<'a, E> {
    client: &'a CloudInner,
    request: &'a E,
}

impl<E: CloudEndpoint + Sync> Exchange for CloudExchange<'_, E> {
    type Response = E::Response;

    fn name(&self) -> &'static str {
        self.request.action().name
    }

    fn repeat(&self) -> Repeat {
        self.request.action().repeat
    }

    fn http_request(&self, now: UnixSeconds) -> HttpRequest {
        let CloudInner {
            sdk_app_id,
            host,
            region,
            signer,
            ingest_room_id_coding,
            ..
        } = self.client;
        let access = CloudAccess {
            host,
            region,
            sdk_app_id: *sdk_app_id,
            signer,
            ingest_room_id_coding: *ingest_room_id_coding,
        };
        self.request.http_request(&access, now)
    }

    fn read(&self, reply: &RawReply) -> Result<Reply<E::Response>, Error> {
        E::parse(reply.status, &reply.body)
    }
}

/// Without the credential.
impl fmt::Debug for CloudClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudClient")
            .field("sdk_app_id", &self.0.sdk_app_id)
            .field("host", &self.0.host)
            .field("region", &self.0.region)
            .field("ingest_room_id_coding", &self.0.ingest_room_id_coding)
            .finish_non_exhaustive()
    }
}
