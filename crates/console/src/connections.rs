//! Serves connections: so many at once, each of which has to say soon what it wants.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How many connections are open at once; more wait until one is closed. A browser opens six.
const CONNECTIONS: usize = 256;

/// How long a request's head may take, and its body then. A connection that is kept open without a request is closed
/// as soon.
pub(crate) const READING: Duration = Duration::from_secs(5);

/// Serves until told to stop; then lets the replies that are under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    // Dropped with this task, it closes all connections.
    let mut connections = JoinSet::new();
    let mut stopped = pin!(async move {
        // It fails when the console was dropped, which ends this task, too.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    });
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(READING)
                        .serve_connection(
                            TokioIo::new(stream),
                            TowerToHyperService::new(router.clone()),
                        );
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
            () = &mut stopped => break,
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Why a body was not read.
pub(crate) enum Unread {
    TooLong,
    /// It took too long, or broke off.
    TooSlow,
}

/// Reads the body of a request, up to so many bytes.
pub(crate) async fn read(body: Body, max_bytes: usize) -> Result<Bytes, Unread> {
    match timeout(READING, to_bytes(body, max_bytes)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Unread::TooLong),
        Err(_) => Err(Unread::TooSlow),
    }
}
