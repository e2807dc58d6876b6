//! A campaign's file, rung in an emulator, by a ledger of its own that is gone afterwards.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use trtc_call::SdkAppId;
use trtc_call::call_session::Failure;
use trtc_call_ledger::campaign::{CampaignCalls, CheckedFile};
use trtc_call_ledger::{DEFAULT_RATE, Policy, Ring, RingKey, RingState};

use super::given_file::GivenFile;
use super::metrics::Metrics;
use super::playing::Playing;
use super::progress::Reading;
use super::stage::Stage;
use super::standing::Standing;
use super::work::Work;
use crate::account::UserIdRule;
use crate::command_error::CommandError;
use crate::duration::Shown;
use crate::exit::Exit;
use crate::interrupts::Interrupts;
use crate::moment::UtcMillis;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::store;

pub(super) struct Rehearsal<'a> {
    pub(super) screen: &'a Screen,
    pub(super) name: &'a str,
    pub(super) app: SdkAppId,
    pub(super) file: &'a GivenFile,
    pub(super) checked: &'a CheckedFile,
    pub(super) calls: &'a CampaignCalls,
    pub(super) policy: &'a Policy,
    pub(super) user_ids: UserIdRule,
}

/// The whole of it for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    /// Of the rows, those that the real ledger has already: they are not rung again.
    known: u64,
    stopped: bool,
    #[serde(flatten)]
    found: &'a Found,
    #[serde(flatten)]
    standing: &'a Standing,
}

/// What the rings tell.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    /// From the first ring to the last reply.
    milliseconds: u64,
    /// Rows that were not rung because it was not their time.
    postponed: u64,
    /// Further attempts that are to come.
    again: u64,
    /// How many were refused for which reason.
    failures: BTreeMap<String, u64>,
    /// The first of these.
    refusals: Vec<Refusal>,
}

#[derive(Serialize)]
struct Refusal {
    line: Option<u64>,
    key: RingKey,
    message: String,
}

/// How many are read at a time.
const PAGE: usize = 1000;

/// How many of those that were refused are shown.
const SHOWN: usize = 10;

impl Rehearsal<'_> {
    pub(super) async fn run(&self) -> Result<Exit, CommandError> {
        let interrupts = Interrupts::listen()?;
        let setup = |error| CommandError::file("a ledger to rehearse with", error);
        let folder = tempfile::tempdir().map_err(setup)?;
        let url = folder.path().join("rehearsal.db");
        let ledger = store::open(&format!("sqlite:{}", url.display())).await?;
        ledger
            .create_campaign(self.app, self.name, self.policy, None)
            .await?;
        let rows = self.checked.rows;
        let reading = Reading::begin(*self.screen, "putting in", true).of(rows);
        let loaded = self
            .file
            .load(&ledger, self.app, self.calls, &reading)
            .await;
        reading.end();
        loaded?;
        let stage = Stage::begin(self.app, self.user_ids).await?;
        self.screen.note(
            "rehearsing with simulated users: no real phone rings, and the ledger stays as it is",
        );
        let metrics = Metrics::new(self.name, DEFAULT_RATE);
        let heard = stage.tell(&ledger, &metrics).await?;
        let playing = Playing::of(self.policy, &stage.client);
        let work = Work {
            screen: self.screen,
            ledger,
            client: stage.client.clone(),
            name: self.name,
            workers: 1,
            metrics,
            wait: true,
            is_streamed: false,
        };
        let Some(worked) = work.work(&interrupts, heard, playing).await? else {
            return Ok(Exit::Interrupted);
        };
        let found = Found::by(&work).await?;
        let exit = if worked.is_stopped {
            Exit::Interrupted
        } else {
            Exit::Ok
        };
        let document = Document {
            known: self.checked.known,
            stopped: worked.is_stopped,
            found: &found,
            standing: &worked.standing,
        };
        self.screen
            .show(self.sheet(&found, &worked.standing), &document)?;
        Ok(exit)
    }

    fn sheet(&self, found: &Found, standing: &Standing) -> Sheet {
        let stats = &standing.stats;
        let some = |count: u64| (count > 0).then_some(count);
        let took = Duration::from_millis(found.milliseconds);
        let sent = stats.rung + stats.refused;
        let rate = sent as f64 / took.as_secs_f64().max(1.0);
        let refused = found.refusals.iter().map(|refused| {
            let line = refused.line.unwrap_or_default();
            (format!("  line {line}"), &refused.message)
        });
        let due = stats.next_due.filter(|_| stats.queued > 0);
        let sheet = Sheet::new(format_args!(
            "Rehearsal of {}: nothing was changed",
            self.name
        ))
        .row("rows", self.checked.rows)
        .row_if("in the ledger already", some(self.checked.known))
        .row(
            "sent",
            format_args!("{sent} in {}, {rate:.0}/s", Shown(took)),
        )
        .row_if("  rung", some(stats.rung))
        .row_if("  answered", some(stats.answered))
        .row_if("  refused", some(stats.refused));
        let sheet = { refused }.fold(sheet, |sheet, (line, why)| sheet.row(line, why));
        sheet
            .row_if("cancelled, too late", some(stats.cancelled))
            .row_if("not their time", some(found.postponed))
            .row_if("to be rung again", some(found.again))
            .row_if("  the first at", due.map(UtcMillis))
            .row_if(
                "not rung",
                some(standing.open() - found.postponed - found.again),
            )
    }
}

impl Found {
    async fn by(work: &Work<'_>) -> Result<Found, CommandError> {
        let mut found = Found::default();
        let (mut first, mut last) = (None, None);
        let mut behind = 0;
        let app = work.client.sdk_app_id();
        let now = work.ledger.now().await?;
        loop {
            let rings = work.ledger.rows(app, work.name, None, behind, PAGE).await?;
            let Some(end) = rings.last() else { break };
            behind = end.seq;
            for ring in rings {
                first = first.into_iter().chain(ring.sent_at).min();
                last = last.max(ring.settled_at);
                let is_due = ring.not_before.is_none_or(|due| due <= now);
                match ring.state {
                    RingState::Queued if ring.attempt > 1 => found.again += 1,
                    RingState::Queued if !is_due => found.postponed += 1,
                    RingState::Refused => found.refuse(ring),
                    _ => {}
                }
            }
        }
        if let (Some(first), Some(last)) = (first, last) {
            found.milliseconds = last.0.saturating_sub(first.0);
        }
        Ok(found)
    }

    fn refuse(&mut self, ring: Ring) {
        let Some(Failure { code, message, .. }) = ring.failure else {
            return;
        };
        *self.failures.entry(code).or_default() += 1;
        if self.refusals.len() < SHOWN {
            let (line, key) = (ring.line, ring.key);
            self.refusals.push(Refusal { line, key, message });
        }
    }
}
