//! The whole job of one call, for a driver in JavaScript that sends and waits.

use serde::Serialize;
use trtc_call_core::call_session::{
    self as core, Answer, IngestStart, Output, Plan, Request, SendId, Sent, SessionEvent,
};
use trtc_call_core::{
    CloudEndpoint, Endpoint, Error, Repeat, RoomId, UnixMillis, UnixSeconds, UserId, UserSig,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::account::Account;
use crate::cloud::CloudAccount;
use crate::commands::random_number;
use crate::exact::to_js;
use crate::failure::{Failure, no_reply};
use crate::ingest_webhook::IngestDelivery;
use crate::webhook::CallDelivery;
use crate::{given, http};

/// A session, and what it has under way. Times are Unix milliseconds.
#[wasm_bindgen]
pub struct CallSession {
    session: core::CallSession,
    under_way: Vec<UnderWay>,
}

struct UnderWay {
    id: SendId,
    request: Request,
    /// What came of the last attempt.
    answer: Option<Answer>,
}

#[wasm_bindgen]
impl CallSession {
    /// Out of the properties of a [`Plan`].
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &JsValue, allow_any_user_id: bool, now: f64) -> Result<CallSession, Failure> {
        let plan: Plan = given::read(plan, allow_any_user_id)?;
        Ok(CallSession::of(core::CallSession::new(plan, millis(now))))
    }

    /// Goes on with what `save` gave.
    pub fn resume(saved: &str, now: f64) -> Result<CallSession, Failure> {
        let session = core::CallSession::resume(saved, millis(now))?;
        Ok(CallSession::of(session))
    }

    /// What is to be done next: `{ event }` or `{ send }`; `undefined` when nothing is.
    pub fn poll(&mut self) -> Thrown<JsValue> {
        match self.session.poll() {
            Some(Output::Event(event)) => Ok(to_js(&Told { event: &event })?),
            Some(Output::Send { id, request }) => {
                let send = to_js(&ToSend {
                    send: Sending::of(id, &request),
                })?;
                self.under_way.push(UnderWay {
                    id,
                    request,
                    answer: None,
                });
                Ok(send)
            }
            _ => Ok(JsValue::UNDEFINED),
        }
    }

    /// Builds a request that is under way and is a command.
    #[wasm_bindgen(js_name = buildCommand)]
    pub fn build_command(&self, id: f64, account: &Account) -> Thrown<JsValue> {
        let (access, random) = (account.access(), random_number(None)?);
        let http = match self.under_way(id).map(|it| &it.request) {
            Some(Request::StartCall(call)) => call.http_request(&access, random),
            Some(Request::GetCallInfo(ask)) => ask.http_request(&access, random),
            Some(Request::EndCall(end)) => end.http_request(&access, random),
            Some(Request::GetRecord(ask)) => ask.http_request(&access, random),
            _ => return Ok(JsValue::UNDEFINED),
        };
        http::message(&http)
    }

    /// Builds a request that is under way and is an action, signed at `now` (Unix seconds). The tokens are those
    /// of the robot, for a request that starts an ingest.
    #[wasm_bindgen(js_name = buildAction)]
    pub fn build_action(
        &self,
        id: f64,
        account: &CloudAccount,
        user_sig: String,
        private_map_key: Option<String>,
        now: f64,
    ) -> Thrown<JsValue> {
        let (access, now) = (account.access(), UnixSeconds(now as u64));
        let http = match self.under_way(id).map(|it| &it.request) {
            Some(Request::StartIngest(start)) => {
                let private_map_key = private_map_key.map(UserSig::from_token);
                let request = start.request(UserSig::from_token(user_sig), private_map_key);
                request.map_err(Failure::from)?.http_request(&access, now)
            }
            Some(Request::DescribeIngest(request)) => request.http_request(&access, now),
            Some(Request::StopIngest(request)) => request.http_request(&access, now),
            Some(Request::RemoveRobot(request)) => request.http_request(&access, now),
            _ => return Ok(JsValue::UNDEFINED),
        };
        http::message(&http)
    }

    /// Notes the reply to a request that was signed at `sent_at` (Unix seconds), for `done`, and says whether the
    /// service refused it.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "as wasm-bindgen hands it over"
    )]
    pub fn read(
        &mut self,
        id: f64,
        status: u16,
        body: &[u8],
        date: Option<String>,
        sent_at: f64,
    ) -> Result<(), Failure> {
        let Some(under_way) = self.under_way_mut(id) else {
            return Ok(());
        };
        let mut answer = Answer::read(&under_way.request, status, body);
        let failure = answer.error_mut().map(|error| {
            if let (Error::Cloud(error), Some(date)) = (&mut *error, &date) {
                error.explain_clock(date, UnixSeconds(sent_at as u64));
            }
            Failure::new(under_way.request.sent().repeat(), error.clone())
        });
        under_way.answer = Some(answer);
        failure.map_or(Ok(()), Err)
    }

    /// Notes that no reply came, for `done`; `how` is the code of a transport error.
    pub fn lost(&mut self, id: f64, how: &str, message: &str) -> Failure {
        let error = Error::from(no_reply(how, message));
        let Some(under_way) = self.under_way_mut(id) else {
            return Failure::new(Repeat::Harmless, error);
        };
        under_way.answer = Some(Answer::failed(&under_way.request, error.clone()));
        Failure::new(under_way.request.sent().repeat(), error)
    }

    /// Takes what came of a request, which is no longer under way.
    pub fn done(&mut self, id: f64, now: f64) {
        let index = self.under_way.iter().position(|it| it.id == send_id(id));
        if let Some(index) = index
            && let Some(answer) = self.under_way.swap_remove(index).answer
        {
            self.session
                .handle_answer(send_id(id), &answer, millis(now));
        }
    }

    /// Time has passed.
    #[wasm_bindgen(js_name = handleTime)]
    pub fn handle_time(&mut self, now: f64) {
        self.session.handle_time(millis(now));
    }

    /// The user wants it to end.
    pub fn end(&mut self, now: f64) {
        self.session.end(millis(now));
    }

    /// A webhook about a call came.
    #[wasm_bindgen(js_name = handleCallWebhook)]
    pub fn handle_call_webhook(&mut self, delivery: &CallDelivery, now: f64) {
        if let Some(event) = delivery.event() {
            self.session.handle_call_webhook(event, millis(now));
        }
    }

    /// A webhook about an ingest came.
    #[wasm_bindgen(js_name = handleIngestWebhook)]
    pub fn handle_ingest_webhook(&mut self, delivery: &IngestDelivery, now: f64) {
        if let Some(event) = delivery.event() {
            self.session.handle_ingest_webhook(event, millis(now));
        }
    }

    /// When to call `handleTime` unless something else happens before.
    #[wasm_bindgen(js_name = nextWakeup)]
    #[must_use]
    pub fn next_wakeup(&self) -> Option<f64> {
        self.session.next_wakeup().map(|time| time.0 as f64)
    }

    /// The session as text, for `resume`.
    #[must_use]
    pub fn save(&self) -> String {
        self.session.save()
    }

    /// How far it has got, in a word.
    #[must_use]
    pub fn phase(&self) -> String {
        self.session.phase().as_str().to_owned()
    }

    /// What became of it, once it is over.
    pub fn outcome(&self) -> Thrown<JsValue> {
        match self.session.outcome() {
            Some(outcome) => Ok(to_js(&outcome)?),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}

impl CallSession {
    fn of(session: core::CallSession) -> CallSession {
        CallSession {
            session,
            under_way: Vec::new(),
        }
    }

    fn under_way(&self, id: f64) -> Option<&UnderWay> {
        self.under_way.iter().find(|it| it.id == send_id(id))
    }

    fn under_way_mut(&mut self, id: f64) -> Option<&mut UnderWay> {
        self.under_way.iter_mut().find(|it| it.id == send_id(id))
    }
}

#[derive(Serialize)]
struct Told<'a> {
    event: &'a SessionEvent,
}

#[derive(Serialize)]
struct ToSend<'a> {
    send: Sending<'a>,
}

/// What the driver must know of a request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sending<'a> {
    id: u64,
    /// Of the command or action.
    name: &'static str,
    is_action: bool,
    /// Whether it may be sent without the session having been saved.
    is_harmless: bool,
    /// Whether the driver's retry policy applies. All else the session sends again by itself.
    is_retried: bool,
    /// The user to play as, and the room, whose tokens are needed.
    robot: Option<&'a UserId>,
    room: Option<&'a RoomId>,
}

impl Sending<'_> {
    fn of(id: SendId, request: &Request) -> Sending<'_> {
        let start: Option<&IngestStart> = match request {
            Request::StartIngest(start) => Some(start),
            _ => None,
        };
        let sent = request.sent();
        Sending {
            id: id.0,
            name: sent.name(),
            is_action: matches!(sent, Sent::Action(_)),
            is_harmless: sent.repeat() == Repeat::Harmless,
            is_retried: matches!(request, Request::StartCall(_)),
            robot: start.map(IngestStart::robot),
            room: start.map(IngestStart::room),
        }
    }
}

fn send_id(id: f64) -> SendId {
    SendId(id as u64)
}

fn millis(now: f64) -> UnixMillis {
    UnixMillis(now as u64)
}
