//! A caller of the service that writes its requests by hand, so that neither the library's builders nor
//! the emulator's readers can hide a mistake of the other. Only the UserSig comes from the library.

use trtc_call_core::usersig::UserSigSigner;
use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId};
use trtc_call_emulator::Config;

pub(crate) const SDK_APP_ID: u32 = 1_400_000_001;
pub(crate) const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

pub(crate) const START: &str = "/v4/call_engine_http_srv/start_call_by_robot";
pub(crate) const INFO: &str = "/v4/call_engine_http_srv/get_call_info";
pub(crate) const END: &str = "/v4/call_engine_http_srv/end_call";
pub(crate) const RECORD: &str = "/v4/call_record_http_srv/get_record_by_callid";

pub(crate) fn config() -> Config {
    Config::new(
        SdkAppId::new(SDK_APP_ID).unwrap(),
        SecretKey::new(KEY).unwrap(),
    )
}

/// A UserSig for any application, key and user, valid for an hour from `now`.
pub(crate) fn user_sig(sdk_app_id: u32, key: &str, user: &str, now: u64) -> String {
    let key = SecretKey::new(key).unwrap();
    UserSigSigner::new(SdkAppId::new(sdk_app_id).unwrap(), &key)
        .sign(&UserId::any(user), 3600, UnixSeconds(now))
        .as_str()
        .to_owned()
}

/// A good query of the admin's, its UserSig made at `now`.
pub(crate) fn query(now: u64) -> String {
    let user_sig = user_sig(SDK_APP_ID, KEY, "administrator", now);
    format!(
        "sdkappid={SDK_APP_ID}&identifier=administrator&usersig={user_sig}&random=7&contenttype=json"
    )
}

/// A good body of start_call_by_robot.
pub(crate) fn call_of(callees: &[&str]) -> serde_json::Value {
    serde_json::json!({
        "Robot_Account": "robot",
        "CalleeList_Account": callees,
        "Timeout": 30_000,
        "CallInfo": { "MediaType": "Video", "RoomId": "roomid-test", "RoomIdType": 2 },
    })
}
