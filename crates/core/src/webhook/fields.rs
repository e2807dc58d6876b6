//! Reads a JSON object field by field, so that each failure is named and nothing unknown is lost.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{RawJson, WebhookError, WebhookErrorReason as Reason};
use crate::wire::{Entries, IntegerOrText, TextOrInteger};
use crate::{CallId, UserId};

/// The fields of one JSON object that have not been read yet.
pub(super) struct Fields<'a> {
    path: Cow<'static, str>,
    unread: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Fields<'a> {
    /// The fields of a body.
    ///
    /// # Errors
    /// What the JSON parser says; otherwise what is wrong with the fields.
    pub(super) fn of_body(
        body: &'a str,
    ) -> Result<Result<Fields<'a>, WebhookError>, serde_json::Error> {
        let Entries(unread) = serde_json::from_str(body)?;
        Ok(Fields::new("".into(), unread))
    }

    /// The fields of the object `json`. `path` names it in errors.
    pub(super) fn of(
        path: impl Into<Cow<'static, str>>,
        json: &'a RawValue,
    ) -> Result<Fields<'a>, WebhookError> {
        let path = path.into();
        match serde_json::from_str(json.get()) {
            Ok(Entries(unread)) => Fields::new(path, unread),
            // It is JSON: all that can be wrong is its type.
            Err(_) => Err(WebhookError::new(
                Reason::WrongType,
                format!("`{path}` must be an object"),
            )),
        }
    }

    fn new(
        path: Cow<'static, str>,
        unread: Vec<(Cow<'a, str>, &'a RawValue)>,
    ) -> Result<Fields<'a>, WebhookError> {
        let fields = Fields { path, unread };
        match fields.repeated() {
            None => Ok(fields),
            Some(name) => Err(WebhookError::new(
                Reason::DuplicateField,
                format!("`{}` stands there twice", fields.path_of(name)),
            )),
        }
    }

    fn repeated(&self) -> Option<&str> {
        let names = self.unread.iter().map(|(name, _)| name.as_ref());
        // Webhooks have few fields; an attacker's thousands must not take quadratic time.
        if self.unread.len() <= 16 {
            let mut names = names.enumerate();
            return names.find_map(|(index, name)| {
                let mut earlier = self.unread.iter().take(index);
                earlier.any(|(other, _)| other == name).then_some(name)
            });
        }
        let mut seen = std::collections::BTreeSet::new();
        names.into_iter().find(|name| !seen.insert(*name))
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// The field of that name; `null` counts as missing.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let index = self.unread.iter().position(|(other, _)| other == name)?;
        let (_, value) = self.unread.swap_remove(index);
        Some(value).filter(|value| value.get() != "null")
    }

    pub(super) fn required(&mut self, name: &str) -> Result<&'a RawValue, WebhookError> {
        self.take(name).ok_or_else(|| self.missing(name))
    }

    pub(super) fn missing(&self, name: &str) -> WebhookError {
        WebhookError::new(
            Reason::MissingField,
            format!("`{}` is missing", self.path_of(name)),
        )
    }

    pub(super) fn wrong_type(&self, name: &str, expected: &str) -> WebhookError {
        WebhookError::new(
            Reason::WrongType,
            format!("`{}` must be {expected}", self.path_of(name)),
        )
    }

    /// A word or a name, also where a number stands for it.
    pub(super) fn text(&mut self, name: &str) -> Result<String, WebhookError> {
        let value = self.required(name)?;
        self.text_of(name, value)
    }

    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, WebhookError> {
        let value = self.take(name);
        value.map(|value| self.text_of(name, value)).transpose()
    }

    fn text_of(&self, name: &str, value: &RawValue) -> Result<String, WebhookError> {
        match TextOrInteger::of(value.get()) {
            Some(TextOrInteger(text)) => Ok(text),
            None => Err(self.wrong_type(name, "a string")),
        }
    }

    pub(super) fn call_id(&mut self) -> Result<CallId, WebhookError> {
        let id = self.text("CallId")?;
        if id.is_empty() {
            return Err(self.missing("CallId"));
        }
        Ok(CallId::reported(id))
    }

    pub(super) fn user_id(&mut self, name: &str) -> Result<UserId, WebhookError> {
        self.text(name).map(UserId::any)
    }

    pub(super) fn optional_integer(&mut self, name: &str) -> Result<Option<i64>, WebhookError> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        match IntegerOrText::of(value.get()) {
            Some(IntegerOrText(integer)) => Ok(Some(integer)),
            None => Err(self.wrong_type(name, "an integer of at most 64 bits")),
        }
    }

    /// A count since 1970, also where a string holds it.
    pub(super) fn moment(&mut self, name: &str) -> Result<u64, WebhookError> {
        match self.optional_moment(name)? {
            Some(moment) => Ok(moment),
            None => Err(self.missing(name)),
        }
    }

    pub(super) fn optional_moment(&mut self, name: &str) -> Result<Option<u64>, WebhookError> {
        match self.optional_integer(name)?.map(u64::try_from) {
            None => Ok(None),
            Some(Ok(moment)) => Ok(Some(moment)),
            Some(Err(_)) => Err(self.wrong_type(name, "a time, which is not negative")),
        }
    }

    pub(super) fn list(&mut self, name: &str) -> Result<Vec<&'a RawValue>, WebhookError> {
        let value = self.required(name)?;
        serde_json::from_str(value.get()).map_err(|_| self.wrong_type(name, "an array"))
    }

    /// Keeps what was not read.
    pub(super) fn keep_rest(self, kept: &mut BTreeMap<String, RawJson>) {
        for (name, value) in &self.unread {
            kept.insert(self.path_of(name), RawJson::new(value));
        }
    }
}
