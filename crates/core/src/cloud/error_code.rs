//! The catalogue of the cloud API's error codes: what each means, what to do, and what a retry does.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::quoted::quoted_inside;
use crate::retry::Effect;

/// The `Code` of a refusal, such as `AuthFailure.SignatureExpire`: a family, and often a member of it.
/// One outside the catalogue is data like any other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
        self.own_entry().or_else(|| self.family_entry())
    }

    /// What stands before the full stop, where the code has no entry of its own and its family has one: what is
    /// known about it then is what the vendor says of the whole family.
    #[must_use]
    pub fn known_by_family(&self) -> Option<&'static str> {
        match self.own_entry() {
            Some(_) => None,
            None => self.family_entry().map(|entry| entry.code),
        }
    }

    fn own_entry(&self) -> Option<&'static CloudErrorCodeEntry> {
        CATALOGUE.iter().find(|entry| entry.code == self.0)
    }

    fn family_entry(&self) -> Option<&'static CloudErrorCodeEntry> {
        CATALOGUE.iter().find(|entry| entry.code == self.family())
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

    /// `…NotExist`, `TaskFinished` and `ResourceNotFound`, but for the application itself.
    pub(super) fn is_gone(&self) -> bool {
        let member = self.0.split_once('.').map_or("", |(_, member)| member);
        let is_gone = match self.family() {
            "FailedOperation" => {
                member.ends_with("NotExist")
                    || member.ends_with("NotFound")
                    || member == "TaskFinished"
            }
            "InternalError" => member == "UserNotExist",
            "ResourceNotFound" => true,
            _ => false,
        };
        is_gone && !member.starts_with("SdkAppId")
    }

    /// What stands before the full stop.
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
        match (self.entry(), self.known_by_family()) {
            (Some(entry), None) => f.write_str(entry.meaning),
            (Some(entry), Some(family)) => {
                write!(f, "{}, as the vendor says of {family}.*", entry.meaning)
            }
            (None, _) => f.write_str("a code this library does not know"),
        }
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
    /// The vendor's page that documents it.
    pub page: &'static str,
    /// What is known about the request's effect.
    pub effect: Effect,
}

/// Common codes of the cloud API, and those of TRTC as a whole.
const COMMON: &str = "https://www.tencentcloud.com/document/api/647/34270#common-error-codes";
const TRTC: &str = "https://www.tencentcloud.com/document/api/647/34270#service-error-codes";

macro_rules! catalogue {
    ($($code:literal $name:literal $effect:ident $page:ident: $meaning:literal; $what_to_do:literal)*) => {
        const CATALOGUE: &[CloudErrorCodeEntry] = &[$(CloudErrorCodeEntry {
            code: $code,
            name: $name,
            meaning: $meaning,
            what_to_do: $what_to_do,
            page: $page,
            effect: Effect::$effect,
        }),*];
    };
}

catalogue! {
    "ActionOffline" "cloud_action_offline" Refused COMMON: "the action is not offered any more";
        "read the action's page"
    "AuthFailure" "cloud_auth_failure" Refused COMMON: "the credential was not accepted";
        "check the SecretId, the SecretKey and its rights"
    "AuthFailure.InvalidAuthorization" "cloud_authorization_invalid" Refused COMMON: "the Authorization header cannot be read";
        "let this library sign, and no proxy change the header"
    "AuthFailure.InvalidSecretId" "cloud_secret_id_invalid" Refused COMMON: "the SecretId is not one of this API";
        "use a SecretId of the cloud account, from access management"
    "AuthFailure.SecretIdNotFound" "cloud_secret_id_not_found" Refused COMMON: "the SecretId does not exist or is disabled";
        "check it in access management, and that the host is the account's site"
    "AuthFailure.SignatureExpire" "cloud_signature_expired" Refused COMMON: "the request's time is more than 5 minutes from the service's";
        "set this machine's clock right"
    "AuthFailure.SignatureFailure" "cloud_signature_wrong" Refused COMMON: "the signature is wrong";
        "check that SecretId and SecretKey belong together, and that no proxy changes body or Host"
    "AuthFailure.TokenFailure" "cloud_token_wrong" Refused COMMON: "the token is wrong or has expired";
        "get a new temporary credential, and use all three parts of it"
    "AuthFailure.UnRealNameAuthenticated" "cloud_identity_not_verified" Refused TRTC: "the cloud account's identity is not verified";
        "verify it in the console"
    "AuthFailure.UnauthorizedOperation" "cloud_unauthorized" Refused COMMON: "the credential has no right to this action";
        "grant it in access management"
    "DryRunOperation" "cloud_dry_run" Refused COMMON: "the request would succeed, and was only tried out";
        "leave out DryRun"
    "FailedOperation" "cloud_operation_failed" Unknown COMMON: "the operation failed";
        "read the message; find out whether it took effect before you repeat it"
    "FailedOperation.NotAbility" "cloud_not_in_package" Refused TRTC: "the application's package lacks this ability";
        "choose a package that has it in the console: stream ingest needs one"
    "FailedOperation.NotAllowed" "cloud_not_allowed" Refused TRTC: "the operation is not allowed";
        "ask the vendor to allow it"
    "FailedOperation.RestrictedConcurrency" "cloud_too_many_tasks" Refused TRTC: "too many tasks go on at once";
        "stop a task, or ask the vendor for more"
    "FailedOperation.RestrictedFrequency" "cloud_rate_limited" None TRTC: "requests come too often";
        "slow down, then send the request again"
    "FailedOperation.RoomNotExist" "cloud_room_not_found" Refused TRTC: "the room does not exist";
        "if it should be gone, nothing; else check the room and its kind, numeric or string"
    "FailedOperation.SdkAppIdNotExist" "cloud_sdk_app_id_not_found" Refused TRTC: "the SDKAppID does not exist";
        "copy the SDKAppID from the console"
    "FailedOperation.SdkAppIdNotUnderAppId" "cloud_sdk_app_id_of_other_account" Refused TRTC: "the SDKAppID is another cloud account's";
        "use an access key of the cloud account that the application belongs to"
    "FailedOperation.TaskExist" "cloud_task_exists" Refused TRTC: "such a task goes on already";
        "stop the other task, or use another robot or room"
    "FailedOperation.TaskFinished" "cloud_task_finished" Refused TRTC: "the task has ended";
        "nothing"
    "FailedOperation.TaskNotExist" "cloud_task_not_found" Refused TRTC: "the task does not exist or has ended";
        "if it should have ended, nothing; else check the task's id"
    "FailedOperation.UserNotExist" "cloud_user_not_found" Refused TRTC: "the user is not in the room";
        "if it should have left, nothing; else check user, room and the room's kind"
    "InternalError" "cloud_internal_error" Unknown COMMON: "internal error";
        "find out whether the request took effect before you repeat it"
    "InternalError.UserNotExist" "cloud_user_not_found" Refused TRTC: "the user is not in the room";
        "if it should have left, nothing; else check user, room and the room's kind"
    "InvalidAction" "cloud_action_invalid" Refused COMMON: "there is no such action";
        "check the action's name and version, and the host"
    "InvalidParameter" "cloud_invalid_parameter" Refused COMMON: "a parameter is wrong";
        "mend the parameter that code and message name"
    "InvalidParameterValue" "cloud_invalid_parameter" Refused COMMON: "a parameter's value is wrong";
        "mend the parameter that code and message name"
    "InvalidRequest" "cloud_invalid_request" Refused COMMON: "the request cannot be read";
        "send a JSON object of the documented form"
    "IpInBlacklist" "cloud_ip_not_allowed" Refused COMMON: "the source address is on the block-list";
        "change the list in access management"
    "IpNotInWhitelist" "cloud_ip_not_allowed" Refused COMMON: "the source address is not on the allow-list";
        "change the list in access management"
    "LimitExceeded" "cloud_quota_exceeded" Refused COMMON: "a quota is used up";
        "raise it in the console"
    "MissingParameter" "cloud_missing_parameter" Refused COMMON: "a parameter is missing";
        "send the parameter that code and message name"
    "NoSuchProduct" "cloud_product_not_found" Refused COMMON: "there is no such product";
        "check the host"
    "NoSuchVersion" "cloud_version_not_found" Refused COMMON: "there is no such version";
        "check X-TC-Version"
    "OperationDenied" "cloud_operation_denied" Refused COMMON: "the operation is denied";
        "read the message"
    "OperationDenied.FreqOverLimit" "cloud_rate_limited" None TRTC: "requests come too often";
        "slow down, then send the request again"
    "RequestLimitExceeded" "cloud_rate_limited" None COMMON: "the action is called too often: 20 requests/s are allowed";
        "slow down, then send the request again"
    "RequestSizeLimitExceeded" "cloud_request_too_large" Refused COMMON: "the request is too large";
        "make it smaller"
    "ResourceInUse" "cloud_resource_in_use" Refused COMMON: "it is in use";
        "stop what uses it first"
    "ResourceInsufficient" "cloud_resource_insufficient" Refused COMMON: "the service has no room for it";
        "try later, or ask the vendor for more"
    "ResourceNotFound" "cloud_not_found" Refused COMMON: "it does not exist";
        "if it should be gone, nothing; else check the id"
    "ResourceUnavailable" "cloud_resource_unavailable" Refused COMMON: "it is not available";
        "try later"
    "ResponseSizeLimitExceeded" "cloud_reply_too_large" Unknown COMMON: "the reply would be too large";
        "find out whether the request took effect before you repeat it"
    "ServiceUnavailable" "cloud_unavailable" Unknown COMMON: "the service is not available now";
        "find out whether the request took effect before you repeat it"
    "UnauthorizedOperation" "cloud_unauthorized" Refused COMMON: "the credential has no right to this";
        "grant it in access management, and check that the application is this account's"
    "UnknownParameter" "cloud_unknown_parameter" Refused COMMON: "a parameter is not known";
        "leave out the parameter that the message names"
    "UnsupportedOperation" "cloud_unsupported" Refused COMMON: "the operation is not supported";
        "check the application's package in the console"
    "UnsupportedOperation.TaskLimit" "cloud_too_many_tasks" Refused TRTC: "too many tasks go on at once";
        "stop a task, or ask the vendor for more"
    "UnsupportedProtocol" "cloud_protocol_unsupported" Refused COMMON: "the protocol is not supported";
        "send a POST over https"
    "UnsupportedRegion" "cloud_region_unsupported" Refused COMMON: "the action is not offered in this region";
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
    fn what_is_known_by_its_family_alone_says_so() {
        let refused = code("UnauthorizedOperation.Later");
        assert_eq!(refused.known_by_family(), Some("UnauthorizedOperation"));
        assert_eq!(refused.effect(), Effect::Refused);
        assert!(
            refused
                .to_string()
                .ends_with("as the vendor says of UnauthorizedOperation.*"),
            "{refused}"
        );
        for own in [
            "UnauthorizedOperation",
            "AuthFailure.SignatureExpire",
            "Later.Code",
        ] {
            assert_eq!(code(own).known_by_family(), None, "{own}");
        }
    }

    #[test]
    fn exactly_the_rate_limits_are_safe_to_retry() {
        let safe: Vec<_> = CATALOGUE
            .iter()
            .filter(|entry| entry.effect == Effect::None)
            .map(|entry| entry.code)
            .collect();
        assert_eq!(
            safe,
            [
                "FailedOperation.RestrictedFrequency",
                "OperationDenied.FreqOverLimit",
                "RequestLimitExceeded"
            ]
        );
    }

    #[test]
    fn gone_is_the_task_the_room_or_the_user_and_never_the_application() {
        for gone in [
            "FailedOperation.TaskNotExist",
            "FailedOperation.RoomNotExist",
            "FailedOperation.UserNotExist",
            "FailedOperation.TaskFinished",
            "InternalError.UserNotExist",
            "ResourceNotFound",
            "ResourceNotFound.Task",
        ] {
            assert!(code(gone).is_gone(), "{gone}");
        }
        for other in [
            "FailedOperation.SdkAppIdNotExist",
            "FailedOperation",
            "FailedOperation.TaskExist",
            "InternalError",
            "InternalError.SSOError",
            "InvalidParameter.TaskNotExist",
            "AuthFailure.SecretIdNotFound",
            "ResourceNotFound.SdkAppId",
        ] {
            assert!(!code(other).is_gone(), "{other}");
        }
    }
}
