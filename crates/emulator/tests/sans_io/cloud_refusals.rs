//! What the cloud API refuses, and with which code.

use serde_json::{Value, json};
use trtc_call_core::private_map_key::{PrivateMapKey, Privileges};
use trtc_call_core::tc3::Credential;
use trtc_call_core::usersig::UserSigSigner;
use trtc_call_core::{ErrorCode, RoomId, SecretKey, UnixSeconds, UserId};
use trtc_call_emulator::{Config, Fault, FaultKind};

use super::caller::{KEY, SDK_APP_ID, config, signed, signed_by, start_of, user_sig};
use super::{BEGINNING, Line};

const ACTION: &str = "StartStreamIngest";
const NOW: UnixSeconds = UnixSeconds(BEGINNING);

fn body() -> String {
    start_of(&json!({})).to_string()
}

/// The code of the refusal of a good request whose headers were changed.
fn refused(change: impl FnOnce(&mut Vec<(&'static str, String)>)) -> String {
    let body = body();
    let mut headers = signed(ACTION, body.as_bytes(), NOW);
    change(&mut headers);
    let mut line = Line::new();
    let (code, message) = line.act_with(&headers, body.as_bytes()).unwrap_err();
    assert!(!message.contains("the cloud account's key"));
    assert_eq!(line.emulator.ingests().len(), 0);
    code
}

fn without(name: &str) -> String {
    refused(|headers| headers.retain(|(other, _)| *other != name))
}

fn with(name: &'static str, value: &str) -> String {
    refused(|headers| {
        headers.retain(|(other, _)| *other != name);
        headers.push((name, value.to_owned()));
    })
}

#[test]
fn a_request_must_be_signed_as_it_is_sent() {
    assert_eq!(without("authorization"), "AuthFailure.InvalidAuthorization");
    assert_eq!(
        with("authorization", "x"),
        "AuthFailure.InvalidAuthorization"
    );
    assert_eq!(with("host", "elsewhere"), "AuthFailure.SignatureFailure");
    assert_eq!(
        with("content-type", "text/plain"),
        "AuthFailure.SignatureFailure"
    );
    assert_eq!(with("x-tc-token", "token"), "AuthFailure.TokenFailure");
    assert_eq!(with("x-tc-version", "2019-07-23"), "NoSuchVersion");
    assert_eq!(without("x-tc-region"), "MissingParameter.Region");
    assert_eq!(with("x-tc-action", "StartStream"), "InvalidAction");

    let headers = signed(ACTION, body().as_bytes(), NOW);
    let other = start_of(&json!({ "Volume": 50 })).to_string();
    let refusal = Line::new().act_with(&headers, other.as_bytes());
    assert_eq!(refusal.unwrap_err().0, "AuthFailure.SignatureFailure");
}

#[test]
fn only_the_accounts_keys_sign() {
    for (id, key, code) in [
        ("AKIDTEST", "another key", "AuthFailure.SignatureFailure"),
        (
            "AKIDOTHER",
            "the cloud account's key",
            "AuthFailure.SecretIdNotFound",
        ),
    ] {
        let body = body();
        let credential = Credential::new(id, key).unwrap();
        let headers = signed_by(credential, ACTION, body.as_bytes(), NOW);
        let refusal = Line::new().act_with(&headers, body.as_bytes());
        assert_eq!(refusal.unwrap_err().0, code);
    }
    let mut config = config();
    config.cloud_credentials.clear();
    let headers = signed(ACTION, body().as_bytes(), NOW);
    let refusal = Line::with(&config).act_with(&headers, body().as_bytes());
    assert_eq!(refusal.unwrap_err().0, "AuthFailure.SecretIdNotFound");
}

#[test]
fn clocks_may_differ_by_five_minutes_of_emulated_time() {
    let body = body();
    for (signed_at, is_admitted) in [
        (BEGINNING - 301, false),
        (BEGINNING - 300, true),
        (BEGINNING + 300, true),
        (BEGINNING + 301, false),
    ] {
        let headers = signed(ACTION, body.as_bytes(), UnixSeconds(signed_at));
        let outcome = Line::new().act_with(&headers, body.as_bytes());
        assert_eq!(outcome.is_ok(), is_admitted, "{signed_at}");
        if let Err((code, _)) = outcome {
            assert_eq!(code, "AuthFailure.SignatureExpire");
        }
    }
    let mut line = Line::new();
    line.emulator
        .advance_by(std::time::Duration::from_secs(301));
    let headers = signed(ACTION, body.as_bytes(), NOW);
    let (code, _) = line.act_with(&headers, body.as_bytes()).unwrap_err();
    assert_eq!(code, "AuthFailure.SignatureExpire");
    let answer = line.handle("GET", "/emulator/health", b"");
    assert_eq!(answer.date_header(), "Tue, 14 Nov 2023 22:18:21 GMT");
}

#[test]
fn twenty_requests_a_second_are_taken_for_each_action() {
    let mut line = Line::new();
    let task = json!({ "SdkAppId": SDK_APP_ID, "TaskId": "t" });
    for _ in 0..20 {
        line.act("DescribeStreamIngest", &task).unwrap();
    }
    assert_eq!(
        line.act("DescribeStreamIngest", &task).unwrap_err(),
        "RequestLimitExceeded"
    );
    line.act("UpdateStreamIngest", &task).unwrap();
    line.wait(1000);
    line.act("DescribeStreamIngest", &task).unwrap();
    assert_eq!(line.emulator.requests("DescribeStreamIngest"), 22);
}

#[test]
fn a_request_without_the_header_is_none_for_the_cloud_api() {
    assert_eq!(
        super::envelope(&Line::new().handle("POST", "/", b"{}"))["ErrorCode"],
        60009
    );
}

/// The code and the message of the refusal of a body.
fn refused_body(action: &str, body: &Value) -> (String, String) {
    let text = body.to_string();
    let headers = signed(action, text.as_bytes(), NOW);
    let mut line = Line::new();
    let refusal = line.act_with(&headers, text.as_bytes());
    assert_eq!(line.emulator.ingests().len(), 0);
    refusal.expect_err(&text)
}

#[test]
fn a_start_is_held_to_the_rules_of_its_fields() {
    for (field, value, code) in [
        ("SdkAppId", json!(null), "MissingParameter.SdkAppId"),
        ("SdkAppId", json!("1400000001"), "InvalidParameter.SdkAppId"),
        (
            "SdkAppId",
            json!(1_400_000_002),
            "InvalidParameter.SdkAppId",
        ),
        ("RoomId", json!(null), "MissingParameter.RoomId"),
        ("RoomId", json!(123), "InvalidParameter.RoomId"),
        ("RoomId", json!(""), "InvalidParameter.RoomId"),
        ("RoomId", json!("x".repeat(65)), "InvalidParameter.RoomId"),
        ("RoomIdType", json!(null), "MissingParameter"),
        ("RoomIdType", json!(2), "InvalidParameter"),
        ("RoomIdType", json!(0), "InvalidParameter.RoomId"),
        ("UserId", json!(null), "MissingParameter.UserId"),
        ("UserId", json!("a b"), "InvalidParameter.UserId"),
        ("UserSig", json!(null), "MissingParameter.UserSig"),
        ("UserSig", json!(""), "InvalidParameter.UserSig"),
        (
            "UserSig",
            json!(user_sig(SDK_APP_ID, KEY, "jack", BEGINNING)),
            "InvalidParameter.UserSig",
        ),
        (
            "UserSig",
            json!(user_sig(SDK_APP_ID, "other", "robot", BEGINNING)),
            "InvalidParameter.UserSig",
        ),
        (
            "UserSig",
            json!(user_sig(SDK_APP_ID, KEY, "robot", BEGINNING - 3600)),
            "InvalidParameter.UserSig",
        ),
        ("StreamUrl", json!(null), "MissingParameter"),
        ("StreamUrl", json!("ftp://a"), "InvalidParameter.StreamUrl"),
        (
            "StreamUrl",
            json!("https://a b"),
            "InvalidParameter.StreamUrl",
        ),
        ("SourceUrl", json!("https://a"), "InvalidParameter"),
        ("SeekSecond", json!(-1), "InvalidParameter"),
        ("AutoPush", json!(1), "InvalidParameter"),
        ("RepeatNum", json!(0), "InvalidParameter"),
        ("RepeatNum", json!(-2), "InvalidParameter"),
        ("RepeatNum", json!(1001), "InvalidParameter"),
        ("MaxDuration", json!(5), "InvalidParameter"),
        ("Volume", json!(201), "InvalidParameter.Volume"),
        ("Volume", json!(-1), "InvalidParameter.Volume"),
        ("EnableProgress", json!("true"), "InvalidParameter"),
        ("Tempo", json!(0.6), "InvalidParameter"),
        ("Tempo", json!(2.25), "InvalidParameter"),
        ("Tempo", json!(0.25), "InvalidParameter"),
        ("Tempo", json!("1.0"), "InvalidParameter"),
        ("IdleTimeout", json!(601), "InvalidParameter"),
        ("VideoEncodeParams", json!({ "Fps": 0 }), "InvalidParameter"),
        (
            "AudioEncodeParams",
            json!({ "SampleRate": 44_101 }),
            "InvalidParameter.AudioEncodeParams",
        ),
        ("PrivateMapKey", json!("x"), "InvalidParameter"),
        ("Tempi", json!(1), "UnknownParameter"),
    ] {
        let body = start_of(&json!({ field: value }));
        let (refusal, message) = refused_body(ACTION, &body);
        assert_eq!(refusal, code, "{field}: {message}");
        assert!(message.contains(field), "{message}");
    }
    let all_good = json!({
        "SourceUrl": ["https://a"],
        "VideoEncodeParams": { "Width": 1920, "Height": 1080, "Fps": 60, "BitRate": 1, "Gop": 2 },
        "AudioEncodeParams": { "SampleRate": 48_000, "Channel": 2, "BitRate": 8, "Volume": 300 },
        "SeekSecond": 0, "AutoPush": true, "RepeatNum": -1, "MaxDuration": 10_080,
        "Volume": 200, "EnableProgress": true, "Tempo": 1.75, "IdleTimeout": 600,
    });
    Line::new().act(ACTION, &start_of(&all_good)).unwrap();
}

#[test]
fn every_other_action_is_held_to_the_rules_of_its_fields() {
    let app = SDK_APP_ID;
    let users: Vec<String> = (0..11).map(|n| format!("user-{n}")).collect();
    for (action, body, code) in [
        (
            "StopStreamIngest",
            json!({ "SdkAppId": app }),
            "MissingParameter.TaskId",
        ),
        (
            "DescribeStreamIngest",
            json!({ "SdkAppId": app, "TaskId": 7 }),
            "InvalidParameter.TaskId",
        ),
        (
            "UpdateStreamIngest",
            json!({ "SdkAppId": app, "TaskId": "t", "IsPause": 1 }),
            "InvalidParameter",
        ),
        (
            "UpdateStreamIngest",
            json!({ "SdkAppId": app, "TaskId": "t", "RoomId": "x" }),
            "UnknownParameter",
        ),
        (
            "DismissRoom",
            json!({ "SdkAppId": app, "RoomId": "123" }),
            "InvalidParameter.RoomId",
        ),
        (
            "DismissRoom",
            json!({ "SdkAppId": app, "RoomId": 0 }),
            "InvalidParameter.RoomId",
        ),
        (
            "DismissRoomByStrRoomId",
            json!({ "SdkAppId": app, "RoomId": 123 }),
            "InvalidParameter.RoomId",
        ),
        (
            "RemoveUser",
            json!({ "SdkAppId": app, "RoomId": 1 }),
            "MissingParameter.UserIds",
        ),
        (
            "RemoveUser",
            json!({ "SdkAppId": app, "RoomId": 1, "UserIds": [] }),
            "InvalidParameter.UserIds",
        ),
        (
            "RemoveUserByStrRoomId",
            json!({ "SdkAppId": app, "RoomId": "1", "UserIds": users }),
            "InvalidParameter.UserIds",
        ),
        (
            "RemoveUserByStrRoomId",
            json!({ "SdkAppId": app, "RoomId": "1", "UserIds": ["a b"] }),
            "InvalidParameter.UserIds",
        ),
        ("DismissRoom", json!([]), "InvalidParameter"),
    ] {
        assert_eq!(refused_body(action, &body).0, code, "{action} {body}");
    }
}

#[test]
fn an_ingest_may_need_the_right_to_play_in_its_room() {
    let key = |user: &str, room: RoomId, rights| {
        let key = SecretKey::new(KEY).unwrap();
        let signer = UserSigSigner::new(config().sdk_app_id, &key);
        let key = PrivateMapKey::new(UserId::any(user), room, rights).unwrap();
        key.sign(&signer, 3600, NOW).as_str().to_owned()
    };
    let room = || RoomId::text("roomid-test").unwrap();
    let mut strict: Config = config();
    strict.demands_private_map_key = true;
    let start = |config: &Config, key: Option<String>| {
        let body = start_of(&json!({ "PrivateMapKey": key })).to_string();
        let headers = signed(ACTION, body.as_bytes(), NOW);
        let outcome = Line::with(config).act_with(&headers, body.as_bytes());
        outcome.map(drop).map_err(|(_, message)| message)
    };
    assert!(
        start(&strict, None)
            .unwrap_err()
            .contains("advanced permissions")
    );
    assert!(start(&strict, Some(key("robot", room(), Privileges::ALL))).is_ok());
    for (config, key, message) in [
        (&strict, key("jack", room(), Privileges::ALL), "user"),
        (
            &strict,
            key("robot", RoomId::text("other").unwrap(), Privileges::ALL),
            "another room",
        ),
        (
            &strict,
            key("robot", RoomId::number(7).unwrap(), Privileges::ALL),
            "another room",
        ),
        (
            &strict,
            key("robot", room(), Privileges::ENTER_ROOM),
            "to send",
        ),
        (
            &strict,
            key("robot", room(), Privileges::SEND_AUDIO),
            "to enter",
        ),
        (
            &strict,
            user_sig(SDK_APP_ID, KEY, "robot", BEGINNING),
            "plain UserSig",
        ),
        (
            &super::caller::config(),
            key("jack", room(), Privileges::ALL),
            "user",
        ),
    ] {
        let refusal = start(config, Some(key)).unwrap_err();
        assert!(refusal.contains(message), "{refusal}");
    }
}

#[test]
fn faults_concern_actions_as_they_do_commands() {
    let mut line = Line::new();
    let code = |code: &str| FaultKind::CloudError(code.into());
    line.emulator
        .inject(Fault::new(FaultKind::ErrorCode(ErrorCode(60008))));
    line.emulator
        .inject(Fault::new(code("InternalError")).only(ACTION));
    line.emulator
        .inject(Fault::new(code("ResourceInsufficient.X")));
    line.emulator.inject(Fault::new(FaultKind::RateLimit));
    let start = start_of(&json!({}));
    assert_eq!(line.act(ACTION, &start).unwrap_err(), "InternalError");
    assert_eq!(line.emulator.ingests().len(), 1, "it took effect");
    assert_eq!(
        line.act(ACTION, &start).unwrap_err(),
        "ResourceInsufficient.X"
    );
    assert_eq!(
        line.act(ACTION, &start).unwrap_err(),
        "RequestLimitExceeded"
    );
    assert_eq!(line.emulator.faults().len(), 1, "60008 waits for a command");
    assert_eq!(
        line.act(ACTION, &start).unwrap_err(),
        "FailedOperation.TaskExist"
    );
}
