//! How far a session has got, and the table of its ways: the diagram in the documentation is checked against it.

use crate::word::word_enum;

word_enum! {
    /// How far a session has got.
    Phase {
        /// The call is about to be started, or the reply is awaited.
        Dialing = "dialing",
        /// Whether the phones ring is unknown, and so is the CallId: a webhook that names the room may tell.
        Searching = "searching",
        /// The phones ring.
        Ringing = "ringing",
        /// Somebody has answered, and nothing plays yet.
        Answered = "answered",
        /// The ingest's task is there: the media plays.
        Playing = "playing",
        /// The call goes on without media: it ended or could not be started, and the plan keeps the call.
        Talking = "talking",
        /// The call and the ingest are being ended.
        Ending = "ending",
        /// Both are gone; the call's record is awaited.
        AwaitingRecord = "awaiting_record",
        /// It is over: nothing more is to be sent.
        Over = "over",
    }
}

/// From, to, and what leads there.
const TRANSITIONS: [(Phase, Phase, &str); 16] = {
    use Phase::{
        Answered, AwaitingRecord, Dialing, Ending, Over, Playing, Ringing, Searching, Talking,
    };
    [
        (Dialing, Ringing, "the service rings"),
        (Dialing, Searching, "unknown whether it rings"),
        (Dialing, Over, "refused, or ended before it was sent"),
        (Searching, Ringing, "a webhook or late reply names it"),
        (Searching, Over, "not found in time, or refused after all"),
        (Ringing, Answered, "a callee answers"),
        (Ringing, Ending, "nobody answers, or end()"),
        (Answered, Playing, "the ingest is started"),
        (Answered, Talking, "no ingest, and the plan keeps the call"),
        (Answered, Ending, "hang-up, no ingest, too long, or end()"),
        (Playing, Answered, "the start failed after all: once more"),
        (Playing, Talking, "media over, and the plan keeps the call"),
        (Playing, Ending, "hang-up, media over, too long, or end()"),
        (Talking, Ending, "hang-up, too long, or end()"),
        (Ending, AwaitingRecord, "both are gone, or not in time"),
        (AwaitingRecord, Over, "the record is there, or not in time"),
    ]
};

impl Phase {
    /// Whether call and ingest are ended, or given up: the record may be missing yet.
    #[must_use]
    pub fn is_clean(self) -> bool {
        matches!(self, Phase::AwaitingRecord | Phase::Over)
    }

    /// Whether the call is up, as far as is known: phones ring, or somebody talks.
    #[must_use]
    pub fn is_call_up(self) -> bool {
        matches!(
            self,
            Phase::Ringing | Phase::Answered | Phase::Playing | Phase::Talking
        )
    }

    /// The phases that can come next, each with what leads there.
    pub fn next(self) -> impl Iterator<Item = (Phase, &'static str)> {
        let ways = TRANSITIONS.into_iter();
        ways.filter_map(move |(from, to, why)| (from == self).then_some((to, why)))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn diagram() -> String {
        let mut diagram = "```mermaid\nstateDiagram-v2\n    [*] --> dialing\n".to_owned();
        for from in Phase::ALL {
            for (to, why) in from.next() {
                writeln!(diagram, "    {from} --> {to}: {why}").unwrap();
            }
        }
        diagram + "    over --> [*]\n```\n"
    }

    #[test]
    fn the_documented_diagram_is_the_table() {
        let documented = include_str!("../../docs/call-session.md");
        let diagram = diagram();
        assert!(
            documented.contains(&diagram),
            "docs/call-session.md must hold:\n{diagram}"
        );
    }

    #[test]
    fn every_phase_leads_to_the_end() {
        for start in Phase::ALL {
            let mut reached = vec![start];
            let mut index = 0;
            while let Some(phase) = reached.get(index).copied() {
                index += 1;
                for (next, _) in phase.next() {
                    if !reached.contains(&next) {
                        reached.push(next);
                    }
                }
            }
            assert!(reached.contains(&Phase::Over), "{start}");
        }
        assert_eq!(Phase::Over.next().count(), 0);
    }
}
