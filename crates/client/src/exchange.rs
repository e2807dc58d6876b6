//! Sending a request until it is answered, refused for good, or not safe to send again.

use std::time::Duration;

use tracing::{Instrument, Span, field};
use trtc_call_core::{
    Decision, Error, HttpRequest, Repeat, Reply, RetryPolicy, TransportError, TransportErrorKind,
    UnixSeconds,
};

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

    /// Turns to another host after no connection could be made to this one; whether there is one.
    fn turn_from(&self, _host: &str) -> bool {
        false
    }

    /// Reads the reply.
    fn read(&self, reply: &RawReply) -> Result<Reply<Self::Response>, Error>;

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
    /// Whether it goes by the environment's proxies, as far as is known.
    pub(crate) goes_by_proxies: bool,
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
            let mut sent_at = (self.clock)();
            let request = exchange.http_request(sent_at);
            let mut host = request.host().to_owned();
            let mut sent = self.exchange(exchange, request, sent_at, &mut record).await;
            // Nothing was sent, so that asking the other host is still the same attempt.
            if never_connected(&sent) && exchange.turn_from(&host) {
                sent_at = (self.clock)();
                let request = exchange.http_request(sent_at);
                let unreachable = std::mem::replace(&mut host, request.host().to_owned());
                tracing::warn!(
                    unreachable,
                    host,
                    "no connection was made, asking the backup host"
                );
                sent = self.exchange(exchange, request, sent_at, &mut record).await;
            }
            let mut retry_after = None;
            let result = match sent {
                Ok(reply) => exchange.read(&reply).map_err(|mut error| {
                    error.explain(&reply.head, &host, sent_at);
                    retry_after = reply.head.retry_after((self.clock)());
                    error
                }),
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
            let random = fastrand::u32(..);
            match policy.decide(exchange.repeat(), &error, attempt, random, retry_after) {
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
    /// Sends a request once and hands what became of it to `record`.
    async fn exchange<X: Exchange>(
        &self,
        exchange: &X,
        request: HttpRequest,
        sent_at: UnixSeconds,
        record: &mut Option<Recorder<'_>>,
    ) -> Result<RawReply, TransportError> {
        let recorded = record
            .as_ref()
            .map(|_| RecordedExchange::begin(exchange.name(), &request, sent_at));
        let (client, by_proxies) = (&self.http_client, self.goes_by_proxies);
        let sent = transport::send(client, request, self.timeout, by_proxies).await;
        if let (Some(record), Some(recorded)) = (record, recorded) {
            record(recorded.end(&sent));
        }
        sent
    }
}

/// Whether certainly nothing was sent.
fn never_connected(sent: &Result<RawReply, TransportError>) -> bool {
    matches!(sent, Err(error) if error.kind == TransportErrorKind::Connect)
}
