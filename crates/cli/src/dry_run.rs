//! `--dry-run`: the request that would be sent, its secrets hidden.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use trtc_call::offline_push::Advice;
use trtc_call::{HttpRequest, JsonText};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;
use crate::style::{FAINT, TITLE};

/// Shows the request instead of sending it.
pub(crate) fn show(
    screen: &Screen,
    request: &HttpRequest,
    advice: Vec<Advice>,
) -> Result<Exit, CommandError> {
    let shown = Shown::new(request, advice);
    screen.show(&shown, &shown)?;
    screen.note("dry run: nothing was sent");
    Ok(Exit::Ok)
}

/// A request without its secrets.
#[derive(Serialize)]
struct Shown {
    method: &'static str,
    url: String,
    headers: BTreeMap<&'static str, String>,
    /// As it would be sent, to the digit.
    body: Option<JsonText>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advice: Vec<Advice>,
}

impl Shown {
    fn new(request: &HttpRequest, advice: Vec<Advice>) -> Shown {
        let headers = request.headers.iter().map(|(name, value)| match *name {
            "authorization" | "x-tc-token" => (*name, "(hidden)".to_owned()),
            _ => (*name, value.clone()),
        });
        Shown {
            method: request.method,
            url: request.redacted_url(),
            headers: headers.collect(),
            // What the core wrote is JSON.
            body: request.redacted_body().parse().ok(),
            advice,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown {
            method,
            url,
            headers,
            body,
            // Told apart from the request, on stderr.
            advice: _,
        } = self;
        writeln!(f, "{TITLE}{method}{TITLE:#} {url}")?;
        for (name, value) in headers {
            writeln!(f, "{FAINT}{name}: {value}{FAINT:#}")?;
        }
        let body = body.as_ref().map_or("", JsonText::as_str);
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        write!(f, "\n{body:#}")
    }
}
