//! How far a ring has got, and the table of its ways: the diagram in the documentation is checked against it.

use crate::word::word_enum;

word_enum! {
    /// How far a ring has got.
    RingState {
        /// It waits for its turn.
        Queued = "queued",
        /// A worker has taken it. Nothing was sent.
        Claimed = "claimed",
        /// It is being sent, or was about to be: from here on, a phone may ring.
        Sending = "sending",
        /// The service has rung.
        Rung = "rung",
        /// The service has refused: no phone rang.
        Refused = "refused",
        /// Whether a phone rang is unknown. It is not sent again.
        Unknown = "unknown",
        /// Nothing was ever heard of it, or a person says that it did not ring. It is not sent again either.
        PresumedNotRung = "presumed_not_rung",
        /// It was taken back before it was sent.
        Cancelled = "cancelled",
    }
}

/// From, to, and what leads there.
const TRANSITIONS: [(RingState, RingState, &str); 15] = {
    use RingState::{Cancelled, Claimed, PresumedNotRung, Queued, Refused, Rung, Sending, Unknown};
    [
        (Queued, Claimed, "a worker takes it"),
        (Queued, Cancelled, "taken back, or too late"),
        (Claimed, Sending, "committed just before the bytes go"),
        (Claimed, Queued, "given back, or the lease is over"),
        (Claimed, Cancelled, "taken back, or too late"),
        (Sending, Rung, "the service rings"),
        (Sending, Refused, "the service refuses, or rings nobody"),
        (Sending, Queued, "its worker: surely nothing was done"),
        (Sending, Unknown, "no telling reply, or the lease is over"),
        (Unknown, Rung, "a late reply, webhook or record, or by hand"),
        (Unknown, Refused, "found busy or offline, or a late reply"),
        (Unknown, Queued, "its worker, late: surely nothing was done"),
        (
            Unknown,
            PresumedNotRung,
            "nothing found in 7 days, or by hand",
        ),
        (PresumedNotRung, Rung, "found after all"),
        (
            PresumedNotRung,
            Refused,
            "found busy or offline, or a late reply",
        ),
    ]
};

impl RingState {
    /// Whether nothing is awaited any more. (What was presumed may still be found to have rung.)
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            RingState::Rung
                | RingState::Refused
                | RingState::PresumedNotRung
                | RingState::Cancelled
        )
    }

    /// Whether a worker has it in hand.
    #[must_use]
    pub fn is_in_hand(self) -> bool {
        matches!(self, RingState::Claimed | RingState::Sending)
    }

    /// The state of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<RingState> {
        RingState::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// The states that can come next, each with what leads there.
    pub fn next(self) -> impl Iterator<Item = (RingState, &'static str)> {
        let ways = TRANSITIONS.into_iter();
        ways.filter_map(move |(from, to, why)| (from == self).then_some((to, why)))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn diagram() -> String {
        let mut diagram = "```mermaid\nstateDiagram-v2\n    [*] --> queued\n".to_owned();
        for from in RingState::ALL {
            for (to, why) in from.next() {
                writeln!(diagram, "    {from} --> {to}: {why}").unwrap();
            }
        }
        for last in RingState::ALL.into_iter().filter(|state| state.is_final()) {
            writeln!(diagram, "    {last} --> [*]").unwrap();
        }
        diagram + "```\n"
    }

    #[test]
    fn the_documented_diagram_is_the_table() {
        let documented = include_str!("../../docs/ring-ledger.md");
        let diagram = diagram();
        assert!(
            documented.contains(&diagram),
            "docs/ring-ledger.md must hold:\n{diagram}"
        );
    }

    #[test]
    fn every_state_leads_to_a_final_one_and_what_may_have_rung_is_queued_by_its_own_worker_alone() {
        for state in RingState::ALL {
            assert!(state.is_final() || state.next().count() > 0, "{state}");
            for (next, why) in state.next() {
                let may_have_rung = !matches!(state, RingState::Queued | RingState::Claimed);
                if may_have_rung && next == RingState::Queued {
                    assert!(why.contains("its worker"), "{state} -> {next}: {why}");
                }
            }
        }
    }
}
