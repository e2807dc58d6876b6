use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use serde::Serialize;
use serde_json::{Value, json};
use trtc_call::call_config::{delete_callback, get_callback, set_callback};
use trtc_call::call_engine::{end_call, get_call_info, start_call_by_robot};
use trtc_call::call_record::{get_record_by_callid, get_record_by_filter};
use trtc_call::room::{
    dismiss_room, dismiss_room_by_str_room_id, remove_user, remove_user_by_str_room_id,
};
use trtc_call::stream_ingest::{
    describe_stream_ingest, start_stream_ingest, stop_stream_ingest, update_stream_ingest,
};
use trtc_call::{Action, CloudEndpoint, Endpoint, Error, Problem, Repeat, Reply};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::screen::Screen;

/// Read a saved reply of the service, and print it in this program's form
///
/// Exits as the command itself would have, had it received that reply.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Command, or action of the cloud API, that the reply is to
    #[arg(value_parser = PossibleValuesParser::new(COMMANDS.iter().map(|reader| reader.name)))]
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
        let Some(reader) = COMMANDS.iter().find(|reader| reader.name == self.command) else {
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
                let failure = Failure::of(reader.repeat, error);
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

/// Every command and action whose replies can be read.
const COMMANDS: &[ReplyReader] = &[
    reader::<start_call_by_robot::Request>(),
    reader::<get_call_info::Request>(),
    reader::<end_call::Request>(),
    reader::<get_record_by_callid::Request>(),
    reader::<get_record_by_filter::Request>(),
    reader::<set_callback::Request>(),
    reader::<get_callback::Request>(),
    reader::<delete_callback::Request>(),
    cloud_reader::<start_stream_ingest::Request>(start_stream_ingest::Request::ACTION),
    cloud_reader::<update_stream_ingest::Request>(update_stream_ingest::Request::ACTION),
    cloud_reader::<describe_stream_ingest::Request>(describe_stream_ingest::Request::ACTION),
    cloud_reader::<stop_stream_ingest::Request>(stop_stream_ingest::Request::ACTION),
    cloud_reader::<dismiss_room::Request>(dismiss_room::Request::ACTION),
    cloud_reader::<dismiss_room_by_str_room_id::Request>(
        dismiss_room_by_str_room_id::Request::ACTION,
    ),
    cloud_reader::<remove_user::Request>(remove_user::Request::ACTION),
    cloud_reader::<remove_user_by_str_room_id::Request>(
        remove_user_by_str_room_id::Request::ACTION,
    ),
];

const fn reader<E>() -> ReplyReader
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

const fn cloud_reader<E>(action: Action) -> ReplyReader
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
