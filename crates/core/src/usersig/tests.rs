//! Round trips, and tokens taken apart by other means than this module's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::json;
use sha2::Sha256;

use super::*;
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
        expire in prop_oneof![any::<u64>(), Just(0), Just(u64::MAX), Just(15_552_000)],
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
