//! From a token to the JSON in it: base64, then zlib.

use std::sync::LazyLock;

use base64::{DecodeError, Engine as _};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER,
    TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::{MAX_INFLATED_BYTES, TOKEN_BASE64, UserSigRejection, UserSigRejectionReason as Reason};
use crate::quoted::quoted;

/// The bytes that `token` wraps, which should be JSON.
pub(super) fn unpack(token: &str) -> Result<Vec<u8>, UserSigRejection> {
    inflate(&decode(token)?)
}

fn decode(token: &str) -> Result<Vec<u8>, UserSigRejection> {
    if token.is_empty() {
        return Err(UserSigRejection::new(Reason::Empty, "the UserSig is empty"));
    }
    TOKEN_BASE64.decode(token).map_err(|error| {
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
        } else if let DecodeError::InvalidLastSymbol { .. } = error {
            "the UserSig is not base64: its last character is wrong, so it may be cut".to_owned()
        } else {
            "the UserSig is not base64: its length or padding is wrong, so it may be cut".to_owned()
        };
        UserSigRejection::new(Reason::NotBase64, message)
    })
}

fn inflate(zlib: &[u8]) -> Result<Vec<u8>, UserSigRejection> {
    let mut output = vec![0; USUAL_INFLATED_BYTES];
    let (mut status, mut read, mut written) = inflate_into(&mut output, zlib);
    if status == TINFLStatus::HasMoreOutput {
        output.resize(MAX_INFLATED_BYTES, 0);
        (status, read, written) = inflate_into(&mut output, zlib);
    }
    let not_zlib = |message: &str| Err(UserSigRejection::new(Reason::NotZlib, message));
    match status {
        TINFLStatus::Done if read < zlib.len() => {
            let message = match zlib.len() - read {
                1 => "the UserSig's zlib stream is followed by 1 more byte".to_owned(),
                count => format!("the UserSig's zlib stream is followed by {count} more bytes"),
            };
            Err(UserSigRejection::new(Reason::TrailingBytes, message))
        }
        TINFLStatus::Done => {
            output.truncate(written);
            Ok(output)
        }
        TINFLStatus::HasMoreOutput => Err(UserSigRejection::new(
            Reason::TooLarge,
            format!("the UserSig holds more than {MAX_INFLATED_BYTES} bytes"),
        )),
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
            not_zlib("the UserSig's zlib stream ends too early: it was cut")
        }
        TINFLStatus::Adler32Mismatch => {
            not_zlib("the UserSig's zlib stream is damaged: its checksum does not match")
        }
        _ if zlib.get(1).is_some_and(|flags| flags & 0b10_0000 != 0) => {
            not_zlib("the UserSig's zlib stream wants a preset dictionary, or is damaged")
        }
        _ => not_zlib("the UserSig does not hold a zlib stream, or a damaged one"),
    }
}

/// Enough for a token with a name and a user buffer of usual length.
const USUAL_INFLATED_BYTES: usize = 1024;

/// How the zlib streams of most tokens start (in base64: `eJyr`): zlib's usual header, a last block with
/// fixed Huffman codes, and most of the code of `{`.
const USUAL_START: [u8; 3] = [0x78, 0x9c, 0xab];

/// A decompressor that has read [`USUAL_START`]. What it does then, building the tables of the fixed
/// codes, takes longer than all the rest of a token; copying it is quick.
static AFTER_USUAL_START: LazyLock<DecompressorOxide> = LazyLock::new(|| {
    let mut decompressor = DecompressorOxide::new();
    let flags = FLAGS | TINFL_FLAG_HAS_MORE_INPUT;
    decompress(&mut decompressor, &USUAL_START, &mut [0; 8], 0, flags);
    decompressor
});

const FLAGS: u32 = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;

/// The status, and how many bytes were read and written.
fn inflate_into(output: &mut [u8], zlib: &[u8]) -> (TINFLStatus, usize, usize) {
    match zlib.strip_prefix(&USUAL_START) {
        Some(rest) => {
            let mut decompressor = AFTER_USUAL_START.clone();
            let (status, read, written) = decompress(&mut decompressor, rest, output, 0, FLAGS);
            (status, USUAL_START.len() + read, written)
        }
        None => decompress(&mut DecompressorOxide::new(), zlib, output, 0, FLAGS),
    }
}

#[cfg(test)]
mod tests {
    use super::super::token_writer::TokenWriter;
    use super::*;

    /// Something is broken in each place of a stream that starts as usual.
    #[test]
    fn the_kept_decompressor_reads_as_a_new_one_does() {
        let mut writer = TokenWriter::new();
        writer.literal(br#"{"TLS.ver":"2.0","#);
        writer.repeat(br#""TLS."#, 1);
        writer.literal("sdkappid\":1,\"é\":\"0000".as_bytes());
        writer.repeat(b"0000000", writer.position() - 1);
        let zlib = decode(&writer.finish()).unwrap();
        assert!(zlib.starts_with(&USUAL_START));

        let mut streams: Vec<Vec<u8>> = vec![zlib.clone(), [zlib.as_slice(), b"abc"].concat()];
        streams.extend((3..zlib.len()).map(|length| zlib[..length].to_vec()));
        for position in 3..zlib.len() {
            for bit in 0..8 {
                let mut broken = zlib.clone();
                broken[position] ^= 1 << bit;
                streams.push(broken);
            }
        }
        for stream in streams {
            let (mut kept, mut new) = ([0; 1024], [0; 1024]);
            let result = inflate_into(&mut kept, &stream);
            let expected = decompress(&mut DecompressorOxide::new(), &stream, &mut new, 0, FLAGS);
            assert_eq!(result, expected, "{stream:x?}");
            assert_eq!(kept, new, "{stream:x?}");
        }
    }
}
