//! What lets a call be started once.
//!
//! A browser sends a request again, by itself, when a connection that it used before breaks ahead of the answer: a
//! `POST` too, and to this program as it is after a restart too. So the page asks for a permit first, which is good for one
//! start, in the process that gave it.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};

use crate::random_hex;

/// More than all pages together wait for. Of more, the oldest start nothing any more.
const KEPT: usize = 1000;

/// The permits that were given and not used.
#[derive(Default)]
pub(crate) struct Permits(Mutex<VecDeque<String>>);

impl Permits {
    pub(crate) fn give(&self) -> io::Result<String> {
        let permit = random_hex()?;
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.push_back(permit.clone());
        if given.len() > KEPT {
            given.pop_front();
        }
        Ok(permit)
    }

    /// Whether it was given here and not used before; from now on it is.
    pub(crate) fn redeem(&self, permit: &[u8]) -> bool {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = given.iter().position(|it| it.as_bytes() == permit);
        found.and_then(|found| given.remove(found)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_good_once_where_it_was_given() {
        let (here, elsewhere) = (Permits::default(), Permits::default());
        let permits = [here.give().unwrap(), here.give().unwrap()];
        for permit in permits.iter().map(String::as_bytes) {
            assert!(!elsewhere.redeem(permit));
            assert!(here.redeem(permit));
            assert!(!here.redeem(permit));
        }
        assert!(!here.redeem(b""));
    }

    #[test]
    fn the_oldest_of_many_are_forgotten() {
        let permits = Permits::default();
        let given: Vec<String> = (0..=KEPT).map(|_| permits.give().unwrap()).collect();
        assert!(!permits.redeem(given[0].as_bytes()));
        assert!(permits.redeem(given[1].as_bytes()));
        assert!(permits.redeem(given[KEPT].as_bytes()));
    }
}
