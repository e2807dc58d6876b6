//! `start --request`: the whole call as JSON.

use serde_json::{Value, json};

use crate::program::{Run, file, trtc_call};
use crate::service::Service;

fn dry_run(request: &str) -> Run {
    trtc_call([
        "start",
        "--emulator",
        "--json",
        "--dry-run",
        "--request",
        "-",
    ])
    .stdin(request)
    .run()
}

fn wire() -> Value {
    json!({
        "Robot_Account": "robot",
        "CalleeList_Account": ["jack", "jill"],
        "Timeout": 20000,
        "UserData": "é",
        "CallInfo": { "MediaType": "Audio", "RoomId": "123", "RoomIdType": 1 },
        "OfflinePushInfo": { "Title": "t", "AndroidInfo": { "HuaWeiCategory": "VOIP" } },
    })
}

fn ours() -> Value {
    json!({
        "robot": "robot",
        "callees": ["jack", "jill"],
        "ringTimeout": 20000,
        "userData": "é",
        "media": "audio",
        "room": 123,
        "offlinePush": { "title": "t", "android": { "huaweiCategory": "VOIP" } },
    })
}

#[test]
fn the_whole_call_is_read_in_either_spelling_and_shown_as_it_would_be_sent() {
    for request in [wire(), ours()] {
        let run = dry_run(&request.to_string()).exits_with(0);
        assert_eq!(run.json()["body"], wire());
        assert!(run.stderr.contains("nothing was sent"), "{run:?}");
    }
    let string_room = |call: &mut Value| {
        call["CallInfo"]["RoomIdType"] = json!(2);
        call.to_string()
    };
    let run = dry_run(&string_room(&mut wire())).exits_with(0);
    assert_eq!(run.json()["body"]["CallInfo"]["RoomIdType"], 2);
}

#[test]
fn what_this_release_does_not_know_travels_to_the_digit() {
    let service = r#"{"Robot_Account":"r","CalleeList_Account":["a"],"CallInfo":{"MediaType":"Video"},"New":9007199254740993}"#;
    let ours = r#"{"robot":"r","callees":["a"],"media":"video","extra":{"New":9007199254740993}}"#;
    for request in [service, ours] {
        let run = dry_run(request).exits_with(0);
        assert!(run.stdout.contains(r#""New":9007199254740993"#), "{run:?}");
    }
}

#[test]
fn problems_are_told_all_at_once_in_the_names_of_the_file() {
    let mut service = wire();
    service["Robot_Account"] = json!("ro bot");
    service["CalleeList_Account"] = json!(["jack", "jack"]);
    service["Timeout"] = json!(1);
    service["CallInfo"] = json!({ "MediaType": "Audio", "RoomId": "123" });
    service["OfflinePushInfo"]["AndroidInfo"]["OPPONotifyLevel"] = json!(16);
    let mut own = ours();
    own["callees"] = json!([]);
    own["ringTimeOut"] = json!(1);
    own["room"] = json!(0);
    for (request, fields) in [
        (
            service,
            vec![
                "--request CallInfo.RoomIdType",
                "--request CalleeList_Account[1]",
                "--request OfflinePushInfo.AndroidInfo.OPPONotifyLevel",
                "--request Robot_Account",
                "--request Timeout",
            ],
        ),
        (
            own,
            vec![
                "--request callees",
                "--request ringTimeOut",
                "--request room",
            ],
        ),
        (json!([]), vec!["--request"]),
        (
            json!({ "CallInfo": {} }),
            vec![
                "--request CallInfo.MediaType",
                "--request CalleeList_Account",
                "--request Robot_Account",
            ],
        ),
    ] {
        let run = dry_run(&request.to_string()).exits_with(2);
        let problems = run.json()["error"]["problems"].clone();
        let mut found: Vec<_> = problems.as_array().unwrap().iter().collect();
        found.sort_by_key(|problem| problem["field"].to_string());
        let found: Vec<_> = found.iter().map(|problem| &problem["field"]).collect();
        assert_eq!(found, fields, "{problems}");
    }
    let run = dry_run("{").exits_with(2);
    assert!(run.stdout.contains("must be a JSON object"), "{run:?}");
}

#[test]
fn options_that_say_the_same_are_refused_beside_it() {
    let path = file("request.json", ours().to_string());
    for option in [
        ["--callee", "x"],
        ["--room", "x"],
        ["--push-title", "x"],
        ["--extra", "X=1"],
    ] {
        let run = trtc_call(["start", "--emulator", "--request"]);
        let run = run.arg(&path).args(&option).run().exits_with(2);
        assert!(run.stderr.contains("cannot be used with"), "{run:?}");
    }
}

#[test]
fn the_call_in_the_file_rings() {
    let service = Service::start();
    let path = file("request-rings.json", wire().to_string());
    let run = service.client(&["start", "--json", "--request"]).arg(path);
    run.run().exits_with(0);
    assert_eq!(service.with(|emulator| emulator.rings("jill")), 1);
}

#[test]
fn advice_names_the_field_in_the_file() {
    let mut request = wire();
    request["OfflinePushInfo"]["Title"] = json!("x".repeat(60));
    let run = dry_run(&request.to_string()).exits_with(0);
    assert!(
        run.stderr.contains("--request OfflinePushInfo.Title: "),
        "{run:?}"
    );
}
