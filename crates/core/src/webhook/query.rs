//! The query of a delivery, read by hand: form decoders take bad escapes and repeated names, which would let readers
//! differ about what was signed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{WebhookError, WebhookErrorReason as Reason};
use crate::wire::{open_enum, read_any_word};

open_enum! {
    /// Where the request that caused an event came from (<https://trtc.io/document/34354>).
    OptPlatform {
        /// A server, by the REST API.
        RestApi = "RESTAPI",
        /// A browser.
        Web = "Web",
        /// An Android phone.
        Android = "Android",
        /// An iPhone.
        Ios = "iOS",
        /// A Windows computer.
        Windows = "Windows",
        /// A Mac.
        MacOs = "macOS" | "Mac",
        /// An iPad.
        IPad = "iPad",
        /// The service does not know. (Not to be confused with a word this library does not know.)
        NotKnown = "Unknown",
    }
}

read_any_word!(OptPlatform);

/// Far above the service's parameters and a long URL of your own.
const MAX_QUERY_BYTES: usize = 16 * 1024;

/// The parameters of a query, decoded.
#[derive(Debug, Default)]
pub(super) struct Parameters<'a> {
    /// The service's, each in the place of its [`Name`].
    own: [Option<Cow<'a, str>>; NAMES.len()],
    /// Those of the receiver's own URL, and new ones of the service.
    pub(super) others: BTreeMap<String, String>,
}

/// The service's parameters that matter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    SdkAppId,
    Command,
    ClientIp,
    Platform,
    Sign,
    RequestTime,
}

/// In the order of [`Name`].
const NAMES: [&str; 6] = [
    "SdkAppid",
    "CallbackCommand",
    "ClientIP",
    "OptPlatform",
    "Sign",
    "RequestTime",
];

impl<'a> Parameters<'a> {
    /// Reads what stands behind the `?` of a request's URL; a leading `?` is skipped.
    pub(super) fn parse(query: &'a str) -> Result<Parameters<'a>, WebhookError> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(WebhookError::new(
                Reason::BadQuery,
                format!("the query has more than {MAX_QUERY_BYTES} bytes"),
            ));
        }
        let query = query.strip_prefix('?').unwrap_or(query);
        let mut parameters = Parameters::default();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            parameters.add(name, value)?;
        }
        Ok(parameters)
    }

    fn add(&mut self, name: &'a str, value: &'a str) -> Result<(), WebhookError> {
        let name = decode(name).unwrap_or(Cow::Borrowed(name));
        if name.eq_ignore_ascii_case("contenttype") {
            return Ok(()); // Always json.
        }
        let Some(slot) = self.slot(&name) else {
            // What is not the service's is nobody's business here; the first of its name is kept.
            let value = decode(value).unwrap_or(Cow::Borrowed(value)).into_owned();
            self.others.entry(name.into_owned()).or_insert(value);
            return Ok(());
        };
        let Some(value) = decode(value) else {
            return Err(WebhookError::new(
                Reason::BadQuery,
                format!("the parameter {name} cannot be decoded: hand in the raw query"),
            ));
        };
        if slot.replace(value).is_some() {
            return Err(WebhookError::new(
                Reason::DuplicateParameter,
                format!("the parameter {name} stands in the query twice"),
            ));
        }
        Ok(())
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<Cow<'a, str>>> {
        let mut names = NAMES.iter();
        let index = names.position(|known| known.eq_ignore_ascii_case(name))?;
        self.own.get_mut(index)
    }

    /// The value of one of the service's parameters.
    pub(super) fn value(&self, name: Name) -> Option<&str> {
        self.own.get(name as usize)?.as_deref()
    }
}

/// Resolves `%XX` and `+`. `None` for a bad escape and for bytes that are not UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_parameters_are_found_in_any_case_and_others_are_kept() {
        let parameters = Parameters::parse(
            "?tenant=5&SdkAppid=1&callbackcommand=Call.X&ClientIP=%31&OptPlatform=RESTAPI&bad=%zz",
        )
        .unwrap();
        assert_eq!(parameters.value(Name::SdkAppId), Some("1"));
        assert_eq!(parameters.value(Name::Command), Some("Call.X"));
        assert_eq!(parameters.value(Name::ClientIp), Some("1"));
        assert_eq!(parameters.others["tenant"], "5");
        assert_eq!(parameters.others["bad"], "%zz");
        assert_eq!(parameters.value(Name::Sign), None);
    }

    #[test]
    fn a_parameter_that_matters_stands_there_once_and_can_be_decoded() {
        for (query, reason) in [
            ("Sign=a&sign=b", Reason::DuplicateParameter),
            ("SdkAppid=1&SdkAppid=1", Reason::DuplicateParameter),
            ("Sign=%", Reason::BadQuery),
            ("Sign=%zz", Reason::BadQuery),
            ("RequestTime=%ff", Reason::BadQuery),
            (&"a=b&".repeat(5000), Reason::BadQuery),
        ] {
            assert_eq!(Parameters::parse(query).unwrap_err().reason(), reason);
        }
    }
}
