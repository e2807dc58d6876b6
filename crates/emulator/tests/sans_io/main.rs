//! The emulator without a socket: bytes, time and randomness in, bytes out.

mod arbitrary_bytes;
mod callback_configuration;
#[path = "../caller/mod.rs"]
mod caller;
mod calls;
mod cloud_refusals;
mod control_api;
mod faults;
mod ingest;
mod ingest_at_random;
mod ingest_webhooks;
mod records;
mod refusals;
mod webhooks;

use std::time::Duration;

use serde_json::{Value, json};
use trtc_call_core::UnixMillis;
use trtc_call_emulator::{Answer, Config, Emulator, ReceivedRequest};

use caller::{INFO, RECORD, START, call_of, config, query, signed, start_of};

/// The moment at which every test begins.
const BEGINNING: u64 = 1_700_000_000;

/// An emulator and the admin who calls it, on a clock that the test moves.
struct Line {
    emulator: Emulator,
    now: UnixMillis,
    query: String,
}

impl Line {
    fn new() -> Line {
        Line::with(&config())
    }

    fn with(config: &Config) -> Line {
        Line {
            emulator: Emulator::new(config),
            now: UnixMillis(BEGINNING * 1000),
            query: query(BEGINNING),
        }
    }

    /// Lets time pass.
    fn wait(&mut self, milliseconds: u64) {
        self.now.0 += milliseconds;
        self.emulator.advance_to(self.now);
    }

    fn handle(&mut self, method: &str, path_and_query: &str, body: &[u8]) -> Answer {
        let request = ReceivedRequest {
            method,
            path_and_query,
            headers: &[],
            body,
        };
        self.emulator.handle(&request, self.now, 42)
    }

    /// A good request of the admin's for the command at `path`, answered with status 200.
    fn send(&mut self, path: &str, body: &Value) -> Value {
        let path_and_query = format!("{path}?{}", self.query);
        envelope(&self.handle("POST", &path_and_query, body.to_string().as_bytes()))
    }

    /// A good request for an action of the cloud API: the error's code, or the reply.
    fn act(&mut self, action: &str, body: &Value) -> Result<Value, String> {
        let body = body.to_string();
        let now = self.emulator.now().max(self.now).seconds();
        let headers = signed(action, body.as_bytes(), now);
        self.act_with(&headers, body.as_bytes())
            .map_err(|(code, _)| code)
    }

    /// A request for the cloud API: the reply, or the error's code and message.
    fn act_with(
        &mut self,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> Result<Value, (String, String)> {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let request = ReceivedRequest {
            method: "POST",
            path_and_query: "/",
            headers: &headers,
            body,
        };
        let answer = self.emulator.handle(&request, self.now, 42);
        assert_eq!(
            (answer.status, answer.content_type),
            (200, "application/json")
        );
        let reply: Value = serde_json::from_slice(&answer.body).unwrap();
        let response = &reply["Response"];
        assert_eq!(response["RequestId"].as_str().unwrap().len(), 36, "{reply}");
        let text = |name: &str| response["Error"][name].as_str().map(str::to_owned);
        assert_eq!(
            answer.cloud_error_code.map(|code| code.as_str().to_owned()),
            text("Code")
        );
        match text("Code") {
            Some(code) => Err((code, text("Message").unwrap())),
            None => Ok(response.clone()),
        }
    }

    /// Starts playing and returns the TaskId; the robot is in the room 200 ms later.
    fn play(&mut self, with: &Value) -> String {
        let reply = self.act("StartStreamIngest", &start_of(with)).unwrap();
        reply["TaskId"].as_str().unwrap().to_owned()
    }

    /// `room: users` of every room in which somebody is; string rooms in quotation marks.
    fn rooms(&self) -> Vec<String> {
        let rooms = self.emulator.rooms().iter().map(|occupied| {
            let users = occupied.users.iter().map(|occupant| occupant.user.as_str());
            let users = users.collect::<Vec<_>>().join(" ");
            match occupied.room.id_type {
                1 => format!("{}: {users}", occupied.room.id),
                _ => format!("{:?}: {users}", occupied.room.id),
            }
        });
        rooms.collect()
    }

    /// Starts a call and returns its CallId.
    fn ring(&mut self, callees: &[&str]) -> String {
        let reply = self.send(START, &call_of(callees));
        assert_eq!(reply["ErrorCode"], 0, "{reply}");
        reply["Response"]["CallId"].as_str().unwrap().to_owned()
    }

    /// `user: status` of everybody who is in the call or being rung.
    fn members(&mut self, call_id: &str) -> Vec<String> {
        let reply = self.send(INFO, &json!({ "CallId": call_id }));
        let members = reply["Response"]["UserList"].as_array().unwrap().iter();
        members
            .map(|member| {
                let text = |name: &str| member[name].as_str().unwrap().to_owned();
                format!("{}: {}", text("User_Account"), text("Status"))
            })
            .collect()
    }

    /// The record, once it is there.
    fn record(&mut self, call_id: &str) -> Value {
        let reply = self.send(RECORD, &json!({ "CallId": call_id }));
        assert_eq!(reply["ErrorCode"], 0, "{reply}");
        reply["Response"]["CallRecord"].clone()
    }

    /// Everything that happened, as `milliseconds since the beginning: event user`.
    fn happened(&self) -> Vec<String> {
        self.emulator
            .events_since(0)
            .map(|event| {
                let event = serde_json::to_value(event).unwrap();
                let at = event["at"].as_u64().unwrap() - BEGINNING * 1000;
                let detail = ["reason", "user", "robot", "result"]
                    .iter()
                    .find_map(|name| event[name].as_str())
                    .unwrap_or("");
                let line = format!("{at}: {} {detail}", event["event"].as_str().unwrap());
                line.trim_end().to_owned()
            })
            .collect()
    }
}

/// The body of a service's answer, which has the documented envelope.
fn envelope(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.content_type, "application/json");
    let reply: Value = serde_json::from_slice(&answer.body).unwrap();
    let code = reply["ErrorCode"].as_i64().unwrap();
    assert_eq!(answer.error_code.map(|code| code.0), Some(code));
    assert_eq!(reply["ActionStatus"], if code == 0 { "OK" } else { "FAIL" });
    assert_eq!(reply["ErrorInfo"].as_str().unwrap().is_empty(), code == 0);
    assert!(code == 0 || reply.get("Response").is_none(), "{reply}");
    let request_id = reply["RequestId"].as_str().unwrap();
    let (hex, sequence) = request_id
        .strip_prefix("Id-")
        .and_then(|rest| rest.split_once("-O-Seq-"))
        .unwrap();
    assert_eq!(hex.len(), 32);
    assert!(hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(sequence.parse::<u64>().unwrap() > 0);
    reply
}

const DAY: Duration = Duration::from_secs(24 * 3600);
