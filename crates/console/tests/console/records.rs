//! Records of past calls, many of them.

use std::collections::BTreeSet;

use serde_json::json;

use crate::desk::Desk;

#[tokio::test]
async fn ten_thousand_records_are_paged_without_gap_or_repeat() {
    let desk = Desk::emulated().await;
    let seeded = desk
        .post("/api/emulator/seed-records", json!({ "count": 10_000 }))
        .await
        .ok();
    assert_eq!(seeded["records"], 10_000);
    let mut ids = BTreeSet::new();
    let mut latest = u64::MAX;
    for page in 1..=20 {
        let path = format!("/api/records?pageSize=500&page={page}");
        let listed = desk.get(&path).await.ok();
        assert_eq!(listed["total"], 10_000);
        assert_eq!(listed["page"], page);
        for record in listed["records"].as_array().unwrap() {
            ids.insert(record["callId"].as_str().unwrap().to_owned());
            let start = record["startTime"].as_u64().unwrap();
            assert!(start <= latest, "the latest come first");
            latest = start;
        }
    }
    assert_eq!(ids.len(), 10_000);
    let behind = desk.get("/api/records?pageSize=500&page=21").await.ok();
    assert_eq!(
        (&behind["page"], &behind["records"]),
        (&json!(0), &json!([]))
    );
}

#[tokio::test]
async fn a_filter_narrows_the_list() {
    let desk = Desk::emulated().await;
    desk.post("/api/emulator/seed-records", json!({ "count": 500 }))
        .await
        .ok();
    let path = "/api/records?result=NotAnswer&callType=SingleCall&pageSize=500";
    let listed = desk.get(path).await.ok();
    let records = listed["records"].as_array().unwrap();
    assert!(!records.is_empty() && records.len() < 250);
    for record in records {
        assert_eq!(record["result"], "NotAnswer");
        assert_eq!(record["callType"], "SingleCall");
        assert_eq!(record["wasAnswered"], false);
        assert_eq!(record["members"].as_array().unwrap().len(), 2);
    }
    let one = records[0]["callId"].as_str().unwrap();
    let reply = desk.get(&format!("/api/records/{one}")).await.ok();
    assert_eq!(reply["record"]["callId"], one);
    assert_eq!(reply["wasAnswered"], false);
    let since = records[10]["startTime"].as_u64().unwrap();
    let later = desk.get(&format!("{path}&startTime={since}")).await.ok();
    let later = later["records"].as_array().unwrap().len();
    assert!((11..records.len()).contains(&later), "{later}");
}

#[tokio::test]
async fn no_record_is_an_empty_page_and_an_unknown_one_is_not_there() {
    let desk = Desk::emulated().await;
    let listed = desk.get("/api/records").await.ok();
    assert_eq!(listed["total"], 0);
    assert_eq!(listed["records"], json!([]));
    let error = desk.get("/api/records/nobody").await.error(404);
    assert_eq!(error["errorCode"], 101_050);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_filter_is_told_at_once() {
    let desk = Desk::emulated().await;
    let path = "/api/records?startTime=-1&endTime=soon&pageSize=0&page=-1&odd=1";
    let mut fields = desk.get(path).await.problems();
    fields.sort();
    assert_eq!(fields, ["endTime", "odd", "page", "pageSize", "startTime"]);
}
