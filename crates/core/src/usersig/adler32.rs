/// zlib's checksum: `a` is 1 plus the sum of all bytes, `b` the sum of all values `a` had, both modulo
/// 65521. The remainder is taken late: 64 bits hold much.
#[derive(Clone)]
pub(super) struct Adler32 {
    a: u64,
    b: u64,
}

impl Adler32 {
    pub(super) fn new() -> Adler32 {
        Adler32 { a: 1, b: 0 }
    }

    #[inline]
    pub(super) fn update(&mut self, text: &[u8]) {
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

    pub(super) fn finish(&self) -> u32 {
        // Both are below 65521, so they fit into 16 bits each.
        (((self.b % 65521) << 16) | (self.a % 65521)) as u32
    }
}
