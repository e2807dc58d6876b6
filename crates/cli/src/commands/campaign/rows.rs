use trtc_call_ledger::{Ring, RingState};

use super::find;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::moment::UtcMillis;
use crate::printable::Printable;
use crate::screen::Screen;
use crate::service;
use crate::store::LedgerArgs;

/// List a campaign's rings, with --json a document a line
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<RingState>,
    /// The most to list [default: all]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    #[command(flatten)]
    ledger: LedgerArgs,
}

fn state(text: &str) -> Result<RingState, String> {
    RingState::of_word(text).ok_or_else(|| {
        let words = RingState::ALL.map(|state| state.as_str().to_owned());
        format!("must be one of {}", words.join(", "))
    })
}

/// How many are read at a time.
const PAGE: usize = 500;

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        service::runtime()?.block_on(async {
            let (ledger, app) = self.ledger.open().await?;
            find(&ledger, app, &self.name).await?;
            let mut left = self.limit.unwrap_or(u64::MAX);
            let mut behind = 0;
            loop {
                let page = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
                let rings = ledger
                    .rows(app, &self.name, self.state, behind, page)
                    .await?;
                let Some(last) = rings.last() else { break };
                behind = last.seq;
                for ring in &rings {
                    left -= 1;
                    if screen.one_of_many(line(ring), ring)?.is_break() {
                        return Ok(Exit::Ok);
                    }
                }
                if left == 0 {
                    break;
                }
            }
            Ok(Exit::Ok)
        })
    }
}

fn line(ring: &Ring) -> String {
    let state = ring.state.to_string();
    let at = ring
        .sent_at
        .map_or_else(|| "not sent".to_owned(), |at| UtcMillis(at).to_string());
    let more = match (&ring.failure, &ring.call_result) {
        (Some(failure), _) => Printable(&failure.message).to_string(),
        (None, Some(result)) => result.to_string(),
        (None, None) => String::new(),
    };
    let line = format!("{:<17} {:<27} {}  {more}", state, at, Printable(&ring.key));
    line.trim_end().to_owned()
}
