//! Listing records and the callback configuration, the client against the emulator over TCP.

use std::num::NonZeroU32;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt};
use trtc_call::call_config::{delete_callback, get_callback, if_configured, set_callback};
use trtc_call::call_engine::start_call_by_robot;
use trtc_call::call_record::get_record_by_filter::Request;
use trtc_call::webhook::CallbackCommand;
use trtc_call::{
    BaseUrl, CallResult, CallType, Client, ClientBuilder, Error, ErrorCode, JsonText, MediaType,
    Region, RetryPolicy, SdkAppId, SecretKey, UnixSeconds, UserId,
};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Alteration, Config, Emulator, Fault, FaultKind};

const LIST: &str = "get_record_by_filter";

/// An emulator on which that many calls to a busy user have left a record, and a client of it.
async fn emulator_with_records(calls: usize) -> (Server, Client) {
    let config = Config::new(SdkAppId::new(1_400_000_001).unwrap(), key());
    let server = Server::start(config).await.unwrap();
    let client = builder(&server).build().unwrap();
    let call = start_call_by_robot::Request::builder("robot", ["busy"], MediaType::Audio)
        .build()
        .unwrap();
    for _ in 0..calls {
        client.send(&call).await.unwrap();
    }
    server.with(|emulator| emulator.advance_by(Duration::from_secs(10)));
    (server, client)
}

fn key() -> SecretKey {
    SecretKey::new("the key").unwrap()
}

fn builder(server: &Server) -> ClientBuilder {
    Client::builder(
        SdkAppId::new(1_400_000_001).unwrap(),
        key(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(&server.base_url()).unwrap()),
    )
    .retry_policy(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

fn filter(page_size: u32) -> Request {
    let builder = Request::builder().page_size(page_size);
    builder.build(UnixSeconds(0)).unwrap()
}

/// The CallIds of all calls, the latest first.
fn call_ids(server: &Server) -> Vec<String> {
    server.with(|emulator| {
        let calls = emulator.calls();
        calls
            .iter()
            .rev()
            .map(|call| call.call_id.clone())
            .collect()
    })
}

fn requests(server: &Server) -> u64 {
    server.with(|emulator| emulator.requests(LIST))
}

#[tokio::test]
async fn every_record_comes_once_and_pages_are_asked_for_when_needed() {
    let (server, client) = emulator_with_records(25).await;
    let mut records = client.records(filter(10));
    assert_eq!(records.total(), None);
    let mut listed = Vec::new();
    while let Some(record) = records.next().await {
        listed.push(record.unwrap().call_id.to_string());
        let pages_needed = listed.len().div_ceil(10);
        assert_eq!(requests(&server), u64::try_from(pages_needed).unwrap());
        assert_eq!(records.total(), Some(25));
    }
    assert_eq!(listed, call_ids(&server));
    assert_eq!(requests(&server), 3, "the short page was the last");
    assert!(records.next().await.is_none(), "the end is the end");
    assert_eq!(requests(&server), 3);
}

#[tokio::test]
async fn the_list_ends_behind_a_full_page_too_and_an_empty_one_is_no_error() {
    let (server, client) = emulator_with_records(20).await;
    let records: Vec<_> = client.records(filter(10)).try_collect().await.unwrap();
    assert_eq!(records.len(), 20);
    assert_eq!(requests(&server), 3, "the third page is empty");
    let (server, client) = emulator_with_records(0).await;
    let mut records = client.records(filter(10));
    assert!(records.next().await.is_none(), "101050 is an empty list");
    assert_eq!(records.total(), Some(0));
    assert_eq!(requests(&server), 1);
}

#[tokio::test]
async fn the_filter_is_the_services_and_the_default_page_holds_10() {
    let (server, client) = emulator_with_records(12).await;
    let now = server.with(|emulator| emulator.now()).seconds();
    let group =
        start_call_by_robot::Request::builder("robot", ["noanswer", "jack"], MediaType::Video)
            .ring_timeout(Duration::from_secs(10))
            .build()
            .unwrap();
    client.send(&group).await.unwrap();
    server.with(|emulator| emulator.advance_by(Duration::from_secs(60)));
    let answered_groups = Request::builder()
        .start_time(now)
        .result(CallResult::NormalEnd)
        .call_type(CallType::MultiCall)
        .build(now)
        .unwrap();
    let groups: Vec<_> = client.records(answered_groups).try_collect().await.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].members.len(), 3);
    let cancelled = Request::builder().result("Cancel").build(now).unwrap();
    assert_eq!(client.records(cancelled).count().await, 0);
    let before = requests(&server);
    let everything = Request::builder().build(now).unwrap();
    let all: Vec<_> = client.records(everything).try_collect().await.unwrap();
    assert_eq!(all.len(), 13);
    assert_eq!(requests(&server) - before, 2, "10 and 3");
}

#[tokio::test]
async fn a_page_that_fails_once_is_asked_for_again_without_the_caller_noticing() {
    let (server, client) = emulator_with_records(25).await;
    for kind in [
        FaultKind::HttpStatus(502),
        FaultKind::CutBeforeReply,
        FaultKind::CutMidReply,
        FaultKind::MalformedJson,
        FaultKind::RateLimit,
        FaultKind::ErrorCode(ErrorCode(60008)),
        FaultKind::ErrorCode(ErrorCode(101_001)),
    ] {
        let mut records = client.records(filter(10));
        let mut listed = Vec::new();
        while let Some(record) = records.next().await {
            listed.push(record.unwrap().call_id.to_string());
            if listed.len() == 10 {
                let fault = Fault::new(kind.clone()).only(LIST);
                server.with(|emulator| emulator.inject(fault));
            }
        }
        assert_eq!(listed, call_ids(&server), "{kind:?}");
        assert!(server.with(|emulator| emulator.faults().is_empty()));
    }
}

#[tokio::test]
async fn a_page_that_fails_for_longer_is_an_error_that_keeps_the_place() {
    let (server, client) = emulator_with_records(25).await;
    let mut records = client.records(filter(10));
    let mut listed = Vec::new();
    let mut errors = 0;
    while let Some(record) = records.next().await {
        match record {
            Ok(record) => listed.push(record.call_id.to_string()),
            Err(error) => {
                assert_eq!(error.code(), "http_status");
                assert_eq!(listed.len(), 10);
                errors += 1;
            }
        }
        if listed.len() == 10 && errors == 0 {
            // Three attempts fail twice over.
            let fault = Fault::new(FaultKind::HttpStatus(503)).times(6).only(LIST);
            server.with(|emulator| emulator.inject(fault));
        }
    }
    assert_eq!(errors, 2);
    assert_eq!(listed, call_ids(&server));
}

/// Goes on whatever comes. How many errors there were, and how long they took.
async fn list_past_errors(client: &Client) -> (usize, Duration) {
    let mut records = client.records(filter(10));
    let (mut errors, began) = (0, Instant::now());
    while let Some(record) = records.next().await {
        errors += usize::from(record.is_err());
        assert!(errors < 10, "it never ends");
    }
    (errors, began.elapsed())
}

#[tokio::test]
async fn a_listing_that_logs_errors_and_goes_on_ends_at_what_would_come_again() {
    let (server, client) = emulator_with_records(1).await;
    for kind in [
        FaultKind::ErrorCode(ErrorCode(60010)),
        FaultKind::HttpStatus(307),
        FaultKind::HttpStatus(404),
    ] {
        let before = requests(&server);
        let fault = Fault::new(kind.clone()).times(100).only(LIST);
        server.with(|emulator| emulator.inject(fault));
        let (errors, _) = list_past_errors(&client).await;
        let asked = requests(&server) - before;
        assert_eq!((errors, asked), (1, 1), "{kind:?}");
        server.with(Emulator::clear_faults);
    }
}

#[tokio::test]
async fn a_listing_that_logs_errors_and_goes_on_pauses_after_what_may_pass() {
    let (server, client) = emulator_with_records(1).await;
    for kind in [
        FaultKind::RateLimit,
        FaultKind::CutBeforeReply,
        FaultKind::HttpStatus(503),
    ] {
        // Three attempts fail twice over.
        let fault = Fault::new(kind.clone()).times(6).only(LIST);
        server.with(|emulator| emulator.inject(fault));
        let (errors, took) = list_past_errors(&client).await;
        assert_eq!(errors, 2, "{kind:?}");
        assert!(took >= Duration::from_secs(2), "{kind:?}: {took:?}");
    }
}

#[test]
fn an_entry_that_is_no_record_is_told_beside_the_others() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, client) = runtime.block_on(emulator_with_records(12));
    let odd = Alteration::default().set("/Response/CallRecordList/3", 7);
    let spoil = || {
        let fault = Fault::new(FaultKind::AlteredReply(odd.clone())).only(LIST);
        server.with(|emulator| emulator.inject(fault));
    };
    let is_told = |unreadable: Vec<JsonText>| {
        let unreadable: Vec<&str> = unreadable.iter().map(JsonText::as_str).collect();
        assert_eq!(unreadable, ["7"]);
    };
    spoil();
    runtime.block_on(async {
        let mut records = client.records(filter(10));
        assert_eq!(
            records
                .by_ref()
                .filter_map(|r| async { r.ok() })
                .count()
                .await,
            11
        );
        is_told(records.take_unreadable());
    });
    spoil();
    let client = trtc_call::blocking::Client::new(client).unwrap();
    let mut records = client.records(filter(10));
    assert_eq!(records.by_ref().filter(Result::is_ok).count(), 11);
    is_told(records.take_unreadable());
}

#[tokio::test]
async fn dropping_the_future_of_a_record_loses_none() {
    let (server, client) = emulator_with_records(3).await;
    let mut records = client.records(filter(2));
    let mut listed = Vec::new();
    loop {
        let slow = Fault::new(FaultKind::Delay(Duration::from_millis(30))).only(LIST);
        server.with(|emulator| {
            emulator.clear_faults();
            emulator.inject(slow);
        });
        // Given up and taken up again until it is there.
        let record = loop {
            let next = pin!(records.next());
            if let Ok(record) = tokio::time::timeout(Duration::from_millis(5), next).await {
                break record;
            }
        };
        match record {
            Some(record) => listed.push(record.unwrap().call_id.to_string()),
            None => break,
        }
    }
    assert_eq!(listed, call_ids(&server));
    assert_eq!(requests(&server), 2, "no page was asked for twice");
}

#[tokio::test]
async fn pages_keep_the_rate_limit() {
    let (server, _) = emulator_with_records(12).await;
    let limit = NonZeroU32::new(20);
    let client = builder(&server).requests_per_second(limit).build().unwrap();
    let started = Instant::now();
    let records: Vec<_> = client.records(filter(1)).try_collect().await.unwrap();
    assert_eq!(records.len(), 12);
    // 13 requests: a burst of 2, then 18 a second.
    assert!(started.elapsed() >= Duration::from_millis(550));
}

#[test]
fn the_blocking_client_lists_as_well_and_keeps_its_place() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, client) = runtime.block_on(emulator_with_records(25));
    let client = trtc_call::blocking::Client::new(client).unwrap();
    let listed: Result<Vec<_>, Error> = client.records(filter(10)).collect();
    let listed: Vec<String> = listed
        .unwrap()
        .iter()
        .map(|record| record.call_id.to_string())
        .collect();
    assert_eq!(listed, call_ids(&server));

    let mut records = client.records(filter(20));
    assert_eq!(records.by_ref().take(20).filter(Result::is_ok).count(), 20);
    let fault = Fault::new(FaultKind::HttpStatus(503)).times(3).only(LIST);
    server.with(|emulator| emulator.inject(fault));
    assert!(records.next().unwrap().is_err());
    assert_eq!(records.total(), Some(25));
    assert_eq!(records.filter(Result::is_ok).count(), 5);
}

#[tokio::test]
async fn the_callback_configuration_is_set_read_replaced_and_deleted() {
    let (server, client) = emulator_with_records(0).await;
    let read = || async {
        if_configured(client.send(&get_callback::Request::new()).await)
            .unwrap()
            .map(|reply| (reply.response.url, reply.response.commands))
    };
    assert_eq!(read().await, None);
    let all = CallbackCommand::WORDS
        .iter()
        .map(|word| CallbackCommand::from(*word));
    let all: Vec<CallbackCommand> = all.collect();
    for (url, commands) in [
        ("https://example.com/calls?tenant=5", all.clone()),
        (
            "http://127.0.0.1:8080/",
            vec![CallbackCommand::AfterEndCall],
        ),
    ] {
        let request = set_callback::Request::builder(url, commands.clone());
        client.send(&request.build().unwrap()).await.unwrap();
        assert_eq!(read().await, Some((url.to_owned(), commands)));
    }
    let delete = delete_callback::Request::new();
    assert!(if_configured(client.send(&delete).await).unwrap().is_some());
    assert!(if_configured(client.send(&delete).await).unwrap().is_none());
    assert_eq!(read().await, None);
    assert_eq!(
        server.with(|emulator| emulator.requests("delete_callback")),
        2
    );
}

#[tokio::test]
async fn a_delete_whose_reply_is_lost_is_repeated_and_succeeds() {
    let (server, client) = emulator_with_records(0).await;
    let request = set_callback::Request::builder("http://a", [CallbackCommand::AfterEndCall]);
    client.send(&request.build().unwrap()).await.unwrap();
    let fault = Fault::new(FaultKind::CutBeforeReply).only("delete_callback");
    server.with(|emulator| emulator.inject(fault));
    let deleted = client.send(&delete_callback::Request::new()).await;
    assert_eq!(if_configured(deleted).unwrap(), None, "it is deleted");
    server.with(|emulator| assert_eq!(emulator.callback_configuration(), None));
}
