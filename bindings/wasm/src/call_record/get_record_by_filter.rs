//! `POST /v4/call_record_http_srv/get_record_by_filter`

use serde::Serialize;
use trtc_call_core::call_record::get_record_by_filter::{Builder, Request, Response};
use trtc_call_core::{CallRecord, Problem, UnixSeconds};

use crate::endpoint;
use crate::error::Failure;
use crate::given::{Given, Object};
use crate::optional::{Optional, with};
use crate::problems::Problems;

/// Reads the reply.
pub(crate) fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(
        status,
        body,
        |Response {
             total,
             page,
             records,
             ..
         }| JsResponse {
            total,
            page,
            records: records.into_iter().map(JsRecord::from).collect(),
        },
    )
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsResponse {
    total: u64,
    page: u64,
    records: Vec<JsRecord>,
}

/// A record in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JsRecord {
    #[serde(flatten)]
    record: CallRecord,
    was_answered: bool,
}

impl From<CallRecord> for JsRecord {
    fn from(record: CallRecord) -> JsRecord {
        JsRecord {
            was_answered: record.result.was_answered(),
            record,
        }
    }
}

/// Reads it out of `{ now, startTime?, endTime?, result?, callType?, pageSize?, page? }`.
pub(crate) fn read(json: &str) -> Result<Request, Failure> {
    let mut object = Object::read("filter", json)?;
    let mut problems = Problems::default();
    let now = object.required("now");
    let now = problems.note(now.and_then(|now| seconds(now, "now")));
    let mut optional = Optional {
        object: &mut object,
        problems: &mut problems,
    };
    let start_time = optional.of("startTime", seconds);
    let end_time = optional.of("endTime", seconds);
    let result = optional.of("result", Given::text);
    let call_type = optional.of("callType", Given::text);
    let page_size = optional.of("pageSize", |given, field| given.whole_32(field, "records"));
    let page = optional.of("page", |given, field| given.whole_32(field, "pages"));
    problems.extend(object.leftovers());
    let mut filter = Request::builder();
    filter = with(filter, start_time, Builder::start_time);
    filter = with(filter, end_time, Builder::end_time);
    filter = with(filter, result.as_deref(), Builder::result);
    filter = with(filter, call_type.as_deref(), Builder::call_type);
    filter = with(filter, page_size, Builder::page_size);
    filter = with(filter, page, Builder::page);
    let Some(now) = now else {
        return problems.unless_any(None);
    };
    let request = problems.note_all(filter.build(now));
    problems.unless_any(request)
}

fn seconds(given: Given<'_>, field: &str) -> Result<UnixSeconds, Problem> {
    given.whole(field, "Unix seconds").map(UnixSeconds)
}
