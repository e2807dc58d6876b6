//! `StopStreamIngest`

use super::start_stream_ingest::only;
use super::{Action, Outcome, Refusal, Reply, Scene};
use crate::field::Fields;

pub(super) const ACTION: Action = Action {
    name: "StopStreamIngest",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    only(request, &["SdkAppId", "TaskId"])?;
    scene.check_app(request)?;
    let task_id = request.string("TaskId")?;
    if scene.studio.stop(task_id, scene.exchange, scene.now) {
        Ok(Reply::default())
    } else {
        let message = "TaskId: there is no such task, or it has ended";
        Err(Refusal::new("FailedOperation.TaskNotExist", message))
    }
}
