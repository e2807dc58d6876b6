//! Follows a call that goes on, by asking the service from time to time: webhooks may not be set up, or be
//! lost.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use trtc_call::call_engine::get_call_info;
use trtc_call::call_record::get_record_by_callid;
use trtc_call::{CallId, Endpoint as _, Error};

use super::Packet;
use crate::Shared;

/// How often to ask about a call: where nobody else tells, where webhooks do, and where asking fails.
const INTERVAL: Duration = Duration::from_secs(1);
const INTERVAL_BESIDE_WEBHOOKS: Duration = Duration::from_secs(5);
const INTERVAL_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// All calls together may be asked about so often, far below the service's limit of 200.
const ASKED_PER_SECOND: u32 = 50;

/// A record is there about 5 s after the call's end.
const RECORD_PATIENCE: Duration = Duration::from_secs(60);

/// Follows a call to its record, while there is a console.
pub(crate) async fn follow(shared: Weak<Shared>, call_id: CallId) {
    let mut gone_since = None;
    let mut has_failed = false;
    loop {
        let Some(interval) = shared.upgrade().and_then(|shared| {
            let board = shared.board();
            let call = board.call(&call_id).filter(|call| !call.is_closed())?;
            let crowd = u32::try_from(board.calls_going_on()).unwrap_or(u32::MAX);
            let fair = Duration::from_secs(1) * crowd / ASKED_PER_SECOND;
            let interval = match (has_failed, call.has_webhooks() && !call.is_over()) {
                (true, _) => INTERVAL_AFTER_FAILURE,
                (false, true) => INTERVAL_BESIDE_WEBHOOKS,
                (false, false) => INTERVAL,
            };
            Some(interval.max(fair))
        }) else {
            return;
        };
        sleep(interval).await;
        let Some(shared) = shared.upgrade() else {
            return;
        };
        if shared
            .board()
            .call(&call_id)
            .is_none_or(super::Call::is_closed)
        {
            return;
        }
        let since = match gone_since {
            Some(since) => since,
            None => {
                let asked = ask(&shared, &call_id).await;
                has_failed = asked.is_err();
                if !matches!(asked, Ok(Answer::Gone)) {
                    continue;
                }
                *gone_since.insert(Instant::now())
            }
        };
        if !ask_for_record(&shared, &call_id).await && since.elapsed() > RECORD_PATIENCE {
            let now = shared.now();
            shared.change_call(&call_id, |call, next| {
                let summary = "the service has no record of this call".to_owned();
                call.note(now, "no_record", summary, None, next);
                call.close()
            });
            return;
        }
    }
}

pub(crate) enum Answer {
    GoesOn,
    Gone,
}

/// Asks about a call once.
pub(crate) async fn ask(shared: &Arc<Shared>, call_id: &CallId) -> Result<Answer, Error> {
    let request = get_call_info::Request::new(call_id.clone());
    let mut raw = None;
    let reply = shared
        .send_seen(&request, |exchange| raw = exchange.reply.ok())
        .await;
    let now = shared.now();
    let raw = Packet::reply(raw.unwrap_or_default());
    match reply {
        Ok(reply) => {
            let info = reply.response;
            shared.change_call(call_id, |call, next| {
                call.learn(&info) | call.observe(info.members, now, &raw, next)
            });
            Ok(Answer::GoesOn)
        }
        Err(gone) if gone.is_gone() => {
            if shared.board().call(call_id).is_some() {
                shared.change_call(call_id, |call, next| call.be_gone(now, raw, next));
            }
            Ok(Answer::Gone)
        }
        Err(error) => {
            if !error.is_retryable(get_call_info::Request::COMMAND.repeat) {
                tracing::warn!(code = error.code(), "a call cannot be followed");
            }
            Err(error)
        }
    }
}

/// Asks for a call's record once. Returns whether it was there.
pub(crate) async fn ask_for_record(shared: &Arc<Shared>, call_id: &CallId) -> bool {
    let request = get_record_by_callid::Request::new(call_id.clone());
    let mut raw = None;
    let reply = shared
        .send_seen(&request, |exchange| raw = exchange.reply.ok())
        .await;
    let Ok(reply) = reply else {
        return false;
    };
    let raw = Packet::reply(raw.unwrap_or_default());
    let record = reply.response.record;
    shared.change_call(call_id, |call, next| call.conclude(record, &raw, next));
    true
}
