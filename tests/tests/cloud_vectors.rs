//! Every case below `tests/vectors/<action of the cloud API>/`: what is sent, and what is made of a reply.
//! The README there tells what the files are.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use trtc_call_core::input::{FromInput, Input};
use trtc_call_core::tc3::{Credential, Tc3Signer, Tc3Verifier};
use trtc_call_core::{
    Action, CloudAccess, CloudEndpoint, CloudHost, CloudRegion, Error, InvalidRequest, Reply,
    RoomId, SdkAppId, UnixSeconds, WithExtra, for_each_action, room,
};

use crate::vectors::{cases, json_file, snake_case, status, text_file};

#[test]
fn every_action_sends_and_reads_as_its_cases_say() {
    for_each_action!(run());
}

#[test]
fn dismissing_and_removing_pick_the_action_by_the_rooms_kind() {
    for (room, dismissed, removed) in [
        (RoomId::number(123), "DismissRoom", "RemoveUser"),
        (
            RoomId::text("123"),
            "DismissRoomByStrRoomId",
            "RemoveUserByStrRoomId",
        ),
    ] {
        let room = room.unwrap();
        assert_eq!(room::dismiss(&room).action().name, dismissed);
        assert_eq!(
            room::remove(&room, ["jack"]).unwrap().action().name,
            removed
        );
    }
}

/// Runs the cases of one action, of which there are requests and replies.
fn run<E: CloudEndpoint<Response: Serialize> + FromInput>(action: Action) {
    let (mut requests, mut replies) = (0, 0);
    for case in cases(&snake_case(action.name)) {
        if case.join("input.json").exists() {
            requests += 1;
            check_request::<E>(&case);
        } else {
            replies += 1;
            check_reply::<E>(&case, action);
        }
    }
    assert!(requests > 0 && replies > 0, "{} lacks cases", action.name);
}

/// The request that a case's input makes, but for the coding of rooms, which is the account's.
fn read<E: CloudEndpoint + FromInput>(mut input: Value) -> Result<WithExtra<E>, InvalidRequest> {
    let input = input.as_object_mut().unwrap();
    input.remove("ingestRoomIdCoding");
    WithExtra::read(Input::new(&json!(input).to_string()), E::with_extra)
}

fn check_request<E: CloudEndpoint + FromInput>(case: &Path) {
    let input = json_file(case, "input.json");
    let coding = input["ingestRoomIdCoding"].as_str().map(str::to_owned);
    let request = match read::<E>(input) {
        Ok(request) => request,
        Err(invalid) => {
            // Values are judged before rules about several of them: the order is not the vector's.
            let problems = invalid.problems().iter();
            let fields: BTreeSet<String> = problems.map(|p| p.field.clone()).collect();
            let expected = json_file(case, "problems.json");
            let expected = expected.as_array().unwrap().iter();
            let expected = expected.map(|field| field.as_str().unwrap().to_owned());
            assert_eq!(fields, expected.collect(), "{}", case.display());
            return;
        }
    };
    let access = json_file(case, "../../cloud_access.json");
    let text = |name: &str| access[name].as_str().unwrap();
    let credential = Credential::new(text("secretId"), text("secretKey")).unwrap();
    let coding = coding.as_deref().unwrap_or(text("ingestRoomIdCoding"));
    let now = UnixSeconds(access["time"].as_u64().unwrap());
    let sent = request.http_request(
        &CloudAccess {
            host: &text("host").parse::<CloudHost>().unwrap(),
            region: &CloudRegion::new(text("region")).unwrap(),
            sdk_app_id: SdkAppId::new(access["sdkAppId"].as_u64().unwrap().try_into().unwrap())
                .unwrap(),
            signer: &Tc3Signer::new(credential.clone()),
            ingest_room_id_coding: coding.parse().unwrap(),
        },
        now,
    );
    assert_eq!(sent.method, "POST", "method of {}", case.display());
    assert_eq!(sent.url, "https://trtc.intl.tencentcloudapi.com/");
    let action = text_file(case, "action.txt");
    assert_eq!(
        request.action().name,
        action.trim_end(),
        "{}",
        case.display()
    );
    let header = |name: &str| sent.headers.iter().find(|(other, _)| *other == name);
    assert_eq!(header("x-tc-action").unwrap().1, action.trim_end());
    assert_eq!(header("x-tc-region").unwrap().1, text("region"));
    let mut headers: Vec<(&str, &str)> = sent.headers.iter().map(|(n, v)| (*n, &**v)).collect();
    headers.push(("host", "trtc.intl.tencentcloudapi.com"));
    let verified = Tc3Verifier::new([credential])
        .verify(&headers, sent.body.as_bytes(), now)
        .map(str::to_owned);
    assert_eq!(
        verified.as_deref(),
        Ok(text("secretId")),
        "{}",
        case.display()
    );
    let body: Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(
        body,
        json_file(case, "body.json"),
        "body of {}",
        case.display()
    );
}

fn check_reply<E: CloudEndpoint<Response: Serialize>>(case: &Path, Action { repeat, .. }: Action) {
    let status = status(case);
    let read = match E::parse(status, text_file(case, "reply.txt").as_bytes()) {
        Ok(Reply {
            request_id,
            response,
            ..
        }) => {
            json!({ "ok": true, "requestId": request_id, "response": response })
        }
        Err(error) => {
            assert!(!error.may_have_rung(repeat), "{}", case.display());
            let mut about = json!({
                "kind": error.kind(),
                "code": error.code(),
                "requestId": error.request_id(),
                "retryable": error.is_retryable(repeat),
                "outcomeUnknown": error.may_have_started(repeat),
            });
            match error {
                Error::Cloud(error) => about["cloudCode"] = json!(error.code),
                Error::Parse(error) => about["status"] = json!(error.status),
                other => panic!("{other:?} of {}", case.display()),
            }
            json!({ "ok": false, "error": about })
        }
    };
    assert_eq!(read, json_file(case, "expected.json"), "{}", case.display());
}
