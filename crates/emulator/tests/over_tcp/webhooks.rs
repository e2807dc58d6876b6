//! Webhooks over a real socket, to a receiver written by hand.

use std::time::{Duration, SystemTime};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::time::timeout;
use trtc_call_core::UnixMillis;
use trtc_call_core::UnixSeconds;
use trtc_call_core::webhook::{Delivery, Event, WebhookToken, WebhookVerifier};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{CallbackConfiguration, ReceivedRequest, WebhookOutcome, WebhookSettings};

use crate::caller::{START, call_of, config, query};
use crate::received::read;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const FAILED: &str = "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n";

/// What is sent to a listener, with what it answers each time.
struct Receiver(TcpListener);

impl Receiver {
    async fn start() -> Receiver {
        Receiver(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn url(&self) -> String {
        format!("http://{}/hook?tenant=5", self.0.local_addr().unwrap())
    }

    /// The next request: its path with the query, its head, and its body.
    async fn next(&self, answer: &str) -> (String, String, Vec<u8>) {
        let accepted = timeout(Duration::from_secs(10), self.0.accept()).await;
        let (mut stream, _) = accepted.expect("a webhook").unwrap();
        let (head, body) = read(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        (path, head, body)
    }
}

fn unix_seconds() -> UnixSeconds {
    UnixSeconds(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs())
}

fn token() -> WebhookToken {
    WebhookToken::new("a token").unwrap()
}

fn verify((path, head, body): &(String, String, Vec<u8>)) -> Delivery {
    assert!(head.starts_with("POST /hook?tenant=5&SdkAppid="), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    let (_, query) = path.split_once('?').unwrap();
    let verifier = WebhookVerifier::new(config().sdk_app_id, &token());
    verifier.verify(query, body, unix_seconds()).unwrap()
}

async fn server(url: &str, settings: impl FnOnce(&mut WebhookSettings)) -> Server {
    let server = Server::start(config()).await.unwrap();
    let mut chosen = WebhookSettings::default();
    chosen.token = Some(token());
    settings(&mut chosen);
    server.with(|emulator| {
        emulator.set_callback_configuration(Some(CallbackConfiguration::everything(url)));
        emulator.set_webhook_settings(chosen);
    });
    server
}

fn ring(server: &Server, callee: &str) {
    let now = unix_seconds().0;
    let path = format!("{START}?{}", query(now));
    let body = call_of(&[callee]).to_string();
    server.with(|emulator| {
        let request = ReceivedRequest {
            method: "POST",
            path_and_query: &path,
            headers: &[],
            body: body.as_bytes(),
        };
        let answer = emulator.handle(&request, UnixMillis(now * 1000), now);
        assert_eq!(answer.error_code.unwrap().0, 0);
    });
}

/// The outcomes of the first delivery, once it is over.
async fn outcomes(server: &Server) -> Vec<WebhookOutcome> {
    for _ in 0..500 {
        let over = server.with(|emulator| {
            let delivery = emulator.webhook_deliveries_since(0).next().cloned();
            delivery.filter(|delivery| delivery.is_over)
        });
        if let Some(delivery) = over {
            return delivery
                .attempts
                .iter()
                .map(|attempt| attempt.outcome)
                .collect();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the delivery is not over");
}

#[tokio::test]
async fn a_receiver_is_told_of_a_whole_call_in_order() {
    let receiver = Receiver::start().await;
    let server = server(&receiver.url(), |_| {}).await;
    ring(&server, "answer-50-hangup-50");
    let mut events = Vec::new();
    for _ in 0..4 {
        events.push(verify(&receiver.next(OK).await).event);
    }
    assert!(matches!(events[0], Event::CallStarted(_)));
    assert!(matches!(events[1], Event::MembersChanged(_)));
    assert!(matches!(events[2], Event::MembersChanged(_)));
    assert!(matches!(events[3], Event::CallEnded(_)));
}

#[tokio::test]
async fn a_refused_webhook_comes_again() {
    let receiver = Receiver::start().await;
    let retry_after = Duration::from_millis(20);
    let server = server(&receiver.url(), |settings| {
        settings.retry_after = retry_after;
    })
    .await;
    ring(&server, "noanswer");
    let first = verify(&receiver.next(FAILED).await);
    let second = verify(&receiver.next(OK).await);
    assert_eq!(first.event, second.event);
    assert_eq!(
        outcomes(&server).await,
        [
            WebhookOutcome::Refused { status: 500 },
            WebhookOutcome::Acknowledged
        ]
    );
}

#[tokio::test]
async fn a_receiver_that_is_slow_gone_or_cuts_the_answer_is_given_up_after_some_attempts() {
    let impatient = |settings: &mut WebhookSettings| {
        settings.timeout = Duration::from_millis(100);
        settings.retry_after = Duration::from_millis(10);
        settings.attempts = 2;
    };
    let receiver = Receiver::start().await;
    let slow = server(&receiver.url(), impatient).await;
    ring(&slow, "noanswer");
    assert_eq!(outcomes(&slow).await, [WebhookOutcome::TimedOut; 2]);

    let gone = server("http://127.0.0.1:1/", impatient).await;
    ring(&gone, "noanswer");
    assert_eq!(outcomes(&gone).await, [WebhookOutcome::NotReached; 2]);

    let tls = server("https://127.0.0.1:1/", impatient).await;
    ring(&tls, "noanswer");
    assert_eq!(outcomes(&tls).await, [WebhookOutcome::UnsupportedUrl; 2]);

    let receiver = Receiver::start().await;
    let cut = server(&receiver.url(), impatient).await;
    ring(&cut, "noanswer");
    for _ in 0..2 {
        receiver
            .next("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")
            .await;
    }
    assert_eq!(outcomes(&cut).await, [WebhookOutcome::NotReached; 2]);
}
