//! What becomes of sessions and of requests in the background when a program ends.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use trtc_call::call_engine::start_call_by_robot;
use trtc_call::call_session::{Media, Phase, Plan, SessionEvent, Watch};
use trtc_call::stream_ingest::StreamUrl;
use trtc_call::tc3::Credential;
use trtc_call::{
    BaseUrl, Client, CloudConfig, MediaType, Region, SdkAppId, SecretKey, Session, UserId,
};
use trtc_call_emulator::Config;
use trtc_call_emulator::server::Server;

async fn emulator() -> Server {
    let config = Config::new(
        SdkAppId::new(1_400_000_001).unwrap(),
        SecretKey::new("the key").unwrap(),
    );
    Server::start(config).await.unwrap()
}

fn client(base_url: &str) -> Client {
    let credential = Credential::new(Config::TEST_SECRET_ID, Config::TEST_SECRET_KEY).unwrap();
    let base_url = BaseUrl::new(base_url).unwrap();
    Client::builder(
        SdkAppId::new(1_400_000_001).unwrap(),
        SecretKey::new("the key").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(base_url.clone()),
    )
    .cloud(CloudConfig::new(credential).host(base_url))
    .build()
    .unwrap()
}

async fn playing(client: &Client) -> Session {
    playing_to(client, "answer-100-stay", "lobby").await
}

async fn playing_to(client: &Client, callee: &str, room: &str) -> Session {
    let call = start_call_by_robot::Request::builder("robot", [callee], MediaType::Audio)
        .room(room)
        .build()
        .unwrap();
    let media = Media::new(StreamUrl::new("https://media.example/live").unwrap());
    let plan = Plan::builder(call, media)
        .watch(Watch::Polling)
        .poll_interval(Duration::from_millis(250));
    let mut session = client.session(plan.build().unwrap()).start().unwrap();
    while let Some(event) = session.next().await {
        if matches!(event, SessionEvent::Playing { .. }) {
            return session;
        }
    }
    panic!("it ended without playing");
}

fn is_quiet(server: &Server) -> bool {
    server.with(|emulator| {
        let streams_ended = emulator.ingests().iter().all(|ingest| ingest.end.is_some());
        streams_ended && emulator.calls().iter().all(|call| call.end.is_some())
    })
}

#[tokio::test]
async fn a_session_that_is_closed_has_ended_call_and_stream_and_waits_for_no_record() {
    let server = emulator().await;
    let client = client(&server.base_url());
    let session = playing(&client).await;
    let began = Instant::now();
    session.close().await;
    assert!(is_quiet(&server));
    // Records are there after 5 s at the earliest.
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );

    let mut session = playing(&client).await;
    session.end();
    session.cleaned_up().await;
    assert_eq!(session.phase(), Phase::AwaitingRecord);
    assert!(session.outcome().await.unwrap().record.is_some());
}

#[tokio::test]
async fn drained_waits_until_sessions_that_were_dropped_have_cleaned_up() {
    let server = emulator().await;
    let client = client(&server.base_url());
    let sessions = [
        playing(&client).await,
        playing_to(&client, "answer-200-stay", "another").await,
    ];
    assert_eq!(client.tasks().len(), 2);
    drop(sessions);
    client.drained().await;
    assert!(is_quiet(&server));
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_session_whose_runtime_is_shut_down_says_that_call_and_stream_may_go_on() {
    // One subscriber stays and takes everything. With this test's alone, what is logged depends on what other tests do at
    // the moment that it comes and goes.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::ERROR)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let others = Runtime::new().unwrap();
    let server = others.block_on(emulator());
    let client = client(&server.base_url());

    let main = Builder::new_current_thread().enable_all().build().unwrap();
    main.block_on(async { drop(playing(&client).await) });
    drop(main);
    assert!(!is_quiet(&server));
    let call_id = server.with(|emulator| emulator.calls()[0].call_id.to_string());
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for part in ["runtime was shut down", "room=lobby", &call_id, "task_id="] {
        assert!(log.contains(part), "{part} in {log}");
    }
}
