use std::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::quoted::quoted;
use crate::{Problem, ProblemCode, RoomId, SdkAppId};

/// The name of one ring within an application: 1 to 255 bytes of UTF-8 without control characters. Whatever is to ring
/// once has one key: an order's number, a message's, a line of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RingKey(String);

impl RingKey {
    /// The longest key, in bytes.
    pub const MAX_BYTES: usize = 255;

    /// A key.
    ///
    /// # Errors
    /// If it is empty, longer than 255 bytes, or holds a control character.
    pub fn new(key: impl Into<String>) -> Result<RingKey, Problem> {
        let key = key.into();
        let problem = |code, rule: String| {
            let fix = "name what is to ring once, such as order-4711";
            Err(Problem::new("key", rule, fix).coded(code))
        };
        if key.is_empty() {
            problem(ProblemCode::Empty, "must not be empty".to_owned())
        } else if key.len() > RingKey::MAX_BYTES {
            let (most, length) = (RingKey::MAX_BYTES, key.len());
            let rule = format!("must be at most {most} bytes of UTF-8, not {length}");
            let problem = problem(ProblemCode::TooLong, rule);
            problem.map_err(|problem| problem.with("max", most).with("found", length))
        } else if let Some(character) = key.chars().find(|c| c.is_control()) {
            let character = quoted(character.encode_utf8(&mut [0; 4]));
            let rule = format!("must hold no control character, such as {character}");
            problem(ProblemCode::WhiteSpace, rule)
        } else {
            Ok(RingKey(key))
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of attempt number `attempt` (from 2 on) at what this key is the first attempt at.
    ///
    /// # Errors
    /// If that is too long.
    pub fn of_attempt(&self, attempt: u32) -> Result<RingKey, Problem> {
        RingKey::new(format!("{self}#{attempt}"))
    }

    /// The string room of its own that a ring gets whose call names none: the same for the same application and key, so
    /// that whatever the service tells of the room tells of the ring.
    #[must_use]
    pub fn room(&self, sdk_app_id: SdkAppId) -> RoomId {
        let digest = Sha256::new()
            .chain_update(format!("trtc-call ring {sdk_app_id} "))
            .chain_update(&self.0)
            .finalize();
        let digest = base16ct::lower::encode_string(&digest);
        let digest = digest.get(..40).unwrap_or(&digest);
        RoomId::reported_text(format!("ring-{digest}"))
    }
}

impl fmt::Display for RingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<&str> for RingKey {
    type Error = Problem;

    fn try_from(key: &str) -> Result<RingKey, Problem> {
        RingKey::new(key)
    }
}

impl TryFrom<String> for RingKey {
    type Error = Problem;

    fn try_from(key: String) -> Result<RingKey, Problem> {
        RingKey::new(key)
    }
}

impl From<&RingKey> for RingKey {
    fn from(key: &RingKey) -> RingKey {
        key.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_1_to_255_bytes_without_control_characters() {
        assert!(RingKey::new("order-4711: reminder für 张三").is_ok());
        assert!(RingKey::new("x".repeat(255)).is_ok());
        for key in [
            String::new(),
            "x".repeat(256),
            "ü".repeat(128),
            "a\nb".into(),
            "\0".into(),
        ] {
            assert_eq!(
                RingKey::new(key.clone()).unwrap_err().field,
                "key",
                "{key:?}"
            );
        }
        let long = RingKey::new("x".repeat(254)).unwrap();
        assert!(long.of_attempt(2).is_err());
    }

    #[test]
    fn a_ring_has_a_room_of_its_own_that_the_service_takes() {
        let app = |number| SdkAppId::new(number).unwrap();
        let key = |key: &str| RingKey::new(key).unwrap();
        let room = key("a").room(app(1));
        assert_eq!(room, key("a").room(app(1)));
        assert_ne!(room, key("b").room(app(1)));
        assert_ne!(room, key("a").room(app(2)));
        assert!(RoomId::text(room.to_string()).is_ok(), "{room}");
    }
}
