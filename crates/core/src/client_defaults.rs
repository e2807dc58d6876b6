//! What a client does unless told otherwise, and within which limits: the native client and the npm package's read the
//! same figures here. How often it tries again is [`RetryPolicy::default`](crate::RetryPolicy); how fast it sends,
//! [`Command::REQUESTS_PER_SECOND`](crate::Command::REQUESTS_PER_SECOND) and
//! [`Action::REQUESTS_PER_SECOND`](crate::Action::REQUESTS_PER_SECOND).

use std::time::Duration;

/// How long an attempt may take, reply included.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// The service itself gives up after 3 s, and then says so: whoever waits less never hears it.
pub const MIN_TIMEOUT: Duration = Duration::from_secs(4);

/// How long a UserSig is valid: long enough to be reused all day, short enough that a leaked one does not last.
pub const USER_SIG_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A UserSig that is valid for less could not be reused.
pub const MIN_USER_SIG_LIFETIME: Duration = Duration::from_secs(60);

/// A UserSig is made anew when less than one in so many parts of its lifetime is left.
pub const USER_SIG_RESERVE_DIVISOR: u32 = 10;

/// One in so many of the requests that are allowed in a second may go out at once; the others come evenly.
pub const BURST_DIVISOR: u32 = 10;

/// Far above any reply of the service, in bytes. What is longer is cut here, and then fails to parse.
pub const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;
