//! Campaigns in the ledger of the console's application.

use std::future::pending;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::{BaseUrl, Client, JsonText, MediaType, Region, SecretKey, UserId};
use trtc_call_console::WebhookCheck;
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{CallbackConfiguration, Fault, FaultKind, WebhookSettings};
use trtc_call_ledger::{Ledger, NewRing, Policy, RingKey, RunReport, WorkerOptions};

use crate::desk::{Desk, SECRET_KEY, account_at, app, emulator, webhook_token};
use crate::stream::Stream;

/// A console with a ledger, and the worker's place beside it.
struct Hall {
    desk: Desk,
    server: Server,
    ledger: Ledger,
    client: Client,
    _folder: TempDir,
}

impl Hall {
    async fn with(users: &[&str]) -> Hall {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("rings.db");
        let ledger = Ledger::open(path.to_str().unwrap()).await.unwrap();
        ledger
            .create_campaign(app(), "autumn / 秋", &Policy::default(), Some("users.csv"))
            .await
            .unwrap();
        let rings = users.iter().zip(1..).map(|(user, line)| {
            let call = Request::builder("robot", [*user], MediaType::Audio);
            let call = call.ring_timeout(Duration::from_secs(10)).build().unwrap();
            let mut ring = NewRing::queued(RingKey::new(*user).unwrap(), call);
            ring = ring.of_campaign("autumn / 秋");
            ring.line = Some(line);
            ring.data = Some(JsonText::of(&json!({ "order": 9_007_199_254_740_993_u64 })).unwrap());
            ring
        });
        ledger.enqueue(app(), rings.collect()).await.unwrap();

        let server = emulator().await;
        let config = account_at(&server)
            .webhooks(WebhookCheck::Token(webhook_token()))
            .ledger(ledger.clone());
        let desk = Desk::at(config, 0).await;
        let region = Region::Custom(BaseUrl::new(&server.base_url()).unwrap());
        let key = SecretKey::new(SECRET_KEY).unwrap();
        let admin = UserId::new("administrator").unwrap();
        let client = Client::builder(app(), key, admin, region).build().unwrap();
        Hall {
            desk,
            server,
            ledger,
            client,
            _folder: folder,
        }
    }

    /// A worker rings what there is to ring.
    async fn work(&self) -> RunReport {
        let mut options = WorkerOptions::new("autumn / 秋");
        options.sweep = false;
        let run = self.ledger.run(&self.client, options, pending());
        run.await.unwrap()
    }

    fn lose_a_reply(&self) {
        let fault = Fault::new(FaultKind::CutBeforeReply).only("start_call_by_robot");
        self.server.with(|emulator| emulator.inject(fault.times(1)));
    }
}

/// The campaign's name in an address.
const AUTUMN: &str = "autumn%20%2F%20%E7%A7%8B";

#[tokio::test]
async fn a_console_without_a_ledger_says_so() {
    let desk = Desk::emulated().await;
    let settings = desk.get("/api/settings").await.ok();
    assert_eq!(settings["ledger"], false);
    for path in ["/api/campaigns", "/api/rings/jack", "/api/campaigns/a/rows"] {
        let error = desk.get(path).await.error(404);
        assert_eq!(error["code"], "ledger_off", "{path}");
    }
}

#[tokio::test]
async fn who_looks_at_a_campaign_sees_it_being_rung() {
    let hall = Hall::with(&["noanswer-1", "noanswer-2", "noanswer-3"]).await;
    let settings = hall.desk.get("/api/settings").await.ok();
    assert_eq!(settings["ledger"], true);
    assert!(!settings.to_string().contains("rings.db"), "{settings}");

    let mut stream = Stream::open_at(&hall.desk, "/api/campaigns", "").await;
    let first = stream.next().await;
    assert_eq!(first.name, "campaigns");
    let campaign = &first.data[0];
    assert_eq!(campaign["name"], "autumn / 秋");
    assert_eq!(campaign["state"], "running");
    assert_eq!(campaign["counts"]["queued"], 3);
    assert!(campaign["counts"]["lastSent"].is_null());
    assert!(campaign["at"].as_u64() >= campaign["counts"]["nextDue"].as_u64());

    assert_eq!(hall.work().await.rung, 3);
    let rung = stream
        .until(|event| event.data["counts"]["rung"] == 3)
        .await;
    assert_eq!(rung.name, "campaign");
    assert!(rung.data["counts"]["lastSent"].is_u64());

    let path = format!("/api/campaigns?name={AUTUMN}");
    let mut alone = Stream::open_at(&hall.desk, &path, "").await;
    assert_eq!(alone.next().await.data.as_array().unwrap().len(), 1);
    let mut nowhere = Stream::open_at(&hall.desk, "/api/campaigns?name=spring", "").await;
    assert_eq!(nowhere.next().await.data, json!([]));
}

#[tokio::test]
async fn rows_come_in_pages_by_state_and_a_ring_has_its_history() {
    let hall = Hall::with(&["a", "b", "c", "d", "e"]).await;
    let rows = format!("/api/campaigns/{AUTUMN}/rows");
    let page = hall.desk.get(&format!("{rows}?limit=2")).await.ok();
    assert_eq!(page[0]["key"], "a");
    assert_eq!(page[1]["users"], json!(["b"]));
    assert_eq!(page.as_array().unwrap().len(), 2);
    let behind = &page[1]["seq"];
    let page = hall
        .desk
        .get(&format!("{rows}?limit=2&behind={behind}"))
        .await
        .ok();
    assert_eq!(page[0]["key"], "c");
    let none = hall.desk.get(&format!("{rows}?state=rung")).await.ok();
    assert_eq!(none, json!([]));
    for (query, field) in [("state=rang", "state"), ("behind=a", "behind")] {
        let reply = hall.desk.get(&format!("{rows}?{query}")).await;
        assert_eq!(reply.problems(), [field]);
    }

    hall.work().await;
    let whole = hall.desk.get("/api/rings/a").await.ok();
    let history = whole["history"].as_array().unwrap().iter();
    let states: Vec<&str> = history.map(|it| it["state"].as_str().unwrap()).collect();
    // A ring that missed its slot, on a busy machine, was queued before: what counts is the last time.
    let last = states.iter().rposition(|state| *state == "queued").unwrap();
    assert_eq!(states[last..], ["queued", "claimed", "sending", "rung"]);
    assert_eq!(states[0], "queued");
    assert_eq!(whole["campaign"], "autumn / 秋");
    assert_eq!(whole["data"], r#"{"order":9007199254740993}"#);
    assert!(whole["callId"].is_string(), "{whole}");
    assert!(
        whole["request"]
            .as_str()
            .unwrap()
            .contains("\"Robot_Account\":\"robot\"")
    );
    let error = hall.desk.get("/api/rings/nobody").await.error(404);
    assert_eq!(error["code"], "not_found");
}

#[tokio::test]
async fn a_campaign_is_paused_resumed_and_cancelled_for_good() {
    let hall = Hall::with(&["a", "b"]).await;
    let control = |what: &str| format!("/api/campaigns/{AUTUMN}/{what}");
    let mut stream = Stream::open_at(&hall.desk, "/api/campaigns", "").await;
    // As it is before anything is asked for: what had changed by then would be told as it is, and not as a change.
    assert_eq!(stream.next().await.name, "campaigns");
    for (what, state) in [("pause", "paused"), ("resume", "running")] {
        hall.desk.post(&control(what), json!({})).await.ok();
        stream.until(|event| event.data["state"] == state).await;
    }
    let done = hall.desk.post(&control("cancel"), json!({})).await.ok();
    assert_eq!(done, json!({ "cancelled": 2 }));
    let cancelled = stream
        .until(|event| event.data["counts"]["cancelled"] == 2)
        .await;
    assert_eq!(cancelled.data["state"], "cancelled");
    let error = hall
        .desk
        .post(&control("resume"), json!({}))
        .await
        .error(400);
    assert_eq!(error["problems"][0]["code"], "campaign_cancelled");
    let gone = hall
        .desk
        .post("/api/campaigns/spring/pause", json!({}))
        .await;
    assert_eq!(gone.error(400)["problems"][0]["code"], "not_in_ledger");
    hall.desk.post(&control("ring"), json!({})).await.error(404);
    hall.work().await;
    assert_eq!(hall.server.with(|emulator| emulator.rings("a")), 0);
}

#[tokio::test]
async fn a_person_settles_what_is_unknown_once_and_it_never_rings_again() {
    let hall = Hall::with(&["noanswer-1"]).await;
    hall.lose_a_reply();
    assert_eq!(hall.work().await.unknown, 1);
    let settle = "/api/rings/noanswer-1/settle";
    assert_eq!(
        hall.desk.post(settle, json!({})).await.problems(),
        ["hasRung"]
    );
    let body = json!({ "hasRung": false });
    let settled = hall.desk.post(settle, body.clone()).await.ok();
    assert_eq!(settled["state"], "presumed_not_rung");
    assert_eq!(settled["evidence"], "hand");
    let error = hall.desk.post(settle, body).await.error(400);
    assert_eq!(error["problems"][0]["code"], "wrong_ring_state");
    let state = &error["problems"][0]["parameters"]["state"];
    assert_eq!(state, "presumed_not_rung");
    hall.work().await;
    assert_eq!(hall.server.with(|emulator| emulator.rings("noanswer-1")), 1);
}

#[tokio::test]
async fn a_signed_webhook_settles_what_is_unknown() {
    let hall = Hall::with(&["noanswer-1"]).await;
    let url = hall.desk.url("/webhooks/calls");
    hall.server.with(|emulator| {
        let mut settings = WebhookSettings::default();
        settings.token = Some(webhook_token());
        emulator.set_callback_configuration(Some(CallbackConfiguration::everything(url)));
        emulator.set_webhook_settings(settings);
    });
    hall.lose_a_reply();
    hall.work().await;
    let mut stream = Stream::open_at(&hall.desk, "/api/campaigns", "").await;
    stream
        .until(|event| {
            let campaign = if event.data.is_array() {
                &event.data[0]
            } else {
                &event.data
            };
            campaign["counts"]["rung"] == 1
        })
        .await;
    let ring = hall.desk.get("/api/rings/noanswer-1").await.ok();
    assert_eq!(ring["evidence"], "webhook");
}
