//! What a webhook about a call says.

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::UnixMillis;

use crate::Call;
use crate::call::Act;
use crate::json::json;
use crate::wire::{CallInfo, CallRecord, Member, user_list};

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
pub(super) fn body(call: &Call, subject: &Subject, at: UnixMillis) -> Box<RawValue> {
    json(&Body {
        callback_command: subject.command(),
        news: match subject {
            Subject::Started => News::Started {
                call_info: CallInfo::of(call),
                user_list: user_list(call),
            },
            Subject::Acted { index, act } => News::Acted {
                call_id: &call.call_id,
                user_list: user_list(call),
                changed_user_list: [ChangedUser {
                    user: call.callees.get(*index).map(|callee| &*callee.user),
                    action_type: action_type(*act),
                }],
            },
            Subject::Ended => News::Ended {
                call_record: CallRecord::of(call),
            },
        },
        event_time: at,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    callback_command: &'static str,
    #[serde(flatten)]
    news: News<'a>,
    event_time: UnixMillis,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum News<'a> {
    Started {
        call_info: CallInfo<'a>,
        user_list: Vec<Member<'a>>,
    },
    Acted {
        call_id: &'a str,
        user_list: Vec<Member<'a>>,
        changed_user_list: [ChangedUser<'a>; 1],
    },
    Ended {
        call_record: Option<CallRecord<'a>>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ChangedUser<'a> {
    #[serde(rename = "User_Account")]
    user: Option<&'a str>,
    action_type: &'static str,
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
