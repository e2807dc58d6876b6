use std::hint::black_box;

/// Whether the two are the same. Takes the same time wherever they differ; their lengths are no secret.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            // Without the black box an optimiser may stop at the first difference.
            .fold(0, |different, (a, b)| black_box(different | (a ^ b)))
            == 0
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn every_differing_byte_and_length_is_seen() {
        assert!(equal(b"", b""));
        assert!(equal(b"abc", b"abc"));
        for other in ["", "ab", "abcd", "xbc", "axc", "abx"] {
            assert!(!equal(b"abc", other.as_bytes()), "{other}");
        }
    }
}
