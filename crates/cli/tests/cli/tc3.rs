use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Program, file, trtc_call};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/tc3")
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn sign(arguments: &[&str]) -> Program {
    trtc_call(["tc3", "sign"])
        .args(arguments)
        .env("TENCENTCLOUD_SECRET_ID", "AKIDEXAMPLE")
        .env("TENCENTCLOUD_SECRET_KEY", "a secret key")
}

#[test]
fn every_vector_is_signed_as_it_says_stage_by_stage() {
    let credential = json(&vectors().join("credential.json"));
    let mut count = 0;
    for case in vectors().read_dir().unwrap() {
        let case = case.unwrap().path();
        if !case.is_dir() {
            continue;
        }
        count += 1;
        let request = json(&case.join("request.json"));
        let text = |name: &str| request[name].as_str();
        let read = |name: &str| std::fs::read_to_string(case.join(name)).unwrap();
        let mut program = trtc_call(["tc3", "sign", "--stages", "-"])
            .args(&["--host", text("host").unwrap()])
            .args(&["--action", text("action").unwrap()])
            .args(&["--now", &request["timestamp"].to_string()])
            .env(
                "TENCENTCLOUD_SECRET_ID",
                credential["secretId"].as_str().unwrap(),
            )
            .env(
                "TENCENTCLOUD_SECRET_KEY",
                credential["secretKey"].as_str().unwrap(),
            )
            .stdin(std::fs::read(case.join("payload.txt")).unwrap());
        for (name, option) in [
            ("region", "--region"),
            ("service", "--service"),
            ("version", "--api-version"),
        ] {
            if let Some(value) = text(name) {
                program = program.args(&[option, value]);
            }
        }
        if let Some(token) = text("token") {
            program = program.env("TENCENTCLOUD_TOKEN", token);
        }
        let document = program.arg("--json").run().exits_with(0).json();
        let case = case.display();
        for (field, file) in [
            ("canonicalRequest", "canonical_request.txt"),
            ("stringToSign", "string_to_sign.txt"),
            ("signature", "signature.txt"),
            ("authorization", "authorization.txt"),
        ] {
            assert_eq!(document[field], read(file), "{field} of {case}");
        }
        for (name, value) in json(&Path::new(&case.to_string()).join("headers.json"))
            .as_object()
            .unwrap()
        {
            // There is no request without a region here, and no token is printed.
            if name != "x-tc-token" {
                assert_eq!(document["headers"][name], *value, "{name} of {case}");
            }
        }
    }
    assert!(count >= 5, "{count} vectors");
}

#[test]
fn people_see_the_stages_or_the_headers_to_send() {
    let arguments = ["--action", "StopStreamIngest", "--now", "1700000000"];
    let run = sign(&arguments)
        .arg("--stages")
        .stdin("{}")
        .run()
        .exits_with(0);
    for words in [
        "Canonical request\nPOST\n/\n\ncontent-type:application/json\nhost:trtc.tencentcloudapi.com\n",
        "String to sign\nTC3-HMAC-SHA256\n1700000000\n2023-11-14/trtc/tc3_request\n",
        "Authorization\nTC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/trtc/tc3_request",
    ] {
        assert!(run.stdout.contains(words), "{words} in {run:?}");
    }
    let run = sign(&arguments).stdin("{}").run().exits_with(0);
    for line in [
        "x-tc-action: StopStreamIngest",
        "x-tc-timestamp: 1700000000",
    ] {
        assert!(run.stdout.lines().any(|other| other == line), "{run:?}");
    }
}

#[test]
fn keys_and_body_come_from_files_too() {
    let key = file("tc3-key", "a secret key\n");
    let body = file("tc3-body.json", "{}");
    let arguments = ["--action", "A", "--now", "1700000000", "--json"];
    let from_environment = sign(&arguments).stdin("{}").run().exits_with(0);
    let from_files = trtc_call(["tc3", "sign", "--cloud-secret-id", "AKIDEXAMPLE"])
        .args(&arguments)
        .arg("--cloud-secret-key-file")
        .arg(&key)
        .arg(&body)
        .run()
        .exits_with(0);
    assert_eq!(from_environment.stdout, from_files.stdout);
    let both = sign(&arguments).args(&["--cloud-secret-key-file", "-", "-"]);
    let run = both.stdin("{}").run().exits_with(2);
    let problem = run.json()["error"]["problems"][0].clone();
    assert_eq!(problem["field"], "--cloud-secret-key-file");
    assert!(
        problem["rule"].as_str().unwrap().contains("stdin"),
        "{problem}"
    );
}

#[test]
fn whatever_is_missing_or_wrong_is_told_at_once() {
    let run = trtc_call(["tc3", "sign", "--action", "Two Words", "--json"]).run();
    let document = run.exits_with(2).json();
    let problems = document["error"]["problems"].as_array().unwrap();
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem["field"].as_str().unwrap())
        .collect();
    let expected = ["--action", "--cloud-secret-id", "cloud secret key"];
    assert_eq!(fields, expected);
}

#[test]
fn the_host_is_signed_and_printed_as_http_clients_send_it() {
    let run = |host: &str| sign(&["--action", "StopStreamIngest", "--host", host, "-"]).stdin("{}");
    for (given, sent) in [
        ("H.Example:443", "h.example"),
        ("h.EXAMPLE:8443", "h.example:8443"),
    ] {
        let document = run(given).arg("--json").run().exits_with(0).json();
        assert_eq!(document["headers"]["host"], sent);
        let signed = document["canonicalRequest"].as_str().unwrap();
        assert!(signed.contains(&format!("\nhost:{sent}\n")), "{signed}");
        assert!(
            run(given)
                .run()
                .exits_with(0)
                .stdout
                .contains(&format!("host: {sent}"))
        );
    }
    let refused = run("h.example:0443").run().exits_with(2);
    assert!(refused.stderr.contains("--host"), "{refused:?}");
}
