//! A caller of the service that writes its requests by hand, so that neither the library's builders nor
//! the emulator's readers can hide a mistake of the other. Only the signatures come from the library.

use serde_json::{Value, json};
use trtc_call_core::tc3::{Credential, Parts, Tc3Signer};
use trtc_call_core::usersig::UserSigSigner;
use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId};
use trtc_call_emulator::Config;

pub(crate) const SDK_APP_ID: u32 = 1_400_000_001;
pub(crate) const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

pub(crate) const START: &str = "/v4/call_engine_http_srv/start_call_by_robot";
pub(crate) const INFO: &str = "/v4/call_engine_http_srv/get_call_info";
pub(crate) const END: &str = "/v4/call_engine_http_srv/end_call";
pub(crate) const RECORD: &str = "/v4/call_record_http_srv/get_record_by_callid";
pub(crate) const LIST: &str = "/v4/call_record_http_srv/get_record_by_filter";
pub(crate) const SET_CALLBACK: &str = "/v4/call_config/set_callback";
pub(crate) const GET_CALLBACK: &str = "/v4/call_config/get_callback";
pub(crate) const DELETE_CALLBACK: &str = "/v4/call_config/delete_callback";

pub(crate) fn config() -> Config {
    let mut config = Config::new(
        SdkAppId::new(SDK_APP_ID).unwrap(),
        SecretKey::new(KEY).unwrap(),
    );
    config.cloud_credentials = vec![credential()];
    config
}

pub(crate) fn credential() -> Credential {
    Credential::new("AKIDTEST", "the cloud account's key").unwrap()
}

/// The headers of a good request to the cloud API, signed at `now`.
pub(crate) fn signed(action: &str, body: &[u8], now: UnixSeconds) -> Vec<(&'static str, String)> {
    signed_by(credential(), action, body, now)
}

pub(crate) fn signed_by(
    credential: Credential,
    action: &str,
    body: &[u8],
    now: UnixSeconds,
) -> Vec<(&'static str, String)> {
    let parts = Parts::new("emulator", action, body).unwrap();
    let parts = parts.region("ap-singapore").unwrap();
    let mut headers = Tc3Signer::new(credential).sign(&parts, now).headers;
    headers.push(("host", "emulator".to_owned()));
    headers
}

/// When the UserSigs of [`start_of`] are made.
const BEGINNING: u64 = 1_700_000_000;

/// A good body of StartStreamIngest, for a string room, with some fields replaced; `null` leaves one out.
pub(crate) fn start_of(with: &Value) -> Value {
    let user = with["UserId"].as_str().unwrap_or("robot");
    let mut body = json!({
        "SdkAppId": SDK_APP_ID,
        "RoomId": "roomid-test",
        "RoomIdType": 1,
        "UserId": user,
        "UserSig": user_sig_for(SDK_APP_ID, KEY, user, 10_000_000, BEGINNING),
        "StreamUrl": "https://media.example/welcome.mp3",
    });
    let fields = body.as_object_mut().unwrap();
    for (name, value) in with.as_object().unwrap() {
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
    body
}

/// A UserSig for any application, key and user, valid for an hour from `now`.
pub(crate) fn user_sig(sdk_app_id: u32, key: &str, user: &str, now: u64) -> String {
    user_sig_for(sdk_app_id, key, user, 3600, now)
}

fn user_sig_for(sdk_app_id: u32, key: &str, user: &str, seconds: u64, now: u64) -> String {
    let key = SecretKey::new(key).unwrap();
    UserSigSigner::new(SdkAppId::new(sdk_app_id).unwrap(), &key)
        .sign(&UserId::any(user), seconds, UnixSeconds(now))
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
