//! What becomes of each member, out of what `get_call_info` says from time to time. Pure.

use serde::Serialize;
use trtc_call::UserId;
use trtc_call::call_engine::get_call_info::{Member, MemberStatus};
use trtc_call::call_engine::start_call_by_robot::CalleeResult;

/// Something that a member did, as far as it can be seen from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberEvent {
    /// When it was seen, in milliseconds since 1970.
    pub(super) at_ms: u64,
    pub(super) user_id: UserId,
    pub(super) event: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum What {
    /// The service could not ring the phone.
    NotRung,
    /// The phone rings.
    Ringing,
    /// The user is in the call.
    Answered,
    /// The phone stopped ringing without an answer.
    Unanswered,
    /// The user was in the call, and no longer is.
    Left,
}

/// The members of one call, the robot left out.
#[derive(Debug)]
pub(super) struct Members {
    robot: UserId,
    last_seen: Vec<(UserId, What)>,
}

impl Members {
    pub(super) fn new(robot: UserId) -> Members {
        Members {
            robot,
            last_seen: Vec::new(),
        }
    }

    /// Takes in whom the service rang.
    pub(super) fn started(&mut self, callees: &[CalleeResult], at_ms: u64) -> Vec<MemberEvent> {
        let seen = callees.iter().map(|callee| {
            let what = if callee.was_rung() {
                What::Ringing
            } else {
                What::NotRung
            };
            (&callee.user_id, what)
        });
        self.update(seen, at_ms)
    }

    /// Takes in who is in the call and who is being rung now.
    pub(super) fn observed(&mut self, members: &[Member], at_ms: u64) -> Vec<MemberEvent> {
        let present = members.iter().filter_map(|member| match member.status {
            MemberStatus::Waiting => Some((&member.user_id, What::Ringing)),
            MemberStatus::Calling => Some((&member.user_id, What::Answered)),
            // A status this library does not know: the user is there, and nothing is known to have changed.
            _ => None,
        });
        let mut events = self.update(present, at_ms);
        let is_gone = |user: &UserId| !members.iter().any(|member| member.user_id == *user);
        events.extend(self.depart(is_gone, at_ms));
        events
    }

    /// Takes in that the call has ended.
    pub(super) fn ended(&mut self, at_ms: u64) -> Vec<MemberEvent> {
        self.depart(|_| true, at_ms)
    }

    fn update<'a>(
        &mut self,
        seen: impl Iterator<Item = (&'a UserId, What)>,
        at_ms: u64,
    ) -> Vec<MemberEvent> {
        let mut events = Vec::new();
        for (user, what) in seen.filter(|(user, _)| **user != self.robot) {
            match self.last_seen.iter_mut().find(|(known, _)| known == user) {
                Some((_, before)) if *before == what => continue,
                Some((_, before)) => *before = what,
                None => self.last_seen.push((user.clone(), what)),
            }
            events.push(MemberEvent {
                at_ms,
                user_id: user.clone(),
                event: what,
            });
        }
        events
    }

    fn depart(&mut self, is_gone: impl Fn(&UserId) -> bool, at_ms: u64) -> Vec<MemberEvent> {
        let mut events = Vec::new();
        for (user, what) in self.last_seen.iter_mut().filter(|(user, _)| is_gone(user)) {
            let now = match what {
                What::Ringing => What::Unanswered,
                What::Answered => What::Left,
                What::NotRung | What::Unanswered | What::Left => continue,
            };
            *what = now;
            events.push(MemberEvent {
                at_ms,
                user_id: user.clone(),
                event: now,
            });
        }
        events
    }
}
