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

use super::playback::Playback;
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
    options: Box<Options>,
}

/// What need not be said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Options {
    private_map_key: Option<UserSig>,
    seek_seconds: Option<u64>,
    auto_push: Option<bool>,
    repeat: Option<Times>,
    max_minutes: Option<u64>,
    volume: Option<Volume>,
    enable_progress: Option<bool>,
    tempo: Option<Tempo>,
    idle_seconds: Option<u64>,
    source_url: Option<StreamUrl>,
    video: Option<VideoEncodeParams>,
    audio: Option<AudioEncodeParams>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    Number(u32),
    ForEver,
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

    /// `SeekSecond`: begins so far into the stream. Whole seconds.
    pub fn seek(mut self, seek: Duration) -> Builder {
        self.options.seek_seconds = self.whole("seek", seek, 1, u64::from(u32::MAX), "seconds");
        self
    }

    /// `AutoPush`: also relays the stream to the CDN, which must be on in the console. Default: no.
    pub fn auto_push(mut self, auto_push: bool) -> Builder {
        self.options.auto_push = Some(auto_push);
        self
    }

    /// `RepeatNum`: plays the stream so many times, 1 to 1000. Default: once.
    pub fn repeat(mut self, times: u32) -> Builder {
        if (1..=MAX_REPEAT).contains(&times) {
            self.options.repeat = Some(Times::Number(times));
        } else {
            self.problems.push(Problem::new(
                "repeat",
                "must be from 1 to 1000",
                "use a number in that range, or repeat for ever",
            ));
        }
        self
    }

    /// `RepeatNum` -1: plays the stream until it is stopped, or for [`max_duration`](Self::max_duration).
    pub fn repeat_for_ever(mut self) -> Builder {
        self.options.repeat = Some(Times::ForEver);
        self
    }

    /// `MaxDuration`: for how long a stream is repeated for ever. Whole minutes, 1 to 10080 (a week).
    pub fn max_duration(mut self, max_duration: Duration) -> Builder {
        let max = MAX_DURATION.as_secs() / 60;
        self.options.max_minutes = self.whole("max_duration", max_duration, 60, max, "minutes");
        if self.options.max_minutes == Some(0) {
            self.problems.push(Problem::new(
                "max_duration",
                "must be at least a minute",
                "leave it out to repeat until the stream is stopped",
            ));
        }
        self
    }

    /// `Volume`, in percent: 0 to 200. Default: 100, as it is.
    pub fn volume(mut self, volume: impl TryInto<Volume, Error: Into<Problem>>) -> Builder {
        self.options.volume = self.problems.check("volume", volume);
        self
    }

    /// `EnableProgress`: tells the users in the room how far the stream is, in custom messages.
    /// Default: no.
    pub fn enable_progress(mut self, enable_progress: bool) -> Builder {
        self.options.enable_progress = Some(enable_progress);
        self
    }

    /// `Tempo`. Default: 1, as it is.
    pub fn tempo(mut self, tempo: impl TryInto<Tempo, Error: Into<Problem>>) -> Builder {
        self.options.tempo = self.problems.check("tempo", tempo);
        self
    }

    /// `IdleTimeout`: how long the task goes on in a room without other users. Whole seconds, 0 to 600.
    /// Default: the service decides.
    pub fn idle_timeout(mut self, idle_timeout: Duration) -> Builder {
        let max = MAX_IDLE_TIMEOUT.as_secs();
        self.options.idle_seconds = self.whole("idle_timeout", idle_timeout, 1, max, "seconds");
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
        if self.options.max_minutes.is_some() && self.options.repeat != Some(Times::ForEver) {
            self.problems.push(Problem::new(
                "max_duration",
                "goes with repeating for ever only",
                "repeat for ever, or leave it out",
            ));
        }
        self.problems.into_result()?;
        match (self.room, self.user, self.stream_url) {
            (Some(room), Some(user), Some(stream_url)) => Ok(Request {
                room,
                user,
                user_sig: self.user_sig,
                stream_url,
                options: self.options,
            }),
            // A missing value left a problem behind.
            _ => Err(InvalidRequest::from(Vec::new())),
        }
    }

    /// A duration in whole units of `unit_seconds`, up to `max` of them.
    fn whole(
        &mut self,
        field: &'static str,
        duration: Duration,
        unit_seconds: u64,
        max: u64,
        unit: &str,
    ) -> Option<u64> {
        let (seconds, rest) = (duration.as_secs(), duration.subsec_nanos());
        if rest == 0 && seconds % unit_seconds == 0 && seconds / unit_seconds <= max {
            return Some(seconds / unit_seconds);
        }
        let symbol = if unit_seconds == 60 { "min" } else { "s" };
        self.problems.push(Problem::new(
            field,
            format!("must be whole {unit}, at most {max} {symbol}"),
            "round it",
        ));
        None
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
    repeat_num: Option<i64>,
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
        let options = &self.options;
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
            seek_second: options.seek_seconds,
            auto_push: options.auto_push,
            repeat_num: options.repeat.map(|times| match times {
                Times::Number(times) => times.into(),
                Times::ForEver => -1,
            }),
            max_duration: options.max_minutes,
            volume: options.volume,
            enable_progress: options.enable_progress,
            tempo: options.tempo,
            idle_timeout: options.idle_seconds,
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
        let mut builder = playback.of_request(Builder {
            room,
            user,
            user_sig: UserSig::from_token(user_sig.unwrap_or_default()),
            stream_url,
            options: Box::new(options),
            problems: Problems::default(),
        });
        if let Some(video) = video {
            builder = builder.video_encode_params(video);
        }
        if let Some(audio) = audio {
            builder = builder.audio_encode_params(audio);
        }
        input.note_all(builder.build())
    }
}
