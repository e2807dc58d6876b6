//! Calls that a stream is played into.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use trtc_call::tc3::Credential;
use trtc_call::webhook::ingest::IngestTestDelivery;
use trtc_call::webhook::ingest::IngestWebhookKey;
use trtc_call::{BaseUrl, ErrorCode};
use trtc_call_console::{CloudAccount, Config};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Fault, FaultKind, IngestWebhooks};

use crate::desk::{Desk, INGEST_KEY, account_at, app, emulator, kinds};

/// An account whose cloud API is the emulator's too.
fn with_cloud(server: &Server) -> Config {
    let id = trtc_call_emulator::Config::TEST_SECRET_ID;
    let key = trtc_call_emulator::Config::TEST_SECRET_KEY;
    let mut cloud = CloudAccount::new(Credential::new(id, key).unwrap());
    cloud.host = BaseUrl::new(&server.base_url()).unwrap().into();
    account_at(server).cloud(cloud)
}

fn ingest_key() -> IngestWebhookKey {
    IngestWebhookKey::new(INGEST_KEY).unwrap()
}

fn call(callee: &str, stream: &str) -> Value {
    let stream = format!("https://media.example/{stream}");
    json!({ "robot": "robot", "callees": [callee], "media": "audio", "play": { "streamUrl": stream } })
}

async fn place(desk: &Desk, call: Value) -> String {
    let reply = desk.post("/api/calls", call).await.ok();
    assert_eq!(reply["callees"][0]["wasRung"], true, "{reply}");
    assert!(!reply["requestId"].as_str().unwrap().is_empty());
    reply["callId"].as_str().unwrap().to_owned()
}

fn plays(call: &Value) -> bool {
    call["playing"]["state"] == "playing"
}

/// How many calls go on, and how many streams.
fn going_on(server: &Server) -> (usize, usize) {
    server.with(|emulator| {
        let calls = emulator.calls();
        let calls = calls.iter().filter(|call| call.end.is_none()).count();
        let ingests = emulator.ingests();
        (calls, ingests.iter().filter(|it| it.end.is_none()).count())
    })
}

async fn until_all_is_over(server: &Server) {
    for _ in 0..200 {
        if going_on(server) == (0, 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("calls and streams that go on: {:?}", going_on(server));
}

#[tokio::test]
async fn whoever_answers_hears_the_stream_and_its_end_is_the_calls_end() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let mut draft = call("answer-300-stay", "plays-1500.mp3");
    draft["play"]["volume"] = json!(50);
    draft["play"]["repeat"] = json!(1);
    let reply = desk.post("/api/calls", draft).await.ok();
    let room = reply["room"].as_str().unwrap();
    assert!(room.starts_with("console-"), "it made one up: {room}");
    let call_id = reply["callId"].as_str().unwrap();
    let waiting = desk.get(&format!("/api/calls/{call_id}")).await.ok();
    assert_eq!(waiting["room"], room);
    assert_eq!(waiting["playing"]["state"], "waiting");
    let playing = desk.call_when(call_id, plays).await;
    assert_eq!(
        playing["playing"]["streamUrl"],
        "https://media.example/plays-1500.mp3"
    );
    let task = playing["playing"]["taskId"].as_str().unwrap();
    server.with(|emulator| {
        let ingest = emulator.ingest(task).unwrap();
        assert_eq!((ingest.user.as_str(), ingest.volume), ("robot", 50));
        assert_eq!(
            ingest.call_id.as_deref(),
            Some(call_id),
            "it is heard there"
        );
    });
    let over = desk
        .call_when(call_id, |call| call["result"].is_string())
        .await;
    let over = match over["playing"]["state"].as_str() {
        Some("ended") => over,
        _ => {
            desk.call_when(call_id, |call| call["playing"]["state"] == "ended")
                .await
        }
    };
    let kinds = kinds(&over);
    for kind in ["started", "playing", "play_ended", "answered", "ended"] {
        let count = kinds.iter().filter(|it| **it == kind).count();
        assert_eq!(count, 1, "{kind} in {kinds:?}");
    }
    let packets = |kind: &str, name: &str| {
        let events = over["events"].as_array().unwrap().iter();
        let found = events.filter(|it| it["kind"] == kind && it["summary"] == name);
        found.count()
    };
    for name in ["start_call_by_robot", "StartStreamIngest"] {
        assert_eq!(
            (packets("request", name), packets("reply", name)),
            (1, 1),
            "{name}: {kinds:?}"
        );
    }
    until_all_is_over(&server).await;
}

#[tokio::test]
async fn the_page_ends_call_and_stream() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let call_id = place(&desk, call("answer-100-stay", "live")).await;
    desk.call_when(&call_id, plays).await;
    assert_eq!(going_on(&server), (1, 1));
    desk.post(&format!("/api/calls/{call_id}/end"), json!({}))
        .await
        .ok();
    let over = desk
        .call_when(&call_id, |call| call["playing"]["state"] == "ended")
        .await;
    assert!(kinds(&over).contains(&"ending"), "{over:#}");
    until_all_is_over(&server).await;
}

#[tokio::test]
async fn a_page_that_goes_away_cuts_nothing_off_and_a_console_that_stops_ends_everything() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let request = desk.own_request(Method::POST, "/api/calls");
    let body = call("answer-300-stay", "live").to_string();
    let sent = request.body(body).send();
    // Gone before the reply.
    let _ = tokio::time::timeout(Duration::from_millis(20), sent).await;
    let mut seen = (0, 0);
    for _ in 0..200 {
        seen = going_on(&server);
        if seen == (1, 1) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(seen, (1, 1));
    assert_eq!(desk.console.playing(), 1);
    let Desk { console, .. } = desk;
    assert_eq!(console.shutdown().await, 0);
    assert_eq!(going_on(&server), (0, 0));
}

#[tokio::test]
async fn a_stream_that_cannot_be_played_is_told_and_the_call_ends() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let fault = Fault::new(FaultKind::HttpStatus(500));
    server.with(|emulator| emulator.inject(fault.only("StartStreamIngest").times(u32::MAX)));
    let call_id = place(&desk, call("answer-100-stay", "live")).await;
    let failed = desk
        .call_when(&call_id, |call| call["playing"]["state"] == "failed")
        .await;
    assert!(kinds(&failed).contains(&"play_failed"), "{failed:#}");
    until_all_is_over(&server).await;
}

#[tokio::test]
async fn what_the_service_refuses_is_told_as_without_a_stream() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let fault = Fault::new(FaultKind::ErrorCode(ErrorCode(60017)));
    server.with(|emulator| emulator.inject(fault.only("start_call_by_robot")));
    let reply = desk.post("/api/calls", call("jack", "live")).await;
    let error = reply.error(422);
    assert_eq!(error["kind"], "server");
    assert_eq!(error["errorCode"], 60017);
    assert!(error["requestId"].is_string(), "{error}");
    assert_eq!(desk.console.playing(), 0);

    let fault = Fault::new(FaultKind::CutBeforeReply);
    server.with(|emulator| emulator.inject(fault.only("start_call_by_robot")));
    let error = desk
        .post("/api/calls", call("jack", "live"))
        .await
        .error(502);
    assert_eq!(error["mayHaveRung"], true);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_stream_is_told_at_once_and_nobody_is_rung() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let mut draft = call("ja ck", "a b");
    draft["play"]["volume"] = json!(999);
    draft["play"]["loudness"] = json!(1);
    let fields = desk.post("/api/calls", draft).await.problems();
    for field in [
        "callees[0]",
        "play.streamUrl",
        "play.volume",
        "play.loudness",
    ] {
        assert!(fields.contains(&field.to_owned()), "{field} of {fields:?}");
    }
    let mut draft = call("jack", "live");
    draft["play"]["repeat"] = json!(2000);
    assert_eq!(
        desk.post("/api/calls", draft).await.problems(),
        ["play.repeat"]
    );
    let mut draft = call("jack", "live");
    draft["play"] = json!("https://media.example/live");
    assert_eq!(desk.post("/api/calls", draft).await.problems(), ["play"]);
    assert_eq!(server.with(|emulator| emulator.calls().len()), 0);
}

#[tokio::test]
async fn without_a_cloud_account_it_is_said_how_to_get_one() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(settings["cloud"]["configured"], false);
    let missing = settings["missing"].as_array().unwrap().iter();
    let mut cloud = missing.filter(|it| it["what"] == "cloud");
    let fix = cloud.next().unwrap()["fix"].as_str().unwrap();
    assert!(fix.contains("TENCENTCLOUD_SECRET_ID"), "{fix}");
    let reply = desk.post("/api/calls", call("jack", "live")).await;
    assert_eq!(reply.problems(), ["play"]);
    assert_eq!(server.with(|emulator| emulator.calls().len()), 0);
}

#[tokio::test]
async fn another_coding_is_used_from_the_next_call_on() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let other = json!({ "ingestRoomIdCoding": "numeric-1" });
    desk.send(Method::PATCH, "/api/settings", &other).await.ok();
    let mut draft = call("answer-100-stay", "live");
    draft["room"] = json!("4711");
    let call_id = place(&desk, draft).await;
    desk.call_when(&call_id, plays).await;
    // The emulator goes by the coding of the default: the robot is in another room, as it would be.
    let in_call = server.with(|emulator| emulator.ingests()[0].call_id.clone());
    assert_eq!(in_call, None);
    desk.post(&format!("/api/calls/{call_id}/end"), json!({}))
        .await
        .ok();
    until_all_is_over(&server).await;
}

#[tokio::test]
async fn webhooks_about_streams_are_verified_noted_and_sent_again() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server).ingest_webhooks(ingest_key()), 0).await;
    let mut webhooks = IngestWebhooks::new(desk.url("/webhooks/ingest"));
    webhooks.key = Some(ingest_key());
    server.with(|emulator| emulator.set_ingest_webhooks(Some(webhooks)));
    let call_id = place(&desk, call("answer-100-stay", "plays-500.mp3")).await;
    desk.call_when(&call_id, |call| call["playing"]["state"] == "ended")
        .await;
    until_all_is_over(&server).await;
    let deliveries = desk.get("/api/webhooks").await.ok();
    let commands: Vec<&str> = deliveries
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["command"].as_str().unwrap())
        .collect();
    assert!(commands.contains(&"StreamIngest.Started"), "{commands:?}");
    let first = &deliveries[0];
    assert_eq!(
        (&first["verified"], &first["source"]),
        (&json!(true), &json!("ingest"))
    );
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(
        settings["webhooks"]["ingestUrl"],
        desk.url("/webhooks/ingest")
    );
    assert_eq!(
        settings["webhooks"]["receiving"], false,
        "none about calls has come"
    );

    let path = format!("/api/webhooks/{}/replay", first["id"].as_str().unwrap());
    let replayed = desk.post(&path, json!({})).await.ok();
    assert_eq!(replayed["status"], 200);
    assert_eq!(replayed["body"], first["body"]);

    let other_key = IngestWebhookKey::new("another").unwrap();
    let forged = IngestTestDelivery::with_body(app(), first["body"].as_str().unwrap());
    let forged = forged.sign(&other_key);
    let request = desk
        .http
        .post(desk.url("/webhooks/ingest"))
        .body(forged.body);
    let request = request
        .header("Sign", forged.sign)
        .header("SdkAppId", forged.sdk_app_id);
    assert_eq!(request.send().await.unwrap().status(), 401);
    let refused = desk.get("/api/webhooks").await.ok()[0].clone();
    assert_eq!(refused["verified"], false);
    assert_eq!(refused["error"]["code"], "wrong_signature");
}

#[tokio::test]
async fn with_the_emulator_streams_and_their_webhooks_need_no_setting_up() {
    let desk = Desk::emulated().await;
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(settings["cloud"]["configured"], true);
    let call_id = place(&desk, call("answer-100-stay", "plays-500.mp3")).await;
    desk.call_when(&call_id, |call| call["playing"]["state"] == "ended")
        .await;
    let deliveries = desk.get("/api/webhooks").await.ok();
    let deliveries = deliveries.as_array().unwrap();
    assert!(
        deliveries
            .iter()
            .any(|it| it["command"] == "StreamIngest.Started"),
        "{deliveries:#?}"
    );
    assert!(
        deliveries.iter().all(|it| it["verified"] == true),
        "{deliveries:#?}"
    );
}

#[tokio::test]
async fn what_is_refused_and_tried_again_is_logged_with_the_number_of_the_attempt() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let fault = Fault::new(FaultKind::RateLimit).only("start_call_by_robot");
    server.with(|emulator| emulator.inject(fault.times(2)));
    let call_id = place(&desk, call("reject-1", "plays-1.mp3")).await;
    let log = desk.get("/api/requests").await.ok();
    let starts = log.as_array().unwrap().iter();
    let starts = starts.filter(|it| it["command"] == "start_call_by_robot");
    let attempts: Vec<_> = starts
        .map(|it| (&it["attempt"], &it["errorCode"]))
        .collect();
    let (refused, fine) = (&json!(60007), &json!(0));
    assert_eq!(
        attempts,
        [
            (&json!(3), fine),
            (&json!(2), refused),
            (&json!(1), refused)
        ]
    );
    desk.call_when(&call_id, |call| call["result"].is_string())
        .await;
}

#[tokio::test]
async fn what_the_service_does_not_pull_is_refused_before_anybody_is_rung() {
    let server = emulator().await;
    let desk = Desk::at(with_cloud(&server), 0).await;
    let mut draft = call("jack", "a.mp3");
    draft["play"]["streamUrl"] = json!("ftp://media.example/a.mp3");
    let error = desk.post("/api/calls", draft).await.error(400);
    let problem = &error["problems"][0];
    assert_eq!(problem["field"], "play.streamUrl");
    assert_eq!(problem["code"], "url_scheme");
    assert_eq!(server.with(|emulator| emulator.rings("jack")), 0);
}
