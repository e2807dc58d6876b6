use std::collections::BTreeMap;

use serde::Serialize;
use trtc_call::Problem;
use trtc_call_ledger::{Campaign, csv};

use super::find;
use super::standing::Standing;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;
use crate::service;
use crate::store::LedgerArgs;

/// Tell what has come of a campaign: why rings were refused, how calls ended
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// Print every ring as comma-separated values, times in UTC
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    ledger: LedgerArgs,
}

/// How many are read at a time.
const PAGE: usize = 1000;

/// The whole of it for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    standing: Standing,
    source: Option<String>,
    /// How many were refused, or are unknown, for which reason.
    failures: BTreeMap<String, u64>,
    /// How many calls ended in which way.
    call_results: BTreeMap<String, u64>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        if self.csv && screen.is_json() {
            let problem = Problem::new(
                "--csv",
                "cannot stand beside --json",
                "choose one of the two",
            );
            return Err(CommandError::Invalid(vec![problem]));
        }
        service::runtime()?.block_on(async {
            let (ledger, app) = self.ledger.open().await?;
            let Campaign { source, .. } = find(&ledger, app, &self.name).await?;
            let (mut failures, mut call_results) = (BTreeMap::new(), BTreeMap::new());
            if self.csv && screen.line(csv::header())?.is_break() {
                return Ok(Exit::Ok);
            }
            let mut behind = 0;
            loop {
                let rings = ledger.rows(app, &self.name, None, behind, PAGE).await?;
                let Some(last) = rings.last() else { break };
                behind = last.seq;
                for ring in &rings {
                    if self.csv {
                        if screen.line(csv::row(ring))?.is_break() {
                            return Ok(Exit::Ok);
                        }
                        continue;
                    }
                    if let Some(failure) = &ring.failure {
                        *failures.entry(failure.code.clone()).or_default() += 1;
                    }
                    if let Some(result) = &ring.call_result {
                        *call_results.entry(result.as_str().to_owned()).or_default() += 1;
                    }
                }
            }
            if self.csv {
                return Ok(Exit::Ok);
            }
            let standing = Standing {
                name: self.name.clone(),
                stats: ledger.stats(app, &self.name).await?,
            };
            let sheet = standing.sheet(&format!("Campaign {}", self.name));
            let sheet = sheet.row_if("made from", source.as_ref());
            let mut sheet = failures.iter().fold(sheet, |sheet, (code, count)| {
                sheet.row(format_args!("failed: {code}"), count)
            });
            for (result, count) in &call_results {
                sheet = sheet.row(format_args!("ended: {result}"), count);
            }
            let document = Document {
                standing,
                source,
                failures,
                call_results,
            };
            screen.show(sheet, &document)?;
            Ok(Exit::Ok)
        })
    }
}
