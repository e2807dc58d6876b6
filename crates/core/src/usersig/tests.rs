//! Round trips, and tokens taken apart by other means than this module's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::json;
use sha2::Sha256;

use super::*;
use crate::http::push_query_value;
use crate::{SdkAppId, SecretKey, UnixSeconds, UserId};

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

fn key() -> SecretKey {
    SecretKey::new(KEY).unwrap()
}

/// The token's JSON, by miniz_oxide and serde_json alone.
fn json_of(token: &str) -> serde_json::Value {
    let base64 = token.replace('*', "+").replace('-', "/").replace('_', "=");
    let zlib = STANDARD.decode(base64).unwrap();
    let json = miniz_oxide::inflate::decompress_to_vec_zlib(&zlib).unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn signature_of(text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

proptest! {
    #[test]
    fn every_token_says_what_was_signed_and_verifies(
        user in ".{0,80}",
        app in 1..=u32::MAX,
        time in prop_oneof![any::<u64>(), 1_600_000_000..2_000_000_000_u64],
        expire in prop_oneof![any::<u64>(), Just(0), Just(u64::MAX), (0..20_u32).prop_map(|zeros| 10_u64.pow(zeros))],
        buffer in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..600)),
    ) {
        let app = SdkAppId::new(app).unwrap();
        let signer = UserSigSigner::new(app, &key());
        let (id, now) = (UserId::any(&*user), UnixSeconds(time));
        let token = match &buffer {
            None => signer.sign(&id, expire, now),
            Some(buffer) => signer.sign_with_user_buffer(&id, buffer, expire, now),
        };

        let mut text = format!(
            "TLS.identifier:{user}\nTLS.sdkappid:{app}\nTLS.time:{time}\nTLS.expire:{expire}\n"
        );
        let mut expected = json!({
            "TLS.ver": "2.0",
            "TLS.identifier": user,
            "TLS.sdkappid": app.get(),
            "TLS.time": time,
            "TLS.expire": expire,
        });
        if let Some(buffer) = &buffer {
            let base64 = STANDARD.encode(buffer);
            text += &format!("TLS.userbuf:{base64}\n");
            expected["TLS.userbuf"] = base64.into();
        }
        expected["TLS.sig"] = signature_of(&text).into();
        prop_assert_eq!(json_of(token.as_str()), expected);

        let verifier = UserSigVerifier::new(app, &key());
        let result = verifier.verify(token.as_str(), &user, now);
        if expire == 0 || time == u64::MAX {
            prop_assert_eq!(result.unwrap_err().reason(), UserSigRejectionReason::Expired);
        } else {
            let claims = result.unwrap();
            prop_assert_eq!(&claims.identifier, &user);
            prop_assert_eq!(&claims.user_buffer, &buffer);
            prop_assert_eq!(&claims, &inspect(token.as_str()).unwrap());
        }
    }
}

#[test]
fn what_is_printed_holds_neither_key_nor_token() {
    let app = SdkAppId::new(7).unwrap();
    let key = SecretKey::new("MARKED").unwrap();
    let (signer, verifier) = (
        UserSigSigner::new(app, &key),
        UserSigVerifier::new(app, &key),
    );
    let token = signer.sign(&UserId::any("jack"), 1, UnixSeconds(0));
    let expired = verifier.verify(token.as_str(), "jack", UnixSeconds(9));
    let cut = inspect(&token.as_str()[..40]);
    let printed = format!("{signer:?} {verifier:?} {token:?} {expired:?} {cut:?}");
    assert!(
        !printed.contains("MARKED") && !printed.contains(&token.as_str()[..20]),
        "{printed}"
    );
}

#[test]
fn claims_are_serialised_in_camel_case_with_the_user_buffer_in_base64() {
    let signer = UserSigSigner::new(SdkAppId::new(7).unwrap(), &key());
    let user = UserId::any("jack");
    let sign = |buffer: Option<&[u8]>| match buffer {
        None => signer.sign(&user, 60, UnixSeconds(5)),
        Some(buffer) => signer.sign_with_user_buffer(&user, buffer, 60, UnixSeconds(5)),
    };
    for (buffer, base64) in [
        (None, None),
        (Some(&b""[..]), Some("")),
        (Some(b"abc"), Some("YWJj")),
    ] {
        assert_eq!(
            serde_json::to_value(inspect(sign(buffer).as_str()).unwrap()).unwrap(),
            json!({
                "version": "2.0",
                "identifier": "jack",
                "sdkAppId": 7,
                "time": 5,
                "expire": 60,
                "expiresAt": 65,
                "userBuffer": base64,
            })
        );
    }
}

#[test]
fn an_expiry_beyond_64_bits_is_the_end_of_time() {
    let app = SdkAppId::new(7).unwrap();
    let token =
        UserSigSigner::new(app, &key()).sign(&UserId::any("jack"), u64::MAX, UnixSeconds(9));
    let verifier = UserSigVerifier::new(app, &key());
    let claims = verifier.verify(token.as_str(), "jack", UnixSeconds(u64::MAX - 1));
    assert_eq!(claims.unwrap().expires_at(), UnixSeconds(u64::MAX));
}

#[test]
fn a_token_made_elsewhere_is_escaped_in_a_url() {
    let in_url = |token: &str| {
        let mut url = String::new();
        push_query_value(&mut url, UserSig::from_token(token).as_str());
        url
    };
    assert_eq!(in_url("aA09*-_"), "aA09*-_");
    assert_eq!(in_url("a+b/c=&random=1"), "a%2Bb%2Fc%3D%26random%3D1");
}

#[test]
fn a_signed_token_is_plain_in_a_url() {
    let signer = UserSigSigner::new(SdkAppId::new(1_400_000_000).unwrap(), &key());
    let signed = signer.sign(
        &UserId::new("jack").unwrap(),
        60,
        UnixSeconds(1_700_000_000),
    );
    let mut in_url = String::new();
    push_query_value(&mut in_url, signed.as_str());
    assert_eq!(in_url, signed.as_str());
}
