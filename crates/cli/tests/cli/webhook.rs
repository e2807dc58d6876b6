use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::{Value, json};
use trtc_call::webhook::WebhookToken;
use trtc_call_emulator::{CallbackConfiguration, WebhookOutcome, WebhookSettings};

use crate::program::{Program, Run, Running, file, trtc_call};
use crate::service::{SDK_APP_ID, Service, always, nobody};

const TOKEN: &str = "MARKED-webhook-token";

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/webhook")
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(vectors()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_dir()).collect()
}

fn text(case: &Path, name: &str) -> String {
    fs::read_to_string(case.join(name)).unwrap()
}

fn json_file(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn with_token(arguments: &[&str]) -> crate::program::Program {
    trtc_call(arguments).envs(&[("TRTC_SDKAPPID", SDK_APP_ID), ("TRTC_WEBHOOK_TOKEN", TOKEN)])
}

#[test]
fn parse_prints_the_event_of_every_vector_that_can_be_read() {
    let mut read = 0;
    for case in cases() {
        let expected = json_file(&case.join("expected.json"));
        let body = text(&case, "body.txt");
        if expected["ok"] == false || !body.contains("CallbackCommand") {
            continue;
        }
        let run = trtc_call(["webhook", "parse", "--json", "-"])
            .stdin(body)
            .run();
        let event = run.exits_with(0).json();
        assert_eq!(event, expected["delivery"]["event"], "{}", case.display());
        read += 1;
    }
    assert!(read > 30, "{read}");
}

#[test]
fn verify_gives_every_vector_its_verdict() {
    let receiver = json_file(&vectors().join("receiver.json"));
    let token = file("webhook-token", receiver["token"].as_str().unwrap());
    let (app, now) = (
        receiver["sdkAppId"].to_string(),
        receiver["now"].to_string(),
    );
    for case in cases() {
        let expected = json_file(&case.join("expected.json"));
        let url = text(&case, "url.txt");
        let verify = || {
            trtc_call([
                "webhook",
                "verify",
                "--json",
                "--sdkappid",
                &app,
                "--now",
                &now,
            ])
            .args(&["--url", url.trim_end(), "--token-file"])
            .arg(&token)
        };
        let verdict = verify().arg("-").stdin(text(&case, "body.txt")).run();
        let code = if expected["ok"] == true { 0 } else { 1 };
        let verdict = verdict.exits_with(code).json();
        assert_eq!(verdict["valid"], expected["ok"], "{}", case.display());
        assert_eq!(verdict["reason"], expected["code"], "{}", case.display());
        assert_eq!(
            verdict["delivery"],
            expected["delivery"],
            "{}",
            case.display()
        );
    }
}

#[test]
fn verify_without_a_body_looks_at_the_url_alone() {
    let body = file("webhook-any-body", "not even JSON");
    let sign = with_token(&[
        "webhook",
        "sign",
        "--command",
        "Call.X",
        "--now",
        "1700000000",
    ]);
    let run = sign
        .arg(&body)
        .args(&["--url", "https://h/w?tenant=5"])
        .run()
        .exits_with(0);
    let url = run.stdout.trim_end();
    assert!(
        url.starts_with("https://h/w?tenant=5&SdkAppid=1400000001&"),
        "{url}"
    );
    let token = file("webhook-own-token", format!("{TOKEN}\r\n"));
    let verify = |url: &str, now: &str| {
        let arguments = ["webhook", "verify", "--sdkappid", SDK_APP_ID, "--now", now];
        let verify = trtc_call(arguments).args(&["--url", url, "--json", "--token-file"]);
        verify.arg(&token).run()
    };
    let valid = json!({ "valid": true, "reason": null, "message": null, "delivery": null });
    assert_eq!(verify(url, "1700000300").exits_with(0).json(), valid);
    let query = url.split_once('?').unwrap().1;
    assert_eq!(verify(query, "1700000000").exits_with(0).json(), valid);
    let late = verify(url, "1700000301").exits_with(1).json();
    assert_eq!(late["reason"], "too_old");
    let forged = verify(
        &url.replace("RequestTime=17", "RequestTime=18"),
        "1800000000",
    );
    assert_eq!(forged.exits_with(1).json()["reason"], "wrong_signature");
}

#[test]
fn what_is_signed_can_be_verified_with_its_body() {
    let body = text(&vectors().join("change_accept"), "body.txt");
    let sign = with_token(&["webhook", "sign", "--json", "--platform", "iOS", "-"]);
    let request = sign.stdin(body.as_str()).run().exits_with(0).json();
    assert_eq!(request["method"], "POST");
    assert_eq!(request["body"], body);
    let url = request["url"].as_str().unwrap();
    let verify = with_token(&["webhook", "verify", "--json", "--url", url, "-"]);
    let verdict = verify.stdin(body).run().exits_with(0).json();
    assert_eq!(verdict["delivery"]["platform"], "iOS");
    let changes = &verdict["delivery"]["event"]["changes"];
    assert_eq!(*changes, json!([{ "userId": "user2", "action": "Answer" }]));
}

#[test]
fn people_read_what_happened_and_why_it_is_refused() {
    let case = vectors().join("end_answered");
    let run = trtc_call(["webhook", "parse", "-"]).stdin(text(&case, "body.txt"));
    let run = run.run().exits_with(0);
    for words in [
        "Call.CallbackAfterEndCall",
        "NormalEnd",
        "2025-03-06 03:19:06 UTC",
    ] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    let run = trtc_call(["webhook", "parse"])
        .stdin("[object Object]")
        .run()
        .exits_with(1);
    assert!(run.stderr.contains("not the parsed body"), "{}", run.stderr);
    let run = with_token(&["webhook", "verify", "--url", "https://h/w"])
        .run()
        .exits_with(1);
    assert!(
        run.stdout.contains("Not valid: the query has no SdkAppid"),
        "{run:?}"
    );
}

#[test]
fn missing_settings_are_named_together_and_the_token_is_never_shown() {
    let run = trtc_call(["webhook", "verify", "--url", "u", "--json"])
        .run()
        .exits_with(2);
    let problems = run.json()["error"]["problems"].clone();
    let fields: Vec<&Value> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["field"])
        .collect();
    assert_eq!(fields, ["--sdkappid", "--token-file"]);
    let both = with_token(&["webhook", "sign", "--token-file", "-", "-"])
        .stdin(TOKEN)
        .run();
    assert!(both.exits_with(2).stderr.contains("cannot be stdin"));
    let unsigned = trtc_call(["webhook", "listen", "--sdkappid", SDK_APP_ID])
        .run()
        .exits_with(2);
    assert!(unsigned.stderr.contains("--unsigned"), "{unsigned:?}");
    for run in [
        with_token(&["webhook", "verify", "--url", "Sign=1"]).run(),
        with_token(&["webhook", "sign"]).stdin("{").run(),
        trtc_call(["webhook", "verify", "--url", "u", "--token-file", TOKEN]).run(),
        trtc_call(["webhook", "verify", "--url", "u"])
            .env("TRTC_WEBHOOK_TOKEN", " MARKED")
            .run(),
    ] {
        assert!(run.code != 0, "{run:?}");
        assert!(
            !run.stdout.contains("MARKED") && !run.stderr.contains("MARKED"),
            "{run:?}"
        );
    }
}

/// A listener that runs, and its URL.
fn listen(arguments: &[&str]) -> (Running, String) {
    let mut running = with_token(&["webhook", "listen", "--listen", "127.0.0.1:0", "--json"])
        .args(arguments)
        .env("RUST_LOG", "trace")
        .start();
    let greeting: Value = serde_json::from_str(&running.read_until("listening")).unwrap();
    (running, greeting["listening"].as_str().unwrap().to_owned())
}

fn service_that_tells(url: &str, settings: impl FnOnce(&mut WebhookSettings)) -> Service {
    let service = Service::start();
    let mut chosen = WebhookSettings::default();
    chosen.token = Some(WebhookToken::new(TOKEN).unwrap());
    settings(&mut chosen);
    service.with(|emulator| {
        emulator.set_callback_configuration(Some(CallbackConfiguration::everything(url)));
        emulator.set_webhook_settings(chosen);
    });
    service
}

fn lines(run: &Run) -> Vec<Value> {
    run.stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn listen_shows_a_whole_call_of_the_service_repeats_included() {
    let (running, url) = listen(&["--limit", "8"]);
    let service = service_that_tells(&url, |settings| settings.repeats = 1);
    let call = service.ring("answer-100-hangup-100");
    let run = running.wait().exits_with(0);
    let lines = lines(&run);
    assert_eq!(lines.len(), 8);
    let new = lines.iter().filter(|line| line["added"] == "new").count();
    assert_eq!(new, 4);
    let last = &lines[7];
    assert_eq!(last["state"]["callId"], call);
    assert_eq!(last["state"]["phase"], "ended");
    assert_eq!(last["state"]["members"]["answer-100-hangup-100"], "hung_up");
    assert_eq!(last["forwarded"], Value::Null);
    assert!(!run.stdout.contains("MARKED") && !run.stderr.contains("MARKED"));
}

#[test]
fn listen_refuses_what_is_forged_and_goes_on() {
    let (running, url) = listen(&["--limit", "1"]);
    let forger = service_that_tells(&url, |settings| {
        settings.token = Some(WebhookToken::new("another token").unwrap());
        settings.attempts = 1;
    });
    forger.ring("noanswer");
    forger.await_that("the forgery is refused", |emulator| {
        let delivery = emulator.webhook_deliveries_since(0).next();
        let attempt = delivery.and_then(|delivery| delivery.attempts.first().copied());
        attempt.is_some_and(|attempt| attempt.outcome == WebhookOutcome::Refused { status: 401 })
    });
    let service = service_that_tells(&url, |_| {});
    service.ring("noanswer");
    let lines = lines(&running.wait().exits_with(0));
    assert_eq!(lines[0]["refused"]["code"], "wrong_signature");
    assert_eq!(lines[1]["added"], "new");
}

#[test]
fn listen_forwards_unchanged_and_answers_as_the_other_answers() {
    let own_server = TcpListener::bind("127.0.0.1:0").unwrap();
    let forward_to = format!("http://{}/own?a=b", own_server.local_addr().unwrap());
    let received = thread::spawn(move || answer(&own_server.accept().unwrap().0, "503 No"));
    let (running, url) = listen(&["--limit", "1", "--forward-to", &forward_to]);
    let service = service_that_tells(&url, |settings| settings.attempts = 1);
    service.ring("noanswer");
    let request = received.join().unwrap();
    assert!(
        request.starts_with("POST /own?a=b&SdkAppid=1400000001&"),
        "{request}"
    );
    assert!(request.contains("&Sign=") && request.contains("Call.CallbackAfterStartCall"));
    service.await_that("the answer comes back", |emulator| {
        let delivery = emulator.webhook_deliveries_since(0).next().unwrap();
        let attempt = delivery.attempts.first();
        attempt.is_some_and(|attempt| attempt.outcome == WebhookOutcome::Refused { status: 503 })
    });
    let lines = lines(&running.wait().exits_with(0));
    assert_eq!(lines[0]["forwarded"]["status"], 503);
}

#[test]
fn listen_says_why_it_could_not_forward() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent_port = silent.local_addr().unwrap().port();
    let plain = always("{}");
    for (forward_to, words) in [
        (nobody(), "Connection refused"),
        (format!("http://127.0.0.1:{silent_port}/"), "timed out"),
        ("http://nobody.invalid/".to_owned(), "nobody.invalid:80: "),
        (plain.replace("http:", "https:"), "was http:// meant?"),
    ] {
        let (running, url) = listen(&["--limit", "1", "--forward-to", &forward_to]);
        let service = service_that_tells(&url, |settings| settings.attempts = 1);
        service.ring("noanswer");
        let lines = lines(&running.wait().exits_with(0));
        let error = lines[0]["forwarded"]["error"].as_str().unwrap();
        assert!(error.contains(words), "{words}: {error}");
        let host = forward_to.split("//").nth(1).unwrap().trim_end_matches('/');
        assert!(error.contains(host), "{host}: {error}");
        assert!(!error.contains("Sign="), "{error}");
    }
}

/// Reads a request and answers it.
fn answer(mut stream: &TcpStream, status: &str) -> String {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).unwrap();
        assert_ne!(length, 0);
        request.extend_from_slice(&buffer[..length]);
    }
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
    String::from_utf8(request).unwrap()
}

#[test]
fn listen_without_authentication_takes_what_is_for_its_application_until_ctrl_c() {
    let mut running = trtc_call(["webhook", "listen", "--listen", "127.0.0.1:0", "--unsigned"])
        .env("TRTC_SDKAPPID", SDK_APP_ID)
        .start();
    let greeting = running.read_until("Listening");
    let url = greeting
        .split_whitespace()
        .find(|word| word.starts_with("http://"));
    let url = url.unwrap().trim_end_matches(',');
    let service = service_that_tells(url, |settings| settings.token = None);
    service.ring("reject");
    let text = running.read_until("so far");
    assert!(
        text.contains("ringing, reject ringing, robot in call"),
        "{text}"
    );
    running.interrupt();
    let run = running.wait().exits_with(0);
    assert!(run.stderr.contains("stopped"), "{run:?}");
}

const INGEST: &str = r#"{"EventGroupId":7,"EventType":701,"CallbackMsTs":1700000000100,
    "EventInfo":{"EventMsTs":"1700000000000","TaskId":"task-1","Status":0}}"#;

fn ingest(arguments: &[&str]) -> Program {
    trtc_call(["webhook", "ingest"])
        .args(arguments)
        .env("TRTC_SDKAPPID", "1400000001")
        .env("TRTC_INGEST_WEBHOOK_KEY", "a key")
        .stdin(INGEST)
}

#[test]
fn a_webhook_about_a_stream_is_signed_verified_and_read() {
    let signed = ingest(&["sign", "--json"]).run().exits_with(0).json();
    assert_eq!(signed["headers"]["sdkappid"], "1400000001");
    assert_eq!(signed["body"], INGEST);
    let sign = signed["headers"]["sign"].as_str().unwrap();
    let verify = |arguments: &[&str]| {
        let program = ingest(&["verify", "--sign", sign, "--json"]);
        program.args(arguments)
    };
    let document = verify(&[]).run().exits_with(0).json();
    assert_eq!(document["valid"], true);
    assert_eq!(document["event"]["kind"], "started");
    assert_eq!(document["event"]["taskId"], "task-1");
    let forged = verify(&[]).stdin(INGEST.replace("701", "702"));
    let document = forged.run().exits_with(1).json();
    assert_eq!(document["valid"], false);
    assert_eq!(document["event"], Value::Null);
    let other_app = verify(&["--sdkappid-header", "7"]).run();
    assert_eq!(other_app.exits_with(1).json()["valid"], false);

    let run = ingest(&["parse"]).run().exits_with(0);
    assert!(run.stdout.starts_with("The stream plays\n"), "{run:?}");
    assert!(
        run.stdout.contains("2023-11-14 22:13:20.000 UTC"),
        "{run:?}"
    );
    ingest(&["parse"]).stdin("{}").run().exits_with(1);
}

#[test]
fn what_is_no_webhook_of_a_call_says_what_it_is() {
    let stream = r#"{"EventGroupId":7,"EventType":701,"CallbackTs":1,"EventInfo":{}}"#;
    let about_a_stream = "about a stream";
    let mut gzip = vec![0x1f, 0x8b, 8, 0];
    gzip.resize(40, 7);
    for (body, words) in [(stream.as_bytes(), about_a_stream), (&gzip, "gzip")] {
        let run = trtc_call(["webhook", "parse"]).stdin(body).run();
        let run = run.exits_with(1);
        assert!(run.stderr.contains(words), "{words}: {run:?}");
    }
    let marked = "\u{feff}{\"CallbackCommand\":\"Call.New\"}";
    trtc_call(["webhook", "parse"])
        .stdin(marked)
        .run()
        .exits_with(0);
}
