//! Whatever arrives as a signed request, checking it does not panic, and nothing is accepted that was not
//! signed; what is signed is accepted.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use trtc_call_core::UnixSeconds;
use trtc_call_core::tc3::{Credential, Parts, Tc3Signer, Tc3Verifier};

static CREDENTIAL: LazyLock<Credential> =
    LazyLock::new(|| Credential::new("AKID", "key of the fuzzer").unwrap());
static VERIFIER: LazyLock<Tc3Verifier> = LazyLock::new(|| Tc3Verifier::new([CREDENTIAL.clone()]));

#[derive(Debug, Arbitrary)]
struct Sent<'a> {
    headers: Vec<(&'a str, &'a str)>,
    authorization: &'a str,
    scope: &'a str,
    signed_headers: &'a str,
    timestamp: u64,
    host: &'a str,
    body: &'a [u8],
}

fuzz_target!(|sent: Sent<'_>| {
    let now = UnixSeconds(sent.timestamp);
    let timestamp = sent.timestamp.to_string();
    // Nobody finds a signature by chance: a wrong one in a header that is right otherwise goes furthest.
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential=AKID/{}, SignedHeaders={}, Signature={}",
        sent.scope,
        sent.signed_headers,
        "0".repeat(64)
    );
    for authorization in [sent.authorization, &authorization] {
        let mut headers = sent.headers.clone();
        headers.extend([
            ("authorization", authorization),
            ("x-tc-timestamp", &timestamp),
            ("host", sent.host),
            ("content-type", "application/json"),
        ]);
        let refused = VERIFIER.verify(&headers, sent.body, now).unwrap_err();
        assert!(!refused.to_string().is_empty());
    }

    let Ok(parts) = Parts::new(sent.host, "StopStreamIngest", sent.body) else {
        return;
    };
    let signed = Tc3Signer::new(CREDENTIAL.clone()).sign(&parts, now).headers;
    let mut headers: Vec<(&str, &str)> = signed.iter().map(|(n, v)| (*n, v.as_str())).collect();
    headers.push(("Host", sent.host));
    assert_eq!(VERIFIER.verify(&headers, sent.body, now), Ok("AKID"));
});
