//! Webhooks about ingest tasks, without a socket.

use serde_json::{Value, json};
use trtc_call_core::webhook::ingest::{IngestEventKind, IngestWebhookKey, IngestWebhookVerifier};
use trtc_call_emulator::{IngestWebhooks, OutgoingWebhook, WebhookOutcome};

use super::caller::{SDK_APP_ID, config};
use super::{BEGINNING, Line};

const URL: &str = "http://127.0.0.1:8080/ingest";

fn key() -> IngestWebhookKey {
    IngestWebhookKey::new("a key").unwrap()
}

fn line() -> Line {
    let mut config = config();
    let mut webhooks = IngestWebhooks::new(URL);
    webhooks.key = Some(key());
    config.ingest_webhooks = Some(webhooks);
    Line::with(&config)
}

/// Lets time pass, and gives what is sent meanwhile; all of it arrives.
fn receive(line: &mut Line, milliseconds: u64) -> Vec<OutgoingWebhook> {
    let mut received = Vec::new();
    for _ in 0..milliseconds / 100 {
        line.wait(100);
        let due = line.emulator.take_due_webhooks();
        for webhook in &due {
            let outcome = WebhookOutcome::Acknowledged;
            line.emulator.note_webhook(webhook.id, outcome);
        }
        received.extend(due);
    }
    received
}

/// `milliseconds since the beginning: type status`.
fn summary(webhooks: &[OutgoingWebhook]) -> Vec<String> {
    let line = |webhook: &OutgoingWebhook| {
        let body: Value = serde_json::from_str(&webhook.body).unwrap();
        assert_eq!(body["EventGroupId"], 7);
        assert!(body["CallbackMsTs"].is_u64());
        let info = &body["EventInfo"];
        let at = info["EventMsTs"].as_u64().unwrap() - BEGINNING * 1000;
        format!("{at}: {} {}", body["EventType"], info["Status"])
    };
    webhooks.iter().map(line).collect()
}

#[test]
fn a_receiver_is_told_how_a_task_went() {
    let mut line = line();
    line.play(&json!({ "StreamUrl": "https://a.example/plays-1000-restarts-300" }));
    let webhooks = receive(&mut line, 5000);
    assert_eq!(
        summary(&webhooks),
        ["200: 701 0", "500: 701 2", "1200: 702 0"]
    );
    let task_id = line.play(&json!({ "StreamUrl": "https://a.example/fails" }));
    let failed = receive(&mut line, 5000);
    assert_eq!(summary(&failed), ["5200: 701 1"]);
    assert_eq!(webhooks[0].url, URL);
    assert_eq!(webhooks[0].timeout.as_secs(), 5);
    let header = |name| {
        let mut headers = failed[0].headers.iter();
        let found = headers.find(|(other, _)| *other == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(header("sdkappid"), Some(SDK_APP_ID.to_string().as_str()));
    let verifier = IngestWebhookVerifier::new(config().sdk_app_id, &key());
    let event = verifier
        .verify(
            header("sign"),
            header("sdkappid"),
            failed[0].body.as_bytes(),
        )
        .unwrap();
    assert_eq!(event.kind, IngestEventKind::Failed);
    assert_eq!(event.task_id.unwrap().as_str(), task_id);
}

#[test]
fn a_failed_delivery_comes_again_at_once_and_then_every_ten_seconds_for_a_minute() {
    let mut line = line();
    line.play(&json!({ "StreamUrl": "https://a.example/fails" }));
    let mut attempts = Vec::new();
    for second in 0..120 {
        loop {
            let due = line.emulator.take_due_webhooks();
            for webhook in &due {
                attempts.push((second, webhook.body.clone(), webhook.headers.clone()));
                let outcome = WebhookOutcome::Refused { status: 500 };
                line.emulator.note_webhook(webhook.id, outcome);
            }
            if due.is_empty() {
                break;
            }
        }
        line.wait(1000);
    }
    let seconds: Vec<i32> = attempts.iter().map(|(second, ..)| *second).collect();
    assert_eq!(seconds, [1, 1, 11, 21, 31, 41, 51, 61]);
    assert!(
        attempts
            .windows(2)
            .all(|two| two[0].1 == two[1].1 && two[0].2 == two[1].2)
    );
    let delivery = line.emulator.webhook_deliveries_since(0).next().unwrap();
    assert!(delivery.is_over);
    assert_eq!(delivery.attempts.len(), 8);
    assert_eq!(delivery.command, "701");
    assert!(delivery.task_id.is_some());
}

#[test]
fn the_control_api_sets_whom_to_tell_and_hides_the_key() {
    let mut line = Line::new();
    let body = br#"{"url":"http://127.0.0.1:1/x","key":"MARKED","timeoutMs":100}"#;
    let answer = line.handle("PUT", "/emulator/ingest-webhooks", body);
    assert_eq!(answer.status, 200);
    let shown: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(
        shown,
        json!({ "url": "http://127.0.0.1:1/x", "signed": true, "timeoutMs": 100 })
    );
    assert!(!format!("{:?}", line.emulator.ingest_webhooks()).contains("MARKED"));
    line.play(&json!({}));
    assert_eq!(receive(&mut line, 1000).len(), 1);
    line.handle("DELETE", "/emulator/ingest-webhooks", b"");
    assert_eq!(receive(&mut line, 60_000).len(), 0);
    for bad in [
        &br#"{"url":"https://a"}"#[..],
        br#"{"url":"http://a","key":""}"#,
        b"{}",
    ] {
        assert_eq!(
            line.handle("PUT", "/emulator/ingest-webhooks", bad).status,
            400
        );
    }
}
