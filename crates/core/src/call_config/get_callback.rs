//! `POST /v4/call_config/get_callback`
//!
//! Tells where webhooks go and which are sent. Without a configuration the service answers 100301: see
//! [`if_configured`](super::if_configured).
//! <https://trtc.io/document/68937>

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::SERVICE;
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, required_payload};
use crate::input::{FromInput, Properties};
use crate::webhook::CallbackCommand;
use crate::wire::List;

/// Asks for the callback configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Request {}

impl Request {
    /// Asks for the callback configuration.
    #[must_use]
    pub fn new() -> Request {
        Request {}
    }
}

/// The callback configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// Where webhooks go, as the service reports it.
    pub url: String,
    /// Which are sent. What this library does not know is kept.
    pub commands: Vec<CallbackCommand>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    url: String,
    callback_command_list: List<String>,
}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "get_callback",
        repeat: Repeat::Harmless,
        vendor_page: 68937,
        fields: &[],
    };

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        let WireResponse {
            url,
            callback_command_list: commands,
        } = required_payload(payload)?;
        Ok(Response {
            url,
            commands: commands.map(|word| word.as_str().into()),
        })
    }
}

/// `{}`
impl FromInput for Request {
    fn from_input(_: &mut Properties<'_>) -> Option<Request> {
        Some(Request::new())
    }
}

#[cfg(feature = "openapi")]
impl crate::openapi::OnTheWire for Request {
    fn payload() -> crate::openapi::Payload {
        crate::openapi::Payload::required::<WireResponse>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(response: &str) -> Result<Response, crate::Error> {
        let body = format!(
            r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{response}}}"#
        );
        Request::parse(200, body.as_bytes()).map(|reply| reply.response)
    }

    #[test]
    fn the_request_is_an_empty_object() {
        assert_eq!(Request::new().body(), "{}");
    }

    #[test]
    fn known_commands_are_named_and_unknown_ones_kept() {
        let response = parse(
            r#"{"Url":"ftp://odd","CallbackCommandList":["Call.CallbackAfterEndCall","Live.CallbackAfterStart"]}"#,
        )
        .unwrap();
        assert_eq!(response.url, "ftp://odd");
        assert_eq!(
            response.commands,
            [
                CallbackCommand::AfterEndCall,
                CallbackCommand::Unknown("Live.CallbackAfterStart".to_owned())
            ]
        );
    }

    #[test]
    fn an_incomplete_configuration_is_an_error() {
        for response in [
            "{}",
            "[]",
            r#"{"Url":"https://a"}"#,
            r#"{"Url":5,"CallbackCommandList":[]}"#,
            r#"{"Url":"https://a","CallbackCommandList":"Call.CallbackAfterEndCall"}"#,
            r#"{"Url":"https://a","CallbackCommandList":[5]}"#,
        ] {
            assert!(parse(response).is_err(), "{response}");
        }
    }
}
