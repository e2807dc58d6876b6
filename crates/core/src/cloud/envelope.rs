//! `{"Response": {…, "RequestId"}}`, or with `Error` in it.

use std::borrow::Cow;

use super::{CloudError, CloudErrorCode};
use crate::endpoint::{PayloadError, find_request_id};
use crate::error::not_json;
use crate::http_status;
use crate::wire::text_of;
use crate::{Error, Json, ParseError, ParseErrorKind};

/// The members of a reply's `Response`.
pub struct CloudResponse<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> CloudResponse<'a> {
    /// The members of an object.
    fn read(name: &str, json: Json<'a>) -> Result<CloudResponse<'a>, PayloadError> {
        let Some(members) = json.members() else {
            return Err(PayloadError::new(
                ["`", name, "` is not an object"].concat(),
            ));
        };
        let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        match names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b) {
            None => Ok(CloudResponse(members)),
            Some((twice, _)) => Err(PayloadError::new(
                ["`", twice, "` stands there twice"].concat(),
            )),
        }
    }

    /// The member of that name; `null` counts as missing.
    fn get(&self, name: &str) -> Option<Json<'a>> {
        let (_, value) = self.0.iter().find(|(other, _)| other == name)?;
        Some(*value).filter(|value| !value.is_null())
    }

    fn optional_text(&self, name: &str) -> Result<Option<String>, PayloadError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match text_of(value) {
            Some(text) => Ok(Some(text)),
            None => Err(PayloadError::new(
                ["`", name, "` must be a string"].concat(),
            )),
        }
    }

    /// A word or a name, also where a number stands for it.
    ///
    /// # Errors
    /// If it is missing, or neither a string nor an integer.
    pub fn text(&self, name: &str) -> Result<String, PayloadError> {
        match self.optional_text(name)? {
            Some(text) => Ok(text),
            None => Err(PayloadError::new(["`", name, "` is missing"].concat())),
        }
    }
}

/// The request id and the members of a reply that reports success.
pub(super) fn read(status: u16, body: &[u8]) -> Result<(String, CloudResponse<'_>), Error> {
    let fail = |kind, message: String| {
        let request_id = find_request_id(body);
        Error::from(ParseError::new(kind, status, request_id, message, body))
    };
    if status != 200 {
        return Err(fail(
            ParseErrorKind::HttpStatus,
            http_status::message(status),
        ));
    }
    // Told apart for the message's sake: what is no JSON is a broken transfer or a proxy's page.
    let json = Json::parse_bytes(body)
        .map_err(|error| fail(ParseErrorKind::NotJson, not_json(body, error)))?;
    match success_or_refusal(json) {
        Ok(Ok(success)) => Ok(success),
        Ok(Err(refusal)) => Err(Error::from(Box::new(refusal))),
        Err(error) => Err(fail(ParseErrorKind::Envelope, error.into_message())),
    }
}

type Success<'a> = (String, CloudResponse<'a>);

fn success_or_refusal(json: Json<'_>) -> Result<Result<Success<'_>, CloudError>, PayloadError> {
    let reply = CloudResponse::read("the reply", json)?;
    let Some(response) = reply.get("Response") else {
        return Err(PayloadError::new("`Response` is missing"));
    };
    let response = CloudResponse::read("Response", response)?;
    let request_id = response.optional_text("RequestId");
    // A refusal stands whatever else the reply holds or lacks; a success must be complete.
    if let Some(error) = response.get("Error") {
        let error = CloudResponse::read("Error", error)?;
        return Ok(Err(CloudError {
            code: CloudErrorCode::from(error.text("Code")?.as_str()),
            message: error.optional_text("Message")?.unwrap_or_default(),
            request_id: request_id.unwrap_or_default(),
            body: json.as_str().to_owned(),
            clock_skew: None,
        }));
    }
    match request_id? {
        Some(request_id) => Ok(Ok((request_id, response))),
        None => Err(PayloadError::new("`RequestId` is missing")),
    }
}
