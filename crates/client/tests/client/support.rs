//! A log that tests read, and a server that reads requests and answers as it is told.

use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tracing::Dispatch;
use tracing::dispatcher::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;
use trtc_call::call_engine::start_call_by_robot;
use trtc_call::{
    BaseUrl, Client, ClientBuilder, MediaType, Region, SdkAppId, SecretKey, UnixSeconds, UserId,
};

/// Has a subscriber take what is logged on this thread, until the guard is dropped.
pub(crate) fn take(subscriber: impl Into<Dispatch>) -> DefaultGuard {
    // One subscriber stays and takes everything. Without it the level that is looked at for the whole process falls
    // for a moment whenever another test's log ends, and a span that begins then is lost.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    tracing::dispatcher::set_default(&subscriber.into())
}

/// What was logged on this thread, as text.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Logs from `level` on, until the guard is dropped.
    pub(crate) fn begin(level: tracing::Level) -> (Log, DefaultGuard) {
        Log::of(level, FmtSpan::NONE)
    }

    /// Logs everything there is, until the guard is dropped.
    pub(crate) fn of_everything() -> (Log, DefaultGuard) {
        Log::of(tracing::Level::TRACE, FmtSpan::FULL)
    }

    fn of(level: tracing::Level, spans: FmtSpan) -> (Log, DefaultGuard) {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(level)
            .with_span_events(spans)
            .with_writer(move || writer.clone())
            .finish();
        (log, take(subscriber))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads each request, tells that it came, and answers it once it may.
pub(crate) struct PatientServer {
    pub(crate) base_url: String,
    pub(crate) came: Arc<Notify>,
    pub(crate) answer: Arc<Notify>,
}

impl PatientServer {
    /// Answers so; with nothing, it closes the connection.
    pub(crate) async fn start(body: Option<&'static str>) -> PatientServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = PatientServer {
            base_url: format!("http://{}", listener.local_addr().unwrap()),
            came: Arc::default(),
            answer: Arc::default(),
        };
        let (came, answer) = (Arc::clone(&server.came), Arc::clone(&server.answer));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (came, answer) = (Arc::clone(&came), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut request = vec![0; 8192];
                    while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                        came.notify_one();
                        answer.notified().await;
                        let Some(body) = body else { return };
                        let length = body.len();
                        let reply =
                            format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
                        stream.write_all(reply.as_bytes()).await.unwrap();
                    }
                });
            }
        });
        server
    }
}

pub(crate) const SENT_AT: u64 = 1_700_000_000;

pub(crate) fn builder(base_url: &str) -> ClientBuilder {
    Client::builder(
        SdkAppId::new(1_400_000_000).unwrap(),
        SecretKey::new("MARKED-KEY").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(base_url).unwrap()),
    )
    .clock(|| UnixSeconds(SENT_AT))
}

pub(crate) fn call() -> start_call_by_robot::Request {
    start_call_by_robot::Request::builder("robot", ["jack", "jane"], MediaType::Video)
        .room("roomid-test")
        .build()
        .unwrap()
}
