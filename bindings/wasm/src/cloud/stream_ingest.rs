//! Stream ingest: what JavaScript says about a stream.

use std::time::Duration;

use trtc_call_core::stream_ingest::start_stream_ingest::{Builder, Request};
use trtc_call_core::stream_ingest::{
    AudioEncodeParams, StreamUrl, Tempo, VideoEncodeParams, Volume, update_stream_ingest,
};
use trtc_call_core::{Problem, RoomId, RoomNumber, TaskId, UserId, UserSig};

use crate::error::Failure;
use crate::given::{Given, Object};
use crate::optional::{Optional, with};
use crate::problems::Problems;
use crate::usersig::user as user_id;

/// How to play, in the names that a request and a call to play into have in common.
#[derive(Default)]
pub(crate) struct Playing {
    pub(crate) seek: Option<Duration>,
    pub(crate) auto_push: Option<bool>,
    pub(crate) repeat: Option<Times>,
    pub(crate) max_duration: Option<Duration>,
    pub(crate) volume: Option<Volume>,
    pub(crate) enable_progress: Option<bool>,
    pub(crate) tempo: Option<Tempo>,
    pub(crate) idle_timeout: Option<Duration>,
}

pub(crate) enum Times {
    Number(u32),
    ForEver,
}

impl Playing {
    /// Takes its properties out of `object`.
    pub(crate) fn take(object: &mut Object<'_>, problems: &mut Problems) -> Playing {
        let mut optional = Optional { object, problems };
        Playing {
            seek: optional.of("seek", milliseconds),
            auto_push: optional.of("autoPush", flag),
            repeat: optional.of("repeat", times),
            max_duration: optional.of("maxDuration", milliseconds),
            volume: optional.of("volume", volume),
            enable_progress: optional.of("enableProgress", flag),
            tempo: optional.of("tempo", tempo),
            idle_timeout: optional.of("idleTimeout", milliseconds),
        }
    }
}

/// Reads `{ room, user, userSig, streamUrl, privateMapKey?, seek?, … }`.
pub(super) fn read_start(json: &str, allow_any_user_id: bool) -> Result<Request, Failure> {
    let mut object = super::request(json)?;
    let mut problems = Problems::default();
    let room = problems.note(object.required("room").and_then(Given::room));
    let user = object.required("user");
    let user = user.and_then(|name| user_id(name.text("user")?, allow_any_user_id));
    let user = problems.note(user.map_err(|problem| problem.at("user")));
    let user_sig = object.required("userSig");
    let user_sig = problems.note(user_sig.and_then(|token| token.text("userSig")));
    let stream_url = object.required("streamUrl");
    let stream_url = problems.note(stream_url.and_then(|url| self::stream_url(url, "streamUrl")));
    let playing = Playing::take(&mut object, &mut problems);
    let mut optional = Optional {
        object: &mut object,
        problems: &mut problems,
    };
    let private_map_key = optional.of("privateMapKey", Given::text);
    let source_url = optional.of("sourceUrl", self::stream_url);
    let video = optional.of("videoEncodeParams", video_encode_params);
    let audio = optional.of("audioEncodeParams", audio_encode_params);
    problems.extend(object.leftovers());

    // What is missing or wrong has been noted. Something valid stands in for it, so that core judges the rest.
    let room = room.unwrap_or(RoomId::Number(RoomNumber::MIN));
    let user = user.unwrap_or_else(|| UserId::any("-"));
    let stream_url = stream_url.or_else(|| StreamUrl::new("https://stand.in/").ok());
    let user_sig = UserSig::from_token(user_sig.unwrap_or_default());
    let request = stream_url.and_then(|stream_url| {
        let mut builder = Request::builder(room, user, user_sig, stream_url);
        let private_map_key = private_map_key.map(UserSig::from_token);
        builder = with(builder, private_map_key, Builder::private_map_key);
        builder = with(builder, playing.seek, Builder::seek);
        builder = with(builder, playing.auto_push, Builder::auto_push);
        builder = match playing.repeat {
            Some(Times::Number(number)) => builder.repeat(number),
            Some(Times::ForEver) => builder.repeat_for_ever(),
            None => builder,
        };
        builder = with(builder, playing.max_duration, Builder::max_duration);
        builder = with(builder, playing.volume, Builder::volume);
        builder = with(builder, playing.enable_progress, Builder::enable_progress);
        builder = with(builder, playing.tempo, Builder::tempo);
        builder = with(builder, playing.idle_timeout, Builder::idle_timeout);
        builder = with(builder, source_url, Builder::source_url);
        builder = with(builder, video, Builder::video_encode_params);
        builder = with(builder, audio, Builder::audio_encode_params);
        problems.note_all(builder.build())
    });
    problems.unless_any(request)
}

/// Reads `{ taskId, streamUrl?, volume?, pause?, enableProgress?, tempo? }`.
pub(super) fn read_update(json: &str) -> Result<update_stream_ingest::Request, Failure> {
    use update_stream_ingest::Request;

    let mut object = super::request(json)?;
    let mut problems = Problems::default();
    let task_id = problems.note(object.required("taskId").and_then(task_id));
    let mut optional = Optional {
        object: &mut object,
        problems: &mut problems,
    };
    let stream_url = optional.of("streamUrl", stream_url);
    let volume = optional.of("volume", volume);
    let pause = optional.of("pause", flag);
    let enable_progress = optional.of("enableProgress", flag);
    let tempo = optional.of("tempo", tempo);
    problems.extend(object.leftovers());
    let mut request = Request::new(problems.unless_any(task_id)?);
    request = with(request, stream_url, Request::stream_url);
    request = with(request, volume, Request::volume);
    request = with(request, pause, Request::pause);
    request = with(request, enable_progress, Request::enable_progress);
    Ok(with(request, tempo, Request::tempo))
}

/// Reads `{ taskId }`.
pub(super) fn read_task_id(json: &str) -> Result<TaskId, Failure> {
    let mut object = super::request(json)?;
    let mut problems = Problems::default();
    let task_id = problems.note(object.required("taskId").and_then(task_id));
    problems.extend(object.leftovers());
    problems.unless_any(task_id)
}

pub(crate) fn stream_url(given: Given<'_>, field: &str) -> Result<StreamUrl, Problem> {
    StreamUrl::new(given.text(field)?).map_err(|problem| problem.at(field))
}

fn task_id(given: Given<'_>) -> Result<TaskId, Problem> {
    TaskId::new(given.text("taskId")?)
}

/// JavaScript's unit of time is the millisecond.
pub(crate) fn milliseconds(given: Given<'_>, field: &str) -> Result<Duration, Problem> {
    given
        .whole(field, "milliseconds")
        .map(Duration::from_millis)
}

pub(crate) fn flag(given: Given<'_>, field: &str) -> Result<bool, Problem> {
    given
        .0
        .boolean()
        .ok_or_else(|| given.wrong_type(field, "true or false"))
}

fn times(given: Given<'_>, field: &str) -> Result<Times, Problem> {
    if given.0.string().as_deref() == Some("forever") {
        return Ok(Times::ForEver);
    }
    let number = given.whole_32(field, "times, or \"forever\"");
    number.map(Times::Number)
}

fn volume(given: Given<'_>, field: &str) -> Result<Volume, Problem> {
    Volume::new(given.whole_32(field, "percent")?)
}

/// The number as JSON writes it: the shortest decimals.
fn tempo(given: Given<'_>, _: &str) -> Result<Tempo, Problem> {
    given.0.as_str().parse()
}

fn video_encode_params(given: Given<'_>, what: &str) -> Result<VideoEncodeParams, Problem> {
    let mut video = VideoEncodeParams::default();
    let numbers = &mut [
        ("width", &mut video.width),
        ("height", &mut video.height),
        ("fps", &mut video.fps),
        ("bitRate", &mut video.bit_rate),
        ("gop", &mut video.gop),
    ];
    read_numbers(given, what, numbers)?;
    Ok(video)
}

fn audio_encode_params(given: Given<'_>, what: &str) -> Result<AudioEncodeParams, Problem> {
    let mut audio = AudioEncodeParams::default();
    let numbers = &mut [
        ("sampleRate", &mut audio.sample_rate),
        ("channel", &mut audio.channel),
        ("bitRate", &mut audio.bit_rate),
        ("volume", &mut audio.volume),
    ];
    read_numbers(given, what, numbers)?;
    Ok(audio)
}

/// Reads the numbers of an object that has no other properties.
fn read_numbers(
    given: Given<'_>,
    what: &str,
    numbers: &mut [(&str, &mut Option<u32>)],
) -> Result<(), Problem> {
    let mut object = Object::read_nested(what, given)?;
    for (name, number) in numbers {
        if let Some(given) = object.take(name) {
            let field = [what, ".", name].concat();
            **number = Some(given.whole_32(&field, "units")?);
        }
    }
    match object.leftovers().pop() {
        Some(problem) => {
            let field = [what, ".", &problem.field].concat();
            Err(problem.at(field))
        }
        None => Ok(()),
    }
}
