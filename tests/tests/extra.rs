//! Further fields on every command and every action: they travel as they are, and never replace ours.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use trtc_call_core::input::{FromInput, Input};
use trtc_call_core::tc3::{Credential, Tc3Signer};
use trtc_call_core::{
    Action, CloudAccess, CloudEndpoint, CloudHost, CloudRegion, Endpoint, Extra,
    IngestRoomIdCoding, SdkAppId, WithExtra, for_each_action, for_each_command,
};

use crate::vectors::{cases, json_file};

const EXTRA: &str = r#"{"Large":12345678901234567890,"Tomorrow":{"b":1.10,"a":[null]}}"#;

/// The cases of which a request is made.
fn requests(folder: &str) -> Vec<PathBuf> {
    let mut cases = cases(folder);
    // Those that have further fields of their own are read as they are by the tests of the endpoints.
    cases.retain(|case| case.join("body.json").exists() && !given(case).contains_key("extra"));
    assert!(!cases.is_empty(), "{folder}");
    cases
}

/// What a user gives to have the request of a case.
fn given(case: &Path) -> Map<String, Value> {
    let Value::Object(mut input) = json_file(case, "input.json") else {
        panic!("{}", case.display());
    };
    input.remove("ingestRoomIdCoding");
    input
}

fn with_extra(mut given: Map<String, Value>, extra: &Value) -> String {
    given.insert("extra".to_owned(), extra.clone());
    Value::Object(given).to_string()
}

/// That `body` is what it is without further fields, and these.
fn assert_has_extra(without: &str, body: &str) {
    let extra = EXTRA.strip_prefix('{').unwrap();
    assert!(body.ends_with(extra), "{body}");
    let parse = |json: &str| serde_json::from_str::<Map<String, Value>>(json).unwrap();
    let mut expected = parse(without);
    expected.extend(parse(EXTRA));
    assert_eq!(parse(body), expected);
}

fn command<E: Endpoint + FromInput>() {
    let fields = E::COMMAND.fields;
    let mut sent = BTreeSet::new();
    for case in requests(E::COMMAND.name) {
        let own = given(&case);
        let plain = E::read(Input::new(&Value::Object(own.clone()).to_string())).unwrap();
        let without = plain.body();
        let body: Map<String, Value> = serde_json::from_str(&without).unwrap();
        let further = plain.with_extra(Extra::from_json(EXTRA).unwrap()).unwrap();
        assert_has_extra(&without, &further.body());
        let names = fields.iter().map(|name| (*name).to_owned());
        sent.extend(names.clone().filter(|name| body.contains_key(name)));
        for name in names {
            let json = with_extra(own.clone(), &json!({ &name: 1 }));
            let read = WithExtra::<E>::read(Input::new(&json), E::with_extra);
            let invalid = read.err().unwrap();
            assert_eq!(invalid.problems()[0].field, format!("extra.{name}"));
        }
    }
    let sent: Vec<&str> = sent.iter().map(String::as_str).collect();
    let all: BTreeSet<&str> = fields.iter().copied().collect();
    assert_eq!(sent, Vec::from_iter(all), "{}", E::COMMAND.name);
}

#[test]
fn every_command_takes_further_fields_and_none_of_its_own_names() {
    for_each_command!(command());
}

fn action<E: CloudEndpoint + FromInput>(action: Action) {
    let credential = Credential::new("id", "key").unwrap();
    let access = CloudAccess {
        host: &CloudHost::default(),
        region: &CloudRegion::default(),
        sdk_app_id: SdkAppId::new(1_400_000_000).unwrap(),
        signer: &Tc3Signer::new(credential),
        ingest_room_id_coding: IngestRoomIdCoding::default(),
    };
    let mut folder = String::new();
    for letter in action.name.chars() {
        if letter.is_ascii_uppercase() && !folder.is_empty() {
            folder.push('_');
        }
        folder.push(letter.to_ascii_lowercase());
    }
    let mut sent = BTreeSet::new();
    for case in requests(&folder) {
        let own = given(&case);
        let plain = E::read(Input::new(&Value::Object(own.clone()).to_string())).unwrap();
        let without = plain.body(&access);
        let body: Map<String, Value> = serde_json::from_str(&without).unwrap();
        let further = plain.with_extra(Extra::from_json(EXTRA).unwrap()).unwrap();
        assert_has_extra(&without, &further.body(&access));
        for name in action.fields {
            sent.extend(body.contains_key(*name).then_some(*name));
            let json = with_extra(own.clone(), &json!({ *name: 1 }));
            let read = WithExtra::<E>::read(Input::new(&json), E::with_extra);
            let invalid = read.err().unwrap();
            assert_eq!(invalid.problems()[0].field, format!("extra.{name}"));
        }
    }
    assert_eq!(
        sent,
        action.fields.iter().copied().collect(),
        "{}",
        action.name
    );
}

#[test]
fn every_action_takes_further_fields_and_none_of_its_own_names() {
    for_each_action!(action());
}

#[test]
fn a_commands_known_fields_are_those_that_are_described() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../crates/emulator/openapi.json"
    );
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    fn check<E: Endpoint>(document: &Value) {
        let path = format!("/v4/{}/{}", E::COMMAND.service, E::COMMAND.name);
        let body = &document["paths"][path]["post"]["requestBody"];
        let properties = &body["content"]["application/json"]["schema"]["properties"];
        let described: BTreeSet<&str> = match properties {
            Value::Object(properties) => properties.keys().map(String::as_str).collect(),
            _ => BTreeSet::new(),
        };
        assert_eq!(described, E::COMMAND.fields.iter().copied().collect());
    }
    for_each_command!(check(&document));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_under_an_unknown_name_travels_unchanged(
        name in "\\PC{1,12}",
        value in any_json(),
        digits in "[1-9][0-9]{0,60}",
    ) {
        let call = trtc_call_core::CallId::new("35fd577d").unwrap();
        prop_assume!(name != "CallId");
        for text in [value.to_string(), digits] {
            let extra = format!("{{{}:{text}}}", json!(name));
            let request = trtc_call_core::call_engine::end_call::Request::new(call.clone());
            let sent = request.with_extra(Extra::from_json(&extra).unwrap()).unwrap();
            let expected = format!("{{\"CallId\":\"35fd577d\",{}", &extra[1..]);
            prop_assert_eq!(sent.body(), expected);
        }
    }
}
