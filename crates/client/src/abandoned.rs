//! What is told when the future of a request is dropped after the request may have gone out.

use std::sync::Arc;

use trtc_call_core::{
    OutcomeUnknown, Repeat, RingAttempt, TransportError, TransportErrorKind, UnixSeconds, UserId,
};

use crate::builder::Clock;
use crate::exchange::Exchange;

/// Who is told of calls that may ring though nobody waits for their reply any more.
pub(crate) type OnAbandoned = Arc<dyn Fn(OutcomeUnknown) + Send + Sync>;

/// A request that is under way, and must not be sent twice. Dropped before it is [done](Self::done), it tells.
pub(crate) struct UnderWay<'a> {
    /// `None` once its outcome is known.
    sent: Option<Sent>,
    clock: &'a Clock,
    on_abandoned: Option<&'a OnAbandoned>,
}

struct Sent {
    ring: Option<RingAttempt>,
    sent_at: UnixSeconds,
}

impl<'a> UnderWay<'a> {
    /// From the moment on at which the request is handed to the HTTP client, which does not tell when it writes the
    /// first byte.
    pub(crate) fn begin<X: Exchange>(
        exchange: &X,
        sent_at: UnixSeconds,
        clock: &'a Clock,
        on_abandoned: Option<&'a OnAbandoned>,
    ) -> UnderWay<'a> {
        let starts = exchange.repeat() != Repeat::Harmless;
        UnderWay {
            sent: starts.then(|| Sent {
                ring: exchange.ring_attempt(),
                sent_at,
            }),
            clock,
            on_abandoned,
        }
    }

    /// There is a result, which is told by other means.
    pub(crate) fn done(mut self) {
        self.sent = None;
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let Some(Sent { ring, sent_at }) = self.sent.take() else {
            return;
        };
        let cause = "its future was dropped";
        log_unknown(ring.as_ref(), sent_at, cause);
        if let (Some(ring), Some(on_abandoned)) = (ring, self.on_abandoned) {
            let cause = TransportError::new(TransportErrorKind::Cancelled, cause);
            let now = (self.clock)();
            on_abandoned(OutcomeUnknown::new(ring, sent_at, now, cause.into()));
        }
    }
}

/// The one event of a request that may have taken effect and is not sent again. Its span names the command.
pub(crate) fn log_unknown(ring: Option<&RingAttempt>, sent_at: UnixSeconds, cause: &str) {
    let sent_at = sent_at.0;
    match ring {
        Some(RingAttempt {
            robot,
            callees,
            room,
            ..
        }) => {
            let callees: Vec<&str> = callees.iter().map(UserId::as_str).collect();
            let room = room.as_ref().map(tracing::field::display);
            tracing::error!(
                %robot, ?callees, room, sent_at, cause,
                "the outcome is unknown: phones may ring; not sent again"
            );
        }
        None => tracing::error!(
            sent_at,
            cause,
            "the outcome is unknown: a stream may play; not sent again"
        ),
    }
}
