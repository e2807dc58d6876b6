//! The service: an emulator that the test can look into, or a socket that says one thing only.

use std::future::ready;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::runtime::Runtime;
use trtc_call::tc3::Credential;
use trtc_call::{SdkAppId, SecretKey};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Config, Emulator, Fault};

use crate::program::{Program, trtc_call};

pub(crate) const SDK_APP_ID: &str = "1400000001";
pub(crate) const SECRET_KEY: &str =
    "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// A key of its own, so that it can be looked for in what comes out.
pub(crate) const CLOUD_SECRET_KEY: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";

/// An emulator outside of the program under test.
pub(crate) struct Service {
    runtime: Runtime,
    server: Server,
}

impl Service {
    pub(crate) fn start() -> Service {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let app = SdkAppId::new(SDK_APP_ID.parse().unwrap()).unwrap();
        let mut config = Config::new(app, SecretKey::new(SECRET_KEY).unwrap());
        let credential = Credential::new(Config::TEST_SECRET_ID, CLOUD_SECRET_KEY);
        config.cloud_credentials = vec![credential.unwrap()];
        let server = runtime.block_on(Server::start(config)).unwrap();
        Service { runtime, server }
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Emulator) -> T) -> T {
        let _guard = self.runtime.enter();
        self.server.with(act)
    }

    pub(crate) fn inject(&self, fault: Fault) {
        self.with(|emulator| emulator.inject(fault));
    }

    pub(crate) fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// The program with the account that this service knows.
    pub(crate) fn client(&self, arguments: &[&str]) -> Program {
        program_for(&self.server.base_url(), arguments)
    }

    /// Rings a callee and returns the CallId.
    pub(crate) fn ring(&self, callee: &str) -> String {
        let run = self
            .client(&["start", "--callee", callee, "--json"])
            .run()
            .exits_with(0);
        run.json()["reply"]["callId"].as_str().unwrap().to_owned()
    }

    /// Waits until the call has ended, and lets the time pass until its record is there.
    pub(crate) fn let_the_record_come(&self) {
        self.await_that("the call ends", |emulator| {
            emulator
                .calls()
                .first()
                .is_some_and(|call| call.end.is_some())
        });
        self.with(|emulator| emulator.advance_by(Duration::from_secs(5)));
    }

    /// Waits until something about the emulator holds.
    pub(crate) fn await_that(&self, what: &str, holds: impl Fn(&mut Emulator) -> bool) {
        let since = Instant::now();
        while !self.with(&holds) {
            assert!(
                since.elapsed() < Duration::from_secs(20),
                "waited in vain: {what}"
            );
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The program with an account that lives at that base URL.
pub(crate) fn program_for(base_url: &str, arguments: &[&str]) -> Program {
    trtc_call(arguments).envs(&[
        ("TRTC_SDKAPPID", SDK_APP_ID),
        ("TRTC_SECRET_KEY", SECRET_KEY),
        ("TRTC_ADMIN", "administrator"),
        ("TRTC_BASE_URL", base_url),
        ("TRTC_CLOUD_BASE_URL", base_url),
        ("TENCENTCLOUD_SECRET_ID", Config::TEST_SECRET_ID),
        ("TENCENTCLOUD_SECRET_KEY", CLOUD_SECRET_KEY),
    ])
}

/// A base URL where every request is answered with this body.
pub(crate) fn always(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The requests of this program fit into one read.
            let _ = stream.read(&mut [0; 8192]).unwrap();
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    base_url
}

/// A base URL where every request is answered with this body, and the bodies of the requests.
pub(crate) fn recorded(answer: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, bodies) = mpsc::channel();
    let answer = move |body: String| {
        sender.send(body).unwrap();
        ready(answer)
    };
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_all().build().unwrap();
        runtime.block_on(async {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let router = Router::new().fallback(answer);
            axum::serve(listener, router).await.unwrap();
        });
    });
    (base_url, bodies)
}

/// A base URL where nobody listens.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
