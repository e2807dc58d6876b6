use std::fmt;

use serde::Serialize;
use serde_json::json;
use trtc_call::cloud::CloudErrorCodeEntry;
use trtc_call::{CloudErrorCode, Effect, ErrorCode, ErrorCodeEntry, Problem};

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
    /// Code such as 60008 or AuthFailure.SignatureExpire, or its name such as service_timeout
    /// [default: list them all]
    #[arg(allow_hyphen_values = true)]
    code: Option<String>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, Failure> {
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

fn find(code: &str) -> Result<Explanation, Failure> {
    let by_name = || {
        let mut catalogue = ErrorCode::catalogue().iter();
        catalogue.find(|entry| entry.name.eq_ignore_ascii_case(code))
    };
    let of_cloud = || {
        let mut catalogue = CloudErrorCode::catalogue().iter();
        let entry = catalogue.find(|entry| {
            entry.name.eq_ignore_ascii_case(code) || entry.code.eq_ignore_ascii_case(code)
        });
        match entry {
            Some(entry) => Some(CloudErrorCode::from(entry.code)),
            // A member that is not listed has its family's meaning, and other families may come.
            None => is_cloud_code(code).then(|| CloudErrorCode::from(code)),
        }
    };
    if let Ok(number) = code.parse() {
        return Ok(Explanation::of_call(ErrorCode(number)));
    }
    if let Some(entry) = by_name() {
        return Ok(Explanation::of_call(entry.code));
    }
    of_cloud().map(Explanation::of_cloud).ok_or_else(|| {
        Failure::Invalid(vec![Problem::new(
            "CODE",
            format!("{code:?} is neither a number nor the name of a code"),
            "`trtc-call explain` lists them all",
        )])
    })
}

/// Of the form `Family.Member`.
fn is_cloud_code(code: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
    };
    code.split_once('.')
        .is_some_and(|(family, member)| is_word(family) && member.split('.').all(is_word))
}

/// What is known about a code, and what is safe to assume about one that is not known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation {
    code: Code,
    known: bool,
    name: &'static str,
    meaning: &'static str,
    what_to_do: &'static str,
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
            name: code.name(),
            meaning,
            what_to_do,
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
            name: code.name(),
            meaning,
            what_to_do,
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
        Sheet::new(format_args!("{title} {}", self.name))
            .row("meaning", self.meaning)
            .row("what to do", self.what_to_do)
            .row("safe to retry", safe_to_retry)
            .row(question, answer)
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
