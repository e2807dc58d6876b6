use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tracing::{Instrument, Span, field};
use trtc_call_core::call_record::get_record_by_filter;
use trtc_call_core::{
    Access, Command, Decision, Endpoint, Error, ErrorCode, OutcomeUnknown, Region, Reply,
    RetryPolicy, SdkAppId, SecretKey, UnixSeconds, UserId,
};

use crate::builder::Clock;
use crate::exchange::Exchange;
use crate::rate_limit::RateLimiter;
use crate::transport;
use crate::user_sig_cache::UserSigCache;
use crate::{ClientBuilder, Records};

/// Sends requests to the service. Cheap to clone; clones share connections, UserSig and rate limit.
///
/// It needs a tokio runtime; see the `blocking` feature for programs without one.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) sdk_app_id: SdkAppId,
    pub(crate) admin: UserId,
    pub(crate) region: Region,
    pub(crate) user_sigs: UserSigCache,
    pub(crate) http_client: reqwest::Client,
    pub(crate) clock: Clock,
    pub(crate) timeout: Duration,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) rate_limiter: Option<RateLimiter>,
}

impl Client {
    /// A client of the application `sdk_app_id`, whose App admin account `admin` authorises the
    /// requests.
    pub fn builder(
        sdk_app_id: SdkAppId,
        secret_key: SecretKey,
        admin: UserId,
        region: Region,
    ) -> ClientBuilder {
        ClientBuilder::new(sdk_app_id, secret_key, admin, region)
    }

    /// Sends a request and reads the reply. What is safe to repeat is repeated as the retry policy says.
    ///
    /// # Errors
    /// [`Error::Transport`], [`Error::Server`] and [`Error::Parse`] by moment;
    /// [`Error::OutcomeUnknown`] when a call was sent that may have rung: it is never sent again.
    pub async fn send<E: Endpoint + Sync>(&self, request: &E) -> Result<Reply<E::Response>, Error> {
        let sent = self.send_with_retries(request, None);
        sent.instrument(span(E::COMMAND)).await
    }

    /// [`send`](Self::send), handing each attempt to `record` as it ends: for people who want to see the
    /// packets.
    ///
    /// # Errors
    /// As `send`.
    pub async fn send_recorded<E: Endpoint + Sync>(
        &self,
        request: &E,
        mut record: impl FnMut(Exchange) + Send,
    ) -> Result<Reply<E::Response>, Error> {
        let sent = self.send_with_retries(request, Some(&mut record));
        sent.instrument(span(E::COMMAND)).await
    }

    /// Lists the records that match a filter, page after page, asking for each when it is needed.
    ///
    /// ```no_run
    /// use trtc_call::call_record::get_record_by_filter::Request;
    /// use trtc_call::{CallResult, Client, Error, UnixSeconds};
    ///
    /// # async fn list(client: &Client, now: UnixSeconds) -> Result<(), Error> {
    /// let missed = Request::builder().result(CallResult::NotAnswer).page_size(100).build(now)?;
    /// let mut records = client.records(missed);
    /// while let Some(record) = records.next().await {
    ///     let record = record?;
    ///     println!("{} rang {:?}", record.caller, record.members);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It ends where the service documents the end, and where the service says that there is no record
    /// (101050). It begins with the page that the filter names, the first one usually.
    pub fn records(&self, filter: get_record_by_filter::Request) -> Records {
        Records::new(self.clone(), filter)
    }

    async fn send_with_retries<E: Endpoint + Sync>(
        &self,
        request: &E,
        mut record: Option<Recorder<'_>>,
    ) -> Result<Reply<E::Response>, Error> {
        let mut attempt = 1;
        loop {
            if let Some(rate_limiter) = &self.0.rate_limiter {
                rate_limiter.wait(E::COMMAND).await;
            }
            let sent_at = (self.0.clock)();
            let result = self.attempt(request, sent_at, &mut record).await;
            Span::current().record("attempts", attempt);
            let error = match result {
                Ok(reply) => {
                    Span::current().record("request_id", reply.request_id.as_str());
                    tracing::debug!("answered");
                    return Ok(reply);
                }
                Err(error) => error,
            };
            if let Some(request_id) = error.request_id() {
                Span::current().record("request_id", request_id);
            }
            let decision =
                self.0
                    .retry_policy
                    .decide(E::COMMAND.repeat, &error, attempt, fastrand::u32(..));
            match decision {
                Decision::Retry { after } => {
                    tracing::warn!(code = error.code(), attempt, ?after, "failed, trying again");
                    tokio::time::sleep(after).await;
                    attempt += 1;
                }
                Decision::GiveUp => {
                    tracing::warn!(code = error.code(), "failed");
                    return Err(error);
                }
                Decision::OutcomeUnknown => {
                    tracing::error!(
                        code = error.code(),
                        "the outcome is unknown, not sent again"
                    );
                    return Err(match request.ring_attempt() {
                        Some(ring) => {
                            let failed_at = (self.0.clock)();
                            let unknown = OutcomeUnknown::new(ring, sent_at, failed_at, error);
                            Box::new(unknown).into()
                        }
                        None => error,
                    });
                }
            }
        }
    }

    async fn attempt<E: Endpoint + Sync>(
        &self,
        request: &E,
        now: UnixSeconds,
        record: &mut Option<Recorder<'_>>,
    ) -> Result<Reply<E::Response>, Error> {
        let inner = &*self.0;
        let user_sig = inner.user_sigs.get(&inner.admin, now);
        let access = Access {
            region: &inner.region,
            sdk_app_id: inner.sdk_app_id,
            admin: &inner.admin,
            user_sig: &user_sig,
        };
        let http_request = request.http_request(&access, fastrand::u32(..));
        let exchange = record.as_ref().map(|_| Exchange::begin(&http_request, now));
        let sent = transport::send(&inner.http_client, http_request, inner.timeout).await;
        if let (Some(record), Some(exchange)) = (record, exchange) {
            record(exchange.end(&sent));
        }
        let (status, body) = sent?;
        let result = E::parse(status, &body);
        if let Err(Error::Server(error)) = &result
            && refuses_user_sig(error.code)
        {
            inner.user_sigs.forget();
        }
        result
    }
}

type Recorder<'a> = &'a mut (dyn FnMut(Exchange) + Send);

fn span(command: Command) -> Span {
    tracing::info_span!(
        "trtc_call",
        command = command.name,
        attempts = field::Empty,
        request_id = field::Empty,
    )
}

/// Whether a fresh UserSig may help where this one did not.
fn refuses_user_sig(code: ErrorCode) -> bool {
    code.name().starts_with("user_sig_")
}

/// Without the secret key and without the UserSig.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("sdk_app_id", &self.0.sdk_app_id)
            .field("admin", &self.0.admin)
            .field("region", &self.0.region)
            .finish_non_exhaustive()
    }
}
