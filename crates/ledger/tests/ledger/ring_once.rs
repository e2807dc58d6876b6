use std::time::{Duration, Instant};

use trtc_call::{ErrorCode, SdkAppId};
use trtc_call_emulator::FaultKind;
use trtc_call_ledger::{Evidence, LedgerError, RingState, Verdict};

use crate::desk::{Desk, app, call, client, key, on_each_store};

on_each_store!(
    a_key_rings_once_and_others_are_told_the_outcome,
    many_at_once_from_several_ledgers_ring_once,
    a_key_that_stands_for_another_call_rings_nobody,
    a_refusal_is_kept_and_not_tried_again,
    an_unknown_outcome_is_kept_and_never_sent_again,
    what_surely_had_no_effect_is_tried_again_and_then_left_for_the_next_who_asks,
    a_refusal_for_frequency_is_tried_again,
    a_future_that_is_dropped_rings_to_the_end,
    two_applications_in_a_database_are_apart,
    a_bad_key_is_named,
    nothing_is_sent_for_a_ring_that_was_taken_back,
);

async fn a_key_rings_once_and_others_are_told_the_outcome(desk: Desk) {
    let first = desk
        .ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!((first.verdict, first.repeated), (Verdict::Rung, false));
    assert_eq!(first.ring.evidence, Some(Evidence::Reply));
    for ledger in [desk.ledger.clone(), desk.another().await] {
        let again = ledger
            .ring_once(&desk.client, "order-1", &call("jack"))
            .await
            .unwrap();
        assert_eq!((again.verdict, again.repeated), (Verdict::Rung, true));
        assert_eq!(again.ring.call_id, first.ring.call_id);
        assert!(again.ring.call_id.is_some());
    }
    assert_eq!(desk.rings("jack"), 1);
    let stored = desk
        .ledger
        .outcome(app(), &key("order-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored, *first.ring);
    let states: Vec<RingState> = stored.history.iter().map(|step| step.state).collect();
    let passed = [
        RingState::Queued,
        RingState::Claimed,
        RingState::Sending,
        RingState::Rung,
    ];
    // Where the machine is busy, it may have missed its slot before.
    assert!(states.ends_with(&passed), "{states:?}");
}

async fn many_at_once_from_several_ledgers_ring_once(desk: Desk) {
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let ledger = desk.another().await;
        for _ in 0..8 {
            let (ledger, client) = (ledger.clone(), desk.client.clone());
            asking.spawn(async move { ledger.ring_once(&client, "order-1", &call("jack")).await });
        }
    }
    let mut sent = 0;
    while let Some(outcome) = asking.join_next().await {
        let outcome = outcome.unwrap().unwrap();
        sent += u32::from(!outcome.repeated);
        let told = [Verdict::Rung, Verdict::InProgress];
        assert!(told.contains(&outcome.verdict), "{outcome:?}");
    }
    assert_eq!((sent, desk.rings("jack")), (1, 1));
}

async fn a_key_that_stands_for_another_call_rings_nobody(desk: Desk) {
    desk.ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    let other = desk
        .ledger
        .ring_once(&desk.client, "order-1", &call("jill"))
        .await
        .unwrap();
    assert_eq!((other.verdict, other.repeated), (Verdict::KeyReused, true));
    assert_eq!(desk.rings("jill"), 0);
}

async fn a_refusal_is_kept_and_not_tried_again(desk: Desk) {
    desk.inject(FaultKind::ErrorCode(ErrorCode(60020)), 1);
    for repeated in [false, true] {
        let outcome = desk
            .ledger
            .ring_once(&desk.client, "order-1", &call("jack"))
            .await
            .unwrap();
        assert_eq!(
            (outcome.verdict, outcome.repeated),
            (Verdict::Refused, repeated)
        );
        assert_eq!(outcome.ring.failure.unwrap().code, "package_expired");
    }
    assert_eq!(desk.rings("jack"), 0);
}

async fn an_unknown_outcome_is_kept_and_never_sent_again(desk: Desk) {
    desk.inject(FaultKind::CutBeforeReply, 1);
    for repeated in [false, true] {
        let outcome = desk
            .ledger
            .ring_once(&desk.client, "order-1", &call("jack"))
            .await
            .unwrap();
        assert_eq!(
            (outcome.verdict, outcome.repeated),
            (Verdict::Unknown, repeated)
        );
        assert_eq!(outcome.ring.failure.unwrap().code, "connection_interrupted");
    }
    assert_eq!(desk.rings("jack"), 1);
    // By hand, in both ways, and never back.
    let key = key("order-1");
    let settled = desk.ledger.settle(app(), &key, false).await.unwrap();
    assert_eq!(settled.state, RingState::PresumedNotRung);
    let outcome = desk
        .ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!(outcome.verdict, Verdict::PresumedNotRung);
    let settled = desk.ledger.settle(app(), &key, true).await.unwrap();
    assert_eq!(
        (settled.state, settled.evidence),
        (RingState::Rung, Some(Evidence::Hand))
    );
    assert!(desk.ledger.settle(app(), &key, false).await.is_err());
    assert_eq!(desk.rings("jack"), 1);
}

async fn what_surely_had_no_effect_is_tried_again_and_then_left_for_the_next_who_asks(desk: Desk) {
    let nobody = client(app(), "http://127.0.0.1:9");
    let outcome = desk
        .ledger
        .ring_once(&nobody, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!(outcome.verdict, Verdict::NotSent);
    assert_eq!(
        outcome.ring.failure.as_ref().unwrap().code,
        "connect_failed"
    );
    assert_eq!(
        (outcome.ring.state, outcome.ring.tries),
        (RingState::Queued, 3)
    );
    let outcome = desk
        .ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!((outcome.verdict, outcome.repeated), (Verdict::Rung, false));
    assert_eq!(desk.rings("jack"), 1);
}

async fn a_refusal_for_frequency_is_tried_again(desk: Desk) {
    desk.inject(FaultKind::RateLimit, 1);
    let began = Instant::now();
    let outcome = desk
        .ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!((outcome.verdict, outcome.ring.tries), (Verdict::Rung, 1));
    assert!(
        began.elapsed() >= Duration::from_millis(500),
        "everybody slows down"
    );
    assert_eq!(desk.rings("jack"), 1);
}

async fn a_future_that_is_dropped_rings_to_the_end(desk: Desk) {
    desk.inject(FaultKind::Delay(Duration::from_millis(700)), 1);
    let jack = call("jack");
    let ringing = desk.ledger.ring_once(&desk.client, "order-1", &jack);
    let dropped = tokio::time::timeout(Duration::from_millis(300), ringing).await;
    assert!(dropped.is_err(), "{dropped:?}");
    let began = Instant::now();
    loop {
        let ring = desk.ledger.outcome(app(), &key("order-1")).await.unwrap();
        if ring.is_some_and(|ring| ring.state == RingState::Rung) {
            break;
        }
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "it does not ring"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(desk.rings("jack"), 1);
}

async fn two_applications_in_a_database_are_apart(desk: Desk) {
    desk.ledger
        .ring_once(&desk.client, "order-1", &call("jack"))
        .await
        .unwrap();
    let other = SdkAppId::new(1_400_000_002).unwrap();
    assert_eq!(
        desk.ledger.outcome(other, &key("order-1")).await.unwrap(),
        None
    );
    assert_eq!(desk.ledger.stats(other, "").await.unwrap().total, 0);
    // The emulator refuses the other application, and the first one's ring stays as it is.
    let client = client(other, &desk.server.base_url());
    let outcome = desk
        .ledger
        .ring_once(&client, "order-1", &call("jack"))
        .await
        .unwrap();
    assert_eq!(outcome.verdict, Verdict::Refused);
    let first = desk
        .ledger
        .outcome(app(), &key("order-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(first.state, RingState::Rung);
    assert_ne!(first.room, outcome.ring.room);
}

async fn a_bad_key_is_named(desk: Desk) {
    for bad in [String::new(), "x".repeat(256), "a\tb".to_owned()] {
        let error = desk
            .ledger
            .ring_once(&desk.client, bad, &call("jack"))
            .await
            .unwrap_err();
        let LedgerError::Invalid(problem) = error else {
            panic!("{error}")
        };
        assert_eq!(problem.field, "key");
    }
    assert_eq!(desk.rings("jack"), 0);
}

async fn nothing_is_sent_for_a_ring_that_was_taken_back(desk: Desk) {
    let new = crate::desk::queued("jack");
    desk.ledger.enqueue(app(), vec![new]).await.unwrap();
    let cancelled = desk.ledger.cancel(app(), &key("jack")).await.unwrap();
    assert_eq!(cancelled.state, RingState::Cancelled);
    let outcome = desk
        .ledger
        .ring_once(&desk.client, "jack", &call("jack"))
        .await
        .unwrap();
    assert_eq!(outcome.verdict, Verdict::Cancelled);
    assert!(desk.ledger.cancel(app(), &key("jack")).await.is_err());
    assert!(desk.ledger.cancel(app(), &key("nobody")).await.is_err());
    assert_eq!(desk.rings("jack"), 0);
}
