//! How a stream is played: what the request for one has in common with the media of a call.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::start_stream_ingest::{MAX_DURATION, MAX_IDLE_TIMEOUT, MAX_REPEAT};
use super::{Tempo, Volume};
use crate::input::{Given, Properties};
use crate::{Problem, ProblemCode};

/// All options of playing. Their rules are [`problems`](Self::problems).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Playback {
    pub(crate) seek: Option<Duration>,
    pub(crate) auto_push: Option<bool>,
    pub(crate) repeat: Option<Times>,
    pub(crate) max_duration: Option<Duration>,
    pub(crate) volume: Option<Volume>,
    pub(crate) enable_progress: Option<bool>,
    pub(crate) tempo: Option<Tempo>,
    pub(crate) idle_timeout: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub(crate) enum Times {
    Number(u32),
    ForEver,
}

/// The setters of what holds a [`Playback`], but for those whose types differ.
macro_rules! playback_setters {
    ($owner:ident) => {
        /// `SeekSecond`: begins so far into the stream. Whole seconds.
        pub fn seek(mut self, seek: Duration) -> $owner {
            self.playback.seek = Some(seek);
            self
        }

        /// `AutoPush`: also relays the stream to the CDN, which must be on in the console. Default: no.
        pub fn auto_push(mut self, auto_push: bool) -> $owner {
            self.playback.auto_push = Some(auto_push);
            self
        }

        /// `RepeatNum`: plays the stream so many times, 1 to 1000. Default: once.
        pub fn repeat(mut self, times: u32) -> $owner {
            self.playback.repeat = Some(Times::Number(times));
            self
        }

        /// `RepeatNum` -1: plays the stream until it is stopped or the call ends, or for
        /// [`max_duration`](Self::max_duration).
        pub fn repeat_for_ever(mut self) -> $owner {
            self.playback.repeat = Some(Times::ForEver);
            self
        }

        /// `MaxDuration`: for how long a stream is repeated for ever. Whole minutes, 1 to 10080 (a week).
        pub fn max_duration(mut self, max_duration: Duration) -> $owner {
            self.playback.max_duration = Some(max_duration);
            self
        }

        /// `EnableProgress`: tells the users in the room how far the stream is, in custom messages.
        /// Default: no.
        pub fn enable_progress(mut self, enable_progress: bool) -> $owner {
            self.playback.enable_progress = Some(enable_progress);
            self
        }

        /// `IdleTimeout`: how long the task goes on in a room without other users. Whole seconds, 0 to 600.
        /// Default: the service decides.
        pub fn idle_timeout(mut self, idle_timeout: Duration) -> $owner {
            self.playback.idle_timeout = Some(idle_timeout);
            self
        }
    };
}

pub(crate) use playback_setters;

impl Playback {
    /// Takes `{ seek?, autoPush?, repeat?, maxDuration?, volume?, enableProgress?, tempo?, idleTimeout? }` out of an
    /// object.
    pub(crate) fn take(input: &mut Properties<'_>) -> Playback {
        Playback {
            seek: input.optional("seek", Given::milliseconds),
            auto_push: input.optional("autoPush", Given::flag),
            repeat: input.optional("repeat", times),
            max_duration: input.optional("maxDuration", Given::milliseconds),
            volume: input.optional("volume", Volume::given),
            enable_progress: input.optional("enableProgress", Given::flag),
            tempo: input.optional("tempo", Tempo::given),
            idle_timeout: input.optional("idleTimeout", Given::milliseconds),
        }
    }

    /// The rules that it breaks.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let problems = [
            not_whole("seek", self.seek, "seconds", 1, u32::MAX.into()),
            self.wrong_repeat(),
            self.wrong_max_duration(),
            not_whole(
                "idle_timeout",
                self.idle_timeout,
                "seconds",
                1,
                MAX_IDLE_TIMEOUT.as_secs(),
            ),
        ];
        problems.into_iter().flatten().collect()
    }

    fn wrong_repeat(&self) -> Option<Problem> {
        let Some(Times::Number(times)) = self.repeat else {
            return None;
        };
        let fix = "use a number in that range, or repeat for ever";
        let is_right = (1..=MAX_REPEAT).contains(&times);
        (!is_right).then(|| {
            Problem::new("repeat", "must be from 1 to 1000", fix)
                .coded(ProblemCode::OutOfRange)
                .with("from", 1)
                .with("to", MAX_REPEAT)
                .with("found", times)
        })
    }

    fn wrong_max_duration(&self) -> Option<Problem> {
        let wrong = |rule, fix| Problem::new("max_duration", rule, fix);
        let max = MAX_DURATION.as_secs() / 60;
        let not_whole = not_whole("max_duration", self.max_duration, "minutes", 60, max);
        if not_whole.is_some() {
            return not_whole;
        }
        match self.max_duration {
            Some(Duration::ZERO) => {
                let rule = "must be at least a minute";
                let problem = wrong(rule, "leave it out to repeat until the stream is stopped");
                let problem = problem.coded(ProblemCode::OutOfRange).with("from", 60_000);
                Some(problem.with("unit", "ms"))
            }
            Some(_) if self.repeat != Some(Times::ForEver) => {
                let rule = "goes with repeating for ever only";
                let problem = wrong(rule, "repeat for ever, or leave it out");
                Some(problem.coded(ProblemCode::Needs).with("with", "repeat"))
            }
            _ => None,
        }
    }
}

/// The problem with a duration that is not made of whole units of `unit_seconds`, up to `max` of them.
fn not_whole(
    field: &str,
    duration: Option<Duration>,
    unit: &str,
    unit_seconds: u64,
    max: u64,
) -> Option<Problem> {
    let duration = duration?;
    let (seconds, rest) = (duration.as_secs(), duration.subsec_nanos());
    if rest == 0 && seconds % unit_seconds == 0 && seconds / unit_seconds <= max {
        return None;
    }
    let symbol = if unit_seconds == 60 { "min" } else { "s" };
    let rule = format!("must be whole {unit}, at most {max} {symbol}");
    let problem = Problem::new(field, rule, "round it");
    Some(problem.coded(ProblemCode::NotWhole).with("unit", unit))
}

fn times(given: Given<'_>) -> Result<Times, Problem> {
    if given.json() == "\"forever\"" {
        return Ok(Times::ForEver);
    }
    given.whole_32("times, or \"forever\"").map(Times::Number)
}

/// As the service has it.
const FOR_EVER: i64 = -1;

impl From<Times> for i64 {
    fn from(times: Times) -> i64 {
        match times {
            Times::Number(times) => times.into(),
            Times::ForEver => FOR_EVER,
        }
    }
}

impl TryFrom<i64> for Times {
    type Error = &'static str;

    fn try_from(times: i64) -> Result<Times, &'static str> {
        match u32::try_from(times) {
            Ok(times) => Ok(Times::Number(times)),
            Err(_) if times == FOR_EVER => Ok(Times::ForEver),
            Err(_) => Err("a number of times, or -1 for ever"),
        }
    }
}
