//! What the page may do to the emulator, where there is one.

use reqwest::Method;
use serde_json::json;

use crate::desk::{Desk, emulator, members};

#[tokio::test]
async fn scripts_are_set_all_or_none() {
    let desk = Desk::emulated().await;
    assert_eq!(desk.get("/api/emulator/scripts").await.ok(), json!({}));
    let scripts = json!({
        "jack": { "script": "reject", "afterMs": 10 },
        "rose": { "script": "no_answer" },
    });
    let set = desk
        .send(Method::PUT, "/api/emulator/scripts", &scripts)
        .await;
    assert_eq!(set.ok(), scripts);
    let call_id = desk.ring(&["jack", "rose"]).await;
    desk.call_when(&call_id, |call| {
        members(call) == [("jack", "rejected"), ("rose", "ringing")]
    })
    .await;

    let wrong = json!({
        "jack": { "script": "answer" },
        "mary": { "script": "sing" },
        "john": { "script": "busy" },
    });
    let problems = desk
        .send(Method::PUT, "/api/emulator/scripts", &wrong)
        .await;
    assert_eq!(problems.problems(), ["jack.afterMs", "mary.script"]);
    assert_eq!(
        desk.get("/api/emulator/scripts").await.ok(),
        scripts,
        "nothing has changed"
    );
    let less = json!({ "rose": { "script": "busy" } });
    desk.send(Method::PUT, "/api/emulator/scripts", &less)
        .await
        .ok();
    assert_eq!(
        desk.get("/api/emulator/scripts").await.ok(),
        less,
        "jack does what his name says"
    );
    let problems = desk
        .send(Method::PUT, "/api/emulator/scripts", &json!([]))
        .await;
    assert_eq!(problems.problems(), ["scripts"]);
}

#[tokio::test]
async fn time_jumps_and_the_console_goes_with_it() {
    let desk = Desk::emulated().await;
    let call_id = desk.ring(&["noanswer"]).await;
    // Beyond the life of every UserSig that was signed before.
    let two_days = json!({ "ms": 2 * 24 * 3_600_000 });
    let state = desk.post("/api/emulator/advance", two_days).await.ok();
    assert_eq!(state["aheadMs"], 2 * 24 * 3_600_000);
    let call = desk
        .call_when(&call_id, |call| call["state"] == "ended")
        .await;
    assert_eq!(members(&call), [("noanswer", "not_answered")]);
    let listed = desk.get("/api/records").await.ok();
    assert_eq!(listed["total"], 1);
    desk.ring(&["noanswer"]).await;
    for wrong in [json!({}), json!({ "ms": -1 }), json!({ "ms": "1" })] {
        let reply = desk.post("/api/emulator/advance", wrong).await;
        assert_eq!(reply.problems(), ["ms"]);
    }
    let reply = desk
        .send_text(Method::POST, "/api/emulator/advance", "{")
        .await;
    assert_eq!(reply.problems(), ["body"]);
}

#[tokio::test]
async fn seeds_are_counted() {
    let desk = Desk::emulated().await;
    let seed = |body| desk.post("/api/emulator/seed-records", body);
    assert_eq!(seed(json!({ "count": 3 })).await.ok()["records"], 3);
    assert_eq!(seed(json!({ "count": 4 })).await.ok()["records"], 7);
    assert_eq!(
        seed(json!({ "count": 100_001 })).await.problems(),
        ["count"]
    );
    assert_eq!(seed(json!({ "count": -1 })).await.problems(), ["count"]);
    assert_eq!(seed(json!({})).await.problems(), ["count"]);
    assert_eq!(desk.get("/api/calls").await.ok()["calls"], json!([]));
}

#[tokio::test]
async fn with_an_account_behind_there_is_nothing_to_play_with() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    for (method, path) in [
        (Method::GET, "/api/emulator/scripts"),
        (Method::PUT, "/api/emulator/scripts"),
        (Method::POST, "/api/emulator/advance"),
        (Method::POST, "/api/emulator/seed-records"),
    ] {
        let error = desk
            .send(method, path, &json!({ "ms": 1 }))
            .await
            .error(404);
        assert_eq!(error["code"], "not_found");
    }
}
