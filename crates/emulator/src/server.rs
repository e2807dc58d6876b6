//! The emulator behind a TCP socket. This is the shell: it brings the clock, the random source and the
//! sockets, and decides nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "the shell is where the clock is read"
)]

mod reply;
mod webhook_sender;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http_body_util::BodyExt as _;
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use trtc_call_core::{CloudErrorCode, UnixMillis};

use self::reply::{Reply, response};
use crate::{Config, Cut, Emulator, MAX_BODY_BYTES, ReceivedRequest};

/// A running emulator. It stops when this is dropped, or gently with [`shutdown`](Self::shutdown).
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    ticking: JoinHandle<()>,
}

/// What the server grants to those who connect.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// How many connections are open at once; more wait until one is closed.
    connections: usize,
    /// How long a request's head may take, and its body then.
    reading: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 1000,
            reading: Duration::from_secs(30),
        }
    }
}

/// How long [`Server::shutdown`] waits for replies that are under way.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(5);

impl Server {
    /// Starts an emulator on a free port of 127.0.0.1. Call it within a tokio runtime whose time and IO
    /// are enabled.
    ///
    /// # Errors
    /// If no socket can be bound.
    pub async fn start(config: Config) -> io::Result<Server> {
        Server::start_at(config, (Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts an emulator on that address; port 0 takes a free one. **Whoever reaches the address
    /// controls the emulator**: leave it on a loopback address unless others are to reach it.
    ///
    /// # Errors
    /// If the address cannot be bound: it is taken, or not this machine's.
    pub async fn start_at(config: Config, address: SocketAddr) -> io::Result<Server> {
        Server::start_within(config, address, Limits::default()).await
    }

    async fn start_within(
        config: Config,
        address: SocketAddr,
        limits: Limits,
    ) -> io::Result<Server> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            emulator: Mutex::new(Emulator::new(&config)),
            changed: Notify::new(),
        });
        let (stop, stopped) = oneshot::channel();
        tracing::info!(%address, "the emulator listens");
        Ok(Server {
            address,
            stop: Some(stop),
            serving: tokio::spawn(serve(listener, limits, Arc::clone(&shared), stopped)),
            ticking: tokio::spawn(tick(Arc::clone(&shared))),
            shared,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL, such as `http://127.0.0.1:40123`: what a client takes in place of a region. Nobody can send to the
    /// unspecified address (`0.0.0.0`): where it listens there, this machine's own.
    #[must_use]
    pub fn base_url(&self) -> String {
        let mut reachable = self.address;
        if reachable.ip().is_unspecified() {
            reachable.set_ip(match reachable {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{reachable}")
    }

    /// Looks at the emulator, or changes it, as of this moment. No request is served meanwhile.
    pub fn with<T>(&self, act: impl FnOnce(&mut Emulator) -> T) -> T {
        let result = act(&mut self.shared.lock());
        self.shared.changed.notify_one();
        result
    }

    /// Stops listening, lets the replies that are under way finish for up to 5 seconds, and closes all
    /// connections.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            // It fails when the task has ended already.
            let _ = stop.send(());
        }
        if timeout(SHUTDOWN_PATIENCE, &mut self.serving).await.is_err() {
            tracing::warn!("some replies were still under way and are cut");
        }
    }
}

/// Closes the socket and all connections at once.
impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
        self.ticking.abort();
    }
}

#[derive(Debug)]
struct Shared {
    emulator: Mutex<Emulator>,
    /// Something may be due earlier than before.
    changed: Notify,
}

impl Shared {
    /// The emulator as of this moment. A panic of somebody who held it (an assertion in a test) leaves it
    /// whole enough to go on.
    fn lock(&self) -> MutexGuard<'_, Emulator> {
        let mut emulator = self.emulator.lock().unwrap_or_else(PoisonError::into_inner);
        emulator.advance_to(now());
        emulator
    }
}

fn now() -> UnixMillis {
    let since_1970 = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    UnixMillis::default().after(since_1970)
}

/// Logs what happens at the moment it happens, which the emulator itself would not need, and sends the
/// webhooks that are due.
async fn tick(shared: Arc<Shared>) {
    let mut last_id = 0;
    // Dropped with this task, it ends all attempts.
    let mut sending = JoinSet::new();
    loop {
        let wait = {
            let mut emulator = shared.lock();
            for event in emulator.events_since(last_id) {
                tracing::info!(call_id = event.call_id, event = ?event.kind, "call event");
            }
            last_id = emulator.last_event_id();
            let webhooks = emulator.take_due_webhooks();
            if !webhooks.is_empty() {
                sending.spawn(webhook_sender::send_in_turn(webhooks, Arc::clone(&shared)));
            }
            let next = [emulator.next_due(), emulator.next_webhook_due()];
            let next = next.into_iter().flatten().min();
            next.map(|due| Duration::from_millis(due.0.saturating_sub(now().0)))
        };
        while sending.try_join_next().is_some() {}
        let changed = shared.changed.notified();
        match wait {
            Some(wait) => {
                // Whichever comes first; there is nothing to do about either outcome.
                let _ = timeout(wait, changed).await;
            }
            None => changed.await,
        }
    }
}

async fn serve(
    listener: TcpListener,
    limits: Limits,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    // Dropped with this task, it closes all connections.
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < limits.connections => match accepted {
                Ok((stream, _)) => {
                    let shared = Arc::clone(&shared);
                    let service = service_fn(move |request| respond(Arc::clone(&shared), limits, request));
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(limits.reading)
                        .serve_connection(TokioIo::new(stream), service);
                    connections.spawn(graceful.watch(connection));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    // Out of file descriptors, most likely: let some be closed first.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(ended) = connections.join_next() => {
                if let Ok(Err(error)) = ended {
                    tracing::debug!(%error, "a connection broke off");
                }
            }
            _ = &mut stopped => break,
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// An `Err` makes hyper close the connection without a reply.
async fn respond(
    shared: Arc<Shared>,
    limits: Limits,
    request: hyper::Request<Incoming>,
) -> Result<Response<Reply>, io::Error> {
    let (head, body) = request.into_parts();
    let body = timeout(limits.reading, read(body)).await??;
    let path_and_query = head.uri.path_and_query().map_or("/", |both| both.as_str());
    // One that is no text is none that the emulator looks at.
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    let headers: Vec<(&str, String)> = head
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), text(value)?)))
        .collect();
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let request = ReceivedRequest {
        method: head.method.as_str(),
        path_and_query,
        headers: &headers,
        body: &body,
    };
    let random = getrandom::u64().map_err(io::Error::other)?;
    let answer = shared.lock().handle(&request, now(), random);
    shared.changed.notify_one();
    let error_code = answer.error_code.map(|code| code.0);
    // The path alone: the query holds a UserSig.
    tracing::info!(
        method = request.method,
        path = head.uri.path(),
        status = answer.status,
        error_code,
        cloud_error_code = answer.cloud_error_code.as_ref().map(CloudErrorCode::as_str),
        cut = ?answer.cut,
        "request"
    );
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    match answer.cut {
        Cut::BeforeReply => Err(io::Error::other("an injected fault: no reply")),
        Cut::None | Cut::MidReply => Ok(response(answer)),
    }
}

/// The body, or as much of it as shows that it is too long.
async fn read(mut body: Incoming) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() <= MAX_BODY_BYTES
        && let Some(frame) = body.frame().await
    {
        if let Ok(data) = frame.map_err(io::Error::other)?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use trtc_call_core::{SdkAppId, SecretKey};

    use super::*;

    async fn server(connections: usize, reading: Duration) -> Server {
        let (app, key) = (SdkAppId::new(7).unwrap(), SecretKey::new("key").unwrap());
        let limits = Limits {
            connections,
            reading,
        };
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        Server::start_within(Config::new(app, key), address, limits)
            .await
            .unwrap()
    }

    /// What comes back until the connection is closed.
    async fn exchange(server: &Server, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        // A connection may be reset rather than closed.
        let _ = stream.read_to_string(&mut reply).await;
        reply
    }

    const HEALTH: &str = "GET /emulator/health HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";

    #[tokio::test]
    async fn a_request_that_does_not_come_to_its_end_is_not_waited_for() {
        let server = server(9, Duration::from_millis(200)).await;
        for half in [
            "GET /emulator/health HTTP/1.1\r\nhost: h",
            "POST /emulator/faults HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\n{",
        ] {
            let reply = timeout(Duration::from_secs(20), exchange(&server, half)).await;
            let reply = reply.expect("the server hangs up");
            assert!(!reply.starts_with("HTTP/1.1 200"), "{reply}");
        }
        assert!(exchange(&server, HEALTH).await.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn who_comes_while_all_connections_are_taken_waits_until_one_is_closed() {
        let server = server(1, Duration::from_secs(60)).await;
        let first = TcpStream::connect(server.address()).await.unwrap();
        // The first is accepted before the second, which waits behind it.
        let mut second = Box::pin(exchange(&server, HEALTH));
        let waits = timeout(Duration::from_millis(300), &mut second).await;
        assert!(waits.is_err(), "{waits:?}");
        drop(first);
        let reply = timeout(Duration::from_secs(20), second).await.unwrap();
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    }
}
