use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment in whole seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct UnixSeconds(pub u64);

/// Cut to whole seconds. A moment before 1970 is 0, so that a clock that is wrong by so much is told by the service.
impl From<SystemTime> for UnixSeconds {
    fn from(time: SystemTime) -> UnixSeconds {
        UnixMillis::from(time).seconds()
    }
}

impl fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A moment in whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnixMillis(pub u64);

impl UnixMillis {
    /// The moment `duration` later, cut to whole milliseconds. It stays at the last that can be written.
    #[must_use]
    pub fn after(self, duration: Duration) -> UnixMillis {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        UnixMillis(self.0.saturating_add(milliseconds))
    }

    /// The second it falls into.
    #[must_use]
    pub fn seconds(self) -> UnixSeconds {
        UnixSeconds(self.0 / 1000)
    }
}

/// Cut to whole milliseconds. A moment before 1970 is 0.
impl From<SystemTime> for UnixMillis {
    fn from(time: SystemTime) -> UnixMillis {
        UnixMillis(0).after(time.duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

impl fmt::Display for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_systems_time_is_cut_to_seconds_and_one_before_1970_is_0() {
        let time = UNIX_EPOCH + Duration::from_millis(1_700_000_000_999);
        assert_eq!(UnixSeconds::from(time), UnixSeconds(1_700_000_000));
        assert_eq!(UnixMillis::from(time), UnixMillis(1_700_000_000_999));
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(UnixSeconds::from(before), UnixSeconds(0));
    }
}
