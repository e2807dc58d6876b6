//! What a simulated user does when the phone rings.

use std::time::Duration;

use serde::Serialize;

use crate::admission::whole_number;
use crate::clock::as_milliseconds;

/// What a simulated user does when the phone rings. Times are emulated time.
///
/// Users take any number of calls at once: a user is busy only by script. So a request that was sent
/// twice shows as two rings and does not hide behind a busy line.
///
/// In the control API: `{"script":"answer","afterMs":1500,"hangUpAfterMs":3000}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "script", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Script {
    /// Answers.
    Answer {
        /// How long the phone rings first.
        #[serde(rename = "afterMs", serialize_with = "as_milliseconds")]
        after: Duration,
        /// What the user does then.
        #[serde(flatten, skip_serializing_if = "Then::is_stay")]
        then: Then,
    },
    /// Refuses the call.
    Reject {
        /// How long the phone rings first.
        #[serde(rename = "afterMs", serialize_with = "as_milliseconds")]
        after: Duration,
    },
    /// Lets the phone ring.
    NoAnswer,
    /// Is in another call: the phone does not ring.
    Busy,
    /// Cannot be reached: the phone does not ring.
    Offline,
}

/// What a simulated user does who has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Then {
    /// Stays until the call is ended.
    Stay,
    /// Hangs up so long after answering.
    #[serde(rename = "hangUpAfterMs", serialize_with = "as_milliseconds")]
    HangUp(Duration),
    /// Loses the connection so long after answering.
    #[serde(rename = "dropAfterMs", serialize_with = "as_milliseconds")]
    Drop(Duration),
}

impl Then {
    fn is_stay(&self) -> bool {
        *self == Then::Stay
    }
}

const ANSWER_AFTER: Duration = Duration::from_millis(1500);
const HANG_UP_AFTER: Duration = Duration::from_millis(3000);
const REJECT_AFTER: Duration = Duration::from_millis(1000);

impl Script {
    /// What a user of that name does without a script of its own. The name's parts count, divided by
    /// `-`; what follows them tells users of the same kind apart:
    ///
    /// | name | what the user does |
    /// | --- | --- |
    /// | `reject`, `reject-…` | rejects after 1 s |
    /// | `noanswer`, `noanswer-…` | never answers |
    /// | `busy`, `busy-…` | is busy |
    /// | `offline`, `offline-…` | is offline |
    /// | `answer-800`, `answer-800-…` | answers after 800 ms and stays |
    /// | `answer-800-hangup-2000`, and so on | answers after 800 ms, hangs up 2000 ms later |
    /// | `answer-800-drop-2000`, and so on | answers after 800 ms, loses the connection 2000 ms later |
    /// | any other | answers after 1.5 s, hangs up 3 s later |
    #[must_use]
    pub fn by_name(user: &str) -> Script {
        let parts: Vec<&str> = user.split('-').collect();
        match parts.as_slice() {
            ["reject", ..] => Script::Reject {
                after: REJECT_AFTER,
            },
            ["noanswer", ..] => Script::NoAnswer,
            ["busy", ..] => Script::Busy,
            ["offline", ..] => Script::Offline,
            ["answer", after, then @ ..] => match parse_milliseconds(after) {
                Some(after) => Script::Answer {
                    after,
                    then: then_by_name(then),
                },
                None => Script::default(),
            },
            _ => Script::default(),
        }
    }
}

fn then_by_name(parts: &[&str]) -> Then {
    match parts {
        ["hangup", after, ..] => parse_milliseconds(after).map_or(Then::Stay, Then::HangUp),
        ["drop", after, ..] => parse_milliseconds(after).map_or(Then::Stay, Then::Drop),
        _ => Then::Stay,
    }
}

pub(crate) fn parse_milliseconds(text: &str) -> Option<Duration> {
    let milliseconds = whole_number(text)?;
    Some(Duration::from_millis(milliseconds.into()))
}

/// Answers after 1.5 s and hangs up 3 s later.
impl Default for Script {
    fn default() -> Script {
        Script::Answer {
            after: ANSWER_AFTER,
            then: Then::HangUp(HANG_UP_AFTER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_name_tells_what_its_user_does() {
        let answer = |after, then| Script::Answer {
            after: ms(after),
            then,
        };
        for (name, script) in [
            ("jack", Script::default()),
            ("reject", Script::Reject { after: ms(1000) }),
            ("reject-2", Script::Reject { after: ms(1000) }),
            ("rejected", Script::default()),
            ("noanswer-x-y", Script::NoAnswer),
            ("busy", Script::Busy),
            ("busybee", Script::default()),
            ("offline-1", Script::Offline),
            ("answer-0", answer(0, Then::Stay)),
            ("answer-500-bob", answer(500, Then::Stay)),
            ("answer-500-hangup-70", answer(500, Then::HangUp(ms(70)))),
            (
                "answer-500-hangup-70-bob",
                answer(500, Then::HangUp(ms(70))),
            ),
            ("answer-500-drop-70", answer(500, Then::Drop(ms(70)))),
            ("answer", Script::default()),
            ("answer-soon", Script::default()),
            ("answer-99999999999", Script::default()),
        ] {
            assert_eq!(Script::by_name(name), script, "{name}");
        }
    }
}
