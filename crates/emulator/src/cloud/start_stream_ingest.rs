//! `StartStreamIngest` (<https://trtc.io/document/57835>)

use std::time::Duration;

use trtc_call_core::UnixSeconds;
use trtc_call_core::private_map_key::{Grant, Privileges};

use super::{Action, Outcome, Refusal, Reply, Rules, Scene, room_name, tempo};
use crate::Room;
use crate::field::Rule::{By, Integer, Object};
use crate::field::{FieldError, FieldRules, Fields};
use crate::ingest::{NewIngest, TaskExists};

pub(super) const ACTION: Action = Action {
    name: "StartStreamIngest",
    serve,
};

const FIELDS: &[&str] = &[
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
];

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    only(request, FIELDS)?;
    scene.check_app(request)?;
    let new = read(request, scene.rules)?;
    check_rights(request, &new, scene.rules, scene.now.seconds())?;
    let task_id = scene.draws.hex_32();
    match scene.studio.start(&task_id, new, scene.exchange, scene.now) {
        Ok(()) => Ok(Reply {
            task_id: Some(task_id),
            ..Reply::default()
        }),
        Err(TaskExists) => Err(Refusal::new(
            "FailedOperation.TaskExist",
            "UserId: a task plays into this room as this user already",
        )),
    }
}

/// The cloud API refuses fields that it does not know.
pub(super) fn only(request: Fields<'_>, names: &[&str]) -> Result<(), Refusal> {
    let known = request.only(names);
    known.map_err(|error| Refusal::new("UnknownParameter", error.to_string()))
}

fn read(request: Fields<'_>, rules: &Rules) -> Result<NewIngest, FieldError> {
    let room = room_name::by_type(request, rules.room_id_coding)?;
    let user = request.account("UserId", rules.account_rule)?;
    let Some(stream_url) = read_url(request)? else {
        return Err(request.missing("StreamUrl"));
    };
    let seek = request.optional_integer("SeekSecond", &(0..=i64::from(u32::MAX)))?;
    request.optional_bool("AutoPush")?;
    let repeat_num = request.optional_integer("RepeatNum", &(-1..=1000))?;
    if repeat_num == Some(0) {
        return Err(request.error("RepeatNum", "must be -1 or 1 to 1000, not 0"));
    }
    let max_duration = request.optional_integer("MaxDuration", &(1..=10_080))?;
    if max_duration.is_some() && repeat_num != Some(-1) {
        return Err(request.error("MaxDuration", "must stand beside RepeatNum -1 only"));
    }
    let idle_timeout = request.optional_integer("IdleTimeout", &(0..=600))?;
    request.check(DEPRECATED)?;
    let seconds = |seconds: i64| Duration::from_secs(seconds.unsigned_abs());
    Ok(NewIngest {
        user: user.to_owned(),
        room,
        stream_url: stream_url.to_owned(),
        repeat_num: repeat_num.unwrap_or(1),
        seek: seek.map(seconds).unwrap_or_default(),
        volume: read_volume(request)?.unwrap_or(100),
        tempo_percent: tempo::read_percent(request)?.unwrap_or(100),
        enable_progress: request.optional_bool("EnableProgress")?.unwrap_or(false),
        max_duration: max_duration.map(|minutes| seconds(minutes * 60)),
        idle_timeout: idle_timeout.map(seconds),
    })
}

pub(super) fn read_url<'a>(request: Fields<'a>) -> Result<Option<&'a str>, FieldError> {
    let url = request.optional_string("StreamUrl")?;
    let is_url = |url: &str| {
        let schemes = ["http://", "https://", "rtmp://", "rtmps://"];
        let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
        rest.is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic())
        })
    };
    if url.is_some_and(|url| !is_url(url)) {
        return Err(request.error("StreamUrl", "must be an http, https or rtmp URL"));
    }
    Ok(url)
}

pub(super) fn read_volume(request: Fields<'_>) -> Result<Option<i64>, FieldError> {
    request.optional_integer("Volume", &(0..=200))
}

/// Fields that the service still takes, and the emulator has no use for.
const DEPRECATED: FieldRules = &[
    (
        "SourceUrl",
        By(|request| request.optional_strings("SourceUrl").map(drop)),
    ),
    (
        "VideoEncodeParams",
        Object(&[
            ("Width", Integer(0, 1920)),
            ("Height", Integer(0, 1080)),
            ("Fps", Integer(1, 60)),
            ("BitRate", Integer(1, 10_000)),
            ("Gop", Integer(1, 2)),
        ]),
    ),
    (
        "AudioEncodeParams",
        Object(&[
            ("SampleRate", By(check_sample_rate)),
            ("Channel", Integer(1, 2)),
            ("BitRate", Integer(8, 500)),
            ("Volume", Integer(0, 300)),
        ]),
    ),
];

fn check_sample_rate(audio: Fields<'_>) -> Result<(), FieldError> {
    match audio.optional_integer("SampleRate", &(44_100..=48_000))? {
        None | Some(44_100 | 48_000) => Ok(()),
        Some(_) => Err(audio.error("SampleRate", "must be 44100 or 48000")),
    }
}

/// The robot must be whom it says it is, and may need the right to play in this room.
fn check_rights(
    request: Fields<'_>,
    new: &NewIngest,
    rules: &Rules,
    now: UnixSeconds,
) -> Result<(), Refusal> {
    let user_sig = request.string("UserSig")?;
    if let Err(rejection) = rules.user_sigs.verify(user_sig, &new.user, now) {
        return Err(request.error("UserSig", rejection.to_string()).into());
    }
    let Some(key) = request.optional_string("PrivateMapKey")? else {
        return if rules.demands_private_map_key {
            let rule = "is missing: the application uses advanced permissions";
            Err(request.error("PrivateMapKey", rule).into())
        } else {
            Ok(())
        };
    };
    check_private_map_key(key, new, rules, now)
        .map_err(|rule| request.error("PrivateMapKey", rule).into())
}

fn check_private_map_key(
    key: &str,
    new: &NewIngest,
    rules: &Rules,
    now: UnixSeconds,
) -> Result<(), String> {
    let claims = rules.user_sigs.verify(key, &new.user, now);
    let claims = claims.map_err(|rejection| rejection.to_string())?;
    let buffer = claims
        .user_buffer
        .ok_or("is a plain UserSig, without rights")?;
    let grant = Grant::from_bytes(&buffer).map_err(|malformed| malformed.to_string())?;
    if grant.account.as_str() != new.user || grant.sdk_app_id != rules.sdk_app_id.get() {
        return Err("grants rights to another user or application".to_owned());
    }
    if !is_same_room(&grant.room, &new.room) {
        return Err("grants rights in another room".to_owned());
    }
    if now.0 >= u64::from(grant.expires_at) {
        return Err("grants rights that have expired".to_owned());
    }
    let (audio, video) = (Privileges::SEND_AUDIO, Privileges::SEND_VIDEO);
    let sends = grant.privileges.contains(audio) || grant.privileges.contains(video);
    if !sends || !grant.privileges.contains(Privileges::ENTER_ROOM) {
        return Err("does not grant both to enter the room and to send".to_owned());
    }
    Ok(())
}

fn is_same_room(granted: &trtc_call_core::RoomId, room: &Room) -> bool {
    i64::from(granted.call_type_code()) == room.id_type && granted.to_string() == room.id
}
