use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use trtc_call::webhook::{
    Added, CallPhase, CallState, CallTimeline, Delivery, WebhookError, WebhookReply,
};
use trtc_call::{CallId, Problem, transport_error};

use super::sheet;
use crate::account::SdkAppIdArg;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::screen::Screen;
use crate::service;
use crate::sheet::Sheet;
use crate::style::{BAD, GOOD};
use crate::webhook_check::{self, WebhookCheck, WebhookCheckArgs};

/// Receive webhooks on this machine, and show them as they come
///
/// What is forged is refused, as your own server should refuse it. With --json each delivery is one line
/// of JSON, after a line that says where it listens. Ctrl-C stops it. The service must be able to reach
/// the address: the emulator can; for the real one put a tunnel in front, and set it with
/// `trtc-call callback set`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8098")]
    listen: SocketAddr,
    /// Hand what is received on to your own server, unchanged, and answer as it answers
    #[arg(long, value_name = "URL")]
    forward_to: Option<String>,
    /// Stop after so many deliveries
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    #[command(flatten)]
    check: WebhookCheckArgs,
    #[command(flatten)]
    app: SdkAppIdArg,
}

/// How many calls are followed at a time; the oldest is forgotten for another.
const FOLLOWED_CALLS: usize = 1000;

/// As long as the service waits.
const PATIENCE: Duration = Duration::from_secs(2);

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let check = self.check.read(self.app.read());
        let check = check.map_err(CommandError::Invalid)?;
        let forward = self.forward_to.as_deref().map(Forward::to).transpose()?;
        service::runtime()?.block_on(async {
            let (listener, url) = service::listen(self.listen).await?;
            let receiver = Arc::new(Receiver {
                check,
                forward,
                screen: *screen,
                limit: self.limit,
                followed: Mutex::default(),
                done: Notify::new(),
                failure: Mutex::default(),
            });
            let mut interrupts = Interrupts::listen()?;
            let title = format!("Listening for webhooks at {url}, Ctrl-C stops it");
            let greeting = json!({ "listening": url });
            screen.show(Sheet::new(title), &greeting)?;
            let router = Router::new()
                .fallback(receive)
                .with_state(Arc::clone(&receiver));
            tokio::select! {
                served = axum::serve(listener, router)
                    .with_graceful_shutdown({
                        let receiver = Arc::clone(&receiver);
                        async move { receiver.done.notified().await }
                    }) => served.map_err(|error| CommandError::Setup(error.to_string()))?,
                _ = interrupts.reach(1) => screen.note("stopped"),
            }
            let failure = receiver.failure.lock();
            let failure = failure.unwrap_or_else(PoisonError::into_inner).take();
            failure.map_or(Ok(Exit::Ok), Err)
        })
    }
}

struct Receiver {
    check: WebhookCheck,
    forward: Option<Forward>,
    screen: Screen,
    limit: Option<u64>,
    followed: Mutex<Followed>,
    /// The limit is reached, or stdout is gone.
    done: Notify,
    failure: Mutex<Option<CommandError>>,
}

#[derive(Default)]
struct Followed {
    received: u64,
    calls: BTreeMap<CallId, CallTimeline>,
    /// In the order of their first delivery.
    oldest_first: std::collections::VecDeque<CallId>,
}

/// One delivery for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    delivery: &'a Delivery,
    added: Option<Added>,
    /// The call as it stands after this delivery.
    state: Option<CallState>,
    forwarded: Option<Value>,
}

async fn receive(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let (head, body) = request.into_parts();
    // A task of its own: where the sender hangs up before your own server has answered, that is still shown.
    let received = tokio::spawn(async move {
        let query = head.uri.query().unwrap_or_default();
        match receiver.check.read(query, body).await {
            Ok((delivery, body)) => receiver.accept(&delivery, query, body).await,
            Err(error) => receiver.refuse(&error),
        }
    });
    let gone = StatusCode::INTERNAL_SERVER_ERROR;
    received.await.unwrap_or_else(|_| gone.into_response())
}

impl Receiver {
    async fn accept(&self, delivery: &Delivery, query: &str, body: Bytes) -> Response {
        let (reply, forwarded) = match &self.forward {
            None => (webhook_check::answer(WebhookReply::acknowledge()), None),
            Some(forward) => {
                let (reply, outcome) = forward.send(query, body).await;
                (reply, Some(outcome))
            }
        };
        let (added, state, is_last) = self.follow(delivery);
        let mut sheet = sheet::event(&delivery.event);
        if added == Some(Added::Duplicate) {
            sheet = sheet.row("repeat", "yes: this was delivered before");
        }
        if let Some(state) = &state {
            sheet = sheet.row("so far", so_far(state));
        }
        if let Some(outcome) = &forwarded {
            sheet = sheet.row("forwarded", outcome["summary"].as_str().unwrap_or_default());
        }
        let line = Line {
            delivery,
            added,
            state,
            forwarded,
        };
        self.show(sheet.styled(GOOD), &line);
        if is_last {
            self.done.notify_one();
        }
        reply
    }

    fn refuse(&self, error: &WebhookError) -> Response {
        let sheet = Sheet::new(format_args!("Refused: {error}")).styled(BAD);
        let reply = WebhookReply::refuse(error);
        let document = json!({
            "refused": { "code": error.code(), "message": error.to_string(), "status": reply.status },
        });
        self.show(sheet, &document);
        webhook_check::answer(reply)
    }

    /// Where stdout is gone, the sender still gets its answer; but what cannot be shown is received no longer.
    fn show(&self, sheet: Sheet, document: &impl Serialize) {
        let end = match self.screen.one_of_many(sheet, document) {
            Ok(ControlFlow::Continue(())) => return,
            Ok(ControlFlow::Break(())) => None,
            Err(failure) => Some(failure),
        };
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = end;
        self.done.notify_one();
    }

    fn follow(&self, delivery: &Delivery) -> (Option<Added>, Option<CallState>, bool) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        followed.received += 1;
        let is_last = self.limit == Some(followed.received);
        let Some(call_id) = delivery.event.call_id() else {
            return (None, None, is_last);
        };
        let timeline = followed.timeline(call_id);
        let added = timeline.add(delivery.event.clone());
        (Some(added), Some(timeline.state().clone()), is_last)
    }
}

impl Followed {
    fn timeline(&mut self, call_id: &CallId) -> &mut CallTimeline {
        if !self.calls.contains_key(call_id) {
            if self.oldest_first.len() == FOLLOWED_CALLS
                && let Some(oldest) = self.oldest_first.pop_front()
            {
                self.calls.remove(&oldest);
            }
            self.oldest_first.push_back(call_id.clone());
        }
        let call = self.calls.entry(call_id.clone());
        call.or_insert_with_key(|call_id| CallTimeline::new(call_id.clone()))
    }
}

fn so_far(state: &CallState) -> String {
    let phase = match state.phase {
        CallPhase::Ringing => "ringing",
        CallPhase::Answered => "answered",
        CallPhase::Ended => "ended",
        _ => "unknown",
    };
    let members = state.members.iter().map(|(user, member)| {
        let member = serde_json::to_value(member).unwrap_or_default();
        let words = member.as_str().unwrap_or_default().replace('_', " ");
        format!("{user} {words}")
    });
    std::iter::once(phase.to_owned())
        .chain(members)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Your own server.
struct Forward {
    client: reqwest::Client,
    url: reqwest::Url,
}

impl Forward {
    fn to(url: &str) -> Result<Forward, CommandError> {
        let url = reqwest::Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| {
            let fix = "give a URL such as http://127.0.0.1:3000/webhook";
            let problem = Problem::new("--forward-to", "must be an http or https URL", fix);
            CommandError::Invalid(vec![problem])
        })?;
        let builder = if url.scheme() == "http" {
            trtc_call::plain_http_client_builder()
        } else {
            trtc_call::http_client_builder()
        };
        let client = builder
            .map_err(|error| CommandError::Setup(error.to_string()))?
            .timeout(PATIENCE)
            .build()
            .map_err(|error| CommandError::Setup(error.to_string()))?;
        Ok(Forward { client, url })
    }

    /// The answer to hand back, and what to say about it.
    async fn send(&self, query: &str, body: Bytes) -> (Response, Value) {
        let mut url = self.url.clone();
        let query = match url.query() {
            Some(own) if !own.is_empty() => format!("{own}&{query}"),
            _ => query.to_owned(),
        };
        url.set_query(Some(&query));
        let began = Instant::now();
        let request = self.client.post(url).body(body);
        let sent = request
            .header(header::CONTENT_TYPE, "application/json")
            .send();
        let failed = |error: reqwest::Error| {
            let message = transport_error(error).to_string();
            let outcome = json!({ "error": message, "summary": format!("failed: {message}") });
            (StatusCode::BAD_GATEWAY.into_response(), outcome)
        };
        let answer = match sent.await {
            Ok(answer) => answer,
            Err(error) => return failed(error),
        };
        let status = answer.status();
        let body = match answer.bytes().await {
            Ok(body) => body,
            Err(error) => return failed(error),
        };
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let summary = format!("{} in {ms} ms", status.as_u16());
        let outcome = json!({ "status": status.as_u16(), "ms": ms, "summary": summary });
        let content_type = [(header::CONTENT_TYPE, "application/json")];
        ((status, content_type, body).into_response(), outcome)
    }
}
