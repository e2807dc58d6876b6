use std::time::Duration;

use trtc_call::webhook::{CallEnded, CallStarted, Delivery, Event, TestDelivery, parse_unsigned};
use trtc_call::{
    CallId, CallRecord, CallResult, MediaType, RoomId, UnixMillis, UnixSeconds, UserId,
};
use trtc_call_emulator::{FaultKind, Script};
use trtc_call_ledger::{Evidence, Ring, RingState, Verdict};

use crate::desk::{Desk, app, call, on_each_store};

on_each_store!(
    a_webhook_that_names_the_room_settles_what_is_unknown,
    a_record_that_names_the_room_settles_what_is_unknown,
    many_webhooks_are_taken_in_one_transaction,
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

async fn many_webhooks_are_taken_in_one_transaction(desk: Desk) {
    let users = ["jack", "jill", "jim"];
    desk.inject(FaultKind::CutBeforeReply, 3);
    let mut deliveries = Vec::new();
    for user in users {
        let call = call(user);
        let outcome = desk.ledger.ring_once(&desk.client, user, &call).await;
        let ring = outcome.unwrap().ring;
        assert_eq!(ring.state, RingState::Unknown);
        let call_id = CallId::new(format!("call-of-{user}")).unwrap();
        let mut started =
            CallStarted::new(call_id.clone(), MediaType::Audio, Vec::new(), UnixMillis(1));
        started.room = Some(room(&ring).into());
        let [robot, callee] = ["robot", user].map(|user| UserId::new(user).unwrap());
        let members = vec![robot.clone(), callee];
        let (begin, end) = (UnixSeconds(1), UnixSeconds(9));
        let mut record = CallRecord::new(call_id, robot, members, CallResult::Reject, begin, end);
        record.room = Some(room(&ring).into());
        deliveries.push(delivery(&Event::CallStarted(started)));
        let ended = CallEnded::new(record, UnixMillis(9_000));
        deliveries.push(delivery(&Event::CallEnded(ended)));
    }
    let elsewhere = CallStarted::new(
        CallId::new("another").unwrap(),
        MediaType::Audio,
        Vec::new(),
        UnixMillis(1),
    );
    deliveries.push(delivery(&Event::CallStarted(elsewhere)));
    let changed = desk.ledger.webhooks(app(), &deliveries).await.unwrap();
    assert_eq!(changed.len(), 3);
    for ring in &changed {
        assert_eq!(ring.state, RingState::Rung);
        assert_eq!(ring.call_result, Some(CallResult::Reject));
        assert_eq!(ring.updated_at, changed[0].updated_at, "one moment");
        let stored = desk.ledger.outcome(app(), &ring.key).await.unwrap();
        assert_eq!(stored.as_ref(), Some(ring));
    }
    let again = desk.ledger.webhooks(app(), &deliveries).await.unwrap();
    assert_eq!(again, [], "they may repeat");
    assert_eq!(desk.ledger.webhooks(app(), &[]).await.unwrap(), []);
}
