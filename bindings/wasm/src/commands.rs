//! The commands of core's list: read, built and answered.

use serde::{Serialize, Serializer};
use trtc_call_core::call_engine::start_call_by_robot;
use trtc_call_core::input::{FromInput, Input};
use trtc_call_core::{
    Access, Action, Command, Endpoint, Error, HttpRequest, InvalidRequest, Problem, RingAttempt,
    WithExtra, for_each_command,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::account::Account;
use crate::exact::to_js;
use crate::failure::Failure;
use crate::{given, http};

/// The names of all commands and actions, for the test that JavaScript has them all.
#[wasm_bindgen]
#[must_use]
pub fn names() -> Vec<String> {
    let commands = Command::ALL.iter().map(|command| command.name);
    let actions = Action::ALL.iter().map(|action| action.name);
    commands.chain(actions).map(str::to_owned).collect()
}

/// A request to a command that follows every rule.
#[wasm_bindgen]
pub struct CommandRequest(Box<dyn AnyCommand>);

#[wasm_bindgen]
impl CommandRequest {
    /// Out of the properties that were given.
    #[wasm_bindgen(constructor)]
    pub fn new(
        command: &str,
        given: &JsValue,
        allow_any_user_id: bool,
    ) -> Result<CommandRequest, Failure> {
        let json = given::json_of(given)?;
        let input = Input::new(&json).allow_any_user_id(allow_any_user_id);
        Ok(CommandRequest((spoken(command)?.read)(input)?))
    }

    /// The HTTP request to send; `random` is fresh for each unless it is given.
    pub fn build(&self, account: &Account, random: Option<u32>) -> Thrown<JsValue> {
        http::message(&self.0.http(&account.access(), random_number(random)?))
    }

    /// Reads the reply: what it says, the `requestId` among it.
    pub fn read(&self, status: u16, body: &[u8]) -> Thrown<JsValue> {
        self.0.reply(status, body)
    }

    /// The failure that no reply came; `how` is the code of a transport error.
    #[must_use]
    pub fn lost(&self, how: &str, message: &str) -> Failure {
        Failure::no_reply(self.0.command().repeat, how, message)
    }
}

impl CommandRequest {
    /// Of a request that is ready.
    pub(crate) fn of(request: impl Endpoint<Response: Serialize> + 'static) -> CommandRequest {
        CommandRequest(Box::new(request))
    }

    pub(crate) fn ring_attempt(&self) -> Option<RingAttempt> {
        self.0.ring()
    }
}

/// Reads the reply to a command: what it says, the `requestId` among it.
#[wasm_bindgen(js_name = readReply)]
pub fn read_reply(command: &str, status: u16, body: &[u8]) -> Thrown<JsValue> {
    (spoken(command)?.reply)(status, body)
}

/// Reads the reply to a call that was started, which must name the call.
#[wasm_bindgen(js_name = readStartedCall)]
pub fn read_started_call(status: u16, body: &[u8]) -> Thrown<JsValue> {
    shown::<start_call_by_robot::Request>(start_call_by_robot::parse_named(status, body))
}

/// What its sender should know before a call is sent.
#[wasm_bindgen(js_name = adviseStartCallByRobot)]
pub fn advise(call: &JsValue, allow_any_user_id: bool) -> Thrown<JsValue> {
    let json = given::json_of(call)?;
    let input = Input::new(&json).allow_any_user_id(allow_any_user_id);
    let read = WithExtra::<start_call_by_robot::Request>::read(input, Endpoint::with_extra);
    let call = read.map_err(Failure::from)?;
    let advice = call.request().advice().into_iter();
    let advice = advice.chain(call.extra_advice());
    let advice: Vec<_> = advice
        .map(trtc_call_core::offline_push::Advice::in_javascript)
        .collect();
    Ok(to_js(&advice)?)
}

/// A number for a request's URL.
pub(crate) fn random_number(given: Option<u32>) -> Thrown<u32> {
    match given {
        Some(random) => Ok(random),
        None => getrandom::u32().map_err(|error| JsValue::from_str(&error.to_string())),
    }
}

/// What the requests to all commands have in common.
trait AnyCommand {
    fn command(&self) -> Command;
    fn http(&self, access: &Access<'_>, random: u32) -> HttpRequest;
    fn ring(&self) -> Option<RingAttempt>;
    fn reply(&self, status: u16, body: &[u8]) -> Thrown<JsValue>;
}

impl<E: Endpoint<Response: Serialize>> AnyCommand for E {
    fn command(&self) -> Command {
        E::COMMAND
    }

    fn http(&self, access: &Access<'_>, random: u32) -> HttpRequest {
        self.http_request(access, random)
    }

    fn ring(&self) -> Option<RingAttempt> {
        self.ring_attempt()
    }

    fn reply(&self, status: u16, body: &[u8]) -> Thrown<JsValue> {
        reply::<E>(status, body)
    }
}

/// A command and how its requests and replies are read.
struct Spoken {
    command: Command,
    read: fn(Input<'_>) -> Result<Box<dyn AnyCommand>, InvalidRequest>,
    reply: fn(u16, &[u8]) -> Thrown<JsValue>,
}

fn spoken_as<E: Endpoint<Response: Serialize> + FromInput + 'static>() -> Spoken {
    Spoken {
        command: E::COMMAND,
        read: |input| Ok(Box::new(WithExtra::<E>::read(input, E::with_extra)?)),
        reply: reply::<E>,
    }
}

fn spoken(name: &str) -> Result<Spoken, Failure> {
    let mut all = for_each_command!(spoken_as()).into_iter();
    let found = all.find(|spoken| spoken.command.name == name);
    found.ok_or_else(|| Problem::new("command", "is not known", "name one of the list").into())
}

fn reply<E: Endpoint<Response: Serialize>>(status: u16, body: &[u8]) -> Thrown<JsValue> {
    shown::<E>(E::parse(status, body))
}

fn shown<E: Endpoint<Response: Serialize>>(
    read: Result<trtc_call_core::Reply<E::Response>, Error>,
) -> Thrown<JsValue> {
    match read {
        Ok(reply) => Ok(to_js(&Reply {
            response: Shown::<E>(&reply.response),
            request_id: &reply.request_id,
        })?),
        Err(error) => Err(thrown(E::COMMAND, error)),
    }
}

fn thrown(command: Command, error: Error) -> JsValue {
    Failure::new(command.repeat, error).into()
}

/// A response, which is an object, with its `requestId`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reply<'a, R> {
    #[serde(flatten)]
    pub(crate) response: R,
    pub(crate) request_id: &'a str,
}

struct Shown<'a, E: Endpoint>(&'a E::Response);

impl<E: Endpoint<Response: Serialize>> Serialize for Shown<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        E::show(self.0, serializer)
    }
}
