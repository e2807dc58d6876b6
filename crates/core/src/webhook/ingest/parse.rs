use serde::Deserialize;

use super::event::GROUP;
use super::{IngestEvent, IngestEventKind};
use crate::webhook::WebhookError;
use crate::webhook::parse::object;
use crate::wire::{self, Count, FieldError, FieldErrorKind, Integer, Text};
use crate::{TaskId, UnixMillis};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireEvent {
    event_group_id: Option<Integer>,
    event_type: Integer,
    callback_ms_ts: Option<Count>,
    event_info: WireInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireInfo {
    event_ms_ts: Count,
    task_id: Option<Text>,
    status: Option<Integer>,
}

/// Reads a body.
pub(super) fn event(body: &[u8]) -> Result<IngestEvent, WebhookError> {
    let (wire, other_fields): (WireEvent, _) = wire::read_and_keep(object(body)?)?;
    let info = wire.event_info;
    let event_group = wire.event_group_id.map_or(GROUP, |group| group.0);
    let event_type = wire.event_type.0;
    let status = info.status.map(|status| status.0);
    let kind = IngestEventKind::of(event_group, event_type, status);
    let task_id = info.task_id.filter(|id| !id.0.is_empty());
    if task_id.is_none() && kind != IngestEventKind::Unknown {
        return Err(FieldError::new(FieldErrorKind::Missing, "EventInfo.TaskId").into());
    }
    Ok(IngestEvent {
        kind,
        event_group,
        event_type,
        status,
        task_id: task_id.map(|id| TaskId::reported(id.0)),
        event_time: UnixMillis(info.event_ms_ts.0),
        callback_time: wire.callback_ms_ts.map(|time| UnixMillis(time.0)),
        other_fields,
    })
}
