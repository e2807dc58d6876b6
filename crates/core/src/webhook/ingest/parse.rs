use super::event::GROUP;
use super::{IngestEvent, IngestEventKind};
use crate::webhook::WebhookError;
use crate::webhook::parse::{fields, keep_rest};
use crate::{SmallMap, TaskId, UnixMillis};

/// Reads a body.
pub(super) fn event(body: &[u8]) -> Result<IngestEvent, WebhookError> {
    let mut fields = fields(body)?;
    let mut info = fields.object("EventInfo");
    let event_group = fields.optional_integer("EventGroupId").unwrap_or(GROUP);
    let event_type = fields.integer("EventType");
    let status = info.optional_integer("Status");
    let kind = IngestEventKind::of(event_group, event_type, status);
    let task_id = info.optional_text("TaskId").filter(|id| !id.is_empty());
    if task_id.is_none() && kind != IngestEventKind::Unknown {
        info.missing("TaskId");
    }
    let mut event = IngestEvent {
        kind,
        event_group,
        event_type,
        status,
        task_id: task_id.map(TaskId::reported),
        event_time: UnixMillis(info.count("EventMsTs")),
        callback_time: fields.optional_count("CallbackMsTs").map(UnixMillis),
        other_fields: SmallMap::new(),
    };
    keep_rest(&info, &mut event.other_fields);
    keep_rest(&fields, &mut event.other_fields);
    fields.check()?;
    Ok(event)
}
