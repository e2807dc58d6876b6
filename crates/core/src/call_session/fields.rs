//! Reads a JSON object of a saved session field by field.

use std::borrow::Cow;
use std::cell::OnceCell;

use trtc_call_json::Json;

use crate::Problem;
use crate::wire::{integer_of, text_of};

/// The fields of one JSON object that have not been read yet.
///
/// The first thing that is wrong is noted, and reading goes on with something in its place: what was read counts
/// only if nothing was noted.
pub(super) struct Fields<'a> {
    unread: Vec<(Cow<'a, str>, Json<'a>)>,
    noted: &'a OnceCell<Problem>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(name: &str, json: Json<'a>, noted: &'a OnceCell<Problem>) -> Fields<'a> {
        let unread = json.members();
        let is_object = unread.is_some();
        let fields = Fields {
            unread: unread.unwrap_or_default(),
            noted,
        };
        fields.hold(is_object, name, "must be a JSON object");
        fields
    }

    /// Notes a rule that a field breaks.
    pub(super) fn hold(&self, is_held: bool, name: &str, rule: &str) {
        if !is_held {
            self.note(wrong(name, rule));
        }
    }

    pub(super) fn note(&self, problem: Problem) {
        // The first one counts.
        let _ = self.noted.set(problem);
    }

    /// The value, or nothing but a note of the problem.
    pub(super) fn noting<T>(&self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.note(problem)).ok()
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Json<'a>> {
        let index = self.unread.iter().position(|(other, _)| other == name)?;
        Some(self.unread.swap_remove(index).1)
    }

    /// All that was not taken.
    pub(super) fn take_rest(&mut self) -> Vec<(Cow<'a, str>, Json<'a>)> {
        std::mem::take(&mut self.unread)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.unread.iter().any(|(other, _)| other == name)
    }

    fn required(&mut self, name: &str) -> Option<Json<'a>> {
        let json = self.take(name);
        self.hold(json.is_some(), name, "is missing");
        json
    }

    pub(super) fn object(&mut self, name: &str) -> Fields<'a> {
        match self.required(name) {
            Some(json) => self.nested(name, json),
            None => Fields {
                unread: Vec::new(),
                noted: self.noted,
            },
        }
    }

    /// An object that is part of this one.
    pub(super) fn nested(&self, name: &str, json: Json<'a>) -> Fields<'a> {
        Fields::of(name, json, self.noted)
    }

    pub(super) fn list(&mut self, name: &str) -> Vec<Json<'a>> {
        let items = self.required(name).and_then(Json::items);
        self.hold(items.is_some(), name, "must be a list");
        items.unwrap_or_default()
    }

    pub(super) fn text(&mut self, name: &str) -> String {
        let text = self.required(name).and_then(text_of);
        self.hold(text.is_some(), name, "must be a string");
        text.unwrap_or_default()
    }

    pub(super) fn optional_text(&mut self, name: &str) -> Option<String> {
        self.has(name).then(|| self.text(name))
    }

    pub(super) fn integer(&mut self, name: &str) -> i64 {
        let integer = self.required(name).and_then(integer_of);
        self.hold(integer.is_some(), name, "must be an integer");
        integer.unwrap_or_default()
    }

    pub(super) fn optional_integer(&mut self, name: &str) -> Option<i64> {
        self.has(name).then(|| self.integer(name))
    }

    pub(super) fn natural(&mut self, name: &str) -> u64 {
        let natural = u64::try_from(self.integer(name));
        self.hold(natural.is_ok(), name, "must not be negative");
        natural.unwrap_or_default()
    }

    pub(super) fn optional_natural(&mut self, name: &str) -> Option<u64> {
        self.has(name).then(|| self.natural(name))
    }

    pub(super) fn number(&mut self, name: &str) -> u32 {
        let number = u32::try_from(self.integer(name));
        self.hold(number.is_ok(), name, "must be a number of 32 bits");
        number.unwrap_or_default()
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        let flag = self.required(name).and_then(Json::boolean);
        self.hold(flag.is_some(), name, "must be true or false");
        flag.unwrap_or_default()
    }

    pub(super) fn optional_flag(&mut self, name: &str) -> Option<bool> {
        self.has(name).then(|| self.flag(name))
    }

    pub(super) fn word<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Option<T> {
        let word = self.text(name);
        let found = all.iter().copied().find(|known| as_str(*known) == word);
        self.hold(
            found.is_some(),
            name,
            "is a word this version does not know",
        );
        found
    }

    /// Nothing is left: what this version does not know might matter.
    pub(super) fn end(&self) {
        if let Some((name, _)) = self.unread.first() {
            self.hold(false, name, "is unknown, or stands there twice");
        }
    }
}

/// What is wrong with a field of a saved session.
pub(super) fn wrong(name: &str, rule: &str) -> Problem {
    Problem::new(name, rule, "hand in the text that `save` gave, unchanged")
}
