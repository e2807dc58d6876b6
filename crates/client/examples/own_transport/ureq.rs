//! One HTTP exchange with ureq, and what its failures say about the request.

use std::time::Duration;

use trtc_call_core::{HttpRequest, TransportError, TransportErrorKind};

/// Follows no redirect, and takes every status for a reply.
pub(crate) fn agent(timeout: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_connect(Some(Duration::from_secs(3).min(timeout / 2)))
        .timeout_global(Some(timeout))
        .build()
        .into()
}

/// Status and body of the reply.
pub(crate) fn send(
    agent: &ureq::Agent,
    request: HttpRequest,
) -> Result<(u16, Vec<u8>), TransportError> {
    let mut sending = agent.post(request.url);
    for (name, value) in request.headers {
        sending = sending.header(name, value);
    }
    let mut reply = sending
        .send(request.body)
        .map_err(|error| transport_error(&error))?;
    let body = reply.body_mut().read_to_vec();
    let body = body.map_err(|error| transport_error(&error))?;
    Ok((reply.status().as_u16(), body))
}

/// When in doubt, the request may have arrived.
fn transport_error(error: &ureq::Error) -> TransportError {
    let kind = match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            TransportErrorKind::Connect
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            TransportErrorKind::Connect
        }
        ureq::Error::Timeout(_) => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Interrupted,
    };
    TransportError::new(kind, error.to_string())
}
