//! Whatever deliveries say, and however they contradict each other, a call's state and history do not
//! depend on their number, nor on the order of those of different times.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use trtc_call_core::call_engine::get_call_info::Member;
use trtc_call_core::webhook::{
    CallEnded, CallStarted, CallTimeline, Event, MemberChange, MembersChanged,
};
use trtc_call_core::{CallId, CallRecord, CallResult, UnixMillis, UnixSeconds, UserId};

#[derive(Debug, Arbitrary)]
struct Told<'a> {
    kind: u8,
    at: u8,
    listed: Vec<(u8, &'a str)>,
    acted: Vec<(u8, &'a str)>,
    word: &'a str,
}

fuzz_target!(|told: Vec<Told<'_>>| {
    let events: Vec<Event> = told.iter().map(event).collect();
    let ordered = timeline(events.iter());
    let (state, history) = (ordered.state(), ordered.history());
    // A stable sort: those of one time stay in their order.
    let mut backwards: Vec<&Event> = events.iter().collect();
    backwards.sort_by_key(|event| std::cmp::Reverse(event.event_time()));
    let backwards_and_twice = timeline(backwards.into_iter().chain(&events));
    assert_eq!(backwards_and_twice.state(), state);
    assert_eq!(backwards_and_twice.history(), history);
    serde_json::to_string(&(state, history)).unwrap();
});

fn timeline<'a>(events: impl Iterator<Item = &'a Event>) -> CallTimeline {
    let mut timeline = CallTimeline::new(call());
    for event in events {
        timeline.add(event.clone());
    }
    timeline
}

fn call() -> CallId {
    CallId::new("c").unwrap()
}

fn user(number: u8) -> UserId {
    UserId::any(format!("user-{}", number % 5))
}

fn event(told: &Told<'_>) -> Event {
    let at = UnixMillis(u64::from(told.at));
    let members = told.listed.iter();
    let members: Vec<Member> = members
        .map(|(number, status)| {
            Member::new(user(*number), word(status, &["Calling", "Waiting"]).into())
        })
        .collect();
    match told.kind % 3 {
        0 => CallStarted::new(call(), told.word.into(), members, at).into(),
        1 => {
            const ACTIONS: [&str; 8] = [
                "Answer",
                "Reject",
                "NotAnswer",
                "Hangup",
                "Join",
                "Offline",
                "Invite",
                "Cancel_Invite",
            ];
            let changes = told.acted.iter();
            let changes = changes
                .map(|(number, action)| {
                    MemberChange::new(user(*number), word(action, &ACTIONS).into())
                })
                .collect();
            MembersChanged::new(call(), members, changes, at).into()
        }
        _ => {
            let members = told
                .listed
                .iter()
                .map(|(number, _)| user(*number))
                .collect();
            let result: CallResult = word(told.word, &["Cancel", "Reject", "NormalEnd"]).into();
            let (start, end) = (UnixSeconds(0), UnixSeconds(u64::from(told.at)));
            let record = CallRecord::new(call(), user(told.at), members, result, start, end);
            CallEnded::new(record, at).into()
        }
    }
}

/// One of the known words by the text's first byte, or the text itself.
fn word<'a>(text: &'a str, known: &[&'a str]) -> &'a str {
    match text.bytes().next() {
        Some(first) if first < 128 => known[usize::from(first) % known.len()],
        _ => text,
    }
}
