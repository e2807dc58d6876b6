use std::collections::BTreeSet;

use super::CallRecord;
use super::get_record_by_filter::{Request, Response};
use crate::{CallId, Error, ErrorCode, JsonText, ParseError, ParseErrorKind, Reply};

/// Lists records page by page: says what to send next, and takes what came back.
///
/// ```
/// use trtc_call_core::call_record::{Pages, get_record_by_filter::Request};
/// use trtc_call_core::{CallRecord, Endpoint as _, Error};
///
/// fn list(first: Request, send: impl Fn(&Request) -> (u16, Vec<u8>)) -> Result<Vec<CallRecord>, Error> {
///     let mut pages = Pages::new(first);
///     let mut records = Vec::new();
///     while let Some(request) = pages.next_request() {
///         let (status, body) = send(request);
///         records.extend(pages.take(Request::parse(status, &body))?);
///     }
///     Ok(records)
/// }
/// ```
///
/// The list ends with a page numbered 0, an empty page, a short one when as many records came as match, or error 101050. Any other error is
/// handed back. One that would only come again, such as the refusal of an account or a redirect, **ends the list**; after
/// any other it **keeps the place**: [`next_request`](Self::next_request) asks for the same page again.
///
/// The service takes no snapshot: a record that is added meanwhile can move others to the next page. One
/// that was listed before is left out, so that none is listed twice on that account. A server that repeats itself
/// instead, with another page than the one asked for or with nothing but what was listed before, is an error that
/// **ends the list**.
#[derive(Debug, Clone)]
pub struct Pages {
    /// `None` after the end.
    next: Option<Request>,
    listed: BTreeSet<CallId>,
    /// The entries that were no records.
    unreadable: BTreeSet<String>,
    /// Those of them that nobody has asked for.
    untold: Vec<JsonText>,
    total: Option<u64>,
}

impl Pages {
    /// Begins with the page that `first` asks for.
    #[must_use]
    pub fn new(first: Request) -> Pages {
        Pages {
            next: Some(first),
            listed: BTreeSet::new(),
            unreadable: BTreeSet::new(),
            untold: Vec::new(),
            total: None,
        }
    }

    /// What to send next; `None` after the end.
    #[must_use]
    pub fn next_request(&self) -> Option<&Request> {
        self.next.as_ref()
    }

    /// How many records match on all pages, as the service counted them last; `None` before the first
    /// page.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The entries that came since this was asked last and are no records, such as one without a CallId, as they
    /// arrived. They end nothing: the other records are listed.
    pub fn take_unreadable(&mut self) -> Vec<JsonText> {
        std::mem::take(&mut self.untold)
    }

    /// Takes what came back for [`next_request`](Self::next_request), and gives the page's records.
    ///
    /// # Errors
    /// The error that was handed in, unless it is 101050. [`Error::Parse`] for a page that
    /// repeats another, which ends the list.
    pub fn take(
        &mut self,
        result: Result<Reply<Response>, Error>,
    ) -> Result<Vec<CallRecord>, Error> {
        let (request_id, response) = match result {
            Ok(reply) => (reply.request_id, reply.response),
            // For someone who lists, the end of the list.
            Err(Error::Server(error)) if error.code == ErrorCode::RECORD_NOT_FOUND => {
                self.next = None;
                self.total.get_or_insert(0);
                return Ok(Vec::new());
            }
            Err(error) => {
                if error.is_lasting() {
                    self.next = None;
                }
                return Err(error);
            }
        };
        let Response {
            total,
            page,
            mut records,
            mut unreadable,
        } = response;
        let Some(asked) = self.next.take() else {
            return Ok(Vec::new());
        };
        let repeats = |message: String| {
            let kind = ParseErrorKind::Payload;
            Err(ParseError::new(kind, 200, Some(request_id.clone()), message, b"").into())
        };
        if page > 0 && page != u64::from(asked.page()) {
            return repeats(format!(
                "page {page} came where page {} was asked for",
                asked.page()
            ));
        }
        let came = u64::try_from(records.len() + unreadable.len()).unwrap_or(u64::MAX);
        let added = total.saturating_sub(self.total.replace(total).unwrap_or(0));
        records.retain(|record| self.listed.insert(record.call_id.clone()));
        unreadable.retain(|json| self.unreadable.insert(json.to_string()));
        let is_all_old = records.is_empty() && unreadable.is_empty();
        self.untold.append(&mut unreadable);
        let listed = u64::try_from(self.listed.len() + self.unreadable.len()).unwrap_or(u64::MAX);
        // A short page may be all that the service puts on one.
        let is_last = came < u64::from(asked.page_size()) && listed >= total;
        let goes_on = page > 0 && came > 0 && !is_last;
        // So many that were added meanwhile move a whole page on.
        if goes_on && is_all_old && added < came {
            return repeats(format!(
                "page {page} holds nothing that was not listed before"
            ));
        }
        self.next = if goes_on { asked.next_page() } else { None };
        Ok(records)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::{Endpoint as _, ReportedRoom, TransportError, TransportErrorKind, UnixSeconds};

    fn first(page_size: u32) -> Request {
        let builder = Request::builder().page_size(page_size);
        builder.build(UnixSeconds(1_700_000_000)).unwrap()
    }

    fn reply(code: i64, response: &Value) -> Result<Reply<Response>, Error> {
        let body = json!({
            "ErrorCode": code,
            "ErrorInfo": "",
            "ActionStatus": if code == 0 { "OK" } else { "FAIL" },
            "RequestId": "Id-1",
            "Response": response,
        });
        Request::parse(200, body.to_string().as_bytes())
    }

    fn record(id: &str) -> Value {
        json!({
            "CallId": id, "Caller_Account": "robot", "MediaType": "Audio",
            "CallType": "SingleCall", "StartTime": 1, "EndTime": 2, "AcceptTime": 0,
            "CallResult": "NotAnswer", "CalleeList_Account": [], "RoomId": "", "RoomIdType": 0,
        })
    }

    fn page(total: usize, page: u32, ids: &[&str]) -> Result<Reply<Response>, Error> {
        let records: Vec<Value> = ids.iter().map(|id| record(id)).collect();
        let response = json!({ "TotalNum": total, "Page": page, "CallRecordList": records });
        reply(0, &response)
    }

    fn ids(records: &[CallRecord]) -> Vec<&str> {
        records
            .iter()
            .map(|record| record.call_id.as_str())
            .collect()
    }

    #[test]
    fn full_pages_are_followed_by_the_next_and_a_short_one_ends_the_list() {
        let mut pages = Pages::new(first(2));
        assert_eq!(pages.total(), None);
        assert_eq!(pages.next_request().unwrap().page(), 1);
        assert_eq!(
            ids(&pages.take(page(3, 1, &["a", "b"])).unwrap()),
            ["a", "b"]
        );
        assert_eq!(pages.total(), Some(3));
        assert_eq!(pages.next_request().unwrap().page(), 2);
        assert_eq!(pages.next_request().unwrap().page_size(), 2);
        assert_eq!(ids(&pages.take(page(3, 2, &["c"])).unwrap()), ["c"]);
        assert_eq!(pages.next_request(), None);
    }

    #[test]
    fn short_pages_go_on_until_all_that_match_have_come() {
        // Of a service that puts two on a page, whatever is asked for.
        let mut pages = Pages::new(first(100));
        assert_eq!(
            ids(&pages.take(page(3, 1, &["a", "b"])).unwrap()),
            ["a", "b"]
        );
        assert_eq!(pages.next_request().unwrap().page(), 2);
        assert_eq!(ids(&pages.take(page(3, 2, &["c"])).unwrap()), ["c"]);
        assert_eq!(pages.next_request(), None);
    }

    #[test]
    fn a_record_whose_room_cannot_be_told_or_that_lists_nobody_ends_no_list() {
        for (name, value) in [
            ("RoomIdType", json!(null)),
            ("RoomIdType", json!(0)),
            ("RoomIdType", json!("later")),
            ("RoomIdType", json!([])),
            ("RoomId", json!({})),
            ("CalleeList_Account", json!(null)),
            ("AcceptTime", json!(null)),
            ("StartTime", json!(null)),
            ("EndTime", json!(null)),
            ("MediaType", json!(null)),
            ("CallType", json!(null)),
            ("CallResult", json!(null)),
        ] {
            let mut odd = record("b");
            odd["RoomId"] = json!("room-1");
            odd["RoomIdType"] = json!(1);
            odd[name] = value;
            let list = json!({ "TotalNum": 3, "Page": 1, "CallRecordList": [record("a"), odd] });
            let mut pages = Pages::new(first(2));
            let records = pages.take(reply(0, &list)).unwrap();
            assert_eq!(ids(&records), ["a", "b"], "{name}");
            assert!(
                matches!(records[1].room, Some(ReportedRoom::Untold(_))),
                "{name}"
            );
            assert!(pages.next_request().is_some());
        }
    }

    #[test]
    fn page_0_an_empty_page_and_101050_end_the_list() {
        for end in [
            page(2, 0, &[]),
            page(2, 2, &[]),
            reply(101_050, &json!(null)),
        ] {
            let mut pages = Pages::new(first(2));
            pages.take(page(2, 1, &["a", "b"])).unwrap();
            assert!(pages.next_request().is_some(), "a full page is no end");
            assert!(pages.take(end).unwrap().is_empty());
            assert_eq!(pages.next_request(), None);
            assert_eq!(pages.total(), Some(2));
        }
        let mut pages = Pages::new(first(2));
        assert!(pages.take(reply(101_050, &json!(null))).unwrap().is_empty());
        assert_eq!(pages.total(), Some(0));
    }

    #[test]
    fn a_page_numbered_0_is_the_last_one_but_its_records_are_not_lost() {
        let mut pages = Pages::new(first(1));
        assert_eq!(ids(&pages.take(page(1, 0, &["a"])).unwrap()), ["a"]);
        assert_eq!(pages.next_request(), None);
    }

    #[test]
    fn an_entry_that_is_no_record_ends_nothing_and_is_told_once() {
        let mut pages = Pages::new(first(2));
        let list = |entries: &Value, number: u32| {
            let page = json!({ "TotalNum": 4, "Page": number, "CallRecordList": entries });
            reply(0, &page)
        };
        let odd = |n: u32| json!({ "CallResult": n });
        let taken = pages.take(list(&json!([odd(1), { "CallId": "a" }]), 1));
        assert_eq!(ids(&taken.unwrap()), ["a"]);
        let told = |pages: &mut Pages| pages.take_unreadable().len();
        assert_eq!((told(&mut pages), told(&mut pages)), (1, 0));
        // Nothing but what cannot be read is no repetition, unless it is the same again.
        let mut again = pages.clone();
        assert!(
            pages
                .take(list(&json!([odd(2), odd(3)]), 2))
                .unwrap()
                .is_empty()
        );
        assert_eq!(told(&mut pages), 2);
        assert_eq!(pages.next_request().unwrap().page(), 3);
        let error = again
            .take(list(&json!([odd(1), { "CallId": "a" }]), 2))
            .unwrap_err();
        assert!(
            error.to_string().contains("page 2 holds nothing"),
            "{error}"
        );
        // A short page with all that match is the last one, though one of them could not be read.
        let mut short = Pages::new(first(9));
        let entries = json!([odd(1), odd(2), { "CallId": "a" }, { "CallId": "b" }]);
        assert_eq!(short.take(list(&entries, 1)).unwrap().len(), 2);
        assert_eq!(short.next_request(), None);
    }

    #[test]
    fn a_page_that_fails_is_asked_for_again() {
        let mut pages = Pages::new(first(1));
        pages.take(page(2, 1, &["a"])).unwrap();
        for failure in [
            Err(TransportError::new(TransportErrorKind::Timeout, "").into()),
            reply(60_008, &json!(null)),
            reply(0, &json!({ "TotalNum": 2 })),
        ] {
            pages.take(failure).unwrap_err();
            assert_eq!(pages.next_request().unwrap().page(), 2);
        }
        assert_eq!(ids(&pages.take(page(2, 2, &["b"])).unwrap()), ["b"]);
    }

    #[test]
    fn a_record_that_moved_to_the_next_page_is_listed_once() {
        let mut pages = Pages::new(first(2));
        pages.take(page(3, 1, &["a", "b"])).unwrap();
        assert_eq!(ids(&pages.take(page(4, 2, &["b", "c"])).unwrap()), ["c"]);
        assert_eq!(pages.next_request().unwrap().page(), 3);
    }

    #[test]
    fn a_refusal_that_would_come_again_ends_the_list() {
        let mut pages = Pages::new(first(1));
        pages.take(page(2, 1, &["a"])).unwrap();
        pages.take(reply(60_010, &json!(null))).unwrap_err();
        assert_eq!(pages.next_request(), None);
    }

    #[test]
    fn a_server_that_repeats_itself_is_an_error_that_ends_the_list() {
        let ends = |mut pages: Pages, again: Result<Reply<Response>, Error>, words: &str| {
            let error = pages.take(again).unwrap_err();
            assert_eq!(error.code(), "reply_payload");
            assert_eq!(error.request_id(), Some("Id-1"));
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(pages.next_request(), None);
        };
        let mut pages = Pages::new(first(2));
        pages.take(page(9, 1, &["a", "b"])).unwrap();
        ends(
            pages.clone(),
            page(9, 1, &["a", "b"]),
            "page 1 came where page 2 was asked for",
        );
        ends(
            pages.clone(),
            page(9, 3, &["e", "f"]),
            "page 3 came where page 2 was asked for",
        );
        ends(
            pages.clone(),
            page(9, 2, &["a", "b"]),
            "page 2 holds nothing",
        );
        // In a circle.
        pages.take(page(9, 2, &["c", "d"])).unwrap();
        ends(pages, page(9, 3, &["b", "a"]), "page 3 holds nothing");
    }

    #[test]
    fn a_page_that_additions_moved_on_as_a_whole_is_no_repetition() {
        let mut pages = Pages::new(first(1));
        pages.take(page(2, 1, &["a"])).unwrap();
        assert!(pages.take(page(3, 2, &["a"])).unwrap().is_empty());
        assert_eq!(ids(&pages.take(page(3, 3, &["b"])).unwrap()), ["b"]);
    }

    #[test]
    fn the_listing_begins_where_it_is_told_and_ends_with_the_page_numbers() {
        let last = Request::builder().page_size(1).page(u32::MAX);
        let mut pages = Pages::new(last.build(UnixSeconds(0)).unwrap());
        assert_eq!(pages.next_request().unwrap().page(), u32::MAX);
        pages.take(page(9, u32::MAX, &["a"])).unwrap();
        assert_eq!(pages.next_request(), None);
    }

    proptest! {
        /// A service that holds `count` records, any of whose replies may be lost.
        #[test]
        fn every_record_is_listed_once_in_order(
            count in 0usize..40, page_size in 1u32..9, losses in prop::collection::vec(any::<bool>(), 0..40),
            ends_with_101050: bool,
        ) {
            let all: Vec<String> = (0..count).map(|n| format!("call-{n:02}")).collect();
            let mut losses = losses.into_iter();
            let mut pages = Pages::new(first(page_size));
            let mut listed = Vec::new();
            let mut requests = 0;
            while let Some(request) = pages.next_request() {
                let lost = losses.next().unwrap_or(false);
                requests += usize::from(!lost);
                let answer = if lost {
                    Err(TransportError::new(TransportErrorKind::Interrupted, "").into())
                } else {
                    let size = usize::try_from(page_size).unwrap();
                    let number = usize::try_from(request.page()).unwrap();
                    let chunk: Vec<&str> =
                        all.iter().skip((number - 1) * size).take(size).map(String::as_str).collect();
                    match chunk.as_slice() {
                        [] if ends_with_101050 => reply(101_050, &json!(null)),
                        [] => page(count, 0, &[]),
                        chunk => page(count, request.page(), chunk),
                    }
                };
                if let Ok(records) = pages.take(answer) {
                    listed.extend(records.into_iter().map(|record| record.call_id.to_string()));
                }
            }
            prop_assert_eq!(listed, all);
            prop_assert_eq!(requests, count / usize::try_from(page_size).unwrap() + 1);
        }
    }
}
