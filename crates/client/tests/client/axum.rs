//! Webhooks through a router, as an axum server meets them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::post;
use http_body_util::BodyExt as _;
use tokio::sync::{Notify, mpsc};
use tower::ServiceExt as _;
use trtc_call::axum_webhook::{
    Acknowledged, IngestAcknowledged, IngestWebhook, Webhook, WebhookReceiver, acknowledge_first,
    acknowledge_ingest_first,
};
use trtc_call::webhook::ingest::{
    IngestEvent, IngestEventKind, IngestTestDelivery, IngestWebhookKey, IngestWebhookVerifier,
    SentIngestDelivery,
};
use trtc_call::webhook::{
    CallbackCommand, Event, MembersChanged, SentDelivery, TestDelivery, WebhookToken,
    WebhookVerifier,
};
use trtc_call::{CallId, SdkAppId, TaskId, Tasks, UnixMillis, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);
const OK: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;

fn app() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

fn token() -> WebhookToken {
    WebhookToken::new("a token").unwrap()
}

fn receiver() -> WebhookReceiver {
    WebhookReceiver::new(WebhookVerifier::new(app(), &token())).clock(|| NOW)
}

fn event() -> Event {
    let call = CallId::new("call-1").unwrap();
    MembersChanged::new(call, vec![], vec![], UnixMillis(5)).into()
}

/// A router that hands on the events it is given.
fn router(receiver: WebhookReceiver) -> (Router, mpsc::UnboundedReceiver<Event>) {
    let (events, received) = mpsc::unbounded_channel();
    let handler = move |Webhook(delivery): Webhook| async move {
        events.send(delivery.event).unwrap();
        Acknowledged
    };
    let router = Router::new()
        .route("/hook", post(handler))
        .with_state(receiver);
    (router, received)
}

async fn send(router: &Router, sent: &SentDelivery) -> (StatusCode, String) {
    let request = Request::post(sent.url("/hook")).body(Body::from(sent.body.clone()));
    let response = router.clone().oneshot(request.unwrap()).await.unwrap();
    read(response).await
}

async fn read(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_signed_delivery_reaches_the_handler_and_is_acknowledged() {
    let (router, mut received) = router(receiver());
    let sent = TestDelivery::new(app(), &event()).sign(&token(), NOW);
    assert_eq!(send(&router, &sent).await, (StatusCode::OK, OK.to_owned()));
    assert_eq!(received.recv().await, Some(event()));
}

#[tokio::test]
async fn what_is_forged_or_unreadable_never_reaches_the_handler() {
    let (router, mut received) = router(receiver());
    let delivery = || TestDelivery::new(app(), &event());
    let body = |body: String| TestDelivery::with_body(app(), CallbackCommand::AfterEndCall, body);
    let other_app = SdkAppId::new(7).unwrap();
    let other_token = WebhookToken::new("another token").unwrap();
    for (sent, status, code) in [
        (delivery().unsigned(), 401, "missing_signature"),
        (delivery().sign(&other_token, NOW), 401, "wrong_signature"),
        (
            delivery().sign(&token(), UnixSeconds(NOW.0 - 301)),
            401,
            "too_old",
        ),
        (
            TestDelivery::new(other_app, &event()).sign(&token(), NOW),
            401,
            "other_app",
        ),
        (
            body("{".to_owned()).sign(&token(), NOW),
            400,
            "body_not_json",
        ),
        (
            body("[".repeat(10_000)).sign(&token(), NOW),
            400,
            "body_too_deep",
        ),
        (
            body("x".repeat(10_000_000)).sign(&token(), NOW),
            413,
            "body_too_large",
        ),
        (
            body("x".repeat(10_000_000)).unsigned(),
            401,
            "missing_signature",
        ),
    ] {
        let (found, body) = send(&router, &sent).await;
        assert_eq!(found.as_u16(), status, "{code}");
        assert!(body.contains(code) && body.contains("FAIL"), "{body}");
    }
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn a_body_without_end_is_left_after_the_limit() {
    let (router, _received) = router(receiver());
    let sent = TestDelivery::new(app(), &event()).sign(&token(), NOW);
    let endless = endless_body();
    let request = Request::post(sent.url("/hook")).body(endless).unwrap();
    let (status, _) = read(router.oneshot(request).await.unwrap()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// A body that never ends.
fn endless_body() -> Body {
    struct Endless;
    impl http_body::Body for Endless {
        type Data = axum::body::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            let chunk = axum::body::Bytes::from_static(&[b' '; 1024]);
            std::task::Poll::Ready(Some(Ok(http_body::Frame::data(chunk))))
        }
    }
    Body::new(Endless)
}

#[tokio::test]
async fn without_authentication_the_application_alone_is_checked() {
    let (router, _received) = router(WebhookReceiver::unsigned(app()));
    let sent = TestDelivery::new(app(), &event()).unsigned();
    assert_eq!(send(&router, &sent).await.0, StatusCode::OK);
    let other_app = SdkAppId::new(7).unwrap();
    let sent = TestDelivery::new(other_app, &event()).unsigned();
    assert_eq!(send(&router, &sent).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_answer_does_not_wait_for_a_handler_that_takes_its_time() {
    let (go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler = {
        let (go, done) = (Arc::clone(&go), Arc::clone(&done));
        move |_delivery| {
            let (go, done) = (Arc::clone(&go), Arc::clone(&done));
            async move {
                go.notified().await;
                done.notify_one();
            }
        }
    };
    let tasks = Tasks::new();
    let router = Router::new()
        .route("/hook", acknowledge_first(&tasks, handler))
        .with_state(receiver());
    let sent = TestDelivery::new(app(), &event()).sign(&token(), NOW);
    assert_eq!(send(&router, &sent).await.0, StatusCode::OK);
    go.notify_one();
    let finished = tokio::time::timeout(Duration::from_secs(10), done.notified());
    finished.await.expect("the handler runs on");
    tasks.drained().await;
}

#[tokio::test]
async fn who_shuts_down_can_wait_for_the_handlers_whose_deliveries_were_acknowledged() {
    let go = Arc::new(Notify::new());
    let handled = Arc::new(AtomicUsize::new(0));
    let (may_go, counted) = (Arc::clone(&go), Arc::clone(&handled));
    let tasks = Tasks::new();
    let handler = move |_delivery| {
        let (go, handled) = (Arc::clone(&may_go), Arc::clone(&counted));
        async move {
            go.notified().await;
            handled.fetch_add(1, Ordering::SeqCst);
        }
    };
    let router = Router::new()
        .route("/hook", acknowledge_first(&tasks, handler))
        .with_state(receiver());
    let (ask_to_stop, stop) = tokio::sync::oneshot::channel::<()>();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = router.clone();
    let server = tokio::spawn(async move {
        let stop = async { drop(stop.await) };
        let serving = axum::serve(listener, served).with_graceful_shutdown(stop);
        serving.await.unwrap();
    });
    let sent = TestDelivery::new(app(), &event()).sign(&token(), NOW);
    let url = format!("http://{address}{}", sent.url("/hook"));
    let reply = trtc_call::plain_http_client_builder()
        .unwrap()
        .build()
        .unwrap()
        .post(url)
        .body(sent.body)
        .send();
    assert_eq!(reply.await.unwrap().status(), 200);
    ask_to_stop.send(()).unwrap();
    server.await.unwrap();

    // The server is gone, and the handler is not done.
    assert_eq!((tasks.len(), handled.load(Ordering::SeqCst)), (1, 0));
    go.notify_one();
    tasks.drained().await;
    assert_eq!(handled.load(Ordering::SeqCst), 1);
}

fn ingest_key() -> IngestWebhookKey {
    IngestWebhookKey::new("a key").unwrap()
}

fn ingest_delivery() -> (IngestEvent, SentIngestDelivery) {
    let task = TaskId::new("task-1").unwrap();
    let event = IngestEvent::new(IngestEventKind::Started, task, UnixMillis(5));
    let sent = IngestTestDelivery::new(app(), &event).sign(&ingest_key());
    (event, sent)
}

async fn send_ingest(router: &Router, sent: SentIngestDelivery) -> (StatusCode, String) {
    let request = Request::post("/hook")
        .header("Sign", sent.sign)
        .header("SdkAppId", sent.sdk_app_id)
        .body(Body::from(sent.body));
    let response = router.clone().oneshot(request.unwrap()).await.unwrap();
    read(response).await
}

#[tokio::test]
async fn a_webhook_about_a_stream_is_acknowledged_in_its_own_way_and_a_forged_one_is_refused() {
    let (events, mut received) = mpsc::unbounded_channel();
    let handler = move |IngestWebhook(event): IngestWebhook| async move {
        events.send(event).unwrap();
        IngestAcknowledged
    };
    let router = Router::new()
        .route("/hook", post(handler))
        .with_state(IngestWebhookVerifier::new(app(), &ingest_key()));
    let (event, sent) = ingest_delivery();
    let answer = send_ingest(&router, sent.clone()).await;
    assert_eq!(answer, (StatusCode::OK, r#"{"code":0}"#.to_owned()));
    assert_eq!(received.recv().await.unwrap(), event);

    let mut forged = sent.clone();
    forged.body = forged.body.replace("701", "702");
    let mut other_app = sent;
    other_app.sdk_app_id = "7".to_owned();
    for forged in [forged, other_app] {
        let (status, body) = send_ingest(&router, forged).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{body}");
    }
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn a_webhook_about_a_stream_is_acknowledged_before_a_slow_handler_is_done() {
    let (started, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let begun = Arc::clone(&started);
    let route = acknowledge_ingest_first(&Tasks::new(), move |_event| {
        let (begun, forever) = (Arc::clone(&begun), Arc::clone(&done));
        async move {
            begun.notify_one();
            forever.notified().await;
        }
    });
    let router = Router::new()
        .route("/hook", route)
        .with_state(IngestWebhookVerifier::new(app(), &ingest_key()));
    let (status, _) = send_ingest(&router, ingest_delivery().1).await;
    assert_eq!(status, StatusCode::OK);
    started.notified().await;
}
