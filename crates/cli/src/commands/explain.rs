use std::fmt;

use serde::Serialize;
use serde_json::json;
use trtc_call::{ErrorCode, ErrorCodeEntry, Problem};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::style::TITLE;

/// Tell what an error code of the service means, and what to do about it
///
/// A code that is not in the catalogue is no error: it is answered with the advice that is safe for any
/// code.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code such as 60008, or its name such as service_timeout [default: list them all]
    #[arg(allow_hyphen_values = true)]
    code: Option<String>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, Failure> {
        match &self.code {
            Some(code) => {
                let explanation = Explanation::of(find(code)?);
                screen.show(explanation.sheet(), &explanation)?;
            }
            None => {
                let codes: Vec<Explanation> = ErrorCode::catalogue()
                    .iter()
                    .map(|entry| Explanation::of(entry.code))
                    .collect();
                screen.show(Catalogue, &json!({ "codes": codes }))?;
            }
        }
        Ok(Exit::Ok)
    }
}

fn find(code: &str) -> Result<ErrorCode, Failure> {
    let by_name = || {
        ErrorCode::catalogue()
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(code))
    };
    code.parse()
        .ok()
        .map(ErrorCode)
        .or_else(|| by_name().map(|entry| entry.code))
        .ok_or_else(|| {
            Failure::Invalid(vec![Problem::new(
                "CODE",
                format!("{code:?} is neither a number nor the name of a code"),
                "`trtc-call explain` lists them all",
            )])
        })
}

/// What is known about a code, and what is safe to assume about one that is not known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation {
    code: ErrorCode,
    known: bool,
    name: &'static str,
    meaning: &'static str,
    what_to_do: &'static str,
    safe_to_retry: bool,
    may_have_rung: bool,
}

impl Explanation {
    fn of(code: ErrorCode) -> Explanation {
        let (meaning, what_to_do) = match code.entry() {
            Some(entry) => (entry.meaning, entry.what_to_do),
            None => (
                "not in the catalogue",
                "read ErrorInfo; before you repeat a call, find out whether the phone rang",
            ),
        };
        Explanation {
            code,
            known: code.entry().is_some(),
            name: code.name(),
            meaning,
            what_to_do,
            safe_to_retry: code.entry().is_some_and(ErrorCodeEntry::is_safe_to_retry),
            may_have_rung: code.entry().is_none_or(ErrorCodeEntry::may_have_rung),
        }
    }

    fn sheet(&self) -> Sheet {
        let safe_to_retry = match (self.safe_to_retry, self.may_have_rung) {
            (true, _) => "yes: the request had no effect",
            (false, true) => "a call, no: it could ring twice; any other command, yes",
            (false, false) => "no: it would be answered the same way",
        };
        Sheet::new(format_args!("{} {}", self.code.0, self.name))
            .row("meaning", self.meaning)
            .row("what to do", self.what_to_do)
            .row("safe to retry", safe_to_retry)
            .row(
                "can the phone have rung",
                if self.may_have_rung { "yes" } else { "no" },
            )
    }
}

struct Catalogue;

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = ErrorCode::catalogue()
            .iter()
            .map(|entry| entry.name.len())
            .max()
            .unwrap_or(0);
        write!(
            f,
            "{TITLE}{:>6}  {:<width$}  meaning{TITLE:#}",
            "code", "name"
        )?;
        ErrorCode::catalogue().iter().try_for_each(|entry| {
            write!(
                f,
                "\n{:>6}  {:<width$}  {}",
                entry.code.0, entry.name, entry.meaning
            )
        })
    }
}
