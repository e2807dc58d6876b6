//! What a session sends, and what comes back.

use std::sync::Arc;

use super::Media;
use super::plan::Plan;
use super::state::{Ask, State};
use crate::call_engine::{end_call, get_call_info, start_call_by_robot};
use crate::call_record::get_record_by_callid;
use crate::cloud::CloudEndpoint;
use crate::private_map_key::Privileges;
use crate::stream_ingest::{describe_stream_ingest, start_stream_ingest, stop_stream_ingest};
use crate::{
    Action, Command, Endpoint, Error, Repeat, RoomId, TransportError, TransportErrorKind, UserId,
    room,
};

/// Names a request to the session that wants it sent. Unique within a session, also once it is resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SendId(pub u64);

/// A request to send. Those of the cloud API are told apart by what they are sent with.
///
/// Exhaustive on purpose: who drives a session must know how to send every one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Rings the phones. **Never send it twice.**
    StartCall(Arc<start_call_by_robot::Request>),
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

/// Which command of the REST API or action of the cloud API a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Of the REST API.
    Command(Command),
    /// Of the cloud API.
    Action(Action),
}

impl Sent {
    /// The command's or action's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Sent::Command(command) => command.name,
            Sent::Action(action) => action.name,
        }
    }

    /// What sending it a second time does.
    #[must_use]
    pub fn repeat(self) -> Repeat {
        match self {
            Sent::Command(command) => command.repeat,
            Sent::Action(action) => action.repeat,
        }
    }
}

impl Request {
    /// Which command or action it is.
    #[must_use]
    pub fn sent(&self) -> Sent {
        match self {
            Request::StartCall(_) => Sent::Command(start_call_by_robot::Request::COMMAND),
            Request::GetCallInfo(_) => Sent::Command(get_call_info::Request::COMMAND),
            Request::EndCall(_) => Sent::Command(end_call::Request::COMMAND),
            Request::GetRecord(_) => Sent::Command(get_record_by_callid::Request::COMMAND),
            Request::StartIngest(_) => Sent::Action(start_stream_ingest::Request::ACTION),
            Request::DescribeIngest(_) => Sent::Action(describe_stream_ingest::Request::ACTION),
            Request::StopIngest(_) => Sent::Action(stop_stream_ingest::Request::ACTION),
            Request::RemoveRobot(remove) => Sent::Action(remove.action()),
        }
    }

    fn ask(&self) -> Ask {
        match self {
            Request::StartCall(_) => Ask::StartCall,
            Request::GetCallInfo(_) => Ask::GetCallInfo,
            Request::EndCall(_) => Ask::EndCall,
            Request::GetRecord(_) => Ask::GetRecord,
            Request::StartIngest(_) => Ask::StartIngest,
            Request::DescribeIngest(_) => Ask::DescribeIngest,
            Request::StopIngest(_) => Ask::StopIngest,
            Request::RemoveRobot(_) => Ask::RemoveRobot,
        }
    }

    pub(super) fn of(ask: Ask, plan: &Plan, state: &State) -> Option<Request> {
        let (call_id, task_id) = (state.call_id.clone(), state.task_id.clone());
        Some(match ask {
            Ask::StartCall => Request::StartCall(plan.call.clone()),
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

    /// What a reply to the request says.
    #[must_use]
    pub fn read(request: &Request, status: u16, body: &[u8]) -> Answer {
        Answer::read_as(request.ask(), status, body)
    }

    /// That the request failed.
    #[must_use]
    pub fn failed(request: &Request, error: Error) -> Answer {
        Answer::failed_as(request.ask(), error)
    }

    /// Why the request failed, if it did.
    pub fn error_mut(&mut self) -> Option<&mut Error> {
        match self {
            Answer::StartCall(result) => result.as_mut().err(),
            Answer::GetCallInfo(result) => result.as_mut().err(),
            Answer::EndCall(result) => result.as_mut().err(),
            Answer::GetRecord(result) => result.as_mut().err(),
            Answer::StartIngest(result) => result.as_mut().err(),
            Answer::DescribeIngest(result) => result.as_mut().err(),
            Answer::StopIngest(result) => result.as_mut().err(),
            Answer::RemoveRobot(result) => result.as_mut().err(),
        }
    }

    pub(super) fn read_as(ask: Ask, status: u16, body: &[u8]) -> Answer {
        match ask {
            Ask::StartCall => {
                Answer::StartCall(called::<start_call_by_robot::Request>(status, body))
            }
            Ask::GetCallInfo => Answer::GetCallInfo(called::<get_call_info::Request>(status, body)),
            Ask::EndCall => Answer::EndCall(called::<end_call::Request>(status, body)),
            Ask::GetRecord => {
                Answer::GetRecord(called::<get_record_by_callid::Request>(status, body))
            }
            Ask::StartIngest => {
                Answer::StartIngest(acted::<start_stream_ingest::Request>(status, body))
            }
            Ask::DescribeIngest => {
                Answer::DescribeIngest(acted::<describe_stream_ingest::Request>(status, body))
            }
            Ask::StopIngest => {
                Answer::StopIngest(acted::<stop_stream_ingest::Request>(status, body))
            }
            Ask::RemoveRobot => Answer::RemoveRobot(acted::<room::Remove>(status, body)),
        }
    }

    pub(super) fn failed_as(ask: Ask, error: Error) -> Answer {
        match ask {
            Ask::StartCall => Answer::StartCall(Err(error)),
            Ask::GetCallInfo => Answer::GetCallInfo(Err(error)),
            Ask::EndCall => Answer::EndCall(Err(error)),
            Ask::GetRecord => Answer::GetRecord(Err(error)),
            Ask::StartIngest => Answer::StartIngest(Err(error)),
            Ask::DescribeIngest => Answer::DescribeIngest(Err(error)),
            Ask::StopIngest => Answer::StopIngest(Err(error)),
            Ask::RemoveRobot => Answer::RemoveRobot(Err(error)),
        }
    }

    pub(super) fn lost(ask: Ask, kind: TransportErrorKind) -> Answer {
        let error = TransportError::new(kind, "no reply was handed in");
        Answer::failed_as(ask, error.into())
    }
}

fn called<E: Endpoint>(status: u16, body: &[u8]) -> Result<E::Response, Error> {
    E::parse(status, body).map(|reply| reply.response)
}

fn acted<E: CloudEndpoint>(status: u16, body: &[u8]) -> Result<E::Response, Error> {
    E::parse(status, body).map(|reply| reply.response)
}
