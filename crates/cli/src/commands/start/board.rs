//! What people see while a call goes on: a line for each member that changes in place on a terminal, and
//! one line for each event elsewhere. All of it on stderr.

use std::fmt::{Display, Write};
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
    rows: Vec<(String, ProgressBar)>,
    record: Option<ProgressBar>,
    name_width: usize,
}

/// There are lines that are not a member's.
const MIN_NAME_WIDTH: usize = "(stream)".len();

/// How something stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    Waiting,
    Going,
    Done,
    Failed,
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
            rows: Vec::new(),
            record: None,
            name_width: widths.max().unwrap_or(0).max(MIN_NAME_WIDTH),
        }
    }

    /// Shows what a member did.
    pub(super) fn show(&mut self, event: &MemberEvent) {
        let (look, words, standing) = match event.event {
            What::NotRung => (
                Look::Failed,
                "could not be rung",
                "could not be rung".to_owned(),
            ),
            What::Ringing => (Look::Waiting, "ringing", "ringing".to_owned()),
            What::Answered => (Look::Going, "answered", "in the call".to_owned()),
            What::Unanswered => (Look::Failed, "did not answer", "did not answer".to_owned()),
            What::Gone => {
                let words = "rings no more, and may have answered";
                (Look::Failed, words, words.to_owned())
            }
            What::Left => {
                let name = Printable(&event.user_id).to_string();
                let standing = format!("was in the call {}", Shown(self.bar(&name).elapsed()));
                (Look::Done, "left the call", standing)
            }
        };
        self.row(&event.user_id, look, words, &standing);
    }

    /// Shows how something stands: on a terminal `standing`, in its line; elsewhere what happened.
    pub(super) fn row(&mut self, name: impl Display, look: Look, happened: &str, standing: &str) {
        let name = Printable(name).to_string();
        if self.bars.is_hidden() {
            let (happened, width) = (Printable(happened), self.name_width);
            self.line(&format!("{name:<width$}  {happened}"));
            return;
        }
        let bar = self.bar(&name);
        let standing = Printable(standing).to_string();
        match look {
            Look::Waiting => run(&bar, "yellow", standing),
            Look::Going => run(&bar, "green", standing),
            Look::Done => finish(&bar, "green", '✓', standing),
            Look::Failed => finish(&bar, "red", '✗', standing),
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
            "comes about 5 s after the call's end; waiting".to_owned(),
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
        for (_, bar) in &self.rows {
            bar.abandon();
        }
    }

    fn line(&self, text: &str) {
        let seconds = self.began.elapsed().as_secs_f64();
        self.screen.note(format_args!("{seconds:6.1} s  {text}"));
    }

    fn bar(&mut self, name: &str) -> ProgressBar {
        if let Some((_, bar)) = self.rows.iter().find(|(known, _)| known == name) {
            return bar.clone();
        }
        let bar = self.add(name);
        self.rows.push((name.to_owned(), bar.clone()));
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
fn run(bar: &ProgressBar, colour: &str, words: String) {
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
