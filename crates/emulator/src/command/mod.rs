//! The commands of the REST API, one file each. A new one is a file, a `mod` line and an entry in
//! [`ALL`].

mod delete_callback;
mod end_call;
mod get_call_info;
mod get_callback;
mod get_record_by_callid;
mod get_record_by_filter;
mod offline_push;
mod set_callback;
mod start_call_by_robot;

pub(crate) use start_call_by_robot::{is_numeric_room, is_string_room};

use trtc_call_core::UnixMillis;

use crate::exchange::Exchange;
use crate::field::{AccountRule, Fields};
use crate::random::Draws;
use crate::reply::Outcome;

/// One command.
pub(crate) struct Command {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    /// Serves a request that was admitted and whose body is a JSON object.
    pub(crate) serve: fn(Fields<'_>, &mut Scene<'_>) -> Outcome,
}

const ALL: &[Command] = &[
    start_call_by_robot::COMMAND,
    get_call_info::COMMAND,
    end_call::COMMAND,
    get_record_by_callid::COMMAND,
    get_record_by_filter::COMMAND,
    set_callback::COMMAND,
    get_callback::COMMAND,
    delete_callback::COMMAND,
];

/// What a command acts upon.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) exchange: &'a mut Exchange,
    pub(crate) now: UnixMillis,
    pub(crate) draws: &'a mut Draws,
    pub(crate) account_rule: AccountRule,
}

/// The command at a path: `/v4/{service}/{name}`.
pub(crate) fn at(path: &str) -> Option<&'static Command> {
    let (service, name) = path.strip_prefix("/v4/")?.split_once('/')?;
    ALL.iter()
        .find(|command| command.service == service && command.name == name)
}

/// The names of all commands.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|command| command.name)
}
