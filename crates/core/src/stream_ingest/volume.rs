use std::fmt;

use serde::{Deserialize, Serialize};

use crate::input::Given;
use crate::{Problem, ProblemCode};

/// How loud a stream is played, in percent: 0 (silent) to 200; 100 is as it is.
///
/// An older page of the vendor's says 0 to 100: a service that keeps to it refuses more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Volume(u32);

impl Volume {
    /// The loudest, in percent.
    pub const MAX: u32 = 200;

    /// A volume in percent.
    ///
    /// # Errors
    /// If it is more than 200.
    pub fn new(percent: u32) -> Result<Volume, Problem> {
        if percent <= Volume::MAX {
            Ok(Volume(percent))
        } else {
            Err(Problem::new(
                "volume",
                "must be from 0 to 200",
                "use 100 for the volume as it is",
            )
            .coded(ProblemCode::OutOfRange)
            .with("from", 0)
            .with("to", 200))
        }
    }

    /// In percent.
    #[must_use]
    pub fn percent(self) -> u32 {
        self.0
    }

    /// The percentage that a user gave.
    pub(crate) fn given(given: Given<'_>) -> Result<Volume, Problem> {
        Volume::new(given.whole_32("percent")?)
    }
}

impl Default for Volume {
    fn default() -> Volume {
        Volume(100)
    }
}

impl From<Volume> for u32 {
    fn from(volume: Volume) -> u32 {
        volume.percent()
    }
}

impl TryFrom<u32> for Volume {
    type Error = Problem;

    fn try_from(percent: u32) -> Result<Volume, Problem> {
        Volume::new(percent)
    }
}

impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_0_to_200_percent() {
        assert_eq!(Volume::new(0).unwrap().percent(), 0);
        assert_eq!(Volume::new(200).unwrap().percent(), 200);
        assert_eq!(Volume::new(201).unwrap_err().field, "volume");
        assert_eq!(Volume::default().percent(), 100);
    }
}
