use std::fmt;

use serde::Serialize;
use trtc_call::call_record::csv;
use trtc_call::call_record::get_record_by_filter::{Builder, Request};
use trtc_call::{
    CallRecord, CallResult, CallType, Error, InvalidRequest, JsonText, Problem, Records, UserId,
};

use crate::account::AccountArgs;
use crate::command_error::{CommandError, ErrorDocument};
use crate::duration::Shown;
use crate::exit::Exit;
use crate::extra::{self, ExtraArgs};
use crate::moment::{Moment, Utc, now};
use crate::printable::Printable;
use crate::screen::Screen;
use crate::service;
use crate::style::TITLE;
use crate::words::Words;

/// List the records of the last 7 days
///
/// Pages are asked for as they are needed: with --limit, or where the reader has seen enough, the rest is
/// not. A record is there about 5 s after its call's end.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only calls from then on: so long ago (2d, 90m, 3600), or a moment (2026-01-31T08:00:00Z, or @ and
    /// Unix seconds) [default: 7 days ago, before which there is no record]
    #[arg(long, value_name = "WHEN", value_parser = str::parse::<Moment>)]
    since: Option<Moment>,
    /// Only calls until then [default: now]
    #[arg(long, value_name = "WHEN", value_parser = str::parse::<Moment>)]
    until: Option<Moment>,
    /// Only calls that ended so; a word of a newer service is sent as it is, with a warning
    #[arg(long, value_parser = Words(CallResult::WORDS))]
    result: Option<String>,
    /// Only 1-to-1 calls, or only group calls
    #[arg(long, value_parser = Words(CallType::WORDS))]
    call_type: Option<String>,
    /// The most records to list [default: all]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// How many records to ask for at a time [default: 10, the service's]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    page_size: Option<u32>,
    /// Print comma-separated values, times in UTC
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    extra: ExtraArgs,
    #[command(flatten)]
    account: AccountArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let form = self.form(screen);
        let (form, filter, account) = match (form, self.filter(), self.account.read()) {
            (Ok(form), Ok(filter), Ok(account)) => (form, filter, account),
            (form, filter, account) => {
                let mut problems: Vec<Problem> = form.err().into_iter().collect();
                problems.extend(filter.err().unwrap_or_default());
                problems.extend(account.err().unwrap_or_default());
                return Err(CommandError::Invalid(problems));
            }
        };
        for advice in filter.advice() {
            let (option, message) = (option(&advice.field), &advice.message);
            screen.warn(format_args!("{option}: {message}; {}", advice.fix));
        }
        let records = service::client(account)?.records(filter);
        let limit = self.limit.unwrap_or(u64::MAX);
        service::runtime()?.block_on(async {
            match form {
                Form::Json => list_as_json(screen, records, limit).await,
                Form::Csv => {
                    if screen.line(csv::header())?.is_break() {
                        return Ok(Exit::Ok);
                    }
                    list_as_lines(screen, records, limit, csv::row).await
                }
                Form::Table => {
                    let mut heading = Some(Row::HEADING);
                    list_as_lines(screen, records, limit, |record| match heading.take() {
                        Some(heading) => format!("{TITLE}{heading}{TITLE:#}\n{}", Row(record)),
                        None => Row(record).to_string(),
                    })
                    .await
                }
            }
        })
    }

    fn form(&self, screen: &Screen) -> Result<Form, Problem> {
        match (screen.is_json(), self.csv) {
            (true, true) => Err(Problem::new(
                "--csv",
                "cannot stand beside --json",
                "choose one of the two",
            )),
            (true, false) => Ok(Form::Json),
            (false, true) => Ok(Form::Csv),
            (false, false) => Ok(Form::Table),
        }
    }

    /// The filter, or what is wrong with it in the words of the command line.
    fn filter(&self) -> Result<Request, Vec<Problem>> {
        let now = now();
        let mut filter = Request::builder();
        filter = with(filter, self.since, |filter, moment| {
            filter.start_time(moment.at(now))
        });
        filter = with(filter, self.until, |filter, moment| {
            filter.end_time(moment.at(now))
        });
        filter = with(filter, self.result.as_deref(), Builder::result);
        filter = with(filter, self.call_type.as_deref(), Builder::call_type);
        filter = with(filter, self.page_size, Builder::page_size);
        let extra = self.extra.read();
        if let Ok(extra) = &extra {
            filter = filter.extra(extra.clone());
        }
        match (filter.build(now), extra) {
            (Ok(filter), Ok(_)) => Ok(filter),
            (filter, extra) => {
                let invalid = filter.err();
                let mut problems = invalid.as_ref().map(in_options).unwrap_or_default();
                problems.extend(extra.err());
                Err(problems)
            }
        }
    }
}

fn with<T>(builder: Builder, value: Option<T>, set: impl FnOnce(Builder, T) -> Builder) -> Builder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

fn in_options(invalid: &InvalidRequest) -> Vec<Problem> {
    let problems = invalid.problems().iter().cloned();
    problems
        .map(|mut problem| {
            problem.rule = problem.rule.replace("end_time", "--until");
            let option = match extra::option(&problem.field) {
                Some(_) => "--extra".to_owned(),
                None => option(&problem.field),
            };
            problem.at(option)
        })
        .collect()
}

/// The option that gives a field.
fn option(field: &str) -> String {
    if let Some(option) = extra::option(field) {
        return option;
    }
    match field {
        "start_time" => "--since".to_owned(),
        "end_time" => "--until".to_owned(),
        other => format!("--{}", other.replace('_', "-")),
    }
}

/// How the list is written.
enum Form {
    Table,
    Csv,
    Json,
}

/// Everything in one document, what came before a failure too.
async fn list_as_json(
    screen: &Screen,
    mut records: Records,
    limit: u64,
) -> Result<Exit, CommandError> {
    let (mut listed, mut unreadable) = (Vec::new(), Vec::new());
    let mut failure = None;
    while u64::try_from(listed.len()).is_ok_and(|count| count < limit)
        && let Some(record) = next(screen, &mut records, &mut unreadable).await
    {
        match record {
            Ok(record) => listed.push(record),
            Err(error) => {
                failure = Some(CommandError::service::<Request>(error));
                break;
            }
        }
    }
    let document = Document {
        total: records.total(),
        records: listed,
        unreadable,
        error: failure.as_ref().map(CommandError::document),
    };
    screen.show("", &document)?;
    Ok(failure.map_or(Exit::Ok, |failure| failure.exit()))
}

/// The next record. Warns of entries that are none, and notes them.
async fn next(
    screen: &Screen,
    records: &mut Records,
    unreadable: &mut Vec<JsonText>,
) -> Option<Result<CallRecord, Error>> {
    let record = records.next().await;
    for entry in records.take_unreadable() {
        screen.warn(format_args!(
            "the service lists something that is no record, which is left out: {}",
            Printable(&entry)
        ));
        unreadable.push(entry);
    }
    record
}

#[derive(Serialize)]
struct Document {
    total: Option<u64>,
    records: Vec<CallRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<JsonText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorDocument>,
}

/// A line for each record, as it comes.
async fn list_as_lines(
    screen: &Screen,
    mut records: Records,
    limit: u64,
    mut line: impl FnMut(&CallRecord) -> String,
) -> Result<Exit, CommandError> {
    let mut count = 0;
    let mut unreadable = Vec::new();
    while count < limit
        && let Some(record) = next(screen, &mut records, &mut unreadable).await
    {
        let record = record.map_err(CommandError::service::<Request>)?;
        count += 1;
        if screen.line(line(&record))?.is_break() {
            return Ok(Exit::Ok);
        }
    }
    let total = records.total().unwrap_or(0);
    if total == 0 {
        screen.note("no call matches");
    } else if count == limit && count < total {
        screen.note(format_args!("{count} of {total} records"));
    } else if u64::try_from(unreadable.len()).is_ok_and(|unreadable| count + unreadable != total) {
        screen.warn(format_args!(
            "{count} records came, but the service counts {total}: some were added or expired meanwhile"
        ));
    }
    Ok(Exit::Ok)
}

/// A record on one line of the table. What can be of any length stands last.
struct Row<'a>(&'a CallRecord);

impl Row<'_> {
    const HEADING: &'static str = "BEGAN                    RESULT     RANG         TALKED       MEDIA  CALL ID                               FROM -> TO";
}

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = self.0;
        let rang_until = record.accept_time.unwrap_or(record.end_time);
        let rang = rang_until.0.saturating_sub(record.start_time.0);
        let talked = record.accept_time.map_or(String::new(), |accepted| {
            Shown::seconds(record.end_time.0.saturating_sub(accepted.0)).to_string()
        });
        let callees = record
            .members
            .iter()
            .filter(|member| **member != record.caller);
        let callees: Vec<&str> = callees.map(UserId::as_str).collect();
        write!(
            f,
            "{:<23}  {:<9}  {:<11}  {:<11}  {:<5}  {:<36}  {} -> {}",
            Utc(record.start_time).to_string(),
            Printable(&record.result).to_string(),
            Shown::seconds(rang).to_string(),
            talked,
            Printable(&record.media_type).to_string(),
            Printable(&record.call_id).to_string(),
            Printable(&record.caller),
            Printable(callees.join(", ")),
        )
    }
}
