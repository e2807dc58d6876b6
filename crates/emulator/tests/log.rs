//! What the server logs. The only test of its process: which log takes a message is decided once for all
//! threads, so that other tests beside it would decide it too.

#[allow(dead_code, reason = "shared with the other tests")]
mod caller;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use trtc_call_emulator::server::Server;

use caller::{KEY, START, call_of, config, query};

/// How long the call of a second may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
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

#[tokio::test]
async fn the_log_tells_what_happens_when_it_happens_and_holds_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let server = Server::start(config()).await.unwrap();
    let query = query(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs());
    let path = format!("{START}?{query}");
    let body = call_of(&["answer-50-hangup-50"]).to_string();
    post(&server, &path, &body).await;
    // A signature that was damaged on its way is nearly a secret too.
    let damaged = path.replace("usersig=eJ", "usersig=eK");
    assert_ne!(damaged, path);
    post(&server, &damaged, &body).await;
    let ended = async {
        while !log.text().contains("NormalEnd") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let ended = tokio::time::timeout(PATIENCE, ended).await;

    let log = log.text();
    assert!(ended.is_ok(), "the call's end is missing:\n{log}");
    for expected in [
        START,
        "error_code=0",
        "error_code=70003",
        "Ringing",
        "Answered",
        "HungUp",
    ] {
        assert!(log.contains(expected), "{expected} is missing:\n{log}");
    }
    let signature = query.split("usersig=eJ").nth(1).unwrap();
    let signature = signature.split('&').next().unwrap();
    assert!(signature.len() > 100);
    for secret in [signature, KEY] {
        assert!(!log.contains(secret), "a secret shows:\n{log}");
    }
}

/// Sends a request, and waits until it is answered.
async fn post(server: &Server, path_and_query: &str, body: &str) {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let request = format!(
        "POST {path_and_query} HTTP/1.1\r\nhost: emulator\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.unwrap();
    assert!(reply.starts_with(b"HTTP/1.1 200 OK\r\n"));
}
