use trtc_call::stream_ingest::TaskId;
use trtc_call::stream_ingest::stop_stream_ingest::Request;

use crate::cloud_command::{CloudCommandArgs, Words};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// End a task: the stream falls silent, and its user leaves the room
///
/// Succeeds where it has ended already, too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Task that `ingest start` printed
    #[arg(value_name = "TASK_ID", value_parser = str::parse::<TaskId>)]
    task_id: TaskId,
    #[command(flatten)]
    cloud: CloudCommandArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let task_id = &self.task_id;
        let words = Words {
            field: "stopped",
            ended: format!("Task {task_id} is stopped"),
            was_gone: format!("Task {task_id} had ended already"),
        };
        self.cloud
            .end(screen, Ok(Request::new(task_id.clone())), words)
    }
}
