//! `--extra`: further fields of a request.

use clap::Args;
use trtc_call::offline_push::Advice;
use trtc_call::{Extra, InvalidRequest, Problem, WithExtra};

use crate::screen::Screen;

/// What every command takes that sends a request, or requests of one kind.
#[derive(Debug, Args)]
pub(crate) struct ExtraArgs {
    /// Further field of the request, which this release does not know; once for each
    #[arg(long, value_name = "NAME=JSON", allow_hyphen_values = true)]
    extra: Vec<String>,
}

impl ExtraArgs {
    /// The fields that were given.
    pub(crate) fn read(&self) -> Result<Extra, Problem> {
        let mut extra = Extra::new();
        for given in &self.extra {
            let wrong = |rule: &str| {
                let fix = r#"write it as NAME=JSON, such as NewField='"text"' or NewField=5"#;
                Problem::new("--extra", rule, fix)
            };
            let (name, json) = given
                .split_once('=')
                .filter(|(name, _)| !name.is_empty())
                .ok_or_else(|| wrong("must be a name, = and JSON"))?;
            let value = json.parse();
            let value = value.map_err(|error| wrong(&format!("{name} must be JSON: {error}")))?;
            if extra.insert(name, value).is_some() {
                return Err(wrong(&format!("{name} stands there twice")));
            }
        }
        Ok(extra)
    }

    /// The request with them, which `with_extra` adds; warns of those that may be slips.
    pub(crate) fn add_to<E>(
        &self,
        screen: &Screen,
        request: Result<E, Vec<Problem>>,
        with_extra: impl FnOnce(E, Extra) -> Result<WithExtra<E>, InvalidRequest>,
    ) -> Result<WithExtra<E>, Vec<Problem>> {
        let request = match (request, self.read()) {
            (Ok(request), Ok(extra)) => with_extra(request, extra).map_err(|invalid| {
                let problems = invalid.problems().iter().cloned();
                problems.map(|problem| problem.at("--extra")).collect()
            }),
            (request, extra) => {
                let mut problems = request.err().unwrap_or_default();
                problems.extend(extra.err());
                Err(problems)
            }
        }?;
        for Advice {
            field,
            message,
            fix,
            ..
        } in request.extra_advice()
        {
            let option = option(&field).unwrap_or(field);
            screen.warn(format_args!("{option}: {message}; {fix}"));
        }
        Ok(request)
    }
}

/// What gives a further field: `extra.NewField` is `--extra NewField`.
pub(crate) fn option(field: &str) -> Option<String> {
    let name = field.strip_prefix("extra.")?;
    Some(format!("--extra {name}"))
}
