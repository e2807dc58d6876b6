//! What a command reads: a file, or `-` for stdin.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// Far above anything this program reads.
const MAX_BYTES: u64 = 1024 * 1024;

/// A file, or stdin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl From<&OsStr> for Input {
    fn from(argument: &OsStr) -> Input {
        if argument == "-" {
            Input::Stdin
        } else {
            Input::File(argument.into())
        }
    }
}

impl Input {
    /// Everything in it, up to 1 MiB.
    ///
    /// Whoever reports the error must leave the path out: a token or a key that was given where its file
    /// belongs must not end up in a log.
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Input::Stdin => read_bounded(io::stdin().lock()),
            Input::File(path) => read_bounded(File::open(path)?),
        }
    }
}

/// The bytes of a text without the byte order mark that some editors and shells put before it.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn read_bounded(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 1 MiB",
        ));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_1_mib_is_read() {
        assert_eq!(
            read_bounded(io::repeat(b'x').take(MAX_BYTES))
                .unwrap()
                .len(),
            1024 * 1024
        );
        assert!(read_bounded(io::repeat(b'x')).is_err());
    }
}
