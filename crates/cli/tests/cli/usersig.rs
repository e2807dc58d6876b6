use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use trtc_call::usersig::UserSigSigner;
use trtc_call::{SdkAppId, SecretKey, UnixSeconds, UserId};

use crate::program::{file, trtc_call};
use crate::service::{SDK_APP_ID, SECRET_KEY};

const NOW: &str = "1700000000";

fn generate(user: &str, expire: &str) -> String {
    let arguments = ["usersig", "gen", "--sdkappid", SDK_APP_ID, "--user", user];
    let run = trtc_call(arguments)
        .args(&["--expire", expire, "--now", NOW])
        .env("TRTC_SECRET_KEY", SECRET_KEY)
        .run()
        .exits_with(0);
    let token = run.stdout.strip_suffix('\n').unwrap();
    assert!(
        !token.contains(char::is_whitespace),
        "the token alone: {run:?}"
    );
    token.to_owned()
}

fn verify(token: &str, user: &str, now: &str) -> crate::program::Run {
    trtc_call([
        "usersig",
        "verify",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        user,
        "--now",
        now,
    ])
    .args(&["--json", "-"])
    .env("TRTC_SECRET_KEY", SECRET_KEY)
    .stdin(token)
    .run()
}

fn vectors(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/vectors")
        .join(kind);
    let cases: Vec<PathBuf> = folder
        .read_dir()
        .unwrap()
        .map(|case| case.unwrap().path())
        .collect();
    cases.into_iter().filter(|case| case.is_dir()).collect()
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_token_is_valid_until_the_second_it_expires() {
    let token = generate("jack", "100");
    let run = verify(&format!(" {token}\r\n"), "jack", "1700000099").exits_with(0);
    let document = run.json();
    assert_eq!(document["valid"], true);
    assert_eq!(document["reason"], Value::Null);
    let claims = json!({
        "version": "2.0",
        "identifier": "jack",
        "sdkAppId": 1_400_000_001,
        "time": 1_700_000_000,
        "expire": 100,
        "expiresAt": 1_700_000_100,
        "userBuffer": null,
    });
    assert_eq!(document["claims"], claims);

    let document = verify(&token, "jack", "1700000100").exits_with(1).json();
    assert_eq!(document["valid"], false);
    assert_eq!(document["reason"], "expired");
    assert_eq!(document["claims"], claims);
}

#[test]
fn the_lifetime_is_180_days_unless_told_otherwise_and_may_have_a_unit() {
    let expire = |arguments: &[&str]| {
        trtc_call([
            "usersig",
            "gen",
            "--sdkappid",
            SDK_APP_ID,
            "--user",
            "jack",
            "--json",
        ])
        .args(arguments)
        .env("TRTC_SECRET_KEY", SECRET_KEY)
        .run()
        .exits_with(0)
        .json()["expire"]
            .clone()
    };
    assert_eq!(expire(&[]), 15_552_000);
    assert_eq!(expire(&["--expire", "2h"]), 7200);
    assert_eq!(expire(&["--expire", "0"]), 0);
}

#[test]
fn the_json_of_a_new_token_holds_the_token_and_what_it_says() {
    let run = trtc_call(["usersig", "gen", "--sdkappid", SDK_APP_ID, "--user", "jack"])
        .args(&["--expire", "60", "--now", NOW, "--json"])
        .env("TRTC_SECRET_KEY", SECRET_KEY)
        .run()
        .exits_with(0);
    let document = run.json();
    assert_eq!(document["userSig"], generate("jack", "60"));
    assert_eq!(document["identifier"], "jack");
    assert_eq!(document["expiresAt"], 1_700_000_060);
}

#[test]
fn a_name_outside_the_rule_needs_to_be_asked_for_when_signing_and_never_when_verifying() {
    let user = "用户 \"1\"";
    let arguments = [
        "usersig",
        "gen",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        user,
        "--now",
        NOW,
    ];
    let program = || trtc_call(arguments).env("TRTC_SECRET_KEY", SECRET_KEY);
    let run = program().run().exits_with(2);
    assert!(run.stderr.contains("--allow-any-user-id"), "{run:?}");
    assert_eq!(run.stdout, "");
    let token = program()
        .arg("--allow-any-user-id")
        .run()
        .exits_with(0)
        .stdout;
    let document = verify(&token, user, NOW).exits_with(0).json();
    assert_eq!(document["claims"]["identifier"], user);
    let run = trtc_call(["usersig", "inspect", "--now", NOW])
        .stdin(token)
        .run()
        .exits_with(0);
    assert!(run.stdout.contains(user), "{run:?}");
}

#[test]
fn a_refusal_says_why() {
    let token = generate("jack", "60");
    assert_eq!(
        verify(&token, "jill", NOW).exits_with(1).json()["reason"],
        "other_user"
    );
    assert_eq!(verify("", "jack", NOW).exits_with(1).json()["valid"], false);
    assert_eq!(
        verify("????", "jack", NOW).exits_with(1).json()["reason"],
        "not_base64"
    );
    let not_utf8 = trtc_call([
        "usersig",
        "verify",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        "jack",
    ])
    .env("TRTC_SECRET_KEY", SECRET_KEY)
    .stdin([0xff, 0xfe])
    .run()
    .exits_with(1);
    assert!(
        not_utf8
            .stdout
            .contains("Not valid: the UserSig is not base64"),
        "{not_utf8:?}"
    );
    let run = trtc_call([
        "usersig",
        "verify",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        "jack",
    ])
    .args(&["--now", "1800000000"])
    .env("TRTC_SECRET_KEY", SECRET_KEY)
    .stdin(token)
    .run()
    .exits_with(1);
    assert!(run.stdout.contains("expired"), "{run:?}");
    assert!(run.stdout.contains("2023-11-14 22:14:20 UTC"), "{run:?}");
}

#[test]
fn a_token_is_read_from_a_file_too() {
    let path = file("usersig-token", generate("jack", "60"));
    let run = trtc_call(["usersig", "inspect", "--json"])
        .arg(&path)
        .run()
        .exits_with(0);
    assert_eq!(run.json()["claims"]["identifier"], "jack");
    assert_eq!(run.json()["expired"], true);
    trtc_call([
        "usersig",
        "verify",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        "jack",
        "--now",
        NOW,
    ])
    .env("TRTC_SECRET_KEY", SECRET_KEY)
    .arg(path)
    .run()
    .exits_with(0);
}

#[test]
fn inspecting_needs_no_key_and_an_unreadable_token_is_exit_code_1() {
    let run = trtc_call(["usersig", "inspect"])
        .stdin(generate("jack", "60"))
        .run()
        .exits_with(0);
    assert!(
        run.stdout.contains("its signature was not checked"),
        "{run:?}"
    );
    let run = trtc_call(["usersig", "inspect", "--json"])
        .stdin("x")
        .run()
        .exits_with(1);
    assert_eq!(run.json()["reason"], "not_base64");
    assert_eq!(run.json()["claims"], Value::Null);
}

#[test]
fn token_and_key_cannot_both_be_stdin() {
    let arguments = [
        "usersig",
        "verify",
        "--sdkappid",
        SDK_APP_ID,
        "--user",
        "jack",
    ];
    let run = trtc_call(arguments)
        .args(&["--secret-key-file", "-", "-"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("cannot be stdin"), "{run:?}");
    let path = file("usersig-token-beside-key", generate("jack", "60"));
    trtc_call(arguments)
        .args(&["--now", NOW, "--secret-key-file", "-"])
        .arg(path)
        .stdin(SECRET_KEY)
        .run()
        .exits_with(0);
}

#[test]
fn signing_lists_everything_that_is_missing() {
    let run = trtc_call(["usersig", "gen", "--user", "jack", "--json"])
        .run()
        .exits_with(2);
    assert_eq!(run.json()["error"]["problems"].as_array().unwrap().len(), 2);
}

#[test]
fn every_token_of_the_vectors_is_verified() {
    let mut count = 0;
    for case in vectors("usersig") {
        let input = read_json(&case.join("input.json"));
        let tokens = read_json(&case.join("tokens.json"));
        for (origin, token) in tokens.as_object().unwrap() {
            count += 1;
            let run = trtc_call(["usersig", "verify", "--json", "--sdkappid"])
                .arg(input["sdkAppId"].to_string())
                .args(&["--user", input["identifier"].as_str().unwrap()])
                .args(&["--now", &input["time"].to_string()])
                .env("TRTC_SECRET_KEY", input["secretKey"].as_str().unwrap())
                .stdin(token["token"].as_str().unwrap())
                .run();
            // Only what expires at once is not valid at the moment it was made.
            let code = i32::from(input["expire"] == 0);
            assert_eq!(run.code, code, "{origin} of {}: {run:?}", case.display());
            assert_eq!(run.json()["claims"]["identifier"], input["identifier"]);
        }
    }
    assert!(count > 60, "{count} tokens");
}

#[test]
fn every_refused_token_of_the_vectors_is_refused_for_its_reason() {
    for case in vectors("usersig_refused") {
        let token = std::fs::read_to_string(case.join("token.txt")).unwrap();
        if token.trim() != token {
            // White space around a token is what files and pipes add: the command trims it.
            continue;
        }
        let input = read_json(&case.join("input.json"));
        let expected = read_json(&case.join("expected.json"));
        let run = trtc_call(["usersig", "verify", "--json", "--sdkappid"])
            .arg(input["sdkAppId"].to_string())
            .args(&["--user", input["identifier"].as_str().unwrap()])
            .args(&["--now", &input["now"].to_string()])
            .env("TRTC_SECRET_KEY", input["secretKey"].as_str().unwrap())
            .stdin(token)
            .run()
            .exits_with(1);
        let found = run.json();
        assert_eq!(found["reason"], expected["reason"], "{}", case.display());
        assert_eq!(found["claims"], expected["claims"], "{}", case.display());
    }
}

#[test]
fn rights_of_another_user_than_the_token_are_told_when_it_is_inspected_and_when_it_is_verified() {
    let (app, key) = (
        SDK_APP_ID.parse().unwrap(),
        SecretKey::new(SECRET_KEY).unwrap(),
    );
    let signer = UserSigSigner::new(SdkAppId::new(app).unwrap(), &key);
    // Numeric room 1, rights for `rose` until the end of time, in a token for `jack`.
    let mut rights = vec![0, 0, 4];
    rights.extend(b"rose");
    for number in [app, 1, u32::MAX, 255, 0] {
        rights.extend(number.to_be_bytes());
    }
    let now = UnixSeconds(NOW.parse().unwrap());
    let token = signer.sign_with_user_buffer(&UserId::any("jack"), &rights, 60, now);

    let run = verify(token.as_str(), "jack", NOW).exits_with(0);
    assert_eq!(run.json()["valid"], true, "as a UserSig");
    assert!(
        run.stderr
            .contains("as a PrivateMapKey, its rights are those of"),
        "{run:?}"
    );
    let inspect = trtc_call(["private-map-key", "inspect", "--json", "-"]);
    let document = inspect.stdin(token.as_str()).run().exits_with(1).json();
    assert_eq!(document["reason"], "grant_of_other_user");
    let message = document["message"].as_str().unwrap();
    assert!(
        message.contains("rose") && message.contains("jack"),
        "{message}"
    );
}

#[test]
fn a_token_that_is_born_expired_comes_with_a_warning() {
    let generate = |expire| {
        let program = trtc_call(["usersig", "gen", "--sdkappid", "1", "--user", "jack"]);
        let program = program
            .args(&["--expire", expire])
            .env("TRTC_SECRET_KEY", "key");
        program.run().exits_with(0).stderr
    };
    assert!(generate("0").contains("has expired already"));
    assert_eq!(generate("1"), "");
}

#[test]
fn a_token_file_that_is_empty_is_told_as_that() {
    let run = trtc_call(["usersig", "inspect", "--json"])
        .stdin("\n")
        .run();
    let document = run.exits_with(1).json();
    assert_eq!(document["reason"], "empty");
}
