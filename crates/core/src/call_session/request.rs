//! What a session sends, and what comes back.

use super::Media;
use super::plan::Plan;
use super::state::{Ask, State};
use crate::call_engine::{end_call, get_call_info, start_call_by_robot};
use crate::call_record::get_record_by_callid;
use crate::cloud::CloudEndpoint;
use crate::private_map_key::Privileges;
use crate::stream_ingest::{describe_stream_ingest, start_stream_ingest, stop_stream_ingest};
use crate::{Endpoint, Error, RoomId, TransportError, TransportErrorKind, UserId, room};

/// Names a request to the session that wants it sent. Unique within a session, also once it is resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SendId(pub u64);

/// A request to send. Those of the cloud API are told apart by what they are sent with.
///
/// Exhaustive on purpose: who drives a session must know how to send every one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Rings the phones. **Never send it twice.**
    StartCall(Box<start_call_by_robot::Request>),
    /// Asks who is in the call.
    GetCallInfo(get_call_info::Request),
    /// Ends the call.
    EndCall(end_call::Request),
    /// Asks for the call's record.
    GetRecord(get_record_by_callid::Request),
    /// Starts the ingest, by the cloud API. **Never send it twice.** It lacks the robot's tokens:
    /// [`IngestStart::request`] takes them.
    StartIngest(Box<IngestStart>),
    /// Asks how the ingest gets on, by the cloud API.
    DescribeIngest(describe_stream_ingest::Request),
    /// Stops the ingest, by the cloud API.
    StopIngest(stop_stream_ingest::Request),
    /// Removes the robot from the room, by the cloud API: ends an ingest whose name never became known.
    RemoveRobot(room::Remove),
}

/// An ingest to start: everything but the robot's tokens, which a session neither knows nor saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestStart {
    pub(super) room: RoomId,
    pub(super) robot: UserId,
    pub(super) media: Media,
}

impl IngestStart {
    /// `robot` plays `media` into `room`.
    #[must_use]
    pub fn new(room: RoomId, robot: UserId, media: Media) -> IngestStart {
        IngestStart { room, robot, media }
    }

    /// The room it plays into, which a PrivateMapKey is for.
    #[must_use]
    pub fn room(&self) -> &RoomId {
        &self.room
    }

    /// The user it plays as, whose UserSig it needs.
    #[must_use]
    pub fn robot(&self) -> &UserId {
        &self.robot
    }

    /// What its PrivateMapKey must grant: to come, and to be heard and seen. It listens to nobody.
    #[must_use]
    pub fn privileges(&self) -> Privileges {
        Privileges::CREATE_ROOM
            | Privileges::ENTER_ROOM
            | Privileges::SEND_AUDIO
            | Privileges::SEND_VIDEO
    }

    /// What it plays.
    pub fn media(&self) -> &Media {
        &self.media
    }
}

impl Request {
    pub(super) fn of(ask: Ask, plan: &Plan, state: &State) -> Option<Request> {
        let (call_id, task_id) = (state.call_id.clone(), state.task_id.clone());
        Some(match ask {
            Ask::StartCall => Request::StartCall(Box::new(plan.call.clone())),
            Ask::GetCallInfo => Request::GetCallInfo(get_call_info::Request::new(call_id?)),
            Ask::EndCall => Request::EndCall(end_call::Request::new(call_id?)),
            Ask::GetRecord => Request::GetRecord(get_record_by_callid::Request::new(call_id?)),
            Ask::StartIngest => {
                let (room, robot) = (plan.room.clone(), plan.robot().clone());
                let start = IngestStart::new(room, robot, plan.media.clone());
                Request::StartIngest(Box::new(start))
            }
            Ask::DescribeIngest => {
                Request::DescribeIngest(describe_stream_ingest::Request::new(task_id?))
            }
            Ask::StopIngest => Request::StopIngest(stop_stream_ingest::Request::new(task_id?)),
            Ask::RemoveRobot => {
                Request::RemoveRobot(room::remove(&plan.room, [plan.robot()]).ok()?)
            }
        })
    }
}

/// How a request went, read. [`CallSession::handle_reply`](super::CallSession::handle_reply) reads raw replies.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Answer {
    /// To [`Request::StartCall`].
    StartCall(Result<start_call_by_robot::Response, Error>),
    /// To [`Request::GetCallInfo`].
    GetCallInfo(Result<get_call_info::Response, Error>),
    /// To [`Request::EndCall`].
    EndCall(Result<end_call::Response, Error>),
    /// To [`Request::GetRecord`].
    GetRecord(Result<get_record_by_callid::Response, Error>),
    /// To [`Request::StartIngest`].
    StartIngest(Result<start_stream_ingest::Response, Error>),
    /// To [`Request::DescribeIngest`].
    DescribeIngest(Result<describe_stream_ingest::Response, Error>),
    /// To [`Request::StopIngest`].
    StopIngest(Result<stop_stream_ingest::Response, Error>),
    /// To [`Request::RemoveRobot`].
    RemoveRobot(Result<room::Response, Error>),
}

impl Answer {
    pub(super) fn ask(&self) -> Ask {
        match self {
            Answer::StartCall(_) => Ask::StartCall,
            Answer::GetCallInfo(_) => Ask::GetCallInfo,
            Answer::EndCall(_) => Ask::EndCall,
            Answer::GetRecord(_) => Ask::GetRecord,
            Answer::StartIngest(_) => Ask::StartIngest,
            Answer::DescribeIngest(_) => Ask::DescribeIngest,
            Answer::StopIngest(_) => Ask::StopIngest,
            Answer::RemoveRobot(_) => Ask::RemoveRobot,
        }
    }

    pub(super) fn of_reply(ask: Ask, reply: Result<(u16, &[u8]), TransportErrorKind>) -> Answer {
        match ask {
            Ask::StartCall => Answer::StartCall(called::<start_call_by_robot::Request>(reply)),
            Ask::GetCallInfo => Answer::GetCallInfo(called::<get_call_info::Request>(reply)),
            Ask::EndCall => Answer::EndCall(called::<end_call::Request>(reply)),
            Ask::GetRecord => Answer::GetRecord(called::<get_record_by_callid::Request>(reply)),
            Ask::StartIngest => Answer::StartIngest(acted::<start_stream_ingest::Request>(reply)),
            Ask::DescribeIngest => {
                Answer::DescribeIngest(acted::<describe_stream_ingest::Request>(reply))
            }
            Ask::StopIngest => Answer::StopIngest(acted::<stop_stream_ingest::Request>(reply)),
            Ask::RemoveRobot => Answer::RemoveRobot(acted::<room::Remove>(reply)),
        }
    }
}

fn called<E: Endpoint>(
    reply: Result<(u16, &[u8]), TransportErrorKind>,
) -> Result<E::Response, Error> {
    let (status, body) = reply.map_err(lost)?;
    E::parse(status, body).map(|reply| reply.response)
}

fn acted<E: CloudEndpoint>(
    reply: Result<(u16, &[u8]), TransportErrorKind>,
) -> Result<E::Response, Error> {
    let (status, body) = reply.map_err(lost)?;
    E::parse(status, body).map(|reply| reply.response)
}

fn lost(kind: TransportErrorKind) -> Error {
    TransportError::new(kind, "no reply was handed in").into()
}
