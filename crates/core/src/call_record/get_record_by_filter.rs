//! `POST /v4/call_record_http_srv/get_record_by_filter`
//!
//! Lists the records of calls within the last 7 days, a page at a time; [`Pages`](super::Pages) asks
//! for one after the other. Where there is nothing, the service may also answer 101050.
//! <https://trtc.io/document/68931>
//!
//! ```
//! use trtc_call_core::call_record::get_record_by_filter::Request;
//! use trtc_call_core::{CallResult, UnixSeconds};
//!
//! let now = UnixSeconds(1_700_000_000);
//! let missed = Request::builder()
//!     .start_time(UnixSeconds(now.0 - 24 * 3600))
//!     .result(CallResult::NotAnswer)
//!     .build(now)?;
//! # Ok::<(), trtc_call_core::InvalidRequest>(())
//! ```

use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{CallRecord, CallResult, CallType, SERVICE, WireRecord};
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, required_payload};
use crate::input::{FromInput, Given, Properties};
use crate::offline_push::{Advice, AdviceCode, unknown_fields, unknown_word};
use crate::problem::Problems;
use crate::wire::{self, Count};
use crate::{Extra, InvalidRequest, JsonText, Problem, ProblemCode, UnixSeconds};

/// How long the service keeps records, and so how far back it lists them.
pub const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// How many records the service puts on a page unless told otherwise.
pub const DEFAULT_PAGE_SIZE: u32 = 10;

/// Asks for one page of records. Made by [`Request::builder`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<UnixSeconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<UnixSeconds>,
    #[serde(rename = "CallResult", skip_serializing_if = "Option::is_none")]
    result: Option<CallResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_type: Option<CallType>,
    #[serde(rename = "NumberPerPage", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    page_size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    page: Option<u32>,
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schemars(skip))]
    extra: Extra,
    #[serde(skip)]
    #[cfg_attr(feature = "openapi", schemars(skip))]
    advice: Vec<Advice>,
}

impl Request {
    /// Asks for the first page of all records, unless the builder is told otherwise.
    pub fn builder() -> Builder {
        Builder {
            request: Request {
                start_time: None,
                end_time: None,
                result: None,
                call_type: None,
                page_size: None,
                page: None,
                extra: Extra::new(),
                advice: Vec::new(),
            },
        }
    }

    /// From when on; without it, from 7 days ago.
    #[must_use]
    pub fn start_time(&self) -> Option<UnixSeconds> {
        self.start_time
    }

    /// Until when; without it, until now.
    #[must_use]
    pub fn end_time(&self) -> Option<UnixSeconds> {
        self.end_time
    }

    /// Only calls that ended so.
    #[must_use]
    pub fn result(&self) -> Option<&CallResult> {
        self.result.as_ref()
    }

    /// Only calls of that type.
    #[must_use]
    pub fn call_type(&self) -> Option<&CallType> {
        self.call_type.as_ref()
    }

    /// The most records on a page.
    #[must_use]
    pub fn page_size(&self) -> u32 {
        self.page_size.unwrap_or(DEFAULT_PAGE_SIZE)
    }

    /// Which page, from 1.
    #[must_use]
    pub fn page(&self) -> u32 {
        self.page.unwrap_or(1)
    }

    /// Further fields, which this release does not know. Each page is asked for with them.
    #[must_use]
    pub fn extra(&self) -> &Extra {
        &self.extra
    }

    /// What its sender should know: that times were moved, or lie where no record is, and which words and
    /// fields this release does not know.
    #[must_use]
    pub fn advice(&self) -> &[Advice] {
        &self.advice
    }

    /// Moves a start that is too long ago to where records begin, and notes what is worth knowing about the times.
    fn keep_within(&mut self, now: UnixSeconds) {
        let first = UnixSeconds(now.0.saturating_sub(KEPT_FOR.as_secs()));
        if let Some(end) = self.end_time
            && end < first
        {
            self.advice.push(
                Advice::new(
                    AdviceCode::RecordsGone,
                    "end_time",
                    &format!("{end} is more than 7 days before now ({now}): no record is that old"),
                    "ask for later calls, and save records within 7 days",
                )
                .with("end", end.0),
            );
            return;
        }
        if let Some(start) = self.start_time
            && start < first
        {
            self.advice.push(
                Advice::new(
                    AdviceCode::StartTimeMoved,
                    "start_time",
                    &format!("{start} is more than 7 days before now ({now}): moved to {first}"),
                    "save records within 7 days",
                )
                .with("start", start.0)
                .with("first", first.0),
            );
            self.start_time = Some(first);
        }
        if let Some(start) = self.start_time
            && start > now
        {
            self.advice.push(
                Advice::new(
                    AdviceCode::NoRecordYet,
                    "start_time",
                    &format!("{start} is after now ({now}): no call has begun then"),
                    "check the time, and this machine's clock",
                )
                .with("start", start.0),
            );
        }
    }

    /// A service that is newer than this release may have such words; a misspelt one finds nothing.
    fn note_unknown_words(&mut self) {
        let result = match &self.result {
            Some(CallResult::Unknown(word)) => Some(("result", word, CallResult::WORDS)),
            _ => None,
        };
        let call_type = match &self.call_type {
            Some(CallType::Unknown(word)) => Some(("call_type", word, CallType::WORDS)),
            _ => None,
        };
        let unknown = [result, call_type].into_iter().flatten();
        let advice = unknown.map(|(field, word, known)| unknown_word(field, word, known));
        self.advice.extend(advice);
    }

    /// The same question about the next page; `None` after the last that can be numbered.
    pub(super) fn next_page(&self) -> Option<Request> {
        let page = self.page().checked_add(1)?;
        Some(Request {
            page: Some(page),
            ..self.clone()
        })
    }
}

/// Gathers a filter's fields; [`build`](Self::build) reports all problems at once.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    request: Request,
}

impl Builder {
    /// Only calls from then on. A time more than 7 days before now is moved there, as the service does, with
    /// [`Advice`].
    pub fn start_time(mut self, start_time: UnixSeconds) -> Builder {
        self.request.start_time = Some(start_time);
        self
    }

    /// Only calls until then.
    pub fn end_time(mut self, end_time: UnixSeconds) -> Builder {
        self.request.end_time = Some(end_time);
        self
    }

    /// Only calls that ended so: a [`CallResult`], or the service's word for it. One that this release does not know
    /// travels as it is, with [`Advice`].
    pub fn result(mut self, result: impl Into<CallResult>) -> Builder {
        self.request.result = Some(result.into());
        self
    }

    /// Only calls of that type: a [`CallType`], or the service's word for it. One that this release does not know
    /// travels as it is, with [`Advice`].
    pub fn call_type(mut self, call_type: impl Into<CallType>) -> Builder {
        self.request.call_type = Some(call_type.into());
        self
    }

    /// The most records on a page, 1 or more; 10 without it. The service documents no upper limit.
    pub fn page_size(mut self, page_size: u32) -> Builder {
        self.request.page_size = Some(page_size);
        self
    }

    /// Which page, from 1. The first without it.
    pub fn page(mut self, page: u32) -> Builder {
        self.request.page = Some(page);
        self
    }

    /// Fields that the service has and this release does not know: they travel as they are, with every page.
    pub fn extra(mut self, extra: Extra) -> Builder {
        self.request.extra = extra;
        self
    }

    /// The request, if it follows every rule.
    ///
    /// # Errors
    /// All problems: times that are milliseconds, a start after the end, a page size or a page of 0, a
    /// further field that has a setter of its own.
    pub fn build(self, now: UnixSeconds) -> Result<Request, InvalidRequest> {
        let Builder { mut request } = self;
        let mut problems = Problems::default();
        for (field, time) in [
            ("start_time", request.start_time),
            ("end_time", request.end_time),
        ] {
            if time.is_some_and(|time| time.0 >= MILLISECONDS_FROM) {
                let rule = "must be Unix seconds; so large a number is milliseconds";
                problems.push(
                    Problem::new(field, rule, "divide it by 1000").coded(ProblemCode::Milliseconds),
                );
            }
        }
        if let (Some(start), Some(end)) = (request.start_time, request.end_time)
            && start > end
        {
            problems.push(
                Problem::new(
                    "start_time",
                    format!("must not be after end_time, but {start} is after {end}"),
                    "exchange them",
                )
                .coded(ProblemCode::StartAfterEnd)
                .with("start", start.0)
                .with("end", end.0),
            );
        }
        for (field, value) in [("page_size", request.page_size), ("page", request.page)] {
            if value == Some(0) {
                let fix = "leave it out for the default";
                problems.push(
                    Problem::new(field, "must be at least 1", fix)
                        .coded(ProblemCode::OutOfRange)
                        .with("from", 1)
                        .with("found", 0),
                );
            }
        }
        let known = Request::COMMAND.fields;
        let extra = request.extra.check("", |name| known.contains(&name));
        extra.for_each(|problem| problems.push(problem));
        problems.into_result()?;
        request.keep_within(now);
        request.note_unknown_words();
        let unknown = unknown_fields("extra.", &request.extra, known);
        request.advice.extend(unknown);
        Ok(request)
    }
}

/// A time from here on is milliseconds: as seconds, it lies 3000 years ahead.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// One page of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// How many records match, on all pages.
    pub total: u64,
    /// This page's number. 0: there is nothing here, and nothing behind it.
    pub page: u64,
    /// The records.
    pub records: Vec<CallRecord>,
    /// Entries of the list that are no records, such as one without a CallId, as they arrived.
    pub unreadable: Vec<JsonText>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireResponse<'a> {
    total_num: Count,
    page: Count,
    #[serde(borrow)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Vec<WireRecord<'a>>>"))]
    call_record_list: Option<Vec<Entry<'a>>>,
}

/// What stands in the list; `None` is `null`.
type Entry<'a> = Option<&'a RawValue>;

/// The record that an entry is, or its text.
fn record(entry: Entry<'_>) -> Result<CallRecord, JsonText> {
    let Some(json) = entry else {
        return Err(JsonText::null());
    };
    match wire::read::<WireRecord<'_>>("", json) {
        Ok(record) => Ok(record.into()),
        Err(_) => Err(json.into()),
    }
}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "get_record_by_filter",
        repeat: Repeat::Harmless,
        vendor_page: 68931,
        fields: &[
            "StartTime",
            "EndTime",
            "CallResult",
            "CallType",
            "NumberPerPage",
            "Page",
        ],
    };

    fn show<S: Serializer>(response: &Response, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Shown<'a> {
            total: u64,
            page: u64,
            records: Vec<ListedRecord<'a>>,
            unreadable: &'a [JsonText],
        }
        let shown = Shown {
            total: response.total,
            page: response.page,
            records: response.records.iter().map(ListedRecord::of).collect(),
            unreadable: &response.unreadable,
        };
        shown.serialize(serializer)
    }

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        let WireResponse {
            total_num: Count(total),
            page: Count(page),
            call_record_list,
        } = required_payload(payload)?;
        let list = match call_record_list {
            Some(list) => list,
            None if page == 0 || total == 0 => Vec::new(),
            // An empty list ends the listing: a missing one must not pass for it.
            None => {
                return Err(PayloadError::new(format!(
                    "`Response.CallRecordList` is missing from page {page} of {total} records"
                )));
            }
        };
        let (mut records, mut unreadable) = (Vec::with_capacity(list.len()), Vec::new());
        for entry in list {
            match record(entry) {
                Ok(record) => records.push(record),
                Err(json) => unreadable.push(json),
            }
        }
        Ok(Response {
            total,
            page,
            records,
            unreadable,
        })
    }
}

/// `{ now, startTime?, endTime?, result?, callType?, pageSize?, page?, extra? }`
impl FromInput for Request {
    const WHAT: &'static str = "filter";

    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        let now = input.required("now", Given::unix_seconds);
        let extra = input.optional("extra", |given| Extra::from_json(given.json()));
        let filter = Builder {
            request: Request {
                extra: extra.unwrap_or_default(),
                start_time: input.optional("startTime", Given::unix_seconds),
                end_time: input.optional("endTime", Given::unix_seconds),
                result: input.optional("result", |word| Ok(word.text()?.as_str().into())),
                call_type: input.optional("callType", |word| Ok(word.text()?.as_str().into())),
                page_size: input.optional("pageSize", |size| size.whole_32("records")),
                page: input.optional("page", |page| page.whole_32("pages")),
                advice: Vec::new(),
            },
        };
        input.note_all(filter.build(now?))
    }
}

/// A record in a list, as shells show it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedRecord<'a> {
    #[serde(flatten)]
    record: &'a CallRecord,
    was_answered: bool,
}

impl ListedRecord<'_> {
    /// Shows that record.
    #[must_use]
    pub fn of(record: &CallRecord) -> ListedRecord<'_> {
        ListedRecord {
            was_answered: record.result.was_answered(),
            record,
        }
    }
}

#[cfg(feature = "openapi")]
impl crate::openapi::OnTheWire for Request {
    fn payload() -> crate::openapi::Payload {
        crate::openapi::Payload::required::<WireResponse<'_>>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_700_000_000);
    const DAY: u64 = 24 * 3600;

    fn before_now(seconds: u64) -> UnixSeconds {
        UnixSeconds(NOW.0 - seconds)
    }

    fn fields(result: Result<Request, InvalidRequest>) -> Vec<String> {
        let error = result.unwrap_err();
        error.problems().iter().map(|p| p.field.clone()).collect()
    }

    fn parse(response: &str) -> Result<Response, crate::Error> {
        let body = format!(
            r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{response}}}"#
        );
        Request::parse(200, body.as_bytes()).map(|reply| reply.response)
    }

    #[test]
    fn without_a_filter_the_body_is_an_empty_object() {
        assert_eq!(Request::builder().build(NOW).unwrap().body(), "{}");
    }

    #[test]
    fn every_filter_travels_under_its_documented_name() {
        let request = Request::builder()
            .start_time(before_now(7 * DAY))
            .end_time(NOW)
            .result("notanswer")
            .call_type(CallType::MultiCall)
            .page_size(100)
            .page(3)
            .build(NOW)
            .unwrap();
        assert_eq!(
            request.body(),
            r#"{"StartTime":1699395200,"EndTime":1700000000,"CallResult":"NotAnswer","CallType":"MultiCall","NumberPerPage":100,"Page":3}"#
        );
    }

    fn advised(request: &Request) -> Vec<(&'static str, &str)> {
        let advice = request.advice().iter();
        advice
            .map(|advice| (advice.code.code(), advice.field.as_str()))
            .collect()
    }

    #[test]
    fn a_start_of_any_age_is_moved_to_where_records_begin_with_advice() {
        let start = |time| Request::builder().start_time(time).build(NOW).unwrap();
        let first = before_now(7 * DAY);
        for time in [NOW, first, UnixSeconds(NOW.0 + 60)] {
            assert_eq!(start(time).start_time(), Some(time));
        }
        assert_eq!(start(first).advice(), []);
        for early in [before_now(7 * DAY + 1), before_now(8 * DAY), UnixSeconds(0)] {
            let request = start(early);
            assert_eq!(request.start_time(), Some(first));
            assert_eq!(advised(&request), [("start_time_moved", "start_time")]);
            assert_eq!(request.body(), r#"{"StartTime":1699395200}"#);
        }
        let later = start(UnixSeconds(NOW.0 + 60));
        assert_eq!(advised(&later), [("no_record_yet", "start_time")]);
    }

    #[test]
    fn an_end_may_lie_in_the_future_or_before_all_records_and_not_before_the_start() {
        let end = |time| Request::builder().end_time(time).build(NOW).unwrap();
        for time in [NOW, UnixSeconds(NOW.0 + 300), UnixSeconds(NOW.0 + 30 * DAY)] {
            assert_eq!(end(time).advice(), []);
            assert_eq!(end(time).end_time(), Some(time));
        }
        let gone = end(before_now(8 * DAY));
        assert_eq!(advised(&gone), [("records_gone", "end_time")]);
        let both = |start, end| {
            let builder = Request::builder().start_time(before_now(start));
            builder.end_time(before_now(end)).build(NOW)
        };
        assert!(both(60, 60).is_ok());
        assert!(both(9 * DAY, 8 * DAY).is_ok());
        assert_eq!(fields(both(60, 61)), ["start_time"]);
    }

    #[test]
    fn milliseconds_are_met_with_the_advice_to_give_seconds() {
        for time in [NOW.0 * 1000, u64::MAX] {
            let time = UnixSeconds(time);
            let builder = Request::builder().start_time(time).end_time(time);
            let error = builder.build(NOW).unwrap_err();
            assert!(error.to_string().contains("is milliseconds"), "{error}");
            assert_eq!(fields(Err(error)), ["start_time", "end_time"]);
        }
    }

    #[test]
    fn a_word_that_this_release_does_not_know_travels_as_it_is_with_advice() {
        let builder = Request::builder().result("Bored").call_type("Conference");
        let request = builder.build(NOW).unwrap();
        assert_eq!(
            request.body(),
            r#"{"CallResult":"Bored","CallType":"Conference"}"#
        );
        assert_eq!(
            advised(&request),
            [("unknown_value", "result"), ("unknown_value", "call_type")]
        );
        assert!(
            request
                .advice()
                .iter()
                .all(|advice| advice.message.contains("travels as it is"))
        );
        for (result, call_type) in CallResult::WORDS.iter().zip(CallType::WORDS.iter().cycle()) {
            let builder = Request::builder().result(*result).call_type(*call_type);
            assert_eq!(builder.build(NOW).unwrap().advice(), [], "{result}");
        }
    }

    #[test]
    fn further_fields_travel_with_every_page_and_replace_none_of_ours() {
        let with = |json| {
            Request::builder()
                .extra(Extra::from_json(json).unwrap())
                .build(NOW)
        };
        let first = with(r#"{"Pagge":12345678901234567890}"#).unwrap();
        assert_eq!(advised(&first), [("unknown_field", "extra.Pagge")]);
        assert_eq!(
            first.next_page().unwrap().body(),
            r#"{"Page":2,"Pagge":12345678901234567890}"#
        );
        assert_eq!(fields(with(r#"{"Page":5}"#)), ["extra.Page"]);
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let result = Request::builder()
            .start_time(UnixSeconds(NOW.0 * 1000))
            .end_time(NOW)
            .result("Bored")
            .call_type("Conference")
            .page_size(0)
            .page(0)
            .build(NOW);
        assert_eq!(
            fields(result),
            ["start_time", "start_time", "page_size", "page"]
        );
    }

    #[test]
    fn an_empty_page_may_come_without_a_list_and_a_full_one_may_not() {
        for empty in [
            r#"{"TotalNum":0,"Page":0}"#,
            r#"{"TotalNum":0,"Page":0,"CallRecordList":null}"#,
            r#"{"TotalNum":5,"Page":0,"CallRecordList":[]}"#,
            r#"{"TotalNum":0,"Page":1,"CallRecordList":null}"#,
        ] {
            assert_eq!(parse(empty).unwrap().records, [], "{empty}");
        }
        for broken in [
            r#"{"TotalNum":5,"Page":1}"#,
            r#"{"TotalNum":5,"CallRecordList":[]}"#,
            r#"{"Page":0,"CallRecordList":[]}"#,
            r#"{"TotalNum":-1,"Page":0,"CallRecordList":[]}"#,
            r#"{"TotalNum":"many","Page":0,"CallRecordList":[]}"#,
            r#"{"TotalNum":0,"Page":0,"CallRecordList":{}}"#,
            r#"{"TotalNum":1,"TotalNum":2,"Page":0,"CallRecordList":[]}"#,
        ] {
            assert!(parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn an_entry_that_is_no_record_is_told_and_the_others_are_read() {
        let page = parse(
            r#"{"TotalNum":5,"Page":1,"CallRecordList":[{"CallId":"a"},null,{"CallId":"","n":1.50},
            {"CallId":"b","CallId":"c"},{"CallId":"d","StartTime":"","EndTime":-1,"AcceptTime":1.5,"CallResult":{}}]}"#,
        )
        .unwrap();
        let ids: Vec<_> = page
            .records
            .iter()
            .map(|record| record.call_id.as_str())
            .collect();
        assert_eq!(ids, ["a", "d"]);
        for record in &page.records {
            assert_eq!(
                (record.start_time, record.end_time),
                (UnixSeconds(0), UnixSeconds(0))
            );
            assert_eq!(record.accept_time, None);
            assert_eq!(record.result, CallResult::Unknown(String::new()));
            assert_eq!(record.caller.as_str(), "");
        }
        let unreadable: Vec<_> = page.unreadable.iter().map(JsonText::as_str).collect();
        assert_eq!(
            unreadable,
            [
                "null",
                r#"{"CallId":"","n":1.50}"#,
                r#"{"CallId":"b","CallId":"c"}"#
            ]
        );
    }

    proptest! {
        #[test]
        fn whatever_builds_is_within_the_rules(
            start: Option<u64>, end: Option<u64>, page_size: Option<u32>, page: Option<u32>, now: u64,
        ) {
            let mut builder = Request::builder();
            builder.request.start_time = start.map(UnixSeconds);
            builder.request.end_time = end.map(UnixSeconds);
            builder.request.page_size = page_size;
            builder.request.page = page;
            if let Ok(request) = builder.build(UnixSeconds(now)) {
                prop_assert!(request.page_size() >= 1 && request.page() >= 1);
                if let (Some(start), Some(end)) = (request.start_time(), request.end_time()) {
                    prop_assert!(start <= end);
                }
            }
        }
    }
}
