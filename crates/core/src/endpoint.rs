//! What all commands of the REST API have in common: the URL, the envelope, and what a repeat does.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::not_json;
use crate::http::push_query_value;
use crate::http_status;
use crate::wire::{self, FieldError};
use crate::word::display_as_word;
use crate::{
    Action, CallId, Error, ErrorCode, Extra, HttpRequest, InvalidRequest, ParseError,
    ParseErrorKind, Region, RingAttempt, SdkAppId, ServerError, UserId, UserSig, WithExtra,
    for_each_command,
};

/// One command of the REST API. Its implementors are the requests, one file each.
///
/// Build the HTTP request with [`http_request`](Self::http_request), send it with any client, and
/// hand status and body to [`parse`](Self::parse).
pub trait Endpoint: Serialize {
    /// What the service answers.
    type Response: Send;

    /// Which command it is.
    const COMMAND: Command;

    /// The body: a JSON object, never empty.
    fn body(&self) -> String {
        // Requests hold strings, numbers and lists of them, which JSON always has words for.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// For a request that rings phones: whom, and where.
    fn ring_attempt(&self) -> Option<RingAttempt> {
        None
    }

    /// For a request that rings phones: the call that the response names.
    fn call_id(_response: &Self::Response) -> Option<&CallId> {
        None
    }

    /// Reads the envelope's `Response`, which some commands leave out.
    ///
    /// # Errors
    /// If it is missing though this command needs it, or does not have the documented form.
    fn read_payload(payload: Option<&RawValue>) -> Result<Self::Response, PayloadError>;

    /// Serialises a response as shells show it: with what follows from it, such as whether a phone was rung.
    ///
    /// # Errors
    /// The serializer's own.
    fn show<S: Serializer>(response: &Self::Response, serializer: S) -> Result<S::Ok, S::Error>
    where
        Self::Response: Serialize,
    {
        response.serialize(serializer)
    }

    /// The same request with further fields, which this release does not know: they travel as they are.
    ///
    /// # Errors
    /// Those with names that the request has or could have.
    fn with_extra(self, extra: Extra) -> Result<WithExtra<Self>, InvalidRequest>
    where
        Self: Sized,
    {
        WithExtra::new(self, Self::COMMAND.fields, extra)
    }

    /// The request to send. `random` is any 32-bit number, fresh for each request.
    fn http_request(&self, access: &Access<'_>, random: u32) -> HttpRequest {
        HttpRequest::post_json(access.url(Self::COMMAND, random), self.body())
    }

    /// Reads a reply. Of a mock, too: what a test needs is made by `parse(200, body)`.
    ///
    /// ```
    /// use trtc_call_core::{CallId, Endpoint as _, call_engine::start_call_by_robot::Request};
    ///
    /// let body = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"r-1","Response":{"CallId":"c-1"}}"#;
    /// let reply = Request::parse(200, body.as_bytes())?;
    /// assert_eq!(reply.response.call_id.unwrap(), "c-1");
    ///
    /// let busy = r#"{"ErrorCode":60014,"ErrorInfo":"timeout","ActionStatus":"FAIL"}"#;
    /// assert_eq!(Request::parse(200, busy.as_bytes()).unwrap_err().code(), "account_switching_timeout");
    /// # Ok::<(), trtc_call_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Server`] when the service refused, [`Error::Parse`] when the reply is not what the
    /// service documents.
    fn parse(status: u16, body: &[u8]) -> Result<Reply<Self::Response>, Error> {
        let envelope = Envelope::read(status, body)?;
        match Self::read_payload(envelope.payload) {
            Ok(response) => Ok(Reply {
                request_id: envelope.request_id,
                response,
            }),
            Err(PayloadError(message)) => Err(ParseError::new(
                ParseErrorKind::Payload,
                status,
                Some(envelope.request_id),
                message,
                body,
            )
            .into()),
        }
    }
}

/// Names one command: `/v4/{service}/{name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Command {
    /// The service's name, such as `call_engine_http_srv`.
    pub service: &'static str,
    /// The command's name, such as `end_call`.
    pub name: &'static str,
    /// What sending it a second time does.
    pub repeat: Repeat,
    /// Number of the vendor's page: `https://trtc.io/document/{page}`.
    pub vendor_page: u32,
    /// The fields of the request that this library knows, by the service's names.
    pub fields: &'static [&'static str],
}

impl Command {
    /// How many requests the service takes in a second, for each command of an application
    /// (<https://trtc.io/document/68926>). An account may have more.
    pub const REQUESTS_PER_SECOND: u32 = 200;

    /// Every command this library speaks.
    pub const ALL: &'static [Command] = &for_each_command!(command_of());
}

const fn command_of<E: Endpoint>() -> Command {
    E::COMMAND
}

/// What sending a request a second time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// The same as sending it once: reads, `end_call`, the callback configuration.
    Harmless,
    /// Rings the phones again: `start_call_by_robot`, which has no idempotency key.
    RingsAgain,
    /// Starts another stream: `StartStreamIngest`, which has none either.
    StartsAgain,
}

impl Repeat {
    /// What sending the command or action of that name again does. One that this library does not know may ring.
    #[must_use]
    pub fn of_named(name: &str) -> Repeat {
        let commands = Command::ALL.iter();
        let commands = commands.map(|command| (command.name, command.repeat));
        let actions = Action::ALL.iter();
        let actions = actions.map(|action| (action.name, action.repeat));
        let known = commands.chain(actions).find(|(known, _)| *known == name);
        known.map_or(Repeat::RingsAgain, |(_, repeat)| repeat)
    }

    /// A stable string for programs: `harmless`, `rings_again` or `starts_again`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Repeat::Harmless => "harmless",
            Repeat::RingsAgain => "rings_again",
            Repeat::StartsAgain => "starts_again",
        }
    }
}

display_as_word!(Repeat by code);

/// Who sends a request, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// Where the application lives.
    pub region: &'a Region,
    /// The application.
    pub sdk_app_id: SdkAppId,
    /// An App admin account: the only kind that may call the REST API.
    pub admin: &'a UserId,
    /// The admin's UserSig. It may be reused until it expires.
    pub user_sig: &'a UserSig,
}

impl Access<'_> {
    fn url(&self, command: Command, random: u32) -> String {
        let Command { service, name, .. } = command;
        let (base_url, sdk_app_id) = (self.region.base_url(), self.sdk_app_id);
        let mut url = String::with_capacity(512);
        // Writing to a String cannot fail.
        let _ = write!(
            url,
            "{base_url}/v4/{service}/{name}?sdkappid={sdk_app_id}&identifier="
        );
        push_query_value(&mut url, self.admin.as_str());
        url.push_str("&usersig=");
        push_query_value(&mut url, self.user_sig.as_str());
        let _ = write!(url, "&random={random}&contenttype=json");
        url
    }
}

/// What the service answered, with the id that its support asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The service's name for this request: quote it when you ask for support.
    pub request_id: String,
    /// The command's own answer.
    pub response: T,
}

impl<T> Reply<T> {
    /// A reply for tests and mocks. `parse(200, body)` ([`Endpoint::parse`]) makes the response, too.
    pub fn new(request_id: impl Into<String>, response: T) -> Reply<T> {
        Reply {
            request_id: request_id.into(),
            response,
        }
    }
}

/// Why the envelope's `Response` could not be read.
#[derive(Debug)]
pub struct PayloadError(pub(crate) String);

impl PayloadError {
    pub(crate) fn new(message: impl Into<String>) -> PayloadError {
        PayloadError(message.into())
    }
}

impl From<FieldError> for PayloadError {
    fn from(error: FieldError) -> PayloadError {
        PayloadError(error.to_string())
    }
}

/// Reads the `Response` of a command that always has one.
pub(crate) fn required_payload<'a, T: Deserialize<'a>>(
    payload: Option<&'a RawValue>,
) -> Result<T, PayloadError> {
    match optional_payload(payload)? {
        Some(payload) => Ok(payload),
        None => Err(PayloadError::new("`Response` is missing")),
    }
}

/// Checks the `Response` of a command that has nothing to say: none, or an object, whatever it holds.
pub(crate) fn nothing_in_payload(payload: Option<&RawValue>) -> Result<(), PayloadError> {
    #[derive(Deserialize)]
    struct Nothing {}

    optional_payload(payload).map(|_: Option<Nothing>| ())
}

/// Reads the `Response` of a command that may leave it out.
pub(crate) fn optional_payload<'a, T: Deserialize<'a>>(
    payload: Option<&'a RawValue>,
) -> Result<Option<T>, PayloadError> {
    let read = payload.map(|payload| wire::read("Response", payload));
    read.transpose().map_err(PayloadError::from)
}

/// The envelope of a reply that reports success.
struct Envelope<'a> {
    request_id: String,
    payload: Option<&'a RawValue>,
}

/// The envelope's fields, any of which may be missing but the code.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireEnvelope<'a> {
    error_code: i64,
    error_info: Option<String>,
    action_status: Option<String>,
    request_id: Option<String>,
    #[serde(borrow)]
    response: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    fn read(status: u16, body: &'a [u8]) -> Result<Envelope<'a>, Error> {
        let fail = |kind, message: String| {
            let request_id = find_name(body, "RequestId");
            Error::from(ParseError::new(kind, status, request_id, message, body))
        };
        if status != 200 {
            return Err(fail(
                ParseErrorKind::HttpStatus,
                http_status::message(status),
            ));
        }
        // Told apart for the message's sake: what is no JSON is a broken transfer or a proxy's page.
        let json: &RawValue = serde_json::from_slice(body)
            .map_err(|error| fail(ParseErrorKind::NotJson, not_json(body, error)))?;
        let envelope_error = |message: String| fail(ParseErrorKind::Envelope, message);
        if !json.get().starts_with('{') {
            return Err(envelope_error("the reply is not an object".to_owned()));
        }
        let wire: WireEnvelope<'a> =
            wire::read("", json).map_err(|error| envelope_error(error.to_string()))?;
        // A refusal stands whatever else the envelope lacks; a success must be complete.
        if wire.error_code != 0 {
            return Err(Error::Server(ServerError {
                code: ErrorCode(wire.error_code),
                info: wire.error_info.unwrap_or_default(),
                request_id: wire.request_id,
                body: json.get().to_owned(),
                sent_to: None,
            }));
        }
        let flaw = match wire.action_status.as_deref() {
            Some("OK") if wire.error_info.is_none() => "ErrorInfo is missing",
            Some("OK") => match wire.request_id {
                Some(request_id) => {
                    return Ok(Envelope {
                        request_id,
                        payload: wire.response,
                    });
                }
                None => "RequestId is missing",
            },
            Some("FAIL") => "ActionStatus is FAIL though ErrorCode is 0",
            Some(_) => "ActionStatus is neither OK nor FAIL",
            None => "ActionStatus is missing",
        };
        Err(envelope_error(flaw.to_owned()))
    }
}

/// A name such as `RequestId` out of a reply that could not be read as a whole.
pub(crate) fn find_name(body: &[u8], field: &str) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let parts: Vec<&str> = text.split('"').collect();
    // Between quotes: the field, a colon, the name; or behind the colon a number. Neither may be cut off.
    let name = parts.iter().enumerate().find_map(|(index, found)| {
        let value = parts.get(index + 1)?.trim().strip_prefix(':')?;
        if *found != field {
            return None;
        }
        if value.is_empty() {
            return parts.get(index + 3).and(parts.get(index + 2)).copied();
        }
        let (number, _) = value.split_once([',', '}'])?;
        let number = number.trim();
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(number)
    })?;
    let is_name = (1..=256).contains(&name.len()) && name.chars().all(|c| c.is_ascii_graphic());
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_repeat_does_is_known_by_name_and_an_unknown_name_may_ring() {
        for command in Command::ALL {
            assert_eq!(Repeat::of_named(command.name), command.repeat);
        }
        for action in Action::ALL {
            assert_eq!(Repeat::of_named(action.name), action.repeat);
        }
        assert_eq!(Repeat::of_named("StartSomethingElse"), Repeat::RingsAgain);
    }
}
