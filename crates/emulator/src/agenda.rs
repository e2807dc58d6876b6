//! What is due, and when.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use trtc_call_core::UnixMillis;

/// What is due, in the order of time; at the same moment, in the order of scheduling.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    entries: BinaryHeap<Entry<T>>,
    scheduled: u64,
}

impl<T> Agenda<T> {
    pub(crate) fn schedule(&mut self, at: UnixMillis, what: T) {
        self.scheduled += 1;
        let due = Reverse((at, self.scheduled));
        self.entries.push(Entry { due, what });
    }

    /// When something is due next.
    pub(crate) fn next_due(&self) -> Option<UnixMillis> {
        self.entries.peek().map(|entry| entry.due.0.0)
    }

    /// Takes out what is due next, and when it is, if that is until `now`.
    pub(crate) fn take(&mut self, now: UnixMillis) -> Option<(UnixMillis, T)> {
        let at = self.next_due().filter(|at| *at <= now)?;
        Some((at, self.entries.pop()?.what))
    }
}

impl<T> Default for Agenda<T> {
    fn default() -> Agenda<T> {
        Agenda {
            entries: BinaryHeap::new(),
            scheduled: 0,
        }
    }
}

/// Ordered by when it is due alone: the earliest is the greatest, as the heap wants it.
#[derive(Debug)]
struct Entry<T> {
    due: Reverse<(UnixMillis, u64)>,
    what: T,
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Entry<T>) -> Ordering {
        self.due.cmp(&other.due)
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Entry<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Entry<T>) -> bool {
        self.due == other.due
    }
}

impl<T> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_by_time_and_then_as_it_was_scheduled() {
        let mut agenda = Agenda::default();
        for (at, what) in [(5, 'c'), (1, 'a'), (5, 'd'), (9, 'e'), (1, 'b')] {
            agenda.schedule(UnixMillis(at), what);
        }
        let mut taken = String::new();
        while let Some((_, what)) = agenda.take(UnixMillis(8)) {
            taken.push(what);
        }
        assert_eq!(taken, "abcd");
        assert_eq!(agenda.next_due(), Some(UnixMillis(9)));
    }
}
