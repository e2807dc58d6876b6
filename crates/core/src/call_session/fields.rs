//! Reads a JSON object of a saved session field by field.

use std::borrow::Cow;
use std::time::Duration;

use trtc_call_json::Json;

use crate::wire::{integer_of, text_of};
use crate::{Problem, UnixMillis};

/// The fields of one JSON object that have not been read yet.
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Fields<'a> {
    #[inline(never)]
    pub(super) fn of(name: &str, json: Json<'a>) -> Result<Fields<'a>, Problem> {
        match json.members() {
            Some(fields) => Ok(Fields(fields)),
            None => Err(wrong(name, "must be a JSON object")),
        }
    }

    #[inline(never)]
    pub(super) fn take(&mut self, name: &str) -> Option<Json<'a>> {
        let index = self.0.iter().position(|(other, _)| other == name)?;
        Some(self.0.swap_remove(index).1)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }

    #[inline(never)]
    fn required(&mut self, name: &str) -> Result<Json<'a>, Problem> {
        self.take(name).ok_or_else(|| wrong(name, "is missing"))
    }

    #[inline(never)]
    pub(super) fn object(&mut self, name: &str) -> Result<Fields<'a>, Problem> {
        Fields::of(name, self.required(name)?)
    }

    #[inline(never)]
    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Json<'a>>, Problem> {
        let items = self.required(name)?.items();
        items.ok_or_else(|| wrong(name, "must be a list"))
    }

    #[inline(never)]
    pub(super) fn text(&mut self, name: &str) -> Result<String, Problem> {
        text(name, self.required(name)?)
    }

    #[inline(never)]
    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        self.take(name).map(|json| text(name, json)).transpose()
    }

    #[inline(never)]
    pub(super) fn integer(&mut self, name: &str) -> Result<i64, Problem> {
        let integer = integer_of(self.required(name)?);
        integer.ok_or_else(|| wrong(name, "must be an integer"))
    }

    #[inline(never)]
    pub(super) fn natural(&mut self, name: &str) -> Result<u64, Problem> {
        let integer = self.integer(name)?;
        u64::try_from(integer).map_err(|_| wrong(name, "must not be negative"))
    }

    #[inline(never)]
    pub(super) fn number(&mut self, name: &str) -> Result<u32, Problem> {
        let integer = self.integer(name)?;
        u32::try_from(integer).map_err(|_| wrong(name, "must be a number of 32 bits"))
    }

    #[inline(never)]
    pub(super) fn optional_integer(&mut self, name: &str) -> Result<Option<i64>, Problem> {
        self.has(name).then(|| self.integer(name)).transpose()
    }

    #[inline(never)]
    pub(super) fn optional_seconds(&mut self, name: &str) -> Result<Option<Duration>, Problem> {
        let seconds = self.has(name).then(|| self.natural(name)).transpose()?;
        Ok(seconds.map(Duration::from_secs))
    }

    #[inline(never)]
    pub(super) fn optional_moment(&mut self, name: &str) -> Result<Option<UnixMillis>, Problem> {
        let moment = self.has(name).then(|| self.natural(name)).transpose()?;
        Ok(moment.map(UnixMillis))
    }

    #[inline(never)]
    pub(super) fn optional_flag(&mut self, name: &str) -> Result<Option<bool>, Problem> {
        self.has(name).then(|| self.flag(name)).transpose()
    }

    #[inline(never)]
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        let flag = self.required(name)?.boolean();
        flag.ok_or_else(|| wrong(name, "must be true or false"))
    }

    #[inline(never)]
    pub(super) fn word<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Result<T, Problem> {
        let word = self.text(name)?;
        let found = all.iter().copied().find(|known| as_str(*known) == word);
        found.ok_or_else(|| wrong(name, "is a word this version does not know"))
    }

    /// Nothing is left: what this version does not know might matter.
    pub(super) fn end(self) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(wrong(name, "is unknown, or stands there twice")),
        }
    }
}

fn text(name: &str, json: Json<'_>) -> Result<String, Problem> {
    text_of(json).ok_or_else(|| wrong(name, "must be a string"))
}

/// What is wrong with a field of a saved session.
#[inline(never)]
pub(super) fn wrong(name: &str, rule: &str) -> Problem {
    Problem::new(name, rule, "hand in the text that `save` gave, unchanged")
}
