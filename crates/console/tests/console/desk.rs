//! A console and somebody in front of it. Whatever is answered, no secret may be in it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use trtc_call::webhook::WebhookToken;
use trtc_call::{BaseUrl, Region, SdkAppId, SecretKey, UserId, usersig};
use trtc_call_console::{Config, Console, Service, SessionToken, WebhookCheck};
use trtc_call_emulator::server::Server;

/// What must not show. It is a valid key: requests succeed with it.
pub(crate) const SECRET_KEY: &str =
    "MARKED-5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
pub(crate) const SESSION_TOKEN: &str = "session-token-4f1c07a95be2d836-71d0e94c2fa6";
pub(crate) const WEBHOOK_TOKEN: &str = "MARKED-webhook-token";

pub(crate) const INGEST_KEY: &str = "MARKED-ingest-key";

pub(crate) fn app() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

pub(crate) fn webhook_token() -> WebhookToken {
    WebhookToken::new(WEBHOOK_TOKEN).unwrap()
}

pub(crate) struct Desk {
    pub(crate) console: Console,
    pub(crate) http: reqwest::Client,
    cookie: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }

    /// The error of a reply of that status.
    #[track_caller]
    pub(crate) fn error(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        let document: Value = serde_json::from_str(&self.text).unwrap();
        document["error"].clone()
    }

    /// The fields that a reply of 400 complains of.
    #[track_caller]
    pub(crate) fn problems(self) -> Vec<String> {
        let error = self.error(400);
        assert_eq!(error["code"], "invalid_request", "{error}");
        let problems = error["problems"].as_array().unwrap();
        problems
            .iter()
            .map(|problem| {
                for part in ["rule", "fix"] {
                    assert!(!problem[part].as_str().unwrap().is_empty(), "{problem}");
                }
                problem["field"].as_str().unwrap().to_owned()
            })
            .collect()
    }
}

pub(crate) async fn emulator() -> Server {
    let key = SecretKey::new(SECRET_KEY).unwrap();
    Server::start(trtc_call_emulator::Config::new(app(), key))
        .await
        .unwrap()
}

/// The configuration of an account, whose service is `server`.
pub(crate) fn account_at(server: &Server) -> Config {
    let url = BaseUrl::new(&server.base_url()).unwrap();
    config(Service::Account(Region::Custom(url)))
}

pub(crate) fn config(service: Service) -> Config {
    let key = SecretKey::new(SECRET_KEY).unwrap();
    let admin = UserId::new("administrator").unwrap();
    Config::new(app(), key, admin, service)
        .robot(UserId::new("robot").unwrap())
        .session_token(SessionToken::new(SESSION_TOKEN).unwrap())
}

impl Desk {
    /// In front of a console with an emulator in it.
    pub(crate) async fn emulated() -> Desk {
        Desk::at(config(Service::Emulator(emulator().await)), 0).await
    }

    /// In front of a console of an account without webhooks.
    pub(crate) async fn asking(server: &Server) -> Desk {
        Desk::at(account_at(server), 0).await
    }

    /// In front of a console of an account that takes signed webhooks.
    pub(crate) async fn listening(server: &Server) -> Desk {
        let config = account_at(server).webhooks(WebhookCheck::Token(webhook_token()));
        Desk::at(config, 0).await
    }

    pub(crate) async fn at(config: Config, port: u16) -> Desk {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let console = Console::start(config, listener.unwrap()).await.unwrap();
        let http = trtc_call::plain_http_client_builder().unwrap().build();
        let mut desk = Desk {
            console,
            http: http.unwrap(),
            cookie: String::new(),
        };
        let url = desk.console.url().to_owned();
        desk.cookie = desk.sign_in(&url).await;
        desk
    }

    /// The cookie that a URL is exchanged for.
    pub(crate) async fn sign_in(&self, url: &str) -> String {
        let signed_in = self
            .request(Method::POST, "/api/session")
            .bearer_auth(ticket(url));
        let reply = self.read(signed_in.send().await.unwrap()).await;
        let cookie = reply.headers[SET_COOKIE].to_str().unwrap().to_owned();
        assert_eq!(reply.ok(), json!({ "active": true }));
        cookie.split(';').next().unwrap().to_owned()
    }

    /// The same desk behind another console.
    pub(crate) fn with_cookie(mut self, cookie: &str) -> Desk {
        cookie.clone_into(&mut self.cookie);
        self
    }

    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.console.address()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// A request as a stranger sends it.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, self.url(path))
            .timeout(Duration::from_secs(30))
    }

    /// A request as the page sends it.
    pub(crate) fn own_request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.request(method, path)
            .header(COOKIE, &self.cookie)
            .header("x-trtc-console", "1")
            .header("origin", self.url(""))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        let sent = self.own_request(Method::GET, path).send().await;
        self.read(sent.unwrap()).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.send_text(method, path, body.to_string()).await
    }

    pub(crate) async fn send_text(
        &self,
        method: Method,
        path: &str,
        body: impl Into<reqwest::Body>,
    ) -> Reply {
        let sent = self
            .own_request(method, path)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await;
        self.read(sent.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, &body).await
    }

    /// Reads a reply, which has all the headers that keep a page safe, and no secret.
    pub(crate) async fn read(&self, response: Response) -> Reply {
        let path = response.url().path().to_owned();
        let reply = Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        };
        for (name, value) in &reply.headers {
            assert_no_secret(&path, value.to_str().unwrap());
            assert!(!name.as_str().starts_with("access-control"), "{reply:?}");
        }
        assert_no_secret(&path, &reply.text);
        reply
    }

    /// Rings the callees, and gives the call's name.
    pub(crate) async fn ring(&self, callees: &[&str]) -> String {
        let call =
            json!({ "robot": "robot", "callees": callees, "media": "video", "room": "visit-1" });
        let reply = self.post("/api/calls", call).await.ok();
        reply["callId"].as_str().unwrap().to_owned()
    }

    /// Looks at a call until it is as it should be.
    pub(crate) async fn call_when(
        &self,
        call_id: &str,
        is_right: impl Fn(&Value) -> bool,
    ) -> Value {
        let path = format!("/api/calls/{call_id}");
        let mut last = Value::Null;
        for _ in 0..200 {
            last = self.get(&path).await.ok();
            if is_right(&last) {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the call does not get there: {last:#}");
    }
}

/// What a URL of the console has to itself.
pub(crate) fn ticket(url: &str) -> &str {
    url.split_once("/#token=").unwrap().1
}

#[track_caller]
pub(crate) fn assert_no_secret(path: &str, text: &str) {
    let cloud_key = trtc_call_emulator::Config::TEST_SECRET_KEY;
    for secret in [
        SECRET_KEY,
        SESSION_TOKEN,
        WEBHOOK_TOKEN,
        cloud_key,
        INGEST_KEY,
    ] {
        assert!(!text.contains(secret), "a secret shows: {path}: {text}");
    }
    // That one is there to give a token away.
    if path != "/api/usersig" {
        let is_token_character = |c: char| c.is_ascii_alphanumeric() || "*-_".contains(c);
        for word in text.split(|c| !is_token_character(c)) {
            assert!(
                usersig::inspect(word).is_err(),
                "a UserSig shows: {path}: {text}"
            );
        }
    }
}

/// How far the call's members have got.
pub(crate) fn members(call: &Value) -> Vec<(&str, &str)> {
    let members = call["members"].as_array().unwrap().iter();
    members
        .map(|member| {
            let text = |name: &str| member[name].as_str().unwrap();
            assert!(member["at"].is_u64(), "{call:#}");
            (text("userId"), text("state"))
        })
        .collect()
}

/// What happened, in order.
pub(crate) fn kinds(call: &Value) -> Vec<&str> {
    let events = call["events"].as_array().unwrap().iter();
    events
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}
