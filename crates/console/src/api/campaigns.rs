//! `/api/campaigns` and `/api/rings`: what stands in the ledger, and what a person may say to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_util::Stream;
use serde::Serialize;
use trtc_call::input::{Given, Input};
use trtc_call::{Problem, ProblemCode};
use trtc_call_ledger::{LedgerError, RingKey, RingState};

use crate::Shared;
use crate::api_error::ApiError;
use crate::campaigns::{self, Row, WholeRow};
use crate::events;

/// How many rows a page has, unless it asks for fewer.
const PAGE: usize = 100;

/// What becomes of the campaigns, or of the one of `?name=`, as server-sent events.
pub(super) async fn follow(
    State(shared): State<Arc<Shared>>,
    Query(mut query): Query<BTreeMap<String, String>>,
) -> Result<Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>>, ApiError> {
    let ledger = shared.ledger()?.clone();
    let stream = campaigns::follow(shared, ledger, query.remove("name"));
    Ok(events::with_heartbeat(stream))
}

/// A page of a campaign's rows: `?state=`, `?behind=` the last one's number, `?limit=`.
pub(super) async fn rows(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<Vec<Row>>, ApiError> {
    let state = query
        .get("state")
        .map(|word| read_state(word))
        .transpose()?;
    let number = |name: &str| {
        let text = query.get(name)?;
        Some(text.parse::<i64>().map_err(|_| {
            let rule = format!("must be a whole number, not {text:?}");
            Problem::new(name, rule, "mend the value, or leave it out").coded(ProblemCode::NotWhole)
        }))
    };
    let behind = number("behind").transpose()?.unwrap_or(0);
    let limit = number("limit").transpose()?;
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    let app = shared.account.sdk_app_id;
    let rings = shared
        .ledger()?
        .rows(app, &name, state, behind, limit)
        .await?;
    Ok(Json(rings.iter().map(Row::from).collect()))
}

fn read_state(word: &str) -> Result<RingState, Problem> {
    RingState::of_word(word).ok_or_else(|| {
        let choices = RingState::ALL.map(RingState::as_str).join(", ");
        let rule = format!("must be one of {choices}, not {word:?}");
        Problem::new("state", rule, "choose one, or leave it out")
            .coded(ProblemCode::NotAChoice)
            .with("choices", choices)
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Done {
    /// How many rings were taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<u64>,
}

/// `pause`, `resume` or `cancel`.
pub(super) async fn control(
    State(shared): State<Arc<Shared>>,
    Path((name, what)): Path<(String, String)>,
) -> Result<Json<Done>, ApiError> {
    let ledger = shared.ledger()?;
    let app = shared.account.sdk_app_id;
    let mut cancelled = None;
    match what.as_str() {
        "pause" => ledger.pause(app, &name).await?,
        "resume" => ledger.resume(app, &name).await?,
        "cancel" => cancelled = Some(ledger.cancel_campaign(app, &name).await?),
        _ => {
            return Err(ApiError::not_found(format!(
                "a campaign can be paused, resumed and cancelled, not {what:?}"
            )));
        }
    }
    tracing::info!(campaign = name, what, "a campaign was changed in the page");
    Ok(Json(Done { cancelled }))
}

/// All of one ring.
pub(super) async fn ring(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
) -> Result<Json<WholeRow>, ApiError> {
    let key = RingKey::new(key)?;
    let app = shared.account.sdk_app_id;
    let ring = shared.ledger()?.outcome(app, &key).await?;
    let ring = ring.ok_or_else(|| ApiError::not_found("there is no ring with that key"))?;
    Ok(Json(WholeRow::from(&ring)))
}

/// A person says whether an unknown ring rang.
pub(super) async fn settle(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<Json<WholeRow>, ApiError> {
    let mut input = Input::new(&body).properties("settlement")?;
    let has_rung = input.required("hasRung", Given::flag);
    let has_rung = input.finish(has_rung)?;
    let key = RingKey::new(key)?;
    let app = shared.account.sdk_app_id;
    let settled = shared.ledger()?.settle(app, &key, has_rung).await?;
    tracing::info!(has_rung, "a ring was settled in the page");
    Ok(Json(WholeRow::from(&settled)))
}

/// Why the ledger did not do it, in the form of every failure.
impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> ApiError {
        let may_pass = error.may_pass();
        match error {
            LedgerError::Invalid(problem) => ApiError::from(problem),
            error => {
                let status = match may_pass {
                    true => StatusCode::SERVICE_UNAVAILABLE,
                    false => StatusCode::INTERNAL_SERVER_ERROR,
                };
                ApiError::refused(status, error.code(), error.to_string())
            }
        }
    }
}
