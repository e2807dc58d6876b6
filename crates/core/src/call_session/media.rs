use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::IngestStart;
use crate::input::{FromInput, Properties};
use crate::problem::Problems;
use crate::stream_ingest::playback::Playback;
use crate::stream_ingest::start_stream_ingest::{Builder, Request};
use crate::stream_ingest::{StreamUrl, Tempo, Volume};
use crate::{InvalidRequest, RoomId, UserId, UserSig};

/// What is played to whoever answers: a URL, and how. Chained setters; the rules are those of
/// [`start_stream_ingest`](crate::stream_ingest::start_stream_ingest), checked by
/// [`PlanBuilder::build`](super::PlanBuilder::build).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[must_use]
pub struct Media {
    pub(super) stream_url: StreamUrl,
    pub(super) seek: Option<Duration>,
    pub(super) auto_push: Option<bool>,
    pub(super) repeat: Option<Times>,
    pub(super) max_duration: Option<Duration>,
    pub(super) volume: Option<Volume>,
    pub(super) enable_progress: Option<bool>,
    pub(super) tempo: Option<Tempo>,
    pub(super) idle_timeout: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub(super) enum Times {
    Number(u32),
    ForEver,
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

impl Media {
    /// Plays what is at the URL, once and as it is.
    pub fn new(stream_url: StreamUrl) -> Media {
        Media {
            stream_url,
            seek: None,
            auto_push: None,
            repeat: None,
            max_duration: None,
            volume: None,
            enable_progress: None,
            tempo: None,
            idle_timeout: None,
        }
    }

    /// Begins so far into the stream. Whole seconds.
    pub fn seek(mut self, seek: Duration) -> Media {
        self.seek = Some(seek);
        self
    }

    /// Also relays the stream to the CDN, which must be on in the console. Default: no.
    pub fn auto_push(mut self, auto_push: bool) -> Media {
        self.auto_push = Some(auto_push);
        self
    }

    /// Plays it so many times, 1 to 1000. Default: once.
    pub fn repeat(mut self, times: u32) -> Media {
        self.repeat = Some(Times::Number(times));
        self
    }

    /// Plays it until the call ends, or for [`max_duration`](Self::max_duration).
    pub fn repeat_for_ever(mut self) -> Media {
        self.repeat = Some(Times::ForEver);
        self
    }

    /// For how long it is repeated for ever. Whole minutes, 1 to 10080 (a week).
    pub fn max_duration(mut self, max_duration: Duration) -> Media {
        self.max_duration = Some(max_duration);
        self
    }

    /// How loud. Default: as it is.
    pub fn volume(mut self, volume: Volume) -> Media {
        self.volume = Some(volume);
        self
    }

    /// Tells the users in the room how far the stream is, in custom messages. Default: no.
    pub fn enable_progress(mut self, enable_progress: bool) -> Media {
        self.enable_progress = Some(enable_progress);
        self
    }

    /// How fast. Default: as it is.
    pub fn tempo(mut self, tempo: Tempo) -> Media {
        self.tempo = Some(tempo);
        self
    }

    /// How long the ingest goes on in a room without other users. Whole seconds, 0 to 600. Default: the
    /// service decides.
    pub fn idle_timeout(mut self, idle_timeout: Duration) -> Media {
        self.idle_timeout = Some(idle_timeout);
        self
    }

    /// Where it is.
    #[must_use]
    pub fn stream_url(&self) -> &StreamUrl {
        &self.stream_url
    }

    /// Notes what is wrong with it under `media`.
    pub(super) fn note_problems(&self, robot: &UserId, room: &RoomId, problems: &mut Problems) {
        let start = IngestStart::new(room.clone(), robot.clone(), self.clone());
        if let Err(invalid) = start.request(UserSig::from_token(""), None) {
            for problem in invalid.problems() {
                let field = format!("media.{}", problem.field);
                problems.push(problem.clone().at(field));
            }
        }
    }
}

/// `{ streamUrl, seek?, autoPush?, repeat?, maxDuration?, volume?, enableProgress?, tempo?, idleTimeout? }`
impl FromInput for Media {
    const WHAT: &'static str = "media";

    fn from_input(input: &mut Properties<'_>) -> Option<Media> {
        let stream_url = input.required("streamUrl", StreamUrl::given);
        let playback = Playback::take(input);
        Some(playback.of_media(Media::new(stream_url?)))
    }
}

impl IngestStart {
    /// The request, with what makes the robot a user of the room: its UserSig and, where the application
    /// demands it, its PrivateMapKey.
    ///
    /// # Errors
    /// None, for a start that came from a session: its plan was checked.
    pub fn request(
        &self,
        user_sig: UserSig,
        private_map_key: Option<UserSig>,
    ) -> Result<Request, InvalidRequest> {
        let media = &self.media;
        let (room, robot) = (self.room.clone(), self.robot.clone());
        let mut request = Request::builder(room, robot, user_sig, media.stream_url.clone());
        request = with(request, private_map_key, Builder::private_map_key);
        request = with(request, media.seek, Builder::seek);
        request = with(request, media.auto_push, Builder::auto_push);
        request = match media.repeat {
            Some(Times::Number(times)) => request.repeat(times),
            Some(Times::ForEver) => request.repeat_for_ever(),
            None => request,
        };
        request = with(request, media.max_duration, Builder::max_duration);
        request = with(request, media.volume, Builder::volume);
        request = with(request, media.enable_progress, Builder::enable_progress);
        request = with(request, media.tempo, Builder::tempo);
        request = with(request, media.idle_timeout, Builder::idle_timeout);
        request.build()
    }
}

fn with<T>(request: Builder, option: Option<T>, set: fn(Builder, T) -> Builder) -> Builder {
    match option {
        Some(option) => set(request, option),
        None => request,
    }
}
