//! Webhooks without a socket: what is handed out, when, and what follows from its outcome. They are read
//! with the library's own verifier, which knows nothing of the emulator.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use trtc_call_core::webhook::{
    CallPhase, CallTimeline, Delivery, Event, MemberState, WebhookToken, WebhookVerifier,
    parse_unsigned,
};
use trtc_call_core::{CallId, SdkAppId, UnixSeconds, UserId};
use trtc_call_emulator::{
    CallbackConfiguration, OutgoingWebhook, Script, Then, WebhookOutcome, WebhookSettings,
};

use super::caller::{END, SDK_APP_ID};
use super::{BEGINNING, Line};

const URL: &str = "http://127.0.0.1:8080/webhook";

fn line_with(settings: WebhookSettings) -> Line {
    let mut line = Line::new();
    let configuration = CallbackConfiguration::everything(URL);
    line.emulator
        .set_callback_configuration(Some(configuration));
    line.emulator.set_webhook_settings(settings);
    line
}

fn token() -> WebhookToken {
    WebhookToken::new("a token").unwrap()
}

fn app() -> SdkAppId {
    SdkAppId::new(SDK_APP_ID).unwrap()
}

fn query(webhook: &OutgoingWebhook) -> &str {
    webhook
        .url
        .strip_prefix(URL)
        .unwrap()
        .strip_prefix('?')
        .unwrap()
}

/// Takes what is due, reads it, and says that it arrived.
fn receive(line: &mut Line) -> Vec<Delivery> {
    let due = line.emulator.take_due_webhooks();
    due.iter()
        .map(|webhook| {
            let outcome = WebhookOutcome::Acknowledged;
            line.emulator.note_webhook(webhook.id, outcome);
            parse_unsigned(app(), query(webhook), webhook.body.as_bytes()).unwrap()
        })
        .collect()
}

/// Lets milliseconds pass one step at a time, and gives everything that is received meanwhile.
fn receive_for(line: &mut Line, milliseconds: u64) -> Vec<Event> {
    let mut events = Vec::new();
    for _ in 0..milliseconds / 100 {
        line.wait(100);
        events.extend(receive(line).into_iter().map(|delivery| delivery.event));
    }
    events
}

fn summary(events: &[Event]) -> Vec<String> {
    let at = |event: &Event| event.event_time().unwrap().0 - BEGINNING * 1000;
    let line = |event: &Event| match event {
        Event::CallStarted(_) => format!("{}: started", at(event)),
        Event::MembersChanged(changed) => {
            let change = &changed.changes[0];
            let (who, action) = (&change.user_id, &change.action);
            format!(
                "{}: {who} {action}, {} left",
                at(event),
                changed.members.len()
            )
        }
        Event::CallEnded(ended) => format!("{}: ended {}", at(event), ended.record.result),
        other => panic!("{other:?}"),
    };
    events.iter().map(line).collect()
}

#[test]
fn an_answered_call_is_told_from_start_to_end() {
    let mut line = line_with(WebhookSettings::default());
    line.ring(&["answer-1000-hangup-2000"]);
    let mut events: Vec<Event> = receive(&mut line).into_iter().map(|d| d.event).collect();
    events.extend(receive_for(&mut line, 10_000));
    assert_eq!(
        summary(&events),
        [
            "0: started",
            "1000: answer-1000-hangup-2000 Answer, 2 left",
            "3000: answer-1000-hangup-2000 Hangup, 1 left",
            "3000: ended NormalEnd",
        ]
    );
}

#[test]
fn each_way_to_leave_has_its_word() {
    let mut line = line_with(WebhookSettings::default());
    let call = line.ring(&["reject-a", "noanswer-b", "answer-500-drop-1000", "busy-c"]);
    let mut events: Vec<Event> = receive(&mut line).into_iter().map(|d| d.event).collect();
    events.extend(receive_for(&mut line, 40_000));
    assert_eq!(
        summary(&events),
        [
            "0: started",
            "500: answer-500-drop-1000 Answer, 4 left",
            "1000: reject-a Reject, 3 left",
            "1500: answer-500-drop-1000 Offline, 2 left",
            "30000: noanswer-b NotAnswer, 1 left",
            "30000: ended NormalEnd",
        ]
    );
    let Some(Event::CallEnded(ended)) = events.last() else {
        panic!()
    };
    assert_eq!(ended.record.call_id.as_str(), call);
    assert_eq!(ended.record.members.len(), 5);
}

#[test]
fn end_call_and_calls_that_reach_nobody_are_told_too() {
    let mut line = line_with(WebhookSettings::default());
    let call = line.ring(&["noanswer"]);
    line.send(END, &json!({ "CallId": call }));
    line.ring(&["offline"]);
    let events: Vec<Event> = receive(&mut line).into_iter().map(|d| d.event).collect();
    assert_eq!(
        summary(&events),
        [
            "0: started",
            "0: ended Cancel",
            "0: started",
            "0: ended Offline"
        ]
    );
}

#[test]
fn only_what_is_asked_for_is_told_and_without_a_configuration_nothing() {
    let mut line = Line::new();
    line.ring(&["jack"]);
    assert_eq!(line.emulator.next_webhook_due(), None);
    let configuration = CallbackConfiguration::new(URL, ["Call.CallbackAfterEndCall"]);
    line.emulator
        .set_callback_configuration(Some(configuration));
    line.ring(&["jack"]);
    let events = receive_for(&mut line, 20_000);
    assert_eq!(
        summary(&events),
        ["4500: ended NormalEnd", "4500: ended NormalEnd"],
        "also of the call that was going on already"
    );
    line.emulator.set_callback_configuration(None);
    line.ring(&["jack"]);
    assert_eq!(receive_for(&mut line, 20_000), []);
}

#[test]
fn with_a_token_deliveries_are_signed_with_the_time_of_the_world_outside() {
    let mut settings = WebhookSettings::default();
    settings.token = Some(token());
    let mut line = line_with(settings);
    line.emulator.advance_by(Duration::from_secs(1800));
    line.ring(&["jack"]);
    let webhook = line.emulator.take_due_webhooks().remove(0);
    let verify = |token: &WebhookToken, now: u64| {
        let verifier = WebhookVerifier::new(app(), token);
        let verified = verifier.verify(query(&webhook), webhook.body.as_bytes(), UnixSeconds(now));
        verified.map_err(|error| error.code())
    };
    let delivery = verify(&token(), BEGINNING).unwrap();
    assert_eq!(delivery.request_time, Some(UnixSeconds(BEGINNING)));
    assert_eq!(delivery.client_ip.as_deref(), Some("127.0.0.1"));
    assert_eq!(delivery.platform.unwrap().as_str(), "RESTAPI");
    let at = delivery.event.event_time().unwrap();
    assert_eq!(at.seconds(), UnixSeconds(BEGINNING + 1800));
    assert_eq!(verify(&token(), BEGINNING + 301), Err("too_old"));
    let other = WebhookToken::new("another token").unwrap();
    assert_eq!(verify(&other, BEGINNING), Err("wrong_signature"));
    let printed = format!("{webhook:?} {:?}", line.emulator.webhook_settings());
    assert!(
        !printed.contains("Sign=") && !printed.contains("a token"),
        "{printed}"
    );
}

#[test]
fn a_failed_delivery_is_tried_three_times_a_second_apart_with_a_fresh_signature() {
    let mut settings = WebhookSettings::default();
    settings.token = Some(token());
    let mut line = line_with(settings);
    line.ring(&["noanswer"]);
    let mut signed = BTreeSet::new();
    for outcome in [
        WebhookOutcome::TimedOut,
        WebhookOutcome::Refused { status: 500 },
        WebhookOutcome::NotReached,
    ] {
        let due = line.emulator.take_due_webhooks();
        assert_eq!(due.len(), 1);
        signed.insert(due[0].url.clone());
        line.emulator.note_webhook(due[0].id, outcome);
        line.wait(999);
        assert_eq!(line.emulator.take_due_webhooks(), []);
        line.wait(1);
    }
    assert_eq!(signed.len(), 3);
    assert_eq!(line.emulator.take_due_webhooks(), []);
    let delivery = line.emulator.webhook_deliveries_since(0).next().unwrap();
    assert!(delivery.is_over);
    assert_eq!(
        serde_json::to_value(&delivery.attempts).unwrap(),
        json!([
            { "at": BEGINNING * 1000, "outcome": "timed_out" },
            { "at": BEGINNING * 1000 + 1000, "outcome": "refused", "status": 500 },
            { "at": BEGINNING * 1000 + 2000, "outcome": "not_reached" },
        ])
    );
}

#[test]
fn an_acknowledged_delivery_is_not_tried_again() {
    let mut line = line_with(WebhookSettings::default());
    line.ring(&["noanswer"]);
    let id = line.emulator.take_due_webhooks()[0].id;
    line.emulator.note_webhook(id, WebhookOutcome::Acknowledged);
    line.emulator.note_webhook(id, WebhookOutcome::TimedOut);
    line.wait(10_000);
    assert_eq!(line.emulator.take_due_webhooks(), []);
}

#[test]
fn repeated_and_shuffled_deliveries_still_tell_the_true_call() {
    let mut settings = WebhookSettings::default();
    settings.repeats = 2;
    settings.shuffle = Duration::from_secs(20);
    let mut line = line_with(settings);
    let user = |name: &str| UserId::any(name);
    for name in ["ann", "ben"] {
        let then = Then::HangUp(Duration::from_millis(700));
        let after = Duration::from_millis(300);
        line.emulator
            .set_script(name, Script::Answer { after, then });
    }
    let call = line.ring(&["ann", "ben", "reject"]);
    let mut events: Vec<Event> = receive(&mut line).into_iter().map(|d| d.event).collect();
    events.extend(receive_for(&mut line, 30_000));
    assert_eq!(events.len(), 7 * 3);
    let times: Vec<_> = events.iter().map(Event::event_time).collect();
    assert!(!times.is_sorted(), "they overtook each other");
    let mut timeline = CallTimeline::new(CallId::new(call).unwrap());
    for event in events {
        timeline.add(event);
    }
    assert_eq!(timeline.events().count(), 7);
    let state = timeline.state();
    assert_eq!(state.phase, CallPhase::Ended);
    assert_eq!(state.members[&user("ann")], MemberState::HungUp);
    assert_eq!(state.members[&user("ben")], MemberState::HungUp);
    assert_eq!(state.members[&user("reject")], MemberState::Rejected);
}

#[test]
fn the_control_api_sets_shows_and_forgets_webhooks_and_keeps_the_token_to_itself() {
    let mut line = Line::new();
    let mut call = |method: &str, path: &str, body: &str| -> (u16, Value) {
        let answer = line.handle(method, path, body.as_bytes());
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    };
    let (status, shown) = call(
        "PUT",
        "/emulator/webhooks",
        r#"{"url":"http://127.0.0.1:1/w","token":"MARKED","timeoutMs":100,"attempts":1,"retryAfterMs":5,"repeats":1,"shuffleMs":7}"#,
    );
    assert_eq!(status, 200, "{shown}");
    let expected = json!({
        "configuration": {
            "url": "http://127.0.0.1:1/w",
            "commands": CallbackConfiguration::ALL_COMMANDS,
        },
        "signed": true, "timeoutMs": 100, "attempts": 1, "retryAfterMs": 5, "repeats": 1, "shuffleMs": 7,
    });
    assert_eq!(shown, expected);
    assert_eq!(call("GET", "/emulator/webhooks", ""), (200, expected));
    for (body, field) in [
        (r#"{"url":"https://h/"}"#, "url"),
        (r#"{"url":"http://h/","commands":"all"}"#, "commands"),
        (r#"{"url":"http://h/","commands":[1]}"#, "commands"),
        (r#"{"token":""}"#, "token"),
        (r#"{"attempts":0}"#, "attempts"),
        (r#"{"repeats":101}"#, "repeats"),
        (r#"{"shuffle":1}"#, "shuffle"),
    ] {
        let (status, answer) = call("PUT", "/emulator/webhooks", body);
        assert_eq!(
            (status, &answer["error"]["field"]),
            (400, &json!(field)),
            "{body}"
        );
    }
    line.ring(&["noanswer"]);
    line.wait(7);
    let due = line.emulator.take_due_webhooks();
    assert_eq!(
        due.len(),
        2,
        "each delivery twice, both held back for up to 7 ms"
    );
    line.emulator
        .note_webhook(due[0].id, WebhookOutcome::UnsupportedUrl);
    let mut call = |method: &str, path: &str| -> (u16, Value) {
        let answer = line.handle(method, path, b"");
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    };
    let (_, deliveries) = call("GET", "/emulator/webhooks/deliveries");
    assert_eq!(deliveries.as_array().unwrap().len(), 2);
    assert!(!deliveries.to_string().contains("MARKED") && !deliveries.to_string().contains("Sign"));
    let over: Vec<&Value> = deliveries
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["isOver"] == true)
        .collect();
    assert_eq!(over.len(), 1);
    assert_eq!(over[0]["attempts"][0]["outcome"], "unsupported_url");
    assert_eq!(
        over[0]["body"]["CallbackCommand"],
        "Call.CallbackAfterStartCall"
    );
    let (_, later) = call("GET", "/emulator/webhooks/deliveries?since=1");
    assert_eq!(later.as_array().unwrap().len(), 1);
    let (_, shown) = call("DELETE", "/emulator/webhooks");
    assert_eq!(shown["configuration"], Value::Null);
    assert_eq!(shown["signed"], false);
}

#[test]
fn a_webhook_can_lack_what_is_documented_and_come_at_the_time_of_another() {
    let mut line = Line::new();
    let settings = r#"{"url":"http://127.0.0.1:8080/webhook","set":{"/EventTime":7,"/UserList":null},
        "remove":["/CallRecord/RoomIdType","/CallInfo/RoomIdType"]}"#;
    let answer = line.handle("PUT", "/emulator/webhooks", settings.as_bytes());
    assert_eq!(answer.status, 200);
    line.ring(&["reject"]);
    line.wait(10_000);
    let due = line.emulator.take_due_webhooks();
    assert_eq!(due.len(), 3);
    for webhook in due {
        let body: Value = serde_json::from_str(&webhook.body).unwrap();
        assert_eq!(body["EventTime"], 7);
        assert_eq!(body["UserList"], Value::Null);
        for object in ["CallRecord", "CallInfo"] {
            assert_eq!(
                body.pointer(&format!("/{object}/RoomIdType")),
                None,
                "{body}"
            );
        }
    }
}

#[test]
fn in_a_jump_every_attempt_is_made_at_its_own_moment_and_in_order() {
    let mut line = line_with(WebhookSettings::default());
    line.ring(&["reject"]);
    line.emulator.advance_by(Duration::from_secs(60));
    let mut sent = Vec::new();
    while let Some(webhook) = line.emulator.take_due_webhook() {
        sent.push(webhook.id);
        let refused = WebhookOutcome::Refused { status: 500 };
        line.emulator.note_webhook(webhook.id, refused);
    }
    // Started at 0, rejected and ended at 1000; each is tried three times, a second apart.
    assert_eq!(sent, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
    let attempts: Vec<Vec<u64>> = line
        .emulator
        .webhook_deliveries_since(0)
        .map(|delivery| {
            assert!(delivery.is_over);
            let attempts = delivery.attempts.iter();
            attempts
                .map(|attempt| attempt.at.0 - BEGINNING * 1000)
                .collect()
        })
        .collect();
    assert_eq!(
        attempts,
        [[0, 1000, 2000], [1000, 2000, 3000], [1000, 2000, 3000]]
    );
}
