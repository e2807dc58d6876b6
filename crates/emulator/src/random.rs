//! Makes ids out of the one random number that comes with each request.

use std::time::Duration;

use crate::clock::milliseconds;

/// The random numbers of one request, or of one delivery.
#[derive(Debug)]
pub(crate) struct Draws {
    state: u64,
}

impl Draws {
    /// `sequence` keeps ids apart even when the shell hands in the same `random` each time, as a test
    /// that wants reproducible ids does.
    pub(crate) fn new(random: u64, sequence: u64) -> Draws {
        Draws {
            state: mix(random.wrapping_add(mix(sequence))),
        }
    }

    /// 32 hexadecimal digits.
    pub(crate) fn hex_32(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }

    /// From zero to `longest`, both included, in whole milliseconds.
    pub(crate) fn up_to(&mut self, longest: Duration) -> Duration {
        let choices = milliseconds(longest).saturating_add(1);
        Duration::from_millis(self.next() % choices)
    }

    /// From zero to `choices` - 1.
    pub(crate) fn below(&mut self, choices: u64) -> u64 {
        self.next() % choices.max(1)
    }

    /// A random UUID (version 4).
    pub(crate) fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            (b >> 48) & 0x3fff | 0x8000,
            b & 0xffff_ffff_ffff,
        )
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_random_number_still_makes_different_ids() {
        let ids: BTreeSet<String> = (0..1000).map(|n| Draws::new(7, n).uuid()).collect();
        assert_eq!(ids.len(), 1000);
    }

    #[test]
    fn a_uuid_has_the_form_of_version_4() {
        for sequence in 0..100 {
            let uuid = Draws::new(sequence, 1).uuid();
            let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
            assert_eq!(&uuid[14..15], "4");
            assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        }
    }
}
