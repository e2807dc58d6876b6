//! The client against a server that does one odd thing at a time, over real sockets.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use trtc_call::call_engine::{end_call, start_call_by_robot};
use trtc_call::{
    BaseUrl, CallId, Client, ClientBuilder, ConfigError, Error, MediaType, ParseErrorKind, Region,
    RetryPolicy, SdkAppId, SecretKey, TransportError, TransportErrorKind, UnixSeconds, UserId,
};

const OK: &str = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;

/// What the server does with a request it has read.
#[derive(Clone)]
enum Behaviour {
    Answer(u16, String),
    /// Answers 503, with this `Retry-After`, the first time.
    Busy(String),
    CloseWithoutAnswer,
    CloseInTheMiddle,
    NeverAnswer,
    Redirect(String),
}

struct Server {
    base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start(behaviour: Behaviour) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let server = Server {
            base_url,
            requests: Arc::clone(&requests),
            connections: Arc::clone(&connections),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, behaviour.clone(), Arc::clone(&requests)));
            }
        });
        server
    }

    fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

async fn serve(mut stream: TcpStream, behaviour: Behaviour, requests: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut stream).await {
        requests.lock().unwrap().push(request);
        let reply = match &behaviour {
            Behaviour::Answer(status, body) => {
                format!(
                    "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                )
            }
            Behaviour::Busy(retry_after) if requests.lock().unwrap().len() == 1 => {
                format!("HTTP/1.1 503 x\r\nretry-after: {retry_after}\r\ncontent-length: 0\r\n\r\n")
            }
            Behaviour::Busy(_) => {
                format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{OK}",
                    OK.len()
                )
            }
            Behaviour::Redirect(to) => {
                format!("HTTP/1.1 307 x\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
            }
            Behaviour::CloseWithoutAnswer => return,
            Behaviour::CloseInTheMiddle => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", OK.len());
                stream.write_all(head.as_bytes()).await.unwrap();
                stream.write_all(&OK.as_bytes()[..10]).await.unwrap();
                return;
            }
            Behaviour::NeverAnswer => std::future::pending().await,
        };
        stream.write_all(reply.as_bytes()).await.unwrap();
    }
}

/// Reads one request with a body; `None` when the client has closed.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream
            .read(&mut chunk)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let (_, length) = head.split_once("content-length: ")?;
            let length: usize = length.split("\r\n").next()?.parse().ok()?;
            if body.len() >= length {
                return Some(text);
            }
        }
    }
}

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder(
        SdkAppId::new(1_400_000_000).unwrap(),
        SecretKey::new("MARKED-KEY").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(base_url).unwrap()),
    )
    .retry_policy(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

fn call() -> start_call_by_robot::Request {
    start_call_by_robot::Request::builder("robot", ["jack"], MediaType::Video)
        .room("roomid-test")
        .build()
        .unwrap()
}

fn end() -> end_call::Request {
    end_call::Request::new(CallId::new("call-1").unwrap())
}

fn cause(error: &Error) -> &Error {
    match error {
        Error::OutcomeUnknown(unknown) => &unknown.cause,
        other => panic!("expected an unknown outcome, not {other:?}"),
    }
}

#[tokio::test]
async fn a_call_that_is_answered_keeps_its_request_id() {
    let server = Server::start(Behaviour::Answer(200, OK.to_owned())).await;
    let reply = builder(&server.base_url)
        .build()
        .unwrap()
        .send(&call())
        .await
        .unwrap();
    assert_eq!(reply.request_id, "Id-1");
}

#[tokio::test]
async fn requests_share_one_connection() {
    let server = Server::start(Behaviour::Answer(200, OK.to_owned())).await;
    let client = builder(&server.base_url).build().unwrap();
    for _ in 0..5 {
        client.send(&end()).await.unwrap();
    }
    assert_eq!(server.requests(), 5);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refused_connection_is_certain_to_have_had_no_effect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = builder(&base_url)
        .build()
        .unwrap()
        .send(&call())
        .await
        .unwrap_err();
    let Error::Transport(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.kind, TransportErrorKind::Connect);
    assert!(error.message.contains("refused"), "{}", error.message);
}

/// A proxy that lets nothing through, and the hosts that it was asked for.
async fn refusing_proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let hosts = Arc::new(Mutex::new(Vec::new()));
    let asked_for = Arc::clone(&hosts);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let host = head.split(' ').nth(1).unwrap().to_owned();
            asked_for.lock().unwrap().push(host);
            let refusal = b"HTTP/1.1 502 x\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(refusal).await.unwrap();
        }
    });
    (url, hosts)
}

fn builder_in_tokyo(proxy: &str) -> ClientBuilder {
    let http_client = trtc_call::http_client_builder()
        .unwrap()
        .proxy(reqwest::Proxy::all(proxy).unwrap())
        .build()
        .unwrap();
    Client::builder(
        SdkAppId::new(1_400_000_000).unwrap(),
        SecretKey::new("MARKED-KEY").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Tokyo,
    )
    .http_client(http_client)
    .retry_policy(
        RetryPolicy::default()
            .max_attempts(2)
            .base_delay(Duration::from_millis(1)),
    )
}

#[tokio::test]
async fn the_backup_host_is_asked_when_no_connection_is_made_and_is_stayed_with() {
    const HOST: &str = "adminapijpn.im.qcloud.com:443";
    const BACKUP: &str = "adminapijpn.my-imcloud.com:443";
    let (proxy, hosts) = refusing_proxy().await;
    let client = builder_in_tokyo(&proxy).build().unwrap();
    let error = client.send(&call()).await.unwrap_err();
    assert_eq!(error.code(), "connect_failed");
    // The second attempt begins with the host that was turned to last.
    assert_eq!(*hosts.lock().unwrap(), [HOST, BACKUP, BACKUP, HOST]);
}

#[tokio::test]
async fn the_backup_host_can_be_left_out_and_a_custom_url_has_none() {
    let (proxy, hosts) = refusing_proxy().await;
    let client = builder_in_tokyo(&proxy).backup_host(false).build().unwrap();
    client.send(&call()).await.unwrap_err();
    let host = "adminapijpn.im.qcloud.com:443";
    assert_eq!(*hosts.lock().unwrap(), [host, host]);
}

#[tokio::test]
async fn a_host_that_may_have_got_the_request_is_not_followed_by_its_backup() {
    let server = Server::start(Behaviour::CloseWithoutAnswer).await;
    let client = builder(&server.base_url).build().unwrap();
    let error = client.send(&call()).await.unwrap_err();
    assert_eq!(error.code(), "outcome_unknown");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_call_whose_connection_breaks_is_sent_once() {
    for behaviour in [Behaviour::CloseWithoutAnswer, Behaviour::CloseInTheMiddle] {
        let server = Server::start(behaviour).await;
        let error = builder(&server.base_url)
            .build()
            .unwrap()
            .send(&call())
            .await
            .unwrap_err();
        assert_eq!(cause(&error).code(), "connection_interrupted");
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn a_call_that_times_out_is_sent_once() {
    let server = Server::start(Behaviour::NeverAnswer).await;
    let client = builder(&server.base_url)
        .short_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let error = client.send(&call()).await.unwrap_err();
    assert_eq!(cause(&error).code(), "timeout");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn what_is_harmless_is_sent_again_as_often_as_the_policy_says() {
    for behaviour in [
        Behaviour::CloseWithoutAnswer,
        Behaviour::CloseInTheMiddle,
        Behaviour::Answer(502, "<html>Bad Gateway</html>".to_owned()),
    ] {
        let server = Server::start(behaviour).await;
        builder(&server.base_url)
            .build()
            .unwrap()
            .send(&end())
            .await
            .unwrap_err();
        assert_eq!(server.requests(), 3);
    }
}

#[tokio::test]
async fn every_attempt_is_recorded_without_the_user_sig() {
    for (behaviour, reply) in [
        (
            Behaviour::Answer(200, OK.to_owned()),
            format!("HTTP 200\n\n{OK}"),
        ),
        (
            Behaviour::Answer(502, "<html>".to_owned()),
            "HTTP 502\n\n<html>".to_owned(),
        ),
        (Behaviour::CloseWithoutAnswer, String::new()),
    ] {
        let server = Server::start(behaviour).await;
        let client = builder(&server.base_url).build().unwrap();
        let mut exchanges = Vec::new();
        let sent = client
            .send_recorded(&end(), |exchange| exchanges.push(exchange))
            .await;
        assert_eq!(exchanges.len(), server.requests());
        assert_eq!(exchanges.len() == 1, sent.is_ok());
        for exchange in &exchanges {
            assert!(
                exchange
                    .request
                    .starts_with(&format!("POST {}/v4/", server.base_url))
            );
            assert!(
                exchange.request.contains("usersig=(hidden)&"),
                "{exchange:?}"
            );
            assert!(
                exchange.request.ends_with("\n\n{\"CallId\":\"call-1\"}"),
                "{exchange:?}"
            );
            match &exchange.reply {
                Ok(text) => assert_eq!(*text, reply),
                Err(error) => {
                    assert_eq!((error.kind, &*reply), (TransportErrorKind::Interrupted, ""));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_gateways_page_leaves_a_calls_outcome_unknown_and_is_kept() {
    let server = Server::start(Behaviour::Answer(
        502,
        "<html>Bad Gateway</html>".to_owned(),
    ))
    .await;
    let error = builder(&server.base_url)
        .build()
        .unwrap()
        .send(&call())
        .await
        .unwrap_err();
    let Error::Parse(page) = cause(&error) else {
        panic!("{error:?}")
    };
    assert_eq!((page.kind, page.status), (ParseErrorKind::HttpStatus, 502));
    assert!(page.first_bytes.contains("Bad Gateway"));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn an_unknown_outcome_tells_whom_the_call_was_for_and_when_it_was_sent() {
    let server = Server::start(Behaviour::CloseWithoutAnswer).await;
    let client = builder(&server.base_url)
        .clock(|| UnixSeconds(1_700_000_000))
        .build()
        .unwrap();
    let error = client.send(&call()).await.unwrap_err();
    let message = error.to_string();
    for part in [
        "robot",
        "jack",
        "roomid-test",
        "1700000000",
        "may have rung",
        "not sent again",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_refusal_for_the_region_names_where_the_request_went() {
    let refusal = r#"{"ErrorCode":60026,"ErrorInfo":"other site","ActionStatus":"FAIL"}"#;
    let server = Server::start(Behaviour::Answer(200, refusal.to_owned())).await;
    let client = builder(&server.base_url).build().unwrap();
    let message = client.send(&call()).await.unwrap_err().to_string();
    let (_, host) = server.base_url.split_once("://").unwrap();
    assert!(
        message.contains(&format!("this went to {host}")),
        "{message}"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed_since_it_would_hand_the_user_sig_on() {
    let other = Server::start(Behaviour::Answer(200, OK.to_owned())).await;
    let to = format!("{}/next?usersig=MARKED", other.base_url);
    let server = Server::start(Behaviour::Redirect(to)).await;
    let error = builder(&server.base_url)
        .build()
        .unwrap()
        .send(&call())
        .await
        .unwrap_err();
    // Whoever redirects may have passed the request on before.
    let Error::Parse(redirect) = cause(&error) else {
        panic!("{error:?}")
    };
    assert_eq!(redirect.location, Some(format!("{}/next", other.base_url)));
    let message = error.to_string();
    assert!(message.contains("/next"), "{message}");
    assert!(message.contains("not followed"), "{message}");
    assert!(!message.contains("MARKED"), "{message}");
    assert_eq!((server.requests(), other.requests()), (1, 0));
}

#[tokio::test]
async fn a_server_that_asks_for_time_gets_it_within_the_policys_patience() {
    let soon = UnixSeconds(1_700_000_000);
    for (retry_after, max_delay, waits) in [
        ("1", 5_000, 1_000..3_000),
        ("Tue, 14 Nov 2023 22:13:21 GMT", 5_000, 1_000..3_000),
        ("3600", 300, 300..2_000),
        ("soon", 5_000, 0..900),
    ] {
        let server = Server::start(Behaviour::Busy(retry_after.to_owned())).await;
        let client = builder(&server.base_url)
            .clock(move || soon)
            .retry_policy(
                RetryPolicy::default()
                    .base_delay(Duration::from_millis(1))
                    .max_delay(Duration::from_millis(max_delay)),
            )
            .build()
            .unwrap();
        let began = std::time::Instant::now();
        let request = end_call::Request::new(CallId::new("c-1").unwrap());
        client.send(&request).await.unwrap();
        let waited = began.elapsed().as_millis();
        assert!(waits.contains(&waited), "{retry_after}: {waited} ms");
        assert_eq!(server.requests(), 2);
    }
}

#[tokio::test]
async fn a_request_that_would_wait_too_long_for_the_rate_limit_is_not_sent() {
    let server = Server::start(Behaviour::Answer(200, OK.to_owned())).await;
    let client = builder(&server.base_url)
        .requests_per_second(NonZeroU32::new(1))
        .max_wait(Duration::from_millis(300))
        .build()
        .unwrap();
    client.send(&call()).await.unwrap();
    let began = std::time::Instant::now();
    let error = client.send(&call()).await.unwrap_err();
    assert_eq!(error.code(), "rate_limit_wait");
    assert!(!error.outcome_is_unknown() && error.to_string().contains("not sent"));
    assert!(began.elapsed() < Duration::from_millis(300));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_reply_without_end_is_cut() {
    let server = Server::start(Behaviour::Answer(200, " ".repeat(9 << 20))).await;
    let error = builder(&server.base_url)
        .build()
        .unwrap()
        .send(&call())
        .await
        .unwrap_err();
    assert_eq!(cause(&error).code(), "reply_not_json");
}

#[tokio::test]
async fn a_refused_user_sig_is_made_anew_for_the_next_request() {
    let refusal = r#"{"ErrorCode":70001,"ErrorInfo":"expired","ActionStatus":"FAIL"}"#;
    let server = Server::start(Behaviour::Answer(200, refusal.to_owned())).await;
    let now = Arc::new(AtomicU64::new(1_700_000_000));
    let clock = {
        let now = Arc::clone(&now);
        move || UnixSeconds(now.fetch_add(1, Ordering::SeqCst))
    };
    let client = builder(&server.base_url).clock(clock).build().unwrap();
    for _ in 0..2 {
        let error = client.send(&call()).await.unwrap_err();
        assert_eq!(error.code(), "user_sig_expired");
    }
    let requests = server.requests.lock().unwrap();
    let user_sig = |request: &str| {
        let (_, rest) = request.split_once("&usersig=").unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    assert_eq!(requests.len(), 2);
    assert_ne!(user_sig(&requests[0]), user_sig(&requests[1]));
}

#[tokio::test]
async fn the_users_own_http_client_is_used() {
    let server = Server::start(Behaviour::NeverAnswer).await;
    let http_client = trtc_call::plain_http_client_builder()
        .unwrap()
        .read_timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let client = builder(&server.base_url)
        .http_client(http_client)
        .build()
        .unwrap();
    let error = client.send(&call()).await.unwrap_err();
    assert_eq!(cause(&error).code(), "timeout");
}

#[test]
fn a_timeout_below_4_s_needs_its_own_name() {
    let short = Duration::from_millis(3_999);
    let refused = builder("http://127.0.0.1:1").timeout(short).build();
    let Err(ConfigError::Invalid(problem)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(problem.field, "timeout");
    assert!(
        builder("http://127.0.0.1:1")
            .short_timeout(short)
            .build()
            .is_ok()
    );
    assert!(
        builder("http://127.0.0.1:1")
            .timeout(Duration::from_secs(4))
            .build()
            .is_ok()
    );
}

#[test]
fn debug_shows_no_secret() {
    let client = builder("http://127.0.0.1:1").build().unwrap();
    assert!(!format!("{client:?}").contains("MARKED"));
}

#[cfg(feature = "blocking")]
mod blocking {
    use trtc_call::blocking;

    use super::*;

    #[test]
    fn the_blocking_client_sends_too() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(Behaviour::Answer(200, OK.to_owned())));
        let client = blocking::Client::new(builder(&server.base_url).build().unwrap()).unwrap();
        assert_eq!(client.send(&call()).unwrap().request_id, "Id-1");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_blocking_client_does_not_panic_within_a_runtime() {
        let server = Server::start(Behaviour::Answer(200, OK.to_owned())).await;
        let client = blocking::Client::new(builder(&server.base_url).build().unwrap()).unwrap();
        assert_eq!(client.send(&call()).unwrap().request_id, "Id-1");
        drop(client);
    }
}

#[tokio::test]
async fn a_cause_is_told_once_and_the_http_clients_own_error_is_kept_without_the_url() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = builder(&format!("http://{address}")).build().unwrap();
    let error = client.send(&end()).await.unwrap_err();
    let expected = format!("no connection was made: {address}: Connection refused");
    assert!(error.to_string().starts_with(&expected), "{error}");
    let told = chain(&error).join(": ");
    assert_eq!(told.matches("refused").count(), 1, "{told}");

    let Error::Transport(TransportError {
        cause: Some(cause), ..
    }) = &error
    else {
        panic!("{error:?}")
    };
    let mut last: &dyn std::error::Error = cause.get();
    while let Some(source) = last.source() {
        last = source;
    }
    let refused = last
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind);
    assert_eq!(refused, Some(std::io::ErrorKind::ConnectionRefused));
    let told = format!("{:?} {error:?}", chain(cause.get()));
    assert!(!told.contains("usersig"), "{told}");

    let server = Server::start(Behaviour::CloseWithoutAnswer).await;
    let client = builder(&server.base_url).build().unwrap();
    let told = chain(&client.send(&call()).await.unwrap_err()).join(": ");
    assert_eq!(told.matches("the connection broke").count(), 1, "{told}");
}

#[test]
fn what_is_wrong_with_a_setting_is_told_once() {
    let refused = builder("http://127.0.0.1:1")
        .timeout(Duration::ZERO)
        .build();
    let told = chain(&refused.unwrap_err()).join(": ");
    assert_eq!(told.matches("must be at least").count(), 1, "{told}");
}

/// What is told by who prints an error with all its sources.
fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let sources = std::iter::successors(Some(error), |error| error.source());
    sources.map(ToString::to_string).collect()
}
