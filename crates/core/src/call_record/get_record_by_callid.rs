//! `POST /v4/call_record_http_srv/get_record_by_callid`
//!
//! Tells what became of one call. The record is there about 5 s after the call's end; before that the
//! service answers 101050.
//! <https://trtc.io/document/68930>

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{CallRecord, SERVICE, WireRecord};
use crate::CallId;
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, required_payload};
use crate::input::{FromInput, Given, Properties};

/// Asks for the record of one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    call_id: CallId,
}

impl Request {
    /// Asks for the record of the call of that name.
    #[must_use]
    pub fn new(call_id: impl Into<CallId>) -> Request {
        let call_id = call_id.into();
        Request { call_id }
    }
}

/// The record of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// What became of the call.
    pub record: CallRecord,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireResponse<'a> {
    #[serde(borrow)]
    call_record: WireRecord<'a>,
}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "get_record_by_callid",
        repeat: Repeat::Harmless,
        vendor_page: 68930,
        fields: &["CallId"],
    };

    fn show<S: Serializer>(response: &Response, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Shown<'a> {
            record: &'a CallRecord,
            was_answered: bool,
        }
        let Response { record } = response;
        let was_answered = record.result.was_answered();
        let shown = Shown {
            record,
            was_answered,
        };
        shown.serialize(serializer)
    }

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        let WireResponse { call_record } = required_payload(payload)?;
        Ok(Response {
            record: call_record.into(),
        })
    }
}

/// `{ callId }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        input.required("callId", Given::call_id).map(Request::new)
    }
}

#[cfg(feature = "openapi")]
impl crate::openapi::OnTheWire for Request {
    fn payload() -> crate::openapi::Payload {
        crate::openapi::Payload::required::<WireResponse<'_>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CallResult, Error, RoomId, UnixSeconds};

    fn parse(record: &str) -> Result<CallRecord, Error> {
        let body = format!(
            r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{{"CallRecord":{record}}}}}"#
        );
        Request::parse(200, body.as_bytes()).map(|reply| reply.response.record)
    }

    #[test]
    fn a_record_is_read_with_its_types() {
        let record = parse(
            r#"{"CallId":"c","Caller_Account":"robot","MediaType":"video","CallType":"SingleCall",
            "StartTime":1700000000,"EndTime":1700000060,"AcceptTime":1700000005,"CallResult":"NormalEnd",
            "CalleeList_Account":["robot",9007199254740993],"RoomId":"123","RoomIdType":"1"}"#,
        )
        .unwrap();
        assert_eq!(record.accept_time, Some(UnixSeconds(1_700_000_005)));
        assert_eq!(record.result, CallResult::NormalEnd);
        assert_eq!(record.media_type, crate::MediaType::Video);
        assert_eq!(record.members[1].as_str(), "9007199254740993");
        assert_eq!(record.room, Some(RoomId::number(123).unwrap().into()));
    }

    #[test]
    fn what_is_unknown_is_kept_and_0_means_never() {
        let record = parse(
            r#"{"CallId":"c","Caller_Account":"robot","MediaType":"Hologram","CallType":"Conference",
            "StartTime":1,"EndTime":2,"AcceptTime":0,"CallResult":7,"CalleeList_Account":[],
            "RoomId":"","RoomIdType":0,"Later":true}"#,
        )
        .unwrap();
        assert_eq!(record.accept_time, None);
        assert_eq!(record.result, CallResult::Unknown("7".to_owned()));
        assert_eq!(record.media_type.as_str(), "Hologram");
        assert_eq!(record.room, None);
    }

    #[test]
    fn a_record_that_is_missing_or_has_no_name_or_two_is_an_error() {
        for record in [
            "null",
            "[]",
            r#"{"CallResult":"NormalEnd"}"#,
            r#"{"CallId":"c","CallId":"c"}"#,
        ] {
            assert!(matches!(parse(record), Err(Error::Parse(_))), "{record}");
        }
    }
}
