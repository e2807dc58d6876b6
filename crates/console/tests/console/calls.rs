//! Calls from the page to the service.

use reqwest::Method;
use serde_json::{Value, json};
use trtc_call::ErrorCode;
use trtc_call_emulator::{Fault, FaultKind};

use crate::desk::{Desk, emulator};

#[tokio::test]
async fn a_call_is_started_as_the_page_says() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let call = json!({
        "robot": "front-desk",
        "callees": ["noanswer", "busy", "offline"],
        "media": "audio",
        "room": 123,
        "ringTimeout": 45_000,
        "userData": "visit 7",
        "offlinePush": { "title": "Hello", "android": { "sound": "ring" } },
    });
    let reply = desk.post("/api/calls", call).await.ok();
    assert_eq!(reply["room"], 123);
    assert!(reply["requestId"].is_string());
    assert_eq!(
        reply["callees"],
        json!([
            { "userId": "noanswer", "resultCode": 0, "wasRung": true },
            { "userId": "busy", "resultCode": 1, "wasRung": false },
            { "userId": "offline", "resultCode": 2, "wasRung": false },
        ])
    );
    let call = server.with(|emulator| emulator.calls()[0].clone());
    assert_eq!(reply["callId"], call.call_id);
    assert_eq!(call.robot, "front-desk");
    assert_eq!(call.ring_timeout.as_secs(), 45);
    assert_eq!(call.user_data.as_deref(), Some("visit 7"));
    assert_eq!(call.room.as_ref().map(|room| room.id_type), Some(1));

    let shown = desk.get("/api/calls").await.ok();
    let shown = &shown["calls"][0];
    assert_eq!(shown["media"], "audio");
    assert_eq!(shown["room"], 123);
    assert_eq!(shown["robot"], "front-desk");
}

#[tokio::test]
async fn a_start_that_the_browser_sends_twice_rings_once() {
    let server = emulator().await;
    let (desk, before) = (Desk::asking(&server).await, Desk::asking(&server).await);
    let permit = async |desk: &Desk| {
        let reply = desk.post("/api/permits", json!({})).await.ok();
        reply["permit"].as_str().unwrap().to_owned()
    };
    let start = async |permit: &str, callee: &str| {
        let sent = desk
            .own_request(Method::POST, "/api/calls")
            .header("x-trtc-permit", permit)
            .header("content-type", "application/json")
            .body(json!({ "robot": "robot", "callees": [callee], "media": "audio" }).to_string());
        desk.read(sent.send().await.unwrap()).await
    };
    let given = permit(&desk).await;
    assert_eq!(start(&given, "no body").await.problems(), ["callees[0]"]);
    start(&given, "jack").await.ok();
    for used in [given, permit(&before).await] {
        let error = start(&used, "jack").await.error(409);
        assert_eq!(error["code"], "sent_twice");
        assert_eq!(error["mayHaveRung"], true);
        assert_eq!(error["retryable"], false);
    }
    assert_eq!(server.with(|emulator| emulator.calls().len()), 1);
    start(&permit(&desk).await, "jill").await.ok();
    assert_eq!(server.with(|emulator| emulator.calls().len()), 2);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_call_is_told_at_once_and_nobody_is_rung() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let call = json!({
        "robot": "ro bot",
        "callees": ["jack", "ja ck", "jack"],
        "media": "smell",
        "room": 0,
        "ringTimeout": 1,
        "userData": "x".repeat(1001),
        "offlinePush": { "badgeAddNum": 100 },
        "ringTimeOut": 5,
        "play": { "streamUrl": "https://example.com/a.mp3" },
    });
    let fields = desk.post("/api/calls", call).await.problems();
    for field in [
        "robot",
        "callees[1]",
        "callees[2]",
        "media",
        "room",
        "ringTimeout",
        "userData",
        "offlinePush.badgeAddNum",
        "ringTimeOut",
        "play",
    ] {
        assert!(fields.contains(&field.to_owned()), "{field} of {fields:?}");
    }
    let fields = desk.post("/api/calls", json!({})).await.problems();
    assert_eq!(fields, ["robot", "callees", "media"]);
    let wrong_types = json!({ "robot": 1, "callees": "jack", "media": null, "room": true });
    let fields = desk.post("/api/calls", wrong_types).await.problems();
    assert_eq!(fields, ["robot", "callees", "media", "room"]);
    for body in ["", "null", "[]", "{", "\u{0}"] {
        let reply = desk.send_text(Method::POST, "/api/calls", body).await;
        assert_eq!(reply.problems(), ["call"], "{body:?}");
    }
    assert_eq!(server.with(|emulator| emulator.calls().len()), 0);
}

#[tokio::test]
async fn a_call_that_may_have_rung_says_so_and_is_not_sent_again() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    server.with(|emulator| emulator.inject(Fault::new(FaultKind::CutBeforeReply)));
    let call = json!({ "robot": "robot", "callees": ["noanswer"], "media": "video" });
    let error = desk.post("/api/calls", call).await.error(502);
    assert_eq!(error["code"], "outcome_unknown");
    assert_eq!(error["mayHaveRung"], true);
    assert_eq!(error["retryable"], false);
    assert_eq!(error["attempt"]["callees"], json!(["noanswer"]));
    assert_eq!(error["cause"]["kind"], "transport");
    assert_eq!(server.with(|emulator| emulator.rings("noanswer")), 1);
}

#[tokio::test]
async fn what_the_service_refuses_is_told_with_its_code_and_what_to_do() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let fault = Fault::new(FaultKind::ErrorCode(ErrorCode(60020)));
    server.with(|emulator| emulator.inject(fault));
    let call = json!({ "robot": "robot", "callees": ["jack"], "media": "video" });
    let error = desk.post("/api/calls", call).await.error(422);
    assert_eq!(error["kind"], "server");
    assert_eq!(error["errorCode"], 60020);
    assert!(error["whatToDo"].is_string(), "{error}");
    assert_eq!(error["mayHaveRung"], false);
}

#[tokio::test]
async fn a_call_is_ended_once() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let call_id = desk.ring(&["answer-0"]).await;
    let path = format!("/api/calls/{call_id}/end");
    assert!(desk.post(&path, json!({})).await.ok()["requestId"].is_string());
    let error = desk.post(&path, json!({})).await.error(404);
    assert_eq!(error["errorCode"], 101_004);
    let call = desk
        .call_when(&call_id, |call| call["state"] == "ended")
        .await;
    let events = call["events"].as_array().unwrap();
    let sent = |event: &&Value| event["kind"] == "request" && event["summary"] == "end_call";
    assert_eq!(events.iter().filter(sent).count(), 2, "{call:#}");
}

#[tokio::test]
async fn packets_are_shown_without_the_user_sig() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let call_id = desk.ring(&["noanswer"]).await;
    let call = desk.get(&format!("/api/calls/{call_id}")).await.ok();
    let raw = |kind: &str| {
        let events = call["events"].as_array().unwrap();
        let event = events.iter().find(|event| event["kind"] == kind).unwrap();
        event["raw"].clone()
    };
    let request = raw("request");
    assert_eq!(request["direction"], "request");
    let text = request["text"].as_str().unwrap();
    assert!(text.starts_with("POST http://127.0.0.1:"), "{text}");
    assert!(text.contains("usersig=(hidden)&"), "{text}");
    assert!(text.contains("\n\n{\"Robot_Account\":\"robot\""), "{text}");
    let text = raw("reply")["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("HTTP 200\n\n{\"ErrorCode\":0"), "{text}");

    // The board goes to every page all the time, and leaves them out.
    let board = desk.get("/api/calls").await;
    assert!(!board.text.contains("\"raw\""), "{board:?}");
}

#[tokio::test]
async fn an_unknown_call_is_looked_for_at_the_service_and_followed() {
    let server = emulator().await;
    let first = Desk::asking(&server).await;
    let call_id = first.ring(&["answer-0", "noanswer"]).await;
    let second = Desk::asking(&server).await;
    let call = second
        .call_when(&call_id, |call| call["state"] == "in_call")
        .await;
    assert_eq!(call["room"], "visit-1");
    first
        .post(&format!("/api/calls/{call_id}/end"), json!({}))
        .await
        .ok();
    second
        .call_when(&call_id, |call| call["state"] == "ended")
        .await;

    let third = Desk::asking(&server).await;
    server.with(|emulator| emulator.advance_by(std::time::Duration::from_secs(6)));
    let call = third.get(&format!("/api/calls/{call_id}")).await.ok();
    assert_eq!(call["result"], "NormalEnd", "out of its record");
    assert_eq!(call["robot"], "robot");
    let error = third.get("/api/calls/nobody").await.error(404);
    assert_eq!(error["code"], "not_found");
    assert_eq!(third.get("/api/calls/%0A").await.problems(), ["callId"]);
}
