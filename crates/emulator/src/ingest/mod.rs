//! Stream ingest: media that the service plays into a room as a robot.

mod playback;
mod script;
mod studio;
mod task;

use serde::{Serialize, Serializer};
use trtc_call_core::UnixMillis;

pub use script::StreamScript;
pub(crate) use studio::{Studio, TaskExists};
pub(crate) use task::{NewIngest, Update};

use crate::Room;

/// A task that plays a stream into a room. The latest 1000 that have ended are kept.
///
/// The robot's UserSig and PrivateMapKey are checked and forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Ingest {
    /// Counts the tasks of an emulator, from 1.
    pub number: u64,
    /// Its name.
    pub task_id: String,
    /// The robot.
    pub user: String,
    /// The room that the robot enters: what `RoomId` and `RoomIdType` mean under the configured
    /// [coding](crate::Config::ingest_room_id_coding).
    pub room: Room,
    /// The call that was going on in that room when the task started, if one was.
    pub call_id: Option<String>,
    /// What is played.
    pub stream_url: String,
    /// What becomes of it.
    pub script: StreamScript,
    /// How many rounds are played; -1 goes on for ever.
    pub repeat_num: i64,
    /// 100 is as it is.
    pub volume: i64,
    /// 100 is normal speed.
    pub tempo_percent: u32,
    /// Whether the robot keeps silent for now.
    pub is_paused: bool,
    /// Whether the room is told how far the media have got.
    pub enable_progress: bool,
    /// When the task started.
    pub started_at: UnixMillis,
    /// When the robot entered the room and began to play.
    pub playing_since: Option<UnixMillis>,
    /// When and why it ended.
    pub end: Option<IngestEnd>,
}

/// When and why a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IngestEnd {
    /// When.
    pub at: UnixMillis,
    /// Why.
    pub reason: IngestEndReason,
}

/// Why a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IngestEndReason {
    /// The stream could not be played.
    Failed,
    /// `StopStreamIngest`.
    Stopped,
    /// The last round was over.
    MediaEnded,
    /// No callee was in the room for as long as `IdleTimeout` says; for 60 s where it says nothing.
    Idle,
    /// `DismissRoom`, `DismissRoomByStrRoomId`.
    RoomDismissed,
    /// `RemoveUser`, `RemoveUserByStrRoomId`.
    RobotRemoved,
    /// `MaxDuration` was over.
    MaxDuration,
    /// It was paused for 12 hours.
    PausedTooLong,
}

impl IngestEndReason {
    /// The word of the control API, such as `media_ended`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            IngestEndReason::Failed => "failed",
            IngestEndReason::Stopped => "stopped",
            IngestEndReason::MediaEnded => "media_ended",
            IngestEndReason::Idle => "idle",
            IngestEndReason::RoomDismissed => "room_dismissed",
            IngestEndReason::RobotRemoved => "robot_removed",
            IngestEndReason::MaxDuration => "max_duration",
            IngestEndReason::PausedTooLong => "paused_too_long",
        }
    }
}

impl Serialize for IngestEndReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
