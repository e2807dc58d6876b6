//! Webhooks about stream ingest.

use crate::UnixMillis;
use crate::stream_ingest::TaskId;

/// What a webhook tells about an ingest task.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IngestEvent {
    /// What happened.
    pub kind: IngestEventKind,
    /// The task.
    pub task_id: TaskId,
    /// When it happened (`EventMsTs`): deliveries may overtake each other.
    pub event_time: UnixMillis,
}

/// What happened to an ingest task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IngestEventKind {
    /// It has started.
    Started,
    /// It could not be started.
    Failed,
    /// It lost the stream and pulls it again.
    Restarting,
    /// It has stopped.
    Stopped,
}
