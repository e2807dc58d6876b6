//! The client against the emulator over TCP, through every injected fault, counting how often the
//! callee's phone rang.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use trtc_call::call_engine::{end_call, get_call_info, start_call_by_robot};
use trtc_call::call_record::get_record_by_callid;
use trtc_call::{
    BaseUrl, CallId, CallResult, CallType, Client, ClientBuilder, Error, ErrorCode, MediaType,
    Region, RetryPolicy, RoomId, SdkAppId, SecretKey, UnixSeconds, UserId,
};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{CalleeStatus, Config, Fault, FaultKind};

const START: &str = "start_call_by_robot";

/// Shorter than the client's 4 s, for the tests' sake; long enough for a reply on a busy machine.
const PATIENCE: Duration = Duration::from_millis(1500);

async fn emulator() -> Server {
    Server::start(config()).await.unwrap()
}

fn config() -> Config {
    Config::new(SdkAppId::new(1_400_000_001).unwrap(), key("the key"))
}

fn key(key: &str) -> SecretKey {
    SecretKey::new(key).unwrap()
}

fn builder(server: &Server, secret_key: SecretKey, admin: &str) -> ClientBuilder {
    Client::builder(
        SdkAppId::new(1_400_000_001).unwrap(),
        secret_key,
        UserId::new(admin).unwrap(),
        Region::Custom(BaseUrl::new(&server.base_url()).unwrap()),
    )
    .retry_policy(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

fn client(server: &Server) -> Client {
    builder(server, key("the key"), "administrator")
        .build()
        .unwrap()
}

fn call(callees: &[&str]) -> start_call_by_robot::Request {
    start_call_by_robot::Request::builder("robot", callees.iter().copied(), MediaType::Video)
        .room("roomid-test")
        .user_data("order 5 of \"jack\" 用户")
        .build()
        .unwrap()
}

async fn start(client: &Client, callees: &[&str]) -> CallId {
    client
        .send(&call(callees))
        .await
        .unwrap()
        .response
        .call_id
        .unwrap()
}

/// How often jack's phone rang, and how many requests came in.
fn rings_and_requests(server: &Server) -> (u64, u64) {
    server.with(|emulator| (emulator.rings("jack"), emulator.requests(START)))
}

#[tokio::test]
async fn a_call_rings_is_answered_ends_and_leaves_a_record() {
    let server = emulator().await;
    let client = client(&server);
    let call_id = start(&client, &["jack"]).await;
    let info = client
        .send(&get_call_info::Request::new(call_id.clone()))
        .await
        .unwrap()
        .response;
    assert_eq!(info.room, Some(RoomId::text("roomid-test").unwrap().into()));
    assert_eq!(info.media_type, MediaType::Video);
    let jack = info
        .members
        .iter()
        .find(|member| member.user_id.as_str() == "jack")
        .unwrap();
    assert_eq!(jack.status, get_call_info::MemberStatus::Waiting);

    server.with(|emulator| emulator.advance_by(Duration::from_secs(2)));
    let info = client
        .send(&get_call_info::Request::new(call_id.clone()))
        .await
        .unwrap()
        .response;
    let jack = info
        .members
        .iter()
        .find(|member| member.user_id.as_str() == "jack")
        .unwrap();
    assert_eq!(jack.status, get_call_info::MemberStatus::Calling);

    server.with(|emulator| emulator.advance_by(Duration::from_secs(20)));
    let record = get_record_by_callid::Request::new(call_id.clone());
    let record = client.send(&record).await.unwrap().response.record;
    assert_eq!(record.result, CallResult::NormalEnd);
    assert_eq!(record.call_type, CallType::SingleCall);
    assert_eq!(record.call_id, call_id);
    assert_eq!(
        record.room,
        Some(RoomId::text("roomid-test").unwrap().into())
    );
    assert!(
        record
            .accept_time
            .is_some_and(|time| time >= record.start_time)
    );

    let ended = client
        .send(&end_call::Request::new(call_id))
        .await
        .unwrap_err();
    assert_eq!(ended.code(), "call_not_found");
    assert!(ended.request_id().is_some());
}

#[tokio::test]
async fn what_the_request_says_is_what_the_service_understands() {
    let server = emulator().await;
    let client = client(&server);
    start(&client, &["jack", "rose"]).await;
    let numeric = start_call_by_robot::Request::builder("robot-2", ["jack"], MediaType::Audio)
        .room(4_294_967_294)
        .ring_timeout(Duration::from_millis(10_001))
        .build()
        .unwrap();
    client.send(&numeric).await.unwrap();
    server.with(|emulator| {
        let calls = emulator.calls();
        let [group, single] = calls.as_slice() else {
            panic!("{calls:?}")
        };
        assert_eq!(group.robot, "robot");
        assert_eq!(group.callees.len(), 2);
        assert_eq!(group.room.as_ref().unwrap().id_type, 2);
        assert_eq!(group.ring_timeout, Duration::from_secs(30));
        assert_eq!(group.user_data.as_deref(), Some("order 5 of \"jack\" 用户"));
        assert_eq!(single.room.as_ref().unwrap().id, "4294967294");
        assert_eq!(single.room.as_ref().unwrap().id_type, 1);
        assert_eq!(single.ring_timeout, Duration::from_millis(10_001));
        assert_eq!(single.media_type, trtc_call_emulator::Media::Audio);
    });
}

#[tokio::test]
async fn a_group_call_tells_who_could_not_be_rung() {
    let server = emulator().await;
    let reply = client(&server)
        .send(&call(&["jack", "busy", "offline"]))
        .await
        .unwrap()
        .response;
    let rung: Vec<bool> = reply
        .callees
        .iter()
        .map(start_call_by_robot::CalleeResult::was_rung)
        .collect();
    assert_eq!(rung, [true, false, false]);
}

#[tokio::test]
async fn end_call_ends_the_ringing() {
    let server = emulator().await;
    let client = client(&server);
    let call_id = start(&client, &["noanswer"]).await;
    client
        .send(&end_call::Request::new(call_id.clone()))
        .await
        .unwrap();
    server.with(|emulator| {
        let call = emulator.call(call_id.as_str()).unwrap();
        assert_eq!(call.callees[0].status, CalleeStatus::Cancelled);
    });
}

/// Every fault whose outcome the client cannot know, with and without the phone ringing behind it.
fn faults_with_unknown_outcome() -> Vec<Fault> {
    let kinds = [
        FaultKind::HttpStatus(500),
        FaultKind::HttpStatus(502),
        FaultKind::HttpStatus(503),
        FaultKind::HttpStatus(504),
        FaultKind::HttpStatus(408),
        FaultKind::HttpStatus(429),
        FaultKind::HttpStatus(303),
        FaultKind::HttpStatus(307),
        FaultKind::HttpStatus(400),
        FaultKind::HttpStatus(401),
        FaultKind::HttpStatus(403),
        FaultKind::HttpStatus(404),
        FaultKind::HttpStatus(499),
        FaultKind::Delay(4 * PATIENCE),
        FaultKind::CutBeforeReply,
        FaultKind::CutMidReply,
        FaultKind::MalformedJson,
        FaultKind::ErrorCode(ErrorCode(60008)),
        FaultKind::ErrorCode(ErrorCode(60013)),
        FaultKind::ErrorCode(ErrorCode(101_001)),
        FaultKind::ErrorCode(ErrorCode(4711)),
    ];
    kinds
        .into_iter()
        .flat_map(|kind| [true, false].map(|effect| Fault::new(kind.clone()).takes_effect(effect)))
        .collect()
}

#[tokio::test]
async fn a_call_that_may_have_rung_is_never_sent_again() {
    for fault in faults_with_unknown_outcome() {
        let server = emulator().await;
        server.with(|emulator| emulator.inject(fault.clone()));
        let client = builder(&server, key("the key"), "administrator")
            .short_timeout(PATIENCE)
            .build()
            .unwrap();
        let error = client.send(&call(&["jack"])).await.unwrap_err();
        let Error::OutcomeUnknown(unknown) = &error else {
            panic!("{fault:?}: {error:?}")
        };
        assert_eq!(unknown.attempt.callees[0].as_str(), "jack");
        assert_eq!(
            rings_and_requests(&server),
            (u64::from(fault.takes_effect), 1),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_call_that_certainly_had_no_effect_is_sent_again_and_rings_once() {
    let mut faults: Vec<Fault> = [60007, 60011, 60014, 60018, 60019]
        .map(|code| Fault::new(FaultKind::ErrorCode(ErrorCode(code))))
        .into();
    faults.push(Fault::new(FaultKind::RateLimit));
    for fault in faults {
        let server = emulator().await;
        server.with(|emulator| emulator.inject(fault.clone().times(2)));
        client(&server).send(&call(&["jack"])).await.unwrap();
        assert_eq!(rings_and_requests(&server), (1, 3), "{fault:?}");
    }
}

#[tokio::test]
async fn retries_end_with_the_policy() {
    let server = emulator().await;
    server.with(|emulator| emulator.inject(Fault::new(FaultKind::RateLimit).times(100)));
    let error = client(&server).send(&call(&["jack"])).await.unwrap_err();
    assert_eq!(error.code(), "call_frequency_limit");
    assert_eq!(rings_and_requests(&server), (0, 3));
}

#[tokio::test]
async fn a_refusal_is_not_repeated() {
    for kind in [
        FaultKind::HttpStatus(407),
        FaultKind::HttpStatus(511),
        FaultKind::ErrorCode(ErrorCode(101_002)),
        FaultKind::ErrorCode(ErrorCode(60020)),
    ] {
        let server = emulator().await;
        server.with(|emulator| emulator.inject(Fault::new(kind.clone())));
        let error = client(&server).send(&call(&["jack"])).await.unwrap_err();
        assert!(
            !matches!(error, Error::OutcomeUnknown(_)),
            "{kind:?}: {error:?}"
        );
        assert_eq!(rings_and_requests(&server), (0, 1), "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_harmless_gets_through_every_passing_fault() {
    // A status of its own kind would come again.
    let passes = |fault: &Fault| !matches!(fault.kind, FaultKind::HttpStatus(status) if status < 500 && ![408, 429].contains(&status));
    for fault in faults_with_unknown_outcome().into_iter().filter(passes) {
        let server = emulator().await;
        let client = builder(&server, key("the key"), "administrator")
            .short_timeout(PATIENCE)
            .build()
            .unwrap();
        let call_id = start(&client, &["noanswer"]).await;
        server.with(|emulator| emulator.inject(fault.clone().only("get_call_info").times(2)));
        let info = client.send(&get_call_info::Request::new(call_id)).await;
        assert!(info.is_ok(), "{fault:?}: {info:?}");
    }
}

#[tokio::test]
async fn a_slow_reply_within_the_timeout_is_no_failure() {
    let server = emulator().await;
    let delay = Fault::new(FaultKind::Delay(Duration::from_millis(300)));
    server.with(|emulator| emulator.inject(delay));
    client(&server).send(&call(&["jack"])).await.unwrap();
    assert_eq!(rings_and_requests(&server), (1, 1));
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let server = emulator().await;
    let wrong_key = builder(&server, key("another key"), "administrator")
        .build()
        .unwrap();
    assert_eq!(
        wrong_key.send(&call(&["jack"])).await.unwrap_err().code(),
        "user_sig_wrong_key"
    );
    let no_admin = builder(&server, key("the key"), "jack").build().unwrap();
    assert_eq!(
        no_admin.send(&call(&["jack"])).await.unwrap_err().code(),
        "needs_app_admin"
    );
    let yesterday = builder(&server, key("the key"), "administrator")
        .clock(|| UnixSeconds(1_600_000_000))
        .build()
        .unwrap();
    assert_eq!(
        yesterday.send(&call(&["jack"])).await.unwrap_err().code(),
        "user_sig_expired"
    );
    assert_eq!(rings_and_requests(&server), (0, 3));
}

#[tokio::test]
async fn an_unknown_call_is_a_refusal_with_its_request_id() {
    let server = emulator().await;
    let client = client(&server);
    let call_id = CallId::new("no-such-call").unwrap();
    let info = client
        .send(&get_call_info::Request::new(call_id.clone()))
        .await
        .unwrap_err();
    assert_eq!(info.code(), "call_not_found");
    let record = client
        .send(&get_record_by_callid::Request::new(call_id))
        .await
        .unwrap_err();
    assert_eq!(record.code(), "record_not_found");
    assert!(record.request_id().unwrap().starts_with("Id-"));
}

#[tokio::test]
async fn the_rate_limiter_keeps_the_client_below_the_services_limit() {
    let mut limited = config();
    limited.requests_per_second = 20;
    let server = Server::start(limited).await.unwrap();
    let client = builder(&server, key("the key"), "administrator")
        .requests_per_second(NonZeroU32::new(20))
        .retry_policy(RetryPolicy::default().max_attempts(1))
        .build()
        .unwrap();
    let call_id = start(&client, &["noanswer"]).await;
    let started = Instant::now();
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (client, call_id) = (client.clone(), call_id.clone());
        requests.spawn(async move { client.send(&get_call_info::Request::new(call_id)).await });
    }
    let results = requests.join_all().await;
    // What a busy machine sends late comes together; of 40 at once the service would refuse 20.
    let refused: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    let is_by_frequency = |error: &Error| matches!(error, Error::Server(it) if it.code.0 == 60007);
    assert!(refused.len() <= 4, "{refused:?}");
    assert!(refused.iter().all(is_by_frequency), "{refused:?}");
    // 2 at once and then 18 in each second: the last of 40 waits for two seconds and more.
    assert!(started.elapsed() > Duration::from_secs(2));
}
