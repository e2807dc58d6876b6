//! The user buffer of a PrivateMapKey: big-endian, strings with a 16-bit length before them.

use std::fmt;

use serde::Serialize;

use super::Privileges;
use crate::{RoomId, RoomNumber, UserId};

/// Rights in one room, as a PrivateMapKey carries them.
///
/// Serialised as `{"account", "sdkAppId", "room", "expiresAt", "privileges", "accountType"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Whose rights.
    pub account: UserId,
    /// The application's SDKAppID.
    pub sdk_app_id: u32,
    /// Where.
    pub room: RoomId,
    /// The first second at which they no longer hold, in Unix seconds.
    pub expires_at: u32,
    /// Which.
    pub privileges: Privileges,
    /// 0.
    pub account_type: u32,
}

/// The first byte: which kind of room.
const NUMERIC_ROOM: u8 = 0;
const STRING_ROOM: u8 = 1;

impl Grant {
    /// The user buffer. Names that are too long for it (65535 bytes) do not get here:
    /// [`PrivateMapKey::new`](super::PrivateMapKey::new) refuses them.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let (version, number, text) = match &self.room {
            RoomId::Number(number) => (NUMERIC_ROOM, number.get(), None),
            RoomId::Text(text) => (STRING_ROOM, 0, Some(text.as_str())),
        };
        let mut bytes = Vec::with_capacity(64 + self.account.as_str().len());
        bytes.push(version);
        push_text(&mut bytes, self.account.as_str());
        for number in [
            self.sdk_app_id,
            number,
            self.expires_at,
            self.privileges.bits(),
            self.account_type,
        ] {
            bytes.extend(number.to_be_bytes());
        }
        if let Some(text) = text {
            push_text(&mut bytes, text);
        }
        bytes
    }

    /// Reads a PrivateMapKey's user buffer.
    ///
    /// # Errors
    /// If it ends too early or too late, or its version is neither 0 nor 1, or a string is not UTF-8.
    pub fn from_bytes(buffer: &[u8]) -> Result<Grant, MalformedGrant> {
        let mut rest = Reader(buffer);
        let [version] = rest.take("the version")?;
        if version != NUMERIC_ROOM && version != STRING_ROOM {
            return Err(MalformedGrant::UnknownVersion(version));
        }
        let account = UserId::any(rest.text("the account")?);
        let sdk_app_id = rest.number("the SDKAppID")?;
        let number = rest.number("the numeric room")?;
        let expires_at = rest.number("the expiry")?;
        let privileges = Privileges::from_bits(rest.number("the privileges")?);
        let account_type = rest.number("the account type")?;
        let room = if version == STRING_ROOM {
            RoomId::reported_text(rest.text("the string room")?)
        } else {
            let room = RoomNumber::new(number);
            room.map_err(|_| MalformedGrant::NoSuchRoom(number))?.into()
        };
        if !rest.0.is_empty() {
            return Err(MalformedGrant::TrailingBytes(rest.0.len()));
        }
        Ok(Grant {
            account,
            sdk_app_id,
            room,
            expires_at,
            privileges,
            account_type,
        })
    }
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    bytes.extend(length.to_be_bytes());
    bytes.extend(text.as_bytes());
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], MalformedGrant> {
        let (head, rest) = self
            .0
            .split_first_chunk()
            .ok_or(MalformedGrant::TooShort(what))?;
        self.0 = rest;
        Ok(*head)
    }

    fn number(&mut self, what: &'static str) -> Result<u32, MalformedGrant> {
        self.take(what).map(u32::from_be_bytes)
    }

    fn text(&mut self, what: &'static str) -> Result<&'a str, MalformedGrant> {
        let length = u16::from_be_bytes(self.take(what)?);
        let (text, rest) = self
            .0
            .split_at_checked(length.into())
            .ok_or(MalformedGrant::TooShort(what))?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| MalformedGrant::NotUtf8(what))
    }
}

/// Why a user buffer does not hold rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MalformedGrant {
    /// It ends before or within the named part.
    TooShort(&'static str),
    /// So many bytes follow it.
    TrailingBytes(usize),
    /// Its version is neither 0 (numeric room) nor 1 (string room).
    UnknownVersion(u8),
    /// No numeric room has this number.
    NoSuchRoom(u32),
    /// The named part is not UTF-8; some signers write the low bytes of UTF-16.
    NotUtf8(&'static str),
}

impl MalformedGrant {
    /// A stable string for programs: `user_buffer_too_short`, `user_buffer_trailing_bytes`,
    /// `user_buffer_unknown_version`, `user_buffer_no_such_room` or `user_buffer_not_utf8`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            MalformedGrant::TooShort(_) => "user_buffer_too_short",
            MalformedGrant::TrailingBytes(_) => "user_buffer_trailing_bytes",
            MalformedGrant::UnknownVersion(_) => "user_buffer_unknown_version",
            MalformedGrant::NoSuchRoom(_) => "user_buffer_no_such_room",
            MalformedGrant::NotUtf8(_) => "user_buffer_not_utf8",
        }
    }
}

impl fmt::Display for MalformedGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the user buffer holds no room rights: ")?;
        match self {
            MalformedGrant::TooShort(what) => write!(f, "it ends before {what} is complete"),
            MalformedGrant::TrailingBytes(1) => f.write_str("1 byte follows them"),
            MalformedGrant::TrailingBytes(count) => write!(f, "{count} bytes follow them"),
            MalformedGrant::UnknownVersion(version) => write!(
                f,
                "its version is {version}, not 0 (numeric room) or 1 (string room)"
            ),
            MalformedGrant::NoSuchRoom(number) => write!(
                f,
                "its numeric room is {number}, and rooms are 1 to {}",
                RoomId::MAX_NUMBER
            ),
            MalformedGrant::NotUtf8(what) => write!(f, "{what} is not UTF-8"),
        }
    }
}

impl std::error::Error for MalformedGrant {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grant(account: &str, room: RoomId) -> Grant {
        Grant {
            account: UserId::any(account),
            sdk_app_id: 1_400_000_000,
            room,
            expires_at: 1_715_552_000,
            privileges: Privileges::ALL,
            account_type: 0,
        }
    }

    #[test]
    fn a_number_that_is_no_room_is_not_taken_for_one() {
        let mut bytes = grant("jack", RoomId::number(7).unwrap()).to_bytes();
        for number in [0, u32::MAX] {
            // Behind version, account and SDKAppID.
            bytes[11..15].copy_from_slice(&u32::to_be_bytes(number));
            let error = Grant::from_bytes(&bytes).unwrap_err();
            assert_eq!(error, MalformedGrant::NoSuchRoom(number));
        }
    }

    #[test]
    fn a_cut_buffer_names_the_part_that_is_cut() {
        let whole = grant("jack", RoomId::text("lobby").unwrap()).to_bytes();
        for length in 0..whole.len() {
            let error = Grant::from_bytes(&whole[..length]).unwrap_err();
            let part = match length {
                0 => "the version",
                1..7 => "the account",
                7..11 => "the SDKAppID",
                11..15 => "the numeric room",
                15..19 => "the expiry",
                19..23 => "the privileges",
                23..27 => "the account type",
                _ => "the string room",
            };
            assert_eq!(error, MalformedGrant::TooShort(part), "{length} bytes");
        }
    }

    #[test]
    fn what_is_no_grant_is_refused_with_its_reason() {
        let whole = grant("jack", RoomId::number(1).unwrap()).to_bytes();
        let refused = |buffer: &[u8]| Grant::from_bytes(buffer).unwrap_err();

        let longer = [whole.as_slice(), b"ab"].concat();
        assert_eq!(refused(&longer), MalformedGrant::TrailingBytes(2));

        let mut other = whole.clone();
        other[0] = 2;
        assert_eq!(refused(&other), MalformedGrant::UnknownVersion(2));

        let mut other = whole;
        other[3] = 0xff;
        assert_eq!(refused(&other), MalformedGrant::NotUtf8("the account"));
    }

    proptest! {
        #[test]
        fn every_grant_is_read_as_it_was_written(
            account in ".{0,40}",
            number in proptest::option::of(1..=RoomId::MAX_NUMBER),
            text in "[a-zA-Z0-9 !#$%&()+:;<=.>?@^_{}|~,-]{1,64}",
            sdk_app_id: u32,
            expires_at: u32,
            privileges: u32,
            account_type: u32,
        ) {
            let room = match number {
                Some(number) => RoomId::number(number),
                None => RoomId::text(text),
            };
            let grant = Grant {
                sdk_app_id,
                expires_at,
                privileges: Privileges::from_bits(privileges),
                account_type,
                ..grant(&account, room.unwrap())
            };
            prop_assert_eq!(Grant::from_bytes(&grant.to_bytes()), Ok(grant));
        }

        #[test]
        fn no_buffer_makes_reading_panic(buffer: Vec<u8>, version in 0..3_u8) {
            let _ = Grant::from_bytes(&buffer);
            let _ = Grant::from_bytes(&[&[version], buffer.as_slice()].concat());
        }
    }
}
