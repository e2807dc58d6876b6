//! Finds where values begin and end, without recursion.

use std::fmt;

use crate::string::first_special;

/// A text that is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    what: &'static str,
    position: usize,
}

impl SyntaxError {
    pub(crate) fn new(what: &'static str, position: usize) -> SyntaxError {
        SyntaxError { what, position }
    }

    /// Where, in bytes from the beginning.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.position)
    }
}

impl std::error::Error for SyntaxError {}

/// How deeply values may be nested: as many levels as the scanner's memory of them has bits.
const MAX_DEPTH: usize = 1024;

/// The open levels: of each, whether it is an object.
struct Levels {
    depth: usize,
    objects: [u32; MAX_DEPTH / 32],
}

impl Levels {
    fn new() -> Levels {
        Levels {
            depth: 0,
            objects: [0; MAX_DEPTH / 32],
        }
    }

    /// Whether there was room for one more.
    fn open(&mut self, is_object: bool) -> bool {
        let Some(bits) = self.objects.get_mut(self.depth / 32) else {
            return false;
        };
        let bit = 1 << (self.depth % 32);
        *bits = if is_object { *bits | bit } else { *bits & !bit };
        self.depth += 1;
        true
    }

    /// Whether the innermost one is an object; nothing outside of all.
    fn innermost(&self) -> Option<bool> {
        let level = self.depth.checked_sub(1)?;
        let bits = self.objects.get(level / 32)?;
        Some(bits >> (level % 32) & 1 == 1)
    }
}

/// Reads on in a text.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Scanner<'a> {
        Scanner { text, position: 0 }
    }

    /// Whether the next value begins with that byte.
    pub(crate) fn is_at(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.peek() == Some(byte)
    }

    /// The text of the next value.
    pub(crate) fn value(&mut self) -> Result<&'a str, SyntaxError> {
        self.skip_space();
        let start = self.position;
        if matches!(self.peek(), Some(b'{' | b'[')) {
            self.skip_nested()?;
        } else {
            self.skip_scalar()?;
        }
        Ok(self.since(start))
    }

    /// Goes beyond an opening bracket, and beyond the closing one if nothing is between the two.
    pub(crate) fn opens_empty(&mut self) -> bool {
        // The closing bracket stands two places behind the opening one, in ASCII.
        let close = self.peek().map(|open| open + 2);
        self.position += 1;
        self.skip_space();
        let is_empty = self.peek() == close;
        self.position += usize::from(is_empty);
        is_empty
    }

    /// Goes beyond the comma or the closing bracket that follows a value, and says whether it was a comma.
    pub(crate) fn goes_on(&mut self, is_object: bool) -> Result<bool, SyntaxError> {
        self.skip_space();
        let close = if is_object { b'}' } else { b']' };
        match self.peek() {
            Some(b',') => {
                self.position += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.position += 1;
                Ok(false)
            }
            _ => Err(self.error("a comma or the end expected")),
        }
    }

    fn skip_nested(&mut self) -> Result<(), SyntaxError> {
        let mut levels = Levels::new();
        loop {
            self.skip_space();
            if let Some(open @ (b'{' | b'[')) = self.peek() {
                if !self.opens_empty() {
                    if !levels.open(open == b'{') {
                        return Err(self.error("nested too deeply"));
                    }
                    if open == b'{' {
                        self.name()?;
                    }
                    continue;
                }
            } else {
                self.skip_scalar()?;
            }
            loop {
                let Some(is_object) = levels.innermost() else {
                    return Ok(());
                };
                if self.goes_on(is_object)? {
                    if is_object {
                        self.name()?;
                    }
                    break;
                }
                levels.depth -= 1;
            }
        }
    }

    fn skip_scalar(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            Some(b't') => self.skip_word("true"),
            Some(b'f') => self.skip_word("false"),
            Some(b'n') => self.skip_word("null"),
            _ => Err(self.error("a value expected")),
        }
    }

    /// The next name of an object, a JSON string, and beyond its colon.
    pub(crate) fn name(&mut self) -> Result<&'a str, SyntaxError> {
        self.skip_space();
        let start = self.position;
        if self.peek() != Some(b'"') {
            return Err(self.error("a name expected"));
        }
        self.skip_string()?;
        let name = self.since(start);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.error("a colon expected"));
        }
        self.position += 1;
        Ok(name)
    }

    /// What follows, without white space before it.
    pub(crate) fn rest(&mut self) -> &'a str {
        self.skip_space();
        self.text.get(self.position..).unwrap_or_default()
    }

    /// Checks that nothing follows.
    pub(crate) fn end(&mut self) -> Result<(), SyntaxError> {
        self.skip_space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error("the end expected")),
        }
    }

    fn skip_string(&mut self) -> Result<(), SyntaxError> {
        self.position += 1;
        loop {
            let bytes = self.text.as_bytes();
            let rest = bytes.get(self.position..).unwrap_or_default();
            let special = first_special(rest);
            self.position += special.unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(());
                }
                Some(b'\\') => self.skip_escape()?,
                Some(_) => return Err(self.error("a control character in a string")),
                None => return Err(self.error("a string without end")),
            }
        }
    }

    fn skip_escape(&mut self) -> Result<(), SyntaxError> {
        self.position += 1;
        let digits = match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            _ => return Err(self.error("an unknown escape")),
        };
        self.position += 1;
        for _ in 0..digits {
            if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                return Err(self.error("four hexadecimal digits expected"));
            }
            self.position += 1;
        }
        Ok(())
    }

    fn skip_number(&mut self) -> Result<(), SyntaxError> {
        if self.peek() == Some(b'-') {
            self.position += 1;
        }
        if self.peek() == Some(b'0') {
            self.position += 1;
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.error("a number with a zero in front"));
            }
        } else {
            self.skip_digits()?;
        }
        if self.peek() == Some(b'.') {
            self.position += 1;
            self.skip_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.skip_digits()?;
        }
        Ok(())
    }

    /// At least one.
    fn skip_digits(&mut self) -> Result<(), SyntaxError> {
        let start = self.position;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        if self.position == start {
            return Err(self.error("a digit expected"));
        }
        Ok(())
    }

    fn skip_word(&mut self, word: &str) -> Result<(), SyntaxError> {
        let rest = self.text.as_bytes().get(self.position..);
        if !rest.is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            return Err(self.error("a value expected"));
        }
        self.position += word.len();
        Ok(())
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.position += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    /// What was read since `start`. Values begin and end with ASCII, so the text can be cut there.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    fn error(&self, what: &'static str) -> SyntaxError {
        SyntaxError::new(what, self.position)
    }
}
