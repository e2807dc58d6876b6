//! Profiles: an account by name, without its key.

use std::fs;
use std::path::PathBuf;

use crate::program::{Program, scratch, trtc_call};
use crate::service::{SECRET_KEY, Service};

/// A configuration folder of its own, with this file of profiles and a key beside it.
fn configuration(name: &str, profiles: &str) -> PathBuf {
    let home = scratch(name);
    let folder = home.join("trtc-call");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("profiles.toml"), profiles).unwrap();
    fs::write(folder.join("key"), SECRET_KEY).unwrap();
    home
}

fn with_profiles(home: &PathBuf, arguments: &[&str]) -> Program {
    trtc_call(arguments)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
}

const SHOWN: [&str; 5] = ["start", "--callee", "jack", "--dry-run", "--json"];

fn url(program: Program) -> String {
    let run = program.run().exits_with(0);
    run.json()["url"].as_str().unwrap().to_owned()
}

#[test]
fn a_profile_is_an_account_an_option_wins_over_it_and_it_wins_over_the_environment() {
    let home = configuration(
        "profile-account",
        "[seoul]\nsdkappid = 1400000002\nadmin = \"boss\"\nregion = \"seoul\"\nsecret-key-file = \"key\"\n",
    );
    let program = || {
        with_profiles(&home, &SHOWN)
            .env("TRTC_SDKAPPID", "7")
            .env("TRTC_BASE_URL", "https://other.example")
            .env("TRTC_SECRET_KEY", "unusable key")
    };
    let by_option = url(program().args(&["--profile", "seoul"]));
    assert!(
        by_option.starts_with("https://adminapikr.im.qcloud.com/"),
        "{by_option}"
    );
    assert!(
        by_option.contains("?sdkappid=1400000002&identifier=boss&"),
        "{by_option}"
    );
    let by_variable = url(program().env("TRTC_PROFILE", "seoul"));
    assert!(
        by_variable.contains("sdkappid=1400000002&"),
        "{by_variable}"
    );
    let options = ["--profile", "seoul", "--sdkappid", "9", "--region", "china"];
    let won = url(program().args(&options));
    assert!(won.starts_with("https://console.tim.qq.com/"), "{won}");
    assert!(won.contains("?sdkappid=9&identifier=boss&"), "{won}");
}

#[test]
fn a_profile_that_is_not_there_is_told_with_those_that_are() {
    let home = configuration("profile-missing", "[one]\n[two]\n");
    let run = with_profiles(&home, &SHOWN).args(&["--profile", "three"]);
    let run = run.run().exits_with(2);
    let error = &run.json()["error"]["problems"][0];
    assert_eq!(error["field"], "--profile");
    let fix = error["fix"].as_str().unwrap();
    assert!(
        fix.contains("one, two") && fix.contains("profiles.toml"),
        "{fix}"
    );
    let nowhere = scratch("profile-nowhere");
    let run = with_profiles(&nowhere, &["profile", "list", "--json"]);
    let document = run.run().exits_with(0).json();
    assert_eq!(document["profiles"], serde_json::json!([]));
}

#[test]
fn a_key_in_a_profile_is_refused_and_never_shown() {
    let wrong = [
        ("[p]\nsecret-key = \"MARKED\"\n", "by secret-key-file"),
        ("[p]\nsecret_key = \"MARKED\"\n", "by secret-key-file"),
        ("[p]\nsecret-key-file = \"MARKED\"\n", "cannot be read"),
        ("[p]\nsecret-key = MARKED\n", "is no TOML at line 2"),
        ("[p]\nadmin = [\"MARKED\"]\n", "must be text"),
        ("p = \"MARKED\"\n", "must be a table"),
        (
            "[p]\nregion = \"seoul\"\nbase-url = \"http://127.0.0.1:1\"\n",
            "takes the place of region",
        ),
    ];
    for (index, (profiles, told)) in wrong.into_iter().enumerate() {
        let home = configuration(&format!("profile-wrong-{index}"), profiles);
        for arguments in [["profile", "check", "p"], ["profile", "show", "p"]] {
            let run = with_profiles(&home, &arguments).run();
            let all = format!("{}{}", run.stdout, run.stderr);
            assert!(!all.contains("MARKED"), "{run:?}");
            let is_shown = arguments[1] == "show" && profiles.contains("-file");
            assert!(all.contains(told) || is_shown, "{told}: {run:?}");
            assert_eq!(run.code, if is_shown { 0 } else { 2 }, "{run:?}");
        }
    }
}

#[test]
fn profiles_are_listed_shown_and_checked_against_the_service() {
    let service = Service::start();
    let home = configuration(
        "profile-checked",
        &format!(
            "[local]\nsdkappid = 1400000001\nadmin = \"administrator\"\nbase-url = \"{}\"\nsecret-key-file = \"key\"\n",
            service.base_url()
        ),
    );
    let run = |arguments: &[&str]| with_profiles(&home, arguments).run();
    let listed = run(&["profile", "list"]).exits_with(0);
    assert!(
        listed.stdout.contains("local") && listed.stdout.contains("1400000001"),
        "{listed:?}"
    );
    let shown = run(&["profile", "show", "local", "--json"])
        .exits_with(0)
        .json();
    let key = shown["values"]["secret-key-file"].as_str().unwrap();
    assert!(key.ends_with("/trtc-call/key"), "{key}");
    assert!(!shown.to_string().contains(SECRET_KEY));
    let checked = run(&["profile", "check", "local", "--json"]).exits_with(0);
    assert_eq!(checked.json()["accepted"], true);
    fs::write(home.join("trtc-call/key"), "another key").unwrap();
    let refused = run(&["profile", "check", "local"]).exits_with(1);
    assert!(refused.stderr.contains("UserSig"), "{refused:?}");
    run(&["profile", "check", "local", "--offline"]).exits_with(0);
}
