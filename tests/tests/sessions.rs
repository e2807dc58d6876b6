//! Whole jobs against the emulator over TCP: ring, play, hang up, clean up. Whatever goes wrong, no phone
//! rings twice, and no stream plays on.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use trtc_call::call_engine::start_call_by_robot;
use trtc_call::call_session::{
    EndReason, Media, Outcome, Phase, Plan, PlanBuilder, SessionEvent, Watch,
};
use trtc_call::stream_ingest::StreamUrl;
use trtc_call::tc3::Credential;
use trtc_call::webhook::{MemberAction, MemberChange, MembersChanged};
use trtc_call::{
    BaseUrl, Client, ClientBuilder, CloudConfig, IngestRoomIdCoding, MediaType, Region,
    RetryPolicy, RoomId, SdkAppId, SecretKey, Session, UnixMillis, UserId, blocking,
};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Config, Emulator, Fault, FaultKind};

/// Shorter than the client's 4 s, for the tests' sake; long enough for a reply on a busy machine.
const PATIENCE: Duration = Duration::from_millis(1500);

fn config() -> Config {
    Config::new(
        SdkAppId::new(1_400_000_001).unwrap(),
        SecretKey::new("the key").unwrap(),
    )
}

async fn emulator() -> Server {
    Server::start(config()).await.unwrap()
}

fn cloud(server: &Server) -> CloudConfig {
    let credential = Credential::new(Config::TEST_SECRET_ID, Config::TEST_SECRET_KEY).unwrap();
    CloudConfig::new(credential).host(BaseUrl::new(&server.base_url()).unwrap())
}

fn builder(server: &Server) -> ClientBuilder {
    Client::builder(
        SdkAppId::new(1_400_000_001).unwrap(),
        SecretKey::new("the key").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(&server.base_url()).unwrap()),
    )
    .cloud(cloud(server))
    .retry_policy(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

fn plan_in(room: RoomId, callee: &str, stream: &str) -> PlanBuilder {
    let call = start_call_by_robot::Request::builder("robot", [callee], MediaType::Audio)
        .room(room)
        .build()
        .unwrap();
    let url = StreamUrl::new(format!("https://media.example/{stream}")).unwrap();
    Plan::builder(call, Media::new(url))
        .watch(Watch::Polling)
        .poll_interval(Duration::from_millis(250))
}

/// Rings `callee`, and plays what the stream's name says.
fn plan(callee: &str, stream: &str) -> Plan {
    let room = RoomId::text("lobby").unwrap();
    plan_in(room, callee, stream).build().unwrap()
}

async fn outcome(client: &Client, plan: Plan) -> Outcome {
    let mut session = client.session(plan).start().unwrap();
    session.outcome().await.unwrap()
}

async fn until_playing(session: &mut Session) {
    while let Some(event) = session.next().await {
        if matches!(event, SessionEvent::Playing { .. }) {
            return;
        }
    }
    panic!("it ended without playing");
}

async fn await_that(server: &Server, what: &str, holds: impl Fn(&mut Emulator) -> bool) {
    let since = Instant::now();
    while !server.with(&holds) {
        assert!(
            since.elapsed() < Duration::from_secs(20),
            "waited in vain: {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn nothing_plays(emulator: &mut Emulator) -> bool {
    emulator.ingests().iter().all(|ingest| ingest.end.is_some())
}

fn no_call_is_up(emulator: &mut Emulator) -> bool {
    emulator.calls().iter().all(|call| call.end.is_some())
}

/// How often jack's phone rang, and how many streams were started.
fn rings_and_streams(server: &Server, callee: &str) -> (u64, usize) {
    server.with(|emulator| (emulator.rings(callee), emulator.ingests().len()))
}

#[track_caller]
fn assert_all_is_quiet(server: &Server, what: &impl Debug) {
    let ingests = server.with(|emulator| format!("{:?}", emulator.ingests()));
    assert!(
        server.with(nothing_plays),
        "{what:?}: a stream plays on: {ingests}"
    );
    assert!(server.with(no_call_is_up), "{what:?}: the call goes on");
}

#[tokio::test]
async fn the_whole_job_is_told_in_its_order_and_leaves_a_record() {
    let server = emulator().await;
    let mut session = client(&server)
        .session(plan("answer-100-stay", "plays-600.mp3"))
        .start()
        .unwrap();
    let mut names = Vec::new();
    while let Some(event) = session.next().await {
        names.push(match event {
            SessionEvent::Ringing { .. } => "ringing",
            SessionEvent::Member { .. } => "member",
            SessionEvent::Playing { .. } => "playing",
            SessionEvent::MediaEnded { .. } => "media ended",
            SessionEvent::Ending { .. } => "ending",
            SessionEvent::Ended { .. } => "ended",
            other => panic!("{other:?}"),
        });
    }
    let expected = [
        "ringing",
        "member",
        "playing",
        "media ended",
        "ending",
        "ended",
    ];
    assert_eq!(names, expected);
    assert_eq!(session.phase(), Phase::Over);
    let outcome = session.outcome().await.unwrap();
    assert_eq!(outcome.reason, EndReason::MediaEnded);
    assert!(outcome.record.unwrap().accept_time.is_some());
    assert!(!outcome.call_may_be_up && !outcome.ingest_may_run);
    assert_eq!(rings_and_streams(&server, "answer-100-stay"), (1, 1));
    assert_all_is_quiet(&server, &"the job");
}

#[tokio::test]
async fn nobody_is_played_to_who_does_not_answer() {
    let server = emulator().await;
    let outcome = outcome(&client(&server), plan("reject", "live")).await;
    assert_eq!(outcome.reason, EndReason::NotAnswered);
    assert_eq!(rings_and_streams(&server, "reject"), (1, 0));
}

#[tokio::test]
async fn a_stream_that_cannot_be_played_ends_the_call() {
    let server = emulator().await;
    let outcome = outcome(&client(&server), plan("answer-100-stay", "fails.mp3")).await;
    assert_all_is_quiet(&server, &outcome);
    assert_eq!(rings_and_streams(&server, "answer-100-stay").0, 1);
}

/// One fault, in one request of a whole job.
async fn job_with_fault(fault: Fault) {
    let server = emulator().await;
    let what = format!("{fault:?}");
    let loses_the_call = fault.command.as_deref() == Some("start_call_by_robot");
    server.with(|emulator| emulator.inject(fault));
    let client = builder(&server).short_timeout(PATIENCE).build().unwrap();
    let callee = "answer-300-hangup-1500";
    let outcome = outcome(&client, plan(callee, "live")).await;
    let rings = rings_and_streams(&server, callee).0;
    assert!(rings <= 1, "{what}: the phone rang {rings} times");
    assert!(!outcome.ingest_may_run, "{what}: {outcome:?}");
    if loses_the_call || outcome.call_may_be_up {
        // Without its name nobody can end it, and who may not have ended it says so: the callee does.
        await_that(&server, "the callee hangs up", no_call_is_up).await;
    }
    assert_all_is_quiet(&server, &what);
}

#[tokio::test]
async fn whatever_fails_no_phone_rings_twice_and_no_stream_plays_on() {
    let mut jobs = JoinSet::new();
    for command in [
        "start_call_by_robot",
        "get_call_info",
        "end_call",
        "get_record_by_callid",
        "StartStreamIngest",
        "DescribeStreamIngest",
        "StopStreamIngest",
    ] {
        for kind in [
            FaultKind::Delay(PATIENCE * 2),
            FaultKind::CutBeforeReply,
            FaultKind::CutMidReply,
            FaultKind::MalformedJson,
            FaultKind::HttpStatus(502),
            FaultKind::RateLimit,
        ] {
            jobs.spawn(job_with_fault(Fault::new(kind).only(command)));
        }
    }
    while let Some(result) = jobs.join_next().await {
        result.unwrap();
    }
}

#[tokio::test]
async fn a_stream_whose_start_is_lost_is_ended_by_removing_the_robot() {
    let server = emulator().await;
    let lost = Fault::new(FaultKind::CutBeforeReply).only("StartStreamIngest");
    server.with(|emulator| emulator.inject(lost));
    let outcome = outcome(&client(&server), plan("answer-100-stay", "live")).await;
    assert_eq!(outcome.reason, EndReason::MediaFailed);
    let (starts, removals) = server.with(|emulator| {
        let removals = emulator.requests("RemoveUserByStrRoomId");
        (emulator.requests("StartStreamIngest"), removals)
    });
    assert_eq!((starts, removals), (1, 2));
    assert_all_is_quiet(&server, &outcome);
}

#[tokio::test]
async fn a_session_that_is_dropped_is_ended_and_cleaned_up() {
    let server = emulator().await;
    let mut session = client(&server)
        .session(plan("answer-100-stay", "live"))
        .start()
        .unwrap();
    until_playing(&mut session).await;
    assert!(!server.with(nothing_plays));
    drop(session);
    await_that(&server, "the stream is stopped", nothing_plays).await;
    await_that(&server, "the call is ended", no_call_is_up).await;
}

#[tokio::test]
async fn a_handle_ends_a_session_from_anywhere() {
    let server = emulator().await;
    let mut session = client(&server)
        .session(plan("answer-100-stay", "live"))
        .start()
        .unwrap();
    until_playing(&mut session).await;
    let handle = session.handle();
    tokio::spawn(async move { handle.end() });
    let outcome = session.outcome().await.unwrap();
    assert_eq!(outcome.reason, EndReason::Requested);
    assert_all_is_quiet(&server, &outcome);
}

#[tokio::test]
async fn webhooks_alone_tell_of_the_answer() {
    let server = emulator().await;
    let room = RoomId::text("lobby").unwrap();
    let plan = plan_in(room, "answer-100-stay", "plays-500.mp3");
    let plan = plan
        .watch(Watch::Webhooks)
        .poll_interval(Duration::from_secs(60));
    let mut session = client(&server)
        .session(plan.build().unwrap())
        .start()
        .unwrap();
    let Some(SessionEvent::Ringing { call_id }) = session.next().await else {
        panic!("it does not ring");
    };
    await_that(&server, "jack answers", |emulator| {
        emulator.calls()[0].answered_at.is_some()
    })
    .await;
    let jack = UserId::new("answer-100-stay").unwrap();
    let answered = vec![MemberChange::new(jack, MemberAction::Answer)];
    let at = UnixMillis(server.with(|emulator| emulator.now().0));
    let event = MembersChanged::new(call_id, Vec::new(), answered, at).into();
    session.handle().call_webhook(&event);
    until_playing(&mut session).await;
    session.end();
    let outcome = session.outcome().await.unwrap();
    assert_all_is_quiet(&server, &outcome);
}

#[tokio::test]
async fn the_robot_is_where_the_call_is_unless_its_room_is_coded_wrongly() {
    for room in [RoomId::text("123").unwrap(), RoomId::number(123).unwrap()] {
        for (coding, meets) in [
            (IngestRoomIdCoding::default(), true),
            (IngestRoomIdCoding::NumericOne, false),
        ] {
            let server = emulator().await;
            let cloud = cloud(&server).ingest_room_id_coding(coding);
            let client = builder(&server).cloud(cloud).build().unwrap();
            let plan = plan_in(room.clone(), "answer-0-stay", "live")
                .build()
                .unwrap();
            let mut session = client.session(plan).start().unwrap();
            until_playing(&mut session).await;
            await_that(&server, "the robot comes", |emulator| {
                emulator.ingests()[0].playing_since.is_some()
            })
            .await;
            let (of_call, of_robot) = server.with(|emulator| {
                let of_call = emulator.calls()[0].room.clone().unwrap();
                (of_call, emulator.ingests()[0].room.clone())
            });
            assert_eq!(of_call == of_robot, meets, "{room:?} {coding}");
            let rooms = server.with(|emulator| emulator.rooms().len());
            assert_eq!(rooms, if meets { 1 } else { 2 }, "{room:?} {coding}");
        }
    }
}

#[tokio::test]
async fn robots_bring_a_private_map_key_where_they_are_told_to() {
    for brings in [true, false] {
        let mut config = config();
        config.demands_private_map_key = true;
        let server = Server::start(config).await.unwrap();
        let cloud = cloud(&server).private_map_keys(brings);
        let client = builder(&server).cloud(cloud).build().unwrap();
        let outcome = outcome(&client, plan("answer-0-stay", "plays-300.mp3")).await;
        let expected = if brings {
            EndReason::MediaEnded
        } else {
            EndReason::MediaFailed
        };
        assert_eq!(outcome.reason, expected, "{outcome:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_saved_rings_nobody() {
    let server = emulator().await;
    let mut session = client(&server)
        .session(plan("jack", "live"))
        .save(|_| async { Err("the disk is full") })
        .start()
        .unwrap();
    let outcome = session.outcome().await.unwrap();
    assert_eq!(outcome.reason, EndReason::NotStarted);
    assert!(
        outcome
            .failure
            .unwrap()
            .message
            .contains("the disk is full")
    );
    assert_eq!(rings_and_streams(&server, "jack"), (0, 0));
}

/// When a process dies: as it hands out its session for the so-manieth time, and whether that is still written.
#[derive(Debug, Clone, Copy)]
struct Death {
    saves: usize,
    is_written: bool,
}

/// Runs a session until its process dies. The last text that was written, and whether it lived to see its end.
fn killed(death: Death, server_url: &str) -> (Option<String>, bool) {
    let written = Arc::new(Mutex::new(None));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let file = Arc::clone(&written);
    let client = client_at(server_url);
    let is_over = runtime.block_on(async move {
        let (killed, kill) = tokio::sync::oneshot::channel::<()>();
        let mut killed = Some(killed);
        let mut saves = 0;
        let mut session = client
            .session(plan("answer-100-hangup-1500", "live"))
            .save(move |text| {
                saves += 1;
                let is_last = saves == death.saves;
                if !is_last || death.is_written {
                    *file.lock().unwrap() = Some(text);
                }
                if is_last {
                    drop(killed.take());
                }
                async move {
                    if is_last {
                        // What was to follow never happens.
                        std::future::pending::<()>().await;
                    }
                    Ok::<(), std::convert::Infallible>(())
                }
            })
            .start()
            .unwrap();
        let is_over = tokio::select! {
            _ = session.outcome() => true,
            _ = kill => false,
        };
        // What was sent before still arrives.
        tokio::time::sleep(Duration::from_millis(100)).await;
        // Not dropped, which would end it.
        std::mem::forget(session);
        is_over
    });
    let last = written.lock().unwrap().clone();
    (last, is_over)
}

fn client_at(base_url: &str) -> Client {
    let base_url = BaseUrl::new(base_url).unwrap();
    let credential = Credential::new(Config::TEST_SECRET_ID, Config::TEST_SECRET_KEY).unwrap();
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

/// Returns whether the session had come to its end before it was killed.
async fn killed_and_resumed(death: Death) -> bool {
    let server = emulator().await;
    let url = server.base_url();
    let killed = tokio::task::spawn_blocking(move || killed(death, &url));
    let (saved, was_over) = killed.await.unwrap();
    let rings_and_streams = || rings_and_streams(&server, "answer-100-hangup-1500");
    let Some(saved) = saved else {
        assert_eq!(
            rings_and_streams(),
            (0, 0),
            "{death:?}: sent before it was saved"
        );
        return was_over;
    };
    assert!(!saved.contains("the key"), "{saved}");
    let resumed = client_at(&server.base_url())
        .resume_session(&saved)
        .unwrap();
    let outcome = resumed.start().unwrap().outcome().await.unwrap();
    let (rings, streams) = rings_and_streams();
    assert!(
        rings <= 1 && streams <= 1,
        "{death:?}: {rings} rings, {streams} streams"
    );
    assert!(!outcome.ingest_may_run, "{death:?}: {outcome:?}");
    await_that(&server, "the call is over", no_call_is_up).await;
    assert_all_is_quiet(&server, &(death, outcome));
    was_over
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_at_any_moment_is_gone_on_with_by_the_next() {
    let mut jobs = JoinSet::new();
    for saves in 1..=20 {
        for is_written in [true, false] {
            jobs.spawn(killed_and_resumed(Death { saves, is_written }));
        }
    }
    let mut killed = 0;
    while let Some(was_over) = jobs.join_next().await {
        killed += u32::from(!was_over.unwrap());
    }
    assert!(
        killed >= 16,
        "only {killed} sessions were killed before their end"
    );
}

#[tokio::test]
async fn a_session_that_is_suspended_plays_on_and_is_gone_on_with() {
    let server = emulator().await;
    let client = client(&server);
    let callee = "answer-100-hangup-3000";
    let mut session = client.session(plan(callee, "live")).start().unwrap();
    until_playing(&mut session).await;
    let saved = session.suspend().await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!server.with(nothing_plays) && !server.with(no_call_is_up));
    let mut session = client.resume_session(&saved).unwrap().start().unwrap();
    let outcome = session.outcome().await.unwrap();
    assert_eq!(outcome.reason, EndReason::HungUp);
    assert_eq!(rings_and_streams(&server, callee), (1, 1));
    assert_all_is_quiet(&server, &outcome);
}

#[test]
fn a_blocking_session_is_an_iterator_and_cleans_up_before_it_is_gone() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(emulator());
    let client = client(&server);
    let blocking = blocking::Client::new(client.clone()).unwrap();
    let starting = client.session(plan("answer-100-stay", "live"));
    let mut session = blocking.start_session(starting).unwrap();
    let is_playing = |event| matches!(event, SessionEvent::Playing { .. });
    assert!(session.by_ref().any(is_playing));
    drop(session);
    drop(blocking);
    assert_all_is_quiet(&server, &"dropped");
}

#[test]
fn a_session_outside_of_a_runtime_is_an_error_and_no_panic() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(emulator());
    let error = client(&server)
        .session(plan("jack", "live"))
        .start()
        .unwrap_err();
    assert!(
        error.to_string().contains("within a tokio runtime"),
        "{error}"
    );
}
