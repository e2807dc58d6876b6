//! The whole job of one call, for a driver in JavaScript that sends and waits.

use serde::Serialize;
use trtc_call_core::call_session::{
    self as core, Answer, IngestStart, Media, Output, Plan, Request, SendId, Sent, SessionEvent,
    Watch,
};
use trtc_call_core::webhook::ingest;
use trtc_call_core::{Error, Problem, RoomId, UnixMillis, UnixSeconds, UserId, UserSig, webhook};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::call_engine::start_call_by_robot;
use crate::cloud::stream_ingest::{Playing, Times, flag, milliseconds, stream_url};
use crate::cloud::{self, CloudAccount};
use crate::endpoint;
use crate::error::{Failure, no_reply};
use crate::given::{Given, Object};
use crate::optional::{Optional, with};
use crate::problems::Problems;

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
    /// Out of the JSON text of `{ call, streamUrl, stream?, watch?, pollInterval?, maxDuration?, endWithMedia?,
    /// endWithoutMedia?, ingestAttempts? }`.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &str, account: &Account, now: f64) -> Result<CallSession, Failure> {
        let plan = read(plan, account.allow_any_user_id)?;
        Ok(CallSession::of(core::CallSession::new(plan, millis(now))))
    }

    /// Goes on with what `save` gave.
    pub fn resume(saved: &str, now: f64) -> Result<CallSession, Failure> {
        let session = core::CallSession::resume(saved, millis(now))?;
        Ok(CallSession::of(session))
    }

    /// What is to be done next, as the JSON text of `{ event }` or `{ send }`; `undefined` when nothing is.
    pub fn poll(&mut self) -> Option<String> {
        let text = match self.session.poll()? {
            Output::Event(event) => to_javascript(&Told { event: &event }),
            Output::Send { id, request } => {
                let text = to_javascript(&ToSend {
                    send: Sending::of(id, &request),
                });
                self.under_way.push(UnderWay {
                    id,
                    request,
                    answer: None,
                });
                text
            }
            _ => return None,
        };
        Some(text)
    }

    /// Builds a request that is under way and is a command.
    #[wasm_bindgen(js_name = buildCommand)]
    pub fn build_command(&self, id: f64, account: &Account, random: u32) -> Option<String> {
        Some(match &self.under_way(id)?.request {
            Request::StartCall(call) => endpoint::http_request(account, random, &**call),
            Request::GetCallInfo(ask) => endpoint::http_request(account, random, ask),
            Request::EndCall(end) => endpoint::http_request(account, random, end),
            Request::GetRecord(ask) => endpoint::http_request(account, random, ask),
            _ => return None,
        })
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
    ) -> Result<Option<String>, Failure> {
        let Some(under_way) = self.under_way(id) else {
            return Ok(None);
        };
        Ok(Some(match &under_way.request {
            Request::StartIngest(start) => {
                let private_map_key = private_map_key.map(UserSig::from_token);
                let request = start.request(UserSig::from_token(user_sig), private_map_key);
                let request = request.map_err(|invalid| Failure::harmless(invalid.into()))?;
                cloud::http_request(account, &request, now)
            }
            Request::DescribeIngest(request) => cloud::http_request(account, request, now),
            Request::StopIngest(request) => cloud::http_request(account, request, now),
            Request::RemoveRobot(request) => cloud::http_request(account, request, now),
            _ => return Ok(None),
        }))
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

    /// Notes that no reply came, for `done`; `how` as that of `transportFailure`.
    pub fn lost(&mut self, id: f64, how: &str, message: &str) -> Failure {
        let error = Error::from(no_reply(how, message));
        let Some(under_way) = self.under_way_mut(id) else {
            return Failure::harmless(error);
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

    /// A webhook about a call came: its command, and its body. One that cannot be read is left out.
    #[wasm_bindgen(js_name = handleCallWebhook)]
    pub fn handle_call_webhook(&mut self, command: &str, body: &[u8], now: f64) {
        // Command names hold nothing that a query would have to escape.
        let query = ["CallbackCommand=", command].concat();
        if let Ok(delivery) = webhook::parse_unverified(&query, body) {
            self.session
                .handle_call_webhook(delivery.event, millis(now));
        }
    }

    /// A webhook about an ingest came: its body. One that cannot be read is left out.
    #[wasm_bindgen(js_name = handleIngestWebhook)]
    pub fn handle_ingest_webhook(&mut self, body: &[u8], now: f64) {
        if let Ok(event) = ingest::parse_unverified(body) {
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

    /// What became of it, as JSON text, once it is over.
    #[must_use]
    pub fn outcome(&self) -> Option<String> {
        self.session
            .outcome()
            .map(|outcome| to_javascript(&outcome))
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
    repeat: &'static str,
    /// Of the command or action.
    name: &'static str,
    is_action: bool,
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
            repeat: sent.repeat().code(),
            name: sent.name(),
            is_action: matches!(sent, Sent::Action(_)),
            robot: start.map(IngestStart::robot),
            room: start.map(IngestStart::room),
        }
    }
}

fn read(json: &str, allow_any_user_id: bool) -> Result<Plan, Failure> {
    let mut object = Object::read("call", json)?;
    let mut problems = Problems::default();
    let call = object.required("call")?;
    let call = start_call_by_robot::read(call.0.as_str(), allow_any_user_id);
    let call = call.map_err(|failure| problems.extend(failure.problems().iter().cloned()));
    let url = object.required("streamUrl");
    let media = problems.note(url.and_then(|url| stream_url(url, "streamUrl")));
    let playing = match object.take("stream") {
        Some(stream) => playing(stream, &mut problems),
        None => Playing::default(),
    };
    let mut optional = Optional {
        object: &mut object,
        problems: &mut problems,
    };
    let watch = optional.of("watch", watch);
    let poll_interval = optional.of("pollInterval", milliseconds);
    let max_duration = optional.of("maxDuration", milliseconds);
    let end_with_media = optional.of("endWithMedia", flag);
    let end_without_media = optional.of("endWithoutMedia", flag);
    let ingest_attempts = optional.of("ingestAttempts", |given, field| {
        given.whole_32(field, "attempts")
    });
    problems.extend(object.leftovers());
    let plan = call.ok().zip(media).and_then(|(call, url)| {
        type Builder = core::PlanBuilder;
        let mut builder = Plan::builder(call, media_of(url, &playing));
        builder = with(builder, watch, Builder::watch);
        builder = with(builder, poll_interval, Builder::poll_interval);
        builder = with(builder, max_duration, Builder::max_duration);
        builder = with(builder, end_with_media, Builder::end_with_media);
        builder = with(builder, end_without_media, Builder::end_without_media);
        builder = with(builder, ingest_attempts, Builder::ingest_attempts);
        let built = builder.build();
        built
            .map_err(|invalid| problems.extend(invalid.problems().iter().map(in_js_names)))
            .ok()
    });
    problems.unless_any(plan)
}

/// JavaScript's caller gives the call's properties beside the stream's.
fn in_js_names(problem: &Problem) -> Problem {
    let field = problem.field.as_str();
    let field = match field.split_once('.') {
        Some(("call", field)) => field.to_owned(),
        Some(("media", field)) => ["stream.", field].concat(),
        _ => field.to_owned(),
    };
    problem.clone().at(field)
}

fn playing(stream: Given<'_>, problems: &mut Problems) -> Playing {
    match Object::read_nested("stream", stream) {
        Ok(mut object) => {
            let playing = Playing::take(&mut object, problems);
            problems.extend(object.leftovers());
            playing
        }
        Err(problem) => {
            problems.extend([problem]);
            Playing::default()
        }
    }
}

fn media_of(stream_url: trtc_call_core::stream_ingest::StreamUrl, playing: &Playing) -> Media {
    let mut media = Media::new(stream_url);
    media = with(media, playing.seek, Media::seek);
    media = with(media, playing.auto_push, Media::auto_push);
    media = match &playing.repeat {
        Some(Times::Number(number)) => media.repeat(*number),
        Some(Times::ForEver) => media.repeat_for_ever(),
        None => media,
    };
    media = with(media, playing.max_duration, Media::max_duration);
    media = with(media, playing.volume, Media::volume);
    media = with(media, playing.enable_progress, Media::enable_progress);
    media = with(media, playing.tempo, Media::tempo);
    with(media, playing.idle_timeout, Media::idle_timeout)
}

fn watch(given: Given<'_>, field: &str) -> Result<Watch, Problem> {
    let word = given.text(field)?;
    let all = [Watch::Webhooks, Watch::Polling, Watch::Both];
    let found = all.into_iter().find(|watch| watch.as_str() == word);
    found.ok_or_else(|| {
        Problem::new(
            field,
            "must be webhooks, polling or both",
            "choose one of them, or leave it out",
        )
    })
}

fn send_id(id: f64) -> SendId {
    SendId(id as u64)
}

fn millis(now: f64) -> UnixMillis {
    UnixMillis(now as u64)
}
