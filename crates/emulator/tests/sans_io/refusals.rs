//! Every reason for which a request is refused, one by one.

use serde_json::{Value, json};

use super::caller::{END, INFO, KEY, RECORD, SDK_APP_ID, START, call_of, config, query, user_sig};
use super::{BEGINNING, Line, envelope};

/// Code and ErrorInfo of a request that is refused; nothing rings.
fn refuse(method: &str, path_and_query: &str, body: &[u8]) -> (i64, String) {
    let mut line = Line::new();
    let refusal = code_and_info(&envelope(&line.handle(method, path_and_query, body)));
    assert!(line.emulator.all_rings().is_empty());
    assert!(line.emulator.calls().is_empty());
    refusal
}

fn code_and_info(reply: &Value) -> (i64, String) {
    let info = reply["ErrorInfo"].as_str().unwrap();
    (reply["ErrorCode"].as_i64().unwrap(), info.to_owned())
}

fn good_body() -> Vec<u8> {
    call_of(&["jack"]).to_string().into_bytes()
}

/// A good call with another query.
fn refuse_query(query: &str) -> (i64, String) {
    refuse("POST", &format!("{START}?{query}"), &good_body())
}

/// The good query without one of its parameters.
fn query_without(name: &str) -> String {
    let query = query(BEGINNING);
    let kept = query
        .split('&')
        .filter(|part| !part.starts_with(&format!("{name}=")));
    let kept: Vec<&str> = kept.collect();
    assert_eq!(kept.len(), 4);
    kept.join("&")
}

fn query_with(name: &str, value: &str) -> String {
    format!("{}&{name}={value}", query_without(name))
}

/// A good query with another body.
fn refuse_body(path: &str, body: &Value) -> (i64, String) {
    let path_and_query = format!("{path}?{}", query(BEGINNING));
    refuse("POST", &path_and_query, body.to_string().as_bytes())
}

/// A good call, with the value at `pointer` replaced, or removed by `null`.
fn call_with(pointer: &str, value: Value) -> Value {
    let mut body = call_of(&["jack"]);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let object = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        assert!(object.remove(name).is_some());
    } else {
        object.insert(name.to_owned(), value);
    }
    body
}

#[test]
fn the_request_that_the_others_vary_is_good() {
    let mut line = Line::new();
    line.ring(&["jack"]);
    assert_eq!(line.emulator.rings("jack"), 1);
}

#[test]
fn an_unknown_path_is_60009() {
    let query = query(BEGINNING);
    for path in [
        "/",
        "",
        "/v4",
        "/v4/",
        "/v4/call_engine_http_srv",
        "/v4/call_engine_http_srv/",
        "/v4/call_engine_http_srv/start_call",
        "/v4/call_record_http_srv/start_call_by_robot",
        "/v5/call_engine_http_srv/start_call_by_robot",
        "/v4/call_engine_http_srv/start_call_by_robot/",
        "/V4/call_engine_http_srv/start_call_by_robot",
        "/emulators",
    ] {
        let (code, _) = refuse("POST", &format!("{path}?{query}"), &good_body());
        assert_eq!(code, 60009, "{path}");
    }
}

#[test]
fn a_method_other_than_post_is_60002() {
    let path_and_query = format!("{START}?{}", query(BEGINNING));
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "post", ""] {
        let (code, info) = refuse(method, &path_and_query, &good_body());
        assert_eq!(code, 60002, "{method}");
        assert!(info.contains("method"), "{info}");
    }
}

#[test]
fn a_body_over_1_mib_is_60002() {
    let path_and_query = format!("{START}?{}", query(BEGINNING));
    let mut body = good_body();
    body.resize(1 << 20, b' ');
    let mut line = Line::new();
    let reply = envelope(&line.handle("POST", &path_and_query, &body));
    assert_eq!(reply["ErrorCode"], 0, "at the limit: {reply}");
    body.push(b' ');
    let (code, info) = refuse("POST", &path_and_query, &body);
    assert_eq!(code, 60002);
    assert!(info.contains("1048576"), "{info}");
}

#[test]
fn a_query_that_cannot_be_parsed_is_60002() {
    for query in [
        "sdkappid=%",
        "sdkappid=%zz",
        "sdkappid=%ff",
        &format!("{}&random=8", query(BEGINNING)),
    ] {
        assert_eq!(refuse_query(query).0, 60002, "{query}");
    }
}

#[test]
fn a_missing_sdkappid_is_60012() {
    for query in ["", &query_without("sdkappid"), &query_with("sdkappid", "")] {
        let (code, info) = refuse_query(query);
        assert_eq!(code, 60012, "{query}");
        assert!(info.starts_with("sdkappid: "), "{info}");
    }
}

#[test]
fn another_sdkappid_or_one_that_is_no_number_is_60006() {
    for value in [
        "1400000002",
        "0",
        "abc",
        "-1",
        "+1400000001",
        "18446744073709551617",
    ] {
        assert_eq!(
            refuse_query(&query_with("sdkappid", value)).0,
            60006,
            "{value}"
        );
    }
}

#[test]
fn a_missing_identifier_is_60004() {
    for query in [query_without("identifier"), query_with("identifier", "")] {
        let (code, info) = refuse_query(&query);
        assert_eq!(code, 60004);
        assert!(info.starts_with("identifier: "), "{info}");
    }
}

#[test]
fn a_missing_or_empty_user_sig_is_70002() {
    for query in [query_without("usersig"), query_with("usersig", "")] {
        assert_eq!(refuse_query(&query).0, 70002);
    }
}

#[test]
fn a_user_sig_that_cannot_be_read_is_70003() {
    let good = user_sig(SDK_APP_ID, KEY, "administrator", BEGINNING);
    for damaged in [
        &good[..good.len() / 2],
        &good[1..],
        "x",
        "not-base64%2B",
        &"A".repeat(200),
    ] {
        let (code, info) = refuse_query(&query_with("usersig", damaged));
        assert_eq!(code, 70003, "{damaged}");
        assert!(info.starts_with("usersig: "), "{info}");
        assert!(
            damaged.len() < 20 || !info.contains(damaged),
            "the token shows: {info}"
        );
    }
}

#[test]
fn a_user_sig_is_good_until_the_second_of_its_expiry_and_then_70001() {
    let path_and_query = format!("{START}?{}", query(BEGINNING));
    let mut line = Line::new();
    line.wait(3_599_999);
    let reply = envelope(&line.handle("POST", &path_and_query, &good_body()));
    assert_eq!(reply["ErrorCode"], 0);
    line.wait(1);
    let reply = envelope(&line.handle("POST", &path_and_query, &good_body()));
    assert_eq!(reply["ErrorCode"], 70001);
}

#[test]
fn a_user_sig_of_another_key_is_70005() {
    let other = user_sig(SDK_APP_ID, "another key", "administrator", BEGINNING);
    assert_eq!(refuse_query(&query_with("usersig", &other)).0, 70005);
}

#[test]
fn a_user_sig_of_another_user_is_70013() {
    let other = user_sig(SDK_APP_ID, KEY, "jack", BEGINNING);
    assert_eq!(refuse_query(&query_with("usersig", &other)).0, 70013);
}

#[test]
fn a_user_sig_of_another_application_is_70014() {
    let other = user_sig(SDK_APP_ID + 1, KEY, "administrator", BEGINNING);
    assert_eq!(refuse_query(&query_with("usersig", &other)).0, 70014);
}

#[test]
fn an_account_that_is_no_admin_is_60010_and_admins_are_configured() {
    let user_sig = user_sig(SDK_APP_ID, KEY, "jack", BEGINNING);
    let query = format!(
        "sdkappid={SDK_APP_ID}&identifier=jack&usersig={user_sig}&random=7&contenttype=json"
    );
    assert_eq!(refuse_query(&query).0, 60010);

    let mut config = config();
    config.admins = vec!["boss".to_owned(), "jack".to_owned()];
    let mut line = Line::with(&config);
    let answer = line.handle("POST", &format!("{START}?{query}"), &good_body());
    assert_eq!(envelope(&answer)["ErrorCode"], 0);
    assert_eq!(
        line.send(START, &call_of(&["jack"]))["ErrorCode"],
        60010,
        "administrator is none any more"
    );
}

#[test]
fn a_random_that_is_no_32_bit_number_is_60002() {
    let mut queries = vec![query_without("random")];
    queries.extend(["", "4294967296", "-1", "+1", "1.5", "abc"].map(|v| query_with("random", v)));
    for query in queries {
        let (code, info) = refuse_query(&query);
        assert_eq!(code, 60002);
        assert!(info.starts_with("random: "), "{info}");
    }
    let mut line = Line::new();
    for random in ["0", "4294967295"] {
        let path_and_query = format!("{START}?{}", query_with("random", random));
        let reply = envelope(&line.handle("POST", &path_and_query, &good_body()));
        assert_eq!(reply["ErrorCode"], 0, "{random}");
    }
}

#[test]
fn a_contenttype_other_than_json_is_60002() {
    for query in [
        query_without("contenttype"),
        query_with("contenttype", "xml"),
    ] {
        let (code, info) = refuse_query(&query);
        assert_eq!(code, 60002);
        assert!(info.starts_with("contenttype: "), "{info}");
    }
}

#[test]
fn a_body_that_is_no_json_object_is_60003() {
    let path_and_query = format!("{START}?{}", query(BEGINNING));
    for body in [
        &b""[..],
        b"{",
        b"{}x",
        b"[]",
        b"null",
        b"\"text\"",
        b"{\"a\":1,}",
        b"\xff",
        "[".repeat(100_000).as_bytes(),
    ] {
        let (code, _) = refuse("POST", &path_and_query, body);
        assert_eq!(
            code,
            60003,
            "{:?}",
            String::from_utf8_lossy(&body[..body.len().min(20)])
        );
    }
}

#[test]
fn an_account_that_is_no_string_is_60015() {
    for (pointer, value, field) in [
        ("/Robot_Account", json!(5), "Robot_Account"),
        ("/Robot_Account", json!(["robot"]), "Robot_Account"),
        (
            "/CalleeList_Account",
            json!(["jack", 5]),
            "CalleeList_Account[1]",
        ),
        (
            "/CalleeList_Account",
            json!([null]),
            "CalleeList_Account[0]",
        ),
    ] {
        let (code, info) = refuse_body(START, &call_with(pointer, value));
        assert_eq!(code, 60015, "{info}");
        assert!(info.starts_with(&format!("{field}: ")), "{info}");
    }
}

#[test]
fn every_field_rule_of_a_call_is_checked_and_101002_names_the_field() {
    let long_room = "r".repeat(65);
    let long_data = "é".repeat(500) + "x";
    for (pointer, value, field) in [
        ("/Robot_Account", json!(null), "Robot_Account"),
        ("/Robot_Account", json!(""), "Robot_Account"),
        ("/Robot_Account", json!("ro bot"), "Robot_Account"),
        ("/Robot_Account", json!("x".repeat(33)), "Robot_Account"),
        ("/Robot_Account", json!("jack"), "CalleeList_Account"),
        ("/CalleeList_Account", json!(null), "CalleeList_Account"),
        ("/CalleeList_Account", json!("jack"), "CalleeList_Account"),
        ("/CalleeList_Account", json!([]), "CalleeList_Account"),
        (
            "/CalleeList_Account",
            json!(["jack", "jack"]),
            "CalleeList_Account",
        ),
        (
            "/CalleeList_Account",
            json!(["jack", "robot"]),
            "CalleeList_Account",
        ),
        (
            "/CalleeList_Account",
            json!(["jack", "j@ck"]),
            "CalleeList_Account[1]",
        ),
        ("/CalleeList_Account", json!([""]), "CalleeList_Account[0]"),
        ("/Timeout", json!(null), "Timeout"),
        ("/Timeout", json!(9_999), "Timeout"),
        ("/Timeout", json!(600_001), "Timeout"),
        ("/Timeout", json!(30), "Timeout"),
        ("/Timeout", json!("30000"), "Timeout"),
        ("/Timeout", json!(30000.5), "Timeout"),
        ("/Timeout", json!(-30000), "Timeout"),
        ("/UserData", json!(5), "UserData"),
        ("/UserData", json!(long_data), "UserData"),
        ("/CallInfo", json!(null), "CallInfo"),
        ("/CallInfo", json!([]), "CallInfo"),
        ("/CallInfo/MediaType", json!(null), "CallInfo.MediaType"),
        ("/CallInfo/MediaType", json!("Film"), "CallInfo.MediaType"),
        ("/CallInfo/MediaType", json!(1), "CallInfo.MediaType"),
        ("/CallInfo/RoomId", json!(null), "CallInfo.RoomId"),
        ("/CallInfo/RoomId", json!(123), "CallInfo.RoomId"),
        ("/CallInfo/RoomId", json!(""), "CallInfo.RoomId"),
        ("/CallInfo/RoomId", json!("a/b"), "CallInfo.RoomId"),
        ("/CallInfo/RoomId", json!("房间"), "CallInfo.RoomId"),
        ("/CallInfo/RoomId", json!(long_room), "CallInfo.RoomId"),
        ("/CallInfo/RoomIdType", json!(null), "CallInfo.RoomIdType"),
        ("/CallInfo/RoomIdType", json!(0), "CallInfo.RoomIdType"),
        ("/CallInfo/RoomIdType", json!(3), "CallInfo.RoomIdType"),
        ("/CallInfo/RoomIdType", json!("2"), "CallInfo.RoomIdType"),
        ("/CallInfo/RoomIdType", json!(1), "CallInfo.RoomId"),
        ("/OfflinePushInfo", json!("text"), "OfflinePushInfo"),
        (
            "/OfflinePushInfo",
            json!({ "AndroidInfo": { "OPPONotifyLevel": 2 } }),
            "OfflinePushInfo.AndroidInfo.OPPONotifyLevel",
        ),
    ] {
        let body = call_with(pointer, value);
        let (code, info) = refuse_body(START, &body);
        assert_eq!(code, 101_002, "{body}: {info}");
        assert!(info.starts_with(&format!("{field}: ")), "{body}: {info}");
    }
}

#[test]
fn the_limits_themselves_are_allowed() {
    for (pointer, value) in [
        ("/Robot_Account", json!("Robot_-0123456789abcdefghijklmno")),
        (
            "/CalleeList_Account",
            json!(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]),
        ),
        ("/Timeout", json!(10_000)),
        ("/Timeout", json!(600_000)),
        ("/UserData", json!("")),
        ("/UserData", json!("é".repeat(500))),
        ("/CallInfo/MediaType", json!("Audio")),
        ("/CallInfo/MediaType", json!("video")),
        ("/CallInfo/RoomId", json!("r".repeat(64))),
        ("/CallInfo/RoomId", json!("!#$%&()+-:;<=.>?@[]^_{}|~, ")),
        ("/CallInfo/RoomId", json!("123")),
        ("/CallInfo", json!({ "MediaType": "Video" })),
        (
            "/CallInfo",
            json!({ "MediaType": "Video", "RoomId": "4294967294", "RoomIdType": 1 }),
        ),
        ("/OfflinePushInfo", json!({ "Title": "a call" })),
        ("/SomethingNew", json!([1])),
    ] {
        let body = call_with_any(pointer, value);
        let reply = Line::new().send(START, &body);
        assert_eq!(reply["ErrorCode"], 0, "{body}: {reply}");
    }
}

fn call_with_any(pointer: &str, value: Value) -> Value {
    assert!(!value.is_null());
    call_with(pointer, value)
}

#[test]
fn names_outside_the_rule_are_taken_where_the_tenant_has_them() {
    let mut config = config();
    config.allow_any_user_id = true;
    let mut line = Line::with(&config);
    line.ring(&["用户 1", "jack@example"]);
    assert_eq!(line.emulator.rings("用户 1"), 1);
    let reply = line.send(START, &call_of(&[""]));
    assert_eq!(reply["ErrorCode"], 101_002, "a name is never empty");
}

#[test]
fn a_call_id_that_is_missing_or_no_string_is_101002() {
    for path in [INFO, END, RECORD] {
        for body in [json!({}), json!({ "CallId": 5 }), json!({ "callId": "c" })] {
            let (code, info) = refuse_body(path, &body);
            assert_eq!(code, 101_002, "{path}");
            assert!(info.starts_with("CallId: "), "{info}");
        }
    }
}

#[test]
fn a_call_that_does_not_exist_is_101004_and_its_record_101050() {
    for (path, expected) in [(INFO, 101_004), (END, 101_004), (RECORD, 101_050)] {
        for call_id in ["", "no-such-call"] {
            let (code, _) = refuse_body(path, &json!({ "CallId": call_id }));
            assert_eq!(code, expected, "{path}");
        }
    }
}

#[test]
fn more_than_200_requests_in_a_second_are_60007_and_do_not_ring() {
    let mut line = Line::new();
    for number in 0..200 {
        line.ring(&["jack"]);
        line.wait(number % 2);
    }
    let over = line.send(START, &call_of(&["jack"]));
    assert_eq!(over["ErrorCode"], 60007);
    assert_eq!(line.emulator.rings("jack"), 200);
    let other = line.send(INFO, &json!({ "CallId": "c" }));
    assert_eq!(
        other["ErrorCode"], 101_004,
        "each command has its own limit"
    );
    line.wait(900);
    line.ring(&["jack"]);
}

#[test]
fn requests_that_are_not_admitted_do_not_use_up_the_limit() {
    let mut config = config();
    config.requests_per_second = 1;
    let mut line = Line::with(&config);
    for _ in 0..5 {
        let path_and_query = format!("{START}?{}", query_without("usersig"));
        let reply = envelope(&line.handle("POST", &path_and_query, &good_body()));
        assert_eq!(reply["ErrorCode"], 70002);
    }
    line.ring(&["jack"]);
    assert_eq!(line.send(START, &call_of(&["jack"]))["ErrorCode"], 60007);
}

#[test]
fn what_is_checked_first_is_reported_first() {
    let everything_wrong = "/v4/no/such";
    assert_eq!(refuse("GET", everything_wrong, b"").0, 60009);
    assert_eq!(refuse("GET", START, b"").0, 60002);
    assert_eq!(refuse("POST", START, b"").0, 60012);
    assert_eq!(refuse("POST", &format!("{START}?sdkappid=1"), b"").0, 60006);
    let app = format!("{START}?sdkappid={SDK_APP_ID}");
    assert_eq!(refuse("POST", &app, b"").0, 60004);
    assert_eq!(
        refuse("POST", &format!("{app}&identifier=jack"), b"").0,
        70002
    );
    let signed = format!(
        "{app}&identifier=jack&usersig={}",
        user_sig(SDK_APP_ID, KEY, "jack", BEGINNING)
    );
    assert_eq!(refuse("POST", &signed, b"").0, 60010);
    let admin = format!(
        "{app}&identifier=administrator&usersig={}",
        user_sig(SDK_APP_ID, KEY, "administrator", BEGINNING)
    );
    assert_eq!(refuse("POST", &admin, b"").0, 60002);
    let complete = format!("{admin}&random=1&contenttype=json");
    assert_eq!(refuse("POST", &complete, b"").0, 60003);
    assert_eq!(refuse("POST", &complete, b"{}").0, 101_002);
}

#[test]
fn no_answer_and_no_printed_emulator_shows_the_key() {
    let mut line = Line::new();
    line.ring(&["jack"]);
    let other = user_sig(SDK_APP_ID, "another key", "administrator", BEGINNING);
    let path_and_query = format!("{START}?{}", query_with("usersig", &other));
    let answer = line.handle("POST", &path_and_query, &good_body());
    let state = line.handle("GET", "/emulator/state", b"");
    let shown = format!(
        "{:?} {} {} {:?}",
        line.emulator,
        String::from_utf8_lossy(&answer.body),
        String::from_utf8_lossy(&state.body),
        config(),
    );
    assert!(!shown.contains(KEY));
    assert!(!shown.contains("another key"));
    assert!(!shown.contains(&other));
}
