//! Numbers about a campaign for Prometheus, in its text format.
//!
//! Not OpenTelemetry: its SDK and exporter are forty crates and need a collector that takes what is pushed; a collector
//! reads this format as Prometheus does.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Metric, Registry};
use trtc_call_ledger::{CampaignState, Ring, RingState};

use super::standing::Standing;
use crate::command_error::CommandError;
use crate::moment::now;
use crate::service;

/// Counted always, and served where that is asked for.
#[derive(Clone)]
pub(super) struct Metrics {
    registry: Arc<Registry>,
    rings: Family<Label, Gauge>,
    answered: Gauge,
    ended: Gauge,
    running: Gauge,
    counted_at: Gauge,
    sent: Family<Label, Counter>,
    put_off: Family<Label, Counter>,
    store_errors: Counter,
    webhooks: Family<Label, Counter>,
}

type Label = [(&'static str, String); 1];

/// What became of a webhook.
#[derive(Debug, Clone, Copy)]
pub(super) enum WebhookFate {
    /// It is written, or of no ring.
    Taken,
    /// It is forged, or cannot be read.
    Refused,
    /// The ledger could not take it: the service is told so, and may repeat it.
    NotWritten,
}

impl Metrics {
    pub(super) fn new(campaign: &str, rate: NonZeroU32) -> Metrics {
        let labels = [("campaign".into(), campaign.to_owned().into())];
        let mut registry =
            Registry::with_prefix_and_labels("trtc_call_campaign", labels.into_iter());
        let limit: Gauge = Gauge::default();
        limit.set(rate.get().into());
        registry.register(
            "rate_limit",
            "The most rings in a second, over all who use the ledger",
            limit,
        );
        let mut metrics = Metrics {
            rings: registered(
                &mut registry,
                "rings",
                "Rings in the ledger by state, whoever rang them",
            ),
            answered: registered(
                &mut registry,
                "answered",
                "Rings in the ledger that are known to have been answered",
            ),
            ended: registered(
                &mut registry,
                "ended",
                "Rings in the ledger whose call is known to have ended",
            ),
            running: registered(
                &mut registry,
                "running",
                "1, or 0 where the campaign is paused or cancelled",
            ),
            counted_at: registered(
                &mut registry,
                "counted_timestamp_seconds",
                "When the ledger was last counted: it stands still where the ledger is out of reach",
            ),
            sent: registered(
                &mut registry,
                "sent",
                "Rings that this process sent, by their outcome",
            ),
            put_off: registered(
                &mut registry,
                "put_off",
                "Rings of this process that surely had no effect and wait again, by what failed last: \
                 too_frequent and its like are the service's limits",
            ),
            store_errors: registered(
                &mut registry,
                "store_errors",
                "How often this process found the ledger's database gone or busy",
            ),
            webhooks: registered(
                &mut registry,
                "webhooks",
                "Webhooks that reached this process, by what became of them",
            ),
            registry: Arc::default(),
        };
        metrics.registry = Arc::new(registry);
        metrics
    }

    /// The ledger's counts.
    pub(super) fn count(&self, standing: &Standing) {
        let stats = &standing.stats;
        for (state, count) in [
            (RingState::Queued, stats.queued),
            (RingState::Claimed, stats.claimed),
            (RingState::Sending, stats.sending),
            (RingState::Rung, stats.rung),
            (RingState::Refused, stats.refused),
            (RingState::Unknown, stats.unknown),
            (RingState::PresumedNotRung, stats.presumed_not_rung),
            (RingState::Cancelled, stats.cancelled),
        ] {
            let label = [("state", state.as_str().to_owned())];
            set(&self.rings.get_or_create_owned(&label), count);
        }
        set(&self.answered, stats.answered);
        set(&self.ended, stats.ended);
        let is_running = stats.campaign == Some(CampaignState::Running);
        set(&self.running, is_running.into());
        set(&self.counted_at, now().0);
    }

    /// A ring that this process sent, or was to send.
    pub(super) fn told(&self, ring: &Ring) {
        if ring.state == RingState::Queued {
            let failure = ring.failure.as_ref();
            let reason = failure.map_or("late", |failure| failure.code.as_str());
            let label = [("reason", reason.to_owned())];
            self.put_off.get_or_create_owned(&label).inc();
        } else {
            let label = [("outcome", ring.state.as_str().to_owned())];
            self.sent.get_or_create_owned(&label).inc();
        }
    }

    pub(super) fn store_error(&self) {
        self.store_errors.inc();
    }

    pub(super) fn webhook(&self, fate: WebhookFate) {
        let fate = match fate {
            WebhookFate::Taken => "taken",
            WebhookFate::Refused => "refused",
            WebhookFate::NotWritten => "not_written",
        };
        let label = [("result", fate.to_owned())];
        self.webhooks.get_or_create_owned(&label).inc();
    }

    /// Serves them at `/metrics` as long as this runtime lives, and says where.
    pub(super) async fn serve(&self, address: SocketAddr) -> Result<String, CommandError> {
        let (listener, url) = service::listen(address).await?;
        let router = Router::new()
            .route("/metrics", get(scraped))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(format!("{url}metrics"))
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn registered<M: Metric + Default + Clone>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

fn set(gauge: &Gauge, count: u64) {
    gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
}

async fn scraped(State(metrics): State<Metrics>) -> Response {
    let content_type = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    match metrics.text() {
        Ok(text) => (content_type, text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_of_any_name_is_a_label_that_can_be_read() {
        let metrics = Metrics::new("a \"new\" \\ one\nof two lines", NonZeroU32::MIN);
        metrics.webhook(WebhookFate::Taken);
        let text = metrics.text().unwrap();
        let line = r#"trtc_call_campaign_webhooks_total{campaign="a \"new\" \\ one\nof two lines",result="taken"} 1"#;
        assert!(text.lines().any(|found| found == line), "{text}");
    }
}
