use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::{fmt, vec};

use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::value::RawValue;

use super::{FieldError, FieldErrorKind};
use crate::JsonText;
use crate::members::{Member, Members};

/// What is unknown, by its path.
pub(crate) type OtherFields = BTreeMap<String, JsonText>;

/// Reads `json`, which `name` names in errors; without a name it is the whole text.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    name: &str,
    json: &'de RawValue,
) -> Result<T, FieldError> {
    Reader::new(&Path::Root(name), json, None).read()
}

/// Reads `json`, and keeps what is unknown.
pub(crate) fn read_and_keep<'de, T: Deserialize<'de>>(
    json: &'de RawValue,
) -> Result<(T, OtherFields), FieldError> {
    let kept = RefCell::default();
    let value = Reader::new(&Path::Root(""), json, Some(&kept)).read()?;
    Ok((value, kept.into_inner()))
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    Root(&'p str),
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root(name) => f.write_str(name),
            Path::Field(Path::Root(""), name) => f.write_str(name),
            Path::Field(object, name) => write!(f, "{object}.{name}"),
            Path::Item(list, index) => write!(f, "{list}[{index}]"),
        }
    }
}

/// One value, which serde_json has found already.
#[derive(Clone, Copy)]
struct Reader<'de, 'p> {
    path: &'p Path<'p>,
    json: &'de RawValue,
    kept: Option<&'p RefCell<OtherFields>>,
}

impl<'de, 'p> Reader<'de, 'p> {
    fn new(
        path: &'p Path<'p>,
        json: &'de RawValue,
        kept: Option<&'p RefCell<OtherFields>>,
    ) -> Reader<'de, 'p> {
        Reader { path, json, kept }
    }

    fn read<T: Deserialize<'de>>(self) -> Result<T, FieldError> {
        T::deserialize(self).map_err(|error| error.at(self.path))
    }

    fn is_null(&self) -> bool {
        self.json.get() == "null"
    }

    /// Keeps something of it, if what is unknown is kept.
    fn keep(&self, path: String, json: JsonText) -> Result<(), FieldError> {
        let Some(kept) = self.kept else {
            return Ok(());
        };
        match kept.borrow_mut().entry(path) {
            Entry::Vacant(place) => {
                place.insert(json);
                Ok(())
            }
            Entry::Occupied(earlier) => {
                let path = earlier.key().as_str();
                Err(FieldError::new(FieldErrorKind::Repeated, path))
            }
        }
    }

    fn begins_with(&self, byte: u8) -> bool {
        self.json.get().as_bytes().first() == Some(&byte)
    }

    /// The error that it is something else.
    fn not(&self, expected: &'static str) -> FieldError {
        if self.is_null() {
            FieldError::here(FieldErrorKind::Null)
        } else {
            FieldError::expected(expected)
        }
    }

    fn text(&self) -> Result<Cow<'de, str>, FieldError> {
        let json = self.json.get();
        let Some(inside) = json
            .strip_prefix('"')
            .and_then(|json| json.strip_suffix('"'))
        else {
            return Err(self.not("a string"));
        };
        if !inside.contains('\\') {
            return Ok(Cow::Borrowed(inside));
        }
        let text = serde_json::from_str(json).map(Cow::Owned);
        text.map_err(|_| FieldError::here(FieldErrorKind::NotText))
    }

    fn number<T: std::str::FromStr>(&self, expected: &'static str) -> Result<T, FieldError> {
        // JSON knows neither a plus sign nor leading zeros, so that this takes no more than it should.
        self.json.get().parse().map_err(|_| self.not(expected))
    }
}

impl<'de> Deserializer<'de> for Reader<'de, '_> {
    type Error = FieldError;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        if !self.begins_with(b'{') {
            return Err(self.not("an object"));
        }
        let Members(members) = serde_json::from_str(self.json.get())
            .map_err(|_| FieldError::expected("an object whose names are text"))?;
        visitor.visit_map(ObjectReader {
            object: self,
            fields,
            members: members.into_iter(),
            next: None,
        })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        if self.is_null() {
            return visitor.visit_unit();
        }
        if !self.begins_with(b'[') {
            return Err(self.not("an array"));
        }
        let items: Vec<&RawValue> =
            serde_json::from_str(self.json.get()).map_err(|_| FieldError::expected("an array"))?;
        visitor.visit_seq(ListReader {
            list: self,
            items: items.into_iter().enumerate(),
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        if self.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    /// Only a [`Said`](super::Said) asks for this.
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visitor.visit_seq(IfReadable(Some(self)))
    }

    /// Only a `RawValue` asks for this: the types that are read have no newtypes but transparent ones.
    /// Whether it may be `null` is said by an `Option`.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        if self.is_null() {
            return Err(self.not("JSON"));
        }
        let raw = self.json.deserialize_newtype_struct(name, visitor);
        raw.map_err(|_| FieldError::expected("JSON"))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visitor.visit_enum(self.text()?.into_deserializer())
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self.json.get() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(self.not("true or false")),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_i64(self.number("an integer of at most 64 bits")?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_u64(self.number("a whole number from 0 to 2^64 - 1")?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_u32(self.number("a whole number from 0 to 2^32 - 1")?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_unit()
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        let value = self.json.deserialize_any(visitor);
        value.map_err(|error| FieldError::expected(error.to_string()))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple map identifier
    }
}

/// What derived code is given of an object.
struct ObjectReader<'de, 'p> {
    object: Reader<'de, 'p>,
    /// The names that it knows.
    fields: &'static [&'static str],
    members: vec::IntoIter<Member<'de>>,
    next: Option<Member<'de>>,
}

impl<'de> MapAccess<'de> for ObjectReader<'de, '_> {
    type Error = FieldError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FieldError> {
        for (name, value) in self.members.by_ref() {
            match self.object.kept {
                Some(_) if !self.fields.contains(&&*name) => {
                    let path = Path::Field(self.object.path, &name).to_string();
                    self.object.keep(path, value.into())?;
                }
                _ => {
                    let (name, _) = self.next.insert((name, value));
                    return seed.deserialize((&**name).into_deserializer()).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, FieldError> {
        let Some((name, value)) = self.next.take() else {
            return Err(FieldError::expected("an object with a value for each name"));
        };
        let path = Path::Field(self.object.path, &name);
        let part = Reader::new(&path, value, self.object.kept);
        seed.deserialize(part).map_err(|error| error.at(&path))
    }
}

/// What derived code is given of a list.
struct ListReader<'de, 'p> {
    list: Reader<'de, 'p>,
    items: std::iter::Enumerate<vec::IntoIter<&'de RawValue>>,
}

impl<'de> SeqAccess<'de> for ListReader<'de, '_> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FieldError> {
        let Some((index, item)) = self.items.next() else {
            return Ok(None);
        };
        let path = Path::Item(self.list.path, index);
        let part = Reader::new(&path, item, self.list.kept);
        let item = seed.deserialize(part).map_err(|error| error.at(&path))?;
        Ok(Some(item))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// A value as a list of it, or of nothing where it cannot be read: then it is kept as it is.
struct IfReadable<'de, 'p>(Option<Reader<'de, 'p>>);

impl<'de> SeqAccess<'de> for IfReadable<'de, '_> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FieldError> {
        let Some(value) = self.0.take() else {
            return Ok(None);
        };
        // Of a value that is kept as a whole, nothing is kept beside it.
        let within = RefCell::default();
        let kept = value.kept.map(|_| &within);
        match seed.deserialize(Reader::new(value.path, value.json, kept)) {
            Ok(read) => {
                for (path, json) in within.take() {
                    value.keep(path, json)?;
                }
                Ok(Some(read))
            }
            // What somebody else may read in another way is no odd field.
            Err(error) if error.kind == FieldErrorKind::Repeated => Err(error),
            Err(_) => {
                value.keep(value.path.to_string(), value.json.into())?;
                Ok(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Count, Integer, Items, List, Said, Text};
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Whole {
        a: Part,
        list: List<Part>,
        n: Option<Integer>,
        s: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Part {
        x: Text,
    }

    fn read_text<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, FieldError> {
        read("", serde_json::from_str(json).unwrap())
    }

    #[test]
    fn errors_name_the_field_by_its_path_and_kind() {
        for (json, kind, message) in [
            (r#"{"list":[]}"#, FieldErrorKind::Missing, "`a` is missing"),
            (r#"{"a":null}"#, FieldErrorKind::Null, "`a` is missing"),
            (
                r#"{"a":[]}"#,
                FieldErrorKind::WrongType,
                "`a` must be an object",
            ),
            (r#"{"a":{}}"#, FieldErrorKind::Missing, "`a.x` is missing"),
            (
                r#"{"a":{"x":null}}"#,
                FieldErrorKind::Null,
                "`a.x` is missing",
            ),
            (
                r#"{"a":{"x":1.5}}"#,
                FieldErrorKind::WrongType,
                "`a.x` must be a string",
            ),
            (
                r#"{"s":"\ud800"}"#,
                FieldErrorKind::NotText,
                "`s` holds half a surrogate pair",
            ),
            (
                r#"{"a":{"x":"1","x":"1"}}"#,
                FieldErrorKind::Repeated,
                "`a.x` stands there twice",
            ),
            (
                r#"{"a":{"x":"1"}}"#,
                FieldErrorKind::Missing,
                "`list` is missing",
            ),
            (
                r#"{"a":{"x":"1"},"list":{}}"#,
                FieldErrorKind::WrongType,
                "`list` must be an array",
            ),
            (
                r#"{"a":{"x":"1"},"list":[{"x":"1"},{}]}"#,
                FieldErrorKind::Missing,
                "`list[1].x` is missing",
            ),
            (
                r#"{"n":"1.0"}"#,
                FieldErrorKind::WrongType,
                "`n` must be an integer of at most 64 bits",
            ),
            (
                r#"{"n":null,"n":1}"#,
                FieldErrorKind::Repeated,
                "`n` stands there twice",
            ),
        ] {
            let error = read_text::<Whole>(json).unwrap_err();
            assert_eq!(
                (error.kind, error.to_string().as_str()),
                (kind, message),
                "{json}"
            );
        }
        let json: &RawValue = serde_json::from_str("[]").unwrap();
        let error = read::<Whole>("Response", json).unwrap_err();
        assert_eq!(error.to_string(), "`Response` must be an object");
    }

    #[test]
    fn null_is_an_empty_list_and_a_missing_option_and_unknown_names_may_repeat() {
        let json = r#"{"later":1,"a":{"x":12345678901234567890123,"later":{}},"list":null,"n":null,"later":2}"#;
        let whole: Whole = read_text(json).unwrap();
        assert_eq!(whole.a.x.0, "12345678901234567890123");
        assert!(whole.list.0.is_empty() && whole.n.is_none() && whole.s.is_none());
    }

    #[test]
    fn what_is_kept_is_kept_by_its_path_and_stands_there_once() {
        let json = r#"{"later":[1.50],"a":{"x":"","y":null},"list":[{"x":"","\u007a":{"b":1}}]}"#;
        let (_, kept) = read_and_keep::<Whole>(serde_json::from_str(json).unwrap()).unwrap();
        let kept: Vec<_> = kept
            .iter()
            .map(|(path, json)| (path.as_str(), json.as_str()))
            .collect();
        assert_eq!(
            kept,
            [
                ("a.y", "null"),
                ("later", "[1.50]"),
                ("list[0].z", r#"{"b":1}"#)
            ]
        );

        let twice = serde_json::from_str(r#"{"a":{"x":"","y":1,"y":1},"list":[]}"#).unwrap();
        let error = read_and_keep::<Whole>(twice).unwrap_err();
        assert_eq!(error.to_string(), "`a.y` stands there twice");
    }

    #[derive(Debug, Deserialize)]
    struct Lenient {
        word: Said<Text>,
        time: Said<Count>,
        parts: Items<Part>,
        more: Said<Items<Text>>,
    }

    #[test]
    fn what_is_missing_null_or_unreadable_is_not_said_and_the_unreadable_is_kept_whole() {
        for json in [
            "{}",
            r#"{"word":null,"time":null,"parts":null,"more":null}"#,
        ] {
            let (read, kept) =
                read_and_keep::<Lenient>(serde_json::from_str(json).unwrap()).unwrap();
            assert!(read.word.0.is_none() && read.time.0.is_none() && read.parts.0.is_empty());
            assert!(read.more.0.is_none() && kept.is_empty(), "{json}");
        }
        let json = r#"{"word":[1.50],"time":"","more":{},
            "parts":[null,{"x":"a","y":1},7,{"z":2,"x":false},{"x":"b"}]}"#;
        let (read, kept) = read_and_keep::<Lenient>(serde_json::from_str(json).unwrap()).unwrap();
        assert!(read.word.0.is_none() && read.time.0.is_none() && read.more.0.is_none());
        let parts: Vec<_> = read.parts.0.iter().map(|part| part.x.0.as_str()).collect();
        assert_eq!(parts, ["a", "b"]);
        let kept: Vec<_> = kept
            .iter()
            .map(|(path, json)| (path.as_str(), json.as_str()))
            .collect();
        assert_eq!(
            kept,
            [
                ("more", "{}"),
                ("parts[1].y", "1"),
                ("parts[2]", "7"),
                ("parts[3]", r#"{"z":2,"x":false}"#),
                ("time", "\"\""),
                ("word", "[1.50]"),
            ]
        );
    }

    #[test]
    fn what_stands_there_twice_is_an_error_wherever_it_stands() {
        for json in [
            r#"{"parts":[{"x":"a","x":"b"}]}"#,
            r#"{"word":"a","word":"b"}"#,
            r#"{"parts":[{"x":"a","y":1,"y":1}]}"#,
        ] {
            let error = read_and_keep::<Lenient>(serde_json::from_str(json).unwrap()).unwrap_err();
            assert_eq!(error.kind, FieldErrorKind::Repeated, "{json}");
        }
    }

    #[test]
    fn deep_nesting_is_passed_over_without_a_stack() {
        let json = format!(
            r#"{{"a":{{"x":""}},"list":[],"later":{}}}"#,
            "[".repeat(100_000) + &"]".repeat(100_000)
        );
        assert!(read_text::<Whole>(&json).is_ok());
    }
}
