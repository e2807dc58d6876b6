//! The core and the emulator read the rules of `OfflinePushInfo` each for itself. Here they must agree, on
//! pushes in which any number of fields is right or wrong.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use trtc_call_core::UnixMillis;
use trtc_call_core::call_engine::start_call_by_robot;
use trtc_call_core::offline_push::OfflinePushInfo;
use trtc_call_core::usersig::UserSigSigner;
use trtc_call_core::{
    Access, Endpoint as _, MediaType, Region, SdkAppId, SecretKey, UnixSeconds, UserId,
};
use trtc_call_emulator::{Config, Emulator, ReceivedRequest};

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

/// What each field may hold, rightly and wrongly.
fn choices(object: &str) -> Vec<(&'static str, Vec<Value>)> {
    let switch = || {
        vec![
            json!(0),
            json!(1),
            json!(2),
            json!("1"),
            json!("x"),
            json!(1.5),
            json!(true),
        ]
    };
    let on = || {
        vec![
            json!(1),
            json!(0),
            json!(2),
            json!("1"),
            json!("2"),
            json!([]),
        ]
    };
    let text = || vec![json!(""), json!("text"), json!("用户"), json!(5), json!({})];
    let url = || {
        [
            "https://a",
            "https://example.com/a.png?b",
            "http://a",
            "https://",
            "https:///a",
            "https://a b",
            "https://用",
        ]
        .map(Value::from)
        .to_vec()
    };
    let words = |words: &[&str]| words.iter().map(|word| json!(word)).collect::<Vec<_>>();
    let bag = || vec![json!({}), json!({ "a": "b" }), json!([]), json!("x")];
    match object {
        "AndroidInfo" => vec![
            ("Sound", words(&["", "shake", "a.mp3", "."])),
            ("PushStyle", switch()),
            ("XiaoMiChannelID", text()),
            ("OPPOCategory", words(&["IM", ""])),
            (
                "OPPONotifyLevel",
                vec![
                    json!(1),
                    json!(2),
                    json!(16),
                    json!(0),
                    json!(3),
                    json!("1"),
                    json!("loud"),
                ],
            ),
            ("ExtAsHuaweiIntentParam", on()),
            ("XiaoMiNewer", bag()),
            ("OPPOPrivateTitleParameters", bag()),
            ("OPPOPrivateContentParameters", bag()),
            ("VIVOClassification", switch()),
            (
                "VIVONotifyType",
                vec![
                    json!("1"),
                    json!("4"),
                    json!("0"),
                    json!(1),
                    json!(1.5),
                    json!([]),
                ],
            ),
            ("HuaWeiImportance", words(&["LOW", "NORMAL", "HIGH", ""])),
            ("HonorImportance", words(&["LOW", "NORMAL", "HIGH", ""])),
            ("HuaWeiImage", url()),
            ("HonorImage", url()),
            ("GooglePriority", words(&["normal", "high", "low"])),
            ("MeiZuNoticeMsgType", switch()),
        ],
        "ApnsInfo" => vec![
            ("BadgeMode", vec![json!(0), json!(1), json!(2)]),
            ("Title", text()),
            ("SubTitle", text()),
            ("Image", text()),
            ("MutableContent", vec![json!(0), json!(1), json!(2)]),
            (
                "Sound",
                words(&["default", "a.caf", "a.b.c", "ring", ".caf", "a.", ""]),
            ),
            (
                "InterruptionLevel",
                words(&["active", "time-sensitive", "loud"]),
            ),
            ("ContentAvailable", on()),
            ("IsVoipPush", on()),
            (
                "LiveActivity",
                vec![
                    json!({ "LaId": "a", "Event": "update", "ContentState": {} }),
                    json!({ "LaId": "x".repeat(64), "Event": "end", "ContentState": {}, "DismissalDate": 5 }),
                    json!({ "LaId": "a", "Event": "end", "ContentState": { "deep": [1, null] }, "Newer": 1 }),
                    json!({ "LaId": "é".repeat(33), "Event": "end", "ContentState": {} }),
                    json!({ "LaId": "", "Event": "end", "ContentState": {} }),
                    json!({ "LaId": "a", "Event": "start", "ContentState": {} }),
                    json!({ "LaId": "a", "Event": 1, "ContentState": {} }),
                    json!({ "LaId": "a", "Event": "update", "ContentState": {}, "DismissalDate": 5 }),
                    json!({ "LaId": "a", "Event": "end", "ContentState": {}, "DismissalDate": "5" }),
                    json!({ "LaId": "a", "Event": "end", "ContentState": {}, "DismissalDate": -5 }),
                    json!({ "LaId": "a", "Event": "end", "ContentState": 1 }),
                    json!({ "LaId": "a", "Event": "end" }),
                    json!({ "LaId": "a", "ContentState": {} }),
                    json!({ "Event": "end", "ContentState": {} }),
                    json!([]),
                ],
            ),
        ],
        "HarmonyInfo" => vec![
            ("Title", text()),
            ("Category", text()),
            ("Image", url()),
            ("Sound", words(&["ring.wav", ""])),
            (
                "SoundDuration",
                vec![
                    json!(1),
                    json!(60),
                    json!(0),
                    json!(61),
                    json!("1"),
                    json!(1.5),
                ],
            ),
        ],
        _ => vec![
            ("PushFlag", vec![json!(0), json!(1), json!(2), json!("0")]),
            ("Title", text()),
            ("Desc", text()),
            ("Ext", text()),
            (
                "MultiLanguageContent",
                vec![
                    json!([]),
                    json!([{ "Language": "en", "Title": "t" }, { "Language": "zh", "Desc": "d" }]),
                    json!([{ "Language": "" }]),
                    json!([{ "Title": "t" }]),
                    json!([{ "Language": "en", "Title": 5 }]),
                    json!(["en"]),
                    json!({}),
                ],
            ),
            (
                "BadgeAddNum",
                vec![
                    json!(1),
                    json!(99),
                    json!(0),
                    json!(100),
                    json!(-1),
                    json!("1"),
                ],
            ),
            (
                "BadgeSetNum",
                vec![json!(0), json!(999), json!(1000), json!(-1)],
            ),
            (
                "PushTemplateId",
                words(&["1-2", "1400000000-17", "1-", "-1", "1", "a-b", "1-2-3", ""]),
            ),
            (
                "PushTemplateParam",
                vec![
                    json!({}),
                    json!({ "name": "Rose" }),
                    json!({ "timTitle": "x" }),
                    json!({ "timSenderNick": "" }),
                    json!({ "name": 5 }),
                    json!([]),
                ],
            ),
        ],
    }
}

/// An object with some of its fields. Most of the time each is the first of its choices, which is right, so
/// that whole objects are right often enough.
fn object(name: &str) -> impl Strategy<Value = Value> + use<> {
    let fields: Vec<_> = choices(name)
        .into_iter()
        .map(|(name, values)| {
            let first = values[0].clone();
            prop_oneof![
                8 => Just(None),
                4 => Just(Some((name, first))),
                1 => select(values).prop_map(move |value| Some((name, value))),
            ]
        })
        .collect();
    fields.prop_map(|fields| {
        let fields = fields.into_iter().flatten();
        Value::Object(
            fields
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    })
}

fn push() -> impl Strategy<Value = Value> {
    let nested = ["AndroidInfo", "ApnsInfo", "HarmonyInfo"].map(|name| {
        let value = prop_oneof![20 => object(name), 1 => Just(json!("no object"))];
        proptest::option::of(value.prop_map(move |value| (name, value)))
    });
    (object(""), nested).prop_map(|(push, nested)| {
        let Value::Object(mut push) = push else {
            unreachable!("an object was made");
        };
        let nested = nested.into_iter().flatten();
        push.extend(nested.map(|(name, value)| (name.to_owned(), value)));
        Value::Object(push)
    })
}

/// Whether the emulator takes a call with that push.
fn emulator_takes(push: &Value) -> bool {
    let (app, key) = (
        SdkAppId::new(1_400_000_000).unwrap(),
        SecretKey::new("key").unwrap(),
    );
    let admin = UserId::new("administrator").unwrap();
    let request = start_call_by_robot::Request::builder("robot", ["jack"], MediaType::Audio)
        .build()
        .unwrap();
    let mut body: Map<String, Value> = serde_json::from_str(&request.body()).unwrap();
    body.insert("OfflinePushInfo".to_owned(), push.clone());
    let access = Access {
        region: &Region::China,
        sdk_app_id: app,
        admin: &admin,
        user_sig: &UserSigSigner::new(app, &key).sign(&admin, 60, NOW),
    };
    let url = request.http_request(&access, 7).url;
    let path_and_query = url.strip_prefix(Region::China.base_url()).unwrap();
    let answer = Emulator::new(&Config::new(app, key)).handle(
        &ReceivedRequest {
            method: "POST",
            path_and_query,
            headers: &[],
            body: Value::Object(body).to_string().as_bytes(),
        },
        UnixMillis(NOW.0 * 1000),
        42,
    );
    let reply: Value = serde_json::from_slice(&answer.body).unwrap();
    match reply["ErrorCode"].as_i64() {
        Some(0) => true,
        Some(101_002) => {
            let info = reply["ErrorInfo"].as_str().unwrap();
            assert!(info.starts_with("OfflinePushInfo"), "{info}");
            false
        }
        _ => panic!("{reply}"),
    }
}

fn core_takes(push: &Value) -> bool {
    OfflinePushInfo::from_json(&push.to_string()).is_ok_and(|push| push.check().is_ok())
}

/// `true` and `false` are this library's own spelling of a switch, and no other difference is meant.
fn is_ours_alone(push: &Value) -> bool {
    push.to_string().contains(":true")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_core_and_the_emulator_take_and_refuse_the_same_pushes(push in push()) {
        prop_assume!(!is_ours_alone(&push));
        prop_assert_eq!(core_takes(&push), emulator_takes(&push), "{}", push);
    }
}

#[test]
fn each_value_of_each_field_alone_is_judged_alike() {
    let mut judged = [0, 0];
    for parent in ["", "AndroidInfo", "ApnsInfo", "HarmonyInfo"] {
        for (name, values) in choices(parent) {
            for value in values {
                let object = json!({ name: value });
                let push = match parent {
                    "" => object,
                    parent => json!({ parent: object }),
                };
                if is_ours_alone(&push) {
                    continue;
                }
                let taken = emulator_takes(&push);
                assert_eq!(core_takes(&push), taken, "{push}");
                judged[usize::from(taken)] += 1;
            }
        }
    }
    assert!(judged.iter().all(|count| *count > 50), "{judged:?}");
}
