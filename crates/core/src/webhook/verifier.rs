use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::query::{Name, Parameters};
use super::{Event, OptPlatform, WebhookError, WebhookErrorReason as Reason, WebhookToken, parse};
use crate::quoted::quoted;
use crate::{SdkAppId, UnixSeconds};

/// Verifies deliveries to one application.
#[derive(Debug, Clone)]
pub struct WebhookVerifier {
    sdk_app_id: SdkAppId,
    token: WebhookToken,
    tolerance: Duration,
}

/// A delivery: the event, and what the query says about where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// What happened.
    pub event: Event,
    /// The application, where the query names one.
    pub sdk_app_id: Option<SdkAppId>,
    /// Address of the client whose request caused the event (`ClientIP`).
    pub client_ip: Option<String>,
    /// Where that request came from (`OptPlatform`).
    pub platform: Option<OptPlatform>,
    /// When the delivery was signed (`RequestTime`), where it is.
    pub request_time: Option<UnixSeconds>,
    /// All other parameters of the query: those of your own URL, and new ones of the service.
    #[serde(default)]
    pub other_parameters: BTreeMap<String, String>,
}

impl WebhookVerifier {
    /// How far `RequestTime` may be from now, before and after, unless told otherwise.
    pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(300);

    /// Verifies deliveries to the application that are signed with the token.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, token: &WebhookToken) -> WebhookVerifier {
        WebhookVerifier {
            sdk_app_id,
            token: token.clone(),
            tolerance: WebhookVerifier::DEFAULT_TOLERANCE,
        }
    }

    /// How far `RequestTime` may be from now, before and after, in whole seconds. Default: 5 minutes. A
    /// zero takes deliveries of this very second alone.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> WebhookVerifier {
        self.tolerance = tolerance;
        self
    }

    /// Verifies a delivery, and reads it. `query` is what stands behind the `?` in the request's URL, as
    /// it arrived; `body` is the raw body.
    ///
    /// # Errors
    /// If the delivery is for another application, not signed with the token, outside the window of
    /// time, or cannot be read. The body is looked at last.
    pub fn verify(
        &self,
        query: &str,
        body: &[u8],
        now: UnixSeconds,
    ) -> Result<Delivery, WebhookError> {
        delivery(self.verified(query, now)?, body)
    }

    /// Verifies a delivery's query alone, for which the body need not have been read yet.
    ///
    /// # Errors
    /// As [`verify`](Self::verify), but for the body.
    pub fn verify_query(&self, query: &str, now: UnixSeconds) -> Result<(), WebhookError> {
        self.verified(query, now).map(drop)
    }

    fn verified<'a>(
        &self,
        query: &'a str,
        now: UnixSeconds,
    ) -> Result<Parameters<'a>, WebhookError> {
        let parameters = Parameters::parse(query)?;
        check_app(self.sdk_app_id, &parameters, query)?;
        self.check_signature(&parameters, now)?;
        Ok(parameters)
    }

    fn check_signature(
        &self,
        parameters: &Parameters<'_>,
        now: UnixSeconds,
    ) -> Result<(), WebhookError> {
        let fail = |reason, message: String| Err(WebhookError::new(reason, message));
        let (sign, request_time) = (
            parameters.value(Name::Sign),
            parameters.value(Name::RequestTime),
        );
        let (Some(sign), Some(request_time)) = (sign, request_time) else {
            let name = if sign.is_none() {
                "Sign"
            } else {
                "RequestTime"
            };
            return fail(
                Reason::MissingSignature,
                format!(
                    "the query has no {name}: the webhooks' authentication is not switched on in the console, or the service did not send this"
                ),
            );
        };
        if !self.token.is_signature(sign, request_time) {
            return fail(
                Reason::WrongSignature,
                "Sign was not made with this token and RequestTime: the token is another one than the console's, or the service did not send this".to_owned(),
            );
        }
        let Some(signed_at) = whole_number(request_time) else {
            return fail(
                Reason::WrongSignature,
                format!(
                    "RequestTime is {}, not a time in Unix seconds",
                    quoted(request_time)
                ),
            );
        };
        let tolerance = self.tolerance.as_secs();
        let (age, lead) = (
            now.0.saturating_sub(signed_at),
            signed_at.saturating_sub(now.0),
        );
        if age > tolerance {
            return fail(
                Reason::TooOld,
                format!(
                    "RequestTime is {age} s ago, and at most {tolerance} s are allowed: the delivery was replayed or held up, or this clock is fast"
                ),
            );
        }
        if lead > tolerance {
            let hint = if now.0.abs_diff(signed_at / 1000) <= tolerance {
                "; it looks like milliseconds, where seconds are documented"
            } else {
                ""
            };
            return fail(
                Reason::TooEarly,
                format!(
                    "RequestTime is {lead} s ahead, and at most {tolerance} s are allowed: this clock is slow{hint}"
                ),
            );
        }
        Ok(())
    }
}

/// Reads a delivery to an application **whose webhooks are not signed**: checks that `SdkAppid` is this
/// application, and nothing else. Anybody who knows the URL can send such a delivery: keep the URL
/// secret, and confirm with the service what matters.
///
/// # Errors
/// If it is for another application or cannot be read.
pub fn parse_unsigned(
    sdk_app_id: SdkAppId,
    query: &str,
    body: &[u8],
) -> Result<Delivery, WebhookError> {
    let parameters = Parameters::parse(query)?;
    check_app(sdk_app_id, &parameters, query)?;
    delivery(parameters, body)
}

/// Reads a delivery. **Verifies nothing**: neither the application nor who sent it.
///
/// # Errors
/// If it cannot be read.
pub fn parse_unverified(query: &str, body: &[u8]) -> Result<Delivery, WebhookError> {
    delivery(Parameters::parse(query)?, body)
}

/// Reads a delivery's body, such as a saved one. **Verifies nothing.** The body itself must name the
/// command.
///
/// # Errors
/// If it cannot be read.
pub fn parse_body_unverified(body: &[u8]) -> Result<Event, WebhookError> {
    parse::event(None, body)
}

fn check_app(own: SdkAppId, parameters: &Parameters<'_>, query: &str) -> Result<(), WebhookError> {
    let message = match parameters.value(Name::SdkAppId) {
        Some(found) if found.parse() == Ok(own) => return Ok(()),
        Some(found) => format!("the delivery is for SDKAppID {}, not {own}", quoted(found)),
        None if query.is_empty() => {
            "the query has no SdkAppid, for there is none: hand in the request's raw query, beside the body; webhooks about streams, which have none, have a verifier of their own".to_owned()
        }
        None if query.split(':').any(|part| part.starts_with("//")) => {
            "the query has no SdkAppid: hand in what stands behind the `?`, not the whole URL"
                .to_owned()
        }
        None => {
            "the query has no SdkAppid: hand in the request's raw query, beside the body".to_owned()
        }
    };
    Err(WebhookError::new(Reason::OtherApp, message))
}

fn delivery(parameters: Parameters<'_>, body: &[u8]) -> Result<Delivery, WebhookError> {
    let request_time = parameters.value(Name::RequestTime);
    Ok(Delivery {
        event: parse::event(parameters.value(Name::Command), body)?,
        sdk_app_id: parameters
            .value(Name::SdkAppId)
            .and_then(|id| id.parse().ok()),
        client_ip: parameters.value(Name::ClientIp).map(str::to_owned),
        platform: parameters.value(Name::Platform).map(OptPlatform::from),
        request_time: request_time.and_then(whole_number).map(UnixSeconds),
        other_parameters: parameters.others,
    })
}

/// Digits alone: `parse` would take a sign.
fn whole_number(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}
