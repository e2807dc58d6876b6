//! Whatever is signed is what the token says, read by miniz_oxide and by the library.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::{arbitrary, fuzz_target};
use std::num::NonZeroU32;
use trtc_call_core::usersig::{UserSigRejectionReason, UserSigSigner, UserSigVerifier};
use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId};

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    app: NonZeroU32,
    time: u64,
    expire: u64,
    /// Makes a name of more than the 32 KiB that a compressed stream can reach back.
    repeat_name: u8,
    name: &'a str,
    user_buffer: Option<&'a [u8]>,
}

fuzz_target!(|input: Input<'_>| {
    let app = SdkAppId::new(input.app.get()).expect("not 0");
    let key = SecretKey::new("a key").expect("not empty");
    let signer = UserSigSigner::new(app, &key);
    let name = input.name.repeat(input.repeat_name.into());
    let (user, now) = (UserId::any(&*name), UnixSeconds(input.time));
    let token = match input.user_buffer {
        None => signer.sign(&user, input.expire, now),
        Some(buffer) => signer.sign_with_user_buffer(&user, buffer, input.expire, now),
    };
    let token = token.as_str();

    let base64 = token.replace('*', "+").replace('-', "/").replace('_', "=");
    let zlib = STANDARD.decode(base64).expect("base64");
    let json = miniz_oxide::inflate::decompress_to_vec_zlib(&zlib).expect("zlib");
    let json = String::from_utf8(json).expect("UTF-8");
    let start = format!(r#"{{"TLS.ver":"2.0","TLS.sdkappid":{app},"TLS.identifier":""#);
    assert!(json.starts_with(&start), "{json}");
    assert!(
        json.ends_with(&format!(r#","TLS.expire":{}}}"#, input.expire)),
        "{json}"
    );

    let result = UserSigVerifier::new(app, &key).verify(token, &name, now);
    match result {
        Ok(claims) => {
            assert_eq!(claims.identifier, name);
            assert_eq!(claims.sdk_app_id, u64::from(app.get()));
            assert_eq!(claims.time, now);
            assert_eq!(claims.expire_seconds, input.expire);
            assert_eq!(claims.user_buffer.as_deref(), input.user_buffer);
        }
        Err(rejection) => match rejection.reason() {
            UserSigRejectionReason::Expired => {
                assert!(input.time.saturating_add(input.expire) <= input.time);
            }
            UserSigRejectionReason::TooLarge => assert!(json.len() > 65536),
            _ => panic!("{rejection}"),
        },
    }
});
