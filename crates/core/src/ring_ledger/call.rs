use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::RingKey;
use crate::call_engine::start_call_by_robot::{DEFAULT_RING_TIMEOUT, Request, Response};
use crate::call_session::saved_call;
use crate::outcome_unknown::RingAttempt;
use crate::wire::Text;
use crate::{
    Command, Endpoint, JsonText, PayloadError, Problem, ReportedRoom, RoomId, SdkAppId, UserId,
};

/// A call as it stands in a ledger: the very bytes that are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCall(JsonText);

/// A call with the room that its ring goes by, and its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prepared {
    pub(super) call: StoredCall,
    pub(super) fingerprint: String,
    pub(super) room: RoomId,
    pub(super) own_room: bool,
}

impl Prepared {
    /// A call that names no room gets one of the ring's own.
    pub(super) fn new(sdk_app_id: SdkAppId, key: &RingKey, call: &Request) -> Prepared {
        let fingerprint = fingerprint(call);
        let own_room = call.room().is_none();
        let room = call.room().cloned();
        let room = room.unwrap_or_else(|| key.room(sdk_app_id));
        Prepared {
            call: StoredCall::of(&call.clone().with_room(room.clone())),
            fingerprint,
            room,
            own_room,
        }
    }
}

/// What tells whether two calls with the same key are the same: hexadecimal SHA-256 of the call's body as the user made
/// it, without the room that the ledger gives.
#[must_use]
pub fn fingerprint(call: &Request) -> String {
    base16ct::lower::encode_string(&Sha256::digest(call.body()))
}

impl StoredCall {
    /// A call as it is sent.
    #[must_use]
    pub fn of(call: &Request) -> StoredCall {
        // Requests hold strings, numbers and lists of them, which JSON always has words for.
        StoredCall(JsonText::of(call).unwrap_or_else(|_| JsonText::null()))
    }

    /// A call as it was stored. It is sent as it stands there.
    ///
    /// # Errors
    /// If it is no JSON.
    pub fn read(body: &str) -> Result<StoredCall, serde_json::Error> {
        let body: &RawValue = serde_json::from_str(body)?;
        Ok(StoredCall(JsonText::from(body)))
    }

    /// The body, as it is stored and sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The same call in another room of its ring's own, whose name stands nowhere else.
    pub(super) fn moved(&self, from: &RoomId, to: &RoomId) -> StoredCall {
        let quoted = |room: &RoomId| format!("\"RoomId\":\"{room}\"");
        let body = self.as_str().replace(&quoted(from), &quoted(to));
        StoredCall::read(&body).unwrap_or_else(|_| self.clone())
    }

    fn wire(&self) -> WireCall<'_> {
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }

    /// The call as a request, to be handed to the plan of a [`CallSession`](crate::call_session::CallSession). It is not
    /// what is sent: that is the body itself.
    ///
    /// # Errors
    /// If the body is no call of this library.
    pub fn request(&self) -> Result<Request, Problem> {
        let body: &RawValue = serde_json::from_str(self.as_str()).map_err(|error| {
            let rule = format!("must be JSON: {error}");
            Problem::new("call", rule, "look at the row")
        })?;
        saved_call(body).map_err(|problem| {
            let field = problem.field.replacen("saved.", "", 1);
            problem.at(field)
        })
    }

    /// The caller.
    #[must_use]
    pub fn robot(&self) -> UserId {
        self.wire().robot.into()
    }

    /// The users to ring.
    #[must_use]
    pub fn callees(&self) -> Vec<UserId> {
        let callees = self.wire().callees.into_iter();
        callees.map(UserId::from).collect()
    }

    /// How long the phones ring.
    #[must_use]
    pub fn ring_timeout(&self) -> Duration {
        let ring_timeout = self.wire().ring_timeout;
        ring_timeout.map_or(DEFAULT_RING_TIMEOUT, Duration::from_millis)
    }
}

/// What is read of a stored call.
#[derive(Deserialize)]
#[serde(default)]
struct WireCall<'a> {
    #[serde(rename = "Robot_Account")]
    robot: Text,
    #[serde(rename = "CalleeList_Account")]
    callees: Vec<Text>,
    #[serde(rename = "Timeout")]
    ring_timeout: Option<u64>,
    #[serde(rename = "CallInfo", borrow)]
    call_info: WireCallInfo<'a>,
}

/// Of a body that is no call: it is sent as it is, and the service refuses it.
impl Default for WireCall<'_> {
    fn default() -> Self {
        WireCall {
            robot: Text(String::new()),
            callees: Vec::new(),
            ring_timeout: None,
            call_info: WireCallInfo::default(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct WireCallInfo<'a> {
    #[serde(borrow)]
    room_id: Option<&'a RawValue>,
    #[serde(borrow)]
    room_id_type: Option<&'a RawValue>,
}

impl Serialize for StoredCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Endpoint for StoredCall {
    type Response = Response;

    const COMMAND: Command = Request::COMMAND;

    fn body(&self) -> String {
        self.as_str().to_owned()
    }

    fn ring_attempt(&self) -> Option<RingAttempt> {
        let wire = self.wire();
        let room = ReportedRoom::read(wire.call_info.room_id, wire.call_info.room_id_type);
        Some(RingAttempt::new(
            wire.robot.into(),
            wire.callees.into_iter().map(UserId::from).collect(),
            room.and_then(|room| room.known().cloned()),
        ))
    }

    fn show<S: Serializer>(response: &Response, serializer: S) -> Result<S::Ok, S::Error> {
        Request::show(response, serializer)
    }

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        Request::read_payload(payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MediaType;

    fn call(callee: &str) -> Request {
        let builder = Request::builder("robot", [callee], MediaType::Audio);
        builder.user_data("9007199254740993").build().unwrap()
    }

    #[test]
    fn a_stored_call_is_sent_as_the_call_it_was_in_the_room_of_its_ring() {
        let app = SdkAppId::new(7).unwrap();
        let key = RingKey::new("order-1").unwrap();
        let prepared = Prepared::new(app, &key, &call("jack"));
        assert!(prepared.own_room);
        let in_room = call("jack").with_room(prepared.room.clone());
        assert_eq!(prepared.call.body(), in_room.body());
        assert_eq!(prepared.call.ring_attempt(), in_room.ring_attempt());
        assert_eq!(StoredCall::read(&in_room.body()).unwrap(), prepared.call);
        assert_eq!(prepared.fingerprint, fingerprint(&call("jack")));
        assert_ne!(prepared.fingerprint, fingerprint(&call("jill")));

        assert_eq!(prepared.call.request().unwrap(), in_room);
        let no_call = StoredCall::read("{}").unwrap().request().unwrap_err();
        assert!(no_call.field.starts_with("call"), "{no_call}");

        let second = key.of_attempt(2).unwrap().room(app);
        let moved = prepared.call.moved(&prepared.room, &second);
        assert_eq!(moved.body(), call("jack").with_room(second).body());
    }

    #[test]
    fn a_room_that_the_user_names_is_kept() {
        let key = RingKey::new("order-1").unwrap();
        let call = call("jack").with_room(RoomId::number(5).unwrap());
        let prepared = Prepared::new(SdkAppId::new(7).unwrap(), &key, &call);
        assert!(!prepared.own_room);
        assert_eq!(prepared.call.body(), call.body());
        assert_eq!(prepared.room, RoomId::number(5).unwrap());
    }
}
