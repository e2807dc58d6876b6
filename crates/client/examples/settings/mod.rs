//! What the examples take from the environment, as the command does.

use std::env;

use trtc_call::{BaseUrl, Client, ClientBuilder, Region, SdkAppId, SecretKey, UserId};

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// `TRTC_SDKAPPID`, `TRTC_SECRET_KEY`, `TRTC_ADMIN`, and `TRTC_REGION` or `TRTC_BASE_URL`.
pub(crate) struct Settings {
    pub(crate) sdk_app_id: SdkAppId,
    pub(crate) secret_key: SecretKey,
    pub(crate) admin: UserId,
    pub(crate) region: Region,
}

impl Settings {
    pub(crate) fn read() -> Result<Settings, BoxError> {
        Ok(Settings {
            sdk_app_id: variable("TRTC_SDKAPPID")?.parse()?,
            secret_key: SecretKey::new(variable("TRTC_SECRET_KEY")?)?,
            admin: UserId::new(variable("TRTC_ADMIN")?)?,
            region: match env::var("TRTC_BASE_URL") {
                Ok(url) => BaseUrl::new(&url)?.into(),
                Err(_) => variable("TRTC_REGION")?.parse()?,
            },
        })
    }

    #[allow(
        dead_code,
        reason = "the example with a transport of its own needs none"
    )]
    pub(crate) fn client(self) -> ClientBuilder {
        Client::builder(self.sdk_app_id, self.secret_key, self.admin, self.region)
    }
}

pub(crate) fn variable(name: &str) -> Result<String, BoxError> {
    env::var(name).map_err(|_| format!("set {name}").into())
}
