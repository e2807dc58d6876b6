use std::ops::RangeInclusive;

use super::read::Names;
use crate::problem::Problems;
use crate::quoted::quoted;
use crate::{Extra, Problem, ProblemCode};

/// Notes broken rules under the path of the object that is being checked.
pub(super) struct Rules<'a> {
    path: String,
    problems: &'a mut Problems,
}

impl Rules<'_> {
    pub(super) fn of<'a>(path: &str, problems: &'a mut Problems) -> Rules<'a> {
        Rules {
            path: path.to_owned(),
            problems,
        }
    }

    /// The rules of an object within this one.
    pub(super) fn within(&mut self, field: &str) -> Rules<'_> {
        Rules {
            path: format!("{}.{field}", self.path),
            problems: self.problems,
        }
    }

    /// A problem, at the field of this object that it names.
    pub(super) fn broken(&mut self, problem: Problem) {
        let path = format!("{}.{}", self.path, problem.field);
        self.problems.push(problem.at(path));
    }

    /// That no further field has a name of `known`.
    pub(super) fn extra(&mut self, extra: &Extra, known: &Names) {
        let path = format!("{}.", self.path);
        extra
            .check(&path, |name| known.has(name))
            .for_each(|problem| self.problems.push(problem));
    }

    pub(super) fn range(&mut self, field: &str, number: Option<u32>, range: &RangeInclusive<u32>) {
        if let Some(number) = number
            && !range.contains(&number)
        {
            let (from, to) = (range.start(), range.end());
            let rule = format!("must be from {from} to {to}, not {number}");
            let problem = Problem::new(field, rule, "choose a number in that range");
            let problem = problem.coded(ProblemCode::OutOfRange);
            let problem = problem.with("from", *from).with("to", *to);
            self.broken(problem.with("found", number));
        }
    }

    pub(super) fn https_url(&mut self, field: &str, url: Option<&String>) {
        if let Some(url) = url
            && !is_https_url(url)
        {
            let rule = format!("must be an https URL, not {}", quoted(url));
            let problem = Problem::new(field, rule, "serve the picture over https");
            self.broken(problem.coded(ProblemCode::NotHttps));
        }
    }
}

fn is_https_url(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with(['/', '?', '#'])
            && rest.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

/// The same as a regular expression.
#[cfg(feature = "openapi")]
pub(super) const HTTPS_URL: &str = r##"^https://[!"$-.0->@-~][!-~]*$"##;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_https_url_has_a_host_and_no_space() {
        assert!(is_https_url("https://example.com/a.png"));
        for url in [
            "",
            "http://example.com/",
            "https://",
            "https:///a",
            "https://a b",
            "www.image.com",
        ] {
            assert!(!is_https_url(url), "{url}");
        }
    }
}
