//! The cloud API over a real socket, spoken to by hand, with a receiver of webhooks.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use trtc_call_core::UnixMillis;
use trtc_call_core::UnixSeconds;
use trtc_call_core::webhook::ingest::{IngestEventKind, IngestWebhookKey, IngestWebhookVerifier};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{IngestWebhooks, ReceivedRequest};

use crate::caller::{KEY, SDK_APP_ID, config, signed, start_of, user_sig};
use crate::received::{header, read};

fn now() -> UnixSeconds {
    UnixSeconds(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs())
}

fn start(url: &str) -> Value {
    let user_sig = user_sig(SDK_APP_ID, KEY, "robot", now().0);
    start_of(&json!({ "UserSig": user_sig, "StreamUrl": url }))
}

/// Sends a signed request, one header more or less, and gives the reply's head and body.
async fn act(server: &Server, action: &str, body: &Value, at: UnixSeconds) -> (String, Value) {
    let body = body.to_string();
    let mut request = "POST / HTTP/1.1\r\n".to_owned();
    for (name, value) in signed(action, body.as_bytes(), at) {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = body.len();
    request.push_str(&format!(
        "Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    ));
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), serde_json::from_str(body).unwrap())
}

#[tokio::test]
async fn an_ingest_plays_and_its_webhooks_are_signed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ingest", listener.local_addr().unwrap());
    let key = IngestWebhookKey::new("a key").unwrap();
    let mut config = config();
    let mut webhooks = IngestWebhooks::new(url);
    webhooks.key = Some(key.clone());
    config.ingest_webhooks = Some(webhooks);
    let server = Server::start(config).await.unwrap();

    let body = start("https://a.example/plays-100.mp3");
    let (_, reply) = act(&server, "StartStreamIngest", &body, now()).await;
    let task_id = reply["Response"]["TaskId"].as_str().unwrap();

    let verifier = IngestWebhookVerifier::new(crate::caller::config().sdk_app_id, &key);
    // The first delivery is refused once, and comes again.
    for (kind, answer) in [
        (IngestEventKind::Started, "500 No"),
        (IngestEventKind::Started, "200 OK"),
        (IngestEventKind::Stopped, "200 OK"),
    ] {
        let accepted = timeout(Duration::from_secs(20), listener.accept()).await;
        let (mut stream, _) = accepted.expect("a webhook").unwrap();
        let (head, body) = read(&mut stream).await;
        let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        assert!(head.starts_with("POST /ingest HTTP/1.1"), "{head}");
        let (sign, app) = (header(&head, "sign"), header(&head, "sdkappid"));
        let event = verifier.verify(sign, app, &body).unwrap();
        assert_eq!(event.kind, kind);
        assert_eq!(event.task_id.unwrap().as_str(), task_id);
    }
}

#[tokio::test]
async fn a_wrong_clock_can_be_seen_by_the_date_of_the_reply() {
    let server = Server::start(config()).await.unwrap();
    let task = json!({ "SdkAppId": SDK_APP_ID, "TaskId": "t" });
    let action = "DescribeStreamIngest";
    let (_, reply) = act(&server, action, &task, now()).await;
    assert_eq!(reply["Response"]["Status"], "NotExist");
    server.with(|emulator| emulator.advance_by(Duration::from_secs(400 * 24 * 3600)));
    let (head, reply) = act(&server, action, &task, now()).await;
    let code = &reply["Response"]["Error"]["Code"];
    assert_eq!(code, "AuthFailure.SignatureExpire");
    let dates: Vec<&str> = head
        .lines()
        .filter(|line| line.starts_with("date: "))
        .collect();
    assert_eq!(dates.len(), 1, "{head}");
    let answer = server.with(|emulator| {
        let request = ReceivedRequest {
            method: "GET",
            path_and_query: "/emulator/health",
            headers: &[],
            body: b"",
        };
        emulator.handle(&request, UnixMillis(0), 1)
    });
    // The day will do: it is more than a year from the real one.
    let up_to_the_day = |date: &str| date[..16].to_owned();
    let emulated = up_to_the_day(&answer.date_header());
    assert_eq!(
        up_to_the_day(dates[0].strip_prefix("date: ").unwrap()),
        emulated
    );
}
