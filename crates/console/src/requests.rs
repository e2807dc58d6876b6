//! What this process has said to the service and what was answered, whatever it was about: the latest of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use trtc_call::{Client, CloudErrorCode, Endpoint, Error, ErrorCode, RecordedExchange, Reply};

use crate::{Shared, system_time};

/// How many exchanges are kept, and how much of a text, in bytes: the longest are lists of records.
const KEPT: usize = 1000;
const KEPT_BYTES: usize = 32 * 1024;

/// One request, and what was answered.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exchange {
    pub(crate) id: u64,
    /// When it had been answered, in milliseconds since 1970, by this machine's clock.
    at: u64,
    took_ms: u64,
    command: &'static str,
    /// From 1: which of the attempts at one thing it was.
    attempt: u32,
    call_id: Option<String>,
    /// The HTTP status, where a reply came.
    status: Option<u16>,
    /// The service's own code, 0 where all is well.
    error_code: Option<Value>,
    /// The code's name, or why no reply came; `None` where all is well.
    code: Option<String>,
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<String>,
}

impl Exchange {
    fn of(exchange: &RecordedExchange, attempt: u32) -> Exchange {
        let (status, body) = match &exchange.reply {
            Ok(text) => {
                let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
                let status = head.strip_prefix("HTTP ").and_then(|it| it.parse().ok());
                (status, serde_json::from_str(body).unwrap_or(Value::Null))
            }
            Err(_) => (None, Value::Null),
        };
        let sent = exchange.request.split_once("\n\n").map_or("", |it| it.1);
        let sent: Value = serde_json::from_str(sent).unwrap_or(Value::Null);
        let (error_code, code) = match &exchange.reply {
            Ok(_) => refusal(&body),
            Err(error) => (None, Some(error.kind.code().to_owned())),
        };
        let first = |places: [(&Value, &str); 4]| {
            let mut found = places
                .into_iter()
                .filter_map(|(json, at)| json.pointer(at)?.as_str());
            found.find(|text| !text.is_empty()).map(str::to_owned)
        };
        Exchange {
            id: 0,
            at: system_time().0,
            took_ms: u64::try_from(exchange.took.as_millis()).unwrap_or(u64::MAX),
            command: exchange.name,
            attempt,
            call_id: first([
                (&body, "/Response/CallId"),
                (&sent, "/CallId"),
                (&body, "/Response/CallInfo/CallId"),
                (&body, "/CallId"),
            ]),
            request_id: first([
                (&body, "/RequestId"),
                (&body, "/Response/RequestId"),
                (&Value::Null, ""),
                (&Value::Null, ""),
            ]),
            status,
            error_code,
            code,
            request: Some(cut(&exchange.request)),
            reply: exchange.reply.as_deref().ok().map(cut),
        }
    }

    /// Without its texts, which whoever looks into it can ask for.
    fn headline(&self) -> Exchange {
        Exchange {
            request: None,
            reply: None,
            ..self.clone()
        }
    }
}

/// The service's code and its name, of a command or of the cloud API.
fn refusal(body: &Value) -> (Option<Value>, Option<String>) {
    if let Some(code) = body.pointer("/ErrorCode") {
        let number = code.as_i64().filter(|number| *number != 0);
        let name = number.map(|number| ErrorCode(number).name().to_owned());
        return (Some(code.clone()), name);
    }
    match body.pointer("/Response/Error/Code").and_then(Value::as_str) {
        Some(word) => {
            let name = CloudErrorCode::from(word).name().to_owned();
            (Some(word.into()), Some(name))
        }
        None => (None, None),
    }
}

fn cut(text: &str) -> String {
    if text.len() <= KEPT_BYTES {
        return text.to_owned();
    }
    let boundaries = text.char_indices().map(|(index, _)| index);
    let end = boundaries.take_while(|index| *index <= KEPT_BYTES).last();
    let end = end.unwrap_or_default();
    format!(
        "{}\n… {} bytes more",
        text.get(..end).unwrap_or_default(),
        text.len() - end
    )
}

/// The latest exchanges, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    kept: VecDeque<Exchange>,
    last: u64,
}

impl Requests {
    fn push(&mut self, mut exchange: Exchange) {
        self.last += 1;
        exchange.id = self.last;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(exchange);
    }

    /// Those after that one, the latest first, without their texts.
    pub(crate) fn after(&self, id: u64) -> Vec<Exchange> {
        let news = self.kept.iter().rev().take_while(|it| it.id > id);
        news.map(Exchange::headline).collect()
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Exchange> {
        self.kept.iter().find(|it| it.id == id)
    }
}

/// Counts the attempts at each thing of a session, which by itself asks again what failed.
#[derive(Debug, Default)]
pub(crate) struct Attempts(BTreeMap<&'static str, u32>);

impl Attempts {
    fn count(&mut self, exchange: &mut Exchange) {
        let failed_before = self.0.remove(exchange.command).unwrap_or(0);
        exchange.attempt = failed_before + 1;
        if exchange.code.is_some() || exchange.status.is_none_or(|status| status >= 400) {
            self.0.insert(exchange.command, exchange.attempt);
        }
    }
}

impl Shared {
    /// Takes note of an exchange of a session.
    pub(crate) fn note_exchange_of(&self, exchange: &RecordedExchange, attempts: &Mutex<Attempts>) {
        let mut noted = Exchange::of(exchange, 1);
        let mut attempts = attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.count(&mut noted);
        self.requests().push(noted);
    }

    /// Takes note of an exchange.
    fn note_exchange(&self, exchange: &RecordedExchange, attempt: u32) {
        self.requests().push(Exchange::of(exchange, attempt));
    }

    /// Sends a command. Whatever goes over the wire is noted, and shown to `see`.
    pub(crate) async fn send_seen<E: Endpoint + Sync>(
        &self,
        request: &E,
        mut see: impl FnMut(RecordedExchange) + Send,
    ) -> Result<Reply<E::Response>, Error> {
        let client: Client = self.client();
        let mut attempt = 0;
        let sent = client.send_recorded(request, |exchange| {
            attempt += 1;
            self.note_exchange(&exchange, attempt);
            see(exchange);
        });
        sent.await
    }

    /// Sends a command. Whatever goes over the wire is noted.
    pub(crate) async fn send<E: Endpoint + Sync>(
        &self,
        request: &E,
    ) -> Result<Reply<E::Response>, Error> {
        self.send_seen(request, drop).await
    }
}
