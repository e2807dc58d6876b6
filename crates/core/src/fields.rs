//! Reads a JSON object field by field, so that each failure is named and nothing unknown is lost.

use std::borrow::Cow;

use trtc_call_json::{Json, Members};

use crate::wire::{integer_of, reported_room, text_of};
use crate::{CallId, RoomId, UserId};

/// The fields of one JSON object that have not been read yet.
pub(crate) struct Fields<'a> {
    path: Cow<'static, str>,
    unread: Members<'a>,
}

/// What is wrong with a field, or with the object itself.
#[derive(Debug)]
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

impl FieldError {
    fn new(kind: FieldErrorKind, path: &str, what: &str) -> FieldError {
        FieldError {
            kind,
            message: ["`", path, "` ", what].concat(),
        }
    }
}

impl<'a> Fields<'a> {
    /// The fields of the object `json`, which `path` names in errors; an empty path is the whole text.
    pub(crate) fn of(
        path: impl Into<Cow<'static, str>>,
        json: Json<'a>,
    ) -> Result<Fields<'a>, FieldError> {
        Fields::read(path.into(), json)
    }

    /// The fields of the object that is the whole text.
    pub(crate) fn of_whole(members: Members<'a>) -> Fields<'a> {
        Fields {
            path: "".into(),
            unread: members,
        }
    }

    #[inline(never)]
    fn read(path: Cow<'static, str>, json: Json<'a>) -> Result<Fields<'a>, FieldError> {
        match json.members() {
            Some(unread) => Ok(Fields { path, unread }),
            None => Err(FieldError::new(
                FieldErrorKind::WrongType,
                &path,
                "must be an object",
            )),
        }
    }

    /// The field of that name; `null` counts as missing.
    #[inline(never)]
    pub(crate) fn take(&mut self, name: &str) -> Result<Option<Json<'a>>, FieldError> {
        let Some(index) = self.unread.iter().position(|(other, _)| other == name) else {
            return Ok(None);
        };
        let (_, value) = self.unread.swap_remove(index);
        if self.unread.iter().any(|(other, _)| other == name) {
            return Err(self.error(FieldErrorKind::Repeated, name, "stands there twice"));
        }
        Ok(Some(value).filter(|value| !value.is_null()))
    }

    pub(crate) fn required(&mut self, name: &str) -> Result<Json<'a>, FieldError> {
        self.take(name)?.ok_or_else(|| self.missing(name))
    }

    #[inline(never)]
    pub(crate) fn missing(&self, name: &str) -> FieldError {
        self.error(FieldErrorKind::Missing, name, "is missing")
    }

    #[inline(never)]
    pub(crate) fn wrong_type(&self, name: &str, expected: &str) -> FieldError {
        let expected = ["must be ", expected].concat();
        self.error(FieldErrorKind::WrongType, name, &expected)
    }

    #[inline(never)]
    fn error(&self, kind: FieldErrorKind, name: &str, what: &str) -> FieldError {
        FieldError::new(kind, &self.path_of(name), what)
    }

    #[inline(never)]
    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            [&self.path, ".", name].concat()
        }
    }

    /// A string and nothing else.
    #[inline(never)]
    pub(crate) fn string(&mut self, name: &str) -> Result<String, FieldError> {
        match self.optional_string(name)? {
            Some(text) => Ok(text.into_owned()),
            None => Err(self.missing(name)),
        }
    }

    #[inline(never)]
    pub(crate) fn optional_string(
        &mut self,
        name: &str,
    ) -> Result<Option<Cow<'a, str>>, FieldError> {
        match self.take(name)? {
            None => Ok(None),
            Some(value) => match value.string() {
                Some(text) => Ok(Some(text)),
                None => Err(self.wrong_type(name, "a string")),
            },
        }
    }

    /// A word or a name, also where a number stands for it.
    #[inline(never)]
    pub(crate) fn text(&mut self, name: &str) -> Result<String, FieldError> {
        match self.optional_text(name)? {
            Some(text) => Ok(text),
            None => Err(self.missing(name)),
        }
    }

    #[inline(never)]
    pub(crate) fn optional_text(&mut self, name: &str) -> Result<Option<String>, FieldError> {
        match self.take(name)? {
            None => Ok(None),
            Some(value) => match text_of(value) {
                Some(text) => Ok(Some(text)),
                None => Err(self.wrong_type(name, "a string")),
            },
        }
    }

    #[inline(never)]
    pub(crate) fn call_id(&mut self) -> Result<CallId, FieldError> {
        let id = self.text("CallId")?;
        if id.is_empty() {
            return Err(self.missing("CallId"));
        }
        Ok(CallId::reported(id))
    }

    #[inline(never)]
    pub(crate) fn user_id(&mut self, name: &str) -> Result<UserId, FieldError> {
        Ok(UserId::any(self.text(name)?))
    }

    /// Users, by their names.
    #[inline(never)]
    pub(crate) fn user_ids(&mut self, name: &str) -> Result<Vec<UserId>, FieldError> {
        let mut users = Vec::new();
        for user in self.list(name)? {
            match text_of(user) {
                Some(user) => users.push(UserId::any(user)),
                None => return Err(self.wrong_type(name, "an array of accounts")),
            }
        }
        Ok(users)
    }

    /// The room that `RoomId` and `RoomIdType` name, if any.
    #[inline(never)]
    pub(crate) fn room(&mut self) -> Result<Option<RoomId>, FieldError> {
        let id = self.optional_text("RoomId")?.unwrap_or_default();
        let type_code = self.optional_integer("RoomIdType")?.unwrap_or_default();
        reported_room(&id, type_code)
            .map_err(|_| self.wrong_type("RoomId", "a room of the kind that `RoomIdType` says"))
    }

    /// An integer, also where a string holds it.
    pub(crate) fn integer(&mut self, name: &str) -> Result<i64, FieldError> {
        match self.optional_integer(name)? {
            Some(integer) => Ok(integer),
            None => Err(self.missing(name)),
        }
    }

    #[inline(never)]
    pub(crate) fn optional_integer(&mut self, name: &str) -> Result<Option<i64>, FieldError> {
        match self.take(name)? {
            None => Ok(None),
            Some(value) => match integer_of(value) {
                Some(integer) => Ok(Some(integer)),
                None => Err(self.wrong_type(name, "an integer of at most 64 bits")),
            },
        }
    }

    /// A number of things or a count since 1970, also where a string holds it.
    #[inline(never)]
    pub(crate) fn count(&mut self, name: &str) -> Result<u64, FieldError> {
        match self.optional_count(name)? {
            Some(count) => Ok(count),
            None => Err(self.missing(name)),
        }
    }

    #[inline(never)]
    pub(crate) fn optional_count(&mut self, name: &str) -> Result<Option<u64>, FieldError> {
        match self.optional_integer(name)?.map(u64::try_from) {
            None => Ok(None),
            Some(Ok(count)) => Ok(Some(count)),
            Some(Err(_)) => Err(self.wrong_type(name, "a number that is not negative")),
        }
    }

    /// The object of that name.
    #[inline(never)]
    pub(crate) fn object(&mut self, name: &str) -> Result<Fields<'a>, FieldError> {
        let value = self.required(name)?;
        Fields::read(self.path_of(name).into(), value)
    }

    #[inline(never)]
    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<Json<'a>>, FieldError> {
        match self.required(name)?.items() {
            Some(items) => Ok(items),
            None => Err(self.wrong_type(name, "an array")),
        }
    }

    /// The strings of an array.
    pub(crate) fn strings(&mut self, name: &str) -> Result<Vec<Cow<'a, str>>, FieldError> {
        let strings: Option<Vec<_>> = self.list(name)?.into_iter().map(Json::string).collect();
        strings.ok_or_else(|| self.wrong_type(name, "an array of strings"))
    }

    /// The objects of an array.
    #[inline(never)]
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Fields<'a>>, FieldError> {
        match self.optional_objects(name)? {
            Some(objects) => Ok(objects),
            None => Err(self.missing(name)),
        }
    }

    /// The objects of an array that may be left out.
    #[inline(never)]
    pub(crate) fn optional_objects(
        &mut self,
        name: &str,
    ) -> Result<Option<Vec<Fields<'a>>>, FieldError> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        let Some(items) = value.items() else {
            return Err(self.wrong_type(name, "an array"));
        };
        let path = self.path_of(name);
        let mut number = itoa::Buffer::new();
        let mut objects = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let path = [&path, "[", number.format(index), "]"].concat();
            objects.push(Fields::read(path.into(), item)?);
        }
        Ok(Some(objects))
    }

    /// What was not read, by its path.
    pub(crate) fn rest(self) -> Vec<(String, Json<'a>)> {
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
        Fields::of("", Json::parse(json).unwrap()).unwrap()
    }

    #[test]
    fn errors_name_the_field_by_its_path() {
        let mut fields = fields(r#"{"a":{"b":1},"list":[{"x":"y"},{"x":true}],"none":null}"#);
        let mut a = fields.object("a").unwrap();
        assert_eq!(a.string("b").unwrap_err().message, "`a.b` must be a string");
        assert_eq!(a.text("c").unwrap_err().message, "`a.c` is missing");
        let mut list = fields.objects("list").unwrap();
        let error = list[1].text("x").unwrap_err();
        assert_eq!(error.message, "`list[1].x` must be a string");
        assert_eq!(
            fields.text("none").unwrap_err().kind,
            FieldErrorKind::Missing
        );
    }

    #[test]
    fn a_field_that_is_asked_for_may_not_stand_there_twice_and_others_may() {
        let mut fields = fields(r#"{"a":1,"b":2,"a":1,"c":3,"c":4}"#);
        assert_eq!(fields.integer("b").unwrap(), 2);
        assert_eq!(
            fields.integer("a").unwrap_err().message,
            "`a` stands there twice"
        );
        let mut names: Vec<_> = fields.rest().into_iter().map(|(path, _)| path).collect();
        names.sort();
        assert_eq!(names, ["a", "c", "c"]);
    }
}
