use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _};

use crate::{Problem, ProblemCode};

/// SDKAppID: the positive 32-bit number that names an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SdkAppId(NonZeroU32);

impl SdkAppId {
    /// Takes the number the console shows.
    ///
    /// # Errors
    /// If it is 0.
    pub fn new(number: u32) -> Result<SdkAppId, Problem> {
        NonZeroU32::new(number)
            .map(SdkAppId)
            .ok_or_else(|| problem(&number))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

fn problem(found: &dyn fmt::Display) -> Problem {
    Problem::new(
        "sdk_app_id",
        format!("must be a number from 1 to {}, not {found}", u32::MAX),
        "copy the SDKAppID from the console",
    )
    .coded(ProblemCode::OutOfRange)
    .with("from", 1)
    .with("to", u32::MAX)
}

impl<'de> Deserialize<'de> for SdkAppId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SdkAppId, D::Error> {
        let number = u32::deserialize(deserializer)?;
        SdkAppId::new(number).map_err(D::Error::custom)
    }
}

impl TryFrom<u32> for SdkAppId {
    type Error = Problem;

    fn try_from(number: u32) -> Result<SdkAppId, Problem> {
        SdkAppId::new(number)
    }
}

impl FromStr for SdkAppId {
    type Err = Problem;

    fn from_str(text: &str) -> Result<SdkAppId, Problem> {
        text.parse()
            .ok()
            .and_then(|number| SdkAppId::new(number).ok())
            .ok_or_else(|| problem(&text))
    }
}

impl fmt::Display for SdkAppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_what_is_no_32_bit_number_are_refused() {
        assert!(SdkAppId::new(0).is_err());
        for text in ["", "0", "-1", "4294967296", "14000x"] {
            assert!(text.parse::<SdkAppId>().is_err(), "{text}");
        }
        assert!(serde_json::from_str::<SdkAppId>("0").is_err());
        let read = serde_json::from_str::<SdkAppId>("4294967295");
        assert_eq!(read.unwrap().get(), u32::MAX);
        assert_eq!("4294967295".parse::<SdkAppId>().unwrap().get(), u32::MAX);
    }
}
