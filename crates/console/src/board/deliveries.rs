use std::collections::{BTreeMap, VecDeque};

use serde::{Serialize, Serializer};
use trtc_call::CallId;

/// How many deliveries are kept, and how many of those that were refused: whoever sends forged ones must
/// not push the others out.
const KEPT: usize = 500;
const KEPT_REFUSED: usize = 100;

/// A webhook that came in or went out.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    #[serde(serialize_with = "as_text")]
    pub(crate) id: u64,
    /// In milliseconds since 1970, by this machine's clock.
    pub(crate) received_at: u64,
    pub(crate) direction: Direction,
    pub(crate) source: Source,
    /// `CallbackCommand`, where the query or the body names one.
    pub(crate) command: Option<String>,
    pub(crate) call_id: Option<CallId>,
    /// Whether it was signed as it should be.
    pub(crate) verified: bool,
    /// Why it was refused, or did not arrive.
    pub(crate) error: Option<Reason>,
    /// What was answered.
    pub(crate) status: Status,
    /// Where it went; for what came in, nothing.
    pub(crate) url: Option<String>,
    /// The headers that sign it, where they do.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
}

impl Delivery {
    /// Without what it holds, which may be long, and which whoever looks into it can ask for.
    pub(super) fn headline(&self) -> Delivery {
        Delivery {
            command: self.command.clone(),
            call_id: self.call_id.clone(),
            error: self.error.clone(),
            url: self.url.clone(),
            headers: BTreeMap::new(),
            query: None,
            body: None,
            ..*self
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    In,
    Out,
}

/// What it is about. The two are signed in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    Calls,
    Ingest,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub(crate) enum Status {
    /// The HTTP status, of this receiver's answer or the other one's.
    Answered(u16),
    /// None came.
    Unanswered(&'static str),
}

impl Status {
    pub(crate) const NOT_DELIVERED: Status = Status::Unanswered("not_delivered");
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

fn as_text<S: Serializer>(id: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// The latest deliveries, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    kept: VecDeque<Delivery>,
    has_received: bool,
}

impl Deliveries {
    pub(super) fn push(&mut self, delivery: Delivery) {
        let is_refused = |it: &Delivery| it.direction == Direction::In && it.error.is_some();
        if is_refused(&delivery) {
            if self.kept.iter().filter(|it| is_refused(it)).count() == KEPT_REFUSED
                && let Some(oldest) = self.kept.iter().position(is_refused)
            {
                self.kept.remove(oldest);
            }
        } else if delivery.direction == Direction::In && delivery.source == Source::Calls {
            self.has_received = true;
        }
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(delivery);
    }

    pub(super) fn after(&self, id: u64) -> impl Iterator<Item = &Delivery> {
        self.kept.iter().rev().take_while(move |it| it.id > id)
    }

    pub(super) fn latest_first(&self) -> impl Iterator<Item = &Delivery> {
        self.kept.iter().rev()
    }

    /// Whether the service has ever got through with one about a call.
    pub(super) fn has_received(&self) -> bool {
        self.has_received
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(id: u64, is_refused: bool) -> Delivery {
        Delivery {
            id,
            received_at: 0,
            direction: Direction::In,
            source: Source::Calls,
            command: None,
            call_id: None,
            verified: !is_refused,
            error: is_refused.then(|| Reason {
                code: "wrong_signature",
                message: String::new(),
            }),
            status: Status::Answered(200),
            url: None,
            headers: BTreeMap::new(),
            query: None,
            body: None,
        }
    }

    #[test]
    fn a_flood_of_forged_deliveries_does_not_push_out_the_genuine() {
        let mut deliveries = Deliveries::default();
        deliveries.push(delivery(1, false));
        for id in 2..=1000 {
            deliveries.push(delivery(id, true));
        }
        let ids: Vec<u64> = deliveries.latest_first().map(|it| it.id).collect();
        assert_eq!(ids.len(), 1 + KEPT_REFUSED);
        assert_eq!((ids[0], ids[100]), (1000, 1));
        assert!(deliveries.has_received());
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut deliveries = Deliveries::default();
        for id in 1..=KEPT as u64 + 1 {
            deliveries.push(delivery(id, false));
        }
        assert_eq!(deliveries.latest_first().count(), KEPT);
        assert_eq!(deliveries.after(KEPT as u64).count(), 1);
    }
}
