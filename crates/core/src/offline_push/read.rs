//! Reads a push out of JSON, in both spellings, and notes everything that is wrong with its form.
//!
//! By hand over serde_json's raw values, since a derived `Deserialize` tells one mistake at a time, and cannot
//! keep the text of what it does not know.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    BadgeMode, GooglePriority, Importance, InterruptionLevel, JsonObject, LiveActivityEvent,
    MeizuNoticeMsgType, OppoNotifyLevel, PushFlag, PushStyle, VivoClassification, VivoNotifyType,
};
use crate::members::{Member, Members};
use crate::problem::Problems;
use crate::{Extra, Problem, ProblemCode, UnixSeconds};

/// The fields of one JSON object. Each is asked for in the service's spelling and in this library's.
pub(super) struct Reader<'a, 'p> {
    path: String,
    unread: Vec<Member<'a>>,
    names: Names,
    problems: &'p mut Problems,
}

/// The names of an object's fields, each in the service's spelling and in this library's.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<(&'static str, &'static str)>);

/// What a field can hold: out of a value, or what was expected there.
pub(super) trait FromJson: Sized {
    const EXPECTED: &'static str;

    fn from_json(json: &str) -> Option<Self>;
}

/// Reads the object at `path`; whether it is one.
pub(super) fn object<'a>(
    path: String,
    json: &'a str,
    problems: &mut Problems,
    read: &mut dyn FnMut(&mut Reader<'a, '_>),
) -> bool {
    let Ok(Members(unread)) = serde_json::from_str(json) else {
        note(problems, path, "must be an object");
        return false;
    };
    let mut reader = Reader {
        path,
        unread,
        names: Names::default(),
        problems,
    };
    read(&mut reader);
    true
}

impl<'a> Reader<'a, '_> {
    /// A field that may be left out.
    pub(super) fn field<T: FromJson>(
        &mut self,
        wire: &'static str,
        own: &'static str,
        value: &mut Option<T>,
    ) {
        if let Some((path, json)) = self.take(wire, own) {
            *value = T::from_json(json);
            if value.is_none() {
                note(self.problems, path, &format!("must be {}", T::EXPECTED));
            }
        }
    }

    /// A field that must be there.
    pub(super) fn required<T: FromJson>(
        &mut self,
        wire: &'static str,
        own: &'static str,
    ) -> Option<T> {
        let mut value = None;
        if !self
            .unread
            .iter()
            .any(|(name, _)| name == wire || name == own)
        {
            let path = self.path_of(wire);
            note(self.problems, path, "is missing");
        }
        self.field(wire, own, &mut value);
        value
    }

    /// An object that may be left out; whether it is there.
    pub(super) fn object(
        &mut self,
        wire: &'static str,
        own: &'static str,
        read: &mut dyn FnMut(&mut Reader<'a, '_>),
    ) -> bool {
        match self.take(wire, own) {
            Some((path, json)) => object(path, json, self.problems, read),
            None => false,
        }
    }

    /// An array of objects that may be left out.
    pub(super) fn objects(
        &mut self,
        wire: &'static str,
        own: &'static str,
        read: &mut dyn FnMut(&mut Reader<'a, '_>),
    ) {
        let Some((path, json)) = self.take(wire, own) else {
            return;
        };
        let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json) else {
            note(self.problems, path, "must be an array of objects");
            return;
        };
        for (index, item) in items.into_iter().enumerate() {
            object(format!("{path}[{index}]"), item.get(), self.problems, read);
        }
    }

    /// Everything that was not asked for, after all fields were: what stands there by itself, and what stands
    /// under this library's name for it.
    pub(super) fn extra(&mut self, extra: &mut Extra) {
        for (name, json) in self.take_named("extra", "extra") {
            let path = self.path_of(&name);
            match serde_json::from_str::<Members<'_>>(json.get()) {
                Ok(Members(members)) => self.add_extra(&path, members, extra),
                Err(_) => note(self.problems, path, "must be an object of further fields"),
            }
        }
        let unread = std::mem::take(&mut self.unread);
        let path = self.path.clone();
        self.add_extra(&path, unread, extra);
    }

    fn add_extra(&mut self, path: &str, members: Vec<Member<'_>>, extra: &mut Extra) {
        for (name, value) in members {
            let path = format!("{path}.{name}");
            if extra.insert(name, value.into()).is_some() {
                note(self.problems, path, "stands there twice");
            }
        }
    }

    /// Where a field stands and what it holds, unless it is left out or `null`.
    fn take(&mut self, wire: &'static str, own: &'static str) -> Option<(String, &'a str)> {
        self.names.0.push((wire, own));
        let mut found = self.take_named(wire, own);
        let is_repeated = found.len() > 1;
        let (name, json) = found.pop()?;
        let path = self.path_of(&name);
        if is_repeated {
            note(self.problems, path.clone(), "stands there twice");
        }
        (json.get() != "null").then_some((path, json.get()))
    }

    fn take_named(&mut self, wire: &str, own: &str) -> Vec<Member<'a>> {
        let is_asked_for = |(name, _): &mut Member<'a>| name == wire || name == own;
        self.unread.extract_if(.., is_asked_for).collect()
    }

    fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }
}

impl Names {
    /// The names of the fields that `read` asks for.
    pub(super) fn asked_by(read: impl FnOnce(&mut Reader<'_, '_>)) -> Names {
        let mut reader = Reader {
            path: String::new(),
            unread: Vec::new(),
            names: Names::default(),
            problems: &mut Problems::default(),
        };
        read(&mut reader);
        reader.names
    }

    /// Whether the service's field of that name is one of them.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(wire, _)| *wire == name)
    }

    /// All of them, in both spellings.
    pub(super) fn both(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.0.iter().copied()
    }

    /// All of them, in the service's spelling.
    pub(super) fn wire(&self) -> Vec<&'static str> {
        self.0.iter().map(|(wire, _)| *wire).collect()
    }
}

pub(super) fn note(problems: &mut Problems, path: String, rule: &str) {
    let fix = "write it as the service's reference does, or in this library's names";
    let wanted = rule.strip_prefix("must be ").unwrap_or(rule);
    let problem = Problem::new(path, rule, fix).coded(ProblemCode::WrongType);
    problems.push(problem.with("wanted", wanted));
}

/// What `json` is as a `T`.
fn value<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// A whole number, also where a text spells it: the vendor's pages write some fields in both ways.
fn whole<T: std::str::FromStr>(json: &str) -> Option<T> {
    match value::<String>(json) {
        Some(digits) => digits.parse().ok(),
        None => json.parse().ok(),
    }
}

impl FromJson for String {
    const EXPECTED: &'static str = "a string";

    fn from_json(json: &str) -> Option<String> {
        value(json)
    }
}

impl FromJson for u32 {
    const EXPECTED: &'static str = "a whole number from 0 to 4294967295";

    fn from_json(json: &str) -> Option<u32> {
        whole(json)
    }
}

impl FromJson for UnixSeconds {
    const EXPECTED: &'static str = "Unix seconds, a whole number";

    fn from_json(json: &str) -> Option<UnixSeconds> {
        whole(json).map(UnixSeconds)
    }
}

/// A switch travels as 0 or 1; `true` and `false` are this library's.
impl FromJson for bool {
    const EXPECTED: &'static str = "0, 1, true or false";

    fn from_json(json: &str) -> Option<bool> {
        match whole::<u8>(json) {
            Some(1) => Some(true),
            Some(0) => Some(false),
            Some(_) => None,
            None => value(json),
        }
    }
}

impl FromJson for JsonObject {
    const EXPECTED: &'static str = "an object";

    fn from_json(json: &str) -> Option<JsonObject> {
        json.parse().ok()
    }
}

impl FromJson for BTreeMap<String, String> {
    const EXPECTED: &'static str = "an object of strings";

    fn from_json(json: &str) -> Option<BTreeMap<String, String>> {
        let mut strings = BTreeMap::new();
        for (name, text) in value::<Members<'_>>(json)?.0 {
            strings.insert(name.into_owned(), value(text.get())?);
        }
        Some(strings)
    }
}

macro_rules! codes {
    ($($name:ty),* $(,)?) => {$(
        impl FromJson for $name {
            const EXPECTED: &'static str = "a whole number";

            fn from_json(json: &str) -> Option<$name> {
                whole::<i64>(json).map(Into::into)
            }
        }
    )*};
}

codes!(
    BadgeMode,
    MeizuNoticeMsgType,
    OppoNotifyLevel,
    PushFlag,
    PushStyle,
    VivoClassification,
);

macro_rules! words {
    ($($name:ty),* $(,)?) => {$(
        impl FromJson for $name {
            const EXPECTED: &'static str = "a string";

            fn from_json(json: &str) -> Option<$name> {
                let word = value::<String>(json);
                let word = word.or_else(|| value::<i64>(json).map(|number| number.to_string()))?;
                Some(word.as_str().into())
            }
        }
    )*};
}

words!(
    GooglePriority,
    Importance,
    InterruptionLevel,
    LiveActivityEvent,
    VivoNotifyType,
);
