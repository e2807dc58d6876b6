//! The log of what was said to the service.

use serde_json::json;

use crate::desk::{Desk, SECRET_KEY, emulator};

#[tokio::test]
async fn every_request_is_in_the_log_with_what_was_answered() {
    let desk = Desk::emulated().await;
    assert_eq!(desk.get("/api/requests").await.ok(), json!([]));
    let call_id = desk.ring(&["noanswer-1"]).await;
    desk.get("/api/callback").await.ok();
    desk.get("/api/records/no-such-call").await.error(404);
    let log = desk.get("/api/requests").await.ok();
    let of = |command: &str| {
        let mut found = log.as_array().unwrap().iter();
        found.find(|it| it["command"] == command).unwrap()
    };
    let started = of("start_call_by_robot");
    assert_eq!(started["callId"], call_id);
    assert_eq!(started["status"], 200);
    assert_eq!(started["errorCode"], 0);
    assert!(started["code"].is_null(), "{started}");
    assert_eq!(started["attempt"], 1);
    assert!(started["tookMs"].is_u64());
    assert!(
        started.get("request").is_none(),
        "what is long is asked for"
    );
    let missing = of("get_record_by_callid");
    assert_eq!(missing["errorCode"], 101_050);
    assert_eq!(missing["code"], "record_not_found");
    assert_eq!(missing["callId"], "no-such-call");

    let whole = desk
        .get(&format!("/api/requests/{}", started["id"]))
        .await
        .ok();
    let request = whole["request"].as_str().unwrap();
    assert!(
        request.contains("usersig=(hidden)") || !request.contains("usersig=e"),
        "{request}"
    );
    assert!(!request.contains(SECRET_KEY));
    assert!(whole["reply"].as_str().unwrap().contains(&call_id));
    assert_eq!(whole["requestId"], started["requestId"]);

    let last = &log[0]["id"];
    let news = desk.get(&format!("/api/requests?after={last}")).await.ok();
    let news = news.as_array().unwrap().iter();
    assert!(news.clone().all(|it| it["id"].as_u64() > last.as_u64()));
    for id in ["0", "x", "999999"] {
        assert_eq!(desk.get(&format!("/api/requests/{id}")).await.status, 404);
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_is_in_the_log_attempt_by_attempt() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    server.shutdown().await;
    desk.get("/api/callback").await.error(502);
    let log = desk.get("/api/requests").await.ok();
    let attempts: Vec<_> = log.as_array().unwrap().iter().rev().collect();
    assert!(attempts.len() > 1, "reading is tried again: {log}");
    for (index, one) in attempts.iter().enumerate() {
        assert_eq!(one["attempt"], index + 1);
        assert_eq!(one["code"], "connect_failed");
        assert!(one["status"].is_null() && one["errorCode"].is_null());
    }
}
