use std::time::Duration;

use trtc_call_core::UnixMillis;

use super::playback::Playback;
use super::{Ingest, IngestEnd, IngestEndReason, StreamScript};
use crate::Room;

/// From the reply to the robot's entering the room. The service needs some time too.
const STARTS_WITHIN: Duration = Duration::from_millis(200);
/// For how long a task without `IdleTimeout` plays to nobody. The service's choice is not documented.
const ADAPTIVE_IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// For how long a task may be paused.
const LONGEST_PAUSE: Duration = Duration::from_secs(12 * 3600);

/// A task to be started, its fields checked.
#[derive(Debug)]
pub(crate) struct NewIngest {
    pub(crate) user: String,
    pub(crate) room: Room,
    pub(crate) stream_url: String,
    pub(crate) repeat_num: i64,
    pub(crate) seek: Duration,
    pub(crate) volume: i64,
    pub(crate) tempo_percent: u32,
    pub(crate) enable_progress: bool,
    pub(crate) max_duration: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
}

/// What `UpdateStreamIngest` changes; `None` stays as it is.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) stream_url: Option<String>,
    pub(crate) volume: Option<i64>,
    pub(crate) is_paused: Option<bool>,
    pub(crate) enable_progress: Option<bool>,
    pub(crate) tempo_percent: Option<u32>,
}

/// A task that has not ended.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) ingest: Ingest,
    seek: Duration,
    enters_at: UnixMillis,
    /// From when the robot is in the room.
    playback: Option<Playback>,
    restarts_at: Option<UnixMillis>,
    max_ends_at: Option<UnixMillis>,
    idle_timeout: Duration,
    idle_since: Option<UnixMillis>,
    paused_since: Option<UnixMillis>,
}

/// What comes next in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The robot enters the room, or the stream turns out to be unplayable.
    Start,
    /// The stream is lost and started again.
    Restart,
    End(IngestEndReason),
}

impl Task {
    pub(super) fn new(
        number: u64,
        task_id: &str,
        new: NewIngest,
        script: StreamScript,
        call_id: Option<String>,
        now: UnixMillis,
    ) -> Task {
        Task {
            ingest: Ingest {
                number,
                task_id: task_id.to_owned(),
                user: new.user,
                room: new.room,
                call_id,
                stream_url: new.stream_url,
                script,
                repeat_num: new.repeat_num,
                volume: new.volume,
                tempo_percent: new.tempo_percent,
                is_paused: false,
                enable_progress: new.enable_progress,
                started_at: now,
                playing_since: None,
                end: None,
            },
            seek: new.seek,
            enters_at: now.after(STARTS_WITHIN),
            playback: None,
            restarts_at: None,
            max_ends_at: new.max_duration.map(|longest| now.after(longest)),
            idle_timeout: new.idle_timeout.unwrap_or(ADAPTIVE_IDLE_TIMEOUT),
            idle_since: None,
            paused_since: None,
        }
    }

    pub(super) fn is_in_room(&self) -> bool {
        self.playback.is_some()
    }

    /// Puts the robot into the room, playing. `false` if the stream cannot be played.
    pub(super) fn enter(&mut self, now: UnixMillis) -> bool {
        let is_playing = self.play(self.seek, now);
        if is_playing {
            self.ingest.playing_since = Some(now);
        }
        is_playing
    }

    /// Takes over what is given. `false` if the new stream cannot be played.
    pub(super) fn update(
        &mut self,
        update: Update,
        script: impl FnOnce(&str) -> StreamScript,
        now: UnixMillis,
    ) -> bool {
        let ingest = &mut self.ingest;
        if let Some(volume) = update.volume {
            ingest.volume = volume;
        }
        if let Some(enable_progress) = update.enable_progress {
            ingest.enable_progress = enable_progress;
        }
        if let Some(tempo_percent) = update.tempo_percent {
            ingest.tempo_percent = tempo_percent;
            if let Some(playback) = &mut self.playback {
                playback.set_tempo(tempo_percent, now);
            }
        }
        if let Some(is_paused) = update.is_paused {
            self.paused_since = is_paused.then(|| self.paused_since.unwrap_or(now));
            ingest.is_paused = is_paused;
            if let Some(playback) = &mut self.playback {
                playback.pause(is_paused, now);
            }
        }
        let Some(url) = update.stream_url else {
            return true;
        };
        ingest.script = script(&url);
        ingest.stream_url = url;
        self.seek = Duration::ZERO;
        // Before the robot is in the room, it simply enters with the other stream.
        !self.is_in_room() || self.play(Duration::ZERO, now)
    }

    /// Begins with the stream, `seek` into it.
    fn play(&mut self, seek: Duration, now: UnixMillis) -> bool {
        let ingest = &self.ingest;
        let StreamScript::Plays {
            duration,
            restart_after,
        } = ingest.script
        else {
            return false;
        };
        let (rounds, tempo) = (ingest.repeat_num, ingest.tempo_percent);
        let mut playback = Playback::new(duration, rounds, seek, tempo, now);
        playback.pause(ingest.is_paused, now);
        self.playback = Some(playback);
        self.restarts_at = restart_after.map(|after| now.after(after));
        true
    }

    pub(super) fn restart(&mut self) {
        self.restarts_at = None;
    }

    /// Takes note of whether anybody is in the room to hear it.
    pub(super) fn listen(&mut self, has_listeners: bool, now: UnixMillis) {
        let is_idle = self.is_in_room() && !has_listeners;
        self.idle_since = is_idle.then(|| self.idle_since.unwrap_or(now));
    }

    pub(super) fn end(mut self, reason: IngestEndReason, at: UnixMillis) -> Ingest {
        self.ingest.end = Some(IngestEnd { at, reason });
        self.ingest
    }

    /// What comes next, and when. Of two things at the same moment, the first in this list.
    pub(super) fn next(&self) -> Option<(UnixMillis, Step)> {
        use IngestEndReason::{Idle, MaxDuration, MediaEnded, PausedTooLong};
        let after = |since: Option<UnixMillis>, wait| since.map(|since| since.after(wait));
        let start = (!self.is_in_room()).then_some(self.enters_at);
        let media_end = self.playback.as_ref().and_then(Playback::ends_at);
        let pause_end = after(self.paused_since, LONGEST_PAUSE);
        let idle_end = after(self.idle_since, self.idle_timeout);
        [
            (start, Step::Start),
            (self.restarts_at, Step::Restart),
            (media_end, Step::End(MediaEnded)),
            (self.max_ends_at, Step::End(MaxDuration)),
            (pause_end, Step::End(PausedTooLong)),
            (idle_end, Step::End(Idle)),
        ]
        .into_iter()
        .filter_map(|(at, step)| Some((at?, step)))
        .min_by_key(|(at, _)| *at)
    }
}
