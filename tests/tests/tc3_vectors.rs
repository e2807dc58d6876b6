//! Every case below `tests/vectors/tc3/`: each stage of signing, and that what others signed verifies. The
//! README there tells what the files are. A failure names the case and the stage.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use trtc_call_core::UnixSeconds;
use trtc_call_core::tc3::{Credential, Parts, Tc3Signer, Tc3Verifier};

use crate::vectors::{self, folder, text_file};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    host: String,
    region: String,
    action: String,
    timestamp: u64,
    token: Option<String>,
    service: Option<String>,
    version: Option<String>,
    #[serde(rename = "signedBy")]
    _signed_by: String,
}

#[test]
fn every_stage_is_that_of_the_vendors_signer() {
    for case in cases() {
        let (request, payload) = request(&case);
        let signer = Tc3Signer::new(credential(&request));
        let now = UnixSeconds(request.timestamp);
        let parts = parts(&request, payload.as_bytes());
        let stages = signer.stages(&parts, now);
        for (stage, found) in [
            ("canonical_request.txt", stages.canonical_request),
            ("string_to_sign.txt", stages.string_to_sign),
            ("signature.txt", stages.signature),
            ("authorization.txt", stages.authorization),
        ] {
            assert_eq!(
                found,
                text_file(&case, stage),
                "{stage} of {}",
                case.display()
            );
        }
        let signed = signer.sign(&parts, now);
        let headers: BTreeMap<&str, String> = signed.headers.into_iter().collect();
        let expected = text_file(&case, "headers.json");
        let expected: BTreeMap<&str, String> = serde_json::from_str(&expected).unwrap();
        assert_eq!(headers, expected, "headers of {}", case.display());
    }
}

#[test]
fn one_signer_signs_for_every_day_and_service_in_turn() {
    let lasting = |request: &Request| request.token.is_none();
    let cases: Vec<PathBuf> = cases()
        .into_iter()
        .filter(|case| lasting(&request(case).0))
        .collect();
    let signer = Tc3Signer::new(credential(&request(&cases[0]).0));
    for _ in 0..2 {
        for case in &cases {
            let (request, payload) = request(case);
            let now = UnixSeconds(request.timestamp);
            let stages = signer.stages(&parts(&request, payload.as_bytes()), now);
            assert_eq!(
                stages.signature,
                text_file(case, "signature.txt"),
                "{}",
                case.display()
            );
        }
    }
}

#[test]
fn what_others_signed_verifies_and_nothing_that_was_changed() {
    for case in cases() {
        let (request, payload) = request(&case);
        if request.service.is_some() {
            continue; // The verifier stands in for `trtc` alone.
        }
        let verifier = Tc3Verifier::new([credential(&request)]);
        let now = UnixSeconds(request.timestamp);
        let json = text_file(&case, "headers.json");
        let headers: BTreeMap<&str, &str> = serde_json::from_str(&json).unwrap();
        let mut headers: Vec<(&str, &str)> = headers.into_iter().collect();
        headers.push(("Host", &request.host));
        let verify = |headers: &[(&str, &str)], body: &str| {
            verifier
                .verify(headers, body.as_bytes(), now)
                .map(str::to_owned)
                .map_err(|error| error.reason().code())
        };
        assert_eq!(
            verify(&headers, &payload).as_deref(),
            Ok("AKIDEXAMPLE0000000000000000000000000"),
            "{}",
            case.display()
        );
        let longer = format!("{payload} ");
        assert_eq!(verify(&headers, &longer), Err("signature"));
        headers.pop();
        headers.push(("Host", "other.example"));
        assert_eq!(verify(&headers, &payload), Err("signature"));
    }
}

fn parts<'a>(request: &'a Request, payload: &'a [u8]) -> Parts<'a> {
    let parts = Parts::new(&request.host, &request.action, payload).unwrap();
    let parts = parts.region(&request.region).unwrap();
    match (&request.service, &request.version) {
        (Some(service), Some(version)) => parts.service(service, version).unwrap(),
        _ => parts,
    }
}

fn credential(request: &Request) -> Credential {
    let json: BTreeMap<String, String> =
        serde_json::from_str(&text_file(&folder("tc3"), "credential.json")).unwrap();
    let credential = Credential::new(&*json["secretId"], &*json["secretKey"]).unwrap();
    match &request.token {
        Some(token) => credential.with_token(&**token).unwrap(),
        None => credential,
    }
}

fn request(case: &Path) -> (Request, String) {
    let request = serde_json::from_str(&text_file(case, "request.json"));
    (
        request.unwrap_or_else(|e| panic!("{}: {e}", case.display())),
        text_file(case, "payload.txt"),
    )
}

fn cases() -> Vec<PathBuf> {
    let cases = vectors::cases("tc3");
    assert!(cases.len() >= 11, "{} cases", cases.len());
    cases
}
