/// Lower-case hexadecimal digits.
pub(crate) fn lower_hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for digit in [byte >> 4, byte & 0xf] {
            let first = if digit < 10 { b'0' } else { b'a' - 10 };
            digits.push(char::from(first + digit));
        }
    }
    digits
}
