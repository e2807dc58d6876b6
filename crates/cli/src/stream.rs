//! What is played, and how: for `start --play` and `ingest start`.

use std::time::Duration;

use clap::Args;
use trtc_call::Problem;
use trtc_call::call_session::Media;
use trtc_call::stream_ingest::{StreamUrl, Tempo, Volume};

use crate::duration;

/// How a stream is played.
#[derive(Debug, Args)]
#[command(next_help_heading = "Stream")]
pub(crate) struct StreamArgs {
    /// How loud, in percent, from 0 to 200 [default: 100]
    #[arg(long, value_name = "PERCENT")]
    volume: Option<u32>,
    /// How fast: 0.5, 0.75, 1, 1.25, 1.5, 1.75 or 2 [default: 1]
    #[arg(long, value_name = "FACTOR")]
    tempo: Option<String>,
    /// How often: 1 to 1000 times, or for-ever [default: 1]
    #[arg(long, value_name = "TIMES")]
    repeat: Option<String>,
    /// For how long a stream is repeated for ever: whole minutes, up to 7d
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    repeat_for: Option<Duration>,
    /// Begin so far into the stream
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    seek: Option<Duration>,
    /// How long to go on in a room without other users: 0s to 600s [default: the service decides]
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    idle_timeout: Option<Duration>,
    /// Tell the users in the room how far the stream is, in custom messages
    #[arg(long)]
    progress: bool,
    /// Also relay the stream to the CDN, which must be on in the console
    #[arg(long)]
    auto_push: bool,
}

impl StreamArgs {
    /// The first of these options that is given.
    pub(crate) fn first_given(&self) -> Option<&'static str> {
        let options = [
            ("--volume", self.volume.is_some()),
            ("--tempo", self.tempo.is_some()),
            ("--repeat", self.repeat.is_some()),
            ("--repeat-for", self.repeat_for.is_some()),
            ("--seek", self.seek.is_some()),
            ("--idle-timeout", self.idle_timeout.is_some()),
            ("--progress", self.progress),
            ("--auto-push", self.auto_push),
        ];
        let mut given = options.into_iter().filter(|(_, is_given)| *is_given);
        given.next().map(|(option, _)| option)
    }

    /// What is at the URL that `option` gives, or every rule that is broken. Rules that hold between a
    /// stream's values are checked when it is to be sent.
    pub(crate) fn media(&self, option: &str, url: &str) -> Result<Media, Vec<Problem>> {
        let mut problems = Vec::new();
        let url = keep(StreamUrl::new(url), option, &mut problems);
        let volume = self.volume.map(Volume::new);
        let volume = volume.and_then(|volume| keep(volume, "--volume", &mut problems));
        let tempo = self.tempo.as_deref().map(str::parse::<Tempo>);
        let tempo = tempo.and_then(|tempo| keep(tempo, "--tempo", &mut problems));
        let times = self.repeat.as_deref().map(times);
        let times = times.and_then(|times| keep(times, "--repeat", &mut problems));
        let Some(url) = url.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let mut media = Media::new(url);
        if let Some(volume) = volume {
            media = media.volume(volume);
        }
        if let Some(tempo) = tempo {
            media = media.tempo(tempo);
        }
        media = match times {
            Some(Times::Number(times)) => media.repeat(times),
            Some(Times::ForEver) => media.repeat_for_ever(),
            None => media,
        };
        if let Some(duration) = self.repeat_for {
            media = media.max_duration(duration);
        }
        if let Some(seek) = self.seek {
            media = media.seek(seek);
        }
        if let Some(idle_timeout) = self.idle_timeout {
            media = media.idle_timeout(idle_timeout);
        }
        if self.progress {
            media = media.enable_progress(true);
        }
        if self.auto_push {
            media = media.auto_push(true);
        }
        Ok(media)
    }
}

/// The problem of a stream with its field as the option that gives it; `url` is the option of the URL.
pub(crate) fn in_options(problem: Problem, url: &str) -> Problem {
    let field = problem.field.rsplit('.').next().unwrap_or_default();
    let option = match field {
        "stream_url" => url.to_owned(),
        "max_duration" => "--repeat-for".to_owned(),
        "enable_progress" => "--progress".to_owned(),
        field => format!("--{}", field.replace('_', "-")),
    };
    let mut problem = problem.at(option);
    problem.fix = problem
        .fix
        .replace("repeat for ever", "give --repeat for-ever");
    problem
}

enum Times {
    Number(u32),
    ForEver,
}

fn times(text: &str) -> Result<Times, Problem> {
    if text == "for-ever" {
        return Ok(Times::ForEver);
    }
    text.parse().map(Times::Number).map_err(|_| {
        let fix = "give a number from 1 to 1000, or for-ever";
        Problem::new("repeat", "must be a number, or for-ever", fix)
    })
}

fn keep<T>(result: Result<T, Problem>, option: &str, problems: &mut Vec<Problem>) -> Option<T> {
    result
        .map_err(|problem| problems.push(problem.at(option)))
        .ok()
}
