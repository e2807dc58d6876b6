//! Reads a push out of JSON, in both spellings, and notes everything that is wrong with its form.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{
    BadgeMode, GooglePriority, Importance, InterruptionLevel, LiveActivityEvent,
    MeizuNoticeMsgType, OppoNotifyLevel, PushFlag, PushStyle, VivoClassification, VivoNotifyType,
};
use crate::problem::Problems;
use crate::wire::Entries;
use crate::{Problem, UnixSeconds};

/// The fields of one JSON object. Each is asked for in the service's spelling and in this library's.
pub(super) struct Reader<'a, 'p> {
    path: String,
    unread: Entries<'a>,
    problems: &'p mut Problems,
}

/// What a field can hold: out of the JSON text of a value, or what was expected there.
pub(super) trait FromJson: Sized {
    fn from_json(json: &str) -> Result<Self, &'static str>;
}

/// Reads the object at `path`.
pub(super) fn object<'a, T>(
    path: String,
    json: &'a str,
    problems: &mut Problems,
    read: impl FnOnce(&mut Reader<'a, '_>) -> T,
) -> Option<T> {
    let Ok(unread) = serde_json::from_str(json) else {
        note(problems, path, "must be an object");
        return None;
    };
    let mut reader = Reader {
        path,
        unread,
        problems,
    };
    let value = read(&mut reader);
    reader.note_unknown();
    Some(value)
}

impl<'a> Reader<'a, '_> {
    /// A field that may be left out.
    pub(super) fn field<T: FromJson>(&mut self, wire: &str, own: &str) -> Option<T> {
        let (path, json) = self.take(wire, own)?;
        match T::from_json(json) {
            Ok(value) => Some(value),
            Err(expected) => {
                note(self.problems, path, format!("must be {expected}"));
                None
            }
        }
    }

    /// A field that must be there.
    pub(super) fn required<T: FromJson>(&mut self, wire: &str, own: &str) -> Option<T> {
        let Entries(unread) = &self.unread;
        if !unread.iter().any(|(name, _)| name == wire || name == own) {
            let path = self.path_of(wire);
            note(self.problems, path, "is missing");
        }
        self.field(wire, own)
    }

    /// An object that may be left out.
    pub(super) fn object<T>(
        &mut self,
        wire: &str,
        own: &str,
        read: impl FnOnce(&mut Reader<'a, '_>) -> T,
    ) -> Option<T> {
        let (path, json) = self.take(wire, own)?;
        object(path, json, self.problems, read)
    }

    /// An array of objects that may be left out.
    pub(super) fn objects<T>(
        &mut self,
        wire: &str,
        own: &str,
        read: impl Fn(&mut Reader<'a, '_>) -> T,
    ) -> Vec<T> {
        let Some((path, json)) = self.take(wire, own) else {
            return Vec::new();
        };
        let Ok(items) = serde_json::from_str::<Vec<&'a RawValue>>(json) else {
            note(self.problems, path, "must be an array of objects");
            return Vec::new();
        };
        let items = items.into_iter().enumerate();
        items
            .filter_map(|(index, item)| {
                object(format!("{path}[{index}]"), item.get(), self.problems, &read)
            })
            .collect()
    }

    /// Where a field stands and what it holds, unless it is left out or `null`.
    fn take(&mut self, wire: &str, own: &str) -> Option<(String, &'a str)> {
        let Entries(unread) = &mut self.unread;
        let mut found = None;
        let mut is_repeated = false;
        unread.retain(|(name, value)| {
            let is_asked_for = name == wire || name == own;
            if is_asked_for {
                is_repeated |= found.is_some();
                found = Some((name.clone(), value.get()));
            }
            !is_asked_for
        });
        let (name, json) = found?;
        let path = self.path_of(&name);
        if is_repeated {
            note(self.problems, path.clone(), "stands there twice");
        }
        (json != "null").then_some((path, json))
    }

    fn note_unknown(self) {
        let Entries(unread) = &self.unread;
        for (name, _) in unread {
            let path = self.path_of(name);
            note(self.problems, path, "is unknown");
        }
    }

    fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }
}

pub(super) fn note(problems: &mut Problems, path: String, rule: impl Into<String>) {
    let fix = "write it as the service's reference does, or in this library's names";
    problems.push(Problem::new(path, rule, fix));
}

impl FromJson for String {
    fn from_json(json: &str) -> Result<String, &'static str> {
        serde_json::from_str(json).map_err(|_| "a string")
    }
}

impl FromJson for u32 {
    fn from_json(json: &str) -> Result<u32, &'static str> {
        json.parse()
            .map_err(|_| "a whole number from 0 to 4294967295")
    }
}

impl FromJson for UnixSeconds {
    fn from_json(json: &str) -> Result<UnixSeconds, &'static str> {
        json.parse()
            .map(UnixSeconds)
            .map_err(|_| "Unix seconds, a whole number")
    }
}

/// A switch travels as 0 or 1; `true` and `false` are this library's.
impl FromJson for bool {
    fn from_json(json: &str) -> Result<bool, &'static str> {
        match json {
            "1" | "true" => Ok(true),
            "0" | "false" => Ok(false),
            _ => Err("0, 1, true or false"),
        }
    }
}

impl FromJson for Map<String, Value> {
    fn from_json(json: &str) -> Result<Map<String, Value>, &'static str> {
        serde_json::from_str(json).map_err(|_| "an object")
    }
}

impl FromJson for BTreeMap<String, String> {
    fn from_json(json: &str) -> Result<BTreeMap<String, String>, &'static str> {
        serde_json::from_str(json).map_err(|_| "an object of strings")
    }
}

macro_rules! codes {
    ($($name:ty),* $(,)?) => {$(
        impl FromJson for $name {
            fn from_json(json: &str) -> Result<$name, &'static str> {
                let code = json.parse::<i64>().map_err(|_| "a whole number")?;
                Ok(code.into())
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
            fn from_json(json: &str) -> Result<$name, &'static str> {
                String::from_json(json).map(|word| word.as_str().into())
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
