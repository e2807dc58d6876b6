//! What people see while a campaign is rung: a bar on a terminal, a line now and then elsewhere. All of it on stderr.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::standing::Standing;
use crate::duration::Shown;
use crate::screen::Screen;

/// A campaign's progress, over all processes that work on it.
pub(super) struct Progress {
    screen: Screen,
    bar: ProgressBar,
    began: Instant,
    last_line: Option<Instant>,
    /// How many were done when, lately.
    done: VecDeque<(Instant, u64)>,
}

/// So long the rate is averaged over.
const WINDOW: Duration = Duration::from_secs(5);

/// Between two lines where there is no terminal.
const LINES: Duration = Duration::from_secs(5);

impl Progress {
    pub(super) fn begin(screen: Screen, name: &str) -> Progress {
        let bar = if screen.is_json() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(0)
        };
        let template = "{prefix:.bold} {wide_bar:.cyan/dim} {msg}";
        Progress {
            screen,
            bar: bar
                .with_style(style(template))
                .with_prefix(crate::printable::Printable(name).to_string()),
            began: Instant::now(),
            last_line: None,
            done: VecDeque::new(),
        }
    }

    pub(super) fn show(&mut self, standing: &Standing) {
        let stats = &standing.stats;
        let done = stats.total.saturating_sub(standing.open());
        let now = Instant::now();
        self.done.push_back((now, done));
        while self.done.len() > 2 && self.done.front().is_some_and(|(at, _)| now - *at > WINDOW) {
            self.done.pop_front();
        }
        let rate = self.rate();
        let left = (rate > 0.0)
            .then(|| standing.open() as f64 / rate)
            .filter(|left| *left > 0.0);
        let eta = left
            .map(|left| format!("  ETA {}", Shown::seconds(left.ceil() as u64)))
            .unwrap_or_default();
        let counts = format!(
            "{}/{}  {rate:.0}/s{eta}",
            HumanCount(done),
            HumanCount(stats.total),
        );
        let outcomes = format!(
            "rung {}  refused {}  unknown {}  answered {}",
            HumanCount(stats.rung),
            HumanCount(stats.refused),
            HumanCount(stats.unknown),
            HumanCount(stats.answered),
        );
        if self.bar.is_hidden() {
            if !self.screen.is_json() && self.last_line.is_none_or(|last| now - last >= LINES) {
                self.last_line = Some(now);
                let seconds = self.began.elapsed().as_secs_f64();
                self.screen
                    .note(format_args!("{seconds:6.1} s  {counts}  {outcomes}"));
            }
            return;
        }
        self.bar.set_length(stats.total);
        self.bar.set_position(done);
        self.bar.set_message(format!("{counts}\n  {outcomes}"));
    }

    fn rate(&self) -> f64 {
        let (Some((first, before)), Some((last, after))) = (self.done.front(), self.done.back())
        else {
            return 0.0;
        };
        let seconds = (*last - *first).as_secs_f64();
        if seconds < 0.5 {
            0.0
        } else {
            after.saturating_sub(*before) as f64 / seconds
        }
    }

    /// Something else people should know.
    pub(super) fn remark(&self, remark: impl FnOnce(&Screen)) {
        self.bar.suspend(|| remark(&self.screen));
    }

    /// The result takes its place.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Going through a file.
pub(super) struct Reading(ProgressBar);

impl Reading {
    /// A file that is read in no time needs no bar.
    pub(super) fn begin(screen: Screen, what: &str, is_large: bool) -> Reading {
        let bar = if screen.is_json() || !is_large {
            ProgressBar::hidden()
        } else {
            ProgressBar::no_length()
        };
        let bar = bar
            .with_style(style("{spinner} {msg} {human_pos} rows"))
            .with_message(what.to_owned());
        Reading(bar)
    }

    pub(super) fn of(self, rows: u64) -> Reading {
        self.0.set_length(rows);
        self.0.set_style(style(
            "{msg} {wide_bar:.cyan/dim} {human_pos}/{human_len} rows",
        ));
        self
    }

    pub(super) fn show(&self, rows: u64) {
        self.0.set_position(rows);
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━━─")
}
