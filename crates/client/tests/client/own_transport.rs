//! What the table of transports says of ureq and hyper, over real sockets: whatever fails, a request that arrived is not
//! said to have been unsent.

#[path = "../../examples/own_transport/ureq.rs"]
mod ureq_transport;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use trtc_call_core::TransportErrorKind::{Connect, Interrupted, Timeout};
use trtc_call_core::call_engine::end_call;
use trtc_call_core::{
    Access, CallId, Endpoint as _, HttpRequest, Region, SdkAppId, TransportError,
    TransportErrorKind, UserId, UserSig,
};

/// What the server does with a connection.
#[derive(Debug, Clone, Copy)]
enum Behaviour {
    Answer(&'static str),
    CloseWithoutReading,
    CloseWithoutAnswer,
    CloseInTheHead,
    CloseInTheBody,
    AnswerWithNonsense,
    NeverAnswer,
    /// Answers, and closes the connection a moment later, as if it had been kept alive.
    AnswerAndCloseLater,
}

struct Server {
    address: String,
    /// How many requests arrived whole.
    requests: Arc<AtomicUsize>,
}

impl Server {
    fn start(behaviour: Behaviour) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            address: listener.local_addr().unwrap().to_string(),
            requests: Arc::default(),
        };
        let requests = Arc::clone(&server.requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let requests = Arc::clone(&requests);
                std::thread::spawn(move || serve(stream.unwrap(), behaviour, &requests));
            }
        });
        server
    }

    fn request(&self) -> HttpRequest {
        request(&format!("http://{}/v4/ring", self.address))
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, behaviour: Behaviour, requests: &AtomicUsize) {
    if matches!(behaviour, Behaviour::CloseWithoutReading) {
        return;
    }
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n{}") {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk) {
            Ok(read) if read > 0 => request.extend_from_slice(&chunk[..read]),
            _ => return,
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let mut answer = |text: &str| stream.write_all(text.as_bytes()).unwrap();
    match behaviour {
        Behaviour::Answer(text) => answer(text),
        Behaviour::AnswerAndCloseLater => {
            answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK");
            std::thread::sleep(Duration::from_millis(50));
        }
        Behaviour::CloseInTheHead => answer("HTTP/1.1 200 OK\r\ncontent-le"),
        Behaviour::CloseInTheBody => answer("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nOK"),
        Behaviour::AnswerWithNonsense => answer("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        Behaviour::NeverAnswer => std::thread::sleep(Duration::from_secs(20)),
        Behaviour::CloseWithoutAnswer | Behaviour::CloseWithoutReading => {}
    }
}

fn request(url: &str) -> HttpRequest {
    let user_sig = UserSig::from_token("eJw-token");
    let access = Access {
        region: &Region::Singapore,
        sdk_app_id: SdkAppId::new(1_400_000_000).unwrap(),
        admin: &UserId::new("administrator").unwrap(),
        user_sig: &user_sig,
    };
    let end = end_call::Request::new(CallId::new("call-1").unwrap());
    let mut request = end.http_request(&access, 1);
    request.url = url.to_owned();
    request.body = "{}".to_owned();
    request
}

type Sent = Result<(u16, Vec<u8>), TransportError>;

const PATIENCE: Duration = Duration::from_millis(600);

fn by_ureq(request: HttpRequest) -> Sent {
    ureq_transport::send(&ureq_transport::agent(PATIENCE), request)
}

/// A connection for each request, over hyper alone.
fn by_hyper(request: HttpRequest) -> Sent {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sending = async { tokio::time::timeout(PATIENCE, hyper_exchange(request)).await };
    runtime
        .block_on(sending)
        .unwrap_or_else(|_| Err(TransportError::new(Timeout, "no reply in time")))
}

async fn hyper_exchange(request: HttpRequest) -> Sent {
    let unsent = |error: &dyn std::fmt::Display| TransportError::new(Connect, error.to_string());
    let broken = |error: hyper::Error| TransportError::new(Interrupted, error.to_string());
    let (_, rest) = request.url.split_once("://").unwrap();
    let (authority, path) = rest.split_at(rest.find('/').unwrap());
    let stream = tokio::net::TcpStream::connect(authority).await;
    let stream = TokioIo::new(stream.map_err(|error| unsent(&error))?);
    let handshake = hyper::client::conn::http1::handshake(stream).await;
    let (mut sender, connection) = handshake.map_err(|error| unsent(&error))?;
    tokio::spawn(connection);
    let mut sending = http::Request::post(path).header("host", authority);
    for (name, value) in request.headers {
        sending = sending.header(name, value);
    }
    let body = Full::new(Bytes::from(request.body));
    let sent = sender.send_request(sending.body(body).unwrap()).await;
    let reply = sent.map_err(broken)?;
    let status = reply.status().as_u16();
    let body = reply.into_body().collect().await.map_err(broken)?;
    Ok((status, body.to_bytes().to_vec()))
}

fn kind(sent: Sent) -> Option<TransportErrorKind> {
    sent.err().map(|error| error.kind)
}

fn check(transport: fn(HttpRequest) -> Sent, unknown_name: TransportErrorKind) {
    // Nobody listens, and nobody is there by that name.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(kind(transport(request(&url))), Some(Connect));
    let nowhere = request("http://nobody.invalid:80/");
    assert_eq!(kind(transport(nowhere)), Some(unknown_name));

    for (behaviour, expected) in [
        (Behaviour::CloseWithoutReading, Some(Interrupted)),
        (Behaviour::CloseWithoutAnswer, Some(Interrupted)),
        (Behaviour::CloseInTheHead, Some(Interrupted)),
        (Behaviour::CloseInTheBody, Some(Interrupted)),
        (Behaviour::AnswerWithNonsense, Some(Interrupted)),
        (Behaviour::NeverAnswer, Some(Timeout)),
        (
            Behaviour::Answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK"),
            None,
        ),
        // Neither an error nor a redirect that is followed.
        (
            Behaviour::Answer("HTTP/1.1 502 x\r\ncontent-length: 0\r\n\r\n"),
            None,
        ),
        (
            Behaviour::Answer(
                "HTTP/1.1 303 x\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
            ),
            None,
        ),
    ] {
        let server = Server::start(behaviour);
        assert_eq!(kind(transport(server.request())), expected, "{behaviour:?}");
        let arrived = usize::from(!matches!(behaviour, Behaviour::CloseWithoutReading));
        assert_eq!(server.requests(), arrived, "{behaviour:?}");
    }
}

#[test]
fn ureq_says_of_no_request_that_arrived_that_it_was_not_sent() {
    // Its error for a name that is not found could be one of a connection that broke.
    check(by_ureq, Interrupted);
}

#[test]
fn hyper_says_of_no_request_that_arrived_that_it_was_not_sent() {
    check(by_hyper, Connect);
}

#[test]
fn ureq_sends_nothing_twice_on_a_connection_that_was_kept_alive_and_closed() {
    let server = Server::start(Behaviour::AnswerAndCloseLater);
    let agent = ureq_transport::agent(PATIENCE);
    for round in 1..=5 {
        let sent = ureq_transport::send(&agent, server.request());
        if round > 1 && sent.is_err() {
            assert_ne!(kind(sent), Some(Connect));
        }
        assert!(server.requests() <= round);
        std::thread::sleep(Duration::from_millis(100 * (round as u64 % 2)));
    }
}
