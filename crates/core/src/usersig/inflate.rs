//! Reads zlib streams (RFC 1950 and RFC 1951). Tokens are small: nothing is prepared that takes longer than
//! reading them does, such as tables of the fixed codes.

use super::adler32::Adler32;

/// Why a stream cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It ends too early.
    Cut,
    /// It holds more than was allowed.
    TooLarge,
    /// What it holds has another checksum.
    Checksum,
    /// It is no zlib stream, or wants a dictionary, or breaks another rule.
    Damaged,
}

/// What `zlib` holds, at most `limit` bytes, and how many bytes follow the stream.
pub(super) fn inflate(zlib: &[u8], limit: usize) -> Result<(Vec<u8>, usize), Flaw> {
    let mut stream = Stream {
        input: Bits {
            rest: zlib,
            pending: 0,
            count: 0,
        },
        output: Vec::with_capacity(USUAL_BYTES),
        limit,
    };
    stream.header()?;
    while !stream.last_block()? {}
    stream.checksum()?;
    Ok((stream.output, stream.input.rest_length()))
}

/// Enough for a token with a name and a user buffer of usual length.
const USUAL_BYTES: usize = 1024;

struct Stream<'a> {
    input: Bits<'a>,
    output: Vec<u8>,
    limit: usize,
}

impl Stream<'_> {
    fn header(&mut self) -> Result<(), Flaw> {
        let (method, flags) = (self.input.take(8)?, self.input.take(8)?);
        let is_deflate = method & 0xf == 8 && method >> 4 <= 7; // a window of up to 32 KiB
        let wants_dictionary = flags & 0b10_0000 != 0;
        if is_deflate && !wants_dictionary && (method << 8 | flags) % 31 == 0 {
            Ok(())
        } else {
            Err(Flaw::Damaged)
        }
    }

    /// Reads a block; whether it is the last one.
    fn last_block(&mut self) -> Result<bool, Flaw> {
        let is_last = self.input.take(1)? == 1;
        match self.input.take(2)? {
            0 => self.stored()?,
            1 => self.coded(None)?,
            2 => {
                let codes = BlockCodes::read(&mut self.input)?;
                self.coded(Some(&codes))?;
            }
            _ => return Err(Flaw::Damaged),
        }
        Ok(is_last)
    }

    fn stored(&mut self) -> Result<(), Flaw> {
        self.input.align_to_byte();
        let (length, inverted) = (self.input.take(16)?, self.input.take(16)?);
        if length ^ inverted != 0xffff {
            return Err(Flaw::Damaged);
        }
        for _ in 0..length {
            let byte = self.input.take(8)?;
            self.literal(byte)?;
        }
        Ok(())
    }

    /// A block in its own codes, or else in the fixed ones.
    fn coded(&mut self, own: Option<&BlockCodes>) -> Result<(), Flaw> {
        loop {
            let symbol = match own {
                Some(codes) => codes.literals.symbol(&mut self.input)?,
                None => self.input.fixed_symbol()?,
            };
            match symbol {
                0..=255 => self.literal(symbol)?,
                256 => return Ok(()),
                257..=285 => {
                    let length = match symbol - 257 {
                        28 => 258,
                        index => 3 + self.input.number(index, 2)?,
                    };
                    let symbol = match own {
                        Some(codes) => codes.distances.symbol(&mut self.input)?,
                        None => self.input.fixed_distance_symbol()?,
                    };
                    if symbol >= 30 {
                        return Err(Flaw::Damaged);
                    }
                    let distance = 1 + self.input.number(symbol, 1)?;
                    self.repeat(length as usize, distance as usize)?;
                }
                _ => return Err(Flaw::Damaged),
            }
        }
    }

    fn literal(&mut self, byte: u32) -> Result<(), Flaw> {
        if self.output.len() == self.limit {
            return Err(Flaw::TooLarge);
        }
        self.output.push(byte as u8);
        Ok(())
    }

    /// Writes again what stands `distance` bytes back. It may run into itself.
    fn repeat(&mut self, mut length: usize, distance: usize) -> Result<(), Flaw> {
        let Some(from) = self.output.len().checked_sub(distance) else {
            return Err(Flaw::Damaged);
        };
        if self.output.len() + length > self.limit {
            return Err(Flaw::TooLarge);
        }
        while length > 0 {
            let part = length.min(distance);
            self.output.extend_from_within(from..from + part);
            length -= part;
        }
        Ok(())
    }

    fn checksum(&mut self) -> Result<(), Flaw> {
        self.input.align_to_byte();
        let checksum = self.input.take(32)?.swap_bytes();
        let mut expected = Adler32::new();
        expected.update(&self.output);
        if checksum == expected.finish() {
            Ok(())
        } else {
            Err(Flaw::Checksum)
        }
    }
}

/// The codes of one block.
struct BlockCodes {
    literals: Codes,
    distances: Codes,
}

impl BlockCodes {
    /// The lengths of the codes, which are coded themselves.
    fn read(input: &mut Bits<'_>) -> Result<BlockCodes, Flaw> {
        const ORDER: [usize; 19] = [
            16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
        ];
        let literals = 257 + input.take(5)? as usize;
        let distances = 1 + input.take(5)? as usize;
        if literals > 286 || distances > 30 {
            return Err(Flaw::Damaged);
        }
        let mut lengths = [0; 19];
        for index in ORDER.into_iter().take(4 + input.take(4)? as usize) {
            let length = input.take(3)? as u8;
            lengths.get_mut(index).map(|slot| *slot = length);
        }
        let codes = Codes::of_lengths(&lengths)?;
        let mut lengths = Vec::with_capacity(literals + distances);
        while lengths.len() < literals + distances {
            let (length, times) = match codes.symbol(input)? {
                16 => match lengths.last() {
                    Some(last) => (*last, 3 + input.take(2)?),
                    None => return Err(Flaw::Damaged),
                },
                17 => (0, 3 + input.take(3)?),
                18 => (0, 11 + input.take(7)?),
                length => (length as u8, 1),
            };
            lengths.extend(std::iter::repeat_n(length, times as usize));
        }
        if lengths.len() > literals + distances {
            return Err(Flaw::Damaged);
        }
        let (literals, distances) = lengths.split_at(literals);
        Ok(BlockCodes {
            literals: Codes::of_lengths(literals)?,
            distances: Codes::of_lengths(distances)?,
        })
    }
}

/// A set of Huffman codes.
struct Codes {
    /// How many codes have each length.
    counts: [u16; Codes::MAX_LENGTH + 1],
    /// The symbols, in the order of their codes.
    symbols: Vec<u16>,
}

impl Codes {
    const MAX_LENGTH: usize = 15;

    /// The codes of symbols whose lengths are these; 0 where a symbol is not used.
    fn of_lengths(lengths: &[u8]) -> Result<Codes, Flaw> {
        let mut counts = [0; Codes::MAX_LENGTH + 1];
        for length in lengths {
            if let Some(count) = counts.get_mut(usize::from(*length)) {
                *count += 1;
            }
        }
        // Where the symbols of each length begin, and how many codes are left for longer ones.
        let mut starts = [0; Codes::MAX_LENGTH + 1];
        let (mut start, mut left, mut longest) = (0, 1, 0);
        for (length, (slot, count)) in starts.iter_mut().zip(counts).enumerate().skip(1) {
            *slot = start;
            start += usize::from(count);
            left = left * 2 - i32::from(count);
            if left < 0 {
                return Err(Flaw::Damaged);
            }
            if count > 0 {
                longest = length;
            }
        }
        // Codes may be left if there is a single one, or none at all.
        if left > 0 && longest > 1 {
            return Err(Flaw::Damaged);
        }
        let mut symbols = vec![0; start];
        for (symbol, length) in (0..).zip(lengths) {
            if *length > 0
                && let Some(start) = starts.get_mut(usize::from(*length))
                && let Some(slot) = symbols.get_mut(*start)
            {
                *slot = symbol;
                *start += 1;
            }
        }
        Ok(Codes { counts, symbols })
    }

    /// Reads a symbol. The codes of a length are numbers that follow each other; those of the next length go
    /// on from there, doubled.
    fn symbol(&self, input: &mut Bits<'_>) -> Result<u32, Flaw> {
        let mut bits = input.peek();
        let (mut code, mut first, mut index) = (0, 0, 0);
        for (length, count) in (0..).zip(self.counts).skip(1) {
            code = code << 1 | bits & 1;
            bits >>= 1;
            let count = u32::from(count);
            if code < first + count {
                input.skip(length)?;
                let symbol = self.symbols.get((index + code - first) as usize);
                return symbol.map(|symbol| u32::from(*symbol)).ok_or(Flaw::Damaged);
            }
            index += count;
            first = (first + count) << 1;
        }
        Err(Flaw::Damaged)
    }
}

/// Bits of the input, of each byte the lowest first.
struct Bits<'a> {
    rest: &'a [u8],
    /// What was taken out of `rest` and not used yet, `count` bits.
    pending: u64,
    count: u32,
}

impl Bits<'_> {
    /// The next 32 bits and what else is there; zeros stand in for what is not.
    #[inline]
    fn peek(&mut self) -> u32 {
        if self.count < 32 {
            if let Some((word, rest)) = self.rest.split_first_chunk() {
                self.pending |= u64::from(u32::from_le_bytes(*word)) << self.count;
                self.count += 32;
                self.rest = rest;
            } else {
                for byte in std::mem::take(&mut self.rest) {
                    self.pending |= u64::from(*byte) << self.count;
                    self.count += 8;
                }
            }
        }
        self.pending as u32
    }

    #[inline]
    fn skip(&mut self, count: u32) -> Result<(), Flaw> {
        if count > self.count {
            return Err(Flaw::Cut);
        }
        self.pending >>= count;
        self.count -= count;
        Ok(())
    }

    /// A number of at most 32 bits.
    fn take(&mut self, count: u32) -> Result<u32, Flaw> {
        let number = u64::from(self.peek()) & ((1 << count) - 1);
        self.skip(count)?;
        Ok(number as u32)
    }

    /// A symbol of the fixed codes, which have 7 to 9 bits.
    fn fixed_symbol(&mut self) -> Result<u32, Flaw> {
        let code = self.peek().reverse_bits() >> (32 - 9);
        let (symbol, length) = match code {
            0..0b001_100_000 => (256 + (code >> 2), 7),
            0b001_100_000..0b110_000_000 => ((code >> 1) - 0b0011_0000, 8),
            0b110_000_000..0b110_010_000 => (280 + (code >> 1) - 0b1100_0000, 8),
            _ => (144 + code - 0b110_010_000, 9),
        };
        self.skip(length)?;
        Ok(symbol)
    }

    fn fixed_distance_symbol(&mut self) -> Result<u32, Flaw> {
        let symbol = self.peek().reverse_bits() >> (32 - 5);
        self.skip(5)?;
        Ok(symbol)
    }

    /// The number that a length's or a distance's symbol begins and extra bits complete. Symbols come in groups
    /// of `1 << group`; from the third group on, each has one more extra bit than the one before.
    fn number(&mut self, symbol: u32, group: u32) -> Result<u32, Flaw> {
        let extra = (symbol >> group).saturating_sub(1);
        let start = symbol - (extra << group);
        Ok((start << extra) + self.take(extra)?)
    }

    fn align_to_byte(&mut self) {
        self.pending >>= self.count % 8;
        self.count -= self.count % 8;
    }

    /// How many bytes have not been begun.
    fn rest_length(&self) -> usize {
        self.rest.len() + self.count as usize / 8
    }
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;
    use miniz_oxide::inflate::TINFLStatus;
    use miniz_oxide::inflate::core::inflate_flags::{
        TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
    };
    use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 2000;

    /// What miniz_oxide says.
    fn expected(zlib: &[u8]) -> Result<(Vec<u8>, usize), Flaw> {
        let flags = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let mut output = vec![0; LIMIT];
        let mut decompressor = DecompressorOxide::new();
        let (status, read, written) = decompress(&mut decompressor, zlib, &mut output, 0, flags);
        output.truncate(written);
        match status {
            TINFLStatus::Done => Ok((output, zlib.len() - read)),
            TINFLStatus::HasMoreOutput => Err(Flaw::TooLarge),
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => Err(Flaw::Cut),
            TINFLStatus::Adler32Mismatch => Err(Flaw::Checksum),
            _ => Err(Flaw::Damaged),
        }
    }

    /// Streams of all kinds of blocks.
    fn streams(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        let levels = [0, 1, 6];
        levels
            .map(|level| compress_to_vec_zlib(bytes, level))
            .into_iter()
    }

    #[test]
    fn a_stream_with_one_wrong_bit_or_an_early_end_is_judged_as_miniz_oxide_does() {
        let text: Vec<u8> = (0..250_u32)
            .flat_map(|n| (n * n % 97).to_string().into_bytes())
            .collect();
        for zlib in streams(&text).chain(streams(
            b"{\"TLS.ver\":\"2.0\",\"TLS.sdkappid\":1400000000}",
        )) {
            assert_eq!(inflate(&zlib, LIMIT), expected(&zlib));
            for end in 0..zlib.len() {
                assert_eq!(
                    inflate(&zlib[..end], LIMIT),
                    expected(&zlib[..end]),
                    "{end}"
                );
            }
            for position in 0..zlib.len() {
                for bit in 0..8 {
                    let mut broken = zlib.clone();
                    broken[position] ^= 1 << bit;
                    assert_eq!(inflate(&broken, LIMIT), expected(&broken), "{broken:x?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_was_compressed_comes_out_with_the_number_of_bytes_behind_it(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'0')], 0..3000),
            more in 0_usize..9,
        ) {
            for mut zlib in streams(&bytes) {
                zlib.extend(vec![0; more]);
                if bytes.len() <= LIMIT {
                    prop_assert_eq!(inflate(&zlib, LIMIT), Ok((bytes.clone(), more)));
                } else {
                    prop_assert_eq!(inflate(&zlib, LIMIT), Err(Flaw::TooLarge));
                }
            }
        }

        #[test]
        fn any_bytes_are_judged_as_miniz_oxide_does(bytes: Vec<u8>) {
            let zlib = [&[0x78, 0x9c], bytes.as_slice()].concat();
            prop_assert_eq!(inflate(&zlib, LIMIT), expected(&zlib));
            prop_assert_eq!(inflate(&bytes, LIMIT), expected(&bytes));
        }
    }
}
