//! What all commands of the REST API have in common: the URL, the envelope, and what a repeat does.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use trtc_call_json::Json;

use crate::error::not_json;
use crate::fields::{FieldError, Fields};
use crate::http::push_query_value;
use crate::http_status;
use crate::{
    Action, Error, ErrorCode, Extra, HttpRequest, InvalidRequest, ParseError, ParseErrorKind,
    Region, RingAttempt, SdkAppId, ServerError, UserId, UserSig, WithExtra, for_each_command,
};

/// One command of the REST API. Its implementors are the requests, one file each.
///
/// Build the HTTP request with [`http_request`](Self::http_request), send it with any client, and
/// hand status and body to [`parse`](Self::parse).
pub trait Endpoint: Serialize {
    /// What the service answers.
    type Response;

    /// Which command it is.
    const COMMAND: Command;

    /// The body: a JSON object, never empty.
    fn body(&self) -> String {
        trtc_call_json::to_text(self)
    }

    /// For a request that rings phones: whom, and where.
    fn ring_attempt(&self) -> Option<RingAttempt> {
        None
    }

    /// Reads the envelope's `Response`, which some commands leave out.
    ///
    /// # Errors
    /// If it is missing though this command needs it, or does not have the documented form.
    fn read_payload(payload: Option<Json<'_>>) -> Result<Self::Response, PayloadError>;

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

    /// Reads a reply.
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
            Err(error) => Err(envelope.unreadable(status, error, body)),
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
        let mut number = itoa::Buffer::new();
        let mut url = String::with_capacity(512);
        url.extend([
            self.region.base_url(),
            "/v4/",
            command.service,
            "/",
            command.name,
            "?sdkappid=",
            number.format(self.sdk_app_id.get()),
            "&identifier=",
        ]);
        push_query_value(&mut url, self.admin.as_str());
        url.push_str("&usersig=");
        self.user_sig.push_to_query(&mut url);
        url.extend(["&random=", number.format(random), "&contenttype=json"]);
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

/// Why the envelope's `Response` could not be read.
#[derive(Debug)]
pub struct PayloadError(String);

impl PayloadError {
    pub(crate) fn into_message(self) -> String {
        self.0
    }

    pub(crate) fn new(message: impl Into<String>) -> PayloadError {
        PayloadError(message.into())
    }
}

impl From<FieldError> for PayloadError {
    fn from(error: FieldError) -> PayloadError {
        PayloadError(error.message)
    }
}

/// The fields of the `Response` of a command that always has one.
pub(crate) fn required_payload(payload: Option<Json<'_>>) -> Result<Fields<'_>, PayloadError> {
    match optional_payload(payload) {
        Some(fields) => Ok(fields),
        None => Err(PayloadError::new("`Response` is missing")),
    }
}

/// Checks the `Response` of a command that has nothing to say: none, or an object, whatever it holds.
pub(crate) fn nothing_in_payload(payload: Option<Json<'_>>) -> Result<(), PayloadError> {
    match optional_payload(payload) {
        Some(fields) => Ok(fields.check()?),
        None => Ok(()),
    }
}

/// The fields of the `Response` of a command that may leave it out.
pub(crate) fn optional_payload(payload: Option<Json<'_>>) -> Option<Fields<'_>> {
    Some(Fields::of("Response", payload?))
}

/// The envelope of a reply that reports success.
struct Envelope<'a> {
    request_id: String,
    payload: Option<Json<'a>>,
}

/// The envelope's fields, any of which may be missing but the code.
struct WireEnvelope<'a> {
    error_code: i64,
    error_info: Option<Cow<'a, str>>,
    action_status: Option<Cow<'a, str>>,
    request_id: Option<String>,
    response: Option<Json<'a>>,
}

impl<'a> WireEnvelope<'a> {
    fn read(mut fields: Fields<'a>) -> Result<WireEnvelope<'a>, FieldError> {
        let error_code = fields.required("ErrorCode").and_then(Json::integer);
        let error_code = error_code.and_then(|digits| digits.parse().ok());
        if error_code.is_none() {
            fields.wrong_type("ErrorCode", "an integer");
        }
        let envelope = WireEnvelope {
            error_code: error_code.unwrap_or_default(),
            error_info: fields.optional_borrowed("ErrorInfo"),
            action_status: fields.optional_borrowed("ActionStatus"),
            request_id: fields.optional_string("RequestId"),
            response: fields.take("Response"),
        };
        fields.check()?;
        Ok(envelope)
    }
}

impl<'a> Envelope<'a> {
    fn read(status: u16, body: &'a [u8]) -> Result<Envelope<'a>, Error> {
        Envelope::open(status, body).map_err(|refusal| match refusal {
            Refusal::Server(error) => Error::Server(error),
            Refusal::Parse(kind, message) => {
                let request_id = find_request_id(body);
                ParseError::new(kind, status, request_id, message, body).into()
            }
        })
    }

    fn open(status: u16, body: &'a [u8]) -> Result<Envelope<'a>, Refusal> {
        if status != 200 {
            let message = http_status::message(status);
            return Err(Refusal::Parse(ParseErrorKind::HttpStatus, message));
        }
        // Told apart for the message's sake: what is no JSON is a broken transfer or a proxy's page.
        let members = match Json::parse_members(body) {
            Ok(Some(members)) => members,
            Ok(None) => return Err(Refusal::envelope("the reply is not an object")),
            Err(error) => {
                let message = not_json(body, error);
                return Err(Refusal::Parse(ParseErrorKind::NotJson, message));
            }
        };
        let wire = WireEnvelope::read(Fields::of_whole(members))
            .map_err(|error| Refusal::Parse(ParseErrorKind::Envelope, error.message))?;
        // A refusal stands whatever else the envelope lacks; a success must be complete.
        if wire.error_code != 0 {
            let json = Json::parse_bytes(body).unwrap_or(Json::NULL);
            return Err(Refusal::Server(ServerError {
                code: ErrorCode(wire.error_code),
                info: wire.error_info.unwrap_or_default().into_owned(),
                request_id: wire.request_id,
                body: json.as_str().to_owned(),
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
        Err(Refusal::envelope(flaw))
    }

    /// The error that its payload is not as documented.
    fn unreadable(self, status: u16, PayloadError(message): PayloadError, body: &[u8]) -> Error {
        let request_id = Some(self.request_id);
        ParseError::new(ParseErrorKind::Payload, status, request_id, message, body).into()
    }
}

/// Why there is no payload to read.
enum Refusal {
    Server(ServerError),
    Parse(ParseErrorKind, String),
}

impl Refusal {
    fn envelope(message: &str) -> Refusal {
        Refusal::Parse(ParseErrorKind::Envelope, message.to_owned())
    }
}

/// `RequestId` out of a reply that could not be read as a whole.
pub(crate) fn find_request_id(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    if let Ok(json) = Json::parse(&text)
        && let Some(members) = json.members()
    {
        let named = members.into_iter().find(|(name, _)| name == "RequestId");
        if let Some(request_id) = named.and_then(|(_, id)| id.string()) {
            return Some(request_id.into_owned());
        }
    }
    // Between quotes: the name, a colon, the value.
    let mut parts = text.split('"').skip_while(|part| *part != "RequestId");
    parts.next()?;
    let id = parts
        .next()
        .filter(|between| between.trim() == ":")
        .and(parts.next())?;
    parts.next()?;
    (id.len() <= 256 && id.chars().all(|c| c.is_ascii_graphic())).then(|| id.to_owned())
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
