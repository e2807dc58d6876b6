//! `{"Response": {…, "RequestId"}}`, or with `Error` in it.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{CloudError, CloudErrorCode};
use crate::endpoint::{PayloadError, find_name};
use crate::error::not_json;
use crate::http_status;
use crate::wire::{self, FieldError, FieldErrorKind, Text};
use crate::{Error, ParseError, ParseErrorKind};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireReply<'a> {
    #[serde(borrow)]
    response: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse<'a> {
    error: Option<WireError>,
    #[serde(borrow)]
    request_id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireError {
    code: Text,
    message: Option<Text>,
}

/// The request id and the `Response` of a reply that reports success.
pub(super) fn read(status: u16, body: &[u8]) -> Result<(String, &RawValue), Error> {
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
    match success_or_refusal(json) {
        Ok(Ok(success)) => Ok(success),
        Ok(Err(refusal)) => Err(Error::from(Box::new(refusal))),
        Err(error) => {
            let PayloadError(message) = error.into();
            Err(fail(ParseErrorKind::Envelope, message))
        }
    }
}

type Success<'a> = (String, &'a RawValue);

fn success_or_refusal(json: &RawValue) -> Result<Result<Success<'_>, CloudError>, FieldError> {
    let WireReply { response } = wire::read("the reply", json)?;
    if !response.get().starts_with('{') {
        return Err(FieldError::expected_at("Response", "an object"));
    }
    // No name stands there twice, whatever action it was that reads it.
    let (wire, _): (WireResponse<'_>, _) = wire::read_and_keep(response)?;
    let request_id = wire.request_id.map(|id| wire::read("RequestId", id));
    let request_id = request_id.transpose().map(|id| id.map(|Text(id)| id));
    // A refusal stands whatever else the reply holds or lacks; a success must be complete.
    if let Some(WireError { code, message }) = wire.error {
        return Ok(Err(CloudError {
            code: CloudErrorCode::from(code.0.as_str()),
            message: message.map(|Text(message)| message).unwrap_or_default(),
            request_id: request_id.unwrap_or_default(),
            body: json.get().to_owned(),
            clock_skew: None,
        }));
    }
    match request_id? {
        Some(request_id) => Ok(Ok((request_id, response))),
        None => Err(FieldError::new(FieldErrorKind::Missing, "RequestId")),
    }
}
