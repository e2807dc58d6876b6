//! `POST /v4/call_engine_http_srv/get_call_info`
//!
//! Tells who is in a call and who is being rung.
//! <https://trtc.io/document/68932>

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{MediaType, SERVICE};
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, required_payload};
use crate::wire::{IntegerOrText, TextOrInteger, open_enum, reported_room};
use crate::{CallId, RoomId, UserId};

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
    pub fn new(call_id: CallId) -> Request {
        Request { call_id }
    }
}

/// A call that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// The call's name.
    pub call_id: CallId,
    /// Audio or video.
    pub media_type: MediaType,
    /// The Chat group the call belongs to, if any.
    pub chat_group_id: Option<String>,
    /// The room, if it has one.
    pub room: Option<RoomId>,
    /// Who is in the call or being rung.
    pub members: Vec<Member>,
}

/// One user of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Member {
    /// The user.
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

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    call_info: WireCallInfo,
    user_list: Vec<WireMember>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireCallInfo {
    call_id: String,
    media_type: String,
    chat_group_id: Option<String>,
    #[serde(default)]
    room_id: TextOrInteger,
    #[serde(default)]
    room_id_type: IntegerOrText,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct WireMember {
    #[serde(rename = "User_Account")]
    user_id: TextOrInteger,
    #[serde(rename = "Status")]
    status: String,
}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "get_call_info",
        repeat: Repeat::Harmless,
        vendor_page: 68932,
    };

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        let WireResponse {
            call_info,
            user_list,
        } = required_payload(payload)?;
        Ok(Response {
            call_id: CallId::reported(call_info.call_id),
            media_type: call_info.media_type.as_str().into(),
            chat_group_id: call_info.chat_group_id.filter(|id| !id.is_empty()),
            room: reported_room(call_info.room_id, call_info.room_id_type)?,
            members: user_list
                .into_iter()
                .map(|wire| Member {
                    user_id: wire.user_id.into(),
                    status: wire.status.as_str().into(),
                })
                .collect(),
        })
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

    #[test]
    fn a_call_and_its_members_are_read() {
        let body = br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{
            "CallInfo":{"CallId":"c","MediaType":"Video","ChatGroupId":"","RoomId":"123","RoomIdType":2},
            "UserList":[{"User_Account":"robot","Status":"Calling"},{"User_Account":7,"Status":"Waiting"},
            {"User_Account":"x","Status":"Floating"}]}}"#;
        let call = Request::parse(200, body).unwrap().response;
        assert_eq!(call.room, Some(RoomId::text("123").unwrap()));
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
