//! Single scenes, step by step: what a session sends and tells when this or that happens.

use std::time::Duration;

use trtc_call_core::call_engine::get_call_info::{Member, MemberStatus};
use trtc_call_core::call_engine::start_call_by_robot;
use trtc_call_core::call_session::{
    CallSession, EndReason, Media, Output, Phase, Plan, Request, SendId, SessionEvent, Watch,
};
use trtc_call_core::input::{FromInput as _, Input};
use trtc_call_core::offline_push::OfflinePushInfo;
use trtc_call_core::stream_ingest::{StreamUrl, TaskId, Tempo, Volume};
use trtc_call_core::webhook::ingest::{IngestEvent, IngestEventKind};
use trtc_call_core::webhook::{
    CallStarted, MemberAction, MemberChange, MemberState, MembersChanged,
};
use trtc_call_core::{
    CallId, MediaType, ProblemCode, RoomId, TransportErrorKind, UnixMillis, UserId, UserSig,
};

const START: u64 = 1_700_000_000_000;
const OK: &str = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;
const RUNG: &str = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{"CallId":"call-1","CallResult":[{"Callee_Account":"jack","ResultCode":0}]}}"#;
const GONE: &str =
    r#"{"ErrorCode":101004,"ErrorInfo":"gone","ActionStatus":"FAIL","RequestId":"Id-1"}"#;
const TASK: &str = r#"{"Response":{"TaskId":"task-1","RequestId":"r"}}"#;
const DONE: &str = r#"{"Response":{"RequestId":"r"}}"#;

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn call() -> start_call_by_robot::Builder {
    start_call_by_robot::Request::builder("robot", ["jack"], MediaType::Video)
}

fn media() -> Media {
    Media::new(StreamUrl::new("https://example.com/hello.mp3?sign=MARKED").unwrap())
}

/// A session, and what it has sent and told.
struct Scene {
    session: CallSession,
    now: u64,
    sent: Vec<(SendId, Request)>,
    told: Vec<SessionEvent>,
}

impl Scene {
    fn new(plan: Plan) -> Scene {
        Scene::of(CallSession::new(plan, UnixMillis(START)))
    }

    fn of(session: CallSession) -> Scene {
        let mut scene = Scene {
            session,
            now: START,
            sent: Vec::new(),
            told: Vec::new(),
        };
        scene.take();
        scene
    }

    fn take(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send { id, request } => self.sent.push((id, request)),
                Output::Event(event) => self.told.push(event),
                other => panic!("{other:?}"),
            }
        }
    }

    /// Answers the oldest request that is of that kind.
    fn answer(&mut self, kind: fn(&Request) -> bool, body: &str) {
        self.reply(kind, Ok((200, body.as_bytes())));
    }

    fn reply(
        &mut self,
        kind: fn(&Request) -> bool,
        reply: Result<(u16, &[u8]), TransportErrorKind>,
    ) {
        let index = self.sent.iter().position(|(_, request)| kind(request));
        let (id, _) = self.sent.remove(index.expect("it was sent"));
        self.session.handle_reply(id, reply, UnixMillis(self.now));
        self.take();
    }

    fn wait(&mut self, seconds: u64) {
        self.now += seconds * 1000;
        self.session.handle_time(UnixMillis(self.now));
        self.take();
    }

    fn change(&mut self, action: MemberAction, at: u64) {
        let members = vec![Member::new(user("jack"), MemberStatus::Calling)];
        let changes = vec![MemberChange::new(user("jack"), action)];
        let call_id = CallId::new("call-1").unwrap();
        let event = MembersChanged::new(call_id, members, changes, UnixMillis(START + at));
        self.session
            .handle_call_webhook(event.into(), UnixMillis(self.now));
        self.take();
    }

    fn ingest(&mut self, kind: IngestEventKind, at: u64) {
        let task = TaskId::new("task-1").unwrap();
        let event = IngestEvent::new(kind, task, UnixMillis(START + at));
        self.session
            .handle_ingest_webhook(event, UnixMillis(self.now));
        self.take();
    }

    fn is_sent(&self, kind: fn(&Request) -> bool) -> bool {
        self.sent.iter().any(|(_, request)| kind(request))
    }

    /// Rung, answered, playing.
    fn playing(plan: Plan) -> Scene {
        let mut scene = Scene::new(plan);
        scene.answer(|request| matches!(request, Request::StartCall(_)), RUNG);
        scene.change(MemberAction::Answer, 1_000);
        scene.answer(is_start, TASK);
        assert_eq!(scene.session.phase(), Phase::Playing);
        scene
    }
}

fn is_start(request: &Request) -> bool {
    matches!(request, Request::StartIngest(_))
}

fn is_stop(request: &Request) -> bool {
    matches!(request, Request::StopIngest(_))
}

fn is_end(request: &Request) -> bool {
    matches!(request, Request::EndCall(_))
}

fn is_removal(request: &Request) -> bool {
    matches!(request, Request::RemoveRobot(_))
}

fn plan() -> Plan {
    let call = call().room("123").build().unwrap();
    Plan::builder(call, media()).build().unwrap()
}

#[test]
fn a_session_of_a_call_that_is_up_plays_when_it_is_answered_and_never_rings() {
    let callees = vec![start_call_by_robot::CalleeResult::new(user("jack"), 0)];
    let call_id = CallId::new("call-1").unwrap();
    let session = CallSession::of_started(plan(), call_id, callees, UnixMillis(START));
    let mut scene = Scene::of(session);
    assert!(matches!(scene.told[..], [SessionEvent::Ringing { .. }]));
    scene.change(MemberAction::Answer, 500);
    assert!(scene.is_sent(is_start));
    let rings = |(_, request): &(SendId, Request)| matches!(request, Request::StartCall(_));
    assert!(!scene.sent.iter().any(rings), "{:?}", scene.sent);
    let saved = scene.session.save();
    let resumed = CallSession::resume(&saved, UnixMillis(START + 1000)).unwrap();
    assert_eq!(resumed.call_id(), scene.session.call_id());
}

#[test]
fn a_plan_reports_all_its_problems() {
    let call = call().build().unwrap();
    let invalid = Plan::builder(call, media())
        .poll_interval(Duration::ZERO)
        .max_duration(Duration::ZERO)
        .ingest_attempts(0)
        .build()
        .unwrap_err();
    let fields = invalid
        .problems()
        .iter()
        .map(|problem| problem.field.as_str());
    let fields: Vec<&str> = fields.collect();
    assert_eq!(
        fields,
        [
            "poll_interval",
            "max_duration",
            "ingest_attempts",
            "call.room"
        ]
    );

    let call = self::call().room(7).build().unwrap();
    let invalid = Plan::builder(call, media().repeat(0)).build().unwrap_err();
    assert_eq!(invalid.problems()[0].field, "media.repeat");
}

#[test]
fn whatever_is_wrong_with_a_played_call_has_a_code_that_programs_have_words_for() {
    let wrong = r#"{
        "robot": "", "callees": ["", "jack", "jack"], "media": "smell", "room": 0, "ringTimeout": 1, "userData": 5,
        "streamUrl": "ftp://media.example/a", "watch": "tv", "pollInterval": 1, "maxDuration": 1, "ingestAttempts": 99,
        "stream": { "repeat": 0, "maxDuration": 1, "seek": -1, "volume": 999, "tempo": 3, "idleTimeout": 5000000 },
        "odd": 1
    }"#;
    let right = r#"{
        "robot": "robot", "callees": ["jack"], "media": "audio", "room": 7, "streamUrl": "https://media.example/a",
        "pollInterval": 1, "maxDuration": 1, "ingestAttempts": 99, "stream": { "repeat": 2000, "maxDuration": 60000 }
    }"#;
    let mut found = 0;
    for json in [wrong, right] {
        let mut input = Input::new(json).properties(Plan::WHAT).unwrap();
        let plan = Plan::from_input(&mut input);
        for problem in input.finish(plan).unwrap_err().problems() {
            assert_ne!(problem.code, ProblemCode::Other, "{problem}");
            found += 1;
        }
    }
    assert!(found > 15, "{found}");
}

#[test]
fn hanging_up_stops_the_ingest_and_ends_the_call() {
    let mut scene = Scene::playing(plan());
    scene.change(MemberAction::HangUp, 2_000);
    assert!(scene.is_sent(is_stop) && scene.is_sent(is_end));
    scene.answer(is_stop, DONE);
    scene.answer(is_end, GONE);
    assert_eq!(scene.session.phase(), Phase::AwaitingRecord);
    scene.wait(61);
    let outcome = scene.session.outcome().unwrap();
    assert_eq!(outcome.reason, EndReason::HungUp);
    assert_eq!(outcome.record, None);
    assert!(!outcome.call_may_be_up && !outcome.ingest_may_run);
}

#[test]
fn a_start_without_outcome_is_not_repeated_but_the_robot_removed_twice() {
    let mut scene = Scene::new(plan());
    scene.answer(|request| matches!(request, Request::StartCall(_)), RUNG);
    scene.change(MemberAction::Answer, 1_000);
    scene.reply(is_start, Err(TransportErrorKind::Timeout));
    assert!(scene.is_sent(is_removal) && scene.is_sent(is_end));
    scene.answer(is_end, OK);
    scene.answer(is_removal, DONE);
    assert!(!scene.is_sent(is_removal));
    scene.wait(10);
    let not_there = r#"{"Response":{"Error":{"Code":"FailedOperation.UserNotExist","Message":""},"RequestId":"r"}}"#;
    scene.answer(is_removal, not_there);
    assert_eq!(scene.session.phase(), Phase::AwaitingRecord);
    assert!(!scene.is_sent(is_start));
    scene.wait(61);
    let outcome = scene.session.outcome().unwrap();
    assert_eq!(outcome.reason, EndReason::MediaFailed);
    assert_eq!(outcome.failure.unwrap().code, "timeout");
    assert!(!outcome.ingest_may_run);
}

#[test]
fn a_start_that_certainly_failed_is_tried_again_within_the_limit() {
    let limited =
        r#"{"Response":{"Error":{"Code":"RequestLimitExceeded","Message":""},"RequestId":"r"}}"#;
    let mut scene = Scene::new(plan());
    scene.answer(|request| matches!(request, Request::StartCall(_)), RUNG);
    scene.change(MemberAction::Answer, 1_000);
    for pause in [1, 2] {
        scene.answer(is_start, limited);
        assert!(!scene.is_sent(is_start));
        scene.wait(pause);
        assert!(scene.is_sent(is_start));
    }
    scene.answer(is_start, limited);
    assert_eq!(scene.session.phase(), Phase::Ending);
    assert!(!scene.is_sent(is_removal));
}

#[test]
fn an_ingest_that_the_webhook_says_failed_is_stopped_before_it_is_started_again() {
    let mut scene = Scene::playing(plan());
    scene.ingest(IngestEventKind::Failed, 2_000);
    assert_eq!(scene.session.phase(), Phase::Answered);
    assert!(scene.is_sent(is_stop) && !scene.is_sent(is_start));
    scene.answer(is_stop, DONE);
    scene.wait(1);
    assert!(scene.is_sent(is_start));
}

#[test]
fn what_is_told_late_about_the_last_task_says_nothing_about_the_next() {
    let is_question = |request: &Request| matches!(request, Request::DescribeIngest(_));
    let mut scene = Scene::playing(plan());
    scene.wait(3);
    assert!(scene.is_sent(is_question));
    scene.ingest(IngestEventKind::Failed, 2_000);
    scene.answer(is_stop, DONE);
    scene.wait(1);
    assert!(scene.is_sent(is_start));
    let not_there = r#"{"Response":{"Status":"NotExist","RequestId":"r"}}"#;
    scene.answer(is_question, not_there);
    scene.wait(4);
    let starts = scene.sent.iter().filter(|(_, request)| is_start(request));
    assert_eq!(starts.count(), 1);
    scene.answer(is_start, &TASK.replace("task-1", "task-2"));
    assert_eq!(scene.session.phase(), Phase::Playing);
}

#[test]
fn a_task_that_gets_its_name_late_is_stopped_by_it() {
    let mut scene = Scene::new(plan());
    scene.answer(|request| matches!(request, Request::StartCall(_)), RUNG);
    scene.change(MemberAction::Answer, 1_000);
    scene.wait(30);
    assert!(scene.is_sent(is_removal));
    scene.answer(is_start, TASK);
    assert!(scene.is_sent(is_stop));
    scene.answer(is_removal, DONE);
    scene.answer(is_end, OK);
    assert_eq!(scene.session.phase(), Phase::Ending);
    scene.answer(is_stop, DONE);
    assert_eq!(scene.session.phase(), Phase::AwaitingRecord);
}

#[test]
fn an_older_webhook_does_not_undo_a_newer_one() {
    let mut scene = Scene::playing(plan());
    scene.ingest(IngestEventKind::Started, 3_000);
    scene.ingest(IngestEventKind::Failed, 2_000);
    assert_eq!(scene.session.phase(), Phase::Playing);
    scene.change(MemberAction::Reject, 500);
    assert_eq!(scene.session.phase(), Phase::Playing);
    scene.ingest(IngestEventKind::Stopped, 1);
    assert_eq!(scene.session.phase(), Phase::Ending);
}

#[test]
fn an_answer_in_the_millisecond_of_the_invitation_is_heard() {
    let mut scene = Scene::new(plan());
    scene.answer(|request| matches!(request, Request::StartCall(_)), RUNG);
    scene.change(MemberAction::Invite, 1_000);
    scene.change(MemberAction::Answer, 1_000);
    assert!(scene.is_sent(is_start), "{:?}", scene.session.phase());
    // Who leaves in that millisecond has been there before.
    scene.change(MemberAction::HangUp, 1_000);
    scene.change(MemberAction::Answer, 1_000);
    assert_eq!(scene.session.phase(), Phase::Ending);
}

#[test]
fn what_cannot_be_ended_stands_in_the_outcome() {
    let mut scene = Scene::playing(plan());
    scene.session.end(UnixMillis(scene.now));
    scene.take();
    for _ in 0..200 {
        scene.wait(1);
        while let Some((id, _)) = scene.sent.pop() {
            let lost = Err(TransportErrorKind::Timeout);
            scene.session.handle_reply(id, lost, UnixMillis(scene.now));
        }
    }
    let outcome = scene.session.outcome().unwrap();
    assert!(outcome.call_may_be_up && outcome.ingest_may_run);
    assert_eq!(outcome.task_id, Some(TaskId::new("task-1").unwrap()));
    assert_eq!(outcome.reason, EndReason::Requested);
}

#[test]
fn a_call_without_outcome_is_taken_over_when_a_webhook_names_room_and_callees() {
    let started = |room: RoomId, callee: &str| {
        let members = vec![Member::new(user(callee), MemberStatus::Waiting)];
        let call_id = CallId::new("call-1").unwrap();
        let mut started = CallStarted::new(call_id, MediaType::Video, members, UnixMillis(START));
        started.room = Some(room.into());
        started
    };
    let text = RoomId::text("123").unwrap();
    let mut long_ago = started(text.clone(), "jack");
    long_ago.event_time = UnixMillis(START - 300_001);
    let strangers = [
        started(RoomId::number(123).unwrap(), "jack"),
        started(text.clone(), "anna"),
        long_ago,
    ];
    for before in [false, true] {
        let mut scene = Scene::new(plan());
        let own: trtc_call_core::webhook::Event = started(text.clone(), "jack").into();
        if before {
            scene
                .session
                .handle_call_webhook(own.clone(), UnixMillis(scene.now));
        }
        let is_call = |request: &Request| matches!(request, Request::StartCall(_));
        scene.reply(is_call, Err(TransportErrorKind::Interrupted));
        if !before {
            for stranger in strangers.clone() {
                scene
                    .session
                    .handle_call_webhook(stranger.into(), UnixMillis(scene.now));
                assert_eq!(scene.session.phase(), Phase::Searching);
            }
            scene
                .session
                .handle_call_webhook(own.clone(), UnixMillis(scene.now));
        }
        assert_eq!(scene.session.phase(), Phase::Ringing);
        scene.take();
        assert!(!scene.is_sent(is_call));
    }
}

#[test]
fn a_call_that_the_service_refuses_is_over_at_once() {
    let refused = r#"{"ErrorCode":70001,"ErrorInfo":"","ActionStatus":"FAIL"}"#;
    let mut scene = Scene::new(plan());
    scene.answer(|request| matches!(request, Request::StartCall(_)), refused);
    let outcome = scene.session.outcome().unwrap();
    assert_eq!(outcome.reason, EndReason::NotStarted);
    assert_eq!(outcome.failure.unwrap().code, "user_sig_expired");
    assert!(!outcome.call_may_be_up);
    assert!(matches!(
        scene.told.last(),
        Some(SessionEvent::Ended { .. })
    ));
}

#[test]
fn a_session_that_is_saved_is_the_same_session() {
    let push = r#"{"PushFlag":0,"Title":"T","Desc":"D","Ext":"{}","ApnsInfo":{"Sound":"a.caf"}}"#;
    let call = call()
        .room(4_294_967_294)
        .ring_timeout(Duration::from_millis(12_345))
        .user_data("用户\n\"")
        .offline_push(OfflinePushInfo::from_json(push).unwrap());
    let media = media()
        .seek(Duration::from_secs(3))
        .auto_push(false)
        .repeat_for_ever()
        .max_duration(Duration::from_secs(120))
        .volume(Volume::new(0).unwrap())
        .enable_progress(true)
        .tempo(Tempo::Half)
        .idle_timeout(Duration::ZERO);
    let plan = Plan::builder(call.build().unwrap(), media)
        .watch(Watch::Webhooks)
        .poll_interval(Duration::from_millis(250))
        .end_with_media(false)
        .end_without_media(false)
        .ingest_attempts(10)
        .build()
        .unwrap();
    let session = CallSession::new(plan.clone(), UnixMillis(START));
    let resumed = CallSession::resume(&session.save(), UnixMillis(START)).unwrap();
    assert_eq!(resumed.plan(), &plan);

    let mut scene = Scene::playing(plan);
    scene.change(MemberAction::HangUp, 2_000);
    scene.answer(is_stop, DONE);
    scene.answer(is_end, OK);
    scene.wait(5);
    let record = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{"CallRecord":{"CallId":"call-1","Caller_Account":"robot","MediaType":"Video","CallType":"SingleCall","StartTime":1,"EndTime":2,"AcceptTime":0,"CallResult":"NormalEnd","CalleeList_Account":["robot",9007199254740993],"RoomId":"4294967294","RoomIdType":1}}}"#;
    scene.answer(|request| matches!(request, Request::GetRecord(_)), record);
    let saved = scene.session.save();
    let resumed = CallSession::resume(&saved, UnixMillis(scene.now)).unwrap();
    assert!(resumed.is_over());
    assert_eq!(resumed.outcome(), scene.session.outcome());
    assert!(resumed.outcome().unwrap().record.is_some());
    assert_eq!(resumed.save(), saved);
}

#[test]
fn a_reply_that_cannot_be_read_as_a_whole_but_names_the_call_has_found_it() {
    let mut scene = Scene::new(plan());
    let without_request_id = RUNG.replace(r#","RequestId":"Id-1""#, "");
    scene.answer(
        |request| matches!(request, Request::StartCall(_)),
        &without_request_id,
    );
    assert_eq!(scene.session.phase(), Phase::Ringing);
    let call_id = CallId::new("call-1").unwrap();
    assert!(scene.told.contains(&SessionEvent::Ringing { call_id }));
}

#[test]
fn a_text_that_no_session_saved_is_refused_by_name() {
    let saved = CallSession::new(plan(), UnixMillis(START)).save();
    for (from, to, field) in [
        (r#""version":3"#, r#""version":2"#, "saved.version"),
        (r#""version":3"#, r#""version":3,"later":1"#, "saved.later"),
        (r#""step":"#, r#""later":0,"step":"#, "saved.state.later"),
        (r#""step":"#, r#""step":0,"step":"#, "saved.state.step"),
        (
            r#""phase":"dialing""#,
            r#""phase":"dancing""#,
            "saved.state.phase",
        ),
        (
            r#""callIsGone":false"#,
            r#""callIsGone":0"#,
            "saved.state.callIsGone",
        ),
        (r#""callIsGone":false,"#, "", "saved.state.callIsGone"),
        (
            r#""RoomIdType":2"#,
            r#""RoomIdType":3"#,
            "saved.call.CallInfo.RoomId",
        ),
        (
            r#""pollInterval":{"secs":1"#,
            r#""pollInterval":{"secs":-1"#,
            "saved.options.pollInterval.secs",
        ),
        (
            r#""pollInterval":{"secs":1"#,
            r#""pollInterval":{"secs":0"#,
            "poll_interval",
        ),
        (r#""now":"#, r#""now":-"#, "saved.state.now"),
        ("{", "", "saved"),
    ] {
        assert!(saved.contains(from), "{from} in {saved}");
        let text = saved.replacen(from, to, 1);
        let problem = CallSession::resume(&text, UnixMillis(START)).unwrap_err();
        assert_eq!(problem.field, field, "{text}");
    }
}

#[test]
fn neither_a_saved_session_nor_a_printed_one_holds_a_token() {
    let mut scene = Scene::new(plan());
    scene.answer(|request| matches!(request, Request::StartCall(_)), RUNG);
    scene.change(MemberAction::Answer, 1_000);
    let (_, Request::StartIngest(start)) = scene.sent.remove(0) else {
        panic!("{:?}", scene.sent);
    };
    let token = UserSig::from_token("MARKED-TOKEN");
    let request = start.request(token.clone(), Some(token)).unwrap();
    assert_eq!(
        (request.room(), request.user()),
        (start.room(), start.robot())
    );
    assert!(!scene.session.save().contains("MARKED-TOKEN"));
    // The URL may hold a secret: it is saved, for it must be, and not printed.
    assert!(!format!("{:?} {request:?} {start:?}", scene.session).contains("MARKED"));
}

/// Polling alone: rung at one question, gone at the next.
fn gone_between_two_questions(plan: Plan, record: &str) -> Vec<SessionEvent> {
    let mut scene = Scene::new(plan);
    scene.answer(|request| matches!(request, Request::StartCall(_)), RUNG);
    scene.wait(2);
    scene.answer(|request| matches!(request, Request::GetCallInfo(_)), GONE);
    scene.answer(is_end, GONE);
    scene.wait(10);
    scene.answer(|request| matches!(request, Request::GetRecord(_)), record);
    assert!(scene.session.is_over());
    scene.told
}

fn record(result: &str, accepted_at: u64) -> String {
    [
        r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{"CallRecord":{"CallId":"call-1","#,
        r#""Caller_Account":"robot","MediaType":"Video","CallType":"SingleCall","StartTime":1700000000,"#,
        r#""EndTime":1700000002,"CalleeList_Account":["jack"],"RoomId":"123","RoomIdType":2,"#,
        &format!(r#""CallResult":"{result}","AcceptTime":{accepted_at}}}}}}}"#),
    ]
    .concat()
}

#[test]
fn an_answer_between_two_questions_is_told_by_the_record_and_is_no_missing_answer() {
    let polling = || {
        let call = call().room("123").build().unwrap();
        let plan = Plan::builder(call, media()).watch(Watch::Polling);
        plan.build().unwrap()
    };
    let outcome = |told: Vec<SessionEvent>| match told.last() {
        Some(SessionEvent::Ended { outcome }) => (outcome.reason, outcome.members.clone()),
        other => panic!("{other:?}"),
    };
    for answered in [
        record("NormalEnd", 1_700_000_001),
        record("NormalEnd", 0),
        record("Interrupt", 1_700_000_001),
        // Whatever a new word means, somebody answered.
        record("Transferred", 1_700_000_001),
    ] {
        let (reason, members) = outcome(gone_between_two_questions(polling(), &answered));
        assert_eq!(reason, EndReason::HungUp, "{answered}");
        assert_eq!(members, [(user("jack"), MemberState::HungUp)], "{answered}");
    }
    for missed in ["NotAnswer", "Reject", "Cancel", "CallBusy", "Offline"] {
        let (reason, _) = outcome(gone_between_two_questions(polling(), &record(missed, 0)));
        assert_eq!(reason, EndReason::NotAnswered, "{missed}");
    }
}
