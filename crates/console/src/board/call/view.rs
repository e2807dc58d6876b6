//! A call as the page gets it: whole, or what is new of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use trtc_call::webhook::{CallPhase, CallTimeline, Happening, MemberState};
use trtc_call::{CallId, CallType, MediaType, ReportedRoom, UnixMillis, UserId};

use super::{Call, CallEvent, Playing};

/// A call. Of members and events those that are new, where no more was asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BoardCall {
    call_id: CallId,
    robot: Option<UserId>,
    media: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<ReportedRoom>,
    pub(in crate::board) started_at: Option<UnixMillis>,
    state: &'static str,
    members: Vec<BoardMember>,
    #[serde(skip_serializing_if = "Option::is_none")]
    playing: Option<Playing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<UnixMillis>,
    /// When somebody answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<UnixMillis>,
    /// How long an answered call lasted, as its record says.
    #[serde(skip_serializing_if = "Option::is_none")]
    talk_seconds: Option<u64>,
    events: Vec<CallEvent>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BoardMember {
    pub(super) user_id: UserId,
    pub(super) state: &'static str,
    at: Option<UnixMillis>,
    /// Why the phone could not be rung.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result_code: Option<i64>,
}

/// What a call's history says of its members, read once for all of them.
pub(super) struct Past<'a> {
    joined: BTreeSet<&'a UserId>,
    last_change: BTreeMap<&'a UserId, UnixMillis>,
}

impl<'a> Past<'a> {
    pub(super) fn of(timeline: &'a CallTimeline) -> Past<'a> {
        let mut past = Past {
            joined: BTreeSet::new(),
            last_change: BTreeMap::new(),
        };
        for entry in timeline.history() {
            if let Happening::Member { user_id, state } = &entry.happening {
                past.last_change.insert(user_id, entry.at);
                if *state == MemberState::InCall {
                    past.joined.insert(user_id);
                }
            }
        }
        let record = timeline.state().record.as_ref();
        if let Some(record) = record.filter(|record| record.was_answered())
            && record.call_type == CallType::SingleCall
        {
            // The one callee has answered, though nothing else may have told it.
            past.joined.extend(&record.members);
        }
        past
    }

    /// Whether a user has ever been in the call.
    pub(super) fn has_joined(&self, user: &UserId) -> bool {
        self.joined.contains(user)
    }
}

impl Call {
    /// The call as it is now, its events with their packets or without. Who has seen everything up to the change
    /// `after` is given what is new since; 0: everything.
    pub(crate) fn view(&self, after: u64, with_packets: bool) -> BoardCall {
        let events = self.events.iter().filter(|event| event.id > after);
        let mut events: Vec<CallEvent> = events
            .map(|event| CallEvent {
                raw: event.raw.clone().filter(|_| with_packets),
                has_packet: event.raw.is_some() && !with_packets,
                ..event.clone()
            })
            .collect();
        events.sort_by_key(|event| (event.at, event.id));
        let members = self.shown.values();
        let members = members.filter(|(changed, _)| *changed > after);
        let state = self.timeline.state();
        BoardCall {
            call_id: self.call_id().clone(),
            robot: self.robot.clone(),
            media: state.media_type.as_ref().or(self.media.as_ref()).map(media),
            room: state.room.clone().or_else(|| self.room.clone()),
            started_at: self.started_at(),
            state: match state.phase {
                _ if self.is_over() => "ended",
                CallPhase::Ringing => "ringing",
                CallPhase::Answered => "in_call",
                _ => "unknown",
            },
            members: members.map(|(_, member)| member.clone()).collect(),
            playing: self.playing.clone(),
            result: state.record.as_ref().map(|it| it.result.to_string()),
            ended_at: state.ended_at.or(self.gone_at),
            answered_at: state.answered_at,
            talk_seconds: state.record.as_ref().and_then(|record| {
                let accepted = record.accept_time?;
                Some(record.end_time.0.saturating_sub(accepted.0))
            }),
            events,
        }
    }

    /// Whether what is new since that change can be told by itself.
    pub(in crate::board) fn can_be_continued(&self, after: u64) -> bool {
        after >= self.whole_since
    }

    /// Takes note of who is different now, by the change of that number.
    pub(in crate::board) fn settle(&mut self, number: u64) {
        let mut before = std::mem::take(&mut self.shown);
        for member in self.members() {
            let known = before.remove(&member.user_id);
            let known = known.filter(|(_, known)| *known == member);
            let changed = known.map_or(number, |(changed, _)| changed);
            self.shown.insert(member.user_id.clone(), (changed, member));
        }
        if !before.is_empty() || self.whole_since == 0 {
            self.whole_since = number;
        }
    }

    /// When it was started, or else when the board first heard of it.
    fn started_at(&self) -> Option<UnixMillis> {
        let first = || self.events.iter().map(|event| event.at).min();
        self.timeline.state().started_at.or_else(first)
    }

    pub(super) fn members(&self) -> Vec<BoardMember> {
        let past = Past::of(&self.timeline);
        let states = &self.timeline.state().members;
        let users = states.keys().chain(self.not_rung.keys());
        let users = users.filter(|user| self.robot.as_ref() != Some(*user));
        let users: BTreeSet<&UserId> = users.collect();
        let started_at = self.started_at();
        let members = users.into_iter().map(|user| {
            let known = states.get(user).map(|state| word(&past, user, state));
            let known = known.filter(|word| *word != "unknown");
            let not_rung = self.not_rung.get(user);
            let left = self.gone_at.filter(|_| !self.has_record());
            let state = match (known, not_rung) {
                (Some("in_call"), _) if left.is_some() => "left",
                (Some("ringing"), _) if left.is_some() => "unknown",
                (Some(word), _) => word,
                (None, Some(not_rung)) => not_rung.state,
                (None, None) => "unknown",
            };
            BoardMember {
                user_id: user.clone(),
                state,
                at: match not_rung {
                    Some(not_rung) if known.is_none() => Some(not_rung.at),
                    _ => past.last_change.get(user).copied().or(started_at),
                },
                result_code: not_rung.map(|it| it.result_code),
            }
        });
        members.collect()
    }
}

/// A member's state in the page's words.
fn word(past: &Past<'_>, user: &UserId, state: &MemberState) -> &'static str {
    match state {
        MemberState::Ringing => "ringing",
        MemberState::InCall => "in_call",
        MemberState::Rejected => "rejected",
        MemberState::NotAnswered => "not_answered",
        MemberState::Busy => "busy",
        MemberState::HungUp => "left",
        MemberState::Offline => "offline",
        MemberState::Cancelled => "cancelled",
        // Gone, and nobody said why.
        _ if past.has_joined(user) => "left",
        _ => "unknown",
    }
}

/// In the words of whoever starts a call.
fn media(media_type: &MediaType) -> String {
    match media_type {
        MediaType::Audio => "audio".to_owned(),
        MediaType::Video => "video".to_owned(),
        other => other.as_str().to_owned(),
    }
}
