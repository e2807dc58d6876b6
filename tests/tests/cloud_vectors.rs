//! Every case below `tests/vectors/<action of the cloud API>/`: what is sent, and what is made of a reply.
//! The README there tells what the files are.

mod vectors;

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trtc_call_core::stream_ingest::{
    AudioEncodeParams, StreamUrl, TaskId, Tempo, VideoEncodeParams, Volume, describe_stream_ingest,
    start_stream_ingest, stop_stream_ingest, update_stream_ingest,
};
use trtc_call_core::tc3::{Credential, Tc3Signer, Tc3Verifier};
use trtc_call_core::{
    CloudAccess, CloudEndpoint, CloudHost, CloudRegion, Error, InvalidRequest, Repeat, Reply,
    RoomId, SdkAppId, UnixSeconds, UserSig, room,
};

use vectors::{cases, json_file, text_file};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Start {
    room: Value,
    user: String,
    user_sig: String,
    stream_url: String,
    private_map_key: Option<String>,
    seek: Option<u64>,
    auto_push: Option<bool>,
    repeat: Option<Value>,
    max_duration: Option<u64>,
    volume: Option<u32>,
    enable_progress: Option<bool>,
    tempo: Option<String>,
    idle_timeout: Option<u64>,
    source_url: Option<String>,
    video: Option<Video>,
    audio: Option<Audio>,
    /// Of the account.
    #[serde(rename = "ingestRoomIdCoding")]
    _ingest_room_id_coding: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Video {
    width: Option<u32>,
    height: Option<u32>,
    fps: Option<u32>,
    bit_rate: Option<u32>,
    gop: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Audio {
    sample_rate: Option<u32>,
    channel: Option<u32>,
    bit_rate: Option<u32>,
    volume: Option<u32>,
}

#[test]
fn start_stream_ingest() {
    use start_stream_ingest::{Builder, Request};

    /// Applies what is set.
    fn set<T>(
        builder: Builder,
        value: Option<T>,
        apply: impl Fn(Builder, T) -> Builder,
    ) -> Builder {
        match value {
            Some(value) => apply(builder, value),
            None => builder,
        }
    }

    run(
        |input| {
            let input: Start = serde_json::from_value(input).unwrap();
            let user_sig = UserSig::from_token(input.user_sig);
            let (user, url) = (input.user, input.stream_url);
            let builder = match room_value(&input.room) {
                Ok(number) => Request::builder(number, user, user_sig, url),
                Err(text) => Request::builder(text, user, user_sig, url),
            };
            let key = input.private_map_key.map(UserSig::from_token);
            let builder = set(builder, key, Builder::private_map_key);
            let builder = set(
                builder,
                input.seek.map(Duration::from_millis),
                Builder::seek,
            );
            let builder = set(builder, input.auto_push, Builder::auto_push);
            let builder = set(builder, input.repeat, |builder, times| match times {
                Value::Number(times) => builder.repeat(times.as_u64().unwrap().try_into().unwrap()),
                forever => {
                    assert_eq!(forever, "forever");
                    builder.repeat_for_ever()
                }
            });
            let max_duration = input.max_duration.map(Duration::from_millis);
            let builder = set(builder, max_duration, Builder::max_duration);
            let builder = set(builder, input.volume, Builder::volume);
            let builder = set(builder, input.enable_progress, Builder::enable_progress);
            let builder = set(builder, input.tempo.as_deref(), Builder::tempo);
            let idle_timeout = input.idle_timeout.map(Duration::from_millis);
            let builder = set(builder, idle_timeout, Builder::idle_timeout);
            let builder = set(builder, input.source_url, Builder::source_url);
            let builder = set(builder, input.video, |builder, video| {
                builder.video_encode_params(VideoEncodeParams {
                    width: video.width,
                    height: video.height,
                    fps: video.fps,
                    bit_rate: video.bit_rate,
                    gop: video.gop,
                })
            });
            let builder = set(builder, input.audio, |builder, audio| {
                builder.audio_encode_params(AudioEncodeParams {
                    sample_rate: audio.sample_rate,
                    channel: audio.channel,
                    bit_rate: audio.bit_rate,
                    volume: audio.volume,
                })
            });
            builder.build()
        },
        "start_stream_ingest",
    );
}

#[test]
fn update_stream_ingest() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Input {
        task_id: String,
        stream_url: Option<String>,
        volume: Option<u32>,
        pause: Option<bool>,
        enable_progress: Option<bool>,
        tempo: Option<String>,
    }
    run(
        |input| {
            let input: Input = serde_json::from_value(input).unwrap();
            let mut request = update_stream_ingest::Request::new(TaskId::new(input.task_id)?);
            if let Some(url) = input.stream_url {
                request = request.stream_url(StreamUrl::new(url)?);
            }
            if let Some(percent) = input.volume {
                request = request.volume(Volume::new(percent)?);
            }
            if let Some(pause) = input.pause {
                request = request.pause(pause);
            }
            if let Some(enable_progress) = input.enable_progress {
                request = request.enable_progress(enable_progress);
            }
            if let Some(tempo) = input.tempo {
                request = request.tempo(tempo.parse::<Tempo>()?);
            }
            Ok(request)
        },
        "update_stream_ingest",
    );
}

#[test]
fn describe_stream_ingest() {
    run(
        |input| Ok(describe_stream_ingest::Request::new(task_id(&input)?)),
        "describe_stream_ingest",
    );
}

#[test]
fn stop_stream_ingest() {
    run(
        |input| Ok(stop_stream_ingest::Request::new(task_id(&input)?)),
        "stop_stream_ingest",
    );
}

#[test]
fn dismissing_picks_the_action_by_the_rooms_kind() {
    for kind in ["dismiss_room", "dismiss_room_by_str_room_id"] {
        run(|input| Ok(room::dismiss(&room_id(&input["room"]))), kind);
    }
}

#[test]
fn removing_picks_the_action_by_the_rooms_kind() {
    for kind in ["remove_user", "remove_user_by_str_room_id"] {
        run(
            |input| {
                let users = input["users"].as_array().unwrap();
                let users = users.iter().map(|user| user.as_str().unwrap());
                room::remove(&room_id(&input["room"]), users)
            },
            kind,
        );
    }
}

fn task_id(input: &Value) -> Result<TaskId, InvalidRequest> {
    Ok(TaskId::new(input["taskId"].as_str().unwrap())?)
}

fn room_id(room: &Value) -> RoomId {
    match room_value(room) {
        Ok(number) => RoomId::number(number).unwrap(),
        Err(text) => RoomId::text(text).unwrap(),
    }
}

fn room_value(room: &Value) -> Result<u32, String> {
    match room {
        Value::Number(number) => Ok(number.as_u64().unwrap().try_into().unwrap()),
        text => Err(text.as_str().unwrap().to_owned()),
    }
}

fn run<E: CloudEndpoint<Response: Serialize>>(
    build: impl Fn(Value) -> Result<E, InvalidRequest>,
    kind: &str,
) {
    let (mut requests, mut replies) = (0, 0);
    let mut repeat = None;
    let mut cases = cases(kind);
    cases.sort_by_key(|case| !case.join("input.json").exists());
    for case in cases {
        if case.join("input.json").exists() {
            requests += 1;
            repeat = check_request(&case, &build).or(repeat);
        } else {
            replies += 1;
            check_reply::<E>(&case, repeat.expect("a request to tell what a repeat does"));
        }
    }
    assert!(requests > 0 && replies > 0, "{kind}: {requests}, {replies}");
}

fn check_request<E: CloudEndpoint>(
    case: &Path,
    build: impl Fn(Value) -> Result<E, InvalidRequest>,
) -> Option<Repeat> {
    let input = json_file(case, "input.json");
    let coding = input["ingestRoomIdCoding"].as_str().map(str::to_owned);
    let request = match build(input) {
        Ok(request) => request,
        Err(invalid) => {
            let problems = invalid.problems().iter();
            let fields: Vec<&str> = problems.map(|p| p.field.as_str()).collect();
            assert_eq!(
                json!(fields),
                json_file(case, "problems.json"),
                "{}",
                case.display()
            );
            return None;
        }
    };
    let access = json_file(case, "../../cloud_access.json");
    let text = |name: &str| access[name].as_str().unwrap();
    let credential = Credential::new(text("secretId"), text("secretKey")).unwrap();
    let coding = coding.as_deref().unwrap_or(text("ingestRoomIdCoding"));
    let now = UnixSeconds(access["time"].as_u64().unwrap());
    let sent = request.http_request(
        &CloudAccess {
            host: &text("host").parse::<CloudHost>().unwrap(),
            region: &CloudRegion::new(text("region")).unwrap(),
            sdk_app_id: SdkAppId::new(access["sdkAppId"].as_u64().unwrap().try_into().unwrap())
                .unwrap(),
            signer: &Tc3Signer::new(credential.clone()),
            ingest_room_id_coding: coding.parse().unwrap(),
        },
        now,
    );
    assert_eq!(sent.method, "POST", "method of {}", case.display());
    assert_eq!(sent.url, "https://trtc.intl.tencentcloudapi.com/");
    let action = text_file(case, "action.txt");
    assert_eq!(
        request.action().name,
        action.trim_end(),
        "{}",
        case.display()
    );
    let header = |name: &str| sent.headers.iter().find(|(other, _)| *other == name);
    assert_eq!(header("x-tc-action").unwrap().1, action.trim_end());
    assert_eq!(header("x-tc-region").unwrap().1, text("region"));
    let mut headers: Vec<(&str, &str)> = sent.headers.iter().map(|(n, v)| (*n, &**v)).collect();
    headers.push(("host", "trtc.intl.tencentcloudapi.com"));
    let verified = Tc3Verifier::new([credential])
        .verify(&headers, sent.body.as_bytes(), now)
        .map(str::to_owned);
    assert_eq!(
        verified.as_deref(),
        Ok(text("secretId")),
        "{}",
        case.display()
    );
    let body: Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(
        body,
        json_file(case, "body.json"),
        "body of {}",
        case.display()
    );
    Some(request.action().repeat)
}

fn check_reply<E: CloudEndpoint<Response: Serialize>>(case: &Path, repeat: Repeat) {
    let status = text_file(case, "status.txt").trim_end().parse().unwrap();
    let read = match E::parse(status, text_file(case, "reply.txt").as_bytes()) {
        Ok(Reply {
            request_id,
            response,
            ..
        }) => {
            json!({ "ok": true, "requestId": request_id, "response": response })
        }
        Err(error) => {
            assert!(!error.may_have_rung(repeat), "{}", case.display());
            let mut about = json!({
                "kind": error.kind(),
                "code": error.code(),
                "requestId": error.request_id(),
                "retryable": error.is_retryable(repeat),
                "outcomeUnknown": error.outcome_is_unknown(repeat),
            });
            match error {
                Error::Cloud(error) => about["cloudCode"] = json!(error.code),
                Error::Parse(error) => about["status"] = json!(error.status),
                other => panic!("{other:?} of {}", case.display()),
            }
            json!({ "ok": false, "error": about })
        }
    };
    assert_eq!(read, json_file(case, "expected.json"), "{}", case.display());
}
