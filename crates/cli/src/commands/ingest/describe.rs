use trtc_call::stream_ingest::describe_stream_ingest::{Request, Response};
use trtc_call::stream_ingest::{TaskId, TaskStatus};

use crate::cloud_command::CloudCommandArgs;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;
use crate::sheet::Sheet;

/// Tell whether a task goes on
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
        let request = Request::new(self.task_id.clone());
        let sheet = |response: &Response| sheet(&self.task_id, &response.status);
        self.cloud.ask(screen, Ok(request), sheet, None)
    }
}

pub(super) fn sheet(task_id: &TaskId, status: &TaskStatus) -> Sheet {
    let status = match status {
        TaskStatus::InProgress => "goes on",
        TaskStatus::NotExist => "has ended, or was never started",
        other => other.as_str(),
    };
    Sheet::new(format_args!("Task {task_id}")).row("status", status)
}
