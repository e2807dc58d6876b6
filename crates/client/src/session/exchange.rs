//! A session's requests, sent, and their replies as the session takes them.

use trtc_call_core::call_session::{Answer, Request};
use trtc_call_core::{CloudEndpoint, Endpoint, Error, Repeat, TransportError, TransportErrorKind};

use crate::Client;
use crate::recorded::Recorder;

/// Sends one request. A call is sent again where it certainly did not ring; all else the session sends
/// again by itself.
pub(super) async fn send(
    client: &Client,
    request: Request,
    record: Option<Recorder<'_>>,
) -> Answer {
    match request {
        Request::StartCall(call) => {
            let reply = client.send_with(&*call, record).await;
            Answer::StartCall(reply.map(|reply| reply.response))
        }
        Request::GetCallInfo(request) => Answer::GetCallInfo(ask(client, &request, record).await),
        Request::EndCall(request) => Answer::EndCall(ask(client, &request, record).await),
        Request::GetRecord(request) => Answer::GetRecord(ask(client, &request, record).await),
        Request::StartIngest(start) => {
            let request = client.ingest_request(&start);
            Answer::StartIngest(match request {
                Ok(request) => act(client, &request, record).await,
                Err(error) => Err(error),
            })
        }
        Request::DescribeIngest(request) => {
            Answer::DescribeIngest(act(client, &request, record).await)
        }
        Request::StopIngest(request) => Answer::StopIngest(act(client, &request, record).await),
        Request::RemoveRobot(request) => Answer::RemoveRobot(act(client, &request, record).await),
    }
}

/// The answer to a request that must not be sent because the session could not be saved; `None` for one
/// that does no harm when it is sent again.
pub(super) fn not_sent(request: &Request, error: &super::BoxError) -> Option<Answer> {
    let not_sent = || {
        let message = format!("not sent, since the session could not be saved: {error}");
        Error::from(TransportError::new(TransportErrorKind::Connect, message))
    };
    (request.sent().repeat() != Repeat::Harmless).then(|| Answer::failed(request, not_sent()))
}

async fn ask<E: Endpoint + Sync>(
    client: &Client,
    request: &E,
    record: Option<Recorder<'_>>,
) -> Result<E::Response, Error> {
    let reply = client.send_once(request, record).await;
    reply.map(|reply| reply.response)
}

async fn act<E: CloudEndpoint + Sync>(
    client: &Client,
    request: &E,
    record: Option<Recorder<'_>>,
) -> Result<E::Response, Error> {
    let reply = client.cloud()?.send_once(request, record).await;
    reply.map(|reply| reply.response)
}
