use std::borrow::Cow;
use std::fmt;
use std::ops::BitOr;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::quoted::quoted;
use crate::{Problem, ProblemCode};

/// A set of rights in a room.
///
/// Written as names joined by commas, such as `enter-room,receive-audio`, or `all`. Serialised as an
/// array of names. A bit without a name, which only a token made elsewhere can hold, is written as its
/// value, such as `0x100`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Privileges(u32);

impl Privileges {
    /// No right at all.
    pub const NONE: Privileges = Privileges(0);
    /// `create-room`
    pub const CREATE_ROOM: Privileges = Privileges(1);
    /// `enter-room`
    pub const ENTER_ROOM: Privileges = Privileges(2);
    /// `send-audio`
    pub const SEND_AUDIO: Privileges = Privileges(4);
    /// `receive-audio`
    pub const RECEIVE_AUDIO: Privileges = Privileges(8);
    /// `send-video`
    pub const SEND_VIDEO: Privileges = Privileges(16);
    /// `receive-video`
    pub const RECEIVE_VIDEO: Privileges = Privileges(32);
    /// `send-substream`: to share the screen.
    pub const SEND_SUBSTREAM: Privileges = Privileges(64);
    /// `receive-substream`: to see a shared screen.
    pub const RECEIVE_SUBSTREAM: Privileges = Privileges(128);
    /// `all`: the eight together.
    pub const ALL: Privileges = Privileges(255);

    /// The privilege map: the sum of the rights' bits.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The set that a privilege map stands for, bits without a name included.
    #[must_use]
    pub fn from_bits(bits: u32) -> Privileges {
        Privileges(bits)
    }

    /// Whether every right of `other` is in this set.
    #[must_use]
    pub fn contains(self, other: Privileges) -> bool {
        self.0 & other.0 == other.0
    }

    /// The rights' names, in the order of their bits.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMED
            .into_iter()
            .filter(move |(_, privilege)| self.contains(*privilege))
            .map(|(name, _)| name)
    }

    /// The names, and then what has none.
    fn words(self) -> impl Iterator<Item = Cow<'static, str>> {
        let unnamed = self.0 & !Privileges::ALL.0;
        let unnamed = (unnamed != 0).then(|| Cow::Owned(format!("{unnamed:#x}")));
        self.names().map(Cow::Borrowed).chain(unnamed)
    }
}

const NAMED: [(&str, Privileges); 8] = [
    ("create-room", Privileges::CREATE_ROOM),
    ("enter-room", Privileges::ENTER_ROOM),
    ("send-audio", Privileges::SEND_AUDIO),
    ("receive-audio", Privileges::RECEIVE_AUDIO),
    ("send-video", Privileges::SEND_VIDEO),
    ("receive-video", Privileges::RECEIVE_VIDEO),
    ("send-substream", Privileges::SEND_SUBSTREAM),
    ("receive-substream", Privileges::RECEIVE_SUBSTREAM),
];

impl BitOr for Privileges {
    type Output = Privileges;

    fn bitor(self, other: Privileges) -> Privileges {
        Privileges(self.0 | other.0)
    }
}

/// Names joined by commas, or `all`.
impl FromStr for Privileges {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Privileges, Problem> {
        if text == "all" {
            return Ok(Privileges::ALL);
        }
        let mut set = Privileges::NONE;
        for name in text.split(',') {
            match NAMED.iter().find(|(known, _)| *known == name.trim()) {
                Some((_, privilege)) => set = set | *privilege,
                None => {
                    let known = NAMED.map(|(name, _)| name).join(", ");
                    return Err(Problem::new(
                        "privileges",
                        format!("{} is not a privilege", quoted(name)),
                        format!("use all, or some of {known}, joined by commas"),
                    )
                    .coded(ProblemCode::NotAChoice)
                    .with("choices", format!("all, {known}")));
                }
            }
        }
        Ok(set)
    }
}

/// `all`, names joined by commas, or `none`.
impl fmt::Display for Privileges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Privileges::NONE => f.write_str("none"),
            Privileges::ALL => f.write_str("all"),
            other => f.write_str(&other.words().collect::<Vec<_>>().join(",")),
        }
    }
}

impl Serialize for Privileges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_named_rights_is_read_as_it_is_written() {
        for bits in 1..=255 {
            let set = Privileges::from_bits(bits);
            assert_eq!(set.to_string().parse(), Ok(set));
            assert_eq!(set.names().count(), bits.count_ones() as usize);
        }
    }

    #[test]
    fn all_is_the_eight_together() {
        let together = NAMED.map(|(_, privilege)| privilege);
        let together = together.into_iter().fold(Privileges::NONE, BitOr::bitor);
        assert_eq!(together, Privileges::ALL);
        assert_eq!("all".parse(), Ok(Privileges::ALL));
        assert_eq!(Privileges::ALL.to_string(), "all");
    }

    #[test]
    fn a_word_that_is_no_right_is_refused_with_the_list_of_rights() {
        for text in [
            "",
            "none",
            "enter-room,",
            "Enter-Room",
            "enter_room",
            "all,enter-room",
        ] {
            let problem = text.parse::<Privileges>().unwrap_err();
            assert!(problem.fix.contains("receive-substream"), "{text}");
        }
    }

    #[test]
    fn a_bit_without_a_name_is_kept_and_shown() {
        let set = Privileges::from_bits(0x102);
        assert_eq!(set.bits(), 0x102);
        assert_eq!(set.to_string(), "enter-room,0x100");
        let json = serde_json::to_value(set).unwrap();
        assert_eq!(json, serde_json::json!(["enter-room", "0x100"]));
    }
}
