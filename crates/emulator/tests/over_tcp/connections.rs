//! Requests, faults and connections.

use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use trtc_call_core::ErrorCode;
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Fault, FaultKind, MAX_BODY_BYTES};

use crate::caller::{START, call_of, config, query};

async fn server() -> Server {
    Server::start(config()).await.unwrap()
}

fn unix_seconds() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

fn request(method: &str, path_and_query: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {path_and_query} HTTP/1.1\r\nhost: emulator\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn ring_jack() -> Vec<u8> {
    let path = format!("{START}?{}", query(unix_seconds()));
    request("POST", &path, call_of(&["jack"]).to_string().as_bytes())
}

/// Sends a request and reads until the reply is whole or the connection is closed.
async fn send(stream: &mut TcpStream, request: &[u8]) -> Vec<u8> {
    stream.write_all(request).await.unwrap();
    let mut received = Vec::new();
    while !is_whole(&received) && stream.read_buf(&mut received).await.unwrap() > 0 {}
    received
}

fn is_whole(reply: &[u8]) -> bool {
    head_and_body(reply)
        .is_some_and(|(head, body)| header(&head, "content-length").parse() == Ok(body.len()))
}

fn head_and_body(reply: &[u8]) -> Option<(String, &[u8])> {
    let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = String::from_utf8(reply[..end].to_vec()).unwrap();
    Some((head, &reply[end + 4..]))
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value)
}

/// The body of a whole reply with status 200.
fn json(reply: &[u8]) -> Value {
    let (head, body) = head_and_body(reply).unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(header(&head, "content-type"), "application/json");
    serde_json::from_slice(body).unwrap()
}

async fn is_closed(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0]).await.unwrap() == 0
}

#[tokio::test]
async fn requests_are_answered_over_one_kept_connection() {
    let server = server().await;
    assert!(server.address().ip().is_loopback());
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    for expected_rings in 1..=3 {
        let reply = json(&send(&mut stream, &ring_jack()).await);
        assert_eq!(reply["ErrorCode"], 0, "{reply}");
        assert_eq!(
            server.with(|emulator| emulator.rings("jack")),
            expected_rings
        );
    }
    let health = json(&send(&mut stream, &request("GET", "/emulator/health", b"")).await);
    assert_eq!(health["status"], "ok");
}

#[tokio::test]
async fn a_cut_before_the_reply_closes_the_connection_without_a_byte_though_the_phone_rang() {
    let server = server().await;
    server.with(|emulator| emulator.inject(Fault::new(FaultKind::CutBeforeReply)));
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(send(&mut stream, &ring_jack()).await, b"");
    assert_eq!(server.with(|emulator| emulator.rings("jack")), 1);
}

#[tokio::test]
async fn a_cut_in_the_middle_sends_half_of_the_promised_body_and_closes() {
    let server = server().await;
    server.with(|emulator| emulator.inject(Fault::new(FaultKind::CutMidReply).times(20)));
    for _ in 0..20 {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let reply = send(&mut stream, &ring_jack()).await;
        let (head, body) = head_and_body(&reply).unwrap();
        let promised: usize = header(&head, "content-length").parse().unwrap();
        assert_eq!(body.len(), promised / 2);
        assert!(body.starts_with(b"{\"ErrorCode\":0"));
    }
}

#[tokio::test]
async fn a_delay_delays_the_reply_and_not_the_ringing() {
    let server = server().await;
    let delay = Duration::from_millis(300);
    server.with(|emulator| emulator.inject(Fault::new(FaultKind::Delay(delay))));
    let address = server.address();
    let started = Instant::now();
    let reply = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        send(&mut stream, &ring_jack()).await
    });
    while server.with(|emulator| emulator.rings("jack")) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!reply.is_finished());
    assert_eq!(json(&reply.await.unwrap())["ErrorCode"], 0);
    assert!(started.elapsed() >= delay);
}

#[tokio::test]
async fn a_gateways_status_comes_with_a_page() {
    let server = server().await;
    for status in [200, 204, 302, 502, 599] {
        server.with(|emulator| emulator.inject(Fault::new(FaultKind::HttpStatus(status))));
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(&ring_jack()).await.unwrap();
        let mut reply = [0; 12];
        stream.read_exact(&mut reply).await.unwrap();
        assert_eq!(reply, format!("HTTP/1.1 {status}").as_bytes());
    }
    assert_eq!(server.with(|emulator| emulator.rings("jack")), 0);
}

#[tokio::test]
async fn an_error_code_is_an_ordinary_reply() {
    let server = server().await;
    let fault = Fault::new(FaultKind::ErrorCode(ErrorCode(60008)));
    server.with(|emulator| emulator.inject(fault));
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(
        json(&send(&mut stream, &ring_jack()).await)["ErrorCode"],
        60008
    );
    assert_eq!(json(&send(&mut stream, &ring_jack()).await)["ErrorCode"], 0);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_without_reading_it_all() {
    let server = server().await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head =
        format!("POST {START} HTTP/1.1\r\nhost: emulator\r\ncontent-length: 99999999999\r\n\r\n");
    let body = vec![b' '; MAX_BODY_BYTES + 1];
    let reply = send(&mut stream, &[head.as_bytes(), &body].concat()).await;
    assert_eq!(json(&reply)["ErrorCode"], 60002);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_disturb_the_others() {
    let server = server().await;
    let mut half = TcpStream::connect(server.address()).await.unwrap();
    half.write_all(&ring_jack()[..50]).await.unwrap();
    drop(half);
    let mut noise = TcpStream::connect(server.address()).await.unwrap();
    noise
        .write_all(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        .await
        .unwrap();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(json(&send(&mut stream, &ring_jack()).await)["ErrorCode"], 0);
}

#[tokio::test]
async fn a_panic_beside_the_emulator_does_not_stop_it() {
    let server = server().await;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        server.with(|emulator| assert_eq!(emulator.rings("jack"), 99, "as a failing test would"));
    }));
    assert!(outcome.is_err());
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(json(&send(&mut stream, &ring_jack()).await)["ErrorCode"], 0);
}

#[tokio::test]
async fn a_shutdown_lets_replies_under_way_finish_and_then_nobody_listens() {
    let server = server().await;
    let address = server.address();
    let delay = Duration::from_millis(200);
    server.with(|emulator| emulator.inject(Fault::new(FaultKind::Delay(delay))));
    let mut idle = TcpStream::connect(address).await.unwrap();
    send(&mut idle, &request("GET", "/emulator/health", b"")).await;
    let reply = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        send(&mut stream, &ring_jack()).await
    });
    while server.with(|emulator| emulator.rings("jack")) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.shutdown().await;
    assert_eq!(json(&reply.await.unwrap())["ErrorCode"], 0);
    assert!(is_closed(&mut idle).await);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_dropped_server_closes_everything() {
    let server = server().await;
    let address = server.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    send(&mut stream, &request("GET", "/emulator/health", b"")).await;
    drop(server);
    assert!(is_closed(&mut stream).await);
    assert!(TcpStream::connect(address).await.is_err());
}
