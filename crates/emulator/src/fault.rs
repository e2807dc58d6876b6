//! Injected faults: what can go wrong between the service and its caller.

use std::time::Duration;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use trtc_call_core::{CloudErrorCode, ErrorCode};

use crate::clock::milliseconds;
use crate::reply::{self, Refusal};
use crate::{Answer, Cut, cloud};

/// Something that goes wrong with the next requests to the service.
///
/// ```
/// use trtc_call_emulator::{Fault, FaultKind};
///
/// // The phones ring, and nobody learns of it: the case in which a client must not try again.
/// let fault = Fault::new(FaultKind::CutBeforeReply).only("start_call_by_robot");
/// assert!(fault.takes_effect);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// With how many requests.
    pub requests: u32,
    /// The only command or action it concerns, such as `end_call` or `StartStreamIngest`; `None` concerns
    /// all.
    pub command: Option<String>,
    /// Whether the service does what the request asks for all the same: whether phones ring.
    pub takes_effect: bool,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A gateway answers in the service's place, with this HTTP status and a page of HTML.
    HttpStatus(u16),
    /// The reply comes so much later (real time). Without effect, it is 60008 then, or `InternalError`.
    Delay(Duration),
    /// The connection is closed without a reply.
    CutBeforeReply,
    /// The connection is closed in the middle of the reply.
    CutMidReply,
    /// The reply is whole but no JSON.
    MalformedJson,
    /// The service answers with this code. Concerns the commands of the REST API.
    ErrorCode(ErrorCode),
    /// The cloud API answers with this code. Concerns its actions.
    CloudError(CloudErrorCode),
    /// The service answers 60007 or `RequestLimitExceeded`, as if the rate limit were exceeded.
    RateLimit,
}

/// 60007, call frequency over the limit.
pub(crate) const RATE_LIMIT: i64 = 60007;
/// 60008, service timeout.
const SERVICE_TIMEOUT: i64 = 60008;
/// Codes that leave the outcome unknown: service timeout, reply unparseable, internal error.
const OUTCOME_UNKNOWN: [i64; 3] = [SERVICE_TIMEOUT, 60013, 101_001];

/// Codes of the cloud API, and families of them, that say that nothing happened. All others leave the
/// outcome unknown.
const CLOUD_WITHOUT_EFFECT: [&str; 22] = [
    "AuthFailure",
    "FailedOperation.RoomNotExist",
    "FailedOperation.SdkAppIdNotExist",
    "FailedOperation.TaskExist",
    "FailedOperation.TaskNotExist",
    "FailedOperation.UserNotExist",
    "InvalidAction",
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "LimitExceeded",
    "MissingParameter",
    "RequestLimitExceeded",
    "RequestSizeLimitExceeded",
    "ResourceInsufficient",
    "ResourceNotFound",
    "UnauthorizedOperation",
    "UnknownParameter",
    "UnsupportedOperation",
    "UnsupportedRegion",
];

fn is_without_effect(code: &str) -> bool {
    let family = code.split_once('.').map_or(code, |(family, _)| family);
    CLOUD_WITHOUT_EFFECT.contains(&code) || CLOUD_WITHOUT_EFFECT.contains(&family)
}

impl Fault {
    /// A fault of the next request.
    ///
    /// The request takes effect when the fault hits the reply (a delay, a cut, malformed JSON) or is an
    /// error code that leaves the outcome unknown (60008, 60013, 101001, `InternalError`). It has no effect when
    /// something else answered (an HTTP status, another error code, the rate limit).
    /// [`takes_effect`](Self::takes_effect) may be changed.
    #[must_use]
    pub fn new(kind: FaultKind) -> Fault {
        let takes_effect = match &kind {
            FaultKind::Delay(_)
            | FaultKind::CutBeforeReply
            | FaultKind::CutMidReply
            | FaultKind::MalformedJson => true,
            FaultKind::ErrorCode(code) => OUTCOME_UNKNOWN.contains(&code.0),
            FaultKind::CloudError(code) => !is_without_effect(code.as_str()),
            FaultKind::HttpStatus(_) | FaultKind::RateLimit => false,
        };
        Fault {
            kind,
            requests: 1,
            command: None,
            takes_effect,
        }
    }

    /// Concerns so many requests.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Fault {
        self.requests = requests;
        self
    }

    /// Concerns one command or action alone, such as `end_call` or `StartStreamIngest`.
    #[must_use]
    pub fn only(mut self, command: impl Into<String>) -> Fault {
        self.command = Some(command.into());
        self
    }

    /// Says whether the service does what the request asks for all the same.
    #[must_use]
    pub fn takes_effect(mut self, takes_effect: bool) -> Fault {
        self.takes_effect = takes_effect;
        self
    }

    fn concerns(&self, api: Api, command: Option<&str>) -> bool {
        let speaks = match self.kind {
            FaultKind::ErrorCode(_) => api == Api::CallEngine,
            FaultKind::CloudError(_) => api == Api::Cloud,
            _ => true,
        };
        speaks && (self.command.is_none() || self.command.as_deref() == command)
    }
}

/// Which of the two APIs a request is for. They speak of errors differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    CallEngine,
    Cloud,
}

impl Api {
    /// A reply without a payload.
    fn nothing(self, request_id: &str) -> Answer {
        match self {
            Api::CallEngine => reply::answer(request_id, Ok(None)),
            Api::Cloud => cloud::answer(request_id, &Ok(cloud::Reply::default())),
        }
    }

    fn refuse(self, request_id: &str, code: i64, cloud_code: &str) -> Answer {
        match self {
            Api::CallEngine => reply::answer(request_id, Err(Refusal::by_code(code))),
            Api::Cloud => {
                let refusal = cloud::Refusal::new(cloud_code, "an injected error");
                cloud::answer(request_id, &Err(refusal))
            }
        }
    }
}

impl FaultKind {
    /// Spoils the answer to a request, which is `None` if the request had no effect.
    pub(crate) fn spoil(self, api: Api, request_id: &str, served: Option<Answer>) -> Answer {
        let (code, cloud_code) = match &self {
            FaultKind::HttpStatus(status) => return gateway_page(*status),
            FaultKind::ErrorCode(code) => (code.0, cloud::INTERNAL_ERROR),
            FaultKind::CloudError(code) => (SERVICE_TIMEOUT, code.as_str()),
            FaultKind::RateLimit => (RATE_LIMIT, cloud::RATE_LIMIT),
            FaultKind::Delay(delay) => {
                let mut answer = served.unwrap_or_else(|| {
                    api.refuse(request_id, SERVICE_TIMEOUT, cloud::INTERNAL_ERROR)
                });
                answer.delay = *delay;
                return answer;
            }
            FaultKind::CutBeforeReply | FaultKind::CutMidReply | FaultKind::MalformedJson => {
                let mut answer = served.unwrap_or_else(|| api.nothing(request_id));
                answer.error_code = None;
                answer.cloud_error_code = None;
                match self {
                    FaultKind::CutBeforeReply => answer.cut = Cut::BeforeReply,
                    FaultKind::CutMidReply => answer.cut = Cut::MidReply,
                    _ => {
                        // One comma too many: what a lenient parser would take and a strict one must not.
                        answer.body.pop();
                        answer.body.extend_from_slice(b",}");
                    }
                }
                return answer;
            }
        };
        api.refuse(request_id, code, cloud_code)
    }
}

fn gateway_page(status: u16) -> Answer {
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body><h1>{status}</h1></body>\r\n</html>\r\n"
    );
    Answer {
        content_type: "text/html",
        ..Answer::json(status, page.into_bytes())
    }
}

/// The faults to come. Each request meets the first one that concerns it.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        if fault.requests > 0 {
            self.0.push(fault);
        }
    }

    /// The fault that a request for `command` meets; it is used up by one.
    pub(crate) fn take(&mut self, api: Api, command: Option<&str>) -> Option<Fault> {
        let mut faults = self.0.iter();
        let index = faults.position(|fault| fault.concerns(api, command))?;
        let fault = self.0.get_mut(index)?;
        fault.requests -= 1;
        let taken = fault.clone();
        if taken.requests == 0 {
            self.0.remove(index);
        }
        Some(taken)
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The form that the control API takes.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let name = match self.kind {
            FaultKind::HttpStatus(_) => "http_status",
            FaultKind::Delay(_) => "delay",
            FaultKind::CutBeforeReply => "cut_before_reply",
            FaultKind::CutMidReply => "cut_mid_reply",
            FaultKind::MalformedJson => "malformed_json",
            FaultKind::ErrorCode(_) => "error_code",
            FaultKind::CloudError(_) => "cloud_error",
            FaultKind::RateLimit => "rate_limit",
        };
        map.serialize_entry("fault", name)?;
        match &self.kind {
            FaultKind::HttpStatus(status) => map.serialize_entry("status", status)?,
            FaultKind::Delay(delay) => map.serialize_entry("ms", &milliseconds(*delay))?,
            FaultKind::ErrorCode(code) => map.serialize_entry("code", code)?,
            FaultKind::CloudError(code) => map.serialize_entry("code", code.as_str())?,
            _ => {}
        }
        map.serialize_entry("requests", &self.requests)?;
        if let Some(command) = &self.command {
            map.serialize_entry("command", command)?;
        }
        map.serialize_entry("takesEffect", &self.takes_effect)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_meets_the_first_fault_that_concerns_it() {
        let mut faults = Faults::default();
        faults.add(Fault::new(FaultKind::CutMidReply).only("end_call").times(2));
        faults.add(Fault::new(FaultKind::RateLimit));
        faults.add(Fault::new(FaultKind::RateLimit).times(0));
        let mut take = |command| {
            faults
                .take(Api::CallEngine, command)
                .map(|fault| fault.kind)
        };
        assert_eq!(take(Some("end_call")), Some(FaultKind::CutMidReply));
        assert_eq!(take(Some("get_call_info")), Some(FaultKind::RateLimit));
        assert_eq!(take(None), None);
        assert_eq!(take(Some("end_call")), Some(FaultKind::CutMidReply));
        assert_eq!(take(Some("end_call")), None);
        assert!(faults.all().is_empty());
    }

    #[test]
    fn a_malformed_reply_is_no_json() {
        for api in [Api::CallEngine, Api::Cloud] {
            let answer = FaultKind::MalformedJson.spoil(api, "Id-1", None);
            assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_err());
        }
    }

    #[test]
    fn a_code_waits_for_a_request_to_the_api_that_speaks_it() {
        let mut faults = Faults::default();
        faults.add(Fault::new(FaultKind::ErrorCode(ErrorCode(60008))));
        faults.add(Fault::new(FaultKind::CloudError("InternalError".into())));
        let mut take = |api| faults.take(api, None).map(|fault| fault.kind);
        assert_eq!(
            take(Api::Cloud),
            Some(FaultKind::CloudError("InternalError".into()))
        );
        assert_eq!(take(Api::Cloud), None);
        assert!(take(Api::CallEngine).is_some());
    }

    #[test]
    fn a_code_of_the_cloud_api_takes_effect_where_the_catalogue_knows_no_better() {
        let known = CloudErrorCode::catalogue().iter().map(|entry| entry.code);
        let more = ["AuthFailure.Later", "FailedOperation.Later", "Later", ""];
        for code in known.chain(more).chain(CLOUD_WITHOUT_EFFECT) {
            let code = CloudErrorCode::from(code);
            let is_unknown = code.effect() == trtc_call_core::Effect::Unknown;
            let fault = Fault::new(FaultKind::CloudError(code.clone()));
            assert_eq!(fault.takes_effect, is_unknown, "{code:?}");
        }
    }

    #[test]
    fn codes_that_leave_the_outcome_unknown_take_effect() {
        for (code, takes_effect) in [
            (60008, true),
            (60013, true),
            (101_001, true),
            (60007, false),
            (101_002, false),
        ] {
            let fault = Fault::new(FaultKind::ErrorCode(ErrorCode(code)));
            assert_eq!(fault.takes_effect, takes_effect, "{code}");
        }
    }
}
