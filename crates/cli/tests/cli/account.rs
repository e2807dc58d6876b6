use crate::program::{Program, file, trtc_call};
use crate::service::{SECRET_KEY, Service, always, nobody, program_for};

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let run = trtc_call(["start", "--callee", "jack"]).run().exits_with(2);
    for (option, variable) in [
        ("--sdkappid", "TRTC_SDKAPPID"),
        ("--secret-key-file", "TRTC_SECRET_KEY"),
        ("--admin", "TRTC_ADMIN"),
        ("--region", "TRTC_REGION"),
    ] {
        assert!(
            run.stderr.contains(option) && run.stderr.contains(variable),
            "{run:?}"
        );
    }
    assert_eq!(run.stdout, "");
}

#[test]
fn everything_that_is_missing_is_one_json_document_too() {
    let run = trtc_call(["status", "a-call", "--json"])
        .run()
        .exits_with(2);
    let error = &run.json()["error"];
    assert_eq!(error["kind"], "build");
    assert_eq!(error["code"], "invalid_request");
    assert_eq!(error["mayHaveRung"], false);
    assert_eq!(error["problems"].as_array().unwrap().len(), 4, "{error}");
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let run = trtc_call(["end", "a-call"])
        .envs(&[
            ("TRTC_SDKAPPID", ""),
            ("TRTC_SECRET_KEY", ""),
            ("TRTC_SECRET_KEY_FILE", ""),
            ("TRTC_ADMIN", ""),
            ("TRTC_REGION", ""),
            ("TRTC_BASE_URL", ""),
        ])
        .run()
        .exits_with(2);
    assert!(
        run.stderr.contains("4 values are missing or wrong"),
        "{run:?}"
    );
}

#[test]
fn an_option_wins_over_its_variable() {
    let dry_run = |arguments: &[&str]| {
        program_for(
            "https://proxy.example",
            &["start", "--callee", "jack", "--dry-run", "--json"],
        )
        .env("TRTC_REGION", "seoul")
        .args(arguments)
        .run()
        .exits_with(0)
        .json()["url"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(dry_run(&[]).starts_with("https://proxy.example/v4/"));
    assert!(dry_run(&["--region", "china"]).starts_with("https://console.tim.qq.com/v4/"));
    assert!(dry_run(&["--base-url", "https://b.example"]).starts_with("https://b.example/v4/"));
    let url = dry_run(&["--sdkappid", "7", "--admin", "boss"]);
    assert!(url.contains("?sdkappid=7&identifier=boss&"), "{url}");
}

#[test]
fn a_region_and_a_base_url_are_not_given_together() {
    let run = program_for(
        "",
        &[
            "status",
            "c",
            "--region",
            "china",
            "--base-url",
            "https://b.example",
        ],
    )
    .run()
    .exits_with(2);
    assert!(
        run.stderr.contains("takes the place of --region"),
        "{run:?}"
    );
}

#[test]
fn plain_http_beyond_this_machine_must_be_asked_for_by_name() {
    let arguments = [
        "start",
        "--callee",
        "jack",
        "--dry-run",
        "--base-url",
        "http://far.example",
    ];
    let run = program_for("", &arguments).run().exits_with(2);
    assert!(run.stderr.contains("--allow-plain-http"), "{run:?}");
    program_for("", &arguments)
        .arg("--allow-plain-http")
        .run()
        .exits_with(0);
}

#[test]
fn the_key_is_read_from_a_file_or_from_stdin_without_its_last_line_break() {
    let service = Service::start();
    let path = file("account-key", format!("{SECRET_KEY}\n"));
    let status = |program: crate::program::Program| {
        // The service verified the signature before it looked for the call.
        let run = program.env("TRTC_SECRET_KEY", "").run().exits_with(1);
        assert!(run.stderr.contains("101004"), "{run:?}");
    };
    status(
        service
            .client(&["status", "c", "--secret-key-file"])
            .arg(&path),
    );
    status(
        service
            .client(&["status", "c"])
            .env("TRTC_SECRET_KEY_FILE", &path),
    );
    let from_stdin = service.client(&["status", "c", "--secret-key-file", "-"]);
    status(from_stdin.stdin(format!("{SECRET_KEY}\r\n")));
}

#[test]
fn a_key_with_white_space_around_it_is_refused_rather_than_used() {
    let path = file("account-key-with-space", format!(" {SECRET_KEY}"));
    let run = program_for(&nobody(), &["status", "c", "--secret-key-file"])
        .arg(path)
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("white space"), "{run:?}");
}

#[test]
fn a_service_that_does_not_listen_is_exit_code_3() {
    for command in [&["status", "c"][..], &["end", "c"], &["record", "get", "c"]] {
        let run = program_for(&nobody(), command)
            .arg("--json")
            .run()
            .exits_with(3);
        let error = &run.json()["error"];
        assert_eq!(error["kind"], "transport");
        assert_eq!(error["code"], "connect_failed");
        assert_eq!(error["retryable"], true);
    }
}

#[test]
fn what_cannot_be_reached_is_named_with_host_and_proxy_and_without_credentials() {
    let status = |base_url: &str| program_for(base_url, &["status", "c"]);
    let told = |program: Program| program.run().exits_with(3).stderr;
    let refused = nobody().replace("http://", "");
    let text = told(status(&format!("http://{refused}")));
    assert!(
        text.contains(&format!("{refused}: Connection refused")),
        "{text}"
    );
    let text = told(status("https://nobody.invalid"));
    assert!(text.contains("nobody.invalid:443: "), "{text}");
    assert!(text.contains("lookup"), "{text}");
    let proxy = format!("http://user:MARKED@{refused}");
    let text = told(status("https://nobody.invalid").env("HTTPS_PROXY", proxy));
    let way = format!("nobody.invalid:443 by the proxy {refused}: Connection refused");
    assert!(text.contains(&way), "{text}");
    assert!(!text.contains("MARKED"), "{text}");
    let text = told(status(&always("{}").replace("http:", "https:")));
    assert!(text.contains("was http:// meant?"), "{text}");
}

#[test]
fn an_account_that_may_not_call_is_exit_code_1() {
    let service = Service::start();
    let run = service
        .client(&["status", "c", "--admin", "nobody"])
        .run()
        .exits_with(1);
    assert!(run.stderr.contains("60010"), "{run:?}");
    assert!(run.stderr.contains("App admin"), "{run:?}");
}

#[test]
fn a_wrong_command_line_is_exit_code_2() {
    for arguments in [
        &[][..],
        &["ring"],
        &["start", "--secret-key", "x"],
        &["start", "--video", "--audio"],
        &["start", "--room", "a", "--room-number", "1"],
        &["start", "--ring-timeout", "soon"],
        &["start", "--wait", "--dry-run"],
        &["usersig"],
        &["record"],
        &["status"],
        &["status", ""],
    ] {
        let run = trtc_call(arguments).run().exits_with(2);
        assert!(
            !run.stderr.is_empty() && run.stdout.is_empty(),
            "{arguments:?}"
        );
    }
}
