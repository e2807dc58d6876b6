//! What the cloud API checks of every request before it looks at the body.

use trtc_call_core::UnixMillis;
use trtc_call_core::tc3::Tc3Verifier;

use super::Refusal;
use crate::{Config, MAX_BODY_BYTES, ReceivedRequest};

const VERSION: &str = "2019-07-22";

/// Checks method, size, signature and version.
#[derive(Debug)]
pub(crate) struct Admission {
    verifier: Tc3Verifier,
}

impl Admission {
    pub(super) fn new(config: &Config) -> Admission {
        Admission {
            verifier: Tc3Verifier::new(config.cloud_credentials.iter().cloned()),
        }
    }

    /// Admits a request that one of the account's credentials signed.
    pub(super) fn check(
        &self,
        request: &ReceivedRequest<'_>,
        now: UnixMillis,
    ) -> Result<(), Refusal> {
        if request.method != "POST" {
            let message = "the method must be POST";
            return Err(Refusal::new("UnsupportedProtocol", message));
        }
        if request.body.len() > MAX_BODY_BYTES {
            let message = format!("the body must be at most {MAX_BODY_BYTES} bytes long");
            return Err(Refusal::new("RequestSizeLimitExceeded", message));
        }
        let headers = request.headers;
        let signer = self.verifier.verify(headers, request.body, now.seconds());
        signer.map_err(|rejection| {
            Refusal::new(rejection.reason().cloud_code(), rejection.to_string())
        })?;
        if request.header("x-tc-version") != Some(VERSION) {
            let message = format!("X-TC-Version: must be {VERSION}");
            return Err(Refusal::new("NoSuchVersion", message));
        }
        if request.header("x-tc-region").is_none_or(str::is_empty) {
            let message = "X-TC-Region: is missing";
            return Err(Refusal::new("MissingParameter.Region", message));
        }
        Ok(())
    }
}
