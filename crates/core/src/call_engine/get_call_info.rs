//! `POST /v4/call_engine_http_srv/get_call_info`
//!
//! Tells who is in a call and who is being rung.
//! <https://trtc.io/document/68932>

use serde::Serialize;

use super::{MediaType, SERVICE};
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, required_payload};
use crate::fields::Fields;
use crate::input::{FromInput, Given, Properties};
use crate::wire::open_enum;
use crate::{CallId, Json, RoomId, UserId};

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

impl Member {
    /// Reads a `UserList`, which webhooks have too.
    pub(crate) fn read_list(users: &mut [Fields<'_>]) -> Vec<Member> {
        let mut members = Vec::new();
        for user in users {
            members.push(Member {
                user_id: user.user_id("User_Account"),
                status: user.text("Status").as_str().into(),
            });
        }
        members
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

    fn read_payload(payload: Option<Json<'_>>) -> Result<Response, PayloadError> {
        let mut fields = required_payload(payload)?;
        let mut info = fields.object("CallInfo");
        let response = Response {
            call_id: CallId::reported(info.string("CallId")),
            media_type: info.string("MediaType").as_str().into(),
            chat_group_id: info
                .optional_string("ChatGroupId")
                .filter(|id| !id.is_empty()),
            room: info.room(),
            members: Member::read_list(&mut fields.objects("UserList")),
        };
        fields.check()?;
        Ok(response)
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
        crate::openapi::Payload::required::<WireResponse>()
    }
}

#[cfg(feature = "openapi")]
#[derive(schemars::JsonSchema)]
#[schemars(rename_all = "PascalCase")]
#[expect(dead_code, reason = "describes what is read")]
struct WireResponse {
    call_info: WireCallInfo,
    user_list: Vec<WireMember>,
}

#[cfg(feature = "openapi")]
#[derive(schemars::JsonSchema)]
#[schemars(rename_all = "PascalCase")]
#[expect(dead_code, reason = "describes what is read")]
struct WireCallInfo {
    call_id: String,
    media_type: String,
    chat_group_id: Option<String>,
    #[schemars(default)]
    room_id: crate::wire::TextOrInteger,
    #[schemars(default)]
    room_id_type: crate::wire::IntegerOrText,
}

#[cfg(feature = "openapi")]
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "describes what is read")]
struct WireMember {
    #[schemars(rename = "User_Account")]
    user_id: crate::wire::TextOrInteger,
    #[schemars(rename = "Status")]
    status: String,
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
