//! `POST /v4/call_engine_http_srv/get_call_info`
//!
//! Tells who is in a call and who is being rung.
//! <https://trtc.io/document/68932>

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{MediaType, SERVICE};
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, required_payload};
use crate::input::{FromInput, Given, Properties};
use crate::wire::{Items, Name, Said, Text, open_enum, read_any_word};
use crate::{CallId, ReportedRoom, UserId, stored};

/// Asks about one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    call_id: CallId,
}

impl Request {
    /// Asks about the call of that name.
    #[must_use]
    pub fn new(call_id: impl Into<CallId>) -> Request {
        let call_id = call_id.into();
        Request { call_id }
    }
}

/// A call that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// The call's name.
    #[serde(deserialize_with = "stored::text")]
    pub call_id: CallId,
    /// Audio or video.
    #[serde(deserialize_with = "stored::text")]
    pub media_type: MediaType,
    /// The Chat group the call belongs to, if any.
    pub chat_group_id: Option<String>,
    /// The room, if it has one.
    pub room: Option<ReportedRoom>,
    /// Who is in the call or being rung.
    pub members: Vec<Member>,
}

/// One user of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Member {
    /// The user.
    #[serde(deserialize_with = "stored::text")]
    pub user_id: UserId,
    /// In the call, or being rung.
    pub status: MemberStatus,
}

impl Member {
    /// That `user_id` has got so far.
    #[must_use]
    pub fn new(user_id: UserId, status: MemberStatus) -> Member {
        Member { user_id, status }
    }
}

open_enum! {
    /// How far a user has got in a call.
    MemberStatus {
        /// In the call.
        Calling = "Calling",
        /// Being rung.
        Waiting = "Waiting",
    }
}

read_any_word!(MemberStatus);

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireResponse<'a> {
    #[serde(borrow)]
    call_info: WireCallInfo<'a>,
    user_list: Items<WireMember>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireCallInfo<'a> {
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    call_id: Name,
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    media_type: Said<Text>,
    #[cfg_attr(feature = "openapi", schemars(with = "Option<String>"))]
    chat_group_id: Said<Text>,
    #[serde(borrow)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Text>"))]
    room_id: Option<&'a RawValue>,
    #[serde(borrow)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<crate::wire::Integer>"))]
    room_id_type: Option<&'a RawValue>,
}

// One of a `UserList`, which webhooks have too. (A documentation comment would be published with the schema.)
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub(crate) struct WireMember {
    #[serde(rename = "User_Account")]
    user_id: Text,
    #[serde(rename = "Status")]
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    status: Said<Text>,
}

impl From<WireMember> for Member {
    fn from(wire: WireMember) -> Member {
        Member {
            user_id: wire.user_id.into(),
            status: wire.status.or_empty(),
        }
    }
}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "get_call_info",
        repeat: Repeat::Harmless,
        vendor_page: 68932,
        fields: &["CallId"],
    };

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        let WireResponse {
            call_info: info,
            user_list,
        } = required_payload(payload)?;
        Ok(Response {
            call_id: info.call_id.into(),
            media_type: info.media_type.or_empty(),
            chat_group_id: said(info.chat_group_id),
            room: ReportedRoom::read(info.room_id, info.room_id_type),
            members: user_list.map(Member::from),
        })
    }
}

/// `{ callId }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        input.required("callId", Given::call_id).map(Request::new)
    }
}

/// The name of a group, which is empty where there is none.
pub(crate) fn said(chat_group_id: Said<Text>) -> Option<String> {
    let Text(id) = chat_group_id.0?;
    (!id.is_empty()).then_some(id)
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

    #[test]
    fn a_call_and_its_members_are_read() {
        let body = br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{
            "CallInfo":{"CallId":"c","MediaType":"Video","ChatGroupId":"","RoomId":"123","RoomIdType":2},
            "UserList":[{"User_Account":"robot","Status":"Calling"},{"User_Account":7,"Status":"Waiting"},
            {"User_Account":"x","Status":"Floating"}]}}"#;
        let call = Request::parse(200, body).unwrap().response;
        assert_eq!(call.room, Some(crate::RoomId::text("123").unwrap().into()));
        assert_eq!(call.chat_group_id, None);
        let status: Vec<_> = call
            .members
            .iter()
            .map(|member| member.status.as_str())
            .collect();
        assert_eq!(status, ["Calling", "Waiting", "Floating"]);
        assert_eq!(call.members[1].status, MemberStatus::Waiting);
        assert_eq!(call.members[1].user_id.as_str(), "7");
    }

    #[test]
    fn a_reply_without_payload_is_an_error() {
        let body = br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;
        assert!(
            Request::parse(200, body)
                .unwrap_err()
                .to_string()
                .contains("missing")
        );
    }
}
