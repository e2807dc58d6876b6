//! The timeline of a call, under deliveries that repeat, come in any order, or are lost.

use std::collections::BTreeMap;

use proptest::prelude::*;
use trtc_call_core::call_engine::get_call_info::{Member, MemberStatus};
use trtc_call_core::webhook::{
    Added, CallEnded, CallPhase, CallStarted, CallTimeline, Event, Happening, MemberAction,
    MemberChange, MemberState, MembersChanged, TestDelivery, parse_unverified,
};
use trtc_call_core::{
    CallId, CallRecord, CallResult, MediaType, RoomId, SdkAppId, UnixMillis, UnixSeconds, UserId,
};

fn call_id() -> CallId {
    CallId::new("call-1").unwrap()
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn calling(name: &str) -> Member {
    Member::new(user(name), MemberStatus::Calling)
}

fn waiting(name: &str) -> Member {
    Member::new(user(name), MemberStatus::Waiting)
}

fn started(at: u64) -> Event {
    let members = vec![calling("robot"), waiting("jack")];
    CallStarted::new(call_id(), MediaType::Video, members, UnixMillis(at)).into()
}

fn changed(members: Vec<Member>, who: &str, action: MemberAction, at: u64) -> Event {
    let changes = vec![MemberChange::new(user(who), action)];
    MembersChanged::new(call_id(), members, changes, UnixMillis(at)).into()
}

fn ended(result: CallResult, members: &[&str], at: u64) -> Event {
    let members = members.iter().map(|name| user(name)).collect();
    let (start, end) = (UnixSeconds(1), UnixSeconds(at / 1000));
    let record = CallRecord::new(call_id(), user("robot"), members, result, start, end);
    CallEnded::new(record, UnixMillis(at)).into()
}

fn timeline(events: &[Event]) -> CallTimeline {
    let mut timeline = CallTimeline::new(call_id());
    for event in events {
        timeline.add(event.clone());
    }
    timeline
}

/// Rung, answered, hung up: the four deliveries of an everyday call.
fn everyday_call() -> Vec<Event> {
    vec![
        started(1_000),
        changed(
            vec![calling("robot"), calling("jack")],
            "jack",
            MemberAction::Answer,
            3_000,
        ),
        changed(vec![calling("robot")], "jack", MemberAction::HangUp, 9_000),
        ended(CallResult::NormalEnd, &["robot", "jack"], 9_000),
    ]
}

fn permutations(events: &[Event]) -> Vec<Vec<Event>> {
    if events.is_empty() {
        return vec![Vec::new()];
    }
    (0..events.len())
        .flat_map(|index| {
            let mut rest = events.to_vec();
            let first = rest.remove(index);
            permutations(&rest).into_iter().map(move |mut tail| {
                tail.insert(0, first.clone());
                tail
            })
        })
        .collect()
}

#[test]
fn an_everyday_call_reads_the_same_in_all_its_orders() {
    let expected = timeline(&everyday_call());
    let state = expected.state();
    assert_eq!(state.phase, CallPhase::Ended);
    assert_eq!(state.members[&user("jack")], MemberState::HungUp);
    assert_eq!(state.members[&user("robot")], MemberState::Ended);
    assert_eq!(state.answered_at, Some(UnixMillis(3_000)));
    assert_eq!(state.ended_at, Some(UnixMillis(9_000)));
    let history: Vec<String> = expected
        .history()
        .iter()
        .map(|entry| serde_json::to_string(entry).unwrap())
        .collect();
    assert_eq!(
        history,
        [
            r#"{"at":1000,"happening":"started"}"#,
            r#"{"at":1000,"happening":"member","userId":"robot","state":"in_call"}"#,
            r#"{"at":1000,"happening":"member","userId":"jack","state":"ringing"}"#,
            r#"{"at":3000,"happening":"member","userId":"jack","state":"in_call"}"#,
            r#"{"at":9000,"happening":"member","userId":"jack","state":"hung_up"}"#,
            r#"{"at":9000,"happening":"member","userId":"robot","state":"ended"}"#,
            r#"{"at":9000,"happening":"ended","result":"NormalEnd"}"#,
        ]
    );
    let mut twice = everyday_call();
    twice.extend(everyday_call().into_iter().take(2));
    for order in permutations(&everyday_call())
        .iter()
        .chain(&permutations(&twice))
    {
        let found = timeline(order);
        assert_eq!(found.state(), state);
        assert_eq!(found.history(), expected.history());
    }
}

#[test]
fn a_repeat_is_reported_and_another_call_is_left_out() {
    let mut timeline = timeline(&[]);
    assert_eq!(timeline.state().phase, CallPhase::Unknown);
    assert_eq!(timeline.add(started(5)), Added::New);
    assert_eq!(timeline.add(started(5)), Added::Duplicate);
    let other = CallId::new("call-2").unwrap();
    let other = CallStarted::new(other, MediaType::Audio, vec![], UnixMillis(5));
    assert_eq!(timeline.add(other.into()), Added::OtherCall);
    let unknown =
        parse_unverified("CallbackCommand=Call.Later", br#"{"CallId":"call-1"}"#).unwrap();
    assert_eq!(timeline.add(unknown.event), Added::OtherCall);
    assert_eq!(timeline.events().count(), 1);
}

#[test]
fn a_call_that_has_ended_never_comes_back_to_life() {
    let events = [
        ended(CallResult::NormalEnd, &["robot", "jack"], 5_000),
        changed(
            vec![calling("robot"), calling("jack")],
            "jack",
            MemberAction::Answer,
            6_000,
        ),
        started(7_000),
    ];
    for order in permutations(&events) {
        let state = timeline(&order).state().clone();
        assert_eq!(state.phase, CallPhase::Ended);
        assert_eq!(state.members[&user("jack")], MemberState::Ended);
    }
}

#[test]
fn the_record_alone_tells_what_a_single_callee_did() {
    for (result, state) in [
        (CallResult::Reject, MemberState::Rejected),
        (CallResult::NotAnswer, MemberState::NotAnswered),
        (CallResult::CallBusy, MemberState::Busy),
        (CallResult::Offline, MemberState::Offline),
        (CallResult::Cancel, MemberState::Cancelled),
        (CallResult::NormalEnd, MemberState::Ended),
    ] {
        let ended = ended(result.clone(), &["robot", "jack"], 5_000);
        for events in [vec![ended.clone()], vec![ended.clone(), started(1_000)]] {
            let found = timeline(&events).state().clone();
            assert_eq!(found.members[&user("jack")], state, "{result}");
            assert_eq!(found.members[&user("robot")], MemberState::Ended);
        }
    }
}

#[test]
fn who_is_missing_from_a_later_list_has_left() {
    let events = [
        started(1_000),
        // The delivery that tells of jack's refusal is lost.
        changed(
            vec![calling("robot"), waiting("anna")],
            "anna",
            MemberAction::Invite,
            3_000,
        ),
    ];
    let state = timeline(&events).state().clone();
    assert_eq!(state.members[&user("jack")], MemberState::Left);
    assert_eq!(state.members[&user("anna")], MemberState::Ringing);
    assert_eq!(state.phase, CallPhase::Ringing);
}

#[test]
fn an_unknown_action_is_kept_and_changes_nothing_but_what_the_list_says() {
    let wave = MemberAction::from("Wave");
    let events = [
        started(1_000),
        changed(vec![calling("robot"), waiting("jack")], "jack", wave, 2_000),
    ];
    let timeline = timeline(&events);
    assert_eq!(
        timeline.state().members[&user("jack")],
        MemberState::Ringing
    );
    assert_eq!(
        timeline.history().last().unwrap().happening,
        Happening::UnknownAction {
            user_id: user("jack"),
            action: "Wave".to_owned()
        }
    );
}

#[test]
fn who_answered_is_in_the_call_whatever_another_delivery_of_that_millisecond_lists() {
    let members = |jack: fn(&str) -> Member, anna: fn(&str) -> Member| {
        vec![calling("robot"), jack("jack"), anna("anna")]
    };
    let jack = changed(
        members(calling, waiting),
        "jack",
        MemberAction::Answer,
        3_000,
    );
    let anna = changed(
        members(calling, calling),
        "anna",
        MemberAction::Answer,
        3_000,
    );
    let start = CallStarted::new(
        call_id(),
        MediaType::Video,
        members(waiting, waiting),
        UnixMillis(1_000),
    );
    for order in permutations(&[start.into(), jack, anna]) {
        let state = timeline(&order).state().clone();
        for name in ["jack", "anna"] {
            assert_eq!(state.members[&user(name)], MemberState::InCall, "{name}");
        }
        assert_eq!(state.answered_at, Some(UnixMillis(3_000)));
    }
}

#[test]
fn what_one_user_did_twice_within_one_millisecond_is_told_by_the_order_of_arrival() {
    let answer = changed(
        vec![calling("robot"), calling("jack")],
        "jack",
        MemberAction::Answer,
        3_000,
    );
    let hang_up = changed(vec![calling("robot")], "jack", MemberAction::HangUp, 3_000);
    for (events, last) in [
        (
            [started(1_000), answer.clone(), hang_up.clone()],
            MemberState::HungUp,
        ),
        ([started(1_000), hang_up, answer], MemberState::InCall),
    ] {
        assert_eq!(timeline(&events).state().members[&user("jack")], last);
    }
}

/// A call as it truly went: users ring, answer, refuse, leave, at random. Gives the deliveries it
/// causes, and what became of each user after each of them.
#[derive(Debug, Clone)]
struct TrueCall {
    events: Vec<Event>,
    truths: Vec<BTreeMap<UserId, MemberState>>,
}

fn true_call(moments: Moments) -> impl Strategy<Value = TrueCall> {
    let step = || (0..4_usize, 0..6_u8, 0..3_u64);
    // Most are short; one in ten is longer than what a timeline plays again for an event that is a little late.
    let short = prop::collection::vec(step(), 0..9);
    let long = prop::collection::vec(step(), 64..99);
    let steps = prop_oneof![9 => short, 1 => long];
    (steps, any::<bool>()).prop_map(move |(steps, ends)| play(&steps, ends, moments))
}

/// How much may happen within one millisecond.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moments {
    /// One thing.
    Distinct,
    /// One thing to each user.
    OneForEachUser,
    /// Anything.
    Any,
}

fn play(steps: &[(usize, u8, u64)], ends: bool, moments: Moments) -> TrueCall {
    let users = ["anna", "ben", "cleo", "dora"].map(user);
    let mut truth: BTreeMap<UserId, MemberState> = BTreeMap::new();
    truth.insert(user("robot"), MemberState::InCall);
    for user in &users {
        truth.insert(user.clone(), MemberState::Ringing);
    }
    let list = |truth: &BTreeMap<UserId, MemberState>| -> Vec<Member> {
        let members = truth.iter().filter_map(|(user, state)| match state {
            MemberState::InCall => Some(Member::new(user.clone(), MemberStatus::Calling)),
            MemberState::Ringing => Some(Member::new(user.clone(), MemberStatus::Waiting)),
            _ => None,
        });
        members.collect()
    };
    let mut at = 1_000;
    let mut acted_at = BTreeMap::new();
    let mut start = CallStarted::new(call_id(), MediaType::Audio, list(&truth), UnixMillis(at));
    start.room = Some(RoomId::text("room").unwrap().into());
    let mut call = TrueCall {
        events: vec![start.into()],
        truths: vec![truth.clone()],
    };
    for (index, choice, pause) in steps {
        let who = users[*index].clone();
        let (action, state) = match (&truth[&who], choice) {
            (MemberState::Ringing, 0 | 1) => (MemberAction::Answer, MemberState::InCall),
            (MemberState::Ringing, 2) => (MemberAction::Reject, MemberState::Rejected),
            (MemberState::Ringing, 3) => (MemberAction::NotAnswer, MemberState::NotAnswered),
            (MemberState::Ringing, 4) => (MemberAction::CancelInvite, MemberState::Cancelled),
            (MemberState::InCall, 0..4) => (MemberAction::HangUp, MemberState::HungUp),
            (MemberState::InCall, _) => (MemberAction::Offline, MemberState::Offline),
            (MemberState::Ringing, _) => continue,
            (_, 0..4) => (MemberAction::Invite, MemberState::Ringing),
            (_, _) => (MemberAction::Join, MemberState::InCall),
        };
        truth.insert(who.clone(), state);
        at += pause * 1_000;
        let is_same_moment = match moments {
            Moments::Distinct => *pause == 0,
            Moments::OneForEachUser => acted_at.get(&who) == Some(&at),
            Moments::Any => false,
        };
        at += u64::from(is_same_moment);
        acted_at.insert(who.clone(), at);
        let changes = vec![MemberChange::new(who, action)];
        let mut event = MembersChanged::new(call_id(), list(&truth), changes, UnixMillis(at));
        // What says the same of the same moment is a repeat to everybody.
        if call.events.contains(&event.clone().into()) {
            at += 1;
            event.event_time = UnixMillis(at);
        }
        call.events.push(event.into());
        call.truths.push(truth.clone());
    }
    if ends {
        let members = truth.keys().cloned().collect();
        let (start, end) = (UnixSeconds(1), UnixSeconds(at / 1000));
        let result = CallResult::NormalEnd;
        let record = CallRecord::new(call_id(), user("robot"), members, result, start, end);
        call.events
            .push(CallEnded::new(record, UnixMillis(at)).into());
        for (user, state) in truth.clone() {
            if matches!(state, MemberState::InCall | MemberState::Ringing) {
                truth.insert(user, MemberState::Ended);
            }
        }
        call.truths.push(truth);
    }
    call
}

/// A call's deliveries in any order, each one to three times.
fn deliveries(call: &TrueCall) -> impl Strategy<Value = Vec<Event>> + use<> {
    let events = call.events.clone();
    let times = prop::collection::vec(1..=3_usize, events.len());
    times.prop_flat_map(move |times| {
        let repeated = events.iter().zip(times);
        let repeated: Vec<Event> = repeated
            .flat_map(|(event, times)| std::iter::repeat_n(event.clone(), times))
            .collect();
        Just(repeated).prop_shuffle()
    })
}

proptest! {
    #[test]
    fn the_true_state_and_history_come_out_of_every_order_and_repetition(
        (call, deliveries) in true_call(Moments::Distinct).prop_flat_map(|call| {
            let deliveries = deliveries(&call);
            (Just(call), deliveries)
        })
    ) {
        let expected = timeline(&call.events);
        let found = timeline(&deliveries);
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(&found.state().members, call.truths.last().unwrap());
        prop_assert_eq!(found.events().count(), call.events.len());
    }

    #[test]
    fn the_true_state_comes_out_of_every_order_where_several_users_act_within_one_millisecond(
        (call, deliveries) in true_call(Moments::OneForEachUser).prop_flat_map(|call| {
            let deliveries = deliveries(&call);
            (Just(call), deliveries)
        })
    ) {
        let (expected, found) = (timeline(&call.events), timeline(&deliveries));
        prop_assert_eq!(found.state(), expected.state());
        prop_assert_eq!(&found.state().members, call.truths.last().unwrap());
        prop_assert_eq!(found.events().count(), call.events.len());
    }

    #[test]
    fn after_each_delivery_in_order_the_state_is_the_truth_of_that_moment(call in true_call(Moments::Any)) {
        let mut timeline = CallTimeline::new(call_id());
        for (event, truth) in call.events.iter().zip(&call.truths) {
            timeline.add(event.clone());
            prop_assert_eq!(&timeline.state().members, truth);
        }
    }

    #[test]
    fn lost_deliveries_leave_who_is_active_right(
        (call, kept) in true_call(Moments::Distinct).prop_flat_map(|call| {
            let length = call.events.len();
            (Just(call), prop::collection::vec(any::<bool>(), length))
        })
    ) {
        let kept: Vec<usize> = (0..call.events.len()).filter(|index| kept[*index]).collect();
        let Some(last) = kept.last() else { return Ok(()) };
        let events: Vec<Event> = kept.iter().map(|index| call.events[*index].clone()).collect();
        let active = |members: &BTreeMap<UserId, MemberState>| -> Vec<(UserId, MemberState)> {
            let is_active = |state: &MemberState| {
                matches!(state, MemberState::InCall | MemberState::Ringing)
            };
            members.clone().into_iter().filter(|(_, state)| is_active(state)).collect()
        };
        prop_assert_eq!(active(&timeline(&events).state().members), active(&call.truths[*last]));
    }

    #[test]
    fn an_event_survives_the_wire(call in true_call(Moments::Any)) {
        let app = SdkAppId::new(1).unwrap();
        for event in call.events {
            let sent = TestDelivery::new(app, &event).unsigned();
            let delivery = parse_unverified(&sent.query, sent.body.as_bytes()).unwrap();
            prop_assert_eq!(delivery.event, event);
        }
    }
}
