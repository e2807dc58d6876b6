//! One call on the board: put together from its start, its webhooks, and what the service says when asked.
//!
//! All three become events of one [`CallTimeline`], so that it makes no difference which of them comes, or
//! comes first.

mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use trtc_call::call_engine::get_call_info::{self, Member, MemberStatus};
use trtc_call::call_engine::start_call_by_robot::CalleeResult;
use trtc_call::webhook::{
    Added, CallEnded, CallPhase, CallTimeline, Event, MemberState, MembersChanged,
};
use trtc_call::{
    CallId, CallRecord, MediaType, RecordedExchange, ReportedRoom, TaskId, UnixMillis, UserId,
};

pub(crate) use self::view::BoardCall;
use self::view::{BoardMember, Past};

/// More than any call has; what comes beyond is left out.
const KEPT_EVENTS: usize = 5000;

/// A call as the board knows it.
pub(crate) struct Call {
    timeline: CallTimeline,
    robot: Option<UserId>,
    /// As the service says when it is asked.
    media: Option<MediaType>,
    room: Option<ReportedRoom>,
    not_rung: BTreeMap<UserId, NotRung>,
    /// When the service said that there is no such call any more.
    gone_at: Option<UnixMillis>,
    /// Nothing more will be learnt.
    is_closed: bool,
    has_webhooks: bool,
    /// The service was asked, and said something else than the webhooks.
    is_in_doubt: bool,
    playing: Option<Playing>,
    events: Vec<CallEvent>,
    /// Those that the page sees, each with the number of the change that made it so.
    shown: BTreeMap<UserId, (u64, BoardMember)>,
    /// The last change after which somebody is no longer shown.
    whole_since: u64,
}

/// What is played into the call, and how far that has got.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Playing {
    pub(crate) state: PlayState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) task_id: Option<TaskId>,
    pub(crate) stream_url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PlayState {
    /// For somebody to answer.
    Waiting,
    Starting,
    Playing,
    Failed,
    Ended,
}

struct NotRung {
    result_code: i64,
    state: &'static str,
    at: UnixMillis,
}

/// Something that went over the wire, as it may be shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Packet {
    direction: &'static str,
    text: Arc<str>,
}

impl Packet {
    pub(crate) fn request(text: impl Into<Arc<str>>) -> Packet {
        Packet {
            direction: "request",
            text: text.into(),
        }
    }

    pub(crate) fn reply(text: impl Into<Arc<str>>) -> Packet {
        Packet {
            direction: "reply",
            text: text.into(),
        }
    }

    pub(crate) fn webhook(text: impl Into<Arc<str>>) -> Packet {
        Packet {
            direction: "webhook",
            text: text.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct CallEvent {
    id: u64,
    at: UnixMillis,
    kind: &'static str,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Packet>,
    /// Where the packet itself is left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    has_packet: bool,
}

/// Gives each event its number.
type Next<'a> = &'a mut dyn FnMut() -> u64;

impl Call {
    pub(super) fn new(call_id: CallId) -> Call {
        Call {
            timeline: CallTimeline::new(call_id),
            robot: None,
            media: None,
            room: None,
            not_rung: BTreeMap::new(),
            gone_at: None,
            is_closed: false,
            has_webhooks: false,
            is_in_doubt: false,
            playing: None,
            events: Vec::new(),
            shown: BTreeMap::new(),
            whole_since: 0,
        }
    }

    pub(crate) fn call_id(&self) -> &CallId {
        self.timeline.call_id()
    }

    /// Whether it has ended, as far as is known.
    pub(crate) fn is_over(&self) -> bool {
        self.gone_at.is_some() || self.has_record()
    }

    pub(crate) fn has_record(&self) -> bool {
        self.timeline.state().phase == CallPhase::Ended
    }

    /// Whether there is nothing more to ask the service.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed || self.has_record()
    }

    /// Whether a callee is in it.
    pub(crate) fn is_answered(&self) -> bool {
        self.timeline.state().phase == CallPhase::Answered
    }

    pub(crate) fn has_webhooks(&self) -> bool {
        self.has_webhooks
    }

    /// Gives up asking.
    pub(crate) fn close(&mut self) -> bool {
        !std::mem::replace(&mut self.is_closed, true)
    }

    /// The robot's name, from whoever knows it.
    pub(crate) fn set_robot(&mut self, robot: &UserId) {
        self.robot.get_or_insert_with(|| robot.clone());
    }

    /// How far the stream has got. Returns whether that is news.
    pub(crate) fn set_playing(&mut self, playing: Playing) -> bool {
        let before = self.playing.replace(playing);
        before != self.playing
    }

    /// Takes note of packets that went between these times.
    pub(crate) fn note_exchanges(
        &mut self,
        exchanges: &[RecordedExchange],
        (began_at, ended_at): (UnixMillis, UnixMillis),
        next: Next<'_>,
    ) {
        for exchange in exchanges {
            let name = || exchange.name.to_owned();
            let request = Packet::request(exchange.request.as_str());
            self.note(began_at, "request", name(), Some(request), next);
            let (kind, summary, packet) = match &exchange.reply {
                Ok(text) => ("reply", name(), Some(Packet::reply(text.as_str()))),
                Err(error) => ("failed", error.kind.code().to_owned(), None),
            };
            self.note(ended_at, kind, summary, packet, next);
        }
    }

    /// Takes note of something that changes nobody's state.
    pub(crate) fn note(
        &mut self,
        at: UnixMillis,
        kind: &'static str,
        summary: String,
        raw: Option<Packet>,
        next: Next<'_>,
    ) -> bool {
        self.push(at, kind, summary, None, raw, next);
        true
    }

    /// Takes in who could not be rung. `emulated` codes have a documented meaning; the service's have not.
    pub(crate) fn note_not_rung(
        &mut self,
        callees: &[CalleeResult],
        emulated: bool,
        at: UnixMillis,
        next: Next<'_>,
    ) {
        for callee in callees.iter().filter(|callee| !callee.was_rung()) {
            let state = match callee.result_code {
                1 if emulated => "busy",
                2 if emulated => "offline",
                _ => "unknown",
            };
            let result_code = callee.result_code;
            let user_id = callee.user_id.clone();
            let summary = format!("could not be rung (ResultCode {result_code})");
            self.push(at, state, summary, Some(user_id.clone()), None, next);
            let not_rung = NotRung {
                result_code,
                state,
                at,
            };
            self.not_rung.insert(user_id, not_rung);
        }
    }

    /// Takes in a webhook.
    pub(crate) fn hear(&mut self, event: &Event, raw: Packet, next: Next<'_>) -> bool {
        self.has_webhooks = true;
        if let Event::CallStarted(started) = event {
            // Nobody but the caller is in a call that has only just begun.
            let mut in_call = started
                .members
                .iter()
                .filter(|member| member.status == MemberStatus::Calling);
            if let (Some(caller), None) = (in_call.next(), in_call.next()) {
                self.set_robot(&caller.user_id);
            }
        }
        let Some(is_news) = self.take(event.clone(), Some(&raw), next) else {
            return false;
        };
        if !is_news {
            let at = event.event_time().unwrap_or(UnixMillis(0));
            let summary = event.command().as_str().to_owned();
            self.push(at, "webhook", summary, None, Some(raw), next);
        }
        true
    }

    /// Takes in what the service says of the call as a whole.
    pub(crate) fn learn(&mut self, info: &get_call_info::Response) -> bool {
        let is_news = self.timeline.state().media_type.is_none() && self.media.is_none();
        self.media = Some(info.media_type.clone());
        self.room = info.room.clone();
        is_news
    }

    /// Takes in that a call was started.
    pub(crate) fn begin(&mut self, event: impl Into<Event>, next: Next<'_>) -> bool {
        self.take(event.into(), None, next).is_some()
    }

    /// Takes in what the service said when it was asked. What contradicts webhooks must be said twice: a
    /// webhook may have overtaken the reply.
    pub(crate) fn observe(
        &mut self,
        members: Vec<Member>,
        now: UnixMillis,
        raw: &Packet,
        next: Next<'_>,
    ) -> bool {
        self.gone_at = None;
        let is_the_same = |state: &MemberState, status: &MemberStatus| {
            matches!(
                (state, status),
                (MemberState::InCall, MemberStatus::Calling)
                    | (MemberState::Ringing, MemberStatus::Waiting)
                    | (_, MemberStatus::Unknown(_))
            )
        };
        let states = &self.timeline.state().members;
        let agrees = members.iter().all(|member| {
            let state = states.get(&member.user_id);
            state.is_some_and(|state| is_the_same(state, &member.status))
        }) && states.iter().all(|(user, state)| {
            !matches!(state, MemberState::InCall | MemberState::Ringing)
                || members.iter().any(|member| member.user_id == *user)
        });
        let is_believed = !self.has_webhooks || self.is_in_doubt;
        self.is_in_doubt = !agrees && !is_believed;
        if agrees || !is_believed {
            return false;
        }
        // What is said now is later than all that was told before, whatever the clocks say.
        let after = |latest: UnixMillis| UnixMillis(latest.0.saturating_add(1));
        let at = self.latest().map_or(now, |latest| now.max(after(latest)));
        let event = MembersChanged::new(self.call_id().clone(), members, Vec::new(), at);
        self.take(event.into(), Some(raw), next).is_some()
    }

    fn latest(&self) -> Option<UnixMillis> {
        self.timeline.events().filter_map(Event::event_time).max()
    }

    /// Takes in that the service knows no such call any more.
    pub(crate) fn be_gone(&mut self, now: UnixMillis, raw: Packet, next: Next<'_>) -> bool {
        if self.is_over() {
            return false;
        }
        self.gone_at = Some(now);
        let summary = "the service says that the call is over".to_owned();
        self.push(now, "gone", summary, None, Some(raw), next);
        true
    }

    /// Takes in the call's record.
    pub(crate) fn conclude(&mut self, record: CallRecord, raw: &Packet, next: Next<'_>) -> bool {
        // The record has whole seconds, so that its end may seem to come before what came before it.
        let ended = UnixMillis(record.end_time.0.saturating_mul(1000));
        let at = self.latest().map_or(ended, |latest| ended.max(latest));
        self.take(CallEnded::new(record, at).into(), Some(raw), next)
            .is_some()
    }

    /// Adds to the timeline and tells what is different now. `None` for what was known, and whether
    /// anything is different for what was not.
    fn take(&mut self, event: Event, raw: Option<&Packet>, next: Next<'_>) -> Option<bool> {
        if self.events.len() >= KEPT_EVENTS {
            return None;
        }
        let at = event.event_time().unwrap_or(UnixMillis(0));
        let before = self.timeline.state().clone();
        if self.timeline.add(event) != Added::New {
            return None;
        }
        let after = self.timeline.state();
        if let Some(record) = &after.record {
            self.robot = Some(record.caller.clone());
        }
        let mut steps = Vec::new();
        if before.started_at.is_none() && after.started_at.is_some() {
            steps.push(("started", "the call was started".to_owned(), None));
        }
        let past = Past::of(&self.timeline);
        let mut is_news = false;
        for (user, state) in &after.members {
            if before.members.get(user) == Some(state) || self.robot.as_ref() == Some(user) {
                continue;
            }
            is_news = true;
            if let Some((kind, summary)) = self.happening(&past, user, state) {
                steps.push((kind, summary.to_owned(), Some(user.clone())));
            }
        }
        if before.phase != CallPhase::Ended
            && let Some(record) = &after.record
        {
            steps.push(("ended", record.result.to_string(), None));
        }
        is_news |= !steps.is_empty();
        for (kind, summary, user_id) in steps {
            self.push(at, kind, summary, user_id, raw.cloned(), next);
        }
        Some(is_news)
    }

    fn push(
        &mut self,
        at: UnixMillis,
        kind: &'static str,
        summary: String,
        user_id: Option<UserId>,
        raw: Option<Packet>,
        next: Next<'_>,
    ) {
        if self.events.len() < KEPT_EVENTS {
            self.events.push(CallEvent {
                id: next(),
                at,
                kind,
                summary,
                user_id,
                raw,
                has_packet: false,
            });
        }
    }

    /// What a member did, in the page's words: what kind of thing, and a sentence where the kind is not
    /// enough. `None` if it has been told.
    fn happening(
        &self,
        past: &Past<'_>,
        user: &UserId,
        state: &MemberState,
    ) -> Option<(&'static str, &'static str)> {
        Some(match state {
            MemberState::Ringing => ("ringing", "the phone rings"),
            MemberState::InCall => ("answered", "answered"),
            MemberState::Rejected => ("rejected", "rejected the call"),
            MemberState::NotAnswered => ("not_answered", "did not answer"),
            MemberState::Busy => ("busy", "is busy"),
            MemberState::HungUp => ("hung_up", "hung up"),
            MemberState::Offline if past.has_joined(user) => ("dropped", "lost the connection"),
            MemberState::Offline => ("offline", "is offline"),
            MemberState::Cancelled => ("cancelled", "is rung no more"),
            _ if past.has_joined(user) => ("left", "left the call"),
            _ if self.not_rung.contains_key(user) => return None,
            _ => ("unanswered", "is rung no more, and nobody said why"),
        })
    }
}

#[cfg(test)]
mod tests {
    use trtc_call::CallResult;
    use trtc_call::UnixSeconds;
    use trtc_call::webhook::{CallStarted, MemberAction, MemberChange};

    use super::*;

    const T: u64 = 1_700_000_000_000;

    fn user(name: &str) -> UserId {
        UserId::new(name).unwrap()
    }

    fn present(calling: &[&str], waiting: &[&str]) -> Vec<Member> {
        let calling = calling.iter().map(|name| (name, MemberStatus::Calling));
        let waiting = waiting.iter().map(|name| (name, MemberStatus::Waiting));
        let members = calling.chain(waiting);
        members
            .map(|(name, status)| Member::new(user(name), status))
            .collect()
    }

    fn id() -> CallId {
        CallId::new("call-1").unwrap()
    }

    /// A call that rings jack and rose, and its numbers.
    fn ringing() -> (Call, impl FnMut() -> u64) {
        let mut last = 0;
        let mut next = move || {
            last += 1;
            last
        };
        let mut call = Call::new(id());
        call.set_robot(&user("robot"));
        let members = present(&["robot"], &["jack", "rose"]);
        let started = CallStarted::new(id(), MediaType::Video, members, UnixMillis(T));
        call.begin(started, &mut next);
        (call, next)
    }

    fn webhook(action: MemberAction, members: Vec<Member>, at: u64) -> Event {
        let change = vec![MemberChange::new(user("jack"), action)];
        MembersChanged::new(id(), members, change, UnixMillis(at)).into()
    }

    fn states(call: &Call) -> Vec<(String, &'static str)> {
        let members = call.members().into_iter();
        members
            .map(|member| (member.user_id.to_string(), member.state))
            .collect()
    }

    fn jack_and_rose(jack: &'static str, rose: &'static str) -> Vec<(String, &'static str)> {
        vec![("jack".to_owned(), jack), ("rose".to_owned(), rose)]
    }

    #[test]
    fn a_reply_that_a_webhook_has_overtaken_puts_nobody_back() {
        let (mut call, mut next) = ringing();
        let hung_up = webhook(
            MemberAction::HangUp,
            present(&["robot"], &["rose"]),
            T + 900,
        );
        call.hear(&hung_up, Packet::webhook(""), &mut next);
        let late = || present(&["robot", "jack"], &["rose"]);
        let seen = |call: &mut Call, next: &mut dyn FnMut() -> u64, members| {
            call.observe(members, UnixMillis(T + 1000), &Packet::reply(""), next)
        };
        assert!(!seen(&mut call, &mut next, late()));
        assert_eq!(states(&call), jack_and_rose("left", "ringing"));
        // What agrees settles it, and what is said twice is believed: a webhook may be lost.
        assert!(!seen(&mut call, &mut next, present(&["robot"], &["rose"])));
        assert!(!seen(&mut call, &mut next, late()));
        assert!(seen(&mut call, &mut next, late()));
        assert_eq!(states(&call), jack_and_rose("in_call", "ringing"));
    }

    #[test]
    fn without_webhooks_what_the_service_says_is_believed_at_once_whatever_the_clocks_say() {
        let (mut call, mut next) = ringing();
        let members = present(&["robot", "jack"], &[]);
        let behind = UnixMillis(T - 5000);
        assert!(call.observe(members, behind, &Packet::reply(""), &mut next));
        assert_eq!(states(&call), jack_and_rose("in_call", "unknown"));
        let members = present(&["robot"], &[]);
        assert!(call.observe(members.clone(), behind, &Packet::reply(""), &mut next));
        assert_eq!(states(&call), jack_and_rose("left", "unknown"));
        assert!(
            !call.observe(members, behind, &Packet::reply(""), &mut next),
            "no news"
        );
    }

    #[test]
    fn a_repeated_webhook_tells_nothing() {
        let (mut call, mut next) = ringing();
        let members = || present(&["robot", "jack"], &["rose"]);
        let answered = webhook(MemberAction::Answer, members(), T + 900);
        assert!(call.hear(&answered, Packet::webhook("a"), &mut next));
        let events = call.events.len();
        assert!(!call.hear(&answered, Packet::webhook("a"), &mut next));
        assert_eq!(call.events.len(), events);
    }

    #[test]
    fn what_is_over_stays_over_and_the_record_says_how() {
        let (mut call, mut next) = ringing();
        assert!(call.be_gone(UnixMillis(T + 9000), Packet::reply(""), &mut next));
        assert!(call.is_over() && !call.is_closed());
        assert!(!call.be_gone(UnixMillis(T + 9900), Packet::reply(""), &mut next));
        let members = vec![user("robot"), user("jack"), user("rose")];
        let (from, to) = (UnixSeconds(T / 1000), UnixSeconds(T / 1000 + 8));
        let record = CallRecord::new(id(), user("robot"), members, CallResult::Cancel, from, to);
        assert!(call.conclude(record, &Packet::reply(""), &mut next));
        assert!(call.is_closed());
        assert_eq!(states(&call), jack_and_rose("cancelled", "cancelled"));
        let view = call.view(0, false);
        assert_eq!(view.result.as_deref(), Some("Cancel"));
        assert_eq!(view.ended_at, Some(UnixMillis(T + 8000)));
    }

    #[test]
    fn who_could_not_be_rung_keeps_the_code() {
        use trtc_call::Endpoint as _;
        use trtc_call::call_engine::start_call_by_robot::Request;
        let body = br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"r","Response":{"CallId":"call-1","CallResult":[{"Callee_Account":"mary","ResultCode":2}]}}"#;
        let callees = Request::parse(200, body).unwrap().response.callees;
        for (emulated, state) in [(true, "offline"), (false, "unknown")] {
            let (mut call, mut next) = ringing();
            call.note_not_rung(&callees, emulated, UnixMillis(T), &mut next);
            let members = call.members();
            let mary = members.iter().find(|it| it.user_id == user("mary"));
            let mary = mary.unwrap();
            assert_eq!((mary.state, mary.result_code), (state, Some(2)));
        }
    }
}
