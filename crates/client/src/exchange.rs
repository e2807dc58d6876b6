//! Sending a request until it is answered, refused for good, or not safe to send again.

use std::time::Duration;

use tracing::{Instrument, Span, field};
use trtc_call_core::{Decision, Error, HttpRequest, Repeat, Reply, RetryPolicy, UnixSeconds};

use crate::builder::Clock;
use crate::rate_limit::RateLimiter;
use crate::recorded::{RecordedExchange, Recorder};
use crate::transport::{self, RawReply};

/// A request that can be built and sent more than once, and how its reply is read.
pub(crate) trait Exchange: Sync {
    type Response;

    /// The command's or action's name.
    fn name(&self) -> &'static str;

    /// What sending it a second time does.
    fn repeat(&self) -> Repeat;

    /// The request, made anew for each attempt.
    fn http_request(&self, now: UnixSeconds) -> HttpRequest;

    /// Reads the reply to a request that was made at `now`.
    fn read(&self, reply: &RawReply, now: UnixSeconds) -> Result<Reply<Self::Response>, Error>;

    /// The error of a request whose outcome is unknown.
    fn outcome_unknown(
        &self,
        _sent_at: UnixSeconds,
        _failed_at: UnixSeconds,
        error: Error,
    ) -> Error {
        error
    }
}

/// Sends what may be sent, when it may be sent.
pub(crate) struct Sender {
    pub(crate) http_client: reqwest::Client,
    pub(crate) clock: Clock,
    pub(crate) timeout: Duration,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) rate_limiter: Option<RateLimiter>,
}

impl Sender {
    /// Sends it, and again where that is safe.
    pub(crate) async fn send<X: Exchange>(
        &self,
        exchange: &X,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        self.send_under(&self.retry_policy, exchange, record).await
    }

    /// Sends it once.
    pub(crate) async fn send_once<X: Exchange>(
        &self,
        exchange: &X,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        let once = RetryPolicy {
            max_attempts: 1,
            ..RetryPolicy::default()
        };
        self.send_under(&once, exchange, record).await
    }

    async fn send_under<X: Exchange>(
        &self,
        policy: &RetryPolicy,
        exchange: &X,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        let span = tracing::info_span!(
            "trtc_call",
            command = exchange.name(),
            attempts = field::Empty,
            request_id = field::Empty,
        );
        self.send_with_retries(policy, exchange, record)
            .instrument(span)
            .await
    }

    async fn send_with_retries<X: Exchange>(
        &self,
        policy: &RetryPolicy,
        exchange: &X,
        mut record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        let mut attempt = 1;
        loop {
            if let Some(rate_limiter) = &self.rate_limiter {
                rate_limiter.wait(exchange.name()).await;
            }
            let sent_at = (self.clock)();
            let request = exchange.http_request(sent_at);
            let recorded = record
                .as_ref()
                .map(|_| RecordedExchange::begin(exchange.name(), &request, sent_at));
            let sent = transport::send(&self.http_client, request, self.timeout).await;
            if let (Some(record), Some(recorded)) = (&mut record, recorded) {
                record(recorded.end(&sent));
            }
            let result = match sent {
                Ok(reply) => exchange.read(&reply, sent_at),
                Err(error) => Err(error.into()),
            };
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
            match policy.decide(exchange.repeat(), &error, attempt, fastrand::u32(..)) {
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
                    return Err(exchange.outcome_unknown(sent_at, (self.clock)(), error));
                }
            }
        }
    }
}
