//! What the core refuses though the vendor's pages do not say that the service does: the list in its README, each
//! line of it tried.

use std::time::Duration;

use trtc_call_core::call_config::set_callback;
use trtc_call_core::call_engine::start_call_by_robot::{Builder, Request};
use trtc_call_core::call_record::get_record_by_filter;
use trtc_call_core::offline_push::OfflinePushInfo;
use trtc_call_core::{BaseUrl, Extra, MediaType, UnixSeconds, UserId};

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

fn call() -> Builder {
    Request::builder("robot", ["jack"], MediaType::Audio)
}

fn refuses_push(json: &str) -> bool {
    OfflinePushInfo::from_json(json).is_ok_and(|push| push.check().is_err())
}

fn refuses_filter(filter: get_record_by_filter::Builder) -> bool {
    filter.build(NOW).is_err()
}

fn filter() -> get_record_by_filter::Builder {
    get_record_by_filter::Request::builder()
}

/// Each line of the list, and whether it is refused.
fn tried() -> Vec<(&'static str, bool)> {
    let to = |callees: &[&str]| {
        Request::builder("robot", callees.iter().copied(), MediaType::Audio)
            .build()
            .is_err()
    };
    let url = "https://example.com/callback";
    vec![
        (
            "a UserID outside the rule of the vendor's UserSig libraries",
            UserId::new("jack.smith").is_err(),
        ),
        ("the robot among the callees", to(&["robot"])),
        ("a callee twice", to(&["jack", "jack"])),
        (
            "a ring timeout that is no whole number of milliseconds",
            call()
                .ring_timeout(Duration::from_micros(20_000_500))
                .build()
                .is_err(),
        ),
        (
            "a media type other than `Audio` and `Video`",
            Request::builder("robot", ["jack"], "Hologram".into())
                .build()
                .is_err(),
        ),
        (
            "a language of a push twice",
            refuses_push(r#"{"MultiLanguageContent":[{"Language":"en"},{"Language":"en"}]}"#),
        ),
        (
            "a number of a push outside the reference's limits",
            refuses_push(r#"{"BadgeAddNum":100}"#)
                && refuses_push(r#"{"BadgeSetNum":1000}"#)
                && refuses_push(r#"{"HarmonyInfo":{"SoundDuration":61}}"#)
                && refuses_push(&format!(
                    r#"{{"ApnsInfo":{{"LiveActivity":{{"LaId":"{}","Event":"end","ContentState":{{}}}}}}}}"#,
                    "x".repeat(65)
                )),
        ),
        (
            "a picture for Huawei or Honor without https",
            refuses_push(r#"{"AndroidInfo":{"HuaWeiImage":"http://a/b"}}"#)
                && refuses_push(r#"{"AndroidInfo":{"HonorImage":"http://a/b"}}"#),
        ),
        (
            "`OPPONotifyLevel` without `OPPOCategory`",
            refuses_push(r#"{"AndroidInfo":{"OPPONotifyLevel":2}}"#),
        ),
        (
            "a template parameter with a name of the service's own",
            refuses_push(r#"{"PushTemplateParam":{"timTitle":"x"}}"#),
        ),
        (
            "a push template's id of another form",
            refuses_push(r#"{"PushTemplateId":"7"}"#),
        ),
        (
            "a field twice",
            OfflinePushInfo::from_json(r#"{"Title":"a","Title":"b"}"#).is_err()
                && Extra::from_json(r#"{"A":1,"A":2}"#).is_err(),
        ),
        (
            "a further field with a name that this library knows",
            call()
                .extra(Extra::from_json(r#"{"UserData":"x"}"#).unwrap())
                .build()
                .is_err(),
        ),
        (
            "a time of a filter in milliseconds",
            refuses_filter(filter().start_time(UnixSeconds(NOW.0 * 1000)))
                && refuses_filter(filter().end_time(UnixSeconds(NOW.0 * 1000))),
        ),
        (
            "a filter whose start is after its end",
            refuses_filter(filter().start_time(NOW).end_time(UnixSeconds(NOW.0 - 1))),
        ),
        (
            "page 0, or pages of no records",
            refuses_filter(filter().page(0)) && refuses_filter(filter().page_size(0)),
        ),
        (
            "a webhook that the service does not have",
            set_callback::Request::builder(url, ["Call.CallbackAfterDream"])
                .build()
                .is_err(),
        ),
        (
            "a base URL in plain http to another machine",
            BaseUrl::new("http://example.com").is_err(),
        ),
    ]
}

#[test]
fn each_line_of_the_list_in_the_cores_readme_is_a_problem_and_no_line_is_missing() {
    let readme = include_str!("../../crates/core/README.md");
    let (_, list) = readme
        .split_once("## Stricter than the documentation")
        .unwrap();
    let listed: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .filter(|line| *line != "a problem is" && !line.starts_with("---"))
        .collect();
    let tried = tried();
    assert_eq!(
        listed,
        tried.iter().map(|(line, _)| *line).collect::<Vec<_>>()
    );
    for (line, is_refused) in tried {
        assert!(is_refused, "{line}");
    }
}
