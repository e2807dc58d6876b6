//! `/emulator/faults`: what goes wrong with the next requests.

use trtc_call_core::{CloudErrorCode, ErrorCode};

use super::{Asked, Outcome, required_milliseconds};
use crate::field::{FieldError, Fields};
use crate::json::json;
use crate::{Alteration, Emulator, Fault, FaultKind, cloud, command};

const EXAMPLE: &str = r#"{"fault":"http_status","status":502,"requests":1}"#;

pub(super) fn inject(emulator: &mut Emulator, asked: &Asked<'_>) -> Outcome {
    let fault = asked.body(EXAMPLE, read)?;
    let answer = json(&fault);
    emulator.inject(fault);
    Ok(answer)
}

fn read(fields: Fields<'_>) -> Result<Fault, FieldError> {
    const COMMON: &[&str] = &["fault", "requests", "command", "takesEffect", "headers"];
    let word = fields.string("fault")?;
    let own: &[&str] = match word {
        "http_status" => &["status"],
        "altered_reply" => &["set", "remove"],
        "delay" => &["ms"],
        "error_code" | "cloud_error" => &["code"],
        "cut_before_reply" | "cut_mid_reply" | "malformed_json" | "rate_limit" => &[],
        _ => {
            let rule = "must be http_status, delay, cut_before_reply, cut_mid_reply, \
                malformed_json, altered_reply, error_code, cloud_error or rate_limit";
            return Err(fields.error("fault", rule));
        }
    };
    fields.only(&[COMMON, own].concat())?;
    let kind = match word {
        "http_status" => {
            let status = fields.integer("status", &(200..=599))?;
            FaultKind::HttpStatus(u16::try_from(status).unwrap_or(502))
        }
        "delay" => FaultKind::Delay(required_milliseconds(fields, "ms")?),
        "error_code" => {
            let code = fields.integer("code", &(1..=i64::from(i32::MAX)))?;
            FaultKind::ErrorCode(ErrorCode(code))
        }
        "cloud_error" => {
            let code = fields.string("code")?;
            let is_code = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
            if code.is_empty() || !code.bytes().all(is_code) {
                return Err(fields.error("code", "must be a code such as InternalError"));
            }
            FaultKind::CloudError(CloudErrorCode::from(code))
        }
        "altered_reply" => FaultKind::AlteredReply(read_alteration(fields)?),
        "cut_before_reply" => FaultKind::CutBeforeReply,
        "cut_mid_reply" => FaultKind::CutMidReply,
        "malformed_json" => FaultKind::MalformedJson,
        _ => FaultKind::RateLimit,
    };
    let mut fault = Fault::new(kind);
    if let Some(requests) = fields.optional_integer("requests", &(1..=i64::from(u32::MAX)))? {
        fault = fault.times(u32::try_from(requests).unwrap_or(u32::MAX));
    }
    if let Some(name) = fields.optional_string("command")? {
        let names: Vec<&str> = command::names().chain(cloud::names()).collect();
        if !names.contains(&name) {
            let rule = format!("must be one of {}", names.join(", "));
            return Err(fields.error("command", rule));
        }
        fault = fault.only(name);
    }
    if let Some(takes_effect) = fields.optional_bool("takesEffect")? {
        fault = fault.takes_effect(takes_effect);
    }
    if fields.has("headers") {
        let headers = fields.object("headers")?;
        for name in headers.names() {
            fault = fault.header(name, read_header(headers, name)?);
        }
    }
    Ok(fault)
}

/// What frames the reply is the server's own.
const FRAMING: [&str; 3] = ["connection", "content-length", "transfer-encoding"];

fn read_header<'a>(headers: Fields<'a>, name: &str) -> Result<&'a str, FieldError> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let value = headers.string(name)?;
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(headers.error(name, "must have the name of a header, such as Location"));
    }
    if FRAMING.iter().any(|own| own.eq_ignore_ascii_case(name)) {
        return Err(headers.error(name, "must be left to the server, which frames the reply"));
    }
    if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(headers.error(name, "must be printable ASCII"));
    }
    Ok(value)
}

/// `set` and `remove`: what is different in JSON.
pub(super) fn read_alteration(fields: Fields<'_>) -> Result<Alteration, FieldError> {
    let rule = "must be a place such as /Response/CallRecord/RoomIdType";
    let mut alteration = Alteration::default();
    if fields.has("set") {
        let set = fields.object("set")?;
        for (place, value) in set.members() {
            if !Alteration::is_place(place) {
                return Err(set.error(place, rule));
            }
            alteration = alteration.set(place, value.clone());
        }
    }
    for (index, place) in fields
        .optional_strings("remove")?
        .into_iter()
        .flatten()
        .enumerate()
    {
        if !Alteration::is_place(place) {
            return Err(fields.error(&format!("remove[{index}]"), rule));
        }
        alteration = alteration.remove(place);
    }
    Ok(alteration)
}
