//! Every case below `tests/vectors/webhook/`. The README there tells what the files are.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trtc_call_core::webhook::{
    Delivery, MAX_BODY_BYTES, WebhookError, WebhookReply, WebhookToken, WebhookVerifier,
    parse_body_unverified, parse_unsigned, parse_unverified,
};
use trtc_call_core::{SdkAppId, UnixSeconds};

use crate::vectors::{cases, folder, json_file};

struct Receiver {
    sdk_app_id: SdkAppId,
    verifier: WebhookVerifier,
    now: UnixSeconds,
}

fn receiver() -> Receiver {
    let receiver: Value = json_file(&folder("webhook"), "receiver.json");
    let sdk_app_id = u32::try_from(receiver["sdkAppId"].as_u64().unwrap()).unwrap();
    let sdk_app_id = SdkAppId::new(sdk_app_id).unwrap();
    let token = WebhookToken::new(receiver["token"].as_str().unwrap()).unwrap();
    Receiver {
        sdk_app_id,
        verifier: WebhookVerifier::new(sdk_app_id, &token),
        now: UnixSeconds(receiver["now"].as_u64().unwrap()),
    }
}

#[test]
fn every_delivery_is_read_or_refused_as_its_vector_says() {
    let Receiver { verifier, now, .. } = receiver();
    let (mut read, mut refused) = (0, 0);
    for case in cases("webhook") {
        let (query, body) = delivery(&case);
        let expected = json_file(&case, "expected.json");
        let found = match verifier.verify(&query, &body, now) {
            Ok(delivery) => {
                read += 1;
                // What the npm package and the command print of it, Rust reads, and writes as it was.
                let shown = expected["delivery"].clone();
                let read: Delivery = serde_json::from_value(shown.clone()).unwrap();
                assert_eq!(json!(read), shown, "{}", case.display());
                json!({ "ok": true, "delivery": delivery })
            }
            Err(error) => {
                refused += 1;
                let status = WebhookReply::refuse(&error).status;
                json!({ "ok": false, "code": error.code(), "status": status })
            }
        };
        assert_eq!(found, expected, "{}", case.display());
    }
    assert!(read > 30 && refused > 40, "{read} read, {refused} refused");
}

#[test]
fn what_is_unknown_keeps_every_digit() {
    let (query, body) = delivery(&folder("webhook").join("unknown_command"));
    let delivery = parse_unverified(&query, &body).unwrap();
    let text = serde_json::to_string(&delivery).unwrap();
    assert!(text.contains(r#""Big":18446744073709551617"#), "{text}");
}

#[test]
fn the_ways_that_verify_less_read_the_same() {
    let Receiver {
        sdk_app_id,
        verifier,
        now,
    } = receiver();
    let outcome = |result: Result<Delivery, WebhookError>| result.map_err(|error| error.code());
    for case in cases("webhook") {
        let (query, body) = delivery(&case);
        let verified = outcome(verifier.verify(&query, &body, now));
        let unsigned = outcome(parse_unsigned(sdk_app_id, &query, &body));
        let unverified = outcome(parse_unverified(&query, &body));
        match verified {
            Ok(_) => {
                assert_eq!(unsigned, verified, "{}", case.display());
                assert_eq!(unverified, verified, "{}", case.display());
            }
            Err("wrong_signature" | "missing_signature" | "too_old" | "too_early") => {
                assert!(unsigned.is_ok(), "{}", case.display());
            }
            Err("other_app") => {
                assert_eq!(unsigned, verified, "{}", case.display());
            }
            Err(_) => assert_eq!(unsigned, verified, "{}", case.display()),
        }
        let query_alone = verifier.verify_query(&query, now);
        match &verified {
            Err(code) if !code.starts_with("body") && query_alone.is_err() => {
                assert_eq!(query_alone.map_err(|error| error.code()), Err(*code));
            }
            _ => assert_eq!(query_alone, Ok(()), "{}", case.display()),
        }
        if let (Ok(delivery), true) = (unverified, has_command(&body)) {
            assert_eq!(parse_body_unverified(&body), Ok(delivery.event));
        }
    }
}

fn has_command(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body["CallbackCommand"].is_string())
}

#[test]
fn large_and_deep_bodies_are_refused_before_they_are_read() {
    let Receiver { verifier, now, .. } = receiver();
    let (query, _) = delivery(&folder("webhook").join("end_answered"));
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(10_000_000));
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let deep_objects = r#"{"a":"#.repeat(10_000);
    let hidden = format!(r#"{{"a":"[\"{}","b":{}"#, "[".repeat(9), "[".repeat(10_000));
    for (body, code) in [
        (large, "body_too_large"),
        (deep, "body_too_deep"),
        (deep_objects, "body_too_deep"),
        (hidden, "body_too_deep"),
    ] {
        let started = Instant::now();
        let error = verifier.verify(&query, body.as_bytes(), now).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(started.elapsed() < Duration::from_millis(50), "{code}");
        assert!(error.to_string().len() < 300);
    }
    let brackets_in_text = format!(
        r#"{{"CallbackCommand":"Call.Later","a":"{}"}}"#,
        r#"[{\""#.repeat(1000)
    );
    assert!(parse_body_unverified(brackets_in_text.as_bytes()).is_ok());
    let largest = format!(
        r#"{{"CallbackCommand":"Call.Later","a":"{}"}}"#,
        "x".repeat(MAX_BODY_BYTES - 39)
    );
    assert_eq!(largest.len(), MAX_BODY_BYTES);
    assert!(parse_body_unverified(largest.as_bytes()).is_ok());
}

#[test]
fn a_refusal_names_the_usual_mistake_and_never_the_token_or_the_right_signature() {
    let Receiver { verifier, now, .. } = receiver();
    for (case, hint) in [
        (
            "forged_other_token",
            "the token is another one than the console's",
        ),
        ("unsigned", "authentication is not switched on"),
        ("replayed", "301 s ago"),
        ("request_time_in_milliseconds", "it looks like milliseconds"),
        ("another_app", "1400000002"),
        ("empty_query", "raw query"),
        ("body_empty", "something before has read it"),
        ("body_printed_object", "printed object"),
        ("body_serialised_twice", "serialised twice"),
        ("body_without_event_time", "`EventTime` is missing"),
        (
            "body_fractional_time",
            "`EventTime` must be an integer of at most 64 bits",
        ),
        ("contradictory_command", "the query says"),
    ] {
        let (query, body) = delivery(&folder("webhook").join(case));
        let error = verifier.verify(&query, &body, now).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(hint), "{case}: {message}");
        let reply = WebhookReply::refuse(&error).body;
        for text in [&message, &reply] {
            assert!(!text.contains("webhook-token-of-the-vectors"), "{text}");
            let longest_hex = text
                .split(|c: char| !c.is_ascii_hexdigit())
                .map(str::len)
                .max();
            assert!(longest_hex < Some(32), "{text}");
        }
    }
    let whole_url = "https://receiver.example/webhook%3FSdkAppid=1";
    let error = verifier.verify(whole_url, b"{}", now).unwrap_err();
    assert!(error.to_string().contains("not the whole URL"), "{error}");
}

#[test]
fn the_window_is_as_wide_as_it_is_set() {
    let Receiver { verifier, now, .. } = receiver();
    let (query, body) = delivery(&folder("webhook").join("end_answered"));
    let code = |tolerance: u64, now: u64| {
        let verifier = verifier.clone().tolerance(Duration::from_secs(tolerance));
        let verified = verifier.verify(&query, &body, UnixSeconds(now));
        verified.map(drop).map_err(|error| error.code())
    };
    assert_eq!(code(0, now.0), Ok(()));
    assert_eq!(code(0, now.0 + 1), Err("too_old"));
    assert_eq!(code(0, now.0 - 1), Err("too_early"));
    assert_eq!(code(10, now.0 + 10), Ok(()));
    assert_eq!(code(10, now.0 + 11), Err("too_old"));
    assert_eq!(code(u64::MAX, 0), Ok(()));
    assert_eq!(code(u64::MAX, u64::MAX), Ok(()));
}

/// Query and body of a case.
fn delivery(case: &Path) -> (String, Vec<u8>) {
    let url = fs::read_to_string(case.join("url.txt"));
    let url = url.unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let (_, query) = url.trim_end().split_once('?').unwrap();
    (query.to_owned(), fs::read(case.join("body.txt")).unwrap())
}
