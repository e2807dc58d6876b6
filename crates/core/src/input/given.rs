use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{CallId, Problem, ProblemCode, RoomId, SdkAppId, TaskId, UnixSeconds, UserId};

/// One value that a user gave. What reads it says what is wrong with it; where it stood, its object knows.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    json: &'a RawValue,
    allow_any_user_id: bool,
}

impl<'a> Given<'a> {
    pub(super) fn new(json: &'a RawValue, allow_any_user_id: bool) -> Given<'a> {
        Given {
            json,
            allow_any_user_id,
        }
    }

    /// Another value of the same input.
    pub(super) fn beside(self, json: &'a RawValue) -> Given<'a> {
        Given { json, ..self }
    }

    /// Its JSON as it stands there: of a number, the exact digits.
    #[must_use]
    pub fn json(self) -> &'a str {
        self.json.get()
    }

    /// A string as it is.
    ///
    /// # Errors
    /// If it is none, or not well-formed Unicode.
    pub fn text(self) -> Result<String, Problem> {
        if !self.is_text() {
            return Err(self.wrong_type("a string"));
        }
        serde_json::from_str(self.json()).map_err(|_| {
            Problem::new(
                "value",
                "must be well-formed: it holds half of a surrogate pair",
                "cut texts between characters",
            )
            .coded(ProblemCode::HalfACharacter)
        })
    }

    /// A list's items.
    ///
    /// # Errors
    /// If it is no list.
    pub fn list(self) -> Result<Vec<Given<'a>>, Problem> {
        let items: Vec<&RawValue> = self.read("an array")?;
        Ok(items.into_iter().map(|item| self.beside(item)).collect())
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// If it is neither.
    pub fn flag(self) -> Result<bool, Problem> {
        self.read("true or false")
    }

    /// A whole number of `unit`, from 0.
    ///
    /// # Errors
    /// If it is none.
    pub fn whole(self, unit: &str) -> Result<u64, Problem> {
        self.json()
            .parse()
            .map_err(|_| self.wrong_type(&format!("a whole number of {unit}")))
    }

    /// A whole number of `unit` within 32 bits.
    ///
    /// # Errors
    /// If it is none.
    pub fn whole_32(self, unit: &str) -> Result<u32, Problem> {
        u32::try_from(self.whole(unit)?)
            .map_err(|_| self.wrong_type(&format!("at most {} {unit}", u32::MAX)))
    }

    /// A duration, in milliseconds.
    ///
    /// # Errors
    /// If it is no whole number.
    pub fn milliseconds(self) -> Result<Duration, Problem> {
        self.whole("milliseconds").map(Duration::from_millis)
    }

    /// A time, in Unix seconds.
    ///
    /// # Errors
    /// If it is no whole number.
    pub fn unix_seconds(self) -> Result<UnixSeconds, Problem> {
        self.whole("Unix seconds").map(UnixSeconds)
    }

    /// An SDKAppID.
    ///
    /// # Errors
    /// If it is no number, or breaks the rule.
    pub fn sdk_app_id(self) -> Result<SdkAppId, Problem> {
        if self.is_number() {
            self.json().parse()
        } else {
            Err(self.wrong_type("a number"))
        }
    }

    /// A user's name, by the rule unless the input allows any.
    ///
    /// # Errors
    /// If it is no string, or breaks the rule.
    pub fn user_id(self) -> Result<UserId, Problem> {
        let name = self.text()?;
        if self.allow_any_user_id {
            Ok(UserId::any(name))
        } else {
            UserId::new(name)
        }
    }

    /// A call's name.
    ///
    /// # Errors
    /// If it is no string, or breaks the rule.
    pub fn call_id(self) -> Result<CallId, Problem> {
        CallId::new(self.text()?)
    }

    /// A task's name.
    ///
    /// # Errors
    /// If it is no string, or breaks the rule.
    pub fn task_id(self) -> Result<TaskId, Problem> {
        TaskId::new(self.text()?)
    }

    /// A room: a number is the numeric room and a string is the string room, whatever it looks like.
    ///
    /// # Errors
    /// If it is neither, or breaks the rule.
    pub fn room(self) -> Result<RoomId, Problem> {
        if self.is_text() {
            return RoomId::text(self.text()?);
        }
        if !self.is_number() {
            return Err(self.wrong_type("a number or a string"));
        }
        match self.json().parse() {
            Ok(number) => RoomId::number(number),
            Err(_) => Err(Problem::new(
                "room",
                format!(
                    "a numeric room must be a whole number from 1 to {}, not {}",
                    RoomId::MAX_NUMBER,
                    self.json()
                ),
                "choose a number in that range, or a string room",
            )
            .coded(ProblemCode::OutOfRange)
            .with("from", 1)
            .with("to", RoomId::MAX_NUMBER)
            .with("found", self.json())),
        }
    }

    /// The problem that it is not what is `wanted`.
    #[must_use]
    pub fn wrong_type(self, wanted: &str) -> Problem {
        let found = match self.json().as_bytes().first() {
            Some(b'n') => "null (or a number that is none, such as NaN)",
            Some(b't' | b'f') => "a boolean",
            Some(b'"') => "a string",
            Some(b'[') => "an array",
            Some(b'{') => "an object",
            _ => self.json(),
        };
        let rule = format!("must be {wanted}, not {found}");
        Problem::new("value", rule, "mend the value's type")
            .coded(ProblemCode::WrongType)
            .with("wanted", wanted)
            .with("found", found)
    }

    pub(super) fn read<T: Deserialize<'a>>(self, wanted: &str) -> Result<T, Problem> {
        serde_json::from_str(self.json()).map_err(|_| self.wrong_type(wanted))
    }

    fn is_text(self) -> bool {
        self.json().starts_with('"')
    }

    fn is_number(self) -> bool {
        self.json()
            .starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(json: &str) -> Given<'_> {
        Given::new(serde_json::from_str(json).unwrap(), false)
    }

    #[test]
    fn a_number_is_the_numeric_room_and_a_string_the_string_room() {
        assert_eq!(given("123").room(), RoomId::number(123));
        assert_eq!(given("\"123\"").room(), RoomId::text("123"));
        for refused in [
            "0",
            "-1",
            "1.5",
            "1e3",
            "4294967295",
            "null",
            "true",
            "[1]",
            "\"\"",
        ] {
            assert!(given(refused).room().is_err(), "{refused}");
        }
    }

    #[test]
    fn numbers_are_read_by_their_digits_and_told_with_all_of_them() {
        assert_eq!(given("18446744073709551615").whole("ms"), Ok(u64::MAX));
        assert_eq!(given("4294967295").whole_32("ms"), Ok(u32::MAX));
        for refused in ["18446744073709551616", "1.0", "1e3", "-1"] {
            let problem = given(refused).whole("ms").unwrap_err();
            assert_eq!(
                problem.rule,
                format!("must be a whole number of ms, not {refused}")
            );
        }
        assert!(given("4294967296").whole_32("ms").is_err());
    }

    #[test]
    fn half_a_character_is_told_apart_from_what_is_no_string() {
        let problem = given(r#""a\ud800""#).text().unwrap_err();
        assert!(problem.rule.contains("surrogate"), "{problem}");
        assert!(
            given("[\"a\"]")
                .text()
                .unwrap_err()
                .rule
                .contains("an array")
        );
        assert_eq!(given(r#""\ud83d\ude00""#).text().as_deref(), Ok("😀"));
    }

    #[test]
    fn any_name_is_taken_where_the_input_allows_it() {
        assert!(given("\"ja ck\"").user_id().is_err());
        let lenient = Given::new(serde_json::from_str("\"ja ck\"").unwrap(), true);
        assert_eq!(lenient.user_id().unwrap().as_str(), "ja ck");
    }
}
