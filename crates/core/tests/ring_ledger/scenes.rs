//! What becomes of one ring.

use std::time::Duration;

use trtc_call_core::call_engine::start_call_by_robot::{Request, Response};
use trtc_call_core::call_session::Failure;
use trtc_call_core::ring_ledger::{
    Again, Evidence, Holder, Limiter, NewRing, Policy, Ring, RingEvent, RingKey, RingState,
    SendResult, Terms,
};
use trtc_call_core::{
    CallId, CallRecord, CallResult, Endpoint as _, Error, MediaType, Reply, RoomId, SdkAppId,
    TransportError, TransportErrorKind, UnixMillis, UnixSeconds, UserId,
};

const NOW: UnixMillis = UnixMillis(1_700_000_000_000);
const LEASE: Duration = Duration::from_secs(30);

fn call() -> Request {
    let builder = Request::builder("robot", ["jack"], MediaType::Audio);
    builder
        .ring_timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}

fn ring() -> Ring {
    let new = NewRing::queued(RingKey::new("order-1").unwrap(), call());
    Ring::new(SdkAppId::new(7).unwrap(), new, NOW)
}

fn taken(ring: &Ring, at: UnixMillis) -> Ring {
    let event = RingEvent::Taken {
        owner: "a".to_owned(),
        slot: at,
        lease: LEASE,
    };
    ring.apply(&event, at).unwrap()
}

fn sending() -> Ring {
    let claimed = taken(&ring(), NOW);
    let holder = claimed.holder();
    claimed
        .apply(
            &RingEvent::Marked {
                holder,
                lease: LEASE,
            },
            NOW,
        )
        .unwrap()
}

fn later(seconds: u64) -> UnixMillis {
    NOW.after(Duration::from_secs(seconds))
}

fn reply(body: &str) -> Result<Reply<Response>, Error> {
    Request::parse(200, body.as_bytes())
}

fn answer(result_code: i64) -> Result<Reply<Response>, Error> {
    reply(&format!(
        r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"r","Response":{{"CallId":"call-1",
        "CallResult":[{{"Callee_Account":"jack","ResultCode":{result_code}}}]}}}}"#
    ))
}

fn told(ring: &Ring, result: SendResult) -> RingEvent {
    let holder = ring.holder();
    RingEvent::Told { holder, result }
}

fn found(evidence: Evidence) -> RingEvent {
    RingEvent::Found {
        evidence,
        call_id: CallId::new("call-1").unwrap(),
        record: None,
    }
}

#[test]
fn a_reply_means_what_the_retry_decision_says() {
    let of = |reply| SendResult::of(&reply, 0, 0);
    assert!(matches!(of(answer(0)), SendResult::Rang { .. }));
    let SendResult::Refused { failure, .. } = of(answer(70107)) else {
        panic!("nobody was rung");
    };
    assert_eq!(
        failure.message,
        "no callee was rung: jack (ResultCode 70107)"
    );
    let code = |code| {
        reply(&format!(
            r#"{{"ErrorCode":{code},"ErrorInfo":"","ActionStatus":"FAIL"}}"#
        ))
    };
    for again in [60007, 60011, 60014, 60018, 60019] {
        assert!(
            matches!(of(code(again)), SendResult::Nothing { .. }),
            "{again}"
        );
        assert!(of(code(again)).slows_all());
    }
    for unknown in [60008, 60013, 101_001, 99_999] {
        assert!(
            matches!(of(code(unknown)), SendResult::Unknown { .. }),
            "{unknown}"
        );
    }
    for refused in [70001, 60020, 101_002] {
        assert!(
            matches!(of(code(refused)), SendResult::Refused { .. }),
            "{refused}"
        );
    }
    let transport = |kind| Err(TransportError::new(kind, "").into());
    assert!(matches!(
        of(transport(TransportErrorKind::Connect)),
        SendResult::Nothing { .. }
    ));
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Interrupted] {
        assert!(
            matches!(of(transport(kind)), SendResult::Unknown { .. }),
            "{kind}"
        );
    }
}

#[test]
fn a_lease_that_is_over_frees_what_was_claimed_and_makes_unknown_what_was_marked() {
    let claimed = taken(&ring(), NOW);
    assert!(claimed.apply(&RingEvent::TimePassed, later(29)).is_err());
    let free = claimed.apply(&RingEvent::TimePassed, later(30)).unwrap();
    assert_eq!(free.state, RingState::Queued);
    let holder = claimed.holder();
    let mark = RingEvent::Marked {
        holder,
        lease: LEASE,
    };
    assert!(claimed.apply(&mark, later(30)).is_err(), "it woke too late");
    let again = taken(&free, later(31));
    assert!(again.apply(&mark, later(31)).is_err(), "another epoch");

    let lost = sending().apply(&RingEvent::TimePassed, later(30)).unwrap();
    assert_eq!(lost.state, RingState::Unknown);
    assert_eq!(lost.look_at, Some(later(30)), "the phones have rung out");
}

#[test]
fn what_is_put_off_is_put_off_to_a_later_moment() {
    let ring = ring();
    let put_off = |until| ring.apply(&RingEvent::Postponed { until }, NOW);
    assert_eq!(put_off(later(1)).unwrap().not_before, Some(later(1)));
    assert!(put_off(NOW).is_err());
    assert!(put_off(UnixMillis(0)).is_err());
}

#[test]
fn a_clock_that_was_set_back_ends_leases_too() {
    let hours_before = UnixMillis(NOW.0 - 2 * 3_600_000);
    let lost = sending()
        .apply(&RingEvent::TimePassed, hours_before)
        .unwrap();
    assert_eq!(lost.state, RingState::Unknown);
    let rang = told(&lost, SendResult::of(&answer(0), 0, 0));
    assert_eq!(
        lost.apply(&rang, hours_before).unwrap().state,
        RingState::Rung
    );
}

#[test]
fn only_its_own_worker_in_its_own_epoch_speaks_for_a_ring() {
    let sending = sending();
    for (owner, epoch) in [("b", 1), ("a", 0), ("a", 2)] {
        let holder = Holder {
            owner: owner.to_owned(),
            epoch,
        };
        let result = SendResult::Dropped;
        assert!(
            sending
                .apply(&RingEvent::Told { holder, result }, NOW)
                .is_err()
        );
    }
    let dropped = sending
        .apply(&told(&sending, SendResult::Dropped), NOW)
        .unwrap();
    assert_eq!((dropped.state, dropped.tries), (RingState::Queued, 0));
}

#[test]
fn what_is_known_late_is_taken_late_and_a_ring_that_rang_stays_so() {
    let unknown = sending().apply(&RingEvent::TimePassed, later(30)).unwrap();
    let by_hand = RingEvent::SettledByHand { has_rung: false };
    let presumed = unknown.apply(&by_hand, later(40)).unwrap();
    assert_eq!(presumed.state, RingState::PresumedNotRung);
    let rang = told(&presumed, SendResult::of(&answer(0), 0, 0));
    let refused = told(&presumed, SendResult::of(&answer(70107), 0, 0));
    let nothing = told(&presumed, SendResult::Dropped);
    assert_eq!(
        presumed.apply(&rang, later(50)).unwrap().state,
        RingState::Rung
    );
    assert_eq!(
        presumed.apply(&refused, later(50)).unwrap().state,
        RingState::Refused
    );
    assert!(
        presumed.apply(&nothing, later(50)).is_err(),
        "what was settled is not sent again"
    );
    let rung = presumed.apply(&found(Evidence::Record), later(50)).unwrap();
    assert_eq!(
        (rung.state, rung.evidence),
        (RingState::Rung, Some(Evidence::Record))
    );
    for event in [
        refused,
        nothing,
        by_hand,
        RingEvent::Cancelled,
        RingEvent::TimePassed,
    ] {
        assert!(rung.apply(&event, later(60)).is_err(), "{event:?}");
    }
}

#[test]
fn a_webhook_that_comes_before_the_reply_is_kept_until_the_reply_tells_whom_it_rang() {
    let heard = sending()
        .apply(&found(Evidence::Webhook), later(1))
        .unwrap();
    assert_eq!(heard.state, RingState::Sending);
    assert!(
        heard.apply(&found(Evidence::Webhook), later(1)).is_err(),
        "it tells nothing new"
    );
    let answer = |code| told(&heard, SendResult::of(&answer(code), 0, 0));
    let rung = heard.apply(&answer(0), later(2)).unwrap();
    assert_eq!(
        (rung.state, rung.evidence, rung.callees.len()),
        (RingState::Rung, Some(Evidence::Reply), 1)
    );
    let refused = heard.apply(&answer(70107), later(2)).unwrap();
    assert_eq!(refused.state, RingState::Refused);
    // Where no telling reply comes, the webhook's word stands, also against who says that he sent nothing.
    let lost = SendResult::Unknown {
        failure: Failure::stored("timeout", ""),
    };
    for event in [
        RingEvent::TimePassed,
        told(&heard, lost),
        told(&heard, SendResult::Dropped),
    ] {
        let rung = heard.apply(&event, later(30)).unwrap();
        assert_eq!(
            (rung.state, rung.evidence),
            (RingState::Rung, Some(Evidence::Webhook)),
            "{event:?}"
        );
    }
}

/// A call that ended, as its webhook tells.
fn ended(call_result: CallResult) -> RingEvent {
    let users = ["robot", "jack"].map(|user| UserId::new(user).unwrap());
    let call_id = CallId::new("call-1").unwrap();
    let (start, end) = (NOW.seconds(), later(20).seconds());
    let record = CallRecord::new(
        call_id.clone(),
        users[0].clone(),
        users.to_vec(),
        call_result,
        start,
        end,
    );
    RingEvent::Found {
        evidence: Evidence::Webhook,
        call_id,
        record: Some(Box::new(record)),
    }
}

#[test]
fn whoever_is_busy_or_offline_is_rung_again_whatever_tells_of_it_first() {
    let mut policy = Policy::default();
    policy.again = Some(Again::new(2, Duration::from_secs(600)));
    let not_rung = SendResult::of(&answer(70107), 0, 0);
    for result in [CallResult::CallBusy, CallResult::Offline] {
        let (reply, end) = (told(&sending(), not_rung.clone()), ended(result.clone()));
        let start = found(Evidence::Webhook);
        let over = RingEvent::TimePassed;
        let orders: [&[&RingEvent]; 8] = [
            &[&reply],
            &[&reply, &start, &end],
            &[&end, &reply],
            &[&start, &end, &reply],
            &[&start, &reply, &end],
            &[&end, &over],
            &[&over, &end],
            &[&over, &end, &reply],
        ];
        for order in orders {
            let mut ring = sending();
            let mut keys = std::collections::BTreeSet::new();
            for event in order {
                ring = ring.apply(event, later(30)).unwrap_or(ring);
                let next = policy.next_attempt(&ring, later(30));
                keys.extend(next.map(|next| next.key.to_string()));
            }
            assert_eq!(ring.state, RingState::Refused, "{order:?}");
            assert_eq!(ring.failure.as_ref().unwrap().code, "not_rung");
            assert_eq!(keys.len(), 1, "{order:?}");
            let is_told = order.contains(&&end);
            assert_eq!(ring.call_result, is_told.then(|| result.clone()));
        }
    }
}

#[test]
fn a_policy_for_those_who_are_busy_waits_until_a_record_tells_them_from_those_who_are_offline() {
    let mut again = Again::new(2, Duration::from_secs(600));
    again.after = vec!["CallBusy".to_owned()];
    let mut policy = Policy::default();
    policy.again = Some(again);
    let mut ring = sending();
    ring.watched = true;
    let reply = told(&ring, SendResult::of(&answer(70107), 0, 0));
    let refused = ring.apply(&reply, later(1)).unwrap();
    assert_eq!(policy.next_attempt(&refused, later(1)), None);
    assert!(refused.look_at.is_some(), "its record is looked for");
    let busy = refused.apply(&ended(CallResult::CallBusy), later(60));
    assert!(policy.next_attempt(&busy.unwrap(), later(60)).is_some());
    let offline = refused.apply(&ended(CallResult::Offline), later(60));
    let offline = offline.unwrap();
    assert_eq!(policy.next_attempt(&offline, later(60)), None);
    assert_eq!(offline.look_at, None);
    // What the service refused for good has no record.
    let refusal = told(
        &ring,
        SendResult::Refused {
            failure: Failure::stored("invalid", ""),
            callees: Vec::new(),
        },
    );
    let refused = ring.apply(&refusal, later(1)).unwrap();
    assert_eq!(refused.look_at, None);
    assert!(
        refused
            .apply(&ended(CallResult::CallBusy), later(2))
            .is_err()
    );
}

#[test]
fn of_several_callees_the_last_being_busy_does_not_say_that_nobody_was_rung() {
    let call = Request::builder("robot", ["jack", "jill"], MediaType::Audio);
    let new = NewRing::queued(RingKey::new("order-1").unwrap(), call.build().unwrap());
    let claimed = taken(&Ring::new(SdkAppId::new(7).unwrap(), new, NOW), NOW);
    let (holder, lease) = (claimed.holder(), LEASE);
    let sending = claimed.apply(&RingEvent::Marked { holder, lease }, NOW);
    let lost = sending.unwrap().apply(&RingEvent::TimePassed, later(30));
    let heard = lost.unwrap().apply(&ended(CallResult::CallBusy), later(31));
    assert_eq!(heard.unwrap().state, RingState::Rung);
}

#[test]
fn what_is_not_found_is_looked_for_ever_less_often_for_7_days() {
    let mut ring = sending().apply(&RingEvent::TimePassed, later(30)).unwrap();
    let mut looks = 0;
    while let Some(at) = ring.look_at {
        ring = ring.apply(&RingEvent::NotFound, at).unwrap();
        looks += 1;
    }
    assert_eq!(ring.state, RingState::PresumedNotRung);
    assert_eq!(ring.evidence, Some(Evidence::Silence));
    let days = (ring.updated_at.0 - NOW.0) as f64 / 86_400_000.0;
    assert!((6.5..7.0).contains(&days), "{days}");
    assert!((20..50).contains(&looks), "{looks}");
}

#[test]
fn a_record_is_a_rings_own_by_its_room() {
    let ring = sending();
    let users = ["robot", "jack"].map(|user| UserId::new(user).unwrap());
    let mut record = CallRecord::new(
        CallId::new("call-1").unwrap(),
        users[0].clone(),
        users.to_vec(),
        CallResult::NotAnswer,
        UnixSeconds(NOW.0 / 1000),
        UnixSeconds(NOW.0 / 1000 + 20),
    );
    assert!(!ring.is_of(&record), "it names no room");
    let room: String = serde_json::from_str(ring.room.as_str()).unwrap();
    record.room = Some(RoomId::text(room).unwrap().into());
    assert!(ring.is_of(&record));

    // A room that the caller gave is not enough.
    let room = RoomId::number(5).unwrap();
    let new = NewRing::queued(
        RingKey::new("order-2").unwrap(),
        call().with_room(room.clone()),
    );
    let claimed = taken(&Ring::new(ring.sdk_app_id, new, NOW), NOW);
    let holder = claimed.holder();
    let in_room = claimed
        .apply(
            &RingEvent::Marked {
                holder,
                lease: LEASE,
            },
            NOW,
        )
        .unwrap();
    record.room = Some(room.into());
    assert!(in_room.is_of(&record));
    record.start_time = UnixSeconds(NOW.0 / 1000 + 300);
    assert!(!in_room.is_of(&record), "another time");
}

#[test]
fn a_further_attempt_is_a_ring_of_its_own_in_a_room_of_its_own() {
    let mut policy = Policy::default();
    policy.again = Some(Again::new(2, Duration::from_secs(600)));
    let rang = told(&sending(), SendResult::of(&answer(0), 0, 0));
    let mut ring = sending().apply(&rang, NOW).unwrap();
    assert_eq!(
        policy.next_attempt(&ring, NOW),
        None,
        "its end is not known"
    );
    ring.call_result = Some(CallResult::NotAnswer);
    let second = policy.next_attempt(&ring, NOW).unwrap();
    assert_eq!(second.key.as_str(), "order-1#2");
    assert_eq!((second.state, second.attempt), (RingState::Queued, 2));
    assert_eq!(second.not_before, Some(later(600)));
    assert_ne!(second.room, ring.room);
    assert!(second.call.as_str().contains(second.room.as_str()));
    assert!(!second.call.as_str().contains(ring.room.as_str()));
    let mut third = second.clone();
    third.state = RingState::Rung;
    third.call_result = Some(CallResult::NotAnswer);
    assert_eq!(policy.next_attempt(&third, NOW), None);
    ring.call_result = Some(CallResult::NormalEnd);
    assert_eq!(policy.next_attempt(&ring, NOW), None);
    ring.state = RingState::Unknown;
    ring.call_result = Some(CallResult::NotAnswer);
    assert_eq!(
        policy.next_attempt(&ring, NOW),
        None,
        "never at what is unknown"
    );
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(Policy::read(&stored).unwrap(), policy);
    assert!(Policy::read(r#"{"quiteHours":{}}"#).is_err());
}

#[test]
fn a_claim_takes_what_there_are_slots_for_and_cancels_what_is_too_late() {
    let mut too_late = ring();
    too_late.not_after = Some(NOW);
    let rings = vec![ring(), too_late, ring(), ring()];
    let terms = Terms {
        owner: "a".to_owned(),
        lease: LEASE,
        reply_lease: LEASE,
        lead: Duration::ZERO,
        rate: std::num::NonZeroU32::new(2),
    };
    let mut limiter = Limiter::default();
    let changed = terms.claim(&rings, &mut limiter, NOW);
    let states: Vec<RingState> = changed.iter().map(|ring| ring.state).collect();
    // The second is 500 ms ahead, the third a second.
    use RingState::{Cancelled, Claimed, Sending};
    assert_eq!(states, [Cancelled, Sending, Claimed, Claimed]);
    assert!(terms.claim(&rings[..1], &mut limiter, NOW).is_empty());
    assert!(terms.mark(&changed, later(0)).is_empty(), "it is too early");
    let soon = NOW.after(Duration::from_millis(400));
    assert_eq!(terms.mark(&changed[2..], soon).len(), 1);
}
