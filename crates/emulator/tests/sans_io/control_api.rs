//! The emulator's own HTTP interface.

use serde_json::{Value, json};

use super::caller::{START, call_of};
use super::{BEGINNING, Line};

impl Line {
    fn control(&mut self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let answer = self.handle(method, path, body.as_bytes());
        assert_eq!(answer.content_type, "application/json");
        assert_eq!(answer.error_code, None);
        let value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, value)
    }

    fn get(&mut self, path: &str) -> Value {
        let (status, value) = self.control("GET", path, "");
        assert_eq!(status, 200, "{value}");
        value
    }

    /// The field, rule and fix of a request that is refused.
    fn control_error(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let (status, value) = self.control(method, path, body);
        let text = |name: &str| value["error"][name].as_str().unwrap();
        assert!(!text("fix").is_empty());
        (status, format!("{}: {}", text("field"), text("rule")))
    }
}

#[test]
fn it_says_that_it_is_there() {
    assert_eq!(
        Line::new().get("/emulator/health"),
        json!({ "status": "ok" })
    );
}

#[cfg(feature = "server")]
#[test]
fn every_command_that_it_describes_is_served() {
    let mut line = Line::new();
    let description = line.get("/emulator/openapi.json");
    assert_eq!(description["openapi"], "3.1.0");
    let paths: Vec<&String> = description["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths.len(), 8);
    for path in paths {
        line.handle("POST", path, b"{}");
    }
    assert_eq!(line.emulator.all_requests().len(), 8);
}

#[test]
fn the_state_tells_time_and_counts() {
    let mut line = Line::new();
    line.ring(&["jack"]);
    line.ring(&["busy"]);
    assert_eq!(
        line.get("/emulator/state"),
        json!({
            "now": BEGINNING * 1000,
            "aheadMs": 0,
            "sdkAppId": 1_400_000_001,
            "calls": 2,
            "callsGoingOn": 1,
            "requests": { "start_call_by_robot": 2 },
            "lastEventId": 5,
        })
    );
}

#[test]
fn calls_and_rings_are_listed() {
    let mut line = Line::new();
    let call_id = line.ring(&["jack", "busy"]);
    line.wait(1_500);
    let expected = json!({
        "number": 1,
        "callId": call_id,
        "robot": "robot",
        "callees": [
            { "user": "jack", "status": "in_call",
              "script": { "script": "answer", "afterMs": 1500, "hangUpAfterMs": 3000 } },
            { "user": "busy", "status": "busy", "script": { "script": "busy" } },
        ],
        "mediaType": "Video",
        "room": { "id": "roomid-test", "type": 2 },
        "userData": null,
        "ringTimeoutMs": 30_000,
        "startedAt": BEGINNING * 1000,
        "answeredAt": BEGINNING * 1000 + 1500,
        "end": null,
        "hasRecord": false,
    });
    assert_eq!(line.get("/emulator/calls"), json!([expected]));
    assert_eq!(line.get(&format!("/emulator/calls/{call_id}")), expected);
    assert_eq!(line.get("/emulator/rings"), json!({ "jack": 1 }));
    let (status, error) = line.control_error("GET", "/emulator/calls/none", "");
    assert_eq!(status, 404);
    assert!(error.starts_with("callId: "), "{error}");
}

#[test]
fn events_can_be_followed() {
    let mut line = Line::new();
    let call_id = line.ring(&["jack"]);
    let all = line.get("/emulator/events");
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(line.get("/emulator/events?since=0"), all);
    line.wait(1_500);
    assert_eq!(
        line.get("/emulator/events?since=2"),
        json!([{ "id": 3, "at": BEGINNING * 1000 + 1500, "callId": call_id,
            "event": "answered", "user": "jack" }])
    );
    for query in ["since=x", "since=-1", "since=", "since=%"] {
        let (status, error) = line.control_error("GET", &format!("/emulator/events?{query}"), "");
        assert_eq!(
            (status, error.starts_with("since: ")),
            (400, true),
            "{query}"
        );
    }
}

#[test]
fn scripts_are_set_shown_and_cleared() {
    let mut line = Line::new();
    for script in [
        r#"{"script":"answer","afterMs":5}"#,
        r#"{"script":"answer","afterMs":5,"hangUpAfterMs":6}"#,
        r#"{"script":"answer","afterMs":5,"dropAfterMs":0}"#,
        r#"{"script":"reject","afterMs":5}"#,
        r#"{"script":"no_answer"}"#,
        r#"{"script":"offline"}"#,
        r#"{"script":"busy"}"#,
    ] {
        let expected: Value = serde_json::from_str(script).unwrap();
        let (status, shown) = line.control("PUT", "/emulator/scripts/jack", script);
        assert_eq!((status, &shown), (200, &expected));
        assert_eq!(line.get("/emulator/scripts/jack"), expected);
    }
    assert_eq!(
        line.get("/emulator/scripts"),
        json!({ "jack": { "script": "busy" } })
    );
    line.ring(&["jack"]);
    assert_eq!(line.emulator.rings("jack"), 0);

    let by_name = json!({ "script": "answer", "afterMs": 1500, "hangUpAfterMs": 3000 });
    let (status, shown) = line.control("DELETE", "/emulator/scripts/jack", "");
    assert_eq!((status, shown), (200, by_name));
    assert_eq!(line.get("/emulator/scripts"), json!({}));
    line.control(
        "PUT",
        "/emulator/scripts/%E7%94%A8%2F1",
        r#"{"script":"busy"}"#,
    );
    assert_eq!(
        line.get("/emulator/scripts"),
        json!({ "用/1": { "script": "busy" } })
    );
}

#[test]
fn a_script_that_is_wrong_is_refused_with_the_field() {
    let mut line = Line::new();
    for (body, field) in [
        ("", "body"),
        ("[]", "body"),
        ("{}", "script"),
        (r#"{"script":"dance"}"#, "script"),
        (r#"{"script":5}"#, "script"),
        (r#"{"script":"reject"}"#, "afterMs"),
        (r#"{"script":"reject","afterMs":-1}"#, "afterMs"),
        (r#"{"script":"reject","afterMs":"1s"}"#, "afterMs"),
        (
            r#"{"script":"reject","afterMs":1,"hangUpAfterMs":1}"#,
            "hangUpAfterMs",
        ),
        (r#"{"script":"answer","after":1}"#, "after"),
        (
            r#"{"script":"answer","afterMs":1,"hangUpAfterMs":1,"dropAfterMs":1}"#,
            "dropAfterMs",
        ),
        (r#"{"script":"busy","afterMs":1}"#, "afterMs"),
    ] {
        let (status, error) = line.control_error("PUT", "/emulator/scripts/jack", body);
        assert_eq!(status, 400);
        assert!(error.starts_with(&format!("{field}: ")), "{body}: {error}");
    }
    assert!(line.emulator.scripts().is_empty());
    let (status, error) = line.control_error("PUT", "/emulator/scripts/", r#"{"script":"busy"}"#);
    assert_eq!(
        (status, error.starts_with("user: ")),
        (400, true),
        "{error}"
    );
}

#[test]
fn faults_are_injected_listed_and_cleared() {
    let mut line = Line::new();
    let mut expected = Vec::new();
    for (body, shown) in [
        (
            r#"{"fault":"http_status","status":502}"#,
            json!({ "fault": "http_status", "status": 502, "requests": 1, "takesEffect": false }),
        ),
        (
            r#"{"fault":"delay","ms":5,"requests":3}"#,
            json!({ "fault": "delay", "ms": 5, "requests": 3, "takesEffect": true }),
        ),
        (
            r#"{"fault":"cut_before_reply","takesEffect":false}"#,
            json!({ "fault": "cut_before_reply", "requests": 1, "takesEffect": false }),
        ),
        (
            r#"{"fault":"cut_mid_reply","command":"end_call"}"#,
            json!({ "fault": "cut_mid_reply", "requests": 1, "command": "end_call", "takesEffect": true }),
        ),
        (
            r#"{"fault":"malformed_json"}"#,
            json!({ "fault": "malformed_json", "requests": 1, "takesEffect": true }),
        ),
        (
            r#"{"fault":"error_code","code":60008}"#,
            json!({ "fault": "error_code", "code": 60008, "requests": 1, "takesEffect": true }),
        ),
        (
            r#"{"fault":"rate_limit"}"#,
            json!({ "fault": "rate_limit", "requests": 1, "takesEffect": false }),
        ),
        (
            r#"{"fault":"http_status","status":303,"headers":{"Location":"/x"},"takesEffect":true}"#,
            json!({ "fault": "http_status", "status": 303, "headers": { "Location": "/x" },
                "requests": 1, "takesEffect": true }),
        ),
        (
            r#"{"fault":"altered_reply","set":{"/Response/UserList":null},"remove":["/RequestId"]}"#,
            json!({ "fault": "altered_reply", "set": { "/Response/UserList": null },
                "remove": ["/RequestId"], "requests": 1, "takesEffect": true }),
        ),
    ] {
        assert_eq!(
            line.control("POST", "/emulator/faults", body),
            (200, shown.clone())
        );
        expected.push(shown);
    }
    assert_eq!(line.get("/emulator/faults"), json!(expected));
    let path_and_query = format!("{START}?{}", line.query);
    let body = call_of(&["jack"]).to_string();
    assert_eq!(
        line.handle("POST", &path_and_query, body.as_bytes()).status,
        502
    );
    assert_eq!(line.get("/emulator/faults").as_array().unwrap().len(), 8);
    assert_eq!(
        line.control("DELETE", "/emulator/faults", ""),
        (200, json!([]))
    );
    line.ring(&["jack"]);
}

#[test]
fn a_fault_that_is_wrong_is_refused_with_the_field() {
    let mut line = Line::new();
    for (body, field) in [
        ("x", "body"),
        ("{}", "fault"),
        (r#"{"fault":"meteor"}"#, "fault"),
        (r#"{"fault":"http_status"}"#, "status"),
        (r#"{"fault":"http_status","status":99}"#, "status"),
        (r#"{"fault":"http_status","status":600}"#, "status"),
        (r#"{"fault":"delay"}"#, "ms"),
        (r#"{"fault":"delay","ms":-1}"#, "ms"),
        (r#"{"fault":"error_code"}"#, "code"),
        (r#"{"fault":"error_code","code":0}"#, "code"),
        (r#"{"fault":"rate_limit","ms":5}"#, "ms"),
        (r#"{"fault":"rate_limit","requests":0}"#, "requests"),
        (r#"{"fault":"rate_limit","requests":"2"}"#, "requests"),
        (r#"{"fault":"rate_limit","command":"fly"}"#, "command"),
        (r#"{"fault":"rate_limit","takesEffect":1}"#, "takesEffect"),
        (r#"{"fault":"rate_limit","headers":["a"]}"#, "headers"),
        (r#"{"fault":"rate_limit","headers":{"a":1}}"#, "headers.a"),
        (
            r#"{"fault":"rate_limit","headers":{"a b":""}}"#,
            "headers.a b",
        ),
        (
            r#"{"fault":"rate_limit","headers":{"a":"\n"}}"#,
            "headers.a",
        ),
        (
            r#"{"fault":"rate_limit","headers":{"Content-Length":"1"}}"#,
            "headers.Content-Length",
        ),
        (r#"{"fault":"altered_reply","set":[]}"#, "set"),
        (r#"{"fault":"altered_reply","set":{"a":1}}"#, "set.a"),
        (
            r#"{"fault":"altered_reply","remove":["/a","b"]}"#,
            "remove[1]",
        ),
        (r#"{"fault":"malformed_json","set":{}}"#, "set"),
    ] {
        let (status, error) = line.control_error("POST", "/emulator/faults", body);
        assert_eq!(status, 400);
        assert!(error.starts_with(&format!("{field}: ")), "{body}: {error}");
    }
    assert!(line.emulator.faults().is_empty());
}

#[test]
fn time_can_be_advanced() {
    let mut line = Line::new();
    line.ring(&["jack"]);
    let (status, state) = line.control("POST", "/emulator/time/advance", r#"{"ms":60000}"#);
    assert_eq!(status, 200);
    assert_eq!(state["now"], BEGINNING * 1000 + 60_000);
    assert_eq!(state["aheadMs"], 60_000);
    assert_eq!(state["callsGoingOn"], 0);
    assert_eq!(line.happened().last().unwrap(), "9500: record_ready");
    for (body, field) in [
        ("", "body"),
        ("{}", "ms"),
        (r#"{"ms":-1}"#, "ms"),
        (r#"{"s":1}"#, "s"),
    ] {
        let (status, error) = line.control_error("POST", "/emulator/time/advance", body);
        assert_eq!(
            (status, error.starts_with(&format!("{field}: "))),
            (400, true),
            "{error}"
        );
    }
}

#[test]
fn a_wrong_path_or_method_is_told_what_there_is() {
    let mut line = Line::new();
    for path in [
        "/emulator",
        "/emulator/",
        "/emulator/nothing",
        "/emulator/calls/a/b",
    ] {
        let (status, value) = line.control("GET", path, "");
        assert_eq!(status, 404, "{path}");
        let fix = value["error"]["fix"].as_str().unwrap();
        assert!(fix.contains("POST /emulator/time/advance"), "{fix}");
    }
    let (status, error) = line.control_error("POST", "/emulator/scripts/jack", "{}");
    assert_eq!(status, 405);
    assert_eq!(error, "method: must be GET or PUT or DELETE, not POST");
}

#[test]
fn the_control_api_meets_no_faults_and_is_not_counted() {
    let mut line = Line::new();
    line.control(
        "POST",
        "/emulator/faults",
        r#"{"fault":"http_status","status":502,"requests":9}"#,
    );
    line.get("/emulator/health");
    assert_eq!(line.emulator.faults()[0].requests, 9);
    assert!(line.emulator.all_requests().is_empty());
}
