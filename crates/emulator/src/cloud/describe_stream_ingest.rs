//! `DescribeStreamIngest`

use super::start_stream_ingest::only;
use super::{Action, Outcome, Reply, Scene};
use crate::field::Fields;

pub(super) const ACTION: Action = Action {
    name: "DescribeStreamIngest",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    only(request, &["SdkAppId", "TaskId"])?;
    scene.check_app(request)?;
    let task_id = request.string("TaskId")?;
    Ok(Reply::status(scene.studio.is_running(task_id)))
}
