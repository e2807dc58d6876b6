use trtc_call::Problem;
use trtc_call::stream_ingest::update_stream_ingest::Request;
use trtc_call::stream_ingest::{StreamUrl, TaskId, Tempo, Volume};

use super::describe;
use crate::cloud_command::CloudCommandArgs;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Change what a task plays, and how: what is given, and nothing else
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Task that `ingest start` printed
    #[arg(value_name = "TASK_ID", value_parser = str::parse::<TaskId>)]
    task_id: TaskId,
    /// Another stream
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// How loud, in percent, from 0 to 200
    #[arg(long, value_name = "PERCENT")]
    volume: Option<u32>,
    /// How fast: 0.5, 0.75, 1, 1.25, 1.5, 1.75 or 2
    #[arg(long, value_name = "FACTOR")]
    tempo: Option<String>,
    /// Pause; what is paused is billed, and ends after 12 hours
    #[arg(long, conflicts_with = "resume")]
    pause: bool,
    /// Go on after a pause
    #[arg(long)]
    resume: bool,
    /// Tell the users in the room how far the stream is, or stop to
    #[arg(long, value_name = "ON|OFF", value_parser = on_or_off)]
    progress: Option<bool>,
    #[command(flatten)]
    cloud: CloudCommandArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let task_id = &self.task_id;
        self.cloud.ask(
            screen,
            self.request(),
            |response| describe::sheet(task_id, &response.status),
            Some(format!("task {task_id} was changed")),
        )
    }

    fn request(&self) -> Result<Request, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut request = Request::new(self.task_id.clone());
        let unchanged = request.clone();
        match self.url.as_ref().map(StreamUrl::new) {
            Some(Ok(url)) => request = request.stream_url(url),
            Some(Err(problem)) => problems.push(problem.at("--url")),
            None => {}
        }
        match self.volume.map(Volume::new) {
            Some(Ok(volume)) => request = request.volume(volume),
            Some(Err(problem)) => problems.push(problem.at("--volume")),
            None => {}
        }
        match self.tempo.as_deref().map(str::parse::<Tempo>) {
            Some(Ok(tempo)) => request = request.tempo(tempo),
            Some(Err(problem)) => problems.push(problem.at("--tempo")),
            None => {}
        }
        if self.pause || self.resume {
            request = request.pause(self.pause);
        }
        if let Some(progress) = self.progress {
            request = request.enable_progress(progress);
        }
        if problems.is_empty() && request == unchanged {
            let fix = "give --url, --volume, --tempo, --pause, --resume or --progress";
            problems.push(Problem::new("ingest update", "changes nothing", fix));
        }
        if problems.is_empty() {
            Ok(request)
        } else {
            Err(problems)
        }
    }
}

fn on_or_off(word: &str) -> Result<bool, &'static str> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write on or off"),
    }
}
