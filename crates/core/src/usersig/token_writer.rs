//! The way from JSON to a token: a zlib stream (RFC 1950) of one block with the fixed Huffman codes of
//! RFC 1951, in base64. By hand, because signing is what this project is for: many times as many tokens a second as
//! with a compressor.
//!
//! A compressor spends its time searching for repeats. Here the caller knows where they are, so nothing
//! is searched: it says [`literal`](TokenWriter::literal) or, where the same text stands already,
//! [`repeat`](TokenWriter::repeat). A writer that has written what all tokens begin with can be kept and
//! cloned.

use base64::Engine as _;

use super::TOKEN_BASE64;

/// Writes one token. Never searches, and allocates nothing but the token.
#[derive(Clone)]
pub(super) struct TokenWriter {
    /// How many bytes were written, before compression.
    position: usize,
    checksum: Adler32,
    bits: BitWriter,
}

/// The farthest back that a repeat reaches.
const MAX_DISTANCE: usize = 32 * 1024;

impl TokenWriter {
    pub(super) fn new() -> TokenWriter {
        let mut bits = BitWriter::new();
        bits.push(0x9c78, 16); // zlib's header: deflate, a window of 32 KiB, no dictionary
        bits.push(0b011, 3); // the last block, with fixed codes
        TokenWriter {
            position: 0,
            checksum: Adler32::new(),
            bits,
        }
    }

    /// Where the next byte goes, counted from the start of the JSON.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Writes `text` as it is.
    #[inline]
    pub(super) fn literal(&mut self, text: &[u8]) {
        self.count(text);
        let mut words = text.chunks_exact(8);
        for word in &mut words {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(word);
            let word = u64::from_le_bytes(bytes);
            if word & NOT_ASCII == 0 {
                self.bits.push(eight_literals(word), 64);
            } else {
                bytes.into_iter().for_each(|byte| self.literal_byte(byte));
            }
        }
        for &byte in words.remainder() {
            self.literal_byte(byte);
        }
    }

    fn literal_byte(&mut self, byte: u8) {
        if byte < 144 {
            self.bits.push((byte + 0x30).reverse_bits().into(), 8);
        } else {
            let code = 0b1_1001_0000 + u16::from(byte - 144);
            self.bits.push((code.reverse_bits() >> 7).into(), 9);
        }
    }

    /// Writes `text`, 3 to 10 bytes that were written at the position `from` already.
    #[inline]
    pub(super) fn repeat(&mut self, text: &[u8], from: usize) {
        let distance = self.position - from;
        if distance > MAX_DISTANCE {
            return self.literal(text);
        }
        debug_assert!((3..=10).contains(&text.len()), "{} bytes", text.len());
        self.count(text);
        // These lengths have the symbols 257 to 264, whose codes are 1 to 8, in 7 bits.
        let length_code = text.len() as u64 - 2;
        self.bits.push(length_code.reverse_bits() >> (64 - 7), 7);
        // Distance symbols come in pairs: each pair has one more extra bit than the pair before.
        let distance = distance as u64 - 1;
        let (symbol, extra_bits) = if distance < 2 {
            (distance, 0)
        } else {
            let exponent = distance.ilog2();
            let half = (distance >> (exponent - 1)) & 1;
            (u64::from(2 * exponent) + half, exponent - 1)
        };
        self.bits.push(symbol.reverse_bits() >> (64 - 5), 5);
        self.bits
            .push(distance & !(u64::MAX << extra_bits), extra_bits);
    }

    /// The token.
    pub(super) fn finish(mut self) -> String {
        self.bits.push(0, 7); // the block's end
        self.bits.align_to_byte();
        self.bits
            .push(self.checksum.finish().swap_bytes().into(), 32);
        self.bits.finish()
    }

    fn count(&mut self, text: &[u8]) {
        self.position += text.len();
        self.checksum.update(text);
    }
}

/// A word with 1 in each of its bytes.
const EACH_BYTE: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte.
const NOT_ASCII: u64 = EACH_BYTE * 0x80;

/// The codes of eight ASCII bytes: 0x30 is added to each, and its bits are reversed, since Huffman codes
/// go from the highest bit to the lowest.
fn eight_literals(word: u64) -> u64 {
    let codes = word + EACH_BYTE * 0x30;
    let codes = (codes >> 4) & (EACH_BYTE * 0x0f) | (codes & (EACH_BYTE * 0x0f)) << 4;
    let codes = (codes >> 2) & (EACH_BYTE * 0x33) | (codes & (EACH_BYTE * 0x33)) << 2;
    (codes >> 1) & (EACH_BYTE * 0x55) | (codes & (EACH_BYTE * 0x55)) << 1
}

/// Gathers bits, the first in the lowest, into bytes, and those into base64.
#[derive(Clone)]
struct BitWriter {
    /// Fewer than 64 bits that are not in `words` yet.
    pending: u64,
    pending_bits: u32,
    /// Bytes that are not in `token` yet. A token rarely needs more than these.
    words: [[u8; 8]; WORDS],
    used_words: usize,
    token: String,
}

/// 384 bytes: whole words, and whole groups of three bytes, so that base64 can stop there.
const WORDS: usize = 48;

impl BitWriter {
    fn new() -> BitWriter {
        BitWriter {
            pending: 0,
            pending_bits: 0,
            words: [[0; 8]; WORDS],
            used_words: 0,
            token: String::new(),
        }
    }

    /// Appends the lowest `count` of `bits`, at most 64; the rest must be 0.
    #[inline]
    fn push(&mut self, bits: u64, count: u32) {
        self.pending |= bits << self.pending_bits;
        let total = self.pending_bits + count;
        if total < 64 {
            self.pending_bits = total;
            return;
        }
        self.store_pending();
        self.used_words += 1;
        if self.used_words == WORDS {
            TOKEN_BASE64.encode_string(self.words.as_flattened(), &mut self.token);
            self.used_words = 0;
        }
        let stored = 64 - self.pending_bits;
        self.pending = bits.checked_shr(stored).unwrap_or(0);
        self.pending_bits = total - 64;
    }

    fn store_pending(&mut self) {
        // There always is room: `push` empties the words when the last one is used.
        if let Some(word) = self.words.get_mut(self.used_words) {
            *word = self.pending.to_le_bytes();
        }
    }

    fn align_to_byte(&mut self) {
        self.push(0, self.pending_bits.wrapping_neg() % 8);
    }

    /// The base64 of all that was written, which must be whole bytes.
    fn finish(mut self) -> String {
        self.store_pending();
        let used = self.used_words * 8 + self.pending_bits as usize / 8;
        let bytes = self.words.as_flattened();
        let bytes = bytes.get(..used).unwrap_or(bytes);
        if self.token.is_empty() {
            return TOKEN_BASE64.encode(bytes);
        }
        TOKEN_BASE64.encode_string(bytes, &mut self.token);
        self.token
    }
}

/// zlib's checksum: `a` is 1 plus the sum of all bytes, `b` the sum of all values `a` had, both modulo
/// 65521. The remainder is taken late: 64 bits hold much.
#[derive(Clone)]
struct Adler32 {
    a: u64,
    b: u64,
}

impl Adler32 {
    fn new() -> Adler32 {
        Adler32 { a: 1, b: 0 }
    }

    #[inline]
    fn update(&mut self, text: &[u8]) {
        // Between two reductions there are less than 16 MB, which cannot overflow: a token has few
        // pieces below this size.
        for part in text.chunks(1 << 16) {
            let mut words = part.chunks_exact(8);
            for word in &mut words {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(word);
                self.update_eight(u64::from_le_bytes(bytes));
            }
            for &byte in words.remainder() {
                self.a += u64::from(byte);
                self.b += self.a;
            }
            if part.len() == 1 << 16 {
                self.a %= 65521;
                self.b %= 65521;
            }
        }
    }

    /// Eight bytes at once. The bytes are spread to lanes of 16 bits; the highest lane of a product is
    /// then the sum of the lanes, each times its factor.
    #[inline]
    fn update_eight(&mut self, word: u64) {
        const LANES: u64 = 0x00ff_00ff_00ff_00ff;
        let (even, odd) = (word & LANES, (word >> 8) & LANES);
        let weighted = even.wrapping_mul(0x0008_0006_0004_0002) >> 48;
        let weighted = weighted + (odd.wrapping_mul(0x0007_0005_0003_0001) >> 48);
        self.b += 8 * self.a + weighted;
        self.a += (even + odd).wrapping_mul(0x0001_0001_0001_0001) >> 48;
    }

    fn finish(&self) -> u32 {
        // Both are below 65521, so they fit into 16 bits each.
        (((self.b % 65521) << 16) | (self.a % 65521)) as u32
    }
}

#[cfg(test)]
mod tests {
    use miniz_oxide::inflate::decompress_to_vec_zlib;
    use proptest::prelude::*;

    use super::*;

    fn inflated(writer: TokenWriter) -> Vec<u8> {
        let token = writer.finish();
        // Checks the stream's checksum too.
        decompress_to_vec_zlib(&TOKEN_BASE64.decode(token).unwrap()).unwrap()
    }

    #[test]
    fn every_distance_can_be_repeated_and_beyond_the_farthest_is_written_out() {
        let text: Vec<u8> = (0..40_000_u32).flat_map(u32::to_be_bytes).collect();
        for distance in (1..600)
            .chain((600..33_000).step_by(97))
            .chain(32_760..32_780)
        {
            let mut writer = TokenWriter::new();
            let length = 1 + distance % 7 + distance;
            writer.literal(&text[..length]);
            let from = length - distance;
            // A repeat may run into itself.
            let repeated: Vec<u8> = (0..3 + distance % 8)
                .map(|index| text[from + index % distance])
                .collect();
            writer.repeat(&repeated, from);
            let expected = [&text[..length], &repeated].concat();
            assert_eq!(inflated(writer), expected, "distance {distance}");
        }
    }

    #[test]
    fn nothing_at_all_is_a_stream_too() {
        assert_eq!(inflated(TokenWriter::new()), b"");
    }

    proptest! {
        #[test]
        fn literals_of_any_bytes_are_written_as_they_are(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..900), 0..6),
        ) {
            let mut writer = TokenWriter::new();
            pieces.iter().for_each(|piece| writer.literal(piece));
            prop_assert_eq!(inflated(writer), pieces.concat());
        }
    }

    #[test]
    fn the_checksum_of_megabytes_does_not_overflow() {
        let text = vec![0xff; 1_000_001];
        let mut writer = TokenWriter::new();
        writer.literal(&text);
        writer.literal(&text);
        assert_eq!(inflated(writer).len(), 2_000_002);
    }
}
