//! Writing what became of rings, many in a transaction.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;
use trtc_call_core::SdkAppId;

use super::options::{Notify, RunReport, WorkerEvent};
use crate::sending::Telling;
use crate::{Ledger, LedgerError};

/// The most that one transaction writes.
const BATCH: usize = 200;

/// Writes until the last sender is gone. A database that is gone is waited for: what is not told in time counts as
/// unknown, and is told all the same.
pub(super) async fn tell_all(
    ledger: Ledger,
    app: SdkAppId,
    mut tellings: mpsc::UnboundedReceiver<Telling>,
    notify: Option<Notify>,
) -> Result<RunReport, LedgerError> {
    let mut report = RunReport::default();
    let mut batch = Vec::with_capacity(BATCH);
    while tellings.recv_many(&mut batch, BATCH).await > 0 {
        let mut pause = Duration::from_millis(50);
        let rings = loop {
            match ledger.tell(app, batch.clone()).await {
                Ok(rings) => break rings,
                Err(error) if error.may_pass() => {
                    tracing::warn!(%error, rings = batch.len(), "what became of rings cannot be written yet");
                    if let Some(notify) = &notify {
                        notify(&WorkerEvent::Waiting { error });
                    }
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
                Err(error) => return Err(error),
            }
        };
        batch.clear();
        for ring in rings {
            report.count(ring.state);
            if let Some(notify) = &notify {
                let ring = Box::new(ring);
                notify(&WorkerEvent::Told { ring });
            }
        }
    }
    Ok(report)
}
