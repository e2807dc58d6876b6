//! Base64 with padding (RFC 4648, section 4): in the standard alphabet, and in that of UserSigs.

/// One alphabet.
pub(crate) struct Base64 {
    symbols: [u8; 64],
    /// What each ASCII character stands for.
    values: [u8; 128],
    padding: u8,
}

/// `+ / =`
pub(crate) static STANDARD: Base64 = Base64::new(*b"+/=");

/// `* - _`, which need no escaping in a URL.
pub(crate) static TOKEN: Base64 = Base64::new(*b"*-_");

/// What stands for nothing. Every value is less.
const NO_VALUE: u8 = 64;

/// Why a text is no base64.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotBase64 {
    /// A character, the length or the padding is wrong.
    Malformed,
    /// The last symbol holds more bits than the bytes have.
    LastSymbol,
}

impl Base64 {
    #[expect(
        clippy::indexing_slicing,
        reason = "evaluated when this is compiled, where iterators cannot be used"
    )]
    const fn new([plus, slash, padding]: [u8; 3]) -> Base64 {
        let mut symbols = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        symbols[62] = plus;
        symbols[63] = slash;
        let mut values = [NO_VALUE; 128];
        let mut value = 0;
        while value < NO_VALUE {
            values[symbols[value as usize] as usize] = value;
            value += 1;
        }
        Base64 {
            symbols,
            values,
            padding,
        }
    }

    pub(crate) fn encode(&self, bytes: &[u8]) -> String {
        let mut quads = vec![[0; 4]; bytes.len().div_ceil(3)];
        self.encode_into(bytes, &mut quads);
        // All symbols are ASCII, so this cannot fail.
        String::from_utf8(quads.into_flattened()).unwrap_or_default()
    }

    /// The same, into as many quads as it needs.
    pub(crate) fn encode_into(&self, bytes: &[u8], quads: &mut [[u8; 4]]) {
        let (groups, rest) = bytes.as_chunks();
        for (group, quad) in groups.iter().zip(&mut *quads) {
            *quad = self.quad(*group);
        }
        if let Some(last) = self.last_quad(rest)
            && let Some(quad) = quads.get_mut(groups.len())
        {
            *quad = last;
        }
    }

    /// What stands for the last bytes where they are no group of three.
    fn last_quad(&self, rest: &[u8]) -> Option<[u8; 4]> {
        match *rest {
            [a, b] => {
                let [first, second, third, _] = self.quad([a, b, 0]);
                Some([first, second, third, self.padding])
            }
            [a] => {
                let [first, second, ..] = self.quad([a, 0, 0]);
                Some([first, second, self.padding, self.padding])
            }
            _ => None,
        }
    }

    #[inline]
    fn quad(&self, [a, b, c]: [u8; 3]) -> [u8; 4] {
        let bits = u32::from_be_bytes([0, a, b, c]);
        [
            self.symbol(bits >> 18),
            self.symbol(bits >> 12),
            self.symbol(bits >> 6),
            self.symbol(bits),
        ]
    }

    /// The symbol of the lowest six bits.
    #[inline]
    fn symbol(&self, bits: u32) -> u8 {
        let symbol = self.symbols.get(bits as usize % 64);
        symbol.copied().unwrap_or(self.padding)
    }

    /// The bytes that `text` stands for. Only what [`encode`](Self::encode) writes is taken.
    pub(crate) fn decode(&self, text: &str) -> Result<Vec<u8>, NotBase64> {
        let symbols = text.trim_end_matches(char::from(self.padding)).as_bytes();
        let (quads, rest) = symbols.as_chunks();
        let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
        let mut seen = 0;
        let mut value = |symbol: u8| {
            let value = self.value(symbol);
            seen |= value;
            value
        };
        for [a, b, c, d] in quads {
            let (a, b, c, d) = (value(*a), value(*b), value(*c), value(*d));
            bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
        let (padding, bits_left) = match *rest {
            [] => (0, 0),
            [a, b] => {
                let (a, b) = (value(a), value(b));
                bytes.push(a << 2 | b >> 4);
                (2, b << 4)
            }
            [a, b, c] => {
                let (a, b, c) = (value(a), value(b), value(c));
                bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2]);
                (1, c << 6)
            }
            _ => return Err(NotBase64::Malformed),
        };
        if seen >= NO_VALUE || text.len() - symbols.len() != padding {
            Err(NotBase64::Malformed)
        } else if bits_left != 0 {
            Err(NotBase64::LastSymbol)
        } else {
            Ok(bytes)
        }
    }

    #[inline]
    fn value(&self, symbol: u8) -> u8 {
        let value = self.values.get(usize::from(symbol));
        value.copied().unwrap_or(NO_VALUE)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose;
    use proptest::prelude::*;

    use super::*;

    fn judge(text: &str) -> Result<Vec<u8>, NotBase64> {
        general_purpose::STANDARD.decode(text).map_err(|error| {
            if matches!(error, base64::DecodeError::InvalidLastSymbol { .. }) {
                NotBase64::LastSymbol
            } else {
                NotBase64::Malformed
            }
        })
    }

    #[test]
    fn the_two_alphabets_differ_in_two_symbols_and_the_padding() {
        assert_eq!(STANDARD.encode(&[0xfb, 0xf0]), "+/A=");
        assert_eq!(TOKEN.encode(&[0xfb, 0xf0]), "*-A_");
        assert_eq!(TOKEN.decode("*-A_"), Ok(vec![0xfb, 0xf0]));
        assert_eq!(TOKEN.decode("+/A="), Err(NotBase64::Malformed));
        assert_eq!(STANDARD.decode("+/B="), Err(NotBase64::LastSymbol));
    }

    proptest! {
        #[test]
        fn bytes_are_written_and_read_as_the_crate_base64_does(bytes: Vec<u8>) {
            let text = STANDARD.encode(&bytes);
            prop_assert_eq!(&text, &general_purpose::STANDARD.encode(&bytes));
            prop_assert_eq!(STANDARD.decode(&text), Ok(bytes));
        }

        #[test]
        fn text_is_refused_as_the_crate_base64_does(
            text in "[A-Za-z0-9+/]{0,9}[AQBgw=]{0,4}|[AB=\\PC]{0,9}",
        ) {
            prop_assert_eq!(STANDARD.decode(&text), judge(&text));
        }
    }
}
