use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::IngestStart;
use crate::input::{FromInput, Properties};
use crate::stream_ingest::playback::{Playback, Times, playback_setters};
use crate::stream_ingest::start_stream_ingest::Request;
use crate::stream_ingest::{StreamUrl, Tempo, Volume};
use crate::{InvalidRequest, Problem, UserSig};

/// What is played to whoever answers: a URL, and how. Chained setters; the rules are those of
/// [`start_stream_ingest`](crate::stream_ingest::start_stream_ingest), checked by
/// [`PlanBuilder::build`](super::PlanBuilder::build).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[must_use]
pub struct Media {
    stream_url: StreamUrl,
    playback: Playback,
}

impl Media {
    /// Plays what is at the URL, once and as it is.
    pub fn new(stream_url: StreamUrl) -> Media {
        Media::played(stream_url, Playback::default())
    }

    /// Plays what is at the URL so.
    pub(super) fn played(stream_url: StreamUrl, playback: Playback) -> Media {
        Media {
            stream_url,
            playback,
        }
    }

    playback_setters!(Media);

    /// How loud. Default: as it is.
    pub fn volume(mut self, volume: Volume) -> Media {
        self.playback.volume = Some(volume);
        self
    }

    /// How fast. Default: as it is.
    pub fn tempo(mut self, tempo: Tempo) -> Media {
        self.playback.tempo = Some(tempo);
        self
    }

    /// Where it is.
    #[must_use]
    pub fn stream_url(&self) -> &StreamUrl {
        &self.stream_url
    }

    /// What is wrong with it, under `media`.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        let problems = self.playback.problems().into_iter();
        problems.map(|problem| {
            let field = format!("media.{}", problem.field);
            problem.at(field)
        })
    }
}

/// `{ streamUrl, seek?, autoPush?, repeat?, maxDuration?, volume?, enableProgress?, tempo?, idleTimeout? }`
impl FromInput for Media {
    const WHAT: &'static str = "media";

    fn from_input(input: &mut Properties<'_>) -> Option<Media> {
        let stream_url = input.required("streamUrl", StreamUrl::given);
        let playback = Playback::take(input);
        Some(Media::played(stream_url?, playback))
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
        let Media {
            stream_url,
            playback,
        } = self.media.clone();
        let (room, robot) = (self.room.clone(), self.robot.clone());
        let request = Request::builder(room, robot, user_sig, stream_url).played(playback);
        match private_map_key {
            Some(key) => request.private_map_key(key).build(),
            None => request.build(),
        }
    }
}
