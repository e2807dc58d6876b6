use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use serde::Serialize;
use serde_json::{Value, json};
use trtc_call::call_engine::{end_call, get_call_info, start_call_by_robot};
use trtc_call::call_record::get_record_by_callid;
use trtc_call::{Command, Endpoint, Error, Problem};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::screen::Screen;

/// Read a saved reply of the service, and print it in this program's form
///
/// Exits as the command itself would have, had it received that reply.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Command that the reply is to
    #[arg(value_parser = PossibleValuesParser::new(COMMANDS.iter().map(|reader| reader.command.name)))]
    command: String,
    /// File that holds the reply's body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,
    /// HTTP status that the reply came with
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(100..=599))]
    status: u16,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, Failure> {
        let Some(reader) = COMMANDS
            .iter()
            .find(|reader| reader.command.name == self.command)
        else {
            let fix = "`trtc-call decode --help` lists the commands";
            return Err(Failure::Invalid(vec![Problem::new(
                "COMMAND",
                "is not known",
                fix,
            )]));
        };
        let body = Input::from(self.file.as_os_str())
            .read()
            .map_err(|error| Failure::file("the reply cannot be read", error))?;
        let command = self.command.as_str();
        let (document, exit) = match (reader.read)(self.status, &body) {
            Ok(Decoded {
                request_id,
                response,
            }) => (
                json!({ "command": command, "ok": true, "requestId": request_id, "response": response }),
                Exit::Ok,
            ),
            Err(error) => {
                let failure = Failure::Service {
                    command: reader.command,
                    error: Box::new(error),
                };
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

/// Reads the replies to one command.
struct ReplyReader {
    command: Command,
    read: fn(u16, &[u8]) -> Result<Decoded, Error>,
}

struct Decoded {
    request_id: String,
    response: Value,
}

/// Every command whose replies can be read.
const COMMANDS: &[ReplyReader] = &[
    reader::<start_call_by_robot::Request>(),
    reader::<get_call_info::Request>(),
    reader::<end_call::Request>(),
    reader::<get_record_by_callid::Request>(),
];

const fn reader<E>() -> ReplyReader
where
    E: Endpoint,
    E::Response: Serialize,
{
    ReplyReader {
        command: E::COMMAND,
        read: |status, body| {
            let reply = E::parse(status, body)?;
            Ok(Decoded {
                request_id: reply.request_id,
                response: json!(reply.response),
            })
        },
    }
}
