//! The notification for callees who are offline, and what is worth knowing about it before it is sent.

use std::ffi::OsString;

use trtc_call::Problem;
use trtc_call::offline_push::{Advice, OfflinePushInfo, Spelling};

use crate::extra;
use crate::input::{Input, without_mark};
use crate::printable::Printable;
use crate::screen::Screen;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Notification for callees who are offline")]
pub(crate) struct PushArgs {
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
    /// The notification, if there is to be one of ours, and how its fields were named.
    pub(crate) fn read(&self) -> (Result<Option<OfflinePushInfo>, Vec<Problem>>, Names) {
        let mut names = Names::default();
        let push = self.read_naming(&mut names);
        (push, names)
    }

    fn read_naming(&self, names: &mut Names) -> Result<Option<OfflinePushInfo>, Vec<Problem>> {
        let mut push = None;
        if let Some(file) = &self.push_json {
            let json = names
                .json
                .insert(read_file(&Input::from(file.as_os_str()))?);
            let read = OfflinePushInfo::from_json(json).map_err(|invalid| {
                let problems = invalid.into_problems().into_iter();
                problems
                    .map(|problem| names.problem(problem))
                    .collect::<Vec<_>>()
            })?;
            push = Some(read);
        }
        for (option, name, text) in [
            (TITLE, "title", &self.push_title),
            (DESC, "desc", &self.push_desc),
            (EXT, "ext", &self.push_ext),
        ] {
            let Some(text) = text else { continue };
            let push = push.get_or_insert_default();
            let field = match name {
                "title" => &mut push.title,
                "desc" => &mut push.desc,
                _ => &mut push.ext,
            };
            *field = Some(text.clone());
            names.options.push((name, option));
        }
        Ok(push)
    }
}

fn read_file(input: &Input) -> Result<String, Vec<Problem>> {
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
    let json = str::from_utf8(without_mark(&bytes));
    json.map(str::to_owned)
        .map_err(|_| unreadable("names a file whose content is not UTF-8".to_owned()))
}

const JSON: &str = "--push-json";
const TITLE: &str = "--push-title";
const DESC: &str = "--push-desc";
const EXT: &str = "--push-ext";

/// How the fields of the notification were named: by options, and in a file.
#[derive(Default)]
pub(crate) struct Names {
    json: Option<String>,
    /// The field that it stands in, where it is a part of a whole call.
    place: Option<&'static str>,
    /// Fields that options gave, and the options.
    options: Vec<(&'static str, &'static str)>,
}

impl Names {
    /// Those of a notification that is a part of the file of `--request`.
    pub(super) fn in_call(json: Option<&str>, place: &'static str) -> Names {
        Names {
            json: json.map(str::to_owned),
            place: Some(place),
            options: Vec::new(),
        }
    }

    /// The problem in the names that were given: `offline_push.android.oppo_notify_level` is
    /// `--push-json AndroidInfo.OPPONotifyLevel`, if the file says so.
    pub(crate) fn problem(&self, mut problem: Problem) -> Problem {
        problem.rule = self.message(&problem.rule);
        problem.fix = self.message(&problem.fix);
        let field = self.field(&problem.field);
        problem.at(field)
    }

    fn field(&self, field: &str) -> String {
        if let Some(option) = extra::option(field) {
            return option;
        }
        if !field.starts_with("offline_push") {
            let option = if self.place.is_some() {
                "--request"
            } else {
                "--callee"
            };
            return option.to_owned();
        }
        let name = field.strip_prefix("offline_push.");
        let mut options = self.options.iter();
        match options.find(|(given, _)| Some(*given) == name) {
            Some((_, option)) => (*option).to_owned(),
            None => {
                let (place, dot) = match self.place {
                    Some(place) => (format!("--request {place}"), "."),
                    None => (JSON.to_owned(), " "),
                };
                match name {
                    Some(_) => format!("{place}{dot}{}", self.spelling().path(field)),
                    None => place,
                }
            }
        }
    }

    fn message(&self, message: &str) -> String {
        self.spelling().message(message)
    }

    fn spelling(&self) -> Spelling<'_> {
        Spelling::of(self.json.as_deref().unwrap_or("{}"))
    }

    /// Shows people what they may want to change. Programs find it in the document.
    pub(crate) fn advise(&self, screen: &Screen, advice: &[Advice]) {
        for one in advice {
            let (option, message) = (self.field(&one.field), self.message(&one.message));
            let fix = self.message(&one.fix);
            screen.warn(Printable(format_args!("{option}: {message}; {fix}")));
            if let Some(shown) = &one.shown {
                screen.note(format_args!("         it will read: {}", Printable(shown)));
            }
        }
    }
}
