//! The catalogue of the service's error codes: what each means, what to do, and what a retry does.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::retry::Effect;

/// The `ErrorCode` of a reply. A code outside the catalogue is data like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorCode(pub i64);

impl ErrorCode {
    /// The application was made in another region.
    pub const OTHER_REGION: ErrorCode = ErrorCode(60026);

    /// The call does not exist, or has ended.
    pub const CALL_NOT_FOUND: ErrorCode = ErrorCode(101_004);

    /// The record does not exist: it is there about 5 s after the call's end. For who lists records, none
    /// matches.
    pub const RECORD_NOT_FOUND: ErrorCode = ErrorCode(101_050);

    /// What is known about the code.
    #[must_use]
    pub fn entry(self) -> Option<&'static ErrorCodeEntry> {
        CATALOGUE.iter().find(|entry| entry.code == self)
    }

    /// A stable string for programs: the entry's name, or `unknown_error_code`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry()
            .map_or("unknown_error_code", |entry| entry.name)
    }

    /// What is known about the effect of the request that was answered so. A code outside the
    /// catalogue says nothing about it.
    #[must_use]
    pub fn effect(self) -> Effect {
        self.entry().map_or(Effect::Unknown, |entry| entry.effect)
    }

    /// Every code this library knows, in ascending order.
    #[must_use]
    pub fn catalogue() -> &'static [ErrorCodeEntry] {
        CATALOGUE
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry() {
            Some(entry) => write!(f, "{}, {}", self.0, entry.meaning),
            None => write!(f, "{}, a code this library does not know", self.0),
        }
    }
}

/// One code of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ErrorCodeEntry {
    /// The code.
    pub code: ErrorCode,
    /// A stable string for programs.
    pub name: &'static str,
    /// What the service says with it.
    pub meaning: &'static str,
    /// What the caller can do.
    pub what_to_do: &'static str,
    /// The vendor's page that documents it.
    pub page: &'static str,
    /// What is known about the request's effect; from it follow whether a retry is safe and whether a
    /// phone can have rung.
    pub effect: Effect,
}

impl ErrorCodeEntry {
    /// Whether the same request may be sent again at once or a little later, whatever the command.
    #[must_use]
    pub fn is_safe_to_retry(&self) -> bool {
        self.effect == Effect::None
    }

    /// Whether a request answered so can have rung a phone. The codes from 100000 to 100999 belong to
    /// the callback configuration, which rings nobody.
    #[must_use]
    pub fn may_have_rung(&self) -> bool {
        self.effect == Effect::Unknown && !(100_000..101_000).contains(&self.code.0)
    }
}

/// The envelope of the call engine's commands.
const GATEWAY: &str = "https://trtc.io/document/68926";
/// The gateway in front of it and its accounts, which it shares with Chat.
const CHAT: &str = "https://trtc.io/document/34348";
/// Accounts, as Chat's commands document them.
const ACCOUNTS: &str = "https://trtc.io/document/34953";
/// The callback configuration.
const CALLBACKS: &str = "https://trtc.io/document/68938";
/// The call engine itself.
const CALLS: &str = "https://trtc.io/document/74505";

macro_rules! catalogue {
    ($($code:literal $name:literal $effect:ident $page:ident: $meaning:literal; $what_to_do:literal)*) => {
        const CATALOGUE: &[ErrorCodeEntry] = &[$(ErrorCodeEntry {
            code: ErrorCode($code),
            name: $name,
            meaning: $meaning,
            what_to_do: $what_to_do,
            page: $page,
            effect: Effect::$effect,
        }),*];
    };
}

catalogue! {
    60002 "http_unparseable" Refused GATEWAY: "the HTTP request or its URL cannot be parsed";
        "mend the request: method POST, the documented path and query"
    60003 "json_unparseable" Refused GATEWAY: "the body is not JSON";
        "send a JSON object, `{}` when there is nothing to say"
    60004 "account_or_signature_invalid" Refused GATEWAY: "the account check failed, or the account or the signature in the URL or the body is wrong";
        "check identifier, UserSig and SDKAppID"
    60005 "account_or_signature_mismatch" Refused GATEWAY: "the account check failed, or the account or the signature in the URL or the body does not match";
        "check identifier, UserSig and SDKAppID"
    60006 "sdk_app_id_invalid" Refused GATEWAY: "the SDKAppID is invalid";
        "copy the SDKAppID from the console, and use the region it was made in"
    60007 "call_frequency_limit" None GATEWAY: "the command is called too often";
        "slow down, then send the request again"
    60008 "service_timeout" Unknown GATEWAY: "the service timed out, or its HTTP format was wrong";
        "find out whether the request took effect before you repeat it"
    60009 "no_such_resource" Refused GATEWAY: "there is no such resource";
        "check the service and command names in the URL"
    60010 "needs_app_admin" Refused GATEWAY: "the account may not call the REST API";
        "use an identifier that the console lists as App admin"
    60011 "app_frequency_limit" None GATEWAY: "the application sends requests too often";
        "slow down, then send the request again"
    60012 "sdk_app_id_missing" Refused GATEWAY: "the SDKAppID is missing";
        "put `sdkappid` into the URL's query"
    60013 "reply_unparseable" Unknown GATEWAY: "the service could not parse its own reply";
        "find out whether the request took effect before you repeat it"
    60014 "account_switching_timeout" None GATEWAY: "checking or switching accounts timed out";
        "send the request again"
    60015 "account_not_a_string" Refused GATEWAY: "an account in the body is not a string";
        "send accounts as JSON strings"
    60016 "sdk_app_id_disabled" Refused GATEWAY: "the SDKAppID is disabled";
        "contact the vendor"
    60017 "request_disabled" Refused GATEWAY: "this request is disabled";
        "contact the vendor"
    60018 "too_frequent" None GATEWAY: "requests come too often";
        "slow down, then send the request again"
    60019 "too_frequent_overall" None GATEWAY: "requests come too often";
        "slow down, then send the request again"
    60020 "package_expired" Refused GATEWAY: "the package has expired";
        "buy or renew the package in the console"
    60021 "ip_not_allowed" Refused GATEWAY: "the source address is not allowed";
        "add this server's address to the console's allow-list"
    60025 "url_parameters_invalid" Refused CHAT: "the parameters in the URL are wrong";
        "mend the URL's query"
    60026 "other_region" Refused CHAT: "the host or the SDKAppID is not of the site that the application was made on";
        "use the region that the application was made in"
    60027 "wrong_product" Refused CHAT: "the application is of another product";
        "use an application of this product"
    60028 "trial_quota_exceeded" Refused CHAT: "the trial's quota for 24 hours is used up";
        "wait until tomorrow, or buy a package in the console"
    70001 "user_sig_expired" Refused GATEWAY: "the UserSig has expired";
        "make a new UserSig, and check this machine's clock"
    70002 "user_sig_empty" Refused GATEWAY: "the UserSig is empty";
        "put a UserSig into the URL's query"
    70003 "user_sig_invalid" Refused GATEWAY: "the UserSig is invalid";
        "check that it arrives whole and escaped: it is often cut by a buffer or a database column"
    70005 "user_sig_wrong_key" Refused GATEWAY: "the UserSig failed verification";
        "sign with the secret key of this very application"
    70009 "user_sig_wrong_app" Refused GATEWAY: "the UserSig failed verification";
        "sign with the secret key of this very application"
    70013 "user_sig_other_user" Refused GATEWAY: "the identifier differs from the one in the UserSig";
        "sign the UserSig for the identifier that the URL names"
    70014 "user_sig_other_app" Refused GATEWAY: "the SDKAppID differs from the one in the UserSig";
        "sign the UserSig for the SDKAppID that the URL names"
    70016 "key_not_found" Refused CHAT: "there is no key to verify the UserSig with";
        "check SDKAppID, key and region: the key does not exist here"
    70020 "sdk_app_id_not_found" Refused CHAT: "the SDKAppID does not exist here";
        "copy the SDKAppID from the console, and use the region it was made in"
    70050 "user_sig_checked_too_often" Refused CHAT: "the UserSig failed verification too often";
        "mend the UserSig, then wait a minute"
    70051 "account_blocked" Refused CHAT: "the account is on the block list";
        "take it off the list, or use another account"
    70052 "user_sig_revoked" Refused GATEWAY: "the UserSig is no longer valid";
        "make a new UserSig: this one was revoked"
    70107 "account_not_found" Refused CHAT: "the account does not exist: it was never imported";
        "import the account, or let the user log in once"
    70169 "account_service_timeout" Unknown CHAT: "the service timed out";
        "find out whether the request took effect before you repeat it"
    70398 "too_many_accounts" Refused ACCOUNTS: "there are more accounts than the package allows";
        "delete accounts, or buy a larger package in the console"
    70402 "account_parameters_invalid" Refused ACCOUNTS: "the parameters are wrong";
        "mend the parameter that ErrorInfo names"
    70403 "account_needs_app_admin" Refused ACCOUNTS: "the request needs an App admin";
        "use an identifier that the console lists as App admin"
    70500 "account_service_internal_error" Unknown ACCOUNTS: "internal error of the service";
        "find out whether the request took effect before you repeat it"
    72000 "feature_not_in_package" Refused CHAT: "the application's package lacks this";
        "read ErrorInfo, and choose a package that has it in the console"
    72002 "feature_not_enabled" Refused CHAT: "this is not enabled for the application";
        "read ErrorInfo, and enable it in the console"
    100_001 "callback_internal_error" Unknown CALLBACKS: "callback configuration: internal error";
        "send the request again"
    100_002 "callback_invalid_parameter" Refused CALLBACKS: "callback configuration: invalid parameter";
        "mend the parameter that ErrorInfo names"
    100_301 "callback_not_configured" Refused CALLBACKS: "callback configuration: there is none";
        "set the callback first"
    101_001 "call_engine_internal_error" Unknown CALLS: "call engine: internal error";
        "for a call, find out whether it rings before you start another; else send the request again"
    101_002 "call_engine_invalid_parameter" Refused CALLS: "call engine: invalid parameter";
        "mend the parameter that ErrorInfo names"
    101_004 "call_not_found" Refused CALLS: "the call does not exist or has ended";
        "if it should have ended, nothing; else check the CallId"
    101_050 "record_not_found" Refused CALLS: "the call record does not exist";
        "wait: a record is there about 5 s after the call's end, and for 7 days"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_ascend_and_names_are_unique() {
        assert!(CATALOGUE.windows(2).all(|pair| pair[0].code < pair[1].code));
        let names: BTreeSet<_> = CATALOGUE.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), CATALOGUE.len());
    }

    #[test]
    fn exactly_the_frequency_limits_and_account_switching_are_safe_to_retry() {
        let safe: Vec<i64> = CATALOGUE
            .iter()
            .filter(|e| e.is_safe_to_retry())
            .map(|e| e.code.0)
            .collect();
        assert_eq!(safe, [60007, 60011, 60014, 60018, 60019]);
    }

    #[test]
    fn a_call_answered_with_these_codes_may_ring() {
        let unknown: Vec<i64> = CATALOGUE
            .iter()
            .filter(|e| e.may_have_rung())
            .map(|e| e.code.0)
            .collect();
        assert_eq!(unknown, [60008, 60013, 70169, 70500, 101_001]);
        assert_eq!(ErrorCode(4711).effect(), Effect::Unknown);
    }
}
