use std::time::Duration;

use super::start_stream_ingest::Builder;
use super::{Tempo, Volume};
use crate::Problem;
use crate::call_session::Media;
use crate::input::{Given, Properties};

/// How a stream is played, as a user gave it: the properties that a request has in common with a call to play into.
#[derive(Debug, Default)]
pub(crate) struct Playback {
    seek: Option<Duration>,
    auto_push: Option<bool>,
    repeat: Option<Times>,
    max_duration: Option<Duration>,
    volume: Option<Volume>,
    enable_progress: Option<bool>,
    tempo: Option<Tempo>,
    idle_timeout: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
enum Times {
    Number(u32),
    ForEver,
}

impl Playback {
    /// Takes `{ seek?, autoPush?, repeat?, maxDuration?, volume?, enableProgress?, tempo?, idleTimeout? }` out of an
    /// object.
    pub(crate) fn take(input: &mut Properties<'_>) -> Playback {
        Playback {
            seek: input.optional("seek", Given::milliseconds),
            auto_push: input.optional("autoPush", Given::flag),
            repeat: input.optional("repeat", times),
            max_duration: input.optional("maxDuration", Given::milliseconds),
            volume: input.optional("volume", Volume::given),
            enable_progress: input.optional("enableProgress", Given::flag),
            tempo: input.optional("tempo", Tempo::given),
            idle_timeout: input.optional("idleTimeout", Given::milliseconds),
        }
    }

    /// Plays it so.
    pub(crate) fn of_request(&self, builder: Builder) -> Builder {
        let builder = with(builder, self.seek, Builder::seek);
        let builder = with(builder, self.auto_push, Builder::auto_push);
        let builder = match self.repeat {
            Some(Times::Number(number)) => builder.repeat(number),
            Some(Times::ForEver) => builder.repeat_for_ever(),
            None => builder,
        };
        let builder = with(builder, self.max_duration, Builder::max_duration);
        let builder = with(builder, self.volume, Builder::volume);
        let builder = with(builder, self.enable_progress, Builder::enable_progress);
        let builder = with(builder, self.tempo, Builder::tempo);
        with(builder, self.idle_timeout, Builder::idle_timeout)
    }

    /// Plays it so.
    pub(crate) fn of_media(&self, media: Media) -> Media {
        let media = with(media, self.seek, Media::seek);
        let media = with(media, self.auto_push, Media::auto_push);
        let media = match self.repeat {
            Some(Times::Number(number)) => media.repeat(number),
            Some(Times::ForEver) => media.repeat_for_ever(),
            None => media,
        };
        let media = with(media, self.max_duration, Media::max_duration);
        let media = with(media, self.volume, Media::volume);
        let media = with(media, self.enable_progress, Media::enable_progress);
        let media = with(media, self.tempo, Media::tempo);
        with(media, self.idle_timeout, Media::idle_timeout)
    }
}

fn times(given: Given<'_>) -> Result<Times, Problem> {
    if given.json() == "\"forever\"" {
        return Ok(Times::ForEver);
    }
    given.whole_32("times, or \"forever\"").map(Times::Number)
}

fn with<B, T>(builder: B, value: Option<T>, set: fn(B, T) -> B) -> B {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}
