//! Sending a request until it is answered, refused for good, or not safe to send again.

use std::time::{Duration, Instant};

use tracing::{Instrument, Span, field};
use trtc_call_core::{
    CallId, Decision, Error, HttpRequest, Repeat, Reply, RetryPolicy, RingAttempt, TransportError,
    TransportErrorKind, UnixSeconds,
};

use crate::abandoned::{OnAbandoned, UnderWay, log_unknown};
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

    /// For a request that rings phones: whom, and where.
    fn ring_attempt(&self) -> Option<RingAttempt> {
        None
    }

    /// For a request that rings phones: the call that the response names.
    fn call_id<'r>(&self, _response: &'r Self::Response) -> Option<&'r CallId> {
        None
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
    pub(crate) on_abandoned: Option<OnAbandoned>,
}

/// What became of one attempt.
struct Attempt<T> {
    sent_at: UnixSeconds,
    result: Result<Reply<T>, Error>,
    /// How long the server asks to wait.
    retry_after: Option<Duration>,
}

impl Sender {
    /// Sends it, and again where that is safe.
    pub(crate) async fn send<X: Exchange>(
        &self,
        exchange: &X,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        let limiter = self.rate_limiter.as_ref();
        self.send_under(&self.retry_policy, limiter, exchange, record)
            .await
    }

    /// Sends it once.
    pub(crate) async fn send_once<X: Exchange>(
        &self,
        exchange: &X,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        let limiter = self.rate_limiter.as_ref();
        self.send_under(&once(), limiter, exchange, record).await
    }

    /// Sends it once, without waiting for its turn.
    pub(crate) async fn send_now<X: Exchange>(
        &self,
        exchange: &X,
    ) -> Result<Reply<X::Response>, Error> {
        self.send_under(&once(), None, exchange, None).await
    }

    async fn send_under<X: Exchange>(
        &self,
        policy: &RetryPolicy,
        rate_limiter: Option<&RateLimiter>,
        exchange: &X,
        record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        // At ERROR, so that it is there wherever something is logged in it.
        let span = tracing::error_span!(
            "trtc_call",
            command = exchange.name(),
            attempts = field::Empty,
            request_id = field::Empty,
        );
        self.send_with_retries(policy, rate_limiter, exchange, record)
            .instrument(span)
            .await
    }

    async fn send_with_retries<X: Exchange>(
        &self,
        policy: &RetryPolicy,
        rate_limiter: Option<&RateLimiter>,
        exchange: &X,
        mut record: Option<Recorder<'_>>,
    ) -> Result<Reply<X::Response>, Error> {
        let mut attempt = 1;
        loop {
            if let Some(rate_limiter) = rate_limiter
                && let Err(error) = rate_limiter.wait(exchange.name()).await
            {
                tell_the_span(attempt - 1, None);
                tracing::warn!(%error, "not sent");
                return Err(error.into());
            }
            let Attempt {
                sent_at,
                result,
                retry_after,
            } = self.attempt(exchange, &mut record).await;
            let error = match result {
                Ok(reply) => {
                    tell_the_span(attempt, Some(&reply.request_id));
                    match exchange.call_id(&reply.response) {
                        Some(call_id) => tracing::info!(%call_id, "the call is started"),
                        None => tracing::debug!("answered"),
                    }
                    return Ok(reply);
                }
                Err(error) => error,
            };
            let random = fastrand::u32(..);
            match policy.decide(exchange.repeat(), &error, attempt, random, retry_after) {
                Decision::Retry { after } => {
                    let (code, request_id) = (error.code(), error.request_id());
                    tracing::warn!(code, attempt, request_id, ?after, "failed, trying again");
                    tokio::time::sleep(after).await;
                    attempt += 1;
                }
                Decision::GiveUp => {
                    tell_the_span(attempt, error.request_id());
                    tracing::warn!(code = error.code(), "failed");
                    return Err(error);
                }
                Decision::OutcomeUnknown => {
                    tell_the_span(attempt, error.request_id());
                    let ring = exchange.ring_attempt();
                    log_unknown(ring.as_ref(), sent_at, &error.to_string());
                    let now = (self.clock)();
                    return Err(Error::unknown_outcome(ring, sent_at, now, error));
                }
            }
        }
    }

    /// Sends it to the host at hand or, where no connection can be made, to the other.
    async fn attempt<X: Exchange>(
        &self,
        exchange: &X,
        record: &mut Option<Recorder<'_>>,
    ) -> Attempt<X::Response> {
        let mut sent_at = (self.clock)();
        let request = exchange.http_request(sent_at);
        let mut host = request.host().to_owned();
        let mut sent = self.exchange(exchange, request, sent_at, record).await;
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
            sent = self.exchange(exchange, request, sent_at, record).await;
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
        Attempt {
            sent_at,
            result,
            retry_after,
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
        let hook = self.on_abandoned.as_ref();
        let under_way = UnderWay::begin(exchange, sent_at, &self.clock, hook);
        let began = Instant::now();
        let sent = transport::send(client, request, self.timeout, by_proxies).await;
        under_way.done();
        if let (Some(record), Some(recorded)) = (record, recorded) {
            record(recorded.end(began.elapsed(), &sent));
        }
        sent
    }
}

/// Once, at the end: a field that is recorded again stands there twice.
fn tell_the_span(attempts: u32, request_id: Option<&str>) {
    let span = Span::current();
    span.record("attempts", attempts);
    span.record("request_id", request_id);
}

fn once() -> RetryPolicy {
    RetryPolicy::default().max_attempts(1)
}

/// Whether certainly nothing was sent.
fn never_connected(sent: &Result<RawReply, TransportError>) -> bool {
    matches!(sent, Err(error) if error.kind == TransportErrorKind::Connect)
}
