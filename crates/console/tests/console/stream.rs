//! A stream of server-sent events, as a page reads it.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value;
use tokio::time::timeout;

use crate::desk::{Desk, assert_no_secret};

pub(crate) struct Stream {
    response: Response,
    text: String,
}

#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

impl Stream {
    /// What happens on the board.
    pub(crate) async fn open(desk: &Desk, after: &str, last_event_id: &str) -> Stream {
        match after {
            "" => Stream::open_at(desk, "/api/events", last_event_id).await,
            after => {
                let path = format!("/api/events?after={after}");
                Stream::open_at(desk, &path, last_event_id).await
            }
        }
    }

    pub(crate) async fn open_at(desk: &Desk, path: &str, last_event_id: &str) -> Stream {
        let mut request = desk.own_request(Method::GET, path);
        if !last_event_id.is_empty() {
            request = request.header("last-event-id", last_event_id);
        }
        // As long as the longest test reads it, on a busy machine.
        let request = request.timeout(Duration::from_secs(300));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Stream {
            response,
            text: String::new(),
        }
    }

    /// The next event that is no comment.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(event) = read(&block) {
                    return event;
                }
                continue;
            }
            let chunk = timeout(Duration::from_secs(10), self.response.chunk());
            let chunk = chunk.await.expect("no event comes").unwrap();
            let chunk = chunk.expect("the stream ends");
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    pub(crate) async fn until(&mut self, is_it: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.next().await;
            if is_it(&event) {
                return event;
            }
        }
    }
}

fn read(block: &str) -> Option<Event> {
    assert_no_secret("/api/events", block);
    let fields: BTreeMap<&str, &str> = block
        .lines()
        .filter_map(|line| line.split_once(": "))
        .collect();
    Some(Event {
        name: (*fields.get("event")?).to_owned(),
        id: fields.get("id").copied().unwrap_or_default().to_owned(),
        data: serde_json::from_str(fields.get("data")?).unwrap(),
    })
}
