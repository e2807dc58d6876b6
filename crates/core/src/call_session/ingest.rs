//! What a session learns about the ingest, from replies and webhooks.

use super::session::{CallSession, Early};
use super::state::{Ask, Ingest};
use super::{EndReason, Failure, Phase, SessionEvent, pace};
use crate::retry::Effect;
use crate::stream_ingest::{
    TaskId, TaskStatus, describe_stream_ingest, start_stream_ingest, stop_stream_ingest,
};
use crate::webhook::ingest::{IngestEvent, IngestEventKind};
use crate::{Error, UnixMillis, room};

/// How often the robot is removed where its ingest may have been started: the second time is for a start
/// that was held up.
const REMOVALS: u32 = 2;

impl CallSession {
    /// Plans the first start, or the next one.
    pub(super) fn want_ingest(&mut self) {
        let now = self.state.now;
        self.state.ingest = Ingest::Wanted;
        // What is still under way is about the last task.
        for ask in [Ask::DescribeIngest, Ask::StopIngest] {
            self.state.slot(ask).sent_at = None;
        }
        let slot = self.state.slot(Ask::StartIngest);
        slot.due = Some(match slot.tries {
            0 => now,
            tries => pace::after(now, pace::back_off(tries)),
        });
    }

    /// Ends what there is of the ingest. A start under way is waited for first.
    pub(super) fn stop_ingest(&mut self) {
        let now = self.state.now;
        match self.state.ingest {
            Ingest::Wanted => self.state.ingest = Ingest::None,
            Ingest::Running => {
                self.state.ingest = Ingest::Stopping;
                let slot = self.state.slot(Ask::StopIngest);
                (slot.due, slot.tries) = (Some(now), 0);
            }
            Ingest::None | Ingest::Starting | Ingest::Unsure | Ingest::Stopping => {}
        }
    }

    pub(super) fn ingest_answered(
        &mut self,
        result: &Result<start_stream_ingest::Response, Error>,
    ) {
        match result {
            Ok(response) => self.ingest_started(response.task_id.clone()),
            Err(_) if self.state.ingest != Ingest::Starting => {}
            Err(error) => match error.effect() {
                Effect::Unknown => self.ingest_is_unknown(error.into()),
                // Somebody has started it: a process before this one.
                _ if has_code(error, "FailedOperation.TaskExist") => {
                    self.ingest_is_unknown(error.into());
                }
                effect => {
                    let is_passing = has_code(error, "ResourceInsufficient");
                    let may_retry = effect == Effect::None || is_passing;
                    self.ingest_failed(error.into(), may_retry);
                }
            },
        }
    }

    fn ingest_started(&mut self, task_id: TaskId) {
        let is_repeated = self.state.task_id.as_ref() == Some(&task_id);
        match self.state.ingest {
            Ingest::Starting => {}
            // The reply is late: the task may have been ended with the robot's removal, or be there.
            Ingest::Unsure | Ingest::None if !is_repeated => {}
            _ => return,
        }
        let is_expected = self.state.ingest == Ingest::Starting && self.state.end.is_none();
        self.state.task_id = Some(task_id.clone());
        self.state.task_event_time = 0;
        self.state.ingest = Ingest::Running;
        if !is_expected || self.state.phase != Phase::Answered {
            return self.stop_ingest();
        }
        self.go(Phase::Playing);
        self.tell(SessionEvent::Playing { task_id });
        // Also where webhooks tell: some may have come before the task had a name here.
        let soon = pace::after(self.state.now, self.plan.options.poll_interval * 3);
        self.state.slot(Ask::DescribeIngest).due = Some(soon);
        self.replay_early();
    }

    /// It may run, without a name: whose user is removed from the room ends.
    pub(super) fn ingest_is_unknown(&mut self, failure: Failure) {
        let now = self.state.now;
        self.state.ingest = Ingest::Unsure;
        self.state.removals_left = REMOVALS;
        let slot = self.state.slot(Ask::RemoveRobot);
        (slot.due, slot.tries) = (Some(now), 0);
        self.media_failed(failure);
    }

    /// No task is there, or it is being stopped.
    fn ingest_failed(&mut self, failure: Failure, may_retry: bool) {
        if self.state.ingest == Ingest::Starting {
            self.state.ingest = Ingest::None;
        }
        let slot = self.state.slot(Ask::StartIngest);
        slot.tries = slot.tries.saturating_add(1);
        let is_last = slot.tries >= self.plan.options.ingest_attempts;
        let is_wanted = self.state.phase == Phase::Answered && self.state.end.is_none();
        if !may_retry || is_last || !is_wanted {
            return self.media_failed(failure);
        }
        self.tell(SessionEvent::IngestFailed {
            failure,
            will_retry: true,
        });
        if self.state.ingest == Ingest::None {
            self.want_ingest();
        }
    }

    fn media_failed(&mut self, failure: Failure) {
        self.state.failure.get_or_insert_with(|| failure.clone());
        self.tell(SessionEvent::IngestFailed {
            failure,
            will_retry: false,
        });
        self.go_without_media(self.plan.options.end_without_media, EndReason::MediaFailed);
    }

    fn media_ended(&mut self, task_id: TaskId) {
        self.state.ingest = Ingest::None;
        self.tell(SessionEvent::MediaEnded { task_id });
        self.go_without_media(self.plan.options.end_with_media, EndReason::MediaEnded);
    }

    fn go_without_media(&mut self, ends: bool, reason: EndReason) {
        match self.state.phase {
            Phase::Answered | Phase::Playing if ends => self.end_for(reason),
            Phase::Answered | Phase::Playing => self.go(Phase::Talking),
            _ => {}
        }
    }

    pub(super) fn describe_answered(
        &mut self,
        result: &Result<describe_stream_ingest::Response, Error>,
    ) {
        let is_gone = match result {
            Ok(response) => response.status == TaskStatus::NotExist,
            Err(error) => is_gone(error),
        };
        match (is_gone, result) {
            (true, _) => self.task_is_gone(),
            (false, Ok(_)) => {
                let next = self.next_description();
                let slot = self.state.slot(Ask::DescribeIngest);
                (slot.tries, slot.due) = (0, next);
            }
            (false, Err(_)) => self.try_again(Ask::DescribeIngest),
        }
    }

    fn next_description(&self) -> Option<UnixMillis> {
        let webhooks_arrive = self.state.ingest_webhooks_arrive;
        pace::poll(&self.plan.options, &self.state, webhooks_arrive)
            .map(|pause| pace::after(self.state.now, pause))
    }

    pub(super) fn stop_answered(&mut self, result: &Result<stop_stream_ingest::Response, Error>) {
        match result {
            Err(error) if !is_gone(error) => self.try_again(Ask::StopIngest),
            Ok(_) | Err(_) => self.task_is_gone(),
        }
    }

    pub(super) fn remove_answered(&mut self, result: &Result<room::Response, Error>) {
        if self.state.ingest != Ingest::Unsure {
            return; // The task has got a name since: it is being stopped by it.
        }
        match result {
            Err(error) if !is_gone(error) => self.try_again(Ask::RemoveRobot),
            Ok(_) | Err(_) => {
                self.state.removals_left = self.state.removals_left.saturating_sub(1);
                if self.state.removals_left == 0 {
                    self.state.ingest = Ingest::None;
                }
                let again = pace::after(self.state.now, pace::REMOVE_AGAIN);
                let slot = self.state.slot(Ask::RemoveRobot);
                (slot.tries, slot.due) = (0, Some(again));
            }
        }
    }

    pub(super) fn take_ingest_webhook(&mut self, event: IngestEvent) {
        if self.state.ingest == Ingest::Starting {
            return self.keep(Early::Ingest(event));
        }
        let Some(task_id) = self.state.task_id.clone() else {
            return;
        };
        let is_ours = event.task_id.as_ref() == Some(&task_id);
        let is_there = matches!(self.state.ingest, Ingest::Running | Ingest::Stopping);
        if !is_ours || !is_there {
            return;
        }
        self.state.ingest_webhooks_arrive = true;
        let is_newest = event.event_time.0 >= self.state.task_event_time;
        self.state.task_event_time = self.state.task_event_time.max(event.event_time.0);
        let is_playing = self.state.phase == Phase::Playing && is_newest;
        match event.kind {
            // A task that was stopped never comes back, whatever the times say.
            IngestEventKind::Stopped => self.task_is_gone(),
            IngestEventKind::Restarting if is_playing => {
                self.tell(SessionEvent::IngestRestarting { task_id });
            }
            IngestEventKind::Failed if is_playing => {
                self.stop_ingest();
                self.go(Phase::Answered);
                let message = "the service could not play the stream";
                self.ingest_failed(Failure::new("ingest_failed", message), true);
            }
            // The service can tell what it means.
            IngestEventKind::Unknown => {
                let now = self.state.now;
                self.state.slot(Ask::DescribeIngest).due = Some(now);
            }
            _ => {}
        }
    }

    fn task_is_gone(&mut self) {
        match (self.state.ingest, &self.state.task_id) {
            (Ingest::Running, Some(task_id)) => self.media_ended(task_id.clone()),
            // Stopped because it had failed: the next attempt.
            (Ingest::Stopping, _)
                if self.state.phase == Phase::Answered && self.state.end.is_none() =>
            {
                self.want_ingest();
            }
            (Ingest::Stopping, _) => self.state.ingest = Ingest::None,
            _ => {}
        }
    }
}

/// The task, the room, or the user in it is not there any more.
fn is_gone(error: &Error) -> bool {
    matches!(error, Error::Cloud(error) if error.is_gone())
}

/// The code itself, or one of that family.
fn has_code(error: &Error, code: &str) -> bool {
    let Error::Cloud(error) = error else {
        return false;
    };
    let rest = error.code.as_str().strip_prefix(code);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
