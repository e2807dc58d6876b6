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
    /// The phone stopped ringing, and whether the user was in the call for a moment is not known.
    Gone,
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

    /// Takes in that the call has ended: whoever was in it has left. What became of those who were still ringing is
    /// [told by the record](Self::recorded), for an answer may have fallen between two questions.
    pub(super) fn ended(&mut self, at_ms: u64) -> Vec<MemberEvent> {
        let in_the_call = self.users(|what| what == What::Answered);
        self.depart(|user| in_the_call.contains(user), at_ms)
    }

    /// Takes in whether the call was answered, which is not known where there is no record.
    pub(super) fn recorded(&mut self, was_answered: Option<bool>, at_ms: u64) -> Vec<MemberEvent> {
        let ringing = self.users(|what| what == What::Ringing);
        let who_answered_was_seen = !self.users(|what| what == What::Left).is_empty();
        let became: &[What] = match was_answered {
            Some(true) if who_answered_was_seen => &[What::Unanswered],
            Some(false) => &[What::Unanswered],
            Some(true) if ringing.len() == 1 => &[What::Answered, What::Left],
            // Of a group it does not tell who answered.
            Some(true) | None => &[What::Gone],
        };
        became
            .iter()
            .flat_map(|what| self.update(ringing.iter().map(|user| (user, *what)), at_ms))
            .collect()
    }

    fn users(&self, is_meant: impl Fn(What) -> bool) -> Vec<UserId> {
        let meant = self.last_seen.iter().filter(|(_, what)| is_meant(*what));
        meant.map(|(user, _)| user.clone()).collect()
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
                What::NotRung | What::Unanswered | What::Left | What::Gone => continue,
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

#[cfg(test)]
mod tests {
    use trtc_call::Endpoint;
    use trtc_call::call_engine::{get_call_info, start_call_by_robot};

    use super::*;

    /// What the service answers, as this program receives it.
    fn response<E: Endpoint>(payload: &str) -> E::Response {
        let body = format!(
            r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{payload}}}"#
        );
        E::parse(200, body.as_bytes()).unwrap().response
    }

    fn rung(callees: &[(&str, i64)]) -> Vec<CalleeResult> {
        let callees: Vec<String> = callees
            .iter()
            .map(|(user, code)| format!(r#"{{"Callee_Account":"{user}","ResultCode":{code}}}"#))
            .collect();
        let payload = format!(r#"{{"CallId":"c","CallResult":[{}]}}"#, callees.join(","));
        response::<start_call_by_robot::Request>(&payload).callees
    }

    fn present(members: &[(&str, &str)]) -> Vec<Member> {
        let members: Vec<String> = members
            .iter()
            .map(|(user, status)| format!(r#"{{"User_Account":"{user}","Status":"{status}"}}"#))
            .collect();
        let payload = format!(
            r#"{{"CallInfo":{{"CallId":"c","MediaType":"Video"}},"UserList":[{}]}}"#,
            members.join(",")
        );
        response::<get_call_info::Request>(&payload).members
    }

    /// The events as `jack Ringing`.
    fn names(events: &[MemberEvent]) -> Vec<String> {
        events
            .iter()
            .map(|event| format!("{} {:?}", event.user_id, event.event))
            .collect()
    }

    fn members() -> Members {
        Members::new(UserId::any("robot"))
    }

    #[test]
    fn a_change_is_told_once() {
        let mut members = members();
        assert_eq!(
            names(&members.started(&rung(&[("jack", 0)]), 1)),
            ["jack Ringing"]
        );
        let ringing = present(&[("robot", "Calling"), ("jack", "Waiting")]);
        assert!(members.observed(&ringing, 2).is_empty());
        let talking = present(&[("robot", "Calling"), ("jack", "Calling")]);
        assert_eq!(names(&members.observed(&talking, 3)), ["jack Answered"]);
        assert!(members.observed(&talking, 4).is_empty());
        assert_eq!(names(&members.ended(5)), ["jack Left"]);
        assert!(members.ended(6).is_empty());
    }

    #[test]
    fn who_disappears_while_ringing_did_not_answer() {
        let mut members = members();
        members.started(&rung(&[("jack", 0), ("jill", 0), ("offline", 7)]), 1);
        let events = members.observed(&present(&[("jill", "Calling")]), 2);
        assert_eq!(names(&events), ["jill Answered", "jack Unanswered"]);
        assert_eq!(names(&members.ended(3)), ["jill Left"]);
    }

    #[test]
    fn who_cannot_be_rung_is_told_and_then_silent() {
        let mut members = members();
        assert_eq!(
            names(&members.started(&rung(&[("jack", 7)]), 1)),
            ["jack NotRung"]
        );
        assert!(members.ended(2).is_empty());
    }

    #[test]
    fn who_comes_later_or_comes_back_is_told() {
        let mut members = members();
        let jack = present(&[("jack", "Calling")]);
        assert_eq!(names(&members.observed(&jack, 1)), ["jack Answered"]);
        assert_eq!(
            names(&members.observed(&present(&[("jill", "Waiting")]), 2)),
            ["jill Ringing", "jack Left"]
        );
        assert_eq!(
            names(&members.observed(&jack, 3)),
            ["jack Answered", "jill Unanswered"]
        );
    }

    #[test]
    fn a_status_that_is_unknown_changes_nothing() {
        let mut members = members();
        members.started(&rung(&[("jack", 0)]), 1);
        assert!(
            members
                .observed(&present(&[("jack", "Floating")]), 2)
                .is_empty()
        );
        assert!(members.ended(3).is_empty());
        assert_eq!(
            names(&members.recorded(Some(false), 4)),
            ["jack Unanswered"]
        );
    }

    #[test]
    fn the_record_tells_of_an_answer_that_nobody_saw() {
        let ringing = |callees: &[(&str, i64)]| {
            let mut members = members();
            members.started(&rung(callees), 1);
            members
        };
        let mut alone = ringing(&[("jack", 0), ("offline", 7)]);
        assert!(alone.ended(2).is_empty());
        let events = alone.recorded(Some(true), 3);
        assert_eq!(names(&events), ["jack Answered", "jack Left"]);

        let mut group = ringing(&[("jack", 0), ("jill", 0)]);
        let events = group.recorded(Some(true), 3);
        assert_eq!(names(&events), ["jack Gone", "jill Gone"]);

        let mut group = ringing(&[("jack", 0), ("jill", 0)]);
        group.observed(&present(&[("jill", "Calling"), ("jack", "Waiting")]), 2);
        assert_eq!(names(&group.ended(3)), ["jill Left"]);
        assert_eq!(names(&group.recorded(Some(true), 4)), ["jack Unanswered"]);

        let mut without_record = ringing(&[("jack", 0)]);
        assert_eq!(names(&without_record.recorded(None, 3)), ["jack Gone"]);
    }
}
