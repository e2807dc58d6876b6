use std::collections::BTreeMap;

use trtc_call_core::UnixMillis;

use super::task::{NewIngest, Step, Task, Update};
use super::{Ingest, IngestEndReason, StreamScript};
use crate::Room;
use crate::event::EventKind;
use crate::exchange::Exchange;
use crate::latest::Latest;
use crate::rooms::Through;
use crate::webhook::IngestReport;

const KEPT_ENDED: usize = 1000;

/// All tasks, and what is due to happen in them.
#[derive(Debug, Default)]
pub(crate) struct Studio {
    /// In the order of their start.
    tasks: Vec<Task>,
    ended: Latest<Ingest, KEPT_ENDED>,
    started: u64,
    scripts: BTreeMap<String, StreamScript>,
}

/// The robot plays into that room already.
#[derive(Debug)]
pub(crate) struct TaskExists;

impl Studio {
    pub(crate) fn start(
        &mut self,
        task_id: &str,
        new: NewIngest,
        exchange: &Exchange,
        now: UnixMillis,
    ) -> Result<(), TaskExists> {
        let is_same = |task: &Task| task.ingest.user == new.user && task.ingest.room == new.room;
        if self.tasks.iter().any(is_same) {
            return Err(TaskExists);
        }
        let script = self.script(&new.stream_url);
        let call_id = exchange.call_in(&new.room).map(str::to_owned);
        self.started += 1;
        let task = Task::new(self.started, task_id, new, script, call_id, now);
        self.tasks.push(task);
        Ok(())
    }

    /// `false` if there is no such task, or it has ended.
    pub(crate) fn update(
        &mut self,
        task_id: &str,
        update: Update,
        exchange: &mut Exchange,
        now: UnixMillis,
    ) -> bool {
        let Some(index) = self.position(task_id) else {
            return false;
        };
        let scripts = &self.scripts;
        let script = |url: &str| script(scripts, url);
        let Some(task) = self.tasks.get_mut(index) else {
            return false;
        };
        let is_playing = task.update(update, script, now);
        if !is_playing {
            self.end(index, IngestEndReason::Failed, exchange, now);
        }
        is_playing
    }

    /// `false` if there is no such task, or it has ended.
    pub(crate) fn stop(&mut self, task_id: &str, exchange: &mut Exchange, now: UnixMillis) -> bool {
        let index = self.position(task_id);
        if let Some(index) = index {
            self.end(index, IngestEndReason::Stopped, exchange, now);
        }
        index.is_some()
    }

    pub(crate) fn is_running(&self, task_id: &str) -> bool {
        self.position(task_id).is_some()
    }

    fn position(&self, task_id: &str) -> Option<usize> {
        let mut tasks = self.tasks.iter();
        tasks.position(|task| task.ingest.task_id == task_id)
    }

    /// Ends the tasks that brought a robot into the room: one user's, or everybody's.
    pub(crate) fn clear_room(
        &mut self,
        room: &Room,
        user: Option<&str>,
        reason: IngestEndReason,
        exchange: &mut Exchange,
        now: UnixMillis,
    ) {
        let concerns = |task: &Task| {
            task.is_in_room()
                && task.ingest.room == *room
                && user.is_none_or(|user| user == task.ingest.user)
        };
        while let Some(index) = self.tasks.iter().position(concerns) {
            self.end(index, reason, exchange, now);
        }
    }

    /// When something happens next in a task.
    pub(crate) fn next_due(&self) -> Option<UnixMillis> {
        self.next().map(|(at, ..)| at)
    }

    fn next(&self) -> Option<(UnixMillis, usize, Step)> {
        let tasks = self.tasks.iter().enumerate();
        tasks
            .filter_map(|(index, task)| task.next().map(|(at, step)| (at, index, step)))
            .min_by_key(|(at, ..)| *at)
    }

    /// Lets everything happen that is due until `now`, in calls and in tasks, in order, each at its own
    /// time; what users do comes before what tasks do at the same moment.
    pub(crate) fn run_until(&mut self, exchange: &mut Exchange, now: UnixMillis) {
        loop {
            let own = self.next().filter(|(at, ..)| *at <= now);
            let calls = exchange.next_due().filter(|at| *at <= now);
            match (calls, own) {
                (Some(at), own) if own.is_none_or(|(own, ..)| at <= own) => {
                    exchange.run_until(at);
                    self.listen(exchange, at);
                }
                (_, Some((at, index, step))) => self.happen(index, step, exchange, at),
                (_, None) => return,
            }
        }
    }

    /// Takes note of who is in the rooms, which a request may have changed.
    pub(crate) fn listen(&mut self, exchange: &Exchange, now: UnixMillis) {
        for task in &mut self.tasks {
            task.listen(exchange.rooms().has_listeners(&task.ingest.room), now);
        }
    }

    fn happen(&mut self, index: usize, step: Step, exchange: &mut Exchange, at: UnixMillis) {
        let Some(task) = self.tasks.get_mut(index) else {
            return;
        };
        match step {
            Step::Start if task.enter(at) => {
                let Ingest {
                    task_id,
                    user,
                    room,
                    ..
                } = &task.ingest;
                let through = Through::Ingest(task_id.clone());
                exchange.rooms_mut().enter(room, user, through);
                task.listen(exchange.rooms().has_listeners(room), at);
                tell(exchange, &task.ingest, IngestReport::Started, at);
            }
            Step::Start => self.end(index, IngestEndReason::Failed, exchange, at),
            Step::Restart => {
                task.restart();
                tell(exchange, &task.ingest, IngestReport::Restarting, at);
            }
            Step::End(reason) => self.end(index, reason, exchange, at),
        }
    }

    fn end(
        &mut self,
        index: usize,
        reason: IngestEndReason,
        exchange: &mut Exchange,
        at: UnixMillis,
    ) {
        let ingest = self.tasks.remove(index).end(reason, at);
        let through = Through::Ingest(ingest.task_id.clone());
        exchange.rooms_mut().leave_all(&ingest.room, &through);
        let report = match reason {
            IngestEndReason::Failed => IngestReport::Failed,
            _ => IngestReport::Stopped(reason),
        };
        tell(exchange, &ingest, report, at);
        self.ended.push(ingest);
    }

    /// All tasks that are kept, in the order of their start.
    pub(crate) fn ingests(&self) -> Vec<&Ingest> {
        let running = self.tasks.iter().map(|task| &task.ingest);
        let mut all: Vec<&Ingest> = self.ended.iter().chain(running).collect();
        all.sort_by_key(|ingest| ingest.number);
        all
    }

    /// What becomes of a stream: the script that was set, or else what the URL says.
    pub(crate) fn script(&self, url: &str) -> StreamScript {
        script(&self.scripts, url)
    }

    pub(crate) fn scripts(&self) -> &BTreeMap<String, StreamScript> {
        &self.scripts
    }

    pub(crate) fn set_script(&mut self, url: String, script: StreamScript) {
        self.scripts.insert(url, script);
    }

    pub(crate) fn clear_scripts(&mut self) {
        self.scripts.clear();
    }
}

fn script(scripts: &BTreeMap<String, StreamScript>, url: &str) -> StreamScript {
    let script = scripts.get(url).copied();
    script.unwrap_or_else(|| StreamScript::by_url(url))
}

/// Lets the log and the application's server know.
fn tell(exchange: &mut Exchange, ingest: &Ingest, report: IngestReport, at: UnixMillis) {
    let (user, task_id) = (ingest.user.clone(), ingest.task_id.clone());
    let event = match report {
        IngestReport::Started => EventKind::IngestStarted { user, task_id },
        IngestReport::Failed => EventKind::IngestFailed { user, task_id },
        IngestReport::Restarting => EventKind::IngestRestarted { user, task_id },
        IngestReport::Stopped(reason) => EventKind::IngestEnded {
            user,
            task_id,
            reason,
        },
    };
    exchange.log(at, ingest.call_id.as_deref().unwrap_or(""), event);
    exchange.webhooks_mut().tell_of_ingest(ingest, report, at);
}
