//! Every case below `tests/vectors/ingest_webhook/`. The README there tells what the files are.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use trtc_call_core::SdkAppId;
use trtc_call_core::webhook::ingest::{
    self, IngestWebhookKey, IngestWebhookVerifier, parse_unverified,
};

use crate::vectors::{cases, folder, json_file};

#[test]
fn every_delivery_is_read_or_refused_as_its_vector_says() {
    let verifier = verifier();
    let (mut read, mut refused) = (0, 0);
    for case in cases("ingest_webhook") {
        let (headers, body) = delivery(&case);
        let header = |name: &str| headers[name].as_str();
        let found = match verifier.verify(header("Sign"), header("SdkAppId"), &body) {
            Ok(event) => {
                read += 1;
                assert_eq!(
                    parse_unverified(&body).as_ref(),
                    Ok(&event),
                    "{}",
                    case.display()
                );
                json!({ "ok": true, "event": event })
            }
            Err(error) => {
                refused += 1;
                let status = ingest::refuse(&error).status;
                json!({ "ok": false, "code": error.code(), "status": status })
            }
        };
        // As text: a large number must keep its digits.
        let expected = json_file(&case, "expected.json");
        assert_eq!(
            found.to_string(),
            expected.to_string(),
            "{}",
            case.display()
        );
    }
    assert!(
        read >= 16 && refused >= 26,
        "{read} read, {refused} refused"
    );
}

#[test]
fn no_byte_of_a_signed_body_can_be_changed() {
    let verifier = verifier();
    let (headers, body) = delivery(&folder("ingest_webhook").join("started"));
    let (sign, app) = (headers["Sign"].as_str(), headers["SdkAppId"].as_str());
    for index in 0..body.len() {
        for bit in 0..8 {
            let mut body = body.clone();
            body[index] ^= 1 << bit;
            let code = verifier.verify(sign, app, &body).unwrap_err().code();
            assert_eq!(code, "wrong_signature", "byte {index}, bit {bit}");
        }
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_hashed() {
    let body = vec![b' '; 10_000_000];
    let error = verifier()
        .verify(Some("x"), Some("1400000001"), &body)
        .unwrap_err();
    assert_eq!(error.code(), "body_too_large");
    assert_eq!(ingest::refuse(&error).status, 413);
}

#[test]
fn replies_are_json_of_less_than_2000_bytes() {
    let error = verifier().verify(None, None, b"").unwrap_err();
    for (reply, code) in [(ingest::acknowledge(), 0), (ingest::refuse(&error), 1)] {
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(body["code"], code);
        assert!(reply.body.len() < 2000);
    }
    assert_eq!(ingest::acknowledge().status, 200);
}

fn verifier() -> IngestWebhookVerifier {
    let receiver = json_file(&folder("ingest_webhook"), "receiver.json");
    let sdk_app_id = u32::try_from(receiver["sdkAppId"].as_u64().unwrap()).unwrap();
    let key = IngestWebhookKey::new(receiver["key"].as_str().unwrap()).unwrap();
    IngestWebhookVerifier::new(SdkAppId::new(sdk_app_id).unwrap(), &key)
}

fn delivery(case: &Path) -> (Value, Vec<u8>) {
    let body = case.join("body.txt");
    let body = fs::read(&body).unwrap_or_else(|e| panic!("{}: {e}", body.display()));
    (json_file(case, "headers.json"), body)
}
