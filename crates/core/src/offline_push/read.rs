//! Reads a push out of JSON, in both spellings, and notes everything that is wrong with its form.

use std::borrow::Cow;

use super::{
    BadgeMode, GooglePriority, Importance, InterruptionLevel, JsonObject, LiveActivityEvent,
    MeizuNoticeMsgType, OppoNotifyLevel, PushFlag, PushStyle, VivoClassification, VivoNotifyType,
};
use crate::problem::Problems;
use crate::{Json, Problem, SmallMap, UnixSeconds};

/// The fields of one JSON object. Each is asked for in the service's spelling and in this library's.
pub(super) struct Reader<'a, 'p> {
    path: String,
    unread: Vec<(Cow<'a, str>, Json<'a>)>,
    problems: &'p mut Problems,
}

/// What a field can hold: out of a value, or what was expected there.
pub(super) trait FromJson: Sized {
    const EXPECTED: &'static str;

    fn from_json(json: Json<'_>) -> Option<Self>;
}

/// Reads the object at `path`; whether it is one.
pub(super) fn object<'a>(
    path: String,
    json: Json<'a>,
    problems: &mut Problems,
    read: &mut dyn FnMut(&mut Reader<'a, '_>),
) -> bool {
    let Some(unread) = json.members() else {
        note(problems, path, "must be an object");
        return false;
    };
    let mut reader = Reader {
        path,
        unread,
        problems,
    };
    read(&mut reader);
    reader.note_unknown();
    true
}

impl<'a> Reader<'a, '_> {
    /// A field that may be left out.
    pub(super) fn field<T: FromJson>(&mut self, wire: &str, own: &str, value: &mut Option<T>) {
        self.value(wire, own, T::EXPECTED, &mut |json| {
            *value = T::from_json(json);
            value.is_some()
        });
    }

    /// Hands the field's value to `read`, which says whether it is of the `expected` type.
    fn value(
        &mut self,
        wire: &str,
        own: &str,
        expected: &str,
        read: &mut dyn FnMut(Json<'a>) -> bool,
    ) {
        if let Some((path, json)) = self.take(wire, own)
            && !read(json)
        {
            note(self.problems, path, &["must be ", expected].concat());
        }
    }

    /// A field that must be there.
    pub(super) fn required<T: FromJson>(&mut self, wire: &str, own: &str) -> Option<T> {
        let mut value = None;
        if !self.has(wire, own) {
            let path = self.path_of(wire);
            note(self.problems, path, "is missing");
        }
        self.field(wire, own, &mut value);
        value
    }

    /// An object that may be left out; whether it is there.
    pub(super) fn object(
        &mut self,
        wire: &str,
        own: &str,
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
        wire: &str,
        own: &str,
        read: &mut dyn FnMut(&mut Reader<'a, '_>),
    ) {
        let Some((path, json)) = self.take(wire, own) else {
            return;
        };
        let Some(items) = json.items() else {
            note(self.problems, path, "must be an array of objects");
            return;
        };
        for (index, item) in items.into_iter().enumerate() {
            object(format!("{path}[{index}]"), item, self.problems, read);
        }
    }

    /// Where a field stands and what it holds, unless it is left out or `null`.
    fn take(&mut self, wire: &str, own: &str) -> Option<(String, Json<'a>)> {
        let mut found = None;
        let mut is_repeated = false;
        self.unread.retain(|(name, value)| {
            let is_asked_for = name == wire || name == own;
            if is_asked_for {
                is_repeated |= found.is_some();
                found = Some((name.clone(), *value));
            }
            !is_asked_for
        });
        let (name, json) = found?;
        let path = self.path_of(&name);
        if is_repeated {
            note(self.problems, path.clone(), "stands there twice");
        }
        (!json.is_null()).then_some((path, json))
    }

    fn has(&self, wire: &str, own: &str) -> bool {
        self.unread
            .iter()
            .any(|(name, _)| name == wire || name == own)
    }

    fn note_unknown(self) {
        for (name, _) in &self.unread {
            let path = self.path_of(name);
            note(self.problems, path, "is unknown");
        }
    }

    fn path_of(&self, name: &str) -> String {
        [&self.path, ".", name].concat()
    }
}

pub(super) fn note(problems: &mut Problems, path: String, rule: &str) {
    let fix = "write it as the service's reference does, or in this library's names";
    problems.push(Problem::new(path, rule, fix));
}

impl FromJson for String {
    const EXPECTED: &'static str = "a string";

    fn from_json(json: Json<'_>) -> Option<String> {
        json.string().map(Cow::into_owned)
    }
}

impl FromJson for u32 {
    const EXPECTED: &'static str = "a whole number from 0 to 4294967295";

    fn from_json(json: Json<'_>) -> Option<u32> {
        let number: u64 = json.as_str().parse().ok()?;
        u32::try_from(number).ok()
    }
}

impl FromJson for UnixSeconds {
    const EXPECTED: &'static str = "Unix seconds, a whole number";

    fn from_json(json: Json<'_>) -> Option<UnixSeconds> {
        json.as_str().parse().map(UnixSeconds).ok()
    }
}

/// A switch travels as 0 or 1; `true` and `false` are this library's.
impl FromJson for bool {
    const EXPECTED: &'static str = "0, 1, true or false";

    fn from_json(json: Json<'_>) -> Option<bool> {
        match json.as_str() {
            "1" => Some(true),
            "0" => Some(false),
            _ => json.boolean(),
        }
    }
}

impl FromJson for JsonObject {
    const EXPECTED: &'static str = "an object";

    fn from_json(json: Json<'_>) -> Option<JsonObject> {
        JsonObject::of(json)
    }
}

impl FromJson for SmallMap<String, String> {
    const EXPECTED: &'static str = "an object of strings";

    fn from_json(json: Json<'_>) -> Option<SmallMap<String, String>> {
        let mut strings = SmallMap::new();
        for (name, value) in json.members()? {
            strings.insert(name.into_owned(), value.string()?.into_owned());
        }
        Some(strings)
    }
}

macro_rules! codes {
    ($($name:ty),* $(,)?) => {$(
        impl FromJson for $name {
            const EXPECTED: &'static str = "a whole number";

            fn from_json(json: Json<'_>) -> Option<$name> {
                json.as_str().parse::<i64>().ok().map(Into::into)
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

            fn from_json(json: Json<'_>) -> Option<$name> {
                json.string().map(|word| word.as_ref().into())
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
