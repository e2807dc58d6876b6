use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use serde::Serialize;
use serde_json::{Value, json};
use trtc_call::{
    Action, CloudEndpoint, Command, Endpoint, Error, Problem, Repeat, Reply, for_each_action,
    for_each_command,
};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::input::{Input, without_mark};
use crate::screen::Screen;

/// Read a saved reply of the service, and print it in this program's form
///
/// Exits as the command itself would have, had it received that reply.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Command, or action of the cloud API, that the reply is to
    #[arg(value_parser = PossibleValuesParser::new(names()))]
    command: String,
    /// File that holds the reply's body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,
    /// HTTP status that the reply came with
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(100..=599))]
    status: u16,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let mut readers = for_each_command!(reader()).into_iter();
        let mut cloud_readers = for_each_action!(cloud_reader()).into_iter();
        let is_named = |reader: &ReplyReader| reader.name == self.command;
        let reader = readers
            .find(is_named)
            .or_else(|| cloud_readers.find(is_named));
        let Some(reader) = reader else {
            let fix = "`trtc-call decode --help` lists the commands";
            return Err(CommandError::Invalid(vec![Problem::new(
                "COMMAND",
                "is not known",
                fix,
            )]));
        };
        let body = Input::from(self.file.as_os_str())
            .read()
            .map_err(|error| CommandError::file("the reply cannot be read", error))?;
        let command = self.command.as_str();
        let (document, exit) = match (reader.read)(self.status, without_mark(&body)) {
            Ok(Decoded {
                request_id,
                response,
            }) => (
                json!({ "command": command, "ok": true, "requestId": request_id, "response": response }),
                Exit::Ok,
            ),
            Err(error) => {
                let failure = CommandError::of(reader.repeat, error);
                (
                    json!({ "command": command, "ok": false, "error": failure.document() }),
                    failure.exit(),
                )
            }
        };
        screen.show(format_args!("{document:#}"), &document)?;
        Ok(exit)
    }
}

/// Reads the replies to one command or action.
struct ReplyReader {
    name: &'static str,
    repeat: Repeat,
    read: fn(u16, &[u8]) -> Result<Decoded, Error>,
}

struct Decoded {
    request_id: String,
    response: Value,
}

/// Every command and action, by name.
fn names() -> impl Iterator<Item = &'static str> {
    let commands = Command::ALL.iter().map(|command| command.name);
    commands.chain(Action::ALL.iter().map(|action| action.name))
}

fn reader<E>() -> ReplyReader
where
    E: Endpoint,
    E::Response: Serialize,
{
    ReplyReader {
        name: E::COMMAND.name,
        repeat: E::COMMAND.repeat,
        read: |status, body| E::parse(status, body).map(Decoded::from),
    }
}

fn cloud_reader<E>(action: Action) -> ReplyReader
where
    E: CloudEndpoint,
    E::Response: Serialize,
{
    ReplyReader {
        name: action.name,
        repeat: action.repeat,
        read: |status, body| E::parse(status, body).map(Decoded::from),
    }
}

impl<T: Serialize> From<Reply<T>> for Decoded {
    fn from(reply: Reply<T>) -> Decoded {
        Decoded {
            request_id: reply.request_id,
            response: json!(reply.response),
        }
    }
}
