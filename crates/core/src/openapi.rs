//! The commands of the call engine as an OpenAPI 3.1 document, generated from the types that are sent and read.
//!
//! What the types cannot say it leaves out: that the robot is not among the callees, that user data is counted
//! in bytes, how far back records are listed. The core checks these when a request is built.

use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::{Endpoint, ErrorCode, Region, UserId, for_each_command};

/// The document.
#[must_use]
pub fn document() -> Value {
    let paths: Map<String, Value> = for_each_command!(path()).into_iter().collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tencent RTC call engine",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": servers(),
        "security": [{ "usersig": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "usersig": {
                    "type": "apiKey",
                    "in": "query",
                    "name": "usersig",
                    "description": "The UserSig of the account in `identifier`.",
                },
            },
            "parameters": parameters(),
            "schemas": { "Refusal": refusal() },
        },
    })
}

const DESCRIPTION: &str = "The commands with which a server rings users of Tencent RTC, described by the \
    trtc-call project. The service answers 200 whatever happens: look at ErrorCode. \
    **start_call_by_robot rings phones each time that it is sent.**";

/// How a command looks on the wire: what its request serialises to, and what its payload is read from.
pub(crate) trait OnTheWire: Endpoint + JsonSchema {
    fn payload() -> Payload;
}

/// The `Response` of the envelope.
pub(crate) struct Payload {
    schema: Value,
    is_required: bool,
}

impl Payload {
    /// One that is always there.
    pub(crate) fn required<T: JsonSchema>() -> Payload {
        Payload {
            schema: plain(T::json_schema(&mut generator(Contract::Deserialize)).to_value()),
            is_required: true,
        }
    }

    /// One that may be left out.
    pub(crate) fn optional<T: JsonSchema>() -> Payload {
        Payload {
            is_required: false,
            ..Payload::required::<T>()
        }
    }

    /// None: an empty object at most.
    pub(crate) fn absent() -> Payload {
        Payload {
            schema: json!({ "type": "object" }),
            is_required: false,
        }
    }
}

fn path<E: OnTheWire>() -> (String, Value) {
    let command = E::COMMAND;
    let mut request = plain(E::json_schema(&mut generator(Contract::Serialize)).to_value());
    // The type's documentation is the command's.
    let description = request
        .as_object_mut()
        .and_then(|request| request.remove("description"));
    let parameter_names = ["sdkappid", "identifier", "random", "contenttype"];
    let operation = json!({
        "operationId": command.name,
        "tags": [command.service],
        "summary": description,
        "externalDocs": { "url": format!("https://trtc.io/document/{}", command.vendor_page) },
        "parameters": parameter_names.map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })),
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": request } },
        },
        "responses": {
            "200": {
                "description": "What became of it: ErrorCode 0, or why it was refused.",
                "content": { "application/json": { "schema": reply(&E::payload()) } },
            },
        },
    });
    let path = format!("/v4/{}/{}", command.service, command.name);
    (path, json!({ "post": operation }))
}

fn reply(payload: &Payload) -> Value {
    let mut required = vec!["ErrorCode", "ErrorInfo", "ActionStatus", "RequestId"];
    if payload.is_required {
        required.push("Response");
    }
    let success = json!({
        "type": "object",
        "required": required,
        "properties": {
            "ErrorCode": { "const": 0 },
            "ErrorInfo": { "type": "string" },
            "ActionStatus": { "const": "OK" },
            "RequestId": { "type": "string" },
            "Response": payload.schema,
        },
    });
    json!({ "oneOf": [success, { "$ref": "#/components/schemas/Refusal" }] })
}

fn refusal() -> Value {
    let codes: Vec<String> = ErrorCode::catalogue()
        .iter()
        .map(|entry| format!("- {}: {}; {}", entry.code, entry.meaning, entry.what_to_do))
        .collect();
    json!({
        "type": "object",
        "description": "Why the service refused. Early refusals come without RequestId.",
        "required": ["ErrorCode", "ErrorInfo", "ActionStatus"],
        "properties": {
            "ErrorCode": {
                "type": "integer",
                "not": { "const": 0 },
                "description": format!("Others will be added.\n{}", codes.join("\n")),
            },
            "ErrorInfo": { "type": "string" },
            "ActionStatus": { "const": "FAIL" },
            "RequestId": { "type": "string" },
            "Response": false,
        },
    })
}

fn servers() -> Vec<Value> {
    let own = json!({ "url": "/", "description": "The emulator that serves this document" });
    let vendors = Region::VENDOR
        .iter()
        .map(|region| json!({ "url": region.base_url(), "description": format!("{region:?}") }));
    std::iter::once(own).chain(vendors).collect()
}

fn parameters() -> Value {
    let identifier = plain(UserId::json_schema(&mut generator(Contract::Serialize)).to_value());
    let parameter = |name: &str, description: &str, schema: Value| {
        json!({
            "name": name,
            "in": "query",
            "required": true,
            "description": description,
            "schema": schema,
        })
    };
    json!({
        "sdkappid": parameter(
            "sdkappid",
            "SDKAppID: the application.",
            json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }),
        ),
        "identifier": parameter("identifier", "An App admin account.", identifier),
        "random": parameter(
            "random",
            "Fresh for each request.",
            json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        ),
        "contenttype": parameter(
            "contenttype",
            "Always json.",
            json!({ "type": "string", "const": "json" }),
        ),
    })
}

/// Everything in its place: the types' own names mean nothing on the wire, and some are the same.
fn generator(contract: Contract) -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.contract = contract;
    settings.into_generator()
}

/// A schema in the service's sense: what is optional is left out and never `null`, and what is unknown is
/// ignored. Without Rust's defaults, and with the range of its integers in place of their names.
fn plain(mut schema: Value) -> Value {
    match &mut schema {
        Value::Array(items) => items.iter_mut().for_each(|item| *item = plain(item.take())),
        Value::Object(object) => {
            object
                .values_mut()
                .for_each(|value| *value = plain(value.take()));
            make_plain(object);
        }
        _ => {}
    }
    schema
}

fn make_plain(object: &mut Map<String, Value>) {
    if object.get("additionalProperties") == Some(&json!(false)) {
        object.remove("additionalProperties");
    }
    for key in ["type", "enum", "anyOf"] {
        if let Some(Value::Array(choices)) = object.get_mut(key) {
            choices.retain(|choice| !is_null(choice));
        }
    }
    if let Some(Value::Array(types)) = object.get("type")
        && let [only] = types.as_slice()
    {
        let only = only.clone();
        object.insert("type".to_owned(), only);
    }
    if let Some(Value::Array(choices)) = object.get("anyOf")
        && let [Value::Object(only)] = choices.as_slice()
    {
        let only = only.clone();
        object.remove("anyOf");
        for (key, value) in only {
            // What is said about the field goes before what is said about its type.
            object.entry(key).or_insert(value);
        }
    }
    if let Some(Value::String(text)) = object.get("description") {
        let text = first_paragraph(text);
        object.insert("description".to_owned(), text.into());
    }
    // Not in an object's `properties`, where they would be names of fields.
    if object.contains_key("type") {
        object.remove("default");
        let largest = match object.remove("format").as_ref().and_then(Value::as_str) {
            Some("uint32") => Some(u64::from(u32::MAX)),
            Some("uint64") => Some(i64::MAX.unsigned_abs()),
            _ => None,
        };
        if let Some(largest) = largest {
            object.entry("maximum").or_insert(largest.into());
        }
    }
}

/// The first paragraph, without the sentences that speak of Rust items.
fn first_paragraph(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let paragraph = paragraph.replace('\n', " ");
    let sentences: Vec<&str> = paragraph
        .split_inclusive(". ")
        .filter(|sentence| !sentence.contains("[`"))
        .collect();
    sentences.concat().trim_end().to_owned()
}

fn is_null(choice: &Value) -> bool {
    choice.is_null() || choice == "null" || *choice == json!({ "type": "null" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;

    #[test]
    fn every_command_is_described_with_its_request_and_its_reply() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), Command::ALL.len());
        for (path, item) in paths {
            let operation = &item["post"];
            assert!(path.ends_with(operation["operationId"].as_str().unwrap()));
            assert!(operation["summary"].is_string(), "{path}");
            let request = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(request["type"], "object", "{path}");
        }
    }

    #[test]
    fn the_document_speaks_of_the_wire_and_not_of_rust() {
        let text = document().to_string();
        for word in [
            "[`",
            "null",
            "Wire",
            "uint32",
            "$defs",
            "#/definitions",
            "additionalProperties\":false",
        ] {
            assert!(!text.contains(word), "{word}");
        }
        let start = &document()["paths"]["/v4/call_engine_http_srv/start_call_by_robot"]["post"];
        let request = &start["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(request["properties"]["Timeout"]["maximum"], 600_000);
        let push = &request["properties"]["OfflinePushInfo"]["properties"];
        assert_eq!(
            push["AndroidInfo"]["properties"]["OPPONotifyLevel"]["enum"],
            json!([1, 2, 16])
        );
        assert_eq!(push["ApnsInfo"]["properties"]["IsVoipPush"]["const"], 1);
        assert_eq!(
            request["required"],
            json!(["Robot_Account", "CalleeList_Account", "Timeout", "CallInfo"])
        );
    }
}
