use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use trtc_call_core::{
    Command, OutcomeUnknown, Problem, Region, RetryPolicy, SdkAppId, SecretKey, UnixSeconds,
    UserId, client_defaults,
};

use crate::abandoned::OnAbandoned;
use crate::client::Inner;
use crate::exchange::Sender;
use crate::hosts::Hosts;
use crate::http_client::{http_client_builder, plain_http_client_builder};
use crate::rate_limit::RateLimiter;
use crate::user_sig_cache::UserSigCache;
use crate::{Client, CloudClient, CloudConfig, Tasks};

const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(Command::REQUESTS_PER_SECOND).unwrap();

/// A failed connection is safe to repeat and a timeout after it is not, so connecting gets a limit of its
/// own, below the whole attempt's.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Shorter than servers and load balancers commonly keep idle connections (60 s and more): a request on
/// one that the other side just closed would end with its outcome unknown.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) type Clock = Arc<dyn Fn() -> UnixSeconds + Send + Sync>;

/// Configures a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    sdk_app_id: SdkAppId,
    secret_key: SecretKey,
    admin: UserId,
    region: Region,
    backup_host: bool,
    http_client: Option<reqwest::Client>,
    clock: Clock,
    timeout: Duration,
    min_timeout: Duration,
    retry_policy: RetryPolicy,
    requests_per_second: Option<NonZeroU32>,
    max_wait: Option<Duration>,
    user_sig_lifetime: Duration,
    cloud: Option<CloudConfig>,
    on_abandoned: Option<OnAbandoned>,
}

impl ClientBuilder {
    pub(crate) fn new(
        sdk_app_id: SdkAppId,
        secret_key: SecretKey,
        admin: UserId,
        region: Region,
    ) -> ClientBuilder {
        ClientBuilder {
            sdk_app_id,
            secret_key,
            admin,
            region,
            backup_host: true,
            http_client: None,
            clock: Arc::new(system_clock),
            timeout: client_defaults::TIMEOUT,
            min_timeout: client_defaults::MIN_TIMEOUT,
            retry_policy: RetryPolicy::default(),
            requests_per_second: Some(REQUESTS_PER_SECOND),
            max_wait: None,
            user_sig_lifetime: client_defaults::USER_SIG_LIFETIME,
            cloud: None,
            on_abandoned: None,
        }
    }

    /// Your own HTTP client, with its pool, proxies and certificates.
    ///
    /// It must not retry by itself and must not follow redirects (`redirect::Policy::none()`): a repeat
    /// can ring a phone twice, and a redirect hands the UserSig in the URL to another server.
    /// [`http_client_builder`](crate::http_client_builder) starts one that does neither. This crate brings reqwest
    /// without cryptography of its own, so that one made by `reqwest::Client::builder()` needs reqwest's feature
    /// `rustls`, or a provider that the process has installed.
    pub fn http_client(mut self, http_client: reqwest::Client) -> ClientBuilder {
        self.http_client = Some(http_client);
        self
    }

    /// Your own clock, for signing. Default: the system's.
    pub fn clock(
        mut self,
        clock: impl Fn() -> UnixSeconds + Send + Sync + 'static,
    ) -> ClientBuilder {
        self.clock = Arc::new(clock);
        self
    }

    /// How long each attempt may take, reply included: 4 s or more, default 10 s. The service itself
    /// times out after 3 s.
    pub fn timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.timeout = timeout;
        self.min_timeout = client_defaults::MIN_TIMEOUT;
        self
    }

    /// A timeout below the 4 s that [`timeout`](Self::timeout) insists on. More calls will end with
    /// their outcome unknown.
    pub fn short_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.timeout = timeout;
        self.min_timeout = Duration::from_nanos(1);
        self
    }

    /// Whether to turn to the region's backup host when no connection can be made to the other: the name is not
    /// found, or the connection refused or not made in time, so that certainly nothing was sent. Each turn is
    /// logged. Default `true`; a custom base URL has no backup.
    pub fn backup_host(mut self, backup_host: bool) -> ClientBuilder {
        self.backup_host = backup_host;
        self
    }

    /// How often and how patiently to try what is safe to try again. Default: three attempts.
    pub fn retry_policy(mut self, retry_policy: RetryPolicy) -> ClientBuilder {
        self.retry_policy = retry_policy;
        self
    }

    /// The most requests per second of each command; more wait their turn. Default 200, the vendor's
    /// limit for an application unless it was raised: lower it when several processes share one. `None` sets no
    /// limit.
    pub fn requests_per_second(mut self, requests: Option<NonZeroU32>) -> ClientBuilder {
        self.requests_per_second = requests;
        self
    }

    /// The longest that a request may wait its turn. One that would wait longer fails at once, with
    /// [`TransportErrorKind::RateLimit`](crate::TransportErrorKind::RateLimit), and is not sent. Default: no limit; whoever
    /// came first goes first, and waits of a second and more are logged.
    pub fn max_wait(mut self, max_wait: Duration) -> ClientBuilder {
        self.max_wait = Some(max_wait);
        self
    }

    /// How long each UserSig is valid: 60 s or more, default 24 hours. The admin's is reused until a
    /// tenth of that is left, or the service refuses it; a robot's is made for each stream.
    pub fn user_sig_lifetime(mut self, lifetime: Duration) -> ClientBuilder {
        self.user_sig_lifetime = lifetime;
        self
    }

    /// An access key of the cloud account, and more: for stream ingest, rooms and
    /// [sessions](Client::session). Without it, those fail.
    pub fn cloud(mut self, config: CloudConfig) -> ClientBuilder {
        self.cloud = Some(config);
        self
    }

    /// Is told of each call that may ring though nobody waits for its reply: the future of its
    /// [`send`](Client::send) was dropped after the request was handed to the HTTP client, or it was
    /// [detached](Client::send_detached) and its outcome is unknown. Each is logged at ERROR besides.
    ///
    /// It is called where the future is dropped, so that it must neither wait nor panic: write a line, or pass it on.
    ///
    /// ```no_run
    /// # use trtc_call::ClientBuilder;
    /// # fn report(builder: ClientBuilder) -> ClientBuilder {
    /// let (to_find, mut abandoned) = tokio::sync::mpsc::unbounded_channel();
    /// tokio::spawn(async move {
    ///     while let Some(unknown) = abandoned.recv().await {
    ///         println!("{unknown}"); // look for it among the webhooks and the records
    ///     }
    /// });
    /// builder.on_abandoned(move |unknown| {
    ///     let _ = to_find.send(unknown);
    /// })
    /// # }
    /// ```
    pub fn on_abandoned(
        mut self,
        tell: impl Fn(OutcomeUnknown) + Send + Sync + 'static,
    ) -> ClientBuilder {
        self.on_abandoned = Some(Arc::new(tell));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// If a setting is outside its range, or the HTTP client cannot be made (no certificate store).
    pub fn build(self) -> Result<Client, ConfigError> {
        if self.timeout < self.min_timeout {
            return Err(ConfigError::Invalid(Problem::new(
                "timeout",
                format!(
                    "must be at least {:?}, not {:?}",
                    self.min_timeout, self.timeout
                ),
                "wait longer than the service's own 3 s, or use short_timeout",
            )));
        }
        if self.user_sig_lifetime < client_defaults::MIN_USER_SIG_LIFETIME {
            return Err(ConfigError::Invalid(Problem::new(
                "user_sig_lifetime",
                format!(
                    "must be at least {:?}, not {:?}",
                    client_defaults::MIN_USER_SIG_LIFETIME,
                    self.user_sig_lifetime
                ),
                "choose hours, so that the UserSig can be reused",
            )));
        }
        let is_plain = matches!(&self.region, Region::Custom(url) if url.is_plain_http());
        let limiter = |requests: NonZeroU32| RateLimiter::new(requests, self.max_wait);
        let sender = self.sender(is_plain, self.requests_per_second.map(limiter))?;
        let cloud = match &self.cloud {
            Some(config) => {
                let sender = self.sender(config.is_plain_http(), config.rate_limiter())?;
                let config = config.clone();
                Some(CloudClient::with_sender(self.sdk_app_id, config, sender))
            }
            None => None,
        };
        Ok(Client(Arc::new(Inner {
            user_sigs: UserSigCache::new(self.sdk_app_id, &self.secret_key, self.user_sig_lifetime),
            sdk_app_id: self.sdk_app_id,
            admin: self.admin,
            hosts: Hosts::new(self.region, self.backup_host),
            sender,
            cloud,
            tasks: Tasks::new(),
        })))
    }

    fn sender(
        &self,
        is_plain_http: bool,
        rate_limiter: Option<RateLimiter>,
    ) -> Result<Sender, ConfigError> {
        let http_client = match &self.http_client {
            Some(http_client) => http_client.clone(),
            None => default_http_client(is_plain_http, self.timeout)?,
        };
        Ok(Sender {
            http_client,
            goes_by_proxies: self.http_client.is_none() && !is_plain_http,
            clock: Arc::clone(&self.clock),
            timeout: self.timeout,
            retry_policy: self.retry_policy.clone(),
            rate_limiter,
            on_abandoned: self.on_abandoned.clone(),
        })
    }
}

pub(crate) fn default_http_client(
    is_plain_http: bool,
    timeout: Duration,
) -> Result<reqwest::Client, ConfigError> {
    let builder = if is_plain_http {
        plain_http_client_builder()
    } else {
        http_client_builder()
    };
    builder?
        .user_agent(concat!("trtc-call/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT.min(timeout / 2))
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .build()
        .map_err(|error| ConfigError::Http(crate::transport::describe(&error)))
}

/// A clock before 1970 counts as 1970: the service will say that the UserSig has expired.
pub(crate) fn system_clock() -> UnixSeconds {
    SystemTime::now().into()
}

/// Without the secret key.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("sdk_app_id", &self.sdk_app_id)
            .field("admin", &self.admin)
            .field("region", &self.region)
            .field("backup_host", &self.backup_host)
            .field("timeout", &self.timeout)
            .field("retry_policy", &self.retry_policy)
            .field("requests_per_second", &self.requests_per_second)
            .field("max_wait", &self.max_wait)
            .field("user_sig_lifetime", &self.user_sig_lifetime)
            .field("cloud", &self.cloud)
            .finish_non_exhaustive()
    }
}

/// Why a [`Client`] could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A setting is outside its range.
    #[error("invalid configuration: {0}")]
    Invalid(Problem),
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot be made (is the ca-certificates package installed?): {0}")]
    Http(String),
    /// The runtime of the blocking client could not be started.
    #[error("the runtime cannot be started: {0}")]
    Runtime(String),
}

/// Its text tells the problem, which is therefore no source.
impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> ConfigError {
        ConfigError::Invalid(problem)
    }
}
