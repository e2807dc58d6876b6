use std::collections::BTreeMap;

use super::event::GROUP;
use super::{IngestEvent, IngestEventKind};
use crate::webhook::WebhookError;
use crate::webhook::fields::Fields;
use crate::webhook::parse::fields;
use crate::{TaskId, UnixMillis};

/// Reads a body.
pub(super) fn event(body: &[u8]) -> Result<IngestEvent, WebhookError> {
    let mut fields = fields(body)?;
    let mut info = Fields::of("EventInfo", fields.required("EventInfo")?)?;
    let event_group = fields.optional_integer("EventGroupId")?.unwrap_or(GROUP);
    let Some(event_type) = fields.optional_integer("EventType")? else {
        return Err(fields.missing("EventType"));
    };
    let status = info.optional_integer("Status")?;
    let kind = IngestEventKind::of(event_group, event_type, status);
    let task_id = info.optional_text("TaskId")?.filter(|id| !id.is_empty());
    if task_id.is_none() && kind != IngestEventKind::Unknown {
        return Err(info.missing("TaskId"));
    }
    let mut event = IngestEvent {
        kind,
        event_group,
        event_type,
        status,
        task_id: task_id.map(TaskId::reported),
        event_time: UnixMillis(info.moment("EventMsTs")?),
        callback_time: fields.optional_moment("CallbackMsTs")?.map(UnixMillis),
        other_fields: BTreeMap::new(),
    };
    info.keep_rest(&mut event.other_fields);
    fields.keep_rest(&mut event.other_fields);
    Ok(event)
}
