//! Whatever a user buffer holds, reading it does not panic, and rights that can be granted are granted
//! again in the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::private_map_key::{Grant, PrivateMapKey, inspect};
use trtc_call_core::usersig::UserSigSigner;
use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId};

fuzz_target!(|buffer: &[u8]| {
    let key = SecretKey::new("a key").expect("not empty");
    let read = Grant::from_bytes(buffer);
    // Rights of another user or application than the token's are refused.
    let (app, user) = match &read {
        Ok(grant) => (grant.sdk_app_id, grant.account.clone()),
        Err(_) => (1, UserId::any("jack")),
    };
    let Ok(app) = SdkAppId::new(app) else {
        return;
    };
    let wrapper = UserSigSigner::new(app, &key);
    let token = wrapper.sign_with_user_buffer(&user, buffer, 3600, UnixSeconds(0));
    let inspected = inspect(token.as_str());

    let grant = match read {
        Ok(grant) => grant,
        Err(error) => {
            assert_eq!(inspected.expect_err("no grant").code(), error.code());
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    if buffer.len() < 40_000 {
        assert_eq!(inspected.expect("a grant").grant, grant);
    }
    let room = grant.room.clone();
    let Ok(granted) = PrivateMapKey::new(grant.account.clone(), room, grant.privileges) else {
        return;
    };
    let signer = UserSigSigner::new(app, &key);
    let token = granted.sign(&signer, 0, UnixSeconds(grant.expires_at.into()));
    if let Ok(again) = inspect(token.as_str()) {
        assert_eq!(
            again.grant,
            Grant {
                account_type: 0,
                ..grant
            }
        );
    }
});
