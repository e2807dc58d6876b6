//! Whatever a server answers to a listing, the pages go up by one, a failure keeps the place or ends the list, the end
//! is the end, no record comes on two pages in a row, and a short page is followed by another only where more match.
#![no_main]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use trtc_call_core::call_record::Pages;
use trtc_call_core::call_record::get_record_by_filter::Request;
use trtc_call_core::{Effect, Endpoint, Error, ParseErrorKind, UnixSeconds};

#[derive(Debug, Arbitrary)]
enum Answer<'a> {
    Page {
        total: u64,
        page: u64,
        calls: Vec<u8>,
    },
    Refusal {
        code: i64,
    },
    Bytes {
        status: u16,
        body: &'a [u8],
    },
}

fuzz_target!(|input: (u32, u32, Vec<Answer<'_>>)| {
    let (page_size, page, answers) = input;
    let builder = Request::builder().page_size(page_size).page(page);
    let Ok(first) = builder.build(UnixSeconds(0)) else {
        assert!(page_size == 0 || page == 0);
        return;
    };
    let mut pages = Pages::new(first);
    let mut last_page = BTreeSet::new();
    for answer in &answers {
        let Some(asked) = pages.next_request().map(Request::page) else {
            break;
        };
        let parsed = match answer {
            Answer::Page { total, page, calls } => {
                Request::parse(200, full_reply(*total, *page, calls).as_bytes())
            }
            Answer::Refusal { code } => Request::parse(
                200,
                format!(r#"{{"ErrorCode":{code},"ErrorInfo":"","ActionStatus":"FAIL"}}"#)
                    .as_bytes(),
            ),
            Answer::Bytes { status, body } => Request::parse(*status, body),
        };
        let came = parsed.as_ref().map_or(0, |reply| {
            reply.response.records.len() + reply.response.unreadable.len()
        });
        let is_refused = parsed
            .as_ref()
            .is_err_and(|error| error.effect() == Effect::Refused);
        let ends = is_refused || parsed.is_ok() || parsed.as_ref().is_err_and(comes_again);
        match pages.take(parsed) {
            Ok(records) => {
                let ids: BTreeSet<_> = records.iter().map(|r| r.call_id.clone()).collect();
                assert!(ids.is_disjoint(&last_page));
                if let Some(next) = pages.next_request() {
                    assert_eq!(next.page(), asked + 1);
                    let is_full = u32::try_from(came).unwrap() >= page_size;
                    let matching = pages.total().unwrap();
                    assert!(is_full || matching > u64::try_from(came).unwrap());
                }
                last_page = ids;
            }
            // A page that repeats another ends the list, and so does what would be answered so again.
            Err(_) => {
                let next = pages.next_request().map(Request::page);
                assert_eq!(next, Some(asked).filter(|_| !ends));
            }
        }
    }
});

/// A redirect, or a refusal that speaks neither of time nor of load.
fn comes_again(error: &Error) -> bool {
    let Error::Parse(error) = error else {
        return false;
    };
    let is_lasting = matches!(error.status, 300..=407 | 409..=428 | 430..=499);
    error.kind == ParseErrorKind::HttpStatus && is_lasting
}

fn full_reply(total: u64, page: u64, calls: &[u8]) -> String {
    let mut records = String::new();
    for (index, call) in calls.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            records,
            r#"{comma}{{"CallId":"{call}","Caller_Account":"r","MediaType":"Audio","CallType":"SingleCall","StartTime":1,"EndTime":2,"CallResult":"Cancel","CalleeList_Account":[]}}"#
        );
    }
    format!(
        r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"i","Response":{{"TotalNum":{total},"Page":{page},"CallRecordList":[{records}]}}}}"#
    )
}
