use std::time::Duration;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::clock::milliseconds;
use crate::script::parse_milliseconds;

/// What becomes of a stream when an ingest plays it. Times are emulated time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamScript {
    /// It plays.
    Plays {
        /// How long one round is at normal speed; `None` is a live stream, which does not end.
        duration: Option<Duration>,
        /// When the service loses it once and starts again (701 with status 2), after the start.
        restart_after: Option<Duration>,
    },
    /// It cannot be played: the start is reported to have failed (701 with status 1).
    Fails,
}

const DURATION: Duration = Duration::from_secs(30);

impl StreamScript {
    /// What a stream does without a script of its own. The last part of its path counts, without what
    /// follows a dot, divided by `-`:
    ///
    /// | URL ends in | what the stream does |
    /// | --- | --- |
    /// | `/fails`, `/fails-1.mp3` | cannot be played |
    /// | `/live`, `/live-1.flv` | never ends |
    /// | `/plays-5000.mp3`, `/plays-5000-…` | ends after 5 s |
    /// | `/plays-5000-restarts-1000.mp3` | the same, and is started again after 1 s |
    /// | any other | ends after 30 s |
    #[must_use]
    pub fn by_url(url: &str) -> StreamScript {
        let path = before(before(url, '?'), '#');
        let mut file = path;
        while let Some((_, rest)) = file.split_once('/') {
            file = rest;
        }
        let parts: Vec<&str> = before(file, '.').split('-').collect();
        let plays = |duration, restart_after| StreamScript::Plays {
            duration,
            restart_after,
        };
        match parts.as_slice() {
            ["fails", ..] => StreamScript::Fails,
            ["live", ..] => plays(None, None),
            ["plays", duration, rest @ ..] => {
                let restart_after = match rest {
                    ["restarts", after, ..] => parse_milliseconds(after),
                    _ => None,
                };
                plays(
                    Some(parse_milliseconds(duration).unwrap_or(DURATION)),
                    restart_after,
                )
            }
            _ => StreamScript::default(),
        }
    }
}

fn before(text: &str, separator: char) -> &str {
    text.split_once(separator)
        .map_or(text, |(before, _)| before)
}

/// Plays for 30 s.
impl Default for StreamScript {
    fn default() -> StreamScript {
        StreamScript::Plays {
            duration: Some(DURATION),
            restart_after: None,
        }
    }
}

/// The form that the control API takes: `{"script":"plays","durationMs":30000}`.
impl Serialize for StreamScript {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            StreamScript::Fails => map.serialize_entry("script", "fails")?,
            StreamScript::Plays {
                duration,
                restart_after,
            } => {
                let name = duration.map_or("live", |_| "plays");
                map.serialize_entry("script", name)?;
                if let Some(duration) = duration {
                    map.serialize_entry("durationMs", &milliseconds(*duration))?;
                }
                if let Some(after) = restart_after {
                    map.serialize_entry("restartAfterMs", &milliseconds(*after))?;
                }
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plays(duration: Option<u64>, restart_after: Option<u64>) -> StreamScript {
        StreamScript::Plays {
            duration: duration.map(Duration::from_millis),
            restart_after: restart_after.map(Duration::from_millis),
        }
    }

    #[test]
    fn a_url_tells_what_its_stream_does() {
        for (url, script) in [
            ("https://a.example/welcome.mp3", plays(Some(30_000), None)),
            ("https://a.example", plays(Some(30_000), None)),
            ("https://a.example/fails", StreamScript::Fails),
            ("https://a.example/x/fails-2.mp3?a=/b", StreamScript::Fails),
            ("https://a.example/failsafe.mp3", plays(Some(30_000), None)),
            ("rtmp://a.example/live/live-1.flv#x", plays(None, None)),
            ("https://a.example/plays-5.mp3", plays(Some(5), None)),
            ("https://a.example/plays-x.mp3", plays(Some(30_000), None)),
            (
                "https://a.example/plays-5-restarts-2.mp3",
                plays(Some(5), Some(2)),
            ),
            ("https://a.example/plays-5-b.mp3", plays(Some(5), None)),
        ] {
            assert_eq!(StreamScript::by_url(url), script, "{url}");
        }
    }
}
