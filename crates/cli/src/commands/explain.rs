use std::fmt;

use serde::Serialize;
use serde_json::json;
use trtc_call::cloud::CloudErrorCodeEntry;
use trtc_call::{CloudErrorCode, Effect, ErrorCode, ErrorCodeEntry, Problem};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::printable::Printable;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::style::TITLE;

/// Tell what an error code of the service means, and what to do about it
///
/// A code that is not in the catalogue is no error: it is answered with the advice that is safe for any
/// code.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code such as 60008 or AuthFailure.SignatureExpire, or its name such as service_timeout: any word
    /// [default: list them all]
    #[arg(allow_hyphen_values = true)]
    code: Option<String>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.code {
            Some(code) => {
                let explanation = find(code)?;
                screen.show(explanation.sheet(), &explanation)?;
            }
            None => {
                let codes: Vec<Explanation> = ErrorCode::catalogue()
                    .iter()
                    .map(|entry| Explanation::of_call(entry.code))
                    .collect();
                let cloud_codes: Vec<Explanation> = CloudErrorCode::catalogue()
                    .iter()
                    .map(|entry| Explanation::of_cloud(entry.code.into()))
                    .collect();
                let document = json!({ "codes": codes, "cloudCodes": cloud_codes });
                screen.show(Catalogue, &document)?;
            }
        }
        Ok(Exit::Ok)
    }
}

/// Any word is a code: the services may send any.
fn find(code: &str) -> Result<Explanation, CommandError> {
    let code = code.trim();
    if code.is_empty() {
        return Err(CommandError::Invalid(vec![Problem::new(
            "CODE",
            "is empty",
            "name a code; without one, `trtc-call explain` lists them all",
        )]));
    }
    if let Ok(number) = code.parse() {
        return Ok(Explanation::of_call(ErrorCode(number)));
    }
    let is_it = |word: &str| word.eq_ignore_ascii_case(code);
    let mut calls = ErrorCode::catalogue().iter();
    if let Some(entry) = calls.find(|entry| is_it(entry.name)) {
        return Ok(Explanation::of_call(entry.code));
    }
    let mut cloud = CloudErrorCode::catalogue().iter();
    Ok(Explanation::of_cloud(
        match cloud.find(|entry| is_it(entry.name) || is_it(entry.code)) {
            Some(entry) => entry.code.into(),
            None => code.into(),
        },
    ))
}

/// What is known about a code, and what is safe to assume about one that is not known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation {
    code: Code,
    known: bool,
    /// What stands before the full stop, where no more than that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<&'static str>,
    name: &'static str,
    meaning: &'static str,
    what_to_do: &'static str,
    /// The vendor's page that documents it.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'static str>,
    safe_to_retry: bool,
    may_have_rung: bool,
    /// Whether the request may have done what it asks for.
    may_have_taken_effect: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Code {
    Call(ErrorCode),
    Cloud(CloudErrorCode),
}

impl Explanation {
    fn of_call(code: ErrorCode) -> Explanation {
        let (meaning, what_to_do) = match code.entry() {
            Some(entry) => (entry.meaning, entry.what_to_do),
            None => (
                NOT_KNOWN,
                "read ErrorInfo; before you repeat a call, find out whether the phone rang",
            ),
        };
        let may_have_rung = code.entry().is_none_or(ErrorCodeEntry::may_have_rung);
        Explanation {
            code: Code::Call(code),
            known: code.entry().is_some(),
            family: None,
            name: code.name(),
            meaning,
            what_to_do,
            page: code.entry().map(|entry| entry.page),
            safe_to_retry: code.entry().is_some_and(ErrorCodeEntry::is_safe_to_retry),
            may_have_rung,
            may_have_taken_effect: may_have_rung,
        }
    }

    fn of_cloud(code: CloudErrorCode) -> Explanation {
        let (meaning, what_to_do) = match code.entry() {
            Some(CloudErrorCodeEntry {
                meaning,
                what_to_do,
                ..
            }) => (*meaning, *what_to_do),
            None => (
                NOT_KNOWN,
                "read the message; before you start a stream again, find out whether it plays",
            ),
        };
        Explanation {
            known: code.entry().is_some(),
            family: code.known_by_family(),
            name: code.name(),
            meaning,
            what_to_do,
            page: code.entry().map(|entry| entry.page),
            safe_to_retry: code.effect() == Effect::None,
            may_have_rung: false,
            may_have_taken_effect: code.effect() == Effect::Unknown,
            code: Code::Cloud(code),
        }
    }

    fn sheet(&self) -> Sheet {
        let (title, safe_to_retry, question) = match &self.code {
            Code::Call(code) => {
                let advice = "a call, no: it could ring twice; any other command, yes";
                (code.0.to_string(), advice, "can the phone have rung")
            }
            Code::Cloud(code) => {
                let advice = "StartStreamIngest, no: two streams could play; any other action, yes";
                (code.as_str().to_owned(), advice, "can it have taken effect")
            }
        };
        let safe_to_retry = match (self.safe_to_retry, self.may_have_taken_effect) {
            (true, _) => "yes: the request had no effect",
            (false, true) => safe_to_retry,
            (false, false) => "no: it would be answered the same way",
        };
        let answer = if self.may_have_taken_effect {
            "yes"
        } else {
            "no"
        };
        let meaning = match self.family {
            Some(family) => format!(
                "{}: not in the catalogue by itself, but the vendor says so of {family}.*",
                self.meaning
            ),
            None => self.meaning.to_owned(),
        };
        let sheet = Sheet::new(Printable(format_args!("{title} {}", self.name)))
            .row("meaning", meaning)
            .row("what to do", self.what_to_do)
            .row("safe to retry", safe_to_retry)
            .row(question, answer);
        match self.page {
            Some(page) => sheet.row("page", page),
            None => sheet,
        }
    }
}

const NOT_KNOWN: &str = "not in the catalogue";

struct Catalogue;

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = ErrorCode::catalogue().iter();
        let calls = calls.map(|entry| (entry.code.0.to_string(), entry.name, entry.meaning));
        write_table("code", &calls.collect::<Vec<_>>(), f)?;
        let cloud = CloudErrorCode::catalogue().iter();
        let cloud = cloud.map(|entry| (entry.code.to_owned(), entry.name, entry.meaning));
        write!(f, "\n\n")?;
        write_table("cloud code", &cloud.collect::<Vec<_>>(), f)
    }
}

fn write_table(
    title: &str,
    rows: &[(String, &str, &str)],
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let codes = rows.iter().map(|(code, ..)| code.len());
    let code = codes.max().unwrap_or(0).max(title.len());
    let name = rows
        .iter()
        .map(|(_, name, _)| name.len())
        .max()
        .unwrap_or(0);
    write!(
        f,
        "{TITLE}{title:<code$}  {:<name$}  meaning{TITLE:#}",
        "name"
    )?;
    rows.iter().try_for_each(|(number, word, meaning)| {
        write!(f, "\n{number:<code$}  {word:<name$}  {meaning}")
    })
}
