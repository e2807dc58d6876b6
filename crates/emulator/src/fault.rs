//! Injected faults: what can go wrong between the service and its caller.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};
use trtc_call_core::{CloudErrorCode, Effect, ErrorCode};

use crate::clock::milliseconds;
use crate::reply::{self, Refusal};
use crate::{Alteration, Answer, Cut, cloud};

/// Something that goes wrong with the next requests to the service.
///
/// ```
/// use trtc_call_emulator::{Fault, FaultKind};
///
/// // The phones ring, and nobody learns of it: the case in which a client must not try again.
/// let fault = Fault::new(FaultKind::CutBeforeReply).only("start_call_by_robot");
/// assert!(fault.takes_effect);
/// ```
///
/// In the control API: `{"fault":"http_status","status":502,"requests":1,"takesEffect":false}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Further headers of the reply, such as `Location` and `Retry-After`; they win over the usual ones. The
    /// server leaves out what HTTP does not allow.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// With how many requests.
    pub requests: u32,
    /// The only command or action it concerns, such as `end_call` or `StartStreamIngest`; `None` concerns
    /// all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Whether the service does what the request asks for all the same: whether phones ring.
    pub takes_effect: bool,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// A gateway answers in the service's place, with this HTTP status and a page of HTML.
    HttpStatus(#[serde(serialize_with = "status")] u16),
    /// The reply comes so much later (real time). Without effect, it is 60008 then, or `InternalError`.
    Delay(#[serde(serialize_with = "ms")] Duration),
    /// The connection is closed without a reply.
    CutBeforeReply,
    /// The connection is closed in the middle of the reply.
    CutMidReply,
    /// The reply is whole but no JSON.
    MalformedJson,
    /// The reply is JSON that the service does not document.
    AlteredReply(Alteration),
    /// The service answers with this code. Concerns the commands of the REST API.
    ErrorCode(#[serde(serialize_with = "code")] ErrorCode),
    /// The cloud API answers with this code. Concerns its actions.
    CloudError(#[serde(serialize_with = "code")] CloudErrorCode),
    /// The service answers 60007 or `RequestLimitExceeded`, as if the rate limit were exceeded.
    RateLimit,
}

fn status<S: Serializer>(status: &u16, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map([("status", status)])
}

fn ms<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map([("ms", milliseconds(*duration))])
}

fn code<S: Serializer>(code: &impl Serialize, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map([("code", code)])
}

/// 60007, call frequency over the limit.
pub(crate) const RATE_LIMIT: i64 = 60007;
/// 60008, service timeout.
const SERVICE_TIMEOUT: i64 = 60008;

impl Fault {
    /// A fault of the next request.
    ///
    /// The request takes effect when the fault hits the reply (a delay, a cut, odd or malformed JSON) or is an
    /// error code that leaves the outcome unknown, such as 60008 and `InternalError`. It has no effect when
    /// something else answered (an HTTP status, another error code, the rate limit).
    /// [`takes_effect`](Self::takes_effect) may be changed.
    #[must_use]
    pub fn new(kind: FaultKind) -> Fault {
        let takes_effect = match &kind {
            FaultKind::Delay(_)
            | FaultKind::CutBeforeReply
            | FaultKind::CutMidReply
            | FaultKind::MalformedJson
            | FaultKind::AlteredReply(_) => true,
            FaultKind::ErrorCode(code) => code.effect() == Effect::Unknown,
            FaultKind::CloudError(code) => code.effect() == Effect::Unknown,
            FaultKind::HttpStatus(_) | FaultKind::RateLimit => false,
        };
        Fault {
            kind,
            headers: BTreeMap::new(),
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

    /// The reply has this header too.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Fault {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Spoils the answer to a request, which is `None` if the request had no effect.
    pub(crate) fn spoil(self, api: Api, request_id: &str, served: Option<Answer>) -> Answer {
        let mut answer = self.kind.spoil(api, request_id, served);
        answer.headers.extend(self.headers);
        answer
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
    fn spoil(self, api: Api, request_id: &str, served: Option<Answer>) -> Answer {
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
            FaultKind::CutBeforeReply
            | FaultKind::CutMidReply
            | FaultKind::MalformedJson
            | FaultKind::AlteredReply(_) => {
                let mut answer = served.unwrap_or_else(|| api.nothing(request_id));
                answer.error_code = None;
                answer.cloud_error_code = None;
                match self {
                    FaultKind::AlteredReply(alteration) => {
                        let body = String::from_utf8_lossy(&answer.body);
                        answer.body = alteration.apply(&body).into_bytes();
                    }
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
    Answer::new(status, "text/html", page)
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
    fn codes_that_leave_the_outcome_unknown_take_effect() {
        for (code, takes_effect) in [
            (60008, true),
            (60013, true),
            (101_001, true),
            (4711, true),
            (60007, false),
            (101_002, false),
        ] {
            let fault = Fault::new(FaultKind::ErrorCode(ErrorCode(code)));
            assert_eq!(fault.takes_effect, takes_effect, "{code}");
        }
        for (code, takes_effect) in [
            ("InternalError", true),
            ("FailedOperation.Later", true),
            ("RequestLimitExceeded", false),
            ("AuthFailure.SignatureFailure", false),
        ] {
            let fault = Fault::new(FaultKind::CloudError(code.into()));
            assert_eq!(fault.takes_effect, takes_effect, "{code}");
        }
    }
}
