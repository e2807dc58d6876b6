use serde_json::json;

use crate::program::{file, trtc_call};
use crate::service::Service;

const DRY_RUN: [&str; 6] = [
    "start",
    "--callee",
    "jack",
    "--dry-run",
    "--emulator",
    "--json",
];

#[test]
fn title_text_and_ext_of_the_push_are_options() {
    let run = trtc_call(DRY_RUN)
        .args(&["--push-title", "Rose is calling", "--push-desc", "-now-"])
        .args(&["--push-ext", "{}"])
        .run()
        .exits_with(0);
    let shown = run.json();
    assert_eq!(
        shown["body"]["OfflinePushInfo"],
        json!({ "Title": "Rose is calling", "Desc": "-now-", "Ext": "{}" })
    );
    assert_eq!(shown.get("advice"), None, "{shown}");
}

#[test]
fn without_these_options_there_is_no_push_of_ours() {
    let run = trtc_call(DRY_RUN).run().exits_with(0);
    assert_eq!(run.json()["body"].get("OfflinePushInfo"), None);
}

#[test]
fn the_whole_push_is_read_from_a_file_or_stdin_in_either_spelling() {
    let wire = json!({ "Title": "t", "AndroidInfo": { "HuaWeiCategory": "VOIP" } });
    let ours = json!({ "title": "t", "android": { "huaweiCategory": "VOIP" } }).to_string();
    let from_stdin = trtc_call(DRY_RUN)
        .args(&["--push-json", "-"])
        .stdin(wire.to_string())
        .run()
        .exits_with(0);
    let from_file = trtc_call(DRY_RUN)
        .arg("--push-json")
        .arg(file("push.json", ours))
        .run()
        .exits_with(0);
    for run in [from_stdin, from_file] {
        assert_eq!(run.json()["body"]["OfflinePushInfo"], wire);
    }
}

#[test]
fn a_push_option_wins_over_the_file() {
    let run = trtc_call(DRY_RUN)
        .args(&["--push-title", "mine", "--push-json", "-"])
        .stdin(r#"{"Title":"theirs","Desc":"d"}"#)
        .run()
        .exits_with(0);
    let push = &run.json()["body"]["OfflinePushInfo"];
    assert_eq!(*push, json!({ "Title": "mine", "Desc": "d" }));
}

#[test]
fn what_is_wrong_with_the_push_is_told_with_its_path() {
    for (push, field) in [
        (r#"{"title":5}"#, "--push-json title"),
        (r#"{"Title":5}"#, "--push-json Title"),
        (
            r#"{"AndroidInfo":{"HuaWeiImage":"http://a"}}"#,
            "--push-json AndroidInfo.HuaWeiImage",
        ),
        (
            r#"{"android":{"huaweiImage":"http://a"}}"#,
            "--push-json android.huaweiImage",
        ),
        (r#"{"badgeAddNum":0}"#, "--push-json badgeAddNum"),
        (r#"{"BadgeAddNum":0}"#, "--push-json BadgeAddNum"),
        ("", "--push-json"),
        ("[]", "--push-json"),
    ] {
        let run = trtc_call(DRY_RUN)
            .args(&["--push-json", "-"])
            .stdin(push)
            .run()
            .exits_with(2);
        assert_eq!(run.json()["error"]["problems"][0]["field"], field, "{push}");
    }
    let run = trtc_call(DRY_RUN)
        .args(&["--push-json", "no-such-file"])
        .run()
        .exits_with(2);
    assert_eq!(run.json()["error"]["problems"][0]["field"], "--push-json");
}

#[test]
fn a_message_names_fields_as_the_file_does() {
    for (push, said) in [
        (
            r#"{"AndroidInfo":{"OPPONotifyLevel":2}}"#,
            "AndroidInfo.OPPONotifyLevel: needs OPPOCategory\n    set OPPOCategory, such as IM",
        ),
        (
            r#"{"android":{"oppoNotifyLevel":2}}"#,
            "android.oppoNotifyLevel: needs OPPOCategory",
        ),
    ] {
        let run = trtc_call(&DRY_RUN[..5])
            .args(&["--push-json", "-"])
            .stdin(push)
            .run()
            .exits_with(2);
        assert!(run.stderr.contains(said), "{run:?}");
        assert!(!run.stderr.contains("oppo_"), "{run:?}");
    }
}

#[test]
fn a_field_that_this_release_does_not_know_is_sent_with_advice() {
    let push = r#"{"AndroidInfo":{"OPPONotifyLevl":12345678901234567890}}"#;
    let run = trtc_call(&DRY_RUN[..5])
        .args(&["--push-json", "-"])
        .stdin(push)
        .run()
        .exits_with(0);
    assert!(run.stdout.contains("\"OPPONotifyLevl\""), "{run:?}");
    assert!(run.stdout.contains("12345678901234567890"), "{run:?}");
    assert!(
        run.stderr.contains(
            "--push-json AndroidInfo.OPPONotifyLevl: is a field that this release does not know"
        ),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("did you mean OPPONotifyLevel?"),
        "{run:?}"
    );
}

#[test]
fn a_further_field_of_the_call_is_sent_as_it_is_and_never_replaces_ours() {
    let run = trtc_call(DRY_RUN)
        .args(&["--extra", "Tomorrow=12345678901234567890"])
        .args(&["--extra", r#"UserDatta={"a":[1.10]}"#])
        .run()
        .exits_with(0);
    assert!(
        run.stdout.contains("12345678901234567890") && run.stdout.contains("1.10"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("--extra UserDatta") && run.stderr.contains("did you mean UserData?"),
        "{run:?}"
    );
    for wrong in ["UserData=1", "Tomorrow", "=1", "Tomorrow=", "Tomorrow=x"] {
        let run = trtc_call(DRY_RUN)
            .args(&["--extra", wrong])
            .run()
            .exits_with(2);
        let field = &run.json()["error"]["problems"][0]["field"];
        assert_eq!(*field, "--extra", "{wrong}");
    }
}

#[test]
fn advice_is_given_on_stderr_and_in_the_document_and_stops_nothing() {
    let service = Service::start();
    let title = "x".repeat(41);
    let run = service
        .client(&[
            "start",
            "--callee",
            "jack",
            "--push-title",
            &title,
            "--json",
        ])
        .run()
        .exits_with(0);
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 1);
    let document = run.json();
    let advice = document["advice"].as_array().unwrap();
    let cuts: Vec<_> = advice
        .iter()
        .map(|advice| (advice["code"].as_str(), advice["vendor"].as_str()))
        .collect();
    let cut_by = |vendor| (Some("text_cut"), Some(vendor));
    assert_eq!(cuts, [cut_by("vivo"), cut_by("meizu")]);
    assert_eq!(advice[0]["shown"], format!("{}...", "x".repeat(37)));
    assert!(
        run.stderr.contains("--push-title: vivo phones cut it"),
        "{run:?}"
    );
    assert!(
        run.stderr
            .contains(&format!("will read: {}...", "x".repeat(37))),
        "{run:?}"
    );
}

#[test]
fn a_byte_order_mark_before_the_json_is_left_out() {
    let path = file("marked-push.json", "\u{feff}{\"title\":\"t\"}");
    let run = trtc_call(["start", "--callee", "jack", "--emulator", "--push-json"])
        .arg(&path)
        .run();
    run.exits_with(0);
}
