//! One round of measuring TC3-HMAC-SHA256 on one thread. `cargo xtask bench tc3` runs several, and the
//! vendor's SDK between them.
//!
//! Prints `name = value` lines.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and prints"
)]

mod per_second;

use std::cell::Cell;
use std::hint::black_box;

use trtc_call_core::UnixSeconds;
use trtc_call_core::tc3::{Credential, Parts, Tc3Signer, Tc3Verifier};

use per_second::per_second;

const NOW: u64 = 1_700_000_000;
const HOST: &str = "trtc.tencentcloudapi.com";
const BODY: &str = r#"{"SdkAppId":1400000000,"RoomId":"10001","RoomIdType":0,"UserId":"robot","UserSig":"eJwtzEELgjAYxvHvsnPInG7vnLcuQVQQ2aWLWNtqSjLmlCD67pl6en6-w-M","StreamUrl":"https://example.com/a.mp3"}"#;

fn main() {
    let credential = || {
        Credential::new(
            "AKIDEXAMPLE0000000000000000000000000",
            "SecretKeyExample0000000000000000",
        )
    };
    let credential = || credential().expect("a credential");
    let signer = Tc3Signer::new(credential());
    let verifier = Tc3Verifier::new([credential()]);
    let parts = Parts::new(HOST, "StartStreamIngest", BODY.as_bytes()).expect("words");
    let parts = parts.region("ap-guangzhou").expect("a word");

    let signed = signer.sign(&parts, UnixSeconds(NOW)).headers;
    let mut headers: Vec<(&str, &str)> = signed.iter().map(|(n, v)| (*n, v.as_str())).collect();
    headers.push(("host", HOST));
    let verify = || verifier.verify(black_box(&headers), BODY.as_bytes(), UnixSeconds(NOW));
    assert!(verify().is_ok(), "the verifier takes what is signed here");

    // Each request is signed a second after the one before, so that no two are alike, within one day.
    let clock = Cell::new(0);
    let tick = || {
        clock.set((clock.get() + 1) % 6_000);
        UnixSeconds(NOW + clock.get())
    };
    let day = Cell::new(0);
    per_second(&mut [
        ("tc3.sign", &mut || {
            black_box(signer.sign(black_box(&parts), tick()));
        }),
        ("tc3.verify", &mut || {
            black_box(verify().is_ok());
        }),
        // What the key of the day saves.
        ("tc3.sign.each_on_another_day", &mut || {
            day.set(day.get() + 1);
            black_box(signer.sign(black_box(&parts), UnixSeconds(day.get() * 86_400)));
        }),
    ]);
}
