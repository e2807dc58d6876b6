//! `--request`: the whole call as JSON, in the service's spelling or in this library's.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::input::{Given, Input, Properties};
use trtc_call::offline_push::{OfflinePushInfo, Spelling};
use trtc_call::{Extra, InvalidRequest, MediaType, Problem, RoomId, UserId};

use super::push;
use crate::account::UserIdRule;
use crate::input::{Input as File, without_mark};

/// What the file's fields are called.
struct Names {
    robot: &'static str,
    callees: &'static str,
    media: &'static str,
    room: &'static str,
    timeout: &'static str,
    user_data: &'static str,
    push: &'static str,
}

const OURS: Names = Names {
    robot: "robot",
    callees: "callees",
    media: "media",
    room: "room",
    timeout: "ringTimeout",
    user_data: "userData",
    push: "offlinePush",
};

const THE_SERVICES: Names = Names {
    robot: "Robot_Account",
    callees: "CalleeList_Account",
    media: "CallInfo.MediaType",
    room: "CallInfo.RoomId",
    timeout: "Timeout",
    user_data: "UserData",
    push: "OfflinePushInfo",
};

/// The call in the file and how its notification names its fields, or all that is wrong with it.
pub(super) fn read(
    file: &File,
    user_ids: UserIdRule,
) -> Result<(Request, push::Names), Vec<Problem>> {
    let unreadable = |rule: String| {
        let fix = "name a file that holds the call as JSON, or - for stdin";
        vec![Problem::new("--request", rule, fix)]
    };
    let bytes = file.read();
    let bytes = bytes.map_err(|error| unreadable(format!("names what cannot be read: {error}")))?;
    let json = str::from_utf8(without_mark(&bytes));
    let json = json.map_err(|_| unreadable("is not UTF-8".to_owned()))?;
    let at_option = |problem: Problem| {
        let field = match problem.field.as_str() {
            "call" => "--request".to_owned(),
            field => format!("--request {field}"),
        };
        problem.at(field)
    };
    let read = call(json, user_ids);
    read.map_err(|invalid| {
        let problems = invalid.into_problems().into_iter();
        problems.map(at_option).collect()
    })
}

fn call(json: &str, user_ids: UserIdRule) -> Result<(Request, push::Names), InvalidRequest> {
    let input = Input::new(json).allow_any_user_id(user_ids.allow_any_user_id);
    let mut given = input.properties("call")?;
    let of_service = ["Robot_Account", "CalleeList_Account", "CallInfo"];
    let is_services = of_service.into_iter().any(|name| given.has(name));
    let names = if is_services { THE_SERVICES } else { OURS };

    let user = |given: Given<'_>| user_ids.check(&given.text()?);
    let robot = given.required(names.robot, user);
    let callees = given.list(names.callees, user);
    let (media, room) = if is_services {
        let call_info = given.object("CallInfo", |info| {
            let media = info.required("MediaType", Given::text);
            let room = service_room(info);
            Some((media, room))
        });
        call_info.unwrap_or_default()
    } else {
        let media = given.required(names.media, Given::text);
        (media, given.optional(names.room, Given::room))
    };
    let timeout = given.optional(names.timeout, Given::milliseconds);
    let user_data = given.optional(names.user_data, Given::text);
    let push_json = given.take(names.push).map(Given::json);
    let extra = if is_services {
        Some(rest(json, &mut given))
    } else {
        given.optional("extra", |extra| Extra::from_json(extra.json()))
    };

    // What is missing was noted. Something valid stands in for it, so that the rest is judged.
    let is_complete = robot.is_some() && callees.is_some() && media.is_some();
    let media = media.map_or(MediaType::Video, |word| word.as_str().into());
    let mut builder = Request::builder(
        robot.unwrap_or_else(|| UserId::any("(robot)")),
        callees.unwrap_or_else(|| vec![UserId::any("(callee)")]),
        media,
    );
    if let Some(room) = room {
        builder = builder.room(room);
    }
    if let Some(timeout) = timeout {
        builder = builder.ring_timeout(timeout);
    }
    if let Some(user_data) = user_data {
        builder = builder.user_data(user_data);
    }
    if let Some(extra) = extra {
        builder = builder.extra(extra);
    }
    let push = push_json.map(OfflinePushInfo::from_json).transpose();
    let in_file = |problem| names.of(problem, push_json.unwrap_or("{}"));
    let mut problems = Vec::new();
    match push {
        Ok(Some(push)) => builder = builder.offline_push(push),
        Ok(None) => {}
        Err(invalid) => problems.extend(invalid.into_problems().into_iter().map(in_file)),
    }
    let request = builder.build().map_err(|invalid| {
        problems.extend(invalid.into_problems().into_iter().map(in_file));
    });
    let request = request.ok().filter(|_| is_complete && problems.is_empty());
    let mut all = match given.finish(request) {
        Ok(request) => {
            let names = push::Names::in_call(push_json, names.push);
            return Ok((request, names));
        }
        Err(invalid) => invalid.into_problems(),
    };
    all.extend(problems);
    Err(InvalidRequest::from(all))
}

/// `RoomId`, whose kind `RoomIdType` tells.
fn service_room(info: &mut Properties<'_>) -> Option<RoomId> {
    let name = info.optional("RoomId", Given::text);
    let kind = info.optional("RoomIdType", |kind| kind.whole("1 numeric, 2 string"));
    let name = name.filter(|name| !name.is_empty())?;
    let room = match kind {
        Some(1) => name.parse().map_err(|_| {
            let rule = "must be digits where RoomIdType is 1";
            Problem::new("RoomId", rule, "set RoomIdType to 2 for a string room")
        }),
        Some(2) => return info.note(RoomId::text(&name).map_err(|problem| problem.at("RoomId"))),
        _ => Err(Problem::new(
            "RoomIdType",
            "must be 1 or 2 where there is a RoomId",
            "set it: 1 for a numeric room, 2 for a string room",
        )),
    };
    let number = info.note(room)?;
    info.note(RoomId::number(number).map_err(|problem| problem.at("RoomId")))
}

/// Everything that nobody has taken: the service may know it.
fn rest(json: &str, given: &mut Properties<'_>) -> Extra {
    let mut extra = Extra::new();
    // What is no object was noted.
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap_or_default();
    for name in members.into_keys() {
        let value = given.take(&name).map(|value| value.json().parse());
        if let Some(Ok(value)) = value {
            extra.insert(name, value);
        }
    }
    extra
}

impl Names {
    /// The problem of a built request with its field as the file names it. `push` is the notification's text.
    fn of(&self, mut problem: Problem, push: &str) -> Problem {
        let field = problem.field.clone();
        if let Some(path) = field.strip_prefix("offline_push") {
            let spelling = Spelling::of(push);
            problem.rule = spelling.message(&problem.rule);
            problem.fix = spelling.message(&problem.fix);
            let named = match path {
                "" => self.push.to_owned(),
                _ => format!("{}.{}", self.push, spelling.path(&field)),
            };
            return problem.at(named);
        }
        let first = field.split(['[', '.']).next().unwrap_or_default();
        let named = match first {
            "robot" => self.robot,
            "callees" => self.callees,
            "media_type" => self.media,
            "room" => self.room,
            "ring_timeout" => self.timeout,
            "user_data" => self.user_data,
            other => other,
        };
        let rest = field.get(first.len()..).unwrap_or_default();
        problem.at(format!("{named}{rest}"))
    }
}
