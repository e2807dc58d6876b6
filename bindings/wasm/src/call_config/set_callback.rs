//! `POST /v4/call_config/set_callback`

use std::convert::identity;

use trtc_call_core::Problem;
use trtc_call_core::call_config::set_callback::Request;

use crate::endpoint;
use crate::error::Failure;
use crate::given::{Given, Object};
use crate::problems::Problems;

/// Reads the reply.
pub(crate) fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(status, body, identity)
}

/// Reads it out of `{ url, commands, allowUnknownCommands? }`.
pub(crate) fn read(json: &str) -> Result<Request, Failure> {
    let mut object = Object::read("request", json)?;
    let mut problems = Problems::default();
    let url = object.required("url");
    let url = problems.note(url.and_then(|url| url.text("url")));
    let commands = object.required("commands").and_then(names);
    let commands = problems.note(commands);
    let allow_unknown = object.flag("allowUnknownCommands");
    let allow_unknown = problems.note(allow_unknown).unwrap_or(true);
    problems.extend(object.leftovers());

    // What is missing has been noted. Something valid stands in for it, so that core judges the rest.
    let is_complete = url.is_some() && commands.is_some();
    let url = url.unwrap_or_else(|| "https://callback".to_owned());
    let commands = commands.unwrap_or_else(|| vec!["Call.CallbackAfterEndCall".to_owned()]);
    let mut builder = Request::builder(url, commands.iter().map(String::as_str));
    if allow_unknown {
        builder = builder.allow_unknown_commands();
    }
    let request = problems.note_all(builder.build());
    problems.unless_any(request.filter(|_| is_complete))
}

fn names(given: Given<'_>) -> Result<Vec<String>, Problem> {
    let mut names = Vec::new();
    for (index, name) in given.list("commands")?.into_iter().enumerate() {
        names.push(name.text(&format!("commands[{index}]"))?);
    }
    Ok(names)
}
