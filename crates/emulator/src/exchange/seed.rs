//! Calls that never were, for who wants many records to look at.

use std::time::Duration;

use trtc_call_core::UnixMillis;

use super::{Exchange, RECORD_KEPT_FOR, What};
use crate::Script;
use crate::call::{Call, Callee, CalleeStatus, End, EndResult, Media, Room};
use crate::random::Draws;

/// Results with their share of all calls, in percent.
const RESULTS: [(EndResult, u64); 7] = [
    (EndResult::NormalEnd, 60),
    (EndResult::NotAnswer, 12),
    (EndResult::Reject, 9),
    (EndResult::Cancel, 7),
    (EndResult::CallBusy, 5),
    (EndResult::Offline, 4),
    (EndResult::Interrupt, 3),
];

const ROBOTS: [&str; 3] = ["robot", "front-desk", "reminder"];

/// As long as phones ring that nobody answers.
const RING_TIMEOUT: Duration = Duration::from_secs(30);

impl Exchange {
    /// Adds the records of `count` made-up calls of the last 7 days. No phone rings, and nobody is told.
    pub(crate) fn seed_records(&mut self, count: u32, random: u64, now: UnixMillis) {
        for _ in 0..count {
            self.started += 1;
            let mut draws = Draws::new(random, self.started);
            let call = past_call(self.started, &mut draws, now);
            let Some(end) = call.end else { continue };
            let expires_at = end.at.after(RECORD_KEPT_FOR);
            self.schedule(expires_at, &call.call_id, What::RecordExpired);
            self.calls.insert(call.call_id.clone(), call);
        }
    }
}

fn past_call(number: u64, draws: &mut Draws, now: UnixMillis) -> Call {
    let result = result(draws.below(100));
    let was_answered = matches!(result, EndResult::NormalEnd | EndResult::Interrupt);
    let rang = match result {
        EndResult::CallBusy | EndResult::Offline => 0,
        EndResult::NotAnswer => 30_000,
        _ => 1_500 + draws.below(18_000),
    };
    // Most conversations are short.
    let longest = 1 + draws.below(1_200_000);
    let talked = if was_answered {
        draws.below(longest)
    } else {
        0
    };
    // Begun within the days that records are listed, the first of them not about to drop out, and over by now,
    // record and all.
    let span = 7 * 24 * 3_600_000 - 3_600_000 - 60_000;
    let ended_ago = 60_000 + draws.below(span - rang - talked);
    let ended_at = UnixMillis(now.0.saturating_sub(ended_ago));
    let back = |milliseconds| UnixMillis(ended_at.0.saturating_sub(milliseconds));
    let others = if draws.below(5) == 0 {
        1 + draws.below(3)
    } else {
        0
    };
    let first = draws.below(40);
    let status = match result {
        EndResult::NormalEnd => CalleeStatus::HungUp,
        EndResult::Interrupt => CalleeStatus::Dropped,
        EndResult::NotAnswer => CalleeStatus::NotAnswered,
        EndResult::Reject => CalleeStatus::Rejected,
        EndResult::Cancel => CalleeStatus::Cancelled,
        EndResult::CallBusy => CalleeStatus::Busy,
        EndResult::Offline => CalleeStatus::Offline,
    };
    let callees = (first..=first + others).map(|number| Callee {
        user: format!("user-{}", 1 + number),
        status,
        script: Script::default(),
    });
    let robot = usize::try_from(draws.below(3)).unwrap_or(0);
    Call {
        number,
        call_id: draws.uuid(),
        robot: (*ROBOTS.get(robot).unwrap_or(&"robot")).to_owned(),
        callees: callees.collect(),
        media_type: if draws.below(3) == 0 {
            Media::Audio
        } else {
            Media::Video
        },
        room: room(draws),
        user_data: None,
        ring_timeout: RING_TIMEOUT,
        started_at: back(rang + talked),
        answered_at: was_answered.then(|| back(talked)),
        end: Some(End {
            at: ended_at,
            result,
        }),
        has_record: true,
    }
}

fn result(mut percent: u64) -> EndResult {
    for (result, share) in RESULTS {
        if percent < share {
            return result;
        }
        percent -= share;
    }
    EndResult::NormalEnd
}

fn room(draws: &mut Draws) -> Option<Room> {
    let number = 1 + draws.below(9_999);
    match draws.below(4) {
        0 => None,
        1 => Some(Room {
            id: number.to_string(),
            id_type: 1,
        }),
        _ => Some(Room {
            id: format!("visit-{number}"),
            id_type: 2,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_calls_make_sense() {
        let now = UnixMillis(1_700_000_000_000);
        let mut exchange = Exchange::default();
        exchange.seed_records(2000, 7, now);
        let calls = exchange.calls();
        assert_eq!(calls.len(), 2000);
        assert!(calls.is_sorted_by_key(|call| call.started_at));
        for call in &calls {
            let end = call.end.unwrap();
            assert!(end.at.0 <= now.0 - 60_000 && end.at.after(RECORD_KEPT_FOR) > now);
            let listed_until = call.started_at.after(RECORD_KEPT_FOR);
            assert!(
                listed_until >= now.after(Duration::from_secs(3600)),
                "{call:?}"
            );
            assert!(
                call.answered_at
                    .is_none_or(|at| call.started_at < at && at <= end.at)
            );
            let was_answered = matches!(end.result, EndResult::NormalEnd | EndResult::Interrupt);
            assert_eq!(call.answered_at.is_some(), was_answered);
        }
        for (result, share) in RESULTS {
            let of_result = calls
                .iter()
                .filter(|call| call.end.unwrap().result == result);
            let found = of_result.count() as u64 / 20;
            assert!(
                found.abs_diff(share) <= 3,
                "{result:?}: {found} %, not {share} %"
            );
        }
    }

    #[test]
    fn seeded_records_expire_like_others() {
        let now = UnixMillis(1_700_000_000_000);
        let mut exchange = Exchange::default();
        exchange.seed_records(100, 7, now);
        exchange.run_until(now.after(RECORD_KEPT_FOR));
        assert_eq!(exchange.calls().len(), 0);
    }
}
