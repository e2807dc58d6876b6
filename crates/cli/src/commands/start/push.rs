//! The notification for callees who are offline, and what is worth knowing about it before it is sent.

use std::ffi::OsString;

use trtc_call::Problem;
use trtc_call::offline_push::{Advice, OfflinePushInfo};

use crate::input::Input;
use crate::printable::Printable;
use crate::screen::Screen;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Notification for callees who are offline")]
pub(super) struct PushArgs {
    /// Title
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    push_title: Option<String>,
    /// Text below the title
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    push_desc: Option<String>,
    /// What the callee's application is handed with it; should be JSON text
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    push_ext: Option<String>,
    /// The whole OfflinePushInfo, as the service spells it or in this library's names; - reads stdin. The
    /// other push options win over what it says
    #[arg(long, value_name = "FILE")]
    push_json: Option<OsString>,
}

impl PushArgs {
    /// The notification, if there is to be one of ours.
    pub(super) fn read(&self) -> Result<Option<OfflinePushInfo>, Vec<Problem>> {
        let PushArgs {
            push_title,
            push_desc,
            push_ext,
            push_json,
        } = self;
        let is_given = push_json.is_some()
            || [push_title, push_desc, push_ext]
                .into_iter()
                .any(Option::is_some);
        if !is_given {
            return Ok(None);
        }
        let mut push = match push_json {
            Some(file) => read_file(&Input::from(file.as_os_str()))?,
            None => OfflinePushInfo::default(),
        };
        for (option, field) in [
            (push_title, &mut push.title),
            (push_desc, &mut push.desc),
            (push_ext, &mut push.ext),
        ] {
            if let Some(text) = option {
                *field = Some(text.clone());
            }
        }
        Ok(Some(push))
    }
}

fn read_file(input: &Input) -> Result<OfflinePushInfo, Vec<Problem>> {
    let unreadable = |rule: String| {
        vec![Problem::new(
            JSON,
            rule,
            "name a file that holds an OfflinePushInfo as JSON, or - for stdin",
        )]
    };
    let bytes = input
        .read()
        .map_err(|error| unreadable(format!("names what cannot be read: {error}")))?;
    let json = String::from_utf8(bytes)
        .map_err(|_| unreadable("names a file whose content is not UTF-8".to_owned()))?;
    OfflinePushInfo::from_json(&json).map_err(|invalid| {
        let problems = invalid.problems().iter().cloned();
        problems.map(in_options).collect()
    })
}

const JSON: &str = "--push-json";

/// The problem with its field as the option that gives it: `offline_push.android.sound` as
/// `--push-json android.sound`.
pub(super) fn in_options(problem: Problem) -> Problem {
    let option = option(&problem.field);
    problem.at(option)
}

fn option(field: &str) -> String {
    match field.strip_prefix("offline_push.") {
        Some(name @ ("title" | "desc" | "ext")) => format!("--push-{name}"),
        Some(path) => format!("{JSON} {path}"),
        None if field == "offline_push" => JSON.to_owned(),
        None => "--callee".to_owned(),
    }
}

/// Shows people what they may want to change. Programs find it in the document.
pub(super) fn advise(screen: &Screen, advice: &[Advice]) {
    for one in advice {
        let (option, message, fix) = (option(&one.field), &one.message, &one.fix);
        screen.warn(Printable(format_args!("{option}: {message}; {fix}")));
        if let Some(shown) = &one.shown {
            screen.note(format_args!("         it will read: {}", Printable(shown)));
        }
    }
}
