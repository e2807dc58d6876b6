//! `POST /` with `X-TC-Action: StartStreamIngest`
//!
//! Plays a stream into a room, as a user. **Each time it is sent.**
//! <https://trtc.io/document/57835>
//!
//! ```
//! use trtc_call_core::stream_ingest::start_stream_ingest::Request;
//! use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId, usersig::UserSigSigner};
//!
//! let signer = UserSigSigner::new(SdkAppId::new(1_400_000_000)?, &SecretKey::new("the app's key")?);
//! let user_sig = signer.sign(&UserId::new("robot")?, 3600, UnixSeconds(1_700_000_000));
//! let request = Request::builder("room-1", "robot", user_sig, "https://example.com/hello.mp3")
//!     .volume(80)
//!     .build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::playback::{Playback, Times, playback_setters};
use super::{AudioEncodeParams, StreamUrl, TaskId, Tempo, VideoEncodeParams, Volume};
use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Given, Properties};
use crate::problem::Problems;
use crate::wire::{self, Name};
use crate::{InvalidRequest, Problem, RoomId, UserId, UserSig};

/// The most times that a stream is played, unless it is for ever.
pub const MAX_REPEAT: u32 = 1000;

/// The longest that a stream is played for ever.
pub const MAX_DURATION: Duration = Duration::from_secs(10_080 * 60);

/// The longest that a task waits in an empty room.
pub const MAX_IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// A stream to play that follows every rule. Made by [`Request::builder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    room: RoomId,
    user: UserId,
    user_sig: UserSig,
    stream_url: StreamUrl,
    playback: Box<Playback>,
    options: Box<Options>,
}

/// What need not be said, besides how it is played.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Options {
    private_map_key: Option<UserSig>,
    source_url: Option<StreamUrl>,
    video: Option<VideoEncodeParams>,
    audio: Option<AudioEncodeParams>,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "StartStreamIngest",
        Repeat::StartsAgain,
        57835,
        &[
            "SdkAppId",
            "RoomId",
            "RoomIdType",
            "UserId",
            "UserSig",
            "StreamUrl",
            "PrivateMapKey",
            "VideoEncodeParams",
            "AudioEncodeParams",
            "SourceUrl",
            "SeekSecond",
            "AutoPush",
            "RepeatNum",
            "MaxDuration",
            "Volume",
            "EnableProgress",
            "Tempo",
            "IdleTimeout",
        ],
    );

    /// Begins a request: `user`, such as the robot of a call, enters `room` with `user_sig` and
    /// publishes what `stream_url` holds.
    pub fn builder(
        room: impl TryInto<RoomId, Error: Into<Problem>>,
        user: impl TryInto<UserId, Error: Into<Problem>>,
        user_sig: UserSig,
        stream_url: impl TryInto<StreamUrl, Error: Into<Problem>>,
    ) -> Builder {
        let mut problems = Problems::default();
        Builder {
            room: problems.check("room", room),
            user: problems.check("user", user),
            stream_url: problems.check("stream_url", stream_url),
            user_sig,
            playback: Box::default(),
            options: Box::default(),
            problems,
        }
    }

    /// The room it is played into.
    #[must_use]
    pub fn room(&self) -> &RoomId {
        &self.room
    }

    /// The user who plays it.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// What is played.
    #[must_use]
    pub fn stream_url(&self) -> &StreamUrl {
        &self.stream_url
    }

    /// The same stream with fresh tokens, for one that is started later than it was prepared.
    #[must_use]
    pub fn with_tokens(mut self, user_sig: UserSig, private_map_key: Option<UserSig>) -> Request {
        self.user_sig = user_sig;
        self.options.private_map_key = private_map_key;
        self
    }
}

/// Gathers a request and its problems.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    room: Option<RoomId>,
    user: Option<UserId>,
    user_sig: UserSig,
    stream_url: Option<StreamUrl>,
    playback: Box<Playback>,
    options: Box<Options>,
    problems: Problems,
}

impl Builder {
    /// `PrivateMapKey`: the user's rights in the room, where the application demands them (advanced
    /// permission control). Made by [`private_map_key`](crate::private_map_key).
    pub fn private_map_key(mut self, private_map_key: UserSig) -> Builder {
        self.options.private_map_key = Some(private_map_key);
        self
    }

    playback_setters!(Builder);

    /// Plays it so.
    pub(crate) fn played(mut self, playback: Playback) -> Builder {
        self.playback = Box::new(playback);
        self
    }

    /// `Volume`, in percent: 0 to 200. Default: 100, as it is.
    pub fn volume(mut self, volume: impl TryInto<Volume, Error: Into<Problem>>) -> Builder {
        self.playback.volume = self.problems.check("volume", volume);
        self
    }

    /// `Tempo`. Default: 1, as it is.
    pub fn tempo(mut self, tempo: impl TryInto<Tempo, Error: Into<Problem>>) -> Builder {
        self.playback.tempo = self.problems.check("tempo", tempo);
        self
    }

    /// `SourceUrl`, which `StreamUrl` has replaced. The vendor deprecates it.
    pub fn source_url(mut self, url: impl TryInto<StreamUrl, Error: Into<Problem>>) -> Builder {
        self.options.source_url = self.problems.check("source_url", url);
        self
    }

    /// `VideoEncodeParams`. The vendor deprecates it.
    pub fn video_encode_params(mut self, video: VideoEncodeParams) -> Builder {
        video.check(&mut self.problems);
        self.options.video = Some(video);
        self
    }

    /// `AudioEncodeParams`. The vendor deprecates it.
    pub fn audio_encode_params(mut self, audio: AudioEncodeParams) -> Builder {
        audio.check(&mut self.problems);
        self.options.audio = Some(audio);
        self
    }

    /// The request, if it follows every rule.
    ///
    /// # Errors
    /// All rules it breaks.
    pub fn build(mut self) -> Result<Request, InvalidRequest> {
        for problem in self.playback.problems() {
            self.problems.push(problem);
        }
        self.problems.into_result()?;
        match (self.room, self.user, self.stream_url) {
            (Some(room), Some(user), Some(stream_url)) => Ok(Request {
                room,
                user,
                user_sig: self.user_sig,
                stream_url,
                playback: self.playback,
                options: self.options,
            }),
            // A missing value left a problem behind.
            _ => Err(InvalidRequest::from(Vec::new())),
        }
    }
}

/// What the service answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// The task: keep it, for it takes this to stop the stream.
    pub task_id: TaskId,
}

/// What is sent, secrets included.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    room_id: String,
    room_id_type: u32,
    user_id: &'a UserId,
    user_sig: &'a str,
    stream_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    private_map_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_encode_params: Option<&'a VideoEncodeParams>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_encode_params: Option<&'a AudioEncodeParams>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_url: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seek_second: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_push: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_num: Option<Times>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume: Option<Volume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_progress: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tempo: Option<Tempo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_timeout: Option<u64>,
}

impl CloudEndpoint for Request {
    type Response = Response;

    fn action(&self) -> Action {
        Request::ACTION
    }

    fn body(&self, access: &CloudAccess<'_>) -> String {
        let (playback, options) = (&self.playback, &self.options);
        access.body(&Body {
            room_id: self.room.to_string(),
            room_id_type: self.room.ingest_type_code(access.ingest_room_id_coding),
            user_id: &self.user,
            user_sig: self.user_sig.as_str(),
            stream_url: self.stream_url.as_str(),
            private_map_key: options.private_map_key.as_ref().map(UserSig::as_str),
            video_encode_params: options.video.as_ref(),
            audio_encode_params: options.audio.as_ref(),
            source_url: options.source_url.as_ref().map(|url| [url.as_str()]),
            seek_second: playback.seek.map(|seek| seek.as_secs()),
            auto_push: playback.auto_push,
            repeat_num: playback.repeat,
            max_duration: playback.max_duration.map(|longest| longest.as_secs() / 60),
            volume: playback.volume,
            enable_progress: playback.enable_progress,
            tempo: playback.tempo,
            idle_timeout: playback.idle_timeout.map(|longest| longest.as_secs()),
        })
    }

    fn read_response(response: &RawValue) -> Result<Response, PayloadError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct WireResponse {
            task_id: Name,
        }

        let WireResponse { task_id: Name(id) } = wire::read("", response)?;
        Ok(Response {
            task_id: TaskId::reported(id),
        })
    }
}

/// `{ room, user, userSig, streamUrl, privateMapKey?, seek?, autoPush?, repeat?, maxDuration?, volume?,
/// enableProgress?, tempo?, idleTimeout?, sourceUrl?, videoEncodeParams?, audioEncodeParams? }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        let room = input.required("room", Given::room);
        let user = input.required("user", Given::user_id);
        let user_sig = input.required("userSig", Given::text);
        let stream_url = input.required("streamUrl", StreamUrl::given);
        let private_map_key = input.optional("privateMapKey", Given::text);
        let playback = Playback::take(input);
        let source_url = input.optional("sourceUrl", StreamUrl::given);
        let video = input.object("videoEncodeParams", VideoEncodeParams::take);
        let audio = input.object("audioEncodeParams", AudioEncodeParams::take);
        let options = Options {
            private_map_key: private_map_key.map(UserSig::from_token),
            source_url,
            ..Options::default()
        };
        let mut builder = Builder {
            room,
            user,
            user_sig: UserSig::from_token(user_sig.unwrap_or_default()),
            stream_url,
            playback: Box::new(playback),
            options: Box::new(options),
            problems: Problems::default(),
        };
        if let Some(video) = video {
            builder = builder.video_encode_params(video);
        }
        if let Some(audio) = audio {
            builder = builder.audio_encode_params(audio);
        }
        input.note_all(builder.build())
    }
}
