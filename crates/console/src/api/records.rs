//! `/api/records`: what became of past calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Serialize;
use trtc_call::call_record::get_record_by_callid;
use trtc_call::call_record::get_record_by_filter::Request;
use trtc_call::{
    CallId, CallRecord, Error, ErrorCode, JsonText, Problem, ProblemCode, UnixSeconds,
};

use super::send;
use crate::Shared;
use crate::api_error::ApiError;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordPage {
    request_id: Option<String>,
    total: u64,
    page: u64,
    records: Vec<Listed>,
    /// Entries of the list that are no records, as they arrived.
    unreadable: Vec<JsonText>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(flatten)]
    record: CallRecord,
    was_answered: bool,
}

impl From<CallRecord> for Listed {
    fn from(record: CallRecord) -> Listed {
        Listed {
            was_answered: record.result.was_answered(),
            record,
        }
    }
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<RecordPage>, ApiError> {
    let request = read(query, shared.now().seconds())?;
    match shared.send(&request).await {
        Ok(reply) => Ok(Json(RecordPage {
            request_id: Some(reply.request_id),
            total: reply.response.total,
            page: reply.response.page,
            records: reply
                .response
                .records
                .into_iter()
                .map(Listed::from)
                .collect(),
            unreadable: reply.response.unreadable,
        })),
        // Nothing matches, which is no failure for who lists.
        Err(Error::Server(refusal)) if refusal.code == ErrorCode::RECORD_NOT_FOUND => {
            Ok(Json(RecordPage {
                request_id: refusal.request_id,
                total: 0,
                page: 0,
                records: Vec::new(),
                unreadable: Vec::new(),
            }))
        }
        Err(error) => Err(ApiError::service::<Request>(error)),
    }
}

/// The filter that the query names, or all that is wrong with it.
fn read(query: BTreeMap<String, String>, now: UnixSeconds) -> Result<Request, ApiError> {
    let mut problems = Vec::new();
    let mut filter = Request::builder();
    for (name, value) in query {
        let number = |what: &str| {
            value.parse::<u64>().map_err(|_| {
                let rule = format!("must be a whole number of {what}, not {value:?}");
                Problem::new(name.as_str(), rule, "mend the value, or leave it out")
                    .coded(ProblemCode::NotWhole)
            })
        };
        let small = |what| number(what).map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        let with = filter.clone();
        let with = match name.as_str() {
            "startTime" => number("Unix seconds").map(|it| with.start_time(UnixSeconds(it))),
            "endTime" => number("Unix seconds").map(|it| with.end_time(UnixSeconds(it))),
            "result" => Ok(with.result(value.as_str())),
            "callType" => Ok(with.call_type(value.as_str())),
            "pageSize" => small("records").map(|it| with.page_size(it)),
            "page" => small("pages").map(|it| with.page(it)),
            _ => Err(Problem::new(
                name.as_str(),
                "is not a property of the filter",
                "remove it, or mend its spelling",
            )
            .coded(ProblemCode::UnknownProperty)),
        };
        match with {
            Ok(with) => filter = with,
            Err(problem) => problems.push(problem),
        }
    }
    match filter.build(now) {
        Ok(request) if problems.is_empty() => Ok(request),
        Ok(_) => Err(ApiError::Invalid(problems)),
        Err(invalid) => {
            let broken = invalid.into_problems().into_iter();
            problems.extend(broken.map(Problem::in_javascript));
            Err(ApiError::Invalid(problems))
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordReply {
    request_id: String,
    record: CallRecord,
    was_answered: bool,
}

pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<RecordReply>, ApiError> {
    let request = get_record_by_callid::Request::new(CallId::new(id)?);
    let reply = send(&shared, &request).await?;
    let record = reply.response.record;
    Ok(Json(RecordReply {
        request_id: reply.request_id,
        was_answered: record.result.was_answered(),
        record,
    }))
}
