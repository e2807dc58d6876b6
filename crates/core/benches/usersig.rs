//! One round of measuring UserSigs on one thread: this library against plain hmac + serde_json +
//! miniz_oxide. `cargo xtask bench usersig` runs several, and the vendor's package between them.
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

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use trtc_call_core::usersig::{UserSigSigner, UserSigVerifier, inspect};
use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId};

use per_second::per_second;

const SDK_APP_ID: u32 = 1_400_000_000;
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const USER: &str = "administrator";
const EXPIRE: u64 = 180 * 24 * 3600;
const NOW: u64 = 1_700_000_000;

fn main() {
    let sdk_app_id = SdkAppId::new(SDK_APP_ID).expect("a number above 0");
    let key = SecretKey::new(KEY).expect("a key");
    let user = UserId::new(USER).expect("a conforming UserID");
    let now = UnixSeconds(NOW);

    let signer = UserSigSigner::new(sdk_app_id, &key);
    let verifier = UserSigVerifier::new(sdk_app_id, &key);
    let token = signer.sign(&user, EXPIRE, now);
    let token = token.as_str();
    let plain = Plain::new();
    assert!(plain.verify(token), "the plain path takes our tokens");
    assert!(verifier.verify(&plain.sign(NOW), USER, now).is_ok());

    // Each token is made a second after the one before, so that no two are alike.
    let clock = Cell::new(NOW);
    let tick = || {
        clock.set(clock.get() + 1);
        clock.get()
    };
    let signed_text = [b'x'; 93];
    // About as many bytes as a token wraps.
    let zlib = [0x5a; 147];

    per_second(&mut [
        ("usersig.sign", &mut || {
            black_box(signer.sign(black_box(&user), EXPIRE, UnixSeconds(tick())));
        }),
        ("usersig.sign.plain_rust", &mut || {
            black_box(plain.sign(tick()));
        }),
        ("usersig.verify", &mut || {
            black_box(verifier.verify(black_box(token), USER, now).is_ok());
        }),
        ("usersig.verify.plain_rust", &mut || {
            black_box(plain.verify(black_box(token)));
        }),
        ("usersig.inspect", &mut || {
            black_box(inspect(black_box(token)).is_ok());
        }),
        // What no signer can do without, to see what is left.
        ("usersig.sign.floor.hmac", &mut || {
            let mut mac = plain.0.clone();
            mac.update(black_box(&signed_text));
            black_box(mac.finalize());
        }),
        ("usersig.sign.floor.base64", &mut || {
            black_box(STANDARD.encode(black_box(&zlib)));
        }),
    ]);
    println!("usersig.token_chars = {}", token.len());
}

/// UserSigs as one would write them without thinking about speed, except that the key schedule is kept.
struct Plain(Hmac<Sha256>);

#[derive(serde::Serialize, serde::Deserialize)]
struct Json {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: u32,
    #[serde(rename = "TLS.time")]
    time: u64,
    #[serde(rename = "TLS.expire")]
    expire: u64,
    #[serde(rename = "TLS.sig")]
    signature: String,
}

impl Plain {
    fn new() -> Plain {
        Plain(Hmac::new_from_slice(KEY.as_bytes()).expect("any length"))
    }

    fn mac(&self, time: u64) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(
            format!(
                "TLS.identifier:{USER}\nTLS.sdkappid:{SDK_APP_ID}\nTLS.time:{time}\nTLS.expire:{EXPIRE}\n"
            )
            .as_bytes(),
        );
        mac
    }

    fn sign(&self, time: u64) -> String {
        let json = Json {
            version: "2.0".to_owned(),
            identifier: USER.to_owned(),
            sdk_app_id: SDK_APP_ID,
            time,
            expire: EXPIRE,
            signature: STANDARD.encode(self.mac(time).finalize().into_bytes()),
        };
        let json = serde_json::to_vec(&json).expect("plain data");
        let token = STANDARD.encode(miniz_oxide::deflate::compress_to_vec_zlib(&json, 6));
        token.replace('+', "*").replace('/', "-").replace('=', "_")
    }

    fn verify(&self, token: &str) -> bool {
        let base64 = token.replace('*', "+").replace('-', "/").replace('_', "=");
        let zlib = STANDARD.decode(base64).expect("base64");
        let json = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&zlib, 65536);
        let json: Json = serde_json::from_slice(&json.expect("zlib")).expect("JSON");
        json.identifier == USER
            && json.sdk_app_id == SDK_APP_ID
            && NOW < json.time + json.expire
            && self
                .mac(json.time)
                .verify_slice(&STANDARD.decode(json.signature).expect("base64"))
                .is_ok()
    }
}
