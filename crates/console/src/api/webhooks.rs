//! `/api/webhooks`: what came in, sent again or made up for a test.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use reqwest::Url;
use trtc_call::call_engine::get_call_info::{Member, MemberStatus};
use trtc_call::input::{Given, Input, Properties};
use trtc_call::webhook::ingest::IngestTestDelivery;
use trtc_call::webhook::{
    CallEnded, CallStarted, CallbackCommand, Event, MemberAction, MemberChange, MembersChanged,
    SentDelivery, TestDelivery,
};
use trtc_call::{
    CallId, CallRecord, CallResult, MediaType, Problem, ProblemCode, UnixMillis, UnixSeconds,
    UserId,
};

use crate::api_error::ApiError;
use crate::board::{Delivery, Direction, Reason, Source, Status};
use crate::{Shared, WebhookCheck, receive, system_time};

/// As long as the service waits.
const PATIENCE: Duration = Duration::from_secs(2);

/// The deliveries, the latest first.
pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Json<Vec<Delivery>> {
    Json(shared.board().deliveries().cloned().collect())
}

pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Delivery>, ApiError> {
    delivery(&shared, &id).map(Json)
}

/// Sends a delivery's body again, freshly signed: to where it went, or to this console.
pub(super) async fn replay(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Delivery>, ApiError> {
    let original = delivery(&shared, &id)?;
    let original_body = original.body.unwrap_or_default();
    let to = if body.is_empty() {
        None
    } else {
        let mut input = Input::new(&body).properties("request")?;
        let url = read_url(&mut input);
        input.finish(Some(url))?
    };
    let to = to.or(original.url.and_then(|url| Url::parse(&url).ok()));
    let command = original.command.unwrap_or_default();
    let outgoing = match original.source {
        Source::Calls => {
            let app = shared.account.sdk_app_id;
            let sent = TestDelivery::with_body(app, command.as_str().into(), original_body);
            Outgoing::about_call(&shared, seal(&shared, sent), to)?
        }
        Source::Ingest => Outgoing::about_stream(&shared, original_body, to)?,
    };
    send(&shared, command, original.call_id, outgoing).await
}

/// Sends a delivery that is made up: `{ command, callId?, url? }`. Without a URL to this console, whose
/// board takes no note of it.
pub(super) async fn test(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Delivery>, ApiError> {
    let mut input = Input::new(&body).properties("request")?;
    let command = input.required("command", Given::text);
    let call_id = if input.has("callId") {
        input.optional("callId", Given::call_id)
    } else {
        input.note(CallId::new("test-call"))
    };
    let url = read_url(&mut input);
    let now = shared.now();
    let event = command.zip(call_id).and_then(|(command, call_id)| {
        let event = sample(&command.as_str().into(), call_id, now);
        input.note(event)
    });
    let (event, url) = input.finish(event.map(|event| (event, url)))?;
    let url = match url {
        Some(url) => url,
        None => {
            let mut url = own_url(&shared)?;
            url.query_pairs_mut()
                .append_pair(receive::TEST_PARAMETER, "1");
            url
        }
    };
    let delivery = TestDelivery::new(shared.account.sdk_app_id, &event);
    let sent = seal(&shared, delivery);
    let command = event.command().as_str().to_owned();
    let outgoing = Outgoing::about_call(&shared, sent, Some(url))?;
    send(&shared, command, event.call_id().cloned(), outgoing).await
}

/// A delivery that is about to be sent.
struct Outgoing {
    source: Source,
    is_signed: bool,
    url: Url,
    /// The URL with the signature.
    signed_url: String,
    headers: BTreeMap<&'static str, String>,
    query: String,
    body: String,
}

impl Outgoing {
    /// To this console unless another URL is given.
    fn about_call(
        shared: &Shared,
        sent: SentDelivery,
        to: Option<Url>,
    ) -> Result<Outgoing, ApiError> {
        let url = match to {
            Some(url) => url,
            None => own_url(shared)?,
        };
        Ok(Outgoing {
            source: Source::Calls,
            is_signed: matches!(shared.webhooks, WebhookCheck::Token(_)),
            signed_url: sent.url(url.as_str()),
            url,
            headers: BTreeMap::new(),
            query: sent.query,
            body: sent.body,
        })
    }

    fn about_stream(shared: &Shared, body: String, to: Option<Url>) -> Result<Outgoing, ApiError> {
        let Some(key) = &shared.ingest_webhooks else {
            return Err(ApiError::not_found(
                "this console has no key to sign webhooks about streams with",
            ));
        };
        let sent = IngestTestDelivery::with_body(shared.account.sdk_app_id, body).sign(key);
        let url = match to {
            Some(url) => url,
            None => parse_url(&receive::ingest_url(shared.address))?,
        };
        Ok(Outgoing {
            source: Source::Ingest,
            is_signed: true,
            signed_url: url.to_string(),
            url,
            headers: BTreeMap::from([("Sign", sent.sign), ("SdkAppId", sent.sdk_app_id)]),
            query: String::new(),
            body: sent.body,
        })
    }
}

fn delivery(shared: &Shared, id: &str) -> Result<Delivery, ApiError> {
    let id = id.parse().ok();
    let found = id.and_then(|id| shared.board().delivery(id).cloned());
    found.ok_or_else(|| ApiError::not_found("there is no such delivery, or it has been forgotten"))
}

fn own_url(shared: &Shared) -> Result<Url, ApiError> {
    if matches!(shared.webhooks, WebhookCheck::Off) {
        let fix = "give another URL, or start the console with the webhooks' token";
        let problem = Problem::new("url", "must be given: this console takes no webhooks", fix);
        return Err(problem
            .coded(ProblemCode::NotSetUp)
            .with("what", "webhooks")
            .into());
    }
    parse_url(&receive::url(shared.address))
}

fn parse_url(url: &str) -> Result<Url, ApiError> {
    Url::parse(url).map_err(|error| {
        Problem::new("url", error.to_string(), "give another")
            .coded(ProblemCode::NotAUrl)
            .into()
    })
}

fn read_url(input: &mut Properties<'_>) -> Option<Url> {
    input.optional("url", |given| {
        let url = Url::parse(&given.text()?).ok().filter(|url| {
            let host = url.host_str().unwrap_or_default();
            let is_local = ["127.0.0.1", "localhost", "[::1]"].contains(&host);
            url.scheme() == "https" || (url.scheme() == "http" && is_local)
        });
        url.ok_or_else(|| {
            Problem::new(
                "url",
                "must be an https URL, or an http one of this machine",
                "give a URL such as https://example.com/webhook or http://127.0.0.1:3000/webhook",
            )
            .coded(ProblemCode::NotHttps)
        })
    })
}

fn seal(shared: &Shared, delivery: TestDelivery) -> SentDelivery {
    match &shared.webhooks {
        WebhookCheck::Token(token) => delivery.sign(token, system_time().seconds()),
        WebhookCheck::Unsigned | WebhookCheck::Off => delivery.unsigned(),
    }
}

async fn send(
    shared: &Shared,
    command: String,
    call_id: Option<CallId>,
    outgoing: Outgoing,
) -> Result<Json<Delivery>, ApiError> {
    let answer = post(&outgoing).await;
    let mut delivery = Delivery {
        id: 0,
        received_at: system_time().0,
        direction: Direction::Out,
        source: outgoing.source,
        command: Some(command),
        call_id,
        verified: outgoing.is_signed,
        status: match answer {
            Ok(status) => Status::Answered(status),
            Err(_) => Status::NOT_DELIVERED,
        },
        error: answer.err().map(|message| Reason {
            code: "not_delivered",
            message,
        }),
        url: Some(outgoing.url.into()),
        headers: outgoing.headers,
        query: Some(outgoing.query),
        body: Some(outgoing.body),
    };
    delivery.id = shared.board().note_delivery(delivery.clone());
    Ok(Json(delivery))
}

/// The status of the answer, or why there is none.
async fn post(outgoing: &Outgoing) -> Result<u16, String> {
    let builder = if outgoing.url.scheme() == "http" {
        trtc_call::plain_http_client_builder()
    } else {
        trtc_call::http_client_builder()
    };
    // Without the URL, which holds a signature.
    let describe = |error: reqwest::Error| error.without_url().to_string();
    let builder = builder.map_err(|error| error.to_string())?;
    let client = builder.timeout(PATIENCE).build().map_err(describe)?;
    let mut request = client
        .post(&outgoing.signed_url)
        .header(CONTENT_TYPE, "application/json");
    for (name, value) in &outgoing.headers {
        request = request.header(*name, value);
    }
    let body = outgoing.body.clone();
    let answer = request.body(body).send().await.map_err(describe)?;
    Ok(answer.status().as_u16())
}

/// What the service would tell of a call from `robot` to `jack`.
fn sample(command: &CallbackCommand, call_id: CallId, now: UnixMillis) -> Result<Event, Problem> {
    let (robot, jack) = (UserId::any("robot"), UserId::any("jack"));
    let in_call = |user: &UserId| Member::new(user.clone(), MemberStatus::Calling);
    Ok(match command {
        CallbackCommand::AfterStartCall => {
            let waiting = Member::new(jack, MemberStatus::Waiting);
            let members = vec![in_call(&robot), waiting];
            CallStarted::new(call_id, MediaType::Video, members, now).into()
        }
        CallbackCommand::AfterMemberChanged => {
            let members = vec![in_call(&robot), in_call(&jack)];
            let answered = MemberChange::new(jack, MemberAction::Answer);
            MembersChanged::new(call_id, members, vec![answered], now).into()
        }
        CallbackCommand::AfterEndCall => {
            let ago = |seconds| UnixSeconds(now.seconds().0.saturating_sub(seconds));
            let members = vec![robot.clone(), jack];
            let result = CallResult::NormalEnd;
            let mut record = CallRecord::new(call_id, robot, members, result, ago(30), ago(0));
            record.accept_time = Some(ago(25));
            CallEnded::new(record, now).into()
        }
        _ => {
            let known = CallbackCommand::WORDS.join(", ");
            return Err(Problem::new(
                "command",
                "must be one that this library knows",
                format!("use one of {known}"),
            )
            .coded(ProblemCode::NotAChoice)
            .with("choices", known));
        }
    })
}
