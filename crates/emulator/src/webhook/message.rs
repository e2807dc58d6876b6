//! What a webhook says.

use serde_json::{Value, json};

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
pub(super) fn body(call: &Call, subject: &Subject, at: UnixMillis) -> Value {
    let command = subject.command();
    match subject {
        Subject::Started => json!({
            "CallbackCommand": command,
            "CallInfo": wire::call_info(call),
            "UserList": wire::user_list(call),
            "EventTime": at,
        }),
        Subject::Acted { index, act } => {
            let user = call.callees.get(*index).map(|callee| &callee.user);
            json!({
                "CallbackCommand": command,
                "CallId": call.call_id,
                "UserList": wire::user_list(call),
                "ChangedUserList": [{ "User_Account": user, "ActionType": action_type(*act) }],
                "EventTime": at,
            })
        }
        Subject::Ended => json!({
            "CallbackCommand": command,
            "CallRecord": wire::call_record(call),
            "EventTime": at,
        }),
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
