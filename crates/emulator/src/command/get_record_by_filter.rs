//! `POST /v4/call_record_http_srv/get_record_by_filter` (<https://trtc.io/document/68931>)

use serde::Serialize;
use trtc_call_core::UnixMillis;

use super::{Command, Scene};
use crate::call::Call;
use crate::exchange::RECORD_KEPT_FOR;
use crate::field::{FieldError, Fields};
use crate::json::json;
use crate::reply::{Outcome, Refusal};
use crate::wire::CallRecord;

pub(super) const COMMAND: Command = Command {
    service: "call_record_http_srv",
    name: "get_record_by_filter",
    serve,
};

const DEFAULT_PAGE_SIZE: i64 = 10;
const LARGEST: i64 = u32::MAX as i64;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Payload<'a> {
    total_num: usize,
    page: i64,
    call_record_list: Vec<CallRecord<'a>>,
}

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let filter = Filter::read(request, scene.now)?;
    let page_size = request.optional_integer("NumberPerPage", &(1..=LARGEST))?;
    let page_size = to_usize(page_size.unwrap_or(DEFAULT_PAGE_SIZE));
    let page = request
        .optional_integer("Page", &(1..=LARGEST))?
        .unwrap_or(1);
    let before = to_usize(page - 1).saturating_mul(page_size);
    let calls = scene.exchange.calls();
    // The latest first; in which order the service lists them is not documented.
    let records: Vec<CallRecord<'_>> = calls
        .into_iter()
        .rev()
        .filter(|call| call.has_record && filter.admits(call))
        .filter_map(CallRecord::of)
        .collect();
    if records.is_empty() {
        return Err(Refusal::by_code(101_050));
    }
    let total_num = records.len();
    let of_page = records.into_iter().skip(before).take(page_size);
    let call_record_list: Vec<CallRecord<'_>> = of_page.collect();
    Ok(Some(json(&Payload {
        total_num,
        page: if call_record_list.is_empty() { 0 } else { page },
        call_record_list,
    })))
}

fn to_usize(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Which records are asked for.
struct Filter<'a> {
    /// In Unix seconds: the call began then or later.
    start: i64,
    /// In Unix seconds: it ended then or earlier.
    end: i64,
    result: Option<&'a str>,
    call_type: Option<&'a str>,
}

impl<'a> Filter<'a> {
    fn read(request: Fields<'a>, now: UnixMillis) -> Result<Filter<'a>, FieldError> {
        let now = as_i64(now);
        let earliest = now.saturating_sub_unsigned(RECORD_KEPT_FOR.as_secs());
        let start = request.optional_integer("StartTime", &(0..=i64::MAX))?;
        let end = request.optional_integer("EndTime", &(0..=i64::MAX))?;
        Ok(Filter {
            // The service moves what is too early.
            start: start.unwrap_or(earliest).max(earliest),
            end: end.unwrap_or(now),
            // A word that no record has is not said to be refused: it finds nothing.
            result: request.optional_string("CallResult")?,
            call_type: request.optional_string("CallType")?,
        })
    }

    fn admits(&self, call: &Call) -> bool {
        call.end.is_some_and(|end| {
            as_i64(call.started_at) >= self.start
                && as_i64(end.at) <= self.end
                && self.result.is_none_or(|word| word == end.result.as_str())
                && self.call_type.is_none_or(|word| word == call.call_type())
        })
    }
}

fn as_i64(moment: UnixMillis) -> i64 {
    i64::try_from(moment.seconds().0).unwrap_or(i64::MAX)
}
