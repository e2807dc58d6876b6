//! `POST /v4/call_config/set_callback` (<https://trtc.io/document/68938>)

use super::{Command, Scene};
use crate::CallbackConfiguration;
use crate::field::{FieldError, Fields};
use crate::reply::{Outcome, Refusal};

pub(super) const COMMAND: Command = Command {
    service: "call_config",
    name: "set_callback",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let callback = read(request).map_err(|error| Refusal::of_callback(&error))?;
    scene.exchange.webhooks_mut().configure(Some(callback));
    Ok(None)
}

fn read(request: Fields<'_>) -> Result<CallbackConfiguration, FieldError> {
    let url = request.string("Url")?;
    if !is_http_url(url) {
        return Err(request.error("Url", "must be an http or https URL"));
    }
    let commands = request.strings("CallbackCommandList")?;
    if commands.is_empty() {
        return Err(request.error("CallbackCommandList", "must name at least one command"));
    }
    for (index, command) in commands.iter().enumerate() {
        let name = format!("CallbackCommandList[{index}]");
        if !CallbackConfiguration::ALL_COMMANDS.contains(command) {
            let known = CallbackConfiguration::ALL_COMMANDS.join(", ");
            return Err(request.error(&name, format!("must be one of {known}")));
        }
        if commands.iter().position(|other| other == command) != Some(index) {
            return Err(request.error(&name, "must not be named twice"));
        }
    }
    Ok(CallbackConfiguration::new(url, commands))
}

/// Begins with the scheme, goes on with a host, and holds nothing that a URL cannot hold.
fn is_http_url(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        matches!(rest.bytes().next(), Some(b'a'..=b'z' | b'0'..=b'9' | b'['))
            && rest.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_scheme_and_a_host() {
        for url in ["http://a", "HTTPS://example.com:1/x?y=z", "http://[::1]:9/"] {
            assert!(is_http_url(url), "{url}");
        }
        for url in [
            "",
            "example.com",
            "ftp://a",
            "http://",
            "https:///x",
            "http://a b",
            "http://用",
        ] {
            assert!(!is_http_url(url), "{url}");
        }
    }
}
