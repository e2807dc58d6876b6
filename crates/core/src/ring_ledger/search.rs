//! Looking for rings among the records of a time.

use std::time::Duration;

use super::Ring;
use crate::call_record::get_record_by_filter::Request;
use crate::{CallRecord, InvalidRequest, UnixMillis, UnixSeconds};

/// How far the clocks of the service and of the ledger may be apart.
const SKEW: Duration = Duration::from_secs(60);

/// Between two rings of one search.
const LONGEST_GAP: Duration = Duration::from_secs(600);

/// One look at the records of the time in which rings were sent.
#[derive(Debug, Clone)]
pub struct RecordSearch {
    from: UnixSeconds,
    until: UnixSeconds,
}

impl RecordSearch {
    /// The searches for these rings: each from a minute before the first of its rings was sent until a minute after the
    /// last. Rings further apart than 10 minutes are searched for separately.
    #[must_use]
    pub fn of(rings: &[Ring]) -> Vec<RecordSearch> {
        let mut sent: Vec<UnixMillis> = rings.iter().filter_map(|ring| ring.sent_at).collect();
        sent.sort_unstable();
        let times = sent.chunk_by(|one, next| one.after(LONGEST_GAP) >= *next);
        let skew = u64::try_from(SKEW.as_millis()).unwrap_or(u64::MAX);
        let searches = times.filter_map(|times| {
            let (first, last) = (times.first()?, times.last()?);
            Some(RecordSearch {
                from: UnixMillis(first.0.saturating_sub(skew)).seconds(),
                until: last.after(SKEW).seconds(),
            })
        });
        searches.collect()
    }

    /// The request for the first page of the records.
    ///
    /// # Errors
    /// None that is known.
    pub fn request(&self, now: UnixMillis) -> Result<Request, InvalidRequest> {
        let builder = Request::builder().page_size(100);
        let builder = builder.start_time(self.from).end_time(self.until);
        builder.build(now.seconds())
    }
}

impl Ring {
    /// Whether the record, or the webhook at its end, is of this ring's call: it names the room, and where the room is
    /// not the ring's own, the same people, within a minute.
    ///
    /// Two rings whose caller gave them the same room and callees within a minute cannot be told apart.
    #[must_use]
    pub fn is_of(&self, record: &CallRecord) -> bool {
        let room = record.room.as_ref().and_then(|room| room.known());
        let Some(room) = room.and_then(|room| crate::JsonText::of(room).ok()) else {
            return false;
        };
        if room != self.room {
            return false;
        }
        self.own_room || self.is_of_same_people_and_time(record)
    }

    fn is_of_same_people_and_time(&self, record: &CallRecord) -> bool {
        let callees = self.call.callees();
        let all_there = callees.iter().all(|callee| record.members.contains(callee));
        let Some(sent_at) = self.sent_at else {
            return false;
        };
        let apart = record.start_time.0.abs_diff(sent_at.seconds().0);
        all_there && record.caller == self.call.robot() && apart <= SKEW.as_secs()
    }
}
