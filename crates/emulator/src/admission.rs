//! What the service checks of every request before it looks at the body.

use std::fmt;

use trtc_call_core::UnixMillis;
use trtc_call_core::usersig::{UserSigRejectionReason, UserSigVerifier};

use crate::query;
use crate::reply::Refusal;
use crate::{Config, MAX_BODY_BYTES, ReceivedRequest};

/// Checks method, query, signature and account.
pub(crate) struct Admission {
    sdk_app_id: u32,
    admins: Vec<String>,
    verifier: UserSigVerifier,
}

impl Admission {
    pub(crate) fn new(config: &Config) -> Admission {
        Admission {
            sdk_app_id: config.sdk_app_id.get(),
            admins: config.admins.clone(),
            verifier: UserSigVerifier::new(config.sdk_app_id, &config.secret_key),
        }
    }

    /// Admits a request from an App admin of this application.
    pub(crate) fn check(
        &self,
        request: &ReceivedRequest<'_>,
        now: UnixMillis,
    ) -> Result<(), Refusal> {
        if request.method != "POST" {
            return Err(Refusal::new(60002, "the method must be POST"));
        }
        if request.body.len() > MAX_BODY_BYTES {
            let info = format!("the body must be at most {MAX_BODY_BYTES} bytes long");
            return Err(Refusal::new(60002, info));
        }
        let Some(parameters) = query::parameters(request.query()) else {
            return Err(Refusal::new(60002, "the query cannot be parsed"));
        };
        let parameter = |name| {
            let value = parameters.get(name).map(String::as_str);
            value.filter(|value| !value.is_empty())
        };

        let Some(sdk_app_id) = parameter("sdkappid") else {
            return Err(Refusal::new(60012, "sdkappid: is missing"));
        };
        if whole_number(sdk_app_id) != Some(self.sdk_app_id) {
            return Err(Refusal::new(
                60006,
                "sdkappid: there is no such application",
            ));
        }
        let Some(identifier) = parameter("identifier") else {
            return Err(Refusal::new(60004, "identifier: is missing"));
        };
        let Some(user_sig) = parameter("usersig") else {
            return Err(Refusal::new(70002, "usersig: is empty"));
        };
        let verified = self.verifier.verify(user_sig, identifier, now.seconds());
        if let Err(rejection) = verified {
            let info = format!("usersig: {rejection}");
            return Err(Refusal::new(code_of(rejection.reason()), info));
        }
        if !self.admins.iter().any(|admin| admin == identifier) {
            return Err(Refusal::new(60010, "identifier: is not an App admin"));
        }
        if parameter("random").and_then(whole_number).is_none() {
            return Err(Refusal::new(
                60002,
                "random: must be a whole number from 0 to 4294967295",
            ));
        }
        if parameter("contenttype") != Some("json") {
            return Err(Refusal::new(60002, "contenttype: must be json"));
        }
        Ok(())
    }
}

/// Decimal digits alone: `parse` would take a sign too.
pub(crate) fn whole_number(text: &str) -> Option<u32> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = text.parse().ok().filter(|_| is_digits)?;
    u32::try_from(number).ok()
}

/// The service's code for a UserSig that fails. (It has a second one for a wrong key, 70009, whose
/// difference from 70005 is not documented.)
fn code_of(reason: UserSigRejectionReason) -> i64 {
    match reason {
        UserSigRejectionReason::Expired => 70001,
        UserSigRejectionReason::WrongKey => 70005,
        UserSigRejectionReason::OtherUser => 70013,
        UserSigRejectionReason::OtherApp => 70014,
        _ => 70003,
    }
}

/// Without the verifier, which holds the key.
impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission")
            .field("sdk_app_id", &self.sdk_app_id)
            .field("admins", &self.admins)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_digits_within_32_bits() {
        assert_eq!(whole_number("0"), Some(0));
        assert_eq!(whole_number("4294967295"), Some(u32::MAX));
        for text in ["", "4294967296", "+1", "-1", "1.0", "0x1", " 1"] {
            assert_eq!(whole_number(text), None, "{text}");
        }
    }
}
