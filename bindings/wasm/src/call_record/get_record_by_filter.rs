//! `POST /v4/call_record_http_srv/get_record_by_filter`

use serde::Serialize;
use trtc_call_core::call_record::get_record_by_filter::{Builder, Request, Response};
use trtc_call_core::{CallRecord, Problem, UnixSeconds};

use crate::endpoint;
use crate::error::Failure;
use crate::given::{Given, Object};
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
    let mut filter = Request::builder();
    let mut take = |name, set: &dyn Fn(Builder, Given<'_>) -> Result<Builder, Problem>| {
        if let Some(given) = object.take(name)
            && let Some(with) = problems.note(set(filter.clone(), given))
        {
            filter = with;
        }
    };
    take("startTime", &|filter, given| {
        Ok(filter.start_time(seconds(given, "startTime")?))
    });
    take("endTime", &|filter, given| {
        Ok(filter.end_time(seconds(given, "endTime")?))
    });
    take("result", &|filter, given| {
        Ok(filter.result(given.text("result")?.as_str()))
    });
    take("callType", &|filter, given| {
        Ok(filter.call_type(given.text("callType")?.as_str()))
    });
    take("pageSize", &|filter, given| {
        Ok(filter.page_size(given.whole_32("pageSize", "records")?))
    });
    take("page", &|filter, given| {
        Ok(filter.page(given.whole_32("page", "pages")?))
    });
    problems.extend(object.leftovers());
    let Some(now) = now else {
        return problems.unless_any(None);
    };
    let request = filter
        .build(now)
        .map_err(|invalid| problems.extend(invalid.problems().iter().cloned()))
        .ok();
    problems.unless_any(request)
}

fn seconds(given: Given<'_>, field: &str) -> Result<UnixSeconds, Problem> {
    given.whole(field, "Unix seconds").map(UnixSeconds)
}
