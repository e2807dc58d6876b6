//! Whatever a token holds, reading it does not panic, and what it is read as can be signed again.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::{arbitrary, fuzz_target};
use miniz_oxide::deflate::compress_to_vec_zlib;
use trtc_call_core::usersig::{UserSigSigner, UserSigVerifier, inspect};
use trtc_call_core::{SdkAppId, SecretKey, UserId};

/// How deep the input stands: most of what the fuzzer makes up is no base64, let alone zlib.
#[derive(Debug, arbitrary::Arbitrary)]
enum Input<'a> {
    Token(&'a str),
    Zlib(&'a [u8]),
    Json { text: &'a [u8], level: u8 },
}

fuzz_target!(|input: Input<'_>| {
    let token = match input {
        Input::Token(token) => token.to_owned(),
        Input::Zlib(zlib) => token(zlib),
        Input::Json { text, level } => token(&compress_to_vec_zlib(text, level % 10)),
    };
    let claims = match inspect(&token) {
        Ok(claims) => claims,
        Err(rejection) => {
            assert!(!rejection.to_string().is_empty());
            return;
        }
    };
    let Some(app) = u32::try_from(claims.sdk_app_id)
        .ok()
        .and_then(|app| SdkAppId::new(app).ok())
    else {
        return;
    };
    let key = SecretKey::new("a key").expect("not empty");
    let verifier = UserSigVerifier::new(app, &key);
    // Nobody but the key's owner can make a token that verifies.
    assert!(
        verifier
            .verify(&token, &claims.identifier, claims.time)
            .is_err()
    );

    let signer = UserSigSigner::new(app, &key);
    let user = UserId::any(&*claims.identifier);
    let again = match &claims.user_buffer {
        None => signer.sign(&user, claims.expire_seconds, claims.time),
        Some(buffer) => {
            signer.sign_with_user_buffer(&user, buffer, claims.expire_seconds, claims.time)
        }
    };
    assert_eq!(inspect(again.as_str()), Ok(claims));
});

fn token(zlib: &[u8]) -> String {
    STANDARD
        .encode(zlib)
        .replace('+', "*")
        .replace('/', "-")
        .replace('=', "_")
}
