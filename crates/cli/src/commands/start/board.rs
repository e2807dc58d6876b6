//! What people see while a call goes on: a line for each member that changes in place on a terminal, and
//! one line for each event elsewhere. All of it on stderr.

use std::fmt::Write;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use trtc_call::UserId;

use super::members::{MemberEvent, What};
use crate::duration::Shown;
use crate::printable::Printable;
use crate::screen::Screen;

pub(super) struct Board {
    screen: Screen,
    began: Instant,
    bars: MultiProgress,
    members: Vec<(UserId, ProgressBar)>,
    record: Option<ProgressBar>,
    name_width: usize,
}

impl Board {
    /// `callees` only tells how wide the column of names is to be.
    pub(super) fn new(screen: Screen, callees: &[UserId]) -> Board {
        let widths = callees
            .iter()
            .map(|user| Printable(user).to_string().chars().count());
        Board {
            screen,
            began: Instant::now(),
            bars: MultiProgress::new(),
            members: Vec::new(),
            record: None,
            name_width: widths.max().unwrap_or(0).max("record".len()),
        }
    }

    /// Shows what a member did.
    pub(super) fn show(&mut self, event: &MemberEvent) {
        let words = match event.event {
            What::NotRung => "could not be rung",
            What::Ringing => "ringing",
            What::Answered => "answered",
            What::Unanswered => "did not answer",
            What::Left => "left the call",
        };
        let name = Printable(&event.user_id).to_string();
        if self.bars.is_hidden() {
            self.line(&format!("{name:<width$}  {words}", width = self.name_width));
            return;
        }
        let bar = self.bar(&event.user_id, &name);
        match event.event {
            What::Ringing => run(&bar, "yellow", words),
            What::Answered => run(&bar, "green", "in the call"),
            What::Left => {
                finish(
                    &bar,
                    "green",
                    '✓',
                    format!("was in the call {}", Shown(bar.elapsed())),
                );
            }
            What::NotRung => finish(&bar, "red", '✗', words.to_owned()),
            What::Unanswered => {
                finish(
                    &bar,
                    "red",
                    '✗',
                    format!("rang {}, did not answer", Shown(bar.elapsed())),
                );
            }
        }
    }

    /// The call has ended; its record is waited for.
    pub(super) fn ended(&mut self) {
        if self.bars.is_hidden() {
            self.line("the call has ended; waiting for its record");
            return;
        }
        let bar = self.add("record");
        run(
            &bar,
            "cyan",
            "comes about 5 s after the call's end; waiting",
        );
        self.record = Some(bar);
    }

    /// Something else people should know.
    pub(super) fn remark(&self, text: &str) {
        let text = Printable(text).to_string();
        if self.bars.is_hidden() {
            self.line(&text);
        } else {
            self.bars.suspend(|| self.screen.note(text));
        }
    }

    /// Leaves the lines as they are. The record itself is the command's result.
    pub(super) fn close(&mut self) {
        if let Some(bar) = self.record.take() {
            bar.finish_and_clear();
        }
        for (_, bar) in &self.members {
            bar.abandon();
        }
    }

    fn line(&self, text: &str) {
        let seconds = self.began.elapsed().as_secs_f64();
        self.screen.note(format_args!("{seconds:6.1} s  {text}"));
    }

    fn bar(&mut self, user: &UserId, name: &str) -> ProgressBar {
        if let Some((_, bar)) = self.members.iter().find(|(known, _)| known == user) {
            return bar.clone();
        }
        let bar = self.add(name);
        self.members.push((user.clone(), bar.clone()));
        bar
    }

    /// A line that shows nothing yet.
    fn add(&self, name: &str) -> ProgressBar {
        let bar = ProgressBar::no_length()
            .with_style(style(""))
            .with_prefix(format!("{name:<width$}", width = self.name_width));
        self.bars.add(bar)
    }
}

/// A line that moves, with the time since it began to say so.
fn run(bar: &ProgressBar, colour: &str, words: &'static str) {
    bar.set_style(style(&format!(
        "  {{spinner:.{colour}}} {{prefix:.bold}}  {{msg}} {{for:.dim}}"
    )));
    bar.set_message(words);
    bar.reset();
    bar.enable_steady_tick(Duration::from_millis(100));
}

/// A line that has come to its end.
fn finish(bar: &ProgressBar, colour: &str, mark: char, words: String) {
    bar.disable_steady_tick();
    // Of the spinner's states, a finished bar shows the last.
    let template = format!("  {{spinner:.{colour}}} {{prefix:.bold}}  {{msg}}");
    bar.set_style(style(&template).tick_chars(&format!(" {mark}")));
    bar.abandon_with_message(words);
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ")
        .with_key("for", |state: &ProgressState, out: &mut dyn Write| {
            // Nobody is left to tell where the terminal is gone.
            let _ = write!(out, "{}", Shown::seconds(state.elapsed().as_secs()));
        })
}
