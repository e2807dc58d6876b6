//! What OpenTelemetry records of requests: the client's own spans, and those of reqwest-tracing around a client of one's
//! own, with the redaction of the example and without.

#[path = "../../examples/opentelemetry/redacted.rs"]
mod redacted;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use redacted::WithoutQuery;
use reqwest_middleware::ClientBuilder;
use reqwest_tracing::{ReqwestOtelSpanBackend, SpanBackendWithUrl, TracingMiddleware};
use tracing::dispatcher::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt as _;
use trtc_call::call_engine::end_call;
use trtc_call::usersig::UserSigSigner;
use trtc_call::{
    Access, BaseUrl, CallId, Client, Endpoint as _, Region, SdkAppId, SecretKey, UnixSeconds,
    UserId, plain_http_client_builder,
};
use trtc_call_emulator::Config;
use trtc_call_emulator::server::Server;

use crate::support::take;

/// Every UserSig begins so: the header of a zlib stream, and `{"TLS.`.
const USER_SIG: &str = "eJ";

struct Recorded {
    server: Server,
    exporter: InMemorySpanExporter,
    _guard: DefaultGuard,
}

impl Recorded {
    async fn start() -> Recorded {
        let config = Config::new(application(), key());
        let server = Server::start(config).await.unwrap();
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(layer);
        Recorded {
            server,
            exporter,
            _guard: take(subscriber),
        }
    }

    fn region(&self) -> Region {
        BaseUrl::new(&self.server.base_url()).unwrap().into()
    }

    /// Everything that was recorded, as text.
    fn spans(&self) -> String {
        let spans = self.exporter.get_finished_spans().unwrap();
        let lines = spans.iter().map(|span| {
            let (name, attributes, events) = (&span.name, &span.attributes, &span.events);
            format!("{name} {attributes:?} {events:?}")
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Sends a request by a client of one's own, whose spans that backend makes.
    async fn send_by<Backend: ReqwestOtelSpanBackend + Send + Sync + 'static>(&self) {
        let http = plain_http_client_builder().unwrap().build().unwrap();
        let http = ClientBuilder::new(http)
            .with(TracingMiddleware::<Backend>::new())
            .build();
        let admin = UserId::new("administrator").unwrap();
        let signer = UserSigSigner::new(application(), &key());
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        let access = Access {
            region: &self.region(),
            sdk_app_id: application(),
            admin: &admin,
            user_sig: &signer.sign(&admin, 60, UnixSeconds(now.as_secs())),
        };
        let request = request().http_request(&access, 1);
        let sent = http.post(&request.url).body(request.body).send().await;
        assert_eq!(sent.unwrap().status(), 200);
    }
}

fn application() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

fn key() -> SecretKey {
    SecretKey::new("the key of the traces").unwrap()
}

fn request() -> end_call::Request {
    end_call::Request::new(CallId::new("no-such-call").unwrap())
}

#[tokio::test]
async fn the_clients_own_span_holds_command_and_request_id_and_no_user_sig() {
    let recorded = Recorded::start().await;
    let admin = UserId::new("administrator").unwrap();
    let client = Client::builder(application(), key(), admin, recorded.region());
    client.build().unwrap().send(&request()).await.unwrap_err();
    let spans = recorded.spans();
    for told in ["trtc_call", "end_call", "request_id"] {
        assert!(spans.contains(told), "{told}: {spans}");
    }
    assert!(!spans.contains(USER_SIG), "{spans}");
}

#[tokio::test]
async fn reqwest_tracing_without_the_query_records_no_user_sig() {
    let recorded = Recorded::start().await;
    recorded.send_by::<WithoutQuery>().await;
    let spans = recorded.spans();
    assert!(
        spans.contains("/v4/call_engine_http_srv/end_call"),
        "{spans}"
    );
    assert!(!spans.contains(USER_SIG), "{spans}");
}

#[tokio::test]
async fn reqwest_tracing_with_the_whole_url_records_the_user_sig() {
    let recorded = Recorded::start().await;
    recorded.send_by::<SpanBackendWithUrl>().await;
    let spans = recorded.spans();
    assert!(spans.contains("usersig=eJ"), "{spans}");
}
