//! What a webhook says.

use trtc_call_json::JsonText;

use crate::call::Act;
use crate::{Call, UnixMillis, wire};

/// What a webhook is about.
#[derive(Debug)]
pub(crate) enum Subject {
    /// The call was started.
    Started,
    /// A callee did something.
    Acted { index: usize, act: Act },
    /// The call ended.
    Ended,
}

impl Subject {
    pub(super) fn command(&self) -> &'static str {
        match self {
            Subject::Started => "Call.CallbackAfterStartCall",
            Subject::Acted { .. } => "Call.CallbackAfterMemberChanged",
            Subject::Ended => "Call.CallbackAfterEndCall",
        }
    }

    /// `OptPlatform`: the server started the call, a phone answered it, and a timeout is nobody's.
    pub(super) fn platform(&self) -> &'static str {
        match self {
            Subject::Started | Subject::Ended => "RESTAPI",
            Subject::Acted { act, .. } => match act {
                Act::Answer | Act::Reject | Act::HangUp => "Android",
                Act::Drop | Act::TimeOut => "Unknown",
            },
        }
    }
}

/// The body about a call as it stands.
pub(super) fn body(call: &Call, subject: &Subject, at: UnixMillis) -> JsonText {
    let command = subject.command();
    match subject {
        Subject::Started => JsonText::object()
            .with("CallbackCommand", &command)
            .with("CallInfo", &wire::call_info(call))
            .with("UserList", &wire::user_list(call))
            .with("EventTime", &at),
        Subject::Acted { index, act } => {
            let user = call.callees.get(*index).map(|callee| &callee.user);
            JsonText::object()
                .with("CallbackCommand", &command)
                .with("CallId", &call.call_id)
                .with("UserList", &wire::user_list(call))
                .with(
                    "ChangedUserList",
                    &[JsonText::object()
                        .with("User_Account", &user)
                        .with("ActionType", action_type(*act))],
                )
                .with("EventTime", &at)
        }
        Subject::Ended => JsonText::object()
            .with("CallbackCommand", &command)
            .with("CallRecord", &wire::call_record(call))
            .with("EventTime", &at),
    }
}

fn action_type(act: Act) -> &'static str {
    match act {
        Act::Answer => "Answer",
        Act::Reject => "Reject",
        Act::TimeOut => "NotAnswer",
        Act::HangUp => "Hangup",
        Act::Drop => "Offline",
    }
}
