use crate::program::trtc_call;

#[test]
fn a_code_is_explained_to_people() {
    let run = trtc_call(["explain", "60008"]).run().exits_with(0);
    assert!(run.stdout.starts_with("60008 service_timeout\n"), "{run:?}");
    let line = |label: &str| {
        run.stdout
            .lines()
            .find(|line| line.contains(label))
            .unwrap()
    };
    assert!(
        line("safe to retry").contains("it could ring twice"),
        "{run:?}"
    );
    assert!(line("can the phone have rung").ends_with("yes"), "{run:?}");
}

#[test]
fn a_code_is_explained_to_programs_by_number_and_by_name() {
    for code in ["60007", "call_frequency_limit"] {
        let document = trtc_call(["explain", code, "--json"])
            .run()
            .exits_with(0)
            .json();
        assert_eq!(document["code"], 60007);
        assert_eq!(document["known"], true);
        assert_eq!(document["safeToRetry"], true);
        assert_eq!(document["mayHaveRung"], false);
        assert!(document["whatToDo"].as_str().unwrap().contains("slow down"));
    }
}

#[test]
fn a_code_outside_the_catalogue_is_data() {
    for code in ["4711", "-3"] {
        let document = trtc_call(["explain", code, "--json"])
            .run()
            .exits_with(0)
            .json();
        assert_eq!(document["known"], false);
        assert_eq!(document["safeToRetry"], false);
        assert_eq!(document["mayHaveRung"], true);
    }
    let run = trtc_call(["explain", "4711"]).run().exits_with(0);
    assert!(run.stdout.contains("not in the catalogue"), "{run:?}");
}

#[test]
fn any_word_is_explained_and_an_empty_one_is_exit_code_2() {
    for word in ["ring-ring", "später", "-", "a.b.c"] {
        let document = trtc_call(["explain", word, "--json"])
            .run()
            .exits_with(0)
            .json();
        assert_eq!(document["code"], word);
        assert_eq!(document["known"], false);
        assert_eq!(document["mayHaveTakenEffect"], true);
    }
    let run = trtc_call(["explain", "", "--json"]).run().exits_with(2);
    assert_eq!(run.json()["error"]["problems"][0]["field"], "CODE");
}

#[test]
fn a_code_that_is_known_by_its_family_alone_says_so() {
    for (code, family, has_effect) in [
        ("InvalidParameter.Later", "InvalidParameter", false),
        ("AuthFailure.Later", "AuthFailure", false),
        ("OperationDenied.Later", "OperationDenied", false),
        ("FailedOperation.Later", "FailedOperation", true),
        ("InternalError.Later", "InternalError", true),
    ] {
        let document = trtc_call(["explain", code, "--json"])
            .run()
            .exits_with(0)
            .json();
        assert_eq!(document["code"], code);
        assert_eq!(document["family"], family);
        assert_eq!(document["mayHaveTakenEffect"], has_effect, "{code}");
        let run = trtc_call(["explain", code]).run().exits_with(0);
        assert!(run.stdout.contains(&format!("{family}.*")), "{run:?}");
    }
    let document = trtc_call(["explain", "60026", "--json"])
        .run()
        .exits_with(0)
        .json();
    assert_eq!(document["page"], "https://trtc.io/document/34348");
    assert_eq!(document.get("family"), None);
}

#[test]
fn without_a_code_all_are_listed() {
    let run = trtc_call(["explain"]).run().exits_with(0);
    let document = trtc_call(["explain", "--json"]).run().exits_with(0).json();
    let codes = document["codes"].as_array().unwrap();
    let cloud_codes = document["cloudCodes"].as_array().unwrap();
    assert!(codes.len() > 30 && cloud_codes.len() > 20);
    for code in codes.iter().chain(cloud_codes) {
        assert!(
            run.stdout.contains(code["name"].as_str().unwrap()),
            "{code}"
        );
    }
}

#[test]
fn a_code_of_the_cloud_api_is_explained_by_code_and_by_name() {
    for code in ["AuthFailure.SignatureExpire", "cloud_signature_expired"] {
        let document = trtc_call(["explain", code, "--json"])
            .run()
            .exits_with(0)
            .json();
        assert_eq!(document["code"], "AuthFailure.SignatureExpire");
        assert_eq!(document["name"], "cloud_signature_expired");
        assert_eq!(document["mayHaveRung"], false);
        assert_eq!(document["safeToRetry"], false);
        assert!(document["whatToDo"].as_str().unwrap().contains("clock"));
    }
    let run = trtc_call(["explain", "InternalError.SSOError"]).run();
    let run = run.exits_with(0);
    assert!(run.stdout.contains("two streams could play"), "{run:?}");
}

#[test]
fn a_cloud_code_outside_the_catalogue_is_data_too() {
    let document = trtc_call(["explain", "Later.Code", "--json"])
        .run()
        .exits_with(0)
        .json();
    assert_eq!(document["known"], false);
    assert_eq!(document["mayHaveTakenEffect"], true);
}
