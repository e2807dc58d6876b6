use std::ffi::OsString;
use std::time::Duration;

use serde_json::json;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::call_session::{Media, Plan};
use trtc_call::{MediaType, Problem, UnixMillis};
use trtc_call_ledger::campaign::{
    CampaignCalls, CheckedFile, Push, RowProblem, Template, read_moment,
};
use trtc_call_ledger::{Again, Policy, QuietHours, RingKey, check_time_zone};

use super::given_file::{GivenFile, LISTED};
use super::progress::Reading;
use super::rehearsal::Rehearsal;
use crate::account::UserIdRule;
use crate::command_error::CommandError;
use crate::commands::start::push::PushArgs;
use crate::duration::{self, Shown};
use crate::exit::Exit;
use crate::extra::ExtraArgs;
use crate::input::Input;
use crate::moment::{Utc, now_ms};
use crate::printable::Printable;
use crate::screen::{Done, Screen};
use crate::service;
use crate::sheet::Sheet;
use crate::store::LedgerArgs;
use crate::stream::{self, StreamArgs};

/// Make a campaign from a file of users
///
/// The file is CSV, its first line naming the columns, or NDJSON. Its column `user` is whom to ring; `key`,
/// `room` or `room_number`, `user_data`, `not_before` and `time_zone` are read where they are there, and
/// every other one is kept, and can stand as {name} in the texts of options. Every row is checked before the
/// first is put in: what is wrong is listed with its line, and nothing is changed. Nothing rings before
/// `campaign run`. The same command may be repeated: what is there is not put in again.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// The file, or - for stdin
    #[arg(long, value_name = "FILE")]
    from: OsString,
    /// How the file is written [default: by its name: NDJSON is .ndjson or .jsonl, and CSV the rest]
    #[arg(long, value_name = "FORMAT", value_parser = ["csv", "ndjson"])]
    format: Option<String>,
    /// Check the file, and change nothing; this needs neither a ledger nor an application
    #[arg(long)]
    dry_run: bool,
    /// Check the file, ring it with simulated users in this process, at 190 a second and by a ledger that is gone
    /// afterwards, and tell what came of it; change nothing; this needs neither a ledger nor an application
    #[arg(long, conflicts_with = "dry_run")]
    rehearse: bool,
    /// Account that calls
    #[arg(
        long,
        value_name = "USER",
        default_value = "robot",
        allow_hyphen_values = true
    )]
    robot: String,
    /// Video calls [default]
    #[arg(long, conflicts_with = "audio")]
    video: bool,
    /// Audio calls
    #[arg(long)]
    audio: bool,
    /// How long the phones ring, from 10s to 600s
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration::parse)]
    ring_timeout: Duration,
    /// Text for the callees' application where a row has no user_data; {name} stands for a column
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    user_data: Option<String>,
    /// When somebody answers, play what is at this URL to them, until it is over or they hang up, and then end the
    /// call: whoever runs the campaign does, and needs an access key of the cloud account. Who reads the ledger
    /// reads the URL
    #[arg(long, value_name = "URL")]
    play: Option<String>,
    #[command(flatten)]
    stream: StreamArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    push: PushArgs,
    #[command(flatten)]
    extra: ExtraArgs,
    #[command(flatten)]
    user_ids: UserIdRule,
    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "When and how often")]
struct PolicyArgs {
    /// Ring from then on: a moment (2026-12-01T09:00:00+01:00, or without its offset in --time-zone, or @ and
    /// Unix seconds), or so long from now (2h); a row's not_before wins
    #[arg(long, value_name = "WHEN")]
    not_before: Option<String>,
    /// Ring nobody from then on
    #[arg(long, value_name = "WHEN")]
    not_after: Option<String>,
    /// Ring nobody in these hours of the callee's day, such as 21:00-08:00
    #[arg(long, value_name = "FROM-UNTIL", requires = "time_zone")]
    quiet_hours: Option<String>,
    /// Time zone of rows and moments that name none, such as Europe/Berlin
    #[arg(long, value_name = "NAME")]
    time_zone: Option<String>,
    /// The most calls that are up at the same time [default with --play: 100]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    max_up: Option<u32>,
    /// Ring who did not answer, was busy or offline so often in all, each time with a key of its own; what
    /// is unknown is not rung again
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=100))]
    attempts: Option<u32>,
    /// How long after a call's end it is rung again
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration::parse)]
    again_after: Duration,
    /// Look among the records how calls ended, where no webhooks tell; implied by --max-up and --attempts
    #[arg(long)]
    watch: bool,
}

/// The most calls that are played into at the same time, unless told otherwise: each is asked about once in a second.
const PLAYED_INTO: u32 = 100;

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let setup = |error| CommandError::file("a ledger to check with", error);
        let changes_nothing = self.dry_run || self.rehearse;
        let folder = changes_nothing.then(tempfile::tempdir).transpose();
        let folder = folder.map_err(setup)?;
        let ledger = match &folder {
            Some(folder) => self.ledger.read_or_empty(folder.path()),
            None => self.ledger.read(),
        };
        let (calls, (url, app), media) = match (self.calls(), ledger, self.media()) {
            (Ok(calls), Ok(ledger), Ok(media)) => (calls, ledger, media),
            (calls, ledger, media) => {
                let mut problems = calls.err().unwrap_or_default();
                problems.extend(media.err().unwrap_or_default());
                match ledger {
                    Err(CommandError::Invalid(found)) => problems.extend(found),
                    Err(other) => return Err(other),
                    Ok(_) => {}
                }
                return Err(CommandError::Invalid(problems));
            }
        };
        let policy = self.policy.policy(media);
        let file = GivenFile::open(&Input::from(self.from.as_os_str()), self.format.as_deref())?;
        service::runtime()?.block_on(Box::pin(async {
            let ledger = crate::store::open(&url).await?;
            let reading = Reading::begin(*screen, "checking", file.is_large());
            let checked = file.check(&ledger, app, &calls, &reading).await;
            reading.end();
            let (checked, wrong) = checked?;
            if checked.wrong > 0 {
                return Err(wrong_rows(&wrong, &checked));
            }
            if self.rehearse {
                let rehearsal = Rehearsal {
                    screen,
                    name: &self.name,
                    app,
                    file: &file,
                    checked: &checked,
                    calls: &calls,
                    policy: &policy,
                    user_ids: self.user_ids,
                };
                return rehearsal.run().await;
            }
            let digest = checked.digest.get(..16).unwrap_or_default();
            let source = format!("{}, sha256 {digest}", file.name);
            // What is in the ledger keeps the times that it has.
            let window_of = |new: u64| {
                let told = |at: Option<UnixMillis>| at.filter(|_| new > 0);
                (told(calls.not_before), told(calls.not_after))
            };
            if self.dry_run {
                let title = format!("{} rows are fine", checked.rows);
                let (not_before, not_after) = window_of(checked.rows - checked.known);
                let sheet = Sheet::new(title)
                    .row("in the ledger already", checked.known)
                    .row_if("not before", not_before.map(shown))
                    .row_if("not after", not_after.map(shown));
                let document = json!({
                    "name": self.name, "rows": checked.rows, "known": checked.known, "source": source,
                    "notBefore": not_before, "notAfter": not_after,
                });
                screen.show(sheet, &document)?;
                return Ok(Exit::Ok);
            }
            if !ledger.create_campaign(app, &self.name, &policy, Some(&source)).await? {
                let there = super::find(&ledger, app, &self.name).await?;
                if there.source.as_deref() != Some(source.as_str()) || there.policy != policy {
                    let made_from = there.source.unwrap_or_default();
                    let rule = format!("{} is there already, made from {made_from} or in another way", self.name);
                    let problem = Problem::new("NAME", rule, "give the new one another name");
                    return Err(CommandError::Invalid(vec![problem]));
                }
            }
            let reading = Reading::begin(*screen, "putting in", true).of(checked.rows);
            let loaded = file.load(&ledger, app, &calls, &reading).await;
            reading.end();
            let loaded = loaded?;
            let (not_before, not_after) = window_of(loaded.new);
            let title = format!("Campaign {} has {} rows", self.name, checked.rows);
            let sheet = Sheet::new(&title)
                .row("put in", loaded.new)
                .row_if("in the ledger already", (loaded.known > 0).then_some(loaded.known))
                .row_if("not before", not_before.map(shown))
                .row_if("not after", not_after.map(shown))
                .row("made from", &source)
                .row("ring them", format_args!("trtc-call campaign run {}", Printable(&self.name)));
            let document = json!({
                "name": self.name, "rows": checked.rows, "new": loaded.new, "known": loaded.known, "source": source,
                "notBefore": not_before, "notAfter": not_after,
            });
            Ok(screen.show_done(sheet, &document, Done::harmless(&title)))
        }))
    }

    /// What is played, or what is wrong with it.
    fn media(&self) -> Result<Option<Media>, Vec<Problem>> {
        let Some(url) = &self.play else {
            return match self.stream.first_given() {
                Some(option) => {
                    let fix = "add --play URL, or leave it out";
                    let rule = "says how a stream is played";
                    Err(vec![Problem::new(option, rule, fix)])
                }
                None => Ok(None),
            };
        };
        let media = self.stream.media("--play", url)?;
        let sample = Request::builder("robot", ["sample"], MediaType::Audio).room("sample");
        let plan = sample
            .build()
            .and_then(|call| Plan::builder(call, media.clone()).build());
        match plan {
            Ok(_) => Ok(Some(media)),
            Err(invalid) => {
                let problems = invalid.into_problems().into_iter();
                Err(problems
                    .map(|problem| stream::in_options(problem, "--play"))
                    .collect())
            }
        }
    }

    /// The calls, or what is wrong with the options.
    fn calls(&self) -> Result<CampaignCalls, Vec<Problem>> {
        let mut problems = Vec::new();
        if let Err(mut problem) = RingKey::new(&self.name) {
            problem.fix = "give it a name such as reminders".to_owned();
            problems.push(problem.at("NAME"));
        }
        let (push, _) = self.push.read();
        let push = push.map_err(|found| problems.extend(found));
        let extra = self.extra.read().map_err(|problem| problems.push(problem));
        let robot = self.user_ids.check(&self.robot);
        let robot = robot.map_err(|problem| problems.push(problem.at("--robot")));
        let media_type = if self.audio {
            MediaType::Audio
        } else {
            MediaType::Video
        };
        if let Err(problem) = self.policy.check() {
            problems.push(problem);
        }
        let now = UnixMillis(now_ms());
        let (not_before, not_after) = self.policy.window(now).unwrap_or_else(|found| {
            problems.extend(found);
            (None, None)
        });
        let (Ok(push), Ok(extra), Ok(robot), true) = (push, extra, robot, problems.is_empty())
        else {
            return Err(problems);
        };
        let mut calls = CampaignCalls::new(&self.name, robot, media_type);
        calls.ring_timeout = self.ring_timeout;
        calls.user_data = self.user_data.as_deref().map(Template::new);
        calls.push = push.as_ref().map(Push::new);
        calls.extra = extra;
        calls.any_user_id = self.user_ids.allow_any_user_id;
        calls.time_zone.clone_from(&self.policy.time_zone);
        calls.not_before = not_before;
        calls.not_after = not_after;
        calls.watched = self.policy.watches() || self.play.is_some();
        // What is wrong with every row is wrong with an option.
        match calls.check(now) {
            Ok(()) => Ok(calls),
            Err(found) => Err(found.into_iter().map(in_options).collect()),
        }
    }
}

/// A moment of an option: so long from now, or as a row gives it. A plain number is no duration here, for it may as well
/// be meant as Unix seconds.
fn moment(
    option: &str,
    text: &str,
    zone: Option<&str>,
    now: UnixMillis,
) -> Result<UnixMillis, Problem> {
    let is_number = text.parse::<u64>().is_ok();
    match duration::parse(text) {
        Ok(duration) if !is_number => Ok(now.after(duration)),
        _ => read_moment(text, zone).map_err(|mut problem| {
            problem.fix.push_str(", or so long from now, such as 2h");
            problem.at(option)
        }),
    }
}

/// A moment to come as it was understood.
fn shown(at: UnixMillis) -> String {
    let utc = Utc(at.seconds());
    match at.0.checked_sub(now_ms()) {
        Some(left) => format!("{utc}, in {}", Shown::seconds(left.div_ceil(1000))),
        None => format!("{utc}, which has passed"),
    }
}

fn in_options(problem: Problem) -> Problem {
    let option = format!("--{}", problem.field.replace('_', "-"));
    problem.at(option)
}

fn wrong_rows(rows: &[RowProblem], checked: &CheckedFile) -> CommandError {
    let problems = rows.iter().map(|RowProblem { line, problem }| {
        let field = format!("line {line}, {}", problem.field);
        problem.clone().at(field)
    });
    let mut problems: Vec<Problem> = problems.collect();
    if problems.len() == LISTED {
        let rule = format!(
            "has {} wrong rows of {}; the first are listed",
            checked.wrong, checked.rows
        );
        problems.push(Problem::new("--from", rule, "mend these first"));
    }
    CommandError::Invalid(problems)
}

impl PolicyArgs {
    /// From when on and until when it is rung, or what is wrong with that.
    fn window(
        &self,
        now: UnixMillis,
    ) -> Result<(Option<UnixMillis>, Option<UnixMillis>), Vec<Problem>> {
        let zone = self.time_zone.as_deref();
        if let Err(problem) = zone.map_or(Ok(()), check_time_zone) {
            return Err(vec![in_options(problem)]);
        }
        let read = |option, given: &Option<String>| {
            let given = given.as_deref();
            given
                .map(|text| moment(option, text, zone, now))
                .transpose()
        };
        let not_before = read("--not-before", &self.not_before);
        match (not_before, read("--not-after", &self.not_after)) {
            (Ok(not_before), Ok(not_after)) => Ok((not_before, not_after)),
            (not_before, not_after) => Err(not_before
                .err()
                .into_iter()
                .chain(not_after.err())
                .collect()),
        }
    }

    fn watches(&self) -> bool {
        self.watch || self.max_up.is_some() || self.attempts.is_some_and(|attempts| attempts > 1)
    }

    fn policy(&self, play: Option<Media>) -> Policy {
        let mut policy = Policy::default();
        let default = play.as_ref().map(|_| PLAYED_INTO);
        policy.max_up = self.max_up.or(default);
        policy.again = self
            .attempts
            .filter(|attempts| *attempts > 1)
            .map(|attempts| Again::new(attempts, self.again_after));
        policy.quiet_hours = self.quiet_hours();
        policy.watch = self.watches() || play.is_some();
        policy.play = play;
        policy
    }

    fn quiet_hours(&self) -> Option<QuietHours> {
        let (from, until) = self.quiet_hours.as_deref()?.split_once('-')?;
        Some(QuietHours {
            from: from.trim().to_owned(),
            until: until.trim().to_owned(),
            time_zone: self.time_zone.clone()?,
        })
    }

    fn check(&self) -> Result<(), Problem> {
        let Some(given) = &self.quiet_hours else {
            return Ok(());
        };
        let is_time = |text: &str| text.trim().parse::<jiff::civil::Time>().is_ok();
        match given.split_once('-') {
            Some((from, until))
                if is_time(from) && is_time(until) && from.trim() != until.trim() =>
            {
                Ok(())
            }
            _ => {
                let rule = format!("must be two times of the day, not {given}");
                Err(Problem::new(
                    "--quiet-hours",
                    rule,
                    "write it as 21:00-08:00",
                ))
            }
        }
    }
}
