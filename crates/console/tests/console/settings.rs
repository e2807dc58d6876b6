//! What is set up, and what is missing; and tokens made with the console's key.

use std::num::NonZeroU32;

use reqwest::Method;
use serde_json::json;
use trtc_call::usersig::UserSigVerifier;
use trtc_call::{Region, SecretKey, UnixSeconds};
use trtc_call_console::Service;

use crate::desk::{Desk, SECRET_KEY, app, config, emulator};

#[tokio::test]
async fn settings_say_whose_console_it_is_and_what_is_missing() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(settings["mode"], "account");
    assert_eq!(settings["sdkAppId"], app().get());
    assert_eq!(settings["admin"], "administrator");
    assert_eq!(settings["robot"], "robot");
    assert_eq!(settings["baseUrl"], server.base_url());
    assert_eq!(settings["ingestRoomIdCoding"], "numeric-0");
    assert_eq!(settings["missing"][0]["what"], "webhooks");
    assert!(
        settings["missing"][0]["fix"]
            .as_str()
            .unwrap()
            .contains("TRTC_WEBHOOK_TOKEN")
    );

    let desk = Desk::emulated().await;
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(settings["mode"], "emulator");
    assert_eq!(settings["webhooks"]["configured"], true);
    assert_eq!(settings["missing"], json!([]));
    desk.ring(&["noanswer"]).await;
    for _ in 0..100 {
        let settings = desk.get("/api/settings").await.ok();
        if settings["webhooks"]["receiving"] == true {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the emulator's webhooks do not come");
}

#[tokio::test]
async fn settings_change_only_as_they_can() {
    let desk = Desk::emulated().await;
    let patch = |body: serde_json::Value| {
        let desk = &desk;
        async move { desk.send(Method::PATCH, "/api/settings", &body).await }
    };
    let changed = patch(json!({ "ingestRoomIdCoding": "numeric-1" }))
        .await
        .ok();
    assert_eq!(changed["ingestRoomIdCoding"], "numeric-1");
    assert_eq!(
        patch(json!({})).await.ok()["ingestRoomIdCoding"],
        "numeric-1"
    );
    let wrong = json!({ "ingestRoomIdCoding": "numeric-2", "secretKey": "x" });
    assert_eq!(
        patch(wrong).await.problems(),
        ["ingestRoomIdCoding", "secretKey"]
    );
    assert_eq!(
        patch(json!({ "ingestRoomIdCoding": 1 })).await.problems(),
        ["ingestRoomIdCoding"]
    );
    assert_eq!(
        desk.get("/api/settings").await.ok()["ingestRoomIdCoding"],
        "numeric-1"
    );
}

#[tokio::test]
async fn a_user_sig_is_signed_with_the_key_of_the_console() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let wanted = json!({ "userId": "jack", "expireSeconds": 600 });
    let signed = desk.post("/api/usersig", wanted).await.ok();
    let expires_at = signed["expiresAt"].as_u64().unwrap();
    let key = SecretKey::new(SECRET_KEY).unwrap();
    let verifier = UserSigVerifier::new(app(), &key);
    let token = signed["userSig"].as_str().unwrap();
    let is_valid = |at| verifier.verify(token, "jack", UnixSeconds(at)).is_ok();
    assert!(is_valid(expires_at - 1) && !is_valid(expires_at));

    let post = |body| desk.post("/api/usersig", body);
    assert_eq!(
        post(json!({})).await.problems(),
        ["userId", "expireSeconds"]
    );
    let wrong = json!({ "userId": "ja ck", "expireSeconds": 0, "odd": 1 });
    assert_eq!(
        post(wrong).await.problems(),
        ["userId", "expireSeconds", "odd"]
    );
    let wrong = json!({ "userId": "jack", "expireSeconds": -1.5 });
    assert_eq!(post(wrong).await.problems(), ["expireSeconds"]);
}

#[tokio::test]
async fn settings_tell_region_backup_host_and_how_fast_requests_are_sent() {
    let account = || config(Service::Account(Region::Tokyo));
    let settings = Desk::at(account(), 0).await.get("/api/settings").await.ok();
    assert_eq!(settings["region"], "tokyo");
    assert_eq!(settings["backupHost"], true);
    assert_eq!(settings["requestsPerSecond"], 200);
    let slow = account()
        .backup_host(false)
        .requests_per_second(NonZeroU32::new(20).unwrap());
    let settings = Desk::at(slow, 0).await.get("/api/settings").await.ok();
    assert_eq!(settings["backupHost"], false);
    assert_eq!(settings["requestsPerSecond"], 20);
    let settings = Desk::emulated().await.get("/api/settings").await.ok();
    assert_eq!(settings["backupHost"], json!(null), "there is none");
}
