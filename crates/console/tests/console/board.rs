//! The board: what becomes of calls, by webhooks and by asking.

use std::time::Duration;

use serde_json::{Value, json};
use trtc_call::ErrorCode;
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{CallbackConfiguration, Fault, FaultKind, WebhookSettings};

use crate::desk::{Desk, emulator, kinds, members, webhook_token};

fn is_over(call: &Value) -> bool {
    call["result"].is_string()
}

fn send_webhooks(server: &Server, desk: &Desk, change: impl FnOnce(&mut WebhookSettings)) {
    let mut settings = WebhookSettings::default();
    settings.token = Some(webhook_token());
    change(&mut settings);
    server.with(|emulator| {
        let url = desk.url("/webhooks/calls");
        let everything = CallbackConfiguration::everything(url);
        emulator.set_callback_configuration(Some(everything));
        emulator.set_webhook_settings(settings);
    });
}

/// From now on the service says nothing when it is asked.
fn fall_silent(server: &Server) {
    for command in ["get_call_info", "get_record_by_callid"] {
        let fault = Fault::new(FaultKind::ErrorCode(ErrorCode(60017)));
        let fault = fault.only(command).times(u32::MAX);
        server.with(|emulator| emulator.inject(fault));
    }
}

#[tokio::test]
async fn with_the_emulator_every_step_is_told_as_it_happens() {
    let desk = Desk::emulated().await;
    let call_id = desk
        .ring(&["answer-300-hangup-300", "reject", "noanswer", "busy"])
        .await;
    let call = desk
        .call_when(&call_id, |call| {
            members(call).contains(&("reject", "rejected"))
        })
        .await;
    assert_eq!(
        members(&call),
        [
            ("answer-300-hangup-300", "left"),
            ("busy", "busy"),
            ("noanswer", "ringing"),
            ("reject", "rejected"),
        ]
    );
    assert_eq!(
        call["state"], "in_call",
        "somebody answered, and one phone rings"
    );
    desk.post(&format!("/api/calls/{call_id}/end"), json!({}))
        .await
        .ok();
    let call = desk.call_when(&call_id, is_over).await;
    assert_eq!(call["result"], "NormalEnd");
    assert!(call["endedAt"].as_u64() > call["startedAt"].as_u64());
    let told: Vec<&str> = kinds(&call)
        .into_iter()
        .filter(|kind| !["request", "reply", "webhook"].contains(kind))
        .collect();
    assert_eq!(
        told,
        [
            "started",
            "ringing",
            "ringing",
            "ringing",
            "busy",
            "answered",
            "hung_up",
            "rejected",
            "unanswered",
            "ended"
        ],
        "{call:#}"
    );
    for kind in ["answered", "hung_up", "rejected", "ended"] {
        let events = call["events"].as_array().unwrap();
        let event = events.iter().find(|event| event["kind"] == kind).unwrap();
        assert_eq!(event["raw"]["direction"], "webhook", "{event}");
    }
}

#[tokio::test]
async fn asking_alone_is_enough() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let call_id = desk.ring(&["answer-1200-hangup-2500"]).await;
    let call = desk
        .call_when(&call_id, |call| call["state"] == "in_call")
        .await;
    assert_eq!(members(&call), [("answer-1200-hangup-2500", "in_call")]);
    let call = desk
        .call_when(&call_id, |call| call["state"] == "ended")
        .await;
    assert_eq!(members(&call)[0].1, "left");
    assert!(!is_over(&call), "the record is there only later");
    server.with(|emulator| emulator.advance_by(Duration::from_secs(6)));
    let call = desk.call_when(&call_id, is_over).await;
    assert_eq!(call["result"], "NormalEnd");
    assert_eq!(members(&call)[0].1, "left");
    let kinds = kinds(&call);
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "ended").count(),
        1,
        "{kinds:?}"
    );
}

#[tokio::test]
async fn asking_tells_why_nobody_answered_once_the_record_is_there() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let call_id = desk.ring(&["reject"]).await;
    let call = desk
        .call_when(&call_id, |call| call["state"] == "ended")
        .await;
    assert_eq!(
        members(&call),
        [("reject", "unknown")],
        "nobody has said why"
    );
    server.with(|emulator| emulator.advance_by(Duration::from_secs(6)));
    let call = desk.call_when(&call_id, is_over).await;
    assert_eq!(members(&call), [("reject", "rejected")]);
    assert_eq!(call["result"], "Reject");
}

#[tokio::test]
async fn webhooks_alone_are_enough_repeated_and_in_any_order() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    send_webhooks(&server, &desk, |settings| {
        settings.repeats = 2;
        settings.shuffle = Duration::from_millis(600);
    });
    fall_silent(&server);
    let call_id = desk.ring(&["answer-100-hangup-100", "reject"]).await;
    let both = [("answer-100-hangup-100", "left"), ("reject", "rejected")];
    let call = desk
        .call_when(&call_id, |call| is_over(call) && members(call) == both)
        .await;
    assert_eq!(call["state"], "ended");
    assert_eq!(call["result"], "NormalEnd");
    let kinds = kinds(&call);
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "ended").count(),
        1,
        "{kinds:?}"
    );
}

#[tokio::test]
async fn a_call_that_somebody_else_started_appears_by_its_webhooks() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    send_webhooks(&server, &desk, |_| {});
    let other = Desk::asking(&server).await;
    let call_id = other.ring(&["answer-0"]).await;
    let call = desk
        .call_when(&call_id, |call| call["state"] == "in_call")
        .await;
    assert_eq!(
        call["robot"], "robot",
        "who is in a call that only begins has started it"
    );
    assert_eq!(members(&call), [("answer-0", "in_call")]);
    assert_eq!(call["media"], "video");
    let board = desk.get("/api/calls").await.ok();
    assert_eq!(board["calls"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_latest_call_comes_first() {
    let desk = Desk::emulated().await;
    let mut started = Vec::new();
    for _ in 0..3 {
        started.insert(0, desk.ring(&["noanswer"]).await);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let board = desk.get("/api/calls").await.ok();
    let ids = board["calls"].as_array().unwrap().iter();
    let ids: Vec<&str> = ids.map(|call| call["callId"].as_str().unwrap()).collect();
    assert_eq!(ids, started);
}

#[tokio::test]
async fn who_answered_in_the_same_millisecond_is_in_the_call_in_every_order_of_the_webhooks() {
    for shuffle in [0, 200] {
        let server = emulator().await;
        let desk = Desk::listening(&server).await;
        send_webhooks(&server, &desk, |settings| {
            settings.shuffle = Duration::from_millis(shuffle);
            settings.alteration.set =
                std::iter::once(("/EventTime".to_owned(), json!(1_800_000_000_000_u64))).collect();
        });
        fall_silent(&server);
        let callees = ["answer-10-a", "answer-20-b", "answer-30-c", "answer-40-d"];
        let call_id = desk.ring(&callees).await;
        desk.call_when(&call_id, |call| {
            members(call).iter().all(|(_, state)| *state == "in_call")
        })
        .await;
        desk.post(&format!("/api/calls/{call_id}/end"), json!({}))
            .await
            .ok();
        let call = desk.call_when(&call_id, is_over).await;
        assert!(
            members(&call).iter().all(|(_, state)| *state == "left"),
            "{call:#}"
        );
    }
}
