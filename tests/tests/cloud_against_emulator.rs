//! The cloud API's requests against the emulator over TCP, through faults, wrong keys and skewed clocks.

use std::time::{Duration, Instant};

use trtc_call::call_session::Media;
use trtc_call::stream_ingest::{
    StreamUrl, TaskId, TaskStatus, describe_stream_ingest, if_there, stop_stream_ingest,
    update_stream_ingest,
};
use trtc_call::tc3::Credential;
use trtc_call::{
    BaseUrl, Client, ClientBuilder, CloudClient, CloudConfig, Error, Region, Repeat, RetryPolicy,
    RoomId, SdkAppId, SecretKey, UnixSeconds, UserId,
};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Config, Fault, FaultKind};

fn app() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

async fn emulator() -> Server {
    let config = Config::new(app(), SecretKey::new("the key").unwrap());
    Server::start(config).await.unwrap()
}

fn cloud(server: &Server, secret_key: &str) -> CloudConfig {
    let credential = Credential::new(Config::TEST_SECRET_ID, secret_key).unwrap();
    CloudConfig::new(credential).host(BaseUrl::new(&server.base_url()).unwrap())
}

fn builder(server: &Server) -> ClientBuilder {
    Client::builder(
        app(),
        SecretKey::new("the key").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(&server.base_url()).unwrap()),
    )
    .cloud(cloud(server, Config::TEST_SECRET_KEY))
    .retry_policy(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

async fn play(client: &Client) -> Result<TaskId, Error> {
    let (room, robot) = (
        RoomId::text("lobby").unwrap(),
        UserId::new("robot").unwrap(),
    );
    let media = Media::new(StreamUrl::new("https://media.example/live").unwrap());
    let reply = client.start_stream_ingest(room, robot, media).await?;
    Ok(reply.response.task_id)
}

/// The robot takes a moment to come.
async fn until_somebody_is_in_a_room(server: &Server) {
    let began = Instant::now();
    while server.with(|emulator| emulator.rooms().is_empty()) {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody comes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_stream_is_started_described_changed_and_stopped() {
    let server = emulator().await;
    let client = client(&server);
    let task = play(&client).await.unwrap();
    let describe = describe_stream_ingest::Request::new(task.clone());
    let status = client.send_cloud(&describe).await.unwrap().response.status;
    assert_eq!(status, TaskStatus::InProgress);
    let pause = update_stream_ingest::Request::new(task.clone()).pause(true);
    client.send_cloud(&pause).await.unwrap();
    assert!(server.with(|emulator| emulator.ingests()[0].is_paused));
    let stop = stop_stream_ingest::Request::new(task);
    client.send_cloud(&stop).await.unwrap();
    let gone = if_there(client.send_cloud(&stop).await);
    assert_eq!(gone, Ok(None));
    assert!(server.with(|emulator| emulator.ingests()[0].end.is_some()));
}

#[tokio::test]
async fn rooms_of_either_kind_lose_their_users() {
    let server = emulator().await;
    let client = client(&server);
    let (robot, media) = (
        UserId::new("robot").unwrap(),
        StreamUrl::new("https://a.example/live"),
    );
    let media = Media::new(media.unwrap());
    for room in [RoomId::text("7").unwrap(), RoomId::number(7).unwrap()] {
        for dismisses in [true, false] {
            let start = client.start_stream_ingest(room.clone(), robot.clone(), media.clone());
            start.await.unwrap();
            until_somebody_is_in_a_room(&server).await;
            let room = client.room(&room);
            if dismisses {
                room.dismiss().await.unwrap();
            } else {
                room.remove(["robot"]).await.unwrap();
            }
            assert!(server.with(|emulator| emulator.rooms().is_empty()));
        }
    }
    let none: [&str; 0] = [];
    let error = client
        .room(RoomId::number(7).unwrap())
        .remove(none)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "build");
}

#[tokio::test]
async fn a_start_that_may_have_happened_is_not_sent_again_and_all_else_is() {
    for kind in [
        FaultKind::CutBeforeReply,
        FaultKind::CutMidReply,
        FaultKind::MalformedJson,
        FaultKind::HttpStatus(502),
    ] {
        let server = emulator().await;
        let client = client(&server);
        let task = play(&client).await.unwrap();
        client
            .send_cloud(&stop_stream_ingest::Request::new(task.clone()))
            .await
            .unwrap();
        server.with(|emulator| emulator.inject(Fault::new(kind.clone())));
        let error = play(&client).await.unwrap_err();
        assert!(
            error.may_have_started(Repeat::StartsAgain),
            "{kind:?}: {error}"
        );
        assert!(!error.may_have_rung(Repeat::StartsAgain));
        assert_eq!(
            server.with(|emulator| emulator.requests("StartStreamIngest")),
            2
        );

        server.with(|emulator| emulator.inject(Fault::new(kind.clone())));
        let describe = describe_stream_ingest::Request::new(task);
        let status = client.send_cloud(&describe).await.unwrap().response.status;
        assert_eq!(status, TaskStatus::NotExist);
        assert_eq!(
            server.with(|emulator| emulator.requests("DescribeStreamIngest")),
            2
        );
    }
}

#[tokio::test]
async fn a_start_that_was_too_many_is_sent_again() {
    let server = emulator().await;
    server.with(|emulator| emulator.inject(Fault::new(FaultKind::RateLimit).times(2)));
    play(&client(&server)).await.unwrap();
    assert_eq!(
        server.with(|emulator| emulator.requests("StartStreamIngest")),
        3
    );
    assert_eq!(server.with(|emulator| emulator.ingests().len()), 1);
}

#[tokio::test]
async fn a_wrong_key_and_a_clock_that_is_off_are_explained() {
    let server = emulator().await;
    let wrong = CloudClient::new(app(), cloud(&server, "another key")).unwrap();
    let stop = stop_stream_ingest::Request::new(TaskId::new("task-1").unwrap());
    let error = wrong.send(&stop).await.unwrap_err();
    assert_eq!(error.code(), "cloud_signature_wrong");

    let now = server.with(|emulator| emulator.now().0 / 1000);
    for (clock, words) in [(now + 3600, "ahead of"), (now - 3600, "behind")] {
        let client = builder(&server)
            .clock(move || UnixSeconds(clock))
            .build()
            .unwrap();
        let error = client.send_cloud(&stop).await.unwrap_err();
        assert_eq!(error.code(), "cloud_signature_expired");
        let Error::Cloud(refusal) = &error else {
            panic!("{error:?}");
        };
        let skew = refusal.clock_skew.unwrap();
        assert!((3590..=3610).contains(&skew.abs()), "{skew}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn each_action_keeps_to_20_requests_in_a_second() {
    let server = emulator().await;
    let client = client(&server);
    let began = Instant::now();
    let describe = describe_stream_ingest::Request::new(TaskId::new("task-1").unwrap());
    for _ in 0..30 {
        client.send_cloud(&describe).await.unwrap();
    }
    // 2 at once, and then 18 in a second: the emulator never had to refuse one.
    assert!(
        began.elapsed() > Duration::from_millis(1300),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(
        server.with(|emulator| emulator.requests("DescribeStreamIngest")),
        30
    );
}

#[tokio::test]
async fn without_a_cloud_account_it_says_what_is_missing() {
    let server = emulator().await;
    let client = Client::builder(
        app(),
        SecretKey::new("the key").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(&server.base_url()).unwrap()),
    )
    .build()
    .unwrap();
    let error = play(&client).await.unwrap_err();
    assert_eq!(error.kind(), "build");
    assert!(
        error.to_string().contains("ClientBuilder::cloud"),
        "{error}"
    );
    let dismissed = client.room(RoomId::number(1).unwrap()).dismiss().await;
    assert_eq!(dismissed.unwrap_err().kind(), "build");
}
