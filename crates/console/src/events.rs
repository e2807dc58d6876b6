//! `GET /api/events`: what changes on the board, as server-sent events.
//!
//! The id of an event is the board's epoch and the change's number. Who comes back with the last id (the
//! header `Last-Event-ID`, or `?after=`) is sent what has changed since; who comes with that of another
//! board, as after a restart, is told to load the snapshot anew (`event: reset`). Without an id, all there
//! is.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, stream};
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;

use crate::Shared;
use crate::api::settings;
use crate::board::Change;

/// How soon a page comes back whose connection broke.
const RETRY: Duration = Duration::from_secs(1);

/// How often the page hears that all is well, where nothing else is to be told: it must notice a server that hangs.
const HEARTBEAT: Duration = Duration::from_secs(5);

pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let header = headers.get("last-event-id");
    let header = header
        .and_then(|id| id.to_str().ok())
        .filter(|id| !id.is_empty());
    let after = header.or_else(|| query.get("after").map(String::as_str));
    let mut waiting = VecDeque::from([Event::default().comment("connected").retry(RETRY)]);
    let (changed, sent) = {
        let board = shared.board();
        let sent = match after.map(|id| board.number_of(id)) {
            None => 0,
            Some(Some(number)) => number,
            Some(None) => {
                let id = board.event_id(board.last());
                let data = json!({ "lastEventId": id });
                waiting.push_back(event("reset", &data).id(id));
                board.last()
            }
        };
        (board.subscribe(), sent)
    };
    let reader = Reader {
        stopped: shared.stopped.clone(),
        shared,
        changed,
        sent,
        waiting,
    };
    let events = stream::unfold(reader, |mut reader| async move {
        Some((Ok(reader.next().await?), reader))
    });
    with_heartbeat(events)
}

/// A stream that also says that all is well.
pub(crate) fn with_heartbeat<S>(events: S) -> Sse<impl Stream<Item = Result<Event, Infallible>>>
where
    S: Stream<Item = Result<Event, Infallible>> + Send + 'static,
{
    let alive = Event::default().event("alive").data("");
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).event(alive))
}

struct Reader {
    shared: Arc<Shared>,
    changed: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
    /// The number of the last change that was sent.
    sent: u64,
    waiting: VecDeque<Event>,
}

impl Reader {
    /// The next event, whenever it comes; `None` when the console stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            self.changed.mark_unchanged();
            self.look();
            if self.waiting.is_empty() {
                tokio::select! {
                    changed = self.changed.changed() => changed.ok()?,
                    // An error means that the console is gone.
                    _ = self.stopped.wait_for(|stopped| *stopped) => return None,
                }
            }
        }
    }

    fn look(&mut self) {
        let (changes, ids) = {
            let board = self.shared.board();
            let changes = board.changes_after(self.sent);
            let ids: Vec<String> = changes.iter().map(|(it, _)| board.event_id(*it)).collect();
            (changes, ids)
        };
        for ((number, change), id) in changes.into_iter().zip(ids) {
            self.sent = number;
            let event = match change {
                Change::Call(call) => event("call", &call),
                Change::CallContinued(call) => event("call-continued", &call),
                Change::Delivery(delivery) => event("webhook", &delivery),
                Change::Settings => event("settings", &settings::view(&self.shared)),
            };
            self.waiting.push_back(event.id(id));
        }
    }
}

pub(crate) fn event(name: &str, data: &impl Serialize) -> Event {
    // Strings, numbers and lists of them, which always serialise.
    let data = serde_json::to_string(data).unwrap_or_default();
    Event::default().event(name).data(data)
}
