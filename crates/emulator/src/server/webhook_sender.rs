//! Sends webhooks: one connection each, plain HTTP/1.1, no redirects.

use std::io;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::http::request::Builder;
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Shared;
use crate::{OutgoingWebhook, WebhookOutcome};

/// Sends what is due at the same moment, one after the other, so that a receiver that answers gets them
/// in order.
pub(super) async fn send_in_turn(webhooks: Vec<OutgoingWebhook>, shared: Arc<Shared>) {
    for webhook in webhooks {
        let id = webhook.id;
        let outcome = match timeout(webhook.timeout, send(webhook)).await {
            Ok(outcome) => outcome,
            Err(_) => WebhookOutcome::TimedOut,
        };
        // Without the URL, which holds a signature.
        tracing::info!(delivery = id, ?outcome, "webhook");
        shared.lock().note_webhook(id, outcome);
        shared.changed.notify_one();
    }
}

async fn send(webhook: OutgoingWebhook) -> WebhookOutcome {
    let Some(receiver) = Receiver::at(&webhook.url) else {
        return WebhookOutcome::UnsupportedUrl;
    };
    match receiver.post(webhook.headers, webhook.body).await {
        Ok(StatusCode::OK) => WebhookOutcome::Acknowledged,
        Ok(status) => WebhookOutcome::Refused {
            status: status.as_u16(),
        },
        Err(error) => {
            tracing::debug!(%error, "a webhook did not arrive");
            WebhookOutcome::NotReached
        }
    }
}

struct Receiver {
    authority: String,
    address: (String, u16),
    path_and_query: String,
}

impl Receiver {
    /// The receiver at a URL, if it is one of plain http.
    fn at(url: &str) -> Option<Receiver> {
        let url = url.split('#').next()?;
        let uri: Uri = url
            .parse()
            .ok()
            .filter(|uri: &Uri| uri.scheme_str() == Some("http"))?;
        let authority = uri.authority()?;
        let host = authority.host().trim_matches(['[', ']']);
        Some(Receiver {
            authority: match authority.port_u16() {
                Some(port) => format!("{}:{port}", authority.host()),
                None => authority.host().to_owned(),
            },
            address: (host.to_owned(), authority.port_u16().unwrap_or(80)),
            path_and_query: uri.path_and_query()?.to_string(),
        })
    }

    async fn post(self, headers: Vec<(&str, String)>, body: String) -> io::Result<StatusCode> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        // Dropped with this attempt, it closes the connection.
        let mut driving = JoinSet::new();
        driving.spawn(connection);
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.path_and_query)
            .header(HOST, self.authority)
            .header(CONTENT_TYPE, "application/json");
        let with_header =
            |request: Builder, (name, value)| request.header::<&str, String>(name, value);
        let request = headers
            .into_iter()
            .fold(request, with_header)
            .body(Full::new(Bytes::from(body)))
            .map_err(io::Error::other)?;
        let response = sender
            .send_request(request)
            .await
            .map_err(io::Error::other)?;
        let status = response.status();
        // The answer counts once it is there as a whole; what it says does not matter.
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            frame.map_err(io::Error::other)?;
        }
        Ok(status)
    }
}
