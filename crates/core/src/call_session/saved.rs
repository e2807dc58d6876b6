//! A session as text, so that another process can go on with it.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Media;
use super::plan::{Options, PlanBuilder};
use super::session::CallSession;
use super::state::State;
use crate::call_engine::start_call_by_robot;
use crate::offline_push::OfflinePushInfo;
use crate::wire::{self, Count, FieldError, List, OtherFields, Text};
use crate::{Extra, InvalidRequest, Problem, ReportedRoom, UnixMillis, UserId};

/// Raised with every change of the form, fields added included.
const VERSION: u32 = 3;

#[derive(Serialize)]
struct Saved<'a> {
    version: u32,
    call: &'a start_call_by_robot::Request,
    media: &'a Media,
    options: &'a Options,
    state: &'a State,
}

/// What [`Saved`] is read as. What this version does not know might matter, and is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resumed<'a> {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(borrow)]
    call: &'a RawValue,
    media: Media,
    options: Options,
    state: State,
}

/// A call as it is sent, without its further fields.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedCall<'a> {
    #[serde(rename = "Robot_Account", deserialize_with = "wire::text")]
    robot: UserId,
    #[serde(rename = "CalleeList_Account")]
    callees: List<Text>,
    timeout: Count,
    user_data: Option<String>,
    #[serde(borrow)]
    call_info: SavedCallInfo<'a>,
    #[serde(borrow)]
    offline_push_info: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SavedCallInfo<'a> {
    media_type: Text,
    #[serde(borrow)]
    room_id: Option<&'a RawValue>,
    #[serde(borrow)]
    room_id_type: Option<&'a RawValue>,
}

impl CallSession {
    /// The session as JSON text, for [`resume`](Self::resume). Events that were not taken from
    /// [`poll`](Self::poll) yet are not in it.
    ///
    /// It holds no UserSig and no key, but whom you call, what you play, and the URL of it: a URL that gives
    /// access to something makes the text a secret.
    #[must_use]
    pub fn save(&self) -> String {
        let saved = Saved {
            version: VERSION,
            call: &self.plan.call,
            media: &self.plan.media,
            options: &self.plan.options,
            state: &self.state,
        };
        // Text, numbers and lists of them, which JSON always has words for.
        serde_json::to_string(&saved).unwrap_or_default()
    }

    /// Goes on with a session that was saved, in this process or another.
    ///
    /// Requests that were under way and do no harm when repeated are sent again. A call or an ingest whose
    /// start was under way may have been started: the start is not repeated, and the session does what it does
    /// where the outcome of a start is unknown.
    ///
    /// # Errors
    /// If the text was not made by [`save`](Self::save), or by another version of this library whose form it
    /// does not read.
    pub fn resume(saved: &str, now: UnixMillis) -> Result<CallSession, Problem> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }

        let json: &RawValue =
            serde_json::from_str(saved).map_err(|_| wrong("saved", "must be JSON"))?;
        let Versioned { version } = wire::read("saved", json)?;
        if version != VERSION {
            return Err(Problem::new(
                "saved.version",
                format!("is not {VERSION} but {version}"),
                "resume it with the version of this library that saved it",
            ));
        }
        let Resumed {
            call,
            media,
            options,
            state,
            ..
        } = wire::read("saved", json)?;
        let plan = PlanBuilder {
            call: Arc::new(saved_call(call)?),
            media,
            options,
        };
        let plan = plan.build().map_err(|invalid| first(&invalid))?;
        let mut session = CallSession::with_state(plan, state);
        session.pick_up(now);
        Ok(session)
    }
}

/// A call as it was sent, to be handed to a plan. It must name a room.
pub(crate) fn saved_call(json: &RawValue) -> Result<start_call_by_robot::Request, Problem> {
    let read = wire::read_and_keep::<SavedCall<'_>>(json);
    let (call, further) = read.map_err(|error| {
        let problem = Problem::from(error);
        let field = format!("saved.call.{}", problem.field);
        problem.at(field)
    })?;
    call.request(further)
}

impl SavedCall<'_> {
    fn request(self, further: OtherFields) -> Result<start_call_by_robot::Request, Problem> {
        let is_within = |name: &&String| name.starts_with("CallInfo.");
        if let Some(unknown) = further.keys().find(is_within) {
            return Err(wrong(format!("saved.call.{unknown}"), "is unknown"));
        }
        let info = self.call_info;
        let room = ReportedRoom::read(info.room_id, info.room_id_type);
        let Some(ReportedRoom::Known(room)) = room else {
            return Err(wrong("saved.call.CallInfo.RoomId", "must name a room"));
        };
        let callees = self.callees.map(UserId::from);
        let mut request =
            start_call_by_robot::Request::builder(self.robot, callees, info.media_type.into())
                .room(room)
                .ring_timeout(Duration::from_millis(self.timeout.0));
        if let Some(user_data) = self.user_data {
            request = request.user_data(user_data);
        }
        if let Some(push) = self.offline_push_info {
            let push = OfflinePushInfo::from_json(push.get());
            request = request.offline_push(push.map_err(|invalid| first(&invalid))?);
        }
        let mut extra = Extra::new();
        for (name, json) in further {
            extra.insert(name, json);
        }
        let request = request.extra(extra);
        request.build().map_err(|invalid| first(&invalid))
    }
}

/// What is wrong with a field of a saved session.
fn wrong(field: impl Into<String>, rule: impl Into<String>) -> Problem {
    Problem::new(field, rule, "hand in the text that `save` gave, unchanged")
}

fn first(invalid: &InvalidRequest) -> Problem {
    let problem = invalid.problems().first().cloned();
    problem.unwrap_or_else(|| wrong("saved", "is not what a session saved"))
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Problem {
        let rule = error.rule();
        wrong(error.path, rule)
    }
}

/// A record is saved in the form in which the service sends it.
pub(super) mod record {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::CallRecord;
    use crate::call_record::WireRecord;
    use crate::webhook::SentRecord;

    pub(in crate::call_session) fn serialize<S: Serializer>(
        record: &Option<CallRecord>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        record.as_ref().map(SentRecord::of).serialize(serializer)
    }

    pub(in crate::call_session) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<CallRecord>, D::Error> {
        let record = Option::<WireRecord<'de>>::deserialize(deserializer)?;
        Ok(record.map(CallRecord::from))
    }
}
