use serde_json::json;

use crate::program::{Program, trtc_call};
use crate::service::{SDK_APP_ID, SECRET_KEY};

fn generate(arguments: &[&str]) -> Program {
    trtc_call([
        "private-map-key",
        "gen",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        "jack",
    ])
    .args(arguments)
    .env("TRTC_SECRET_KEY", SECRET_KEY)
}

#[test]
fn a_key_grants_what_was_asked_for_in_that_room() {
    let rights = [
        "--privileges",
        "enter-room,receive-audio",
        "--expire",
        "1h",
        "--now",
        "1700000000",
    ];
    let token = generate(&["--room", "123"])
        .args(&rights)
        .run()
        .exits_with(0)
        .stdout;
    let run = trtc_call(["private-map-key", "inspect", "--json"])
        .stdin(token)
        .run()
        .exits_with(0);
    let expected = json!({
        "account": "jack",
        "sdkAppId": 1_400_000_001,
        "room": "123",
        "expiresAt": 1_700_003_600,
        "privileges": ["enter-room", "receive-audio"],
        "accountType": 0,
    });
    assert_eq!(run.json()["grant"], expected);
}

#[test]
fn a_numeric_room_is_another_room_and_all_rights_are_the_default() {
    let token = generate(&["--room-number", "123"])
        .run()
        .exits_with(0)
        .stdout;
    let run = trtc_call(["private-map-key", "inspect", "--json"])
        .stdin(token.clone())
        .run()
        .exits_with(0);
    assert_eq!(run.json()["grant"]["room"], 123);
    assert_eq!(
        run.json()["grant"]["privileges"].as_array().unwrap().len(),
        8
    );
    let run = trtc_call(["private-map-key", "inspect"])
        .stdin(token)
        .run()
        .exits_with(0);
    assert!(run.stdout.contains("123 (numeric room)"), "{run:?}");
}

#[test]
fn the_key_is_a_user_sig_and_its_json_says_what_it_grants() {
    let arguments = [
        "--room",
        "lobby",
        "--now",
        "1700000000",
        "--expire",
        "60",
        "--json",
    ];
    let document = generate(&arguments).run().exits_with(0).json();
    assert_eq!(document["room"], "lobby");
    assert_eq!(document["expiresAt"], 1_700_000_060);
    trtc_call([
        "usersig",
        "verify",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        "jack",
        "--now",
        "1700000000",
    ])
    .env("TRTC_SECRET_KEY", SECRET_KEY)
    .stdin(document["privateMapKey"].as_str().unwrap())
    .run()
    .exits_with(0);
}

#[test]
fn a_room_must_be_given_and_rights_must_exist() {
    let run = generate(&["--json"]).run().exits_with(2);
    assert_eq!(run.json()["error"]["problems"][0]["field"], "room");
    let run = generate(&["--room", "lobby", "--privileges", "fly"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("fly"), "{run:?}");
    generate(&["--room-number", "0"]).run().exits_with(2);
}

#[test]
fn a_plain_user_sig_is_no_private_map_key() {
    let token = trtc_call(["usersig", "gen", "--sdkappid", SDK_APP_ID, "--user", "jack"])
        .env("TRTC_SECRET_KEY", SECRET_KEY)
        .run()
        .exits_with(0)
        .stdout;
    let run = trtc_call(["private-map-key", "inspect", "--json"])
        .stdin(token)
        .run()
        .exits_with(1);
    assert_eq!(run.json()["readable"], false);
    assert_eq!(run.json()["reason"], "no_user_buffer");
}
