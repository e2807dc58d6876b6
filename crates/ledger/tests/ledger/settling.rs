use std::future::pending;
use std::time::Duration;

use trtc_call::webhook::{CallEnded, CallStarted, Delivery, Event, TestDelivery, parse_unsigned};
use trtc_call::{
    CallId, CallRecord, CallResult, MediaType, RoomId, UnixMillis, UnixSeconds, UserId,
};
use trtc_call_emulator::{FaultKind, Script};
use trtc_call_ledger::{Again, Evidence, Policy, Ring, RingState, Verdict, WorkerOptions};

use crate::desk::{Desk, app, call, key, on_each_store, queued};

on_each_store!(
    a_webhook_that_names_the_room_settles_what_is_unknown,
    a_record_that_names_the_room_settles_what_is_unknown,
    who_was_not_reached_is_rung_again_by_the_campaigns_policy,
);

async fn unknown(desk: &Desk) -> Ring {
    desk.inject(FaultKind::CutBeforeReply, 1);
    let outcome = desk
        .ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!(outcome.verdict, Verdict::Unknown);
    *outcome.ring
}

fn delivery(event: &Event) -> Delivery {
    let sent = TestDelivery::new(app(), event).unsigned();
    parse_unsigned(app(), &sent.query, sent.body.as_bytes()).unwrap()
}

fn room(ring: &Ring) -> RoomId {
    let room: String = serde_json::from_str(ring.room.as_str()).unwrap();
    RoomId::text(room).unwrap()
}

async fn a_webhook_that_names_the_room_settles_what_is_unknown(desk: Desk) {
    let ring = unknown(&desk).await;
    let started = |room| {
        let mut started = CallStarted::new(
            CallId::new("call-1").unwrap(),
            MediaType::Audio,
            Vec::new(),
            UnixMillis(1),
        );
        started.room = Some(room);
        delivery(&Event::CallStarted(started))
    };
    let elsewhere = started(RoomId::text("elsewhere").unwrap().into());
    assert_eq!(desk.ledger.webhook(app(), &elsewhere).await.unwrap(), []);
    let started = started(room(&ring).into());
    let settled = desk.ledger.webhook(app(), &started).await.unwrap();
    assert_eq!(settled[0].state, RingState::Rung);
    assert_eq!(settled[0].evidence, Some(Evidence::Webhook));
    assert_eq!(settled[0].call_id.as_ref().unwrap().as_str(), "call-1");
    assert_eq!(
        desk.ledger.webhook(app(), &started).await.unwrap(),
        [],
        "it may repeat"
    );

    let users = ["robot", "jack"].map(|user| UserId::new(user).unwrap());
    let mut record = CallRecord::new(
        CallId::new("call-1").unwrap(),
        users[0].clone(),
        users.to_vec(),
        CallResult::NormalEnd,
        UnixSeconds(1),
        UnixSeconds(9),
    );
    record.accept_time = Some(UnixSeconds(5));
    record.room = Some(room(&ring).into());
    let ended = delivery(&Event::CallEnded(CallEnded::new(record, UnixMillis(9_000))));
    let told = desk.ledger.webhook(app(), &ended).await.unwrap();
    assert_eq!(told[0].call_result, Some(CallResult::NormalEnd));
    assert_eq!(told[0].answered_at, Some(UnixSeconds(5)));
    let stats = desk.ledger.stats(app(), "").await.unwrap();
    assert_eq!((stats.rung, stats.answered, stats.ended), (1, 1, 1));
    let again = desk
        .ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!((again.verdict, again.repeated), (Verdict::Rung, true));
    assert_eq!(desk.rings("jack"), 1);
}

async fn a_record_that_names_the_room_settles_what_is_unknown(desk: Desk) {
    let script = Script::Reject {
        after: Duration::from_secs(1),
    };
    desk.server
        .with(|emulator| emulator.set_script("jack", script));
    let ring = unknown(&desk).await;
    assert_eq!(
        desk.ledger.sweep(&desk.client).await.unwrap(),
        0,
        "it is not time yet"
    );
    assert_eq!(
        desk.ledger.sweep_all(&desk.client).await.unwrap(),
        0,
        "there is no record yet"
    );
    let later = desk
        .ledger
        .outcome(app(), &ring.key)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(later.state, RingState::Unknown);
    assert!(later.look_at > ring.look_at, "it is looked for later");
    desk.server
        .with(|emulator| emulator.advance_by(Duration::from_secs(20)));
    assert_eq!(desk.ledger.sweep_all(&desk.client).await.unwrap(), 1);
    let settled = desk
        .ledger
        .outcome(app(), &ring.key)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (settled.state, settled.evidence),
        (RingState::Rung, Some(Evidence::Record))
    );
    assert_eq!(settled.call_result, Some(CallResult::Reject));
}

async fn who_was_not_reached_is_rung_again_by_the_campaigns_policy(desk: Desk) {
    let mut policy = Policy::default();
    policy.again = Some(Again::new(2, Duration::from_millis(100)));
    desk.ledger
        .create_campaign(app(), "spring", &policy, None)
        .await
        .unwrap();
    let mut row = queued("jack").of_campaign("spring");
    row.watched = true;
    let mut lost = queued("jill").of_campaign("spring");
    lost.watched = true;
    desk.ledger.enqueue(app(), vec![row, lost]).await.unwrap();
    let script = Script::Reject {
        after: Duration::ZERO,
    };
    desk.server.with(|emulator| {
        emulator.set_script("jack", Script::NoAnswer);
        emulator.set_script("jill", script);
    });
    for attempt in 1..=3 {
        desk.ledger
            .run(&desk.client, WorkerOptions::new("spring"), pending())
            .await
            .unwrap();
        desk.server
            .with(|emulator| emulator.advance_by(Duration::from_secs(20)));
        desk.ledger.sweep_all(&desk.client).await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert_eq!(desk.rings("jack"), attempt.min(2));
    }
    assert_eq!(desk.rings("jill"), 1, "who refused is not rung again");
    let second = desk
        .ledger
        .outcome(app(), &key("jack#2"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((second.attempt, second.first_key), (2, Some(key("jack"))));
    assert_eq!(second.call_result, Some(CallResult::NotAnswer));
    assert_eq!(
        desk.ledger.outcome(app(), &key("jack#3")).await.unwrap(),
        None
    );
}
