//! Webhooks that come in, are refused, sent again, made up.

use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use trtc_call::webhook::{
    Event, MemberAction, MemberChange, MembersChanged, TestDelivery, WebhookVerifier,
};
use trtc_call::{CallId, SdkAppId, UnixMillis, UnixSeconds, UserId};
use trtc_call_console::WebhookCheck;

use crate::desk::{Desk, Reply, account_at, app, emulator, webhook_token};

fn now() -> UnixSeconds {
    let now = std::time::SystemTime::now();
    let since_1970 = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixSeconds(since_1970.as_secs())
}

fn event(call_id: &str) -> Event {
    let jack = UserId::new("jack").unwrap();
    let answered = vec![MemberChange::new(jack, MemberAction::Answer)];
    let at = UnixMillis(now().0 * 1000);
    MembersChanged::new(CallId::new(call_id).unwrap(), Vec::new(), answered, at).into()
}

/// Sends it as the service does: through a tunnel with another name, without a session.
async fn deliver(desk: &Desk, query: &str, body: &str) -> Reply {
    let sent = desk
        .request(Method::POST, &format!("/webhooks/calls?{query}"))
        .header("host", "tunnel.example")
        .header("content-type", "application/json")
        .body(body.to_owned())
        .send()
        .await;
    desk.read(sent.unwrap()).await
}

#[tokio::test]
async fn what_is_signed_is_taken_and_noted() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    let sent = TestDelivery::new(app(), &event("call-1")).sign(&webhook_token(), now());
    let reply = deliver(&desk, &sent.query, &sent.body).await.ok();
    assert_eq!(reply["ActionStatus"], "OK");
    let deliveries = desk.get("/api/webhooks").await.ok();
    let noted = &deliveries[0];
    assert_eq!(noted["direction"], "in");
    assert_eq!(noted["command"], "Call.CallbackAfterMemberChanged");
    assert_eq!(noted["callId"], "call-1");
    assert_eq!(noted["verified"], true);
    assert_eq!(noted["status"], 200);
    assert_eq!(noted["query"], sent.query);
    assert_eq!(noted["body"], sent.body);
    assert!(noted["receivedAt"].as_u64().unwrap() / 1000 >= now().0 - 5);
    let path = format!("/api/webhooks/{}", noted["id"].as_str().unwrap());
    assert_eq!(desk.get(&path).await.ok(), *noted);
    assert_eq!(desk.get("/api/webhooks/999").await.status, 404);
    assert_eq!(desk.get("/api/webhooks/x").await.status, 404);
    let call = desk.get("/api/calls/call-1").await.ok();
    assert_eq!(call["members"][0]["state"], "in_call");
}

#[tokio::test]
async fn what_is_forged_is_refused_and_noted_and_changes_nothing() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    let signed = || TestDelivery::new(app(), &event("call-1"));
    let other_app = SdkAppId::new(7).unwrap();
    let good = signed().sign(&webhook_token(), now());
    let old = UnixSeconds(now().0 - 1000);
    for (query, body, status, code) in [
        (
            signed().unsigned().query,
            good.body.clone(),
            401,
            "missing_signature",
        ),
        (
            signed().sign(&webhook_token(), old).query,
            good.body.clone(),
            401,
            "too_old",
        ),
        (
            TestDelivery::new(other_app, &event("call-1"))
                .sign(&webhook_token(), now())
                .query,
            good.body.clone(),
            401,
            "other_app",
        ),
        (
            good.query.replace("Sign=", "Sign=0"),
            good.body.clone(),
            401,
            "wrong_signature",
        ),
        (good.query.clone(), "{".to_owned(), 400, "body_not_json"),
        (String::new(), String::new(), 401, "other_app"),
    ] {
        assert_eq!(deliver(&desk, &query, &body).await.status, status);
        let noted = desk.get("/api/webhooks").await.ok()[0].clone();
        assert_eq!(noted["verified"], false);
        assert_eq!(noted["status"], status);
        assert_eq!(noted["error"]["code"], code, "{noted}");
        assert!(!noted["error"]["message"].as_str().unwrap().is_empty());
    }
    let long = "x".repeat(300_000);
    assert_eq!(deliver(&desk, &good.query, &long).await.status, 413);
    assert_eq!(desk.get("/api/calls").await.ok()["calls"], json!([]));
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(settings["webhooks"]["receiving"], false);
}

#[tokio::test]
async fn what_a_page_in_a_browser_sends_is_refused_whatever_the_check() {
    let server = emulator().await;
    let unsigned = account_at(&server).webhooks(WebhookCheck::Unsigned);
    for desk in [Desk::listening(&server).await, Desk::at(unsigned, 0).await] {
        let sent = TestDelivery::new(app(), &event("call-1")).sign(&webhook_token(), now());
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-dest", "empty"),
        ] {
            for path in ["calls", "ingest"] {
                // As `fetch(url, { method: "POST", mode: "no-cors", body })` of any page does.
                let request = desk
                    .request(Method::POST, &format!("/webhooks/{path}?{}", sent.query))
                    .header(name, value)
                    .header("content-type", "text/plain")
                    .body(sent.body.clone());
                let reply = desk.read(request.send().await.unwrap()).await;
                assert_eq!(reply.status, 403, "{name}: {value}, {path}");
            }
        }
        assert_eq!(desk.get("/api/calls").await.ok()["calls"], json!([]));
        assert_eq!(desk.get("/api/webhooks").await.ok(), json!([]));
        assert_eq!(deliver(&desk, &sent.query, &sent.body).await.status, 200);
    }
}

#[tokio::test]
async fn without_a_token_none_are_taken_unless_unsigned_ones_are_wanted() {
    let server = emulator().await;
    let unsigned = TestDelivery::new(app(), &event("call-1")).unsigned();
    let desk = Desk::asking(&server).await;
    assert_eq!(
        deliver(&desk, &unsigned.query, &unsigned.body).await.status,
        404
    );
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(settings["webhooks"]["configured"], false);

    let config = account_at(&server).webhooks(WebhookCheck::Unsigned);
    let desk = Desk::at(config, 0).await;
    deliver(&desk, &unsigned.query, &unsigned.body).await.ok();
    let noted = desk.get("/api/webhooks").await.ok()[0].clone();
    assert_eq!(noted["verified"], false, "anybody can have sent it");
    assert_eq!(noted["status"], 200);
}

#[tokio::test]
async fn a_test_delivery_goes_through_the_whole_receiver_but_not_to_the_board() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    for command in [
        "Call.CallbackAfterStartCall",
        "Call.CallbackAfterMemberChanged",
        "Call.CallbackAfterEndCall",
    ] {
        let test = json!({ "command": command, "callId": "made-up" });
        let sent = desk.post("/api/webhooks/test", test).await.ok();
        assert_eq!(sent["direction"], "out");
        assert_eq!(sent["status"], 200);
        let deliveries = desk.get("/api/webhooks").await.ok();
        assert_eq!(deliveries[0], sent);
        let received = &deliveries[1];
        assert_eq!(received["direction"], "in");
        assert_eq!(received["command"], command);
        assert_eq!(received["verified"], true);
        assert_eq!(received["body"], sent["body"]);
    }
    assert_eq!(desk.get("/api/calls").await.ok()["calls"], json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_a_test_delivery_is_told_at_once() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    let post = |body: Value| desk.post("/api/webhooks/test", body);
    assert_eq!(post(json!({})).await.problems(), ["command"]);
    let wrong =
        json!({ "command": "Call.Nothing", "callId": "", "url": "http://example.com/", "odd": 1 });
    assert_eq!(post(wrong).await.problems(), ["callId", "url", "odd"]);
    let wrong = json!({ "command": "Call.Nothing" });
    assert_eq!(post(wrong).await.problems(), ["command"]);
    for url in [
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "ftp://127.0.0.1/",
        "",
        "x",
    ] {
        let wrong = json!({ "command": "Call.CallbackAfterEndCall", "url": url });
        assert_eq!(post(wrong).await.problems(), ["url"], "{url}");
    }
    let desk = Desk::asking(&server).await;
    let wrong = json!({ "command": "Call.CallbackAfterEndCall" });
    let problems = desk.post("/api/webhooks/test", wrong).await.problems();
    assert_eq!(problems, ["url"], "this console takes none");
}

/// Answers each request with that status, and keeps what it got.
async fn receiver(status: u16) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?own=1", listener.local_addr().unwrap());
    let received = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&received);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = String::new();
            while !text.ends_with('}') {
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).await.unwrap();
                text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
            }
            keep.lock().unwrap().push(text);
            let reply = format!(
                "HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:1/\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            );
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    (url, received)
}

#[tokio::test]
async fn a_test_delivery_to_another_receiver_is_signed_as_the_service_signs() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    let (url, received) = receiver(204).await;
    let test = json!({ "command": "Call.CallbackAfterEndCall", "url": url });
    let sent = desk.post("/api/webhooks/test", test).await.ok();
    assert_eq!(sent["status"], 204);
    assert_eq!(sent["url"], url);
    let text = received.lock().unwrap().pop().unwrap();
    let query = text.split(' ').nth(1).unwrap().split_once('?').unwrap().1;
    let body = text.split_once("\r\n\r\n").unwrap().1;
    let delivery = WebhookVerifier::new(app(), &webhook_token())
        .verify(query, body.as_bytes(), now())
        .unwrap();
    assert_eq!(delivery.other_parameters["own"], "1");
    assert!(matches!(delivery.event, Event::CallEnded(_)));

    // Redirects are not followed, and who is not there is said not to be.
    let (url, received) = receiver(302).await;
    let test = json!({ "command": "Call.CallbackAfterEndCall", "url": url });
    assert_eq!(
        desk.post("/api/webhooks/test", test).await.ok()["status"],
        302
    );
    assert_eq!(received.lock().unwrap().len(), 1);
    let test = json!({ "command": "Call.CallbackAfterEndCall", "url": "http://127.0.0.1:1/" });
    let failed = desk.post("/api/webhooks/test", test).await.ok();
    assert_eq!(failed["status"], "not_delivered");
    assert_eq!(failed["error"]["code"], "not_delivered");
    assert!(
        !failed["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Sign")
    );
}

#[tokio::test]
async fn a_delivery_is_sent_again_freshly_signed() {
    let server = emulator().await;
    let desk = Desk::listening(&server).await;
    let sent = TestDelivery::new(app(), &event("call-1")).sign(&webhook_token(), now());
    deliver(&desk, &sent.query, &sent.body).await.ok();
    let original = desk.get("/api/webhooks").await.ok()[0].clone();
    let path = format!("/api/webhooks/{}/replay", original["id"].as_str().unwrap());
    let replayed = desk.send_text(Method::POST, &path, "").await.ok();
    assert_eq!(replayed["status"], 200);
    assert_eq!(replayed["body"], original["body"]);
    let again = desk.get("/api/webhooks").await.ok()[1].clone();
    assert_eq!(again["direction"], "in");
    assert_eq!(again["verified"], true);
    let events = desk.get("/api/calls/call-1").await.ok()["events"].clone();
    let answers = events.as_array().unwrap().iter();
    let answers = answers.filter(|event| event["kind"] == "answered");
    assert_eq!(answers.count(), 1, "a repeat tells nothing new");

    let (url, received) = receiver(200).await;
    let elsewhere = desk.post(&path, json!({ "url": url })).await.ok();
    assert_eq!(elsewhere["url"], url);
    assert_eq!(received.lock().unwrap().len(), 1);
    assert_eq!(
        desk.post(&path, json!({ "url": 1 })).await.problems(),
        ["url"]
    );
    assert_eq!(
        desk.post("/api/webhooks/999/replay", json!({}))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_callback_configuration_is_set_shown_and_deleted() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    assert_eq!(desk.get("/api/callback").await.ok(), Value::Null);
    let url = "https://example.com/webhooks";
    let set = json!({ "url": url, "commands": ["Call.CallbackAfterEndCall"] });
    let reply = desk.send(Method::PUT, "/api/callback", &set).await.ok();
    assert!(reply["requestId"].is_string());
    let shown = desk.get("/api/callback").await.ok();
    assert_eq!(shown["url"], url);
    assert_eq!(shown["commands"], json!(["Call.CallbackAfterEndCall"]));
    let wrong = json!({ "url": "ftp://x", "commands": ["Call.Odd"], "odd": 1 });
    let problems = desk
        .send(Method::PUT, "/api/callback", &wrong)
        .await
        .problems();
    assert_eq!(problems, ["url", "commands[0]", "odd"]);
    let problems = desk.send(Method::PUT, "/api/callback", &json!({})).await;
    assert_eq!(problems.problems(), ["url", "commands"]);
    for _ in 0..2 {
        desk.send(Method::DELETE, "/api/callback", &json!({}))
            .await
            .ok();
        assert_eq!(desk.get("/api/callback").await.ok(), Value::Null);
    }
}
