//! The catalogue of the cloud API's error codes: what each means, what to do, and what a retry does.

use std::fmt;

use serde::Serialize;

use crate::quoted::quoted_inside;
use crate::retry::Effect;

/// The `Code` of a refusal, such as `AuthFailure.SignatureExpire`: a family, and often a member of it.
/// One outside the catalogue is data like any other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CloudErrorCode(String);

impl CloudErrorCode {
    pub(super) const SIGNATURE_EXPIRE: &'static str = "AuthFailure.SignatureExpire";

    /// The service's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is known about the code: its own entry, or that of its family.
    #[must_use]
    pub fn entry(&self) -> Option<&'static CloudErrorCodeEntry> {
        let find = |wanted: &str| CATALOGUE.iter().find(|entry| entry.code == wanted);
        find(&self.0).or_else(|| find(self.family()))
    }

    /// A stable string for programs: the entry's name, or `cloud_error`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.entry().map_or("cloud_error", |entry| entry.name)
    }

    /// What is known about the effect of the request that was answered so. A code outside the
    /// catalogue says nothing about it.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.entry().map_or(Effect::Unknown, |entry| entry.effect)
    }

    /// Every code and family this library knows.
    #[must_use]
    pub fn catalogue() -> &'static [CloudErrorCodeEntry] {
        CATALOGUE
    }

    /// `…NotExist` and `ResourceNotFound`, but for the application itself.
    pub(super) fn is_gone(&self) -> bool {
        let member = self.0.split_once('.').map_or("", |(_, member)| member);
        let is_gone = match self.family() {
            "FailedOperation" => member.ends_with("NotExist") || member.ends_with("NotFound"),
            "ResourceNotFound" => true,
            _ => false,
        };
        is_gone && !member.starts_with("SdkAppId")
    }

    fn family(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

impl From<&str> for CloudErrorCode {
    fn from(code: &str) -> CloudErrorCode {
        CloudErrorCode(code.to_owned())
    }
}

impl fmt::Display for CloudErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted_inside(&self.0))?;
        f.write_str(", ")?;
        f.write_str(match self.entry() {
            Some(entry) => entry.meaning,
            None => "a code this library does not know",
        })
    }
}

/// One code, or one family of codes, of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CloudErrorCodeEntry {
    /// The code, or what stands before the full stop in all codes of the family.
    pub code: &'static str,
    /// A stable string for programs.
    pub name: &'static str,
    /// What the service says with it.
    pub meaning: &'static str,
    /// What the caller can do.
    pub what_to_do: &'static str,
    /// What is known about the request's effect.
    pub effect: Effect,
}

macro_rules! catalogue {
    ($($code:literal $name:literal $effect:ident: $meaning:literal; $what_to_do:literal)*) => {
        const CATALOGUE: &[CloudErrorCodeEntry] = &[$(CloudErrorCodeEntry {
            code: $code,
            name: $name,
            meaning: $meaning,
            what_to_do: $what_to_do,
            effect: Effect::$effect,
        }),*];
    };
}

// Meanings after <https://www.tencentcloud.com/document/api/647/34267>.
catalogue! {
    "AuthFailure" "cloud_auth_failure" Refused: "the credential was not accepted";
        "check the SecretId, the SecretKey and its rights"
    "AuthFailure.InvalidAuthorization" "cloud_authorization_invalid" Refused: "the Authorization header cannot be read";
        "let this library sign, and no proxy change the header"
    "AuthFailure.InvalidSecretId" "cloud_secret_id_invalid" Refused: "the SecretId is not one of this API";
        "use a SecretId of the cloud account, from access management"
    "AuthFailure.SecretIdNotFound" "cloud_secret_id_not_found" Refused: "the SecretId does not exist or is disabled";
        "check it in access management, and that the host is the account's site"
    "AuthFailure.SignatureExpire" "cloud_signature_expired" Refused: "the request's time is more than 5 minutes from the service's";
        "set this machine's clock right"
    "AuthFailure.SignatureFailure" "cloud_signature_wrong" Refused: "the signature is wrong";
        "check that SecretId and SecretKey belong together, and that no proxy changes body or Host"
    "AuthFailure.TokenFailure" "cloud_token_wrong" Refused: "the token is wrong or has expired";
        "get a new temporary credential, and use all three parts of it"
    "AuthFailure.UnauthorizedOperation" "cloud_unauthorized" Refused: "the credential has no right to this action";
        "grant it in access management"
    "FailedOperation" "cloud_operation_failed" Unknown: "the operation failed";
        "read the message; find out whether it took effect before you repeat it"
    "FailedOperation.RoomNotExist" "cloud_room_not_found" Refused: "the room does not exist";
        "if it should be gone, nothing; else check the room and its kind, numeric or string"
    "FailedOperation.SdkAppIdNotExist" "cloud_sdk_app_id_not_found" Refused: "the SDKAppID does not exist";
        "copy the SDKAppID from the console"
    "FailedOperation.TaskExist" "cloud_task_exists" Refused: "such a task goes on already";
        "stop the other task, or use another robot or room"
    "FailedOperation.TaskNotExist" "cloud_task_not_found" Refused: "the task does not exist or has ended";
        "if it should have ended, nothing; else check the task's id"
    "FailedOperation.UserNotExist" "cloud_user_not_found" Refused: "the user is not in the room";
        "if it should have left, nothing; else check user, room and the room's kind"
    "InternalError" "cloud_internal_error" Unknown: "internal error";
        "find out whether the request took effect before you repeat it"
    "InvalidAction" "cloud_action_invalid" Refused: "there is no such action";
        "check the action's name and version, and the host"
    "InvalidParameter" "cloud_invalid_parameter" Refused: "a parameter is wrong";
        "mend the parameter that code and message name"
    "InvalidParameterValue" "cloud_invalid_parameter" Refused: "a parameter's value is wrong";
        "mend the parameter that code and message name"
    "InvalidRequest" "cloud_invalid_request" Refused: "the request cannot be read";
        "send a JSON object of the documented form"
    "IpInBlacklist" "cloud_ip_not_allowed" Refused: "the source address is on the block-list";
        "change the list in access management"
    "IpNotInWhitelist" "cloud_ip_not_allowed" Refused: "the source address is not on the allow-list";
        "change the list in access management"
    "LimitExceeded" "cloud_quota_exceeded" Refused: "a quota is used up";
        "raise it in the console"
    "MissingParameter" "cloud_missing_parameter" Refused: "a parameter is missing";
        "send the parameter that code and message name"
    "RequestLimitExceeded" "cloud_rate_limited" None: "the action is called too often: 20 requests/s are allowed";
        "slow down, then send the request again"
    "RequestSizeLimitExceeded" "cloud_request_too_large" Refused: "the request is too large";
        "make it smaller"
    "ResourceInsufficient" "cloud_resource_insufficient" Refused: "the service has no room for it";
        "try later, or ask the vendor for more"
    "ResourceNotFound" "cloud_not_found" Refused: "it does not exist";
        "if it should be gone, nothing; else check the id"
    "ServiceUnavailable" "cloud_unavailable" Unknown: "the service is not available now";
        "find out whether the request took effect before you repeat it"
    "UnauthorizedOperation" "cloud_unauthorized" Refused: "the credential has no right to this";
        "grant it in access management, and check that the application is this account's"
    "UnknownParameter" "cloud_unknown_parameter" Refused: "a parameter is not known";
        "leave out the parameter that the message names"
    "UnsupportedOperation" "cloud_unsupported" Refused: "the operation is not supported";
        "check the application's package in the console"
    "UnsupportedRegion" "cloud_region_unsupported" Refused: "the action is not offered in this region";
        "use a region that the action's page lists"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(code: &str) -> CloudErrorCode {
        code.into()
    }

    #[test]
    fn codes_ascend_and_names_say_where_they_come_from() {
        assert!(CATALOGUE.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(
            CATALOGUE
                .iter()
                .all(|entry| entry.name.starts_with("cloud_"))
        );
    }

    #[test]
    fn a_member_that_is_not_listed_has_its_familys_meaning() {
        for (member, name, effect) in [
            (
                "AuthFailure.MFAFailure",
                "cloud_auth_failure",
                Effect::Refused,
            ),
            (
                "AuthFailure.SignatureExpire",
                "cloud_signature_expired",
                Effect::Refused,
            ),
            ("RequestLimitExceeded", "cloud_rate_limited", Effect::None),
            (
                "RequestLimitExceeded.UinLimitExceeded",
                "cloud_rate_limited",
                Effect::None,
            ),
            (
                "InvalidParameter.RoomId",
                "cloud_invalid_parameter",
                Effect::Refused,
            ),
            (
                "MissingParameter.SdkAppId",
                "cloud_missing_parameter",
                Effect::Refused,
            ),
            (
                "FailedOperation.TaskExist",
                "cloud_task_exists",
                Effect::Refused,
            ),
            (
                "FailedOperation.Later",
                "cloud_operation_failed",
                Effect::Unknown,
            ),
            (
                "InternalError.SSOError",
                "cloud_internal_error",
                Effect::Unknown,
            ),
            (
                "ResourceInsufficient.X",
                "cloud_resource_insufficient",
                Effect::Refused,
            ),
            ("Later.Code", "cloud_error", Effect::Unknown),
            ("", "cloud_error", Effect::Unknown),
            ("AuthFailureX", "cloud_error", Effect::Unknown),
        ] {
            assert_eq!(code(member).name(), name, "{member}");
            assert_eq!(code(member).effect(), effect, "{member}");
            assert_eq!(code(member).as_str(), member);
        }
    }

    #[test]
    fn exactly_the_rate_limits_are_safe_to_retry() {
        let safe: Vec<_> = CATALOGUE
            .iter()
            .filter(|entry| entry.effect == Effect::None)
            .map(|entry| entry.code)
            .collect();
        assert_eq!(safe, ["RequestLimitExceeded"]);
    }

    #[test]
    fn gone_is_the_task_the_room_or_the_user_and_never_the_application() {
        for gone in [
            "FailedOperation.TaskNotExist",
            "FailedOperation.RoomNotExist",
            "FailedOperation.UserNotExist",
            "ResourceNotFound",
            "ResourceNotFound.Task",
        ] {
            assert!(code(gone).is_gone(), "{gone}");
        }
        for other in [
            "FailedOperation.SdkAppIdNotExist",
            "FailedOperation",
            "FailedOperation.TaskExist",
            "InvalidParameter.TaskNotExist",
            "AuthFailure.SecretIdNotFound",
            "ResourceNotFound.SdkAppId",
        ] {
            assert!(!code(other).is_gone(), "{other}");
        }
    }
}
