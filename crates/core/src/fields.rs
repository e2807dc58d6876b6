//! Reads a JSON object field by field, so that each failure is named and nothing unknown is lost.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use trtc_call_json::{Json, Members};

use crate::wire::{integer_of, reported_room, text_of};
use crate::{CallId, RoomId, UserId};

/// The fields of one JSON object that have not been read yet.
///
/// The first thing that is wrong is noted, and reading goes on with something in its place: what was read counts
/// only if [`check`](Fields::check) finds nothing noted.
pub(crate) struct Fields<'a> {
    path: Cow<'static, str>,
    unread: Members<'a>,
    /// What the objects of one text have in common.
    noted: Rc<OnceCell<FieldError>>,
}

/// What is wrong with a field, or with the object itself.
#[derive(Debug, Clone)]
pub(crate) struct FieldError {
    pub(crate) kind: FieldErrorKind,
    /// A sentence that names the field by its path.
    pub(crate) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldErrorKind {
    Missing,
    WrongType,
    Repeated,
}

impl<'a> Fields<'a> {
    /// The fields of the object `json`, which `path` names in errors; an empty path is the whole text.
    pub(crate) fn of(path: impl Into<Cow<'static, str>>, json: Json<'a>) -> Fields<'a> {
        Fields::read(path.into(), json, Rc::default())
    }

    /// The fields of the object that is the whole text.
    pub(crate) fn of_whole(members: Members<'a>) -> Fields<'a> {
        Fields {
            path: "".into(),
            unread: members,
            noted: Rc::default(),
        }
    }

    fn read(
        path: Cow<'static, str>,
        json: Json<'a>,
        noted: Rc<OnceCell<FieldError>>,
    ) -> Fields<'a> {
        let unread = json.members();
        let is_object = unread.is_some();
        let fields = Fields {
            path,
            unread: unread.unwrap_or_default(),
            noted,
        };
        if !is_object {
            fields.note(FieldErrorKind::WrongType, &fields.path, "must be an object");
        }
        fields
    }

    /// # Errors
    /// What is wrong first, with this object or one that it is part of or has as a part.
    pub(crate) fn check(&self) -> Result<(), FieldError> {
        match self.noted.get() {
            None => Ok(()),
            Some(error) => Err(error.clone()),
        }
    }

    /// The field of that name; `null` counts as missing.
    pub(crate) fn take(&mut self, name: &str) -> Option<Json<'a>> {
        let index = self.unread.iter().position(|(other, _)| other == name)?;
        let (_, value) = self.unread.swap_remove(index);
        if self.unread.iter().any(|(other, _)| other == name) {
            self.repeated(&self.path_of(name));
        }
        Some(value).filter(|value| !value.is_null())
    }

    pub(crate) fn required(&mut self, name: &str) -> Option<Json<'a>> {
        let value = self.take(name);
        self.demand(value.is_some(), name);
        value
    }

    fn demand(&self, is_there: bool, name: &str) {
        if !is_there {
            self.missing(name);
        }
    }

    pub(crate) fn missing(&self, name: &str) {
        self.note(FieldErrorKind::Missing, &self.path_of(name), "is missing");
    }

    pub(crate) fn wrong_type(&self, name: &str, expected: &str) {
        let expected = ["must be ", expected].concat();
        self.note(FieldErrorKind::WrongType, &self.path_of(name), &expected);
    }

    /// A field of that path stands there twice.
    pub(crate) fn repeated(&self, path: &str) {
        self.note(FieldErrorKind::Repeated, path, "stands there twice");
    }

    fn note(&self, kind: FieldErrorKind, path: &str, what: &str) {
        let message = ["`", path, "` ", what].concat();
        // The first one counts.
        let _ = self.noted.set(FieldError { kind, message });
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            [&self.path, ".", name].concat()
        }
    }

    /// A string and nothing else.
    pub(crate) fn string(&mut self, name: &str) -> String {
        let text = self.optional_string(name);
        self.demand(text.is_some(), name);
        text.unwrap_or_default()
    }

    pub(crate) fn optional_string(&mut self, name: &str) -> Option<String> {
        self.optional_borrowed(name).map(Cow::into_owned)
    }

    /// A string of which no copy is needed.
    pub(crate) fn optional_borrowed(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let text = self.take(name)?.string();
        if text.is_none() {
            self.wrong_type(name, "a string");
        }
        text
    }

    /// A word or a name, also where a number stands for it.
    pub(crate) fn text(&mut self, name: &str) -> String {
        let text = self.optional_text(name);
        self.demand(text.is_some(), name);
        text.unwrap_or_default()
    }

    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        let text = text_of(self.take(name)?);
        if text.is_none() {
            self.wrong_type(name, "a string");
        }
        text
    }

    pub(crate) fn call_id(&mut self) -> CallId {
        let id = self.text("CallId");
        self.demand(!id.is_empty(), "CallId");
        CallId::reported(id)
    }

    pub(crate) fn user_id(&mut self, name: &str) -> UserId {
        UserId::any(self.text(name))
    }

    /// Users, by their names.
    pub(crate) fn user_ids(&mut self, name: &str) -> Vec<UserId> {
        let mut users = Vec::new();
        for user in self.list(name) {
            match text_of(user) {
                Some(user) => users.push(UserId::any(user)),
                None => self.wrong_type(name, "an array of accounts"),
            }
        }
        users
    }

    /// The room that `RoomId` and `RoomIdType` name, if any.
    pub(crate) fn room(&mut self) -> Option<RoomId> {
        let id = self.optional_text("RoomId").unwrap_or_default();
        let type_code = self.optional_integer("RoomIdType").unwrap_or_default();
        let Ok(room) = reported_room(&id, type_code) else {
            self.wrong_type("RoomId", "a room of the kind that `RoomIdType` says");
            return None;
        };
        room
    }

    /// An integer, also where a string holds it.
    pub(crate) fn integer(&mut self, name: &str) -> i64 {
        let integer = self.optional_integer(name);
        self.demand(integer.is_some(), name);
        integer.unwrap_or_default()
    }

    pub(crate) fn optional_integer(&mut self, name: &str) -> Option<i64> {
        let integer = integer_of(self.take(name)?);
        if integer.is_none() {
            self.wrong_type(name, "an integer of at most 64 bits");
        }
        integer
    }

    /// A number of things or a count since 1970, also where a string holds it.
    pub(crate) fn count(&mut self, name: &str) -> u64 {
        let count = self.optional_count(name);
        self.demand(count.is_some(), name);
        count.unwrap_or_default()
    }

    pub(crate) fn optional_count(&mut self, name: &str) -> Option<u64> {
        let count = u64::try_from(self.optional_integer(name)?).ok();
        if count.is_none() {
            self.wrong_type(name, "a number that is not negative");
        }
        count
    }

    /// The object of that name.
    pub(crate) fn object(&mut self, name: &str) -> Fields<'a> {
        let value = self.required(name).unwrap_or(Json::NULL);
        Fields::read(self.path_of(name).into(), value, self.noted.clone())
    }

    pub(crate) fn list(&mut self, name: &str) -> Vec<Json<'a>> {
        let items = self.required(name).and_then(Json::items);
        if items.is_none() {
            self.wrong_type(name, "an array");
        }
        items.unwrap_or_default()
    }

    /// The strings of an array.
    pub(crate) fn strings(&mut self, name: &str) -> Vec<Cow<'a, str>> {
        let mut strings = Vec::new();
        for item in self.list(name) {
            match item.string() {
                Some(string) => strings.push(string),
                None => self.wrong_type(name, "an array of strings"),
            }
        }
        strings
    }

    /// The objects of an array.
    pub(crate) fn objects(&mut self, name: &str) -> Vec<Fields<'a>> {
        let objects = self.optional_objects(name);
        self.demand(objects.is_some(), name);
        objects.unwrap_or_default()
    }

    /// The objects of an array that may be left out.
    pub(crate) fn optional_objects(&mut self, name: &str) -> Option<Vec<Fields<'a>>> {
        let Some(items) = self.take(name)?.items() else {
            self.wrong_type(name, "an array");
            return None;
        };
        let path = self.path_of(name);
        let mut number = itoa::Buffer::new();
        let mut objects = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let path = [&path, "[", number.format(index), "]"].concat();
            objects.push(Fields::read(path.into(), item, self.noted.clone()));
        }
        Some(objects)
    }

    /// What was not read, by its path.
    pub(crate) fn rest(&self) -> Vec<(String, Json<'a>)> {
        let unread = self.unread.iter();
        unread
            .map(|(name, value)| (self.path_of(name), *value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields<'_> {
        Fields::of("", Json::parse(json).unwrap())
    }

    /// What is wrong after reading.
    fn wrong(json: &str, read: impl FnOnce(&mut Fields<'_>)) -> FieldError {
        let mut fields = fields(json);
        read(&mut fields);
        fields.check().unwrap_err()
    }

    #[test]
    fn errors_name_the_field_by_its_path() {
        let json = r#"{"a":{"b":1},"list":[{"x":"y"},{"x":true}],"none":null}"#;
        let error = wrong(json, |fields| drop(fields.object("a").string("b")));
        assert_eq!(error.message, "`a.b` must be a string");
        let error = wrong(json, |fields| drop(fields.object("a").text("c")));
        assert_eq!(error.message, "`a.c` is missing");
        let error = wrong(json, |fields| drop(fields.objects("list")[1].text("x")));
        assert_eq!(error.message, "`list[1].x` must be a string");
        let error = wrong(json, |fields| drop(fields.text("none")));
        assert_eq!(error.kind, FieldErrorKind::Missing);
    }

    #[test]
    fn the_first_error_counts() {
        let error = wrong(r#"{"a":[1]}"#, |fields| {
            fields.integer("b");
            fields.object("a").text("c");
        });
        assert_eq!(error.message, "`b` is missing");
    }

    #[test]
    fn a_field_that_is_asked_for_may_not_stand_there_twice_and_others_may() {
        let mut fields = fields(r#"{"a":1,"b":2,"a":1,"c":3,"c":4}"#);
        assert_eq!(fields.integer("b"), 2);
        assert!(fields.check().is_ok());
        fields.integer("a");
        let error = fields.check().unwrap_err();
        assert_eq!(error.message, "`a` stands there twice");
        let mut names: Vec<_> = fields.rest().into_iter().map(|(path, _)| path).collect();
        names.sort();
        assert_eq!(names, ["a", "c", "c"]);
    }
}
