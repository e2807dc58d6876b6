//! `UpdateStreamIngest`

use super::start_stream_ingest::{only, read_url, read_volume};
use super::{Action, Outcome, Reply, Scene, tempo};
use crate::field::Fields;
use crate::ingest::Update;

pub(super) const ACTION: Action = Action {
    name: "UpdateStreamIngest",
    serve,
};

const FIELDS: &[&str] = &[
    "SdkAppId",
    "TaskId",
    "StreamUrl",
    "Volume",
    "IsPause",
    "EnableProgress",
    "Tempo",
];

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    only(request, FIELDS)?;
    scene.check_app(request)?;
    let task_id = request.string("TaskId")?;
    let update = Update {
        stream_url: read_url(request)?.map(str::to_owned),
        volume: read_volume(request)?,
        is_paused: request.optional_bool("IsPause")?,
        enable_progress: request.optional_bool("EnableProgress")?,
        tempo_percent: tempo::read_percent(request)?,
    };
    let is_running = scene
        .studio
        .update(task_id, update, scene.exchange, scene.now);
    Ok(Reply::status(is_running))
}
