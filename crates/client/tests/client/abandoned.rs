//! What is told of calls whose future was dropped, over real sockets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Log, PatientServer, SENT_AT, builder, call};
use trtc_call::call_engine::end_call;
use trtc_call::{CallId, ClientBuilder, Error, OutcomeUnknown};

const RINGS: &str = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{"CallId":"call-1"}}"#;

type Told = Arc<Mutex<Vec<OutcomeUnknown>>>;

fn telling(builder: ClientBuilder) -> (ClientBuilder, Told) {
    let told = Told::default();
    let tell = Arc::clone(&told);
    let builder = builder.on_abandoned(move |unknown| tell.lock().unwrap().push(unknown));
    (builder, told)
}

#[track_caller]
fn assert_names_the_call(log: &str) {
    let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
    let [error] = errors[..] else {
        panic!("{log}");
    };
    let sent_at = format!("sent_at={SENT_AT}");
    for part in [
        "command=\"start_call_by_robot\"",
        "phones may ring",
        "robot=robot",
        r#"callees=["jack", "jane"]"#,
        "room=roomid-test",
        sent_at.as_str(),
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[tokio::test]
async fn a_call_whose_future_is_dropped_after_it_may_have_gone_out_is_told_and_logged() {
    let (log, _guard) = Log::begin(tracing::Level::ERROR);
    let server = PatientServer::start(Some(RINGS)).await;
    let (builder, told) = telling(builder(&server.base_url));
    let client = builder.build().unwrap();
    let request = call();
    tokio::select! {
        reply = client.send(&request) => panic!("{reply:?}"),
        () = server.came.notified() => {}
    }
    assert_names_the_call(&log.text());
    let told = told.lock().unwrap();
    let [unknown] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(
        unknown.attempt.to_string(),
        "robot to jack, jane in room roomid-test"
    );
    assert_eq!(unknown.sent_at.0, SENT_AT);
    assert_eq!(unknown.cause.code(), "cancelled");
}

#[tokio::test]
async fn nothing_is_told_of_a_future_that_sent_nothing_or_was_answered_or_does_no_harm_twice() {
    let (log, _guard) = Log::begin(tracing::Level::ERROR);
    let server = PatientServer::start(Some(RINGS)).await;
    let (builder, told) = telling(builder(&server.base_url));
    let client = builder.build().unwrap();

    drop(client.send(&call()));

    let request = end_call::Request::new(CallId::new("call-1").unwrap());
    tokio::select! {
        reply = client.send(&request) => panic!("{reply:?}"),
        () = server.came.notified() => {}
    }

    let server = PatientServer::start(Some(RINGS)).await;
    server.answer.notify_one();
    let (builder, told_of_none) = telling(self::builder(&server.base_url));
    builder.build().unwrap().send(&call()).await.unwrap();
    assert!(told_of_none.lock().unwrap().is_empty());
    assert_eq!(log.text(), "");
    assert!(told.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_detached_call_goes_on_when_its_handle_is_dropped_and_is_logged_with_its_call_id() {
    let (log, _guard) = Log::begin(tracing::Level::INFO);
    let server = PatientServer::start(Some(RINGS)).await;
    let (builder, told) = telling(builder(&server.base_url));
    let client = builder.build().unwrap();
    let timeout = Duration::from_millis(50);
    let in_time = tokio::time::timeout(timeout, client.send_detached(call())).await;
    assert!(in_time.is_err());
    assert_eq!(client.tasks().len(), 1);
    server.answer.notify_one();
    client.drained().await;
    assert!(log.text().contains("call_id=call-1"), "{}", log.text());
    assert!(told.lock().unwrap().is_empty());

    server.answer.notify_one();
    let reply = client.send_detached(call()).await.unwrap();
    assert_eq!(reply.response.call_id.unwrap().as_str(), "call-1");
}

#[tokio::test]
async fn a_detached_call_of_unknown_outcome_that_nobody_waits_for_is_told() {
    let server = PatientServer::start(None).await;
    let (builder, told) = telling(builder(&server.base_url));
    let client = builder.build().unwrap();
    drop(client.send_detached(call()));
    server.answer.notify_one();
    client.drained().await;
    let told = told.lock().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].cause.code(), "connection_interrupted");
}

#[test]
fn a_detached_call_whose_runtime_is_shut_down_is_told_and_its_outcome_is_unknown() {
    let (log, _guard) = Log::begin(tracing::Level::ERROR);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (detached, told) = runtime.block_on(async {
        let server = PatientServer::start(Some(RINGS)).await;
        let (builder, told) = telling(builder(&server.base_url));
        let detached = builder.build().unwrap().send_detached(call());
        server.came.notified().await;
        (detached, told)
    });
    drop(runtime);
    assert_names_the_call(&log.text());
    assert_eq!(told.lock().unwrap().len(), 1);
    let other = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let error = other.block_on(detached).unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown(_)), "{error:?}");
}

#[test]
fn outside_of_a_runtime_a_detached_call_is_not_sent_and_says_so() {
    let client = builder("http://127.0.0.1:1").build().unwrap();
    let detached = client.send_detached(call());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let error = runtime.block_on(detached).unwrap_err();
    assert!(error.to_string().contains("runtime"), "{error}");
}

#[tokio::test]
async fn an_unknown_outcome_is_logged_with_whom_and_when_and_the_span_holds_each_field_once() {
    let (log, _guard) = Log::begin(tracing::Level::INFO);
    let server = PatientServer::start(None).await;
    server.answer.notify_one();
    let client = builder(&server.base_url).build().unwrap();
    let error = client.send(&call()).await.unwrap_err();
    assert!(error.outcome_is_unknown());
    assert_names_the_call(&log.text());

    // Three attempts, each of them answered with an id of its own.
    let busy = r#"{"ErrorCode":60007,"ErrorInfo":"busy","ActionStatus":"FAIL","RequestId":"Id-1"}"#;
    let server = PatientServer::start(Some(busy)).await;
    let answer = Arc::clone(&server.answer);
    tokio::spawn(async move {
        loop {
            answer.notify_one();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let client = builder_of_impatience(&server.base_url).build().unwrap();
    client.send(&call()).await.unwrap_err();
    let log = log.text();
    let last = log.lines().last().unwrap();
    assert_eq!(last.matches("attempts=3").count(), 1, "{log}");
    assert_eq!(last.matches("attempts=").count(), 1, "{log}");
    assert_eq!(last.matches("request_id=").count(), 1, "{log}");
}

fn builder_of_impatience(base_url: &str) -> ClientBuilder {
    builder(base_url)
        .retry_policy(trtc_call::RetryPolicy::default().base_delay(Duration::from_millis(1)))
}
