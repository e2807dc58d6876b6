//! What is wrong with a value the caller gave, said so that the caller can mend it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::ProblemCode;

/// One broken rule: which field, what the rule is, and how to satisfy it.
///
/// Values made on their own (`UserId::new`) name themselves, such as `user_id`; within a request the
/// field is the path to the value, such as `callees[2]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// Path of the field, in the names of this library: `callees[2]`, `ring_timeout`.
    pub field: String,
    /// The rule that was broken, with the value found where it helps.
    pub rule: String,
    /// What to do about it. A setting of this library stands in backquotes.
    pub fix: String,
    /// What kind of rule it is, for programs that say it in words of their own.
    pub code: ProblemCode,
    /// What the rule is about: limits, and what was found. Their names are listed at the code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<&'static str, Value>,
}

impl Problem {
    /// A problem with `field`: the `rule` it breaks and the `fix`.
    pub fn new(
        field: impl Into<String>,
        rule: impl Into<String>,
        fix: impl Into<String>,
    ) -> Problem {
        Problem {
            field: field.into(),
            rule: rule.into(),
            fix: fix.into(),
            code: ProblemCode::Other,
            parameters: BTreeMap::new(),
        }
    }

    /// The same problem, of that kind.
    #[must_use]
    pub fn coded(mut self, code: ProblemCode) -> Problem {
        self.code = code;
        self
    }

    /// The same problem, with a parameter of its kind.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Problem {
        self.parameters.insert(name, value.into());
        self
    }

    /// The same problem, at another path.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Problem {
        self.field = field.into();
        self
    }

    /// The same problem, its field and the settings of its fix named as JavaScript's callers write them: `ring_timeout`
    /// is `ringTimeout` there, and `media_type` is `media`. What is named so already stays, and so do names that are the
    /// user's own, such as those of further fields.
    #[must_use]
    pub fn in_javascript(mut self) -> Problem {
        self.field = javascript_path(&self.field);
        let parts = self.fix.split('`').enumerate();
        let parts: Vec<String> = parts
            .map(|(index, part)| match index % 2 {
                0 => part.to_owned(),
                _ => javascript_path(part),
            })
            .collect();
        self.fix = parts.join("`");
        self
    }
}

/// A field's path in JavaScript's names.
pub(crate) fn javascript_path(path: &str) -> String {
    if path == "media_type" {
        return "media".to_owned();
    }
    let mut is_users = false;
    let steps = path.split('.').map(|step| {
        if is_users {
            return step.to_owned();
        }
        is_users = matches!(step, "extra" | "push_template_param");
        camel_case(step)
    });
    steps.collect::<Vec<_>>().join(".")
}

/// What has capitals, such as `Robot_Account`, is no name of Rust's, and stays.
fn camel_case(snake_case: &str) -> String {
    if snake_case.contains(char::is_uppercase) {
        return snake_case.to_owned();
    }
    let mut words = snake_case.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.field, self.rule, self.fix)
    }
}

impl std::error::Error for Problem {}

/// Lets a value that is already valid stand wherever one that is still to be checked is accepted.
impl From<Infallible> for Problem {
    fn from(never: Infallible) -> Problem {
        match never {}
    }
}

/// A request that breaks one or more rules; nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidRequest {
    problems: Vec<Problem>,
}

impl InvalidRequest {
    /// Every problem found, in the order of the fields.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The same, to keep.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

impl From<Problem> for InvalidRequest {
    fn from(problem: Problem) -> InvalidRequest {
        InvalidRequest {
            problems: vec![problem],
        }
    }
}

/// For shells that check what the core cannot see.
impl From<Vec<Problem>> for InvalidRequest {
    fn from(problems: Vec<Problem>) -> InvalidRequest {
        InvalidRequest { problems }
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [only] => write!(f, "invalid request: {only}"),
            many => {
                write!(f, "invalid request, {} problems:", many.len())?;
                many.iter()
                    .try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for InvalidRequest {}

/// Gathers the problems of one request, so that all of them are reported at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Converts a field's value; a failure is noted under `field` and gives `None`.
    pub(crate) fn check<V, T>(&mut self, field: impl Into<String>, value: V) -> Option<T>
    where
        V: TryInto<T, Error: Into<Problem>>,
    {
        let checked = value.try_into().map_err(|error| error.into().at(field));
        self.note(checked)
    }

    /// The value, or nothing but a note of the problem.
    pub(crate) fn note<T>(&mut self, checked: Result<T, Problem>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(problem) => {
                self.push(problem);
                None
            }
        }
    }

    /// `Ok` when nothing was noted.
    pub(crate) fn into_result(self) -> Result<(), InvalidRequest> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(InvalidRequest { problems: self.0 })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::FromInput as _;

    #[test]
    fn fields_have_their_javascript_names() {
        for (core, javascript) in [
            ("ring_timeout", "ringTimeout"),
            ("sdk_app_id", "sdkAppId"),
            ("media_type", "media"),
            ("callees[2]", "callees[2]"),
            ("ringTimeout", "ringTimeout"),
            ("extra.my_key", "extra.my_key"),
            (
                "offline_push.push_template_param.my_key",
                "offlinePush.pushTemplateParam.my_key",
            ),
            (
                "offline_push.AndroidInfo.Sound",
                "offlinePush.AndroidInfo.Sound",
            ),
        ] {
            let problem = Problem::new(core, "", "").in_javascript();
            assert_eq!(problem.field, javascript);
        }
    }

    #[test]
    fn javascript_reads_its_own_names_and_the_services() {
        for (field, named) in [
            ("media_type", "media"),
            ("ring_timeout", "ringTimeout"),
            ("CalleeList_Account[1]", "CalleeList_Account[1]"),
            ("offline_push.extra.Odd_Name", "offlinePush.extra.Odd_Name"),
        ] {
            let problem = Problem::new(field, "r_u", "set `plain_http`, or a_b").in_javascript();
            assert_eq!(
                (&*problem.field, &*problem.rule, &*problem.fix),
                (named, "r_u", "set `plainHttp`, or a_b")
            );
        }
    }

    #[test]
    fn a_problem_has_a_code_with_parameters_beside_its_words() {
        let call =
            br#"{"robot":"robot","callees":["robot","a b","jack","jack"],"media":"video","room":0,
            "ringTimeout":5,"userData":null}"#;
        let input = crate::input::Input::new(call);
        let problems = crate::call_engine::start_call_by_robot::Request::read(input);
        let problems = problems.unwrap_err().into_problems();
        let json = serde_json::to_value(&problems).unwrap();
        let coded = |field: &str| {
            let mut found = json.as_array().unwrap().iter();
            let problem = found.find(|it| it["field"] == field).unwrap();
            assert!(problem["rule"].is_string() && problem["fix"].is_string());
            (problem["code"].clone(), problem["parameters"].clone())
        };
        use serde_json::json;
        for (field, code, parameters) in [
            ("callees[1]", "wrong_character", json!({ "found": " " })),
            (
                "room",
                "out_of_range",
                json!({ "from": 1, "to": 4_294_967_294_u32, "found": 0 }),
            ),
            (
                "userData",
                "wrong_type",
                json!({ "wanted": "a string", "found": "null (or a number that is none, such as NaN)" }),
            ),
        ] {
            assert_eq!(coded(field), (code.into(), parameters), "{field}: {json}");
        }
    }
}
