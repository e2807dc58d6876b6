//! From a token to the JSON in it: base64, then zlib.

use super::inflate::{self, Flaw};
use super::{MAX_INFLATED_BYTES, UserSigRejection, UserSigRejectionReason as Reason};
use crate::base64::{NotBase64, TOKEN};
use crate::quoted::quoted;

/// The bytes that `token` wraps, which should be JSON.
pub(super) fn unpack(token: &str) -> Result<Vec<u8>, UserSigRejection> {
    inflate(&decode(token)?)
}

fn decode(token: &str) -> Result<Vec<u8>, UserSigRejection> {
    TOKEN.decode(token).map_err(|error| {
        let stranger = token
            .char_indices()
            .find(|(_, c)| !c.is_ascii_alphanumeric() && !matches!(c, '*' | '-' | '_'));
        let message = if token.contains(['+', '/', '=']) {
            "the UserSig is not escaped: in its base64, `+` must become `*`, `/` `-`, and `=` `_`"
                .to_owned()
        } else if token.trim().len() != token.len() {
            "the UserSig has white space around it: trim it".to_owned()
        } else if let Some((position, character)) = stranger {
            format!(
                "the UserSig is not base64: it holds {} at position {position}",
                quoted(character.encode_utf8(&mut [0; 4]))
            )
        } else if error == NotBase64::LastSymbol {
            "the UserSig is not base64: its last character is wrong, so it may be cut".to_owned()
        } else {
            "the UserSig is not base64: its length or padding is wrong, so it may be cut".to_owned()
        };
        UserSigRejection::new(Reason::NotBase64, message)
    })
}

fn inflate(zlib: &[u8]) -> Result<Vec<u8>, UserSigRejection> {
    let not_zlib = |message: &str| Err(UserSigRejection::new(Reason::NotZlib, message));
    match inflate::inflate(zlib, MAX_INFLATED_BYTES) {
        Ok((output, 0)) => Ok(output),
        Ok((_, more)) => {
            let message = match more {
                1 => "the UserSig's zlib stream is followed by 1 more byte".to_owned(),
                count => format!("the UserSig's zlib stream is followed by {count} more bytes"),
            };
            Err(UserSigRejection::new(Reason::TrailingBytes, message))
        }
        Err(Flaw::TooLarge) => Err(UserSigRejection::new(
            Reason::TooLarge,
            format!("the UserSig holds more than {MAX_INFLATED_BYTES} bytes"),
        )),
        Err(_) if zlib.is_empty() => not_zlib("the UserSig is empty"),
        Err(Flaw::Cut) => not_zlib("the UserSig's zlib stream ends too early: it was cut"),
        Err(Flaw::Checksum) => {
            not_zlib("the UserSig's zlib stream is damaged: its checksum does not match")
        }
        Err(Flaw::Damaged) if zlib.get(1).is_some_and(|flags| flags & 0b10_0000 != 0) => {
            not_zlib("the UserSig's zlib stream wants a preset dictionary, or is damaged")
        }
        Err(Flaw::Damaged) => not_zlib("the UserSig does not hold a zlib stream, or a damaged one"),
    }
}
