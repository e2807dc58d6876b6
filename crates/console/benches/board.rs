//! What many people cost: a call of 200 callees, from its start to its end, and a board of 1,000 calls.
//! Prints lines `name = value`; `cargo xtask bench board` runs it.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use trtc_call::{SdkAppId, SecretKey, UserId};
use trtc_call_console::{Config, Console, Service};
use trtc_call_emulator::server::Server;

const CALLEES: usize = 200;
const CALLS: usize = 1000;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let page = Page::open().await?;
    page.one_large_call().await?;
    let page = Page::open().await?;
    page.many_calls().await
}

/// A page in front of a console of its own, with an emulator behind.
struct Page {
    console: Console,
    http: Client,
    cookie: String,
}

impl Page {
    async fn open() -> Result<Page, Failure> {
        let app = SdkAppId::new(1_400_000_001)?;
        let key = SecretKey::new("a-key-that-is-used-for-nothing-else")?;
        let server = Server::start(trtc_call_emulator::Config::new(app, key.clone())).await?;
        let admin = UserId::new("administrator")?;
        let config = Config::new(app, key, admin, Service::Emulator(server));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let mut page = Page {
            console: Console::start(config, listener).await?,
            http: trtc_call::plain_http_client_builder()?.build()?,
            cookie: String::new(),
        };
        let session = page.request(Method::POST, "session");
        let ticket = page.console.url().split_once("/#token=");
        let ticket = ticket.ok_or("no ticket")?.1.to_owned();
        let reply = session.bearer_auth(ticket).send().await?;
        let cookie = reply.headers().get(SET_COOKIE).ok_or("no cookie")?;
        let cookie = cookie.to_str()?.split(';').next();
        page.cookie = cookie.unwrap_or_default().to_owned();
        Ok(page)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let origin = format!("http://{}", self.console.address());
        self.http
            .request(method, format!("{origin}/api/{path}"))
            .header(COOKIE, &self.cookie)
            .header("x-trtc-console", "1")
            .header("origin", origin)
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        let request = self.request(Method::POST, path).body(body.to_string());
        let reply = request.send().await?.error_for_status()?;
        Ok(serde_json::from_str(&reply.text().await?)?)
    }

    async fn ring(&self, callees: &[String]) -> Result<String, Failure> {
        let call = json!({ "robot": "robot", "callees": callees, "media": "audio" });
        let reply = self.post("calls", call).await?;
        Ok(reply["callId"].as_str().unwrap_or_default().to_owned())
    }

    /// How long the board takes, at best of five, and how long it is.
    async fn board(&self) -> Result<(Duration, String), Failure> {
        let mut best = Duration::MAX;
        let mut board = String::new();
        for _ in 0..5 {
            let began = Instant::now();
            let reply = self.request(Method::GET, "calls").send().await?;
            board = reply.text().await?;
            best = best.min(began.elapsed());
        }
        Ok((best, board))
    }

    async fn one_large_call(&self) -> Result<(), Failure> {
        let mut stream = self.request(Method::GET, "events").send().await?;
        let callees: Vec<String> = (0..CALLEES).map(|it| format!("answer-{it}-{it}")).collect();
        let call_id = self.ring(&callees).await?;
        let mut bytes = read_until(&mut stream, |text| {
            text.matches(r#""state":"in_call","at""#).count() >= CALLEES
        })
        .await?;
        let ending = Instant::now();
        self.post(&format!("calls/{call_id}/end"), json!({}))
            .await?;
        bytes += read_until(&mut stream, |text| text.contains(r#""state":"ended""#)).await?;
        let told = ending.elapsed();
        bytes += read_until(&mut stream, |text| text.contains(r#""result":"#)).await?;
        let (took, _) = self.board().await?;
        figure(
            "board.ended_call_of_200.get.ms",
            took.as_secs_f64() * 1000.0,
        );
        figure(
            "board.call_of_200.end_is_told_after.ms",
            told.as_secs_f64() * 1000.0,
        );
        figure(
            "board.call_of_200.streamed.bytes",
            f64::from(u32::try_from(bytes)?),
        );
        Ok(())
    }

    async fn many_calls(&self) -> Result<(), Failure> {
        for number in 0..CALLS {
            self.ring(&[format!("noanswer-{number}")]).await?;
        }
        let (took, board) = self.board().await?;
        figure("board.1000_calls.get.ms", took.as_secs_f64() * 1000.0);
        figure(
            "board.1000_calls.bytes",
            f64::from(u32::try_from(board.len())?),
        );
        Ok(())
    }
}

/// Reads a stream until what has come since is right; returns its length.
async fn read_until(
    stream: &mut Response,
    is_right: impl Fn(&str) -> bool,
) -> Result<usize, Failure> {
    let mut text = String::new();
    while !is_right(&text) {
        let chunk = tokio::time::timeout(Duration::from_secs(60), stream.chunk()).await??;
        text.push_str(&String::from_utf8_lossy(&chunk.ok_or("the stream ends")?));
    }
    Ok(text.len())
}

fn figure(name: &str, value: f64) {
    println!("{name} = {value:.1}");
}
