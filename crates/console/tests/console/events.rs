//! The stream of what changes: nothing is missed, whoever goes and comes back.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, account_at, emulator, members};
use crate::stream::{Event, Stream};

fn is_about_a_call(event: &Event) -> bool {
    event.name == "call" || event.name == "call-continued"
}

fn is_over(event: &Event) -> bool {
    is_about_a_call(event) && event.data["result"].is_string()
}

#[tokio::test]
async fn changes_come_as_they_happen_with_rising_numbers() {
    let desk = Desk::emulated().await;
    let board = desk.get("/api/calls").await.ok();
    let after = board["lastEventId"].as_str().unwrap();
    let mut stream = Stream::open(&desk, after, "").await;
    let call_id = desk.ring(&["answer-50-hangup-50"]).await;
    let mut last = 0;
    loop {
        let event = stream.next().await;
        let (epoch, number) = event.id.rsplit_once('-').unwrap();
        assert!(after.starts_with(epoch));
        let number: u64 = number.parse().unwrap();
        assert!(number > last, "{number} after {last}");
        last = number;
        if is_about_a_call(&event) {
            assert_eq!(event.data["callId"], call_id.as_str());
            assert!(!event.data.to_string().contains("\"raw\""));
        }
        if is_over(&event) {
            break;
        }
    }
}

#[tokio::test]
async fn who_comes_back_with_the_last_id_misses_nothing() {
    let desk = Desk::emulated().await;
    let mut stream = Stream::open(&desk, "", "").await;
    let first = desk.ring(&["noanswer"]).await;
    let event = stream.until(|event| event.name == "call").await;
    drop(stream);

    // Meanwhile a call rings and ends, and the first one is ended.
    let second = desk.ring(&["answer-20-hangup-20"]).await;
    desk.call_when(&second, |call| call["result"].is_string())
        .await;
    desk.post(&format!("/api/calls/{first}/end"), json!({}))
        .await
        .ok();
    desk.call_when(&first, |call| call["result"].is_string())
        .await;

    for (after, header) in [
        (event.id.as_str(), ""),
        ("", event.id.as_str()),
        // The header is what a browser knows last.
        ("0-0", event.id.as_str()),
    ] {
        let mut stream = Stream::open(&desk, after, header).await;
        let mut results = BTreeMap::new();
        while results.len() < 2 {
            let event = stream.next().await;
            assert_ne!(event.name, "reset");
            if is_over(&event) {
                let call_id = event.data["callId"].as_str().unwrap().to_owned();
                results.insert(call_id, event.data["result"].clone());
            }
        }
        assert_eq!(results[&first], "Cancel");
        assert_eq!(results[&second], "NormalEnd");
    }
}

#[tokio::test]
async fn the_snapshot_tells_where_to_go_on() {
    let desk = Desk::emulated().await;
    desk.ring(&["noanswer"]).await;
    let board = desk.get("/api/calls").await.ok();
    let mut stream = Stream::open(&desk, board["lastEventId"].as_str().unwrap(), "").await;
    let change = json!({ "ingestRoomIdCoding": "numeric-1" });
    let set = desk.send(Method::PATCH, "/api/settings", &change).await;
    assert_eq!(set.ok()["ingestRoomIdCoding"], "numeric-1");
    // The emulator's webhooks may still come, but the call itself is known.
    let event = stream.until(|event| event.name == "settings").await;
    assert!(
        ["numeric-0", "numeric-1"].contains(&event.data["ingestRoomIdCoding"].as_str().unwrap())
    );
}

#[tokio::test]
async fn after_a_restart_the_page_is_told_to_begin_anew_and_stays_signed_in() {
    let server = emulator().await;
    let desk = Desk::asking(&server).await;
    let call_id = desk.ring(&["answer-0"]).await;
    let mut stream = Stream::open(&desk, "", "").await;
    let event = stream.next().await;
    let port = desk.address().port();
    let cookie_before = desk.own_request(Method::GET, "/api/session");
    let began = std::time::Instant::now();
    desk.console.shutdown().await;
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "an open stream holds it up"
    );

    let desk = Desk::at(account_at(&server), port).await;
    let still_in = desk.read(cookie_before.send().await.unwrap()).await.ok();
    assert_eq!(still_in, json!({ "active": true }));
    let board = desk.get("/api/calls").await.ok();
    assert_eq!(board["calls"], json!([]), "the board is gone");
    // Not by its number alone, which the new board may have reached.
    let (old_epoch, _) = event.id.rsplit_once('-').unwrap();
    let mut stream = Stream::open(&desk, &format!("{old_epoch}-0"), "").await;
    assert_eq!(stream.next().await.name, "reset");
    let mut stream = Stream::open(&desk, &event.id, "").await;
    let reset = stream.next().await;
    assert_eq!(reset.name, "reset");
    assert_eq!(reset.id, board["lastEventId"]);
    // The page asks for the call that it knew, and hears of it from now on.
    desk.call_when(&call_id, |call| call["state"] == "in_call")
        .await;
    desk.post(&format!("/api/calls/{call_id}/end"), json!({}))
        .await
        .ok();
    stream
        .until(|event| is_about_a_call(event) && event.data["state"] == "ended")
        .await;
}

#[tokio::test]
async fn an_id_that_makes_no_sense_is_one_of_another_board() {
    let desk = Desk::emulated().await;
    let last = desk.get("/api/calls").await.ok();
    let last = last["lastEventId"].as_str().unwrap();
    let epoch = last.rsplit_once('-').unwrap().0;
    for id in [
        "0123456789abcdef0123456789abcdef-0",
        "x",
        "1-x",
        "-",
        &format!("{epoch}-999999"),
        "%00",
        "7",
    ] {
        let mut stream = Stream::open(&desk, id, "").await;
        let event = stream.next().await;
        assert_eq!(
            (event.name.as_str(), event.id.as_str()),
            ("reset", last),
            "{id}"
        );
    }
}

#[tokio::test]
async fn many_readers_see_the_same() {
    let desk = Desk::emulated().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(Stream::open(&desk, "", "").await);
    }
    desk.ring(&["answer-20-hangup-20"]).await;
    for stream in &mut streams {
        let event = stream.until(is_over).await;
        assert_eq!(event.data["result"], "NormalEnd");
    }
}

/// How many bytes a stream holds until the call is over and its members are in those states, and the call as whoever
/// puts the events together has it.
async fn put_together(stream: &mut Stream, states: &[&str]) -> (usize, Value) {
    let mut bytes = 0;
    // In maps: a large call is told in many pieces.
    let (mut users, mut events) = (BTreeMap::new(), BTreeMap::new());
    loop {
        let event = stream.next().await;
        bytes += event.data.to_string().len();
        if !matches!(event.name.as_str(), "call" | "call-continued") {
            continue;
        }
        let mut call = event.data;
        for member in items(&mut call, "members") {
            users.insert(member["userId"].to_string(), member);
        }
        for event in items(&mut call, "events") {
            events.insert((event["at"].as_u64(), event["id"].as_u64()), event);
        }
        let mut members = users.values();
        if call["result"].is_string()
            && members.all(|member| states.contains(&member["state"].as_str().unwrap()))
        {
            call["members"] = users.into_values().collect();
            call["events"] = events.into_values().collect();
            return (bytes, call);
        }
    }
}

fn items(call: &mut Value, list: &str) -> Vec<Value> {
    serde_json::from_value(call[list].take()).unwrap()
}

#[tokio::test]
async fn who_puts_together_what_is_new_has_the_call_as_it_is() {
    let desk = Desk::emulated().await;
    let mut stream = Stream::open(&desk, "", "").await;
    let call_id = desk
        .ring(&[
            "answer-50-hangup-300",
            "reject",
            "answer-50-hangup-200",
            "busy",
        ])
        .await;
    let (_, followed) = put_together(&mut stream, &["left", "rejected", "busy"]).await;
    let board = desk.get("/api/calls").await.ok();
    let whole = &board["calls"][0];
    assert_eq!(whole["callId"], call_id.as_str());
    for part in [
        "members",
        "state",
        "result",
        "robot",
        "startedAt",
        "endedAt",
    ] {
        assert_eq!(followed[part], whole[part], "{part}");
    }
    // What was found out since is in the later one alone.
    let known = followed["events"].as_array().unwrap();
    let events = whole["events"].as_array().unwrap();
    assert!(
        known.iter().all(|event| events.contains(event)),
        "{known:#?}"
    );
}

#[tokio::test]
async fn a_call_of_200_is_told_in_less_than_300_kilobytes() {
    let desk = Desk::emulated().await;
    let mut stream = Stream::open(&desk, "", "").await;
    let callees: Vec<String> = (0..200)
        .map(|it| format!("answer-{it}-hangup-900-{it}"))
        .collect();
    let callees: Vec<&str> = callees.iter().map(String::as_str).collect();
    desk.ring(&callees).await;
    let (bytes, call) = put_together(&mut stream, &["left"]).await;
    assert_eq!(members(&call).len(), 200);
    assert!(bytes < 300_000, "{bytes}");
}
