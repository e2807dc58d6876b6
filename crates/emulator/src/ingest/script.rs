use std::time::Duration;

use serde::Serialize;

use crate::clock::milliseconds;
use crate::script::parse_milliseconds;

/// What becomes of a stream when an ingest plays it. Times are emulated time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "Written")]
#[non_exhaustive]
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
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or_default();
        let name = file.split('.').next().unwrap_or_default();
        let parts: Vec<&str> = name.split('-').collect();
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

/// Plays for 30 s.
impl Default for StreamScript {
    fn default() -> StreamScript {
        StreamScript::Plays {
            duration: Some(DURATION),
            restart_after: None,
        }
    }
}

/// As the control API takes it: `{"script":"plays","durationMs":30000}`.
#[derive(Serialize)]
#[serde(
    tag = "script",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
enum Written {
    Plays {
        duration_ms: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        restart_after_ms: Option<u64>,
    },
    Live {
        #[serde(skip_serializing_if = "Option::is_none")]
        restart_after_ms: Option<u64>,
    },
    Fails,
}

impl From<StreamScript> for Written {
    fn from(script: StreamScript) -> Written {
        let StreamScript::Plays {
            duration,
            restart_after,
        } = script
        else {
            return Written::Fails;
        };
        let restart_after_ms = restart_after.map(milliseconds);
        match duration.map(milliseconds) {
            Some(duration_ms) => Written::Plays {
                duration_ms,
                restart_after_ms,
            },
            None => Written::Live { restart_after_ms },
        }
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
