//! Whatever is run, and however it fails, neither the key nor a token shows in what comes out.

use trtc_call::{ErrorCode, usersig};
use trtc_call_emulator::{Fault, FaultKind};

use crate::program::{Program, Run, file, trtc_call};
use crate::service::{Service, always, nobody};

/// The key that must not show. It is a valid one: requests succeed with it.
const MARK: &str = crate::service::SECRET_KEY;

/// So must the cloud account's not.
const CLOUD_MARK: &str = crate::service::CLOUD_SECRET_KEY;

fn assert_no_secret(run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        for mark in [MARK, CLOUD_MARK] {
            assert!(!text.contains(mark), "the key shows: {run:?}");
        }
        let is_token_character = |c: char| c.is_ascii_alphanumeric() || "*-_".contains(c);
        for word in text.split(|c| !is_token_character(c)) {
            assert!(usersig::inspect(word).is_err(), "a token shows: {run:?}");
        }
    }
}

/// Runs it for people and for programs, with and without every log line there is. Returns whether
/// anything was logged.
fn check(program: impl Fn() -> Program) -> bool {
    let mut was_logged = false;
    for format in [&[][..], &["--json"]] {
        for level in ["", "trace"] {
            let run = program().args(format).env("RUST_LOG", level).run();
            assert_no_secret(&run);
            assert!(!run.stderr.contains("hyper"), "a library logs: {run:?}");
            was_logged |= run.stderr.contains("trtc_call");
        }
    }
    was_logged
}

#[test]
fn requests_show_no_secret_whether_they_succeed_or_fail() {
    let service = Service::start();
    let call_id = service.ring("noanswer");
    let start = || service.client(&["start", "--callee", "jack"]);
    assert!(
        check(start),
        "RUST_LOG=trace logs nothing, so that this test sees no logs"
    );
    for kind in [
        FaultKind::CutBeforeReply,
        FaultKind::CutMidReply,
        FaultKind::MalformedJson,
        FaultKind::HttpStatus(502),
        FaultKind::HttpStatus(404),
        FaultKind::RateLimit,
        FaultKind::ErrorCode(ErrorCode(70001)),
        FaultKind::ErrorCode(ErrorCode(60008)),
    ] {
        check(|| {
            service.inject(Fault::new(kind.clone()));
            start()
        });
    }
    check(|| service.client(&["start", "--callee", "jack", "--dry-run"]));
    check(|| service.client(&["start", "--callee", "ja ck", "--ring-timeout", "1s"]));
    check(|| service.client(&["start", "--callee", "offline", "--callee", "busy"]));
    for command in [&["status"][..], &["end"], &["record", "get"]] {
        check(|| service.client(command).arg(&call_id));
    }
    for command in [
        &["record", "list"][..],
        &["record", "list", "--csv"],
        &["callback", "set", "https://example.com"],
        &["callback", "get"],
        &["callback", "delete"],
    ] {
        check(|| service.client(command));
        check(|| {
            service.inject(Fault::new(FaultKind::ErrorCode(ErrorCode(70001))));
            service.client(command)
        });
    }
    for base_url in [
        nobody(),
        always("<html>"),
        nobody().replace("http:", "https:"),
    ] {
        check(|| {
            service
                .client(&["status", "c"])
                .env("TRTC_BASE_URL", &base_url)
        });
    }
    check(|| service.client(&["status", "c", "--admin", "nobody"]));
    check(|| service.client(&["status", "c", "--sdkappid", "7"]));
}

#[test]
fn streams_and_rooms_show_no_secret_whether_they_succeed_or_fail() {
    let service = Service::start();
    let start = || {
        let arguments = [
            "ingest",
            "start",
            "https://a.example/live",
            "--room",
            "lobby",
        ];
        service.client(&arguments).arg("--with-private-map-key")
    };
    assert!(check(start), "RUST_LOG=trace logs nothing");
    for kind in [
        FaultKind::CutMidReply,
        FaultKind::MalformedJson,
        FaultKind::HttpStatus(502),
        FaultKind::RateLimit,
        FaultKind::CloudError("AuthFailure.SignatureFailure".into()),
    ] {
        check(|| {
            service.inject(Fault::new(kind.clone()));
            start()
        });
    }
    check(|| start().arg("--dry-run"));
    check(|| start().args(&["--volume", "201", "--user", "ro bot"]));
    // Keys in each other's place.
    check(|| start().env("TENCENTCLOUD_SECRET_KEY", MARK));
    check(|| start().env("TENCENTCLOUD_SECRET_KEY", format!("{CLOUD_MARK} ")));
    check(|| start().env("TENCENTCLOUD_SECRET_ID", format!("{CLOUD_MARK} ")));
    check(|| {
        start()
            .env("TENCENTCLOUD_SECRET_KEY", "")
            .env("TENCENTCLOUD_SECRET_KEY_FILE", CLOUD_MARK)
    });
    check(|| start().env("TENCENTCLOUD_TOKEN", format!("{CLOUD_MARK} ")));
    for command in [
        &["ingest", "describe", "task-1"][..],
        &["ingest", "stop", "task-1"],
        &["ingest", "update", "task-1", "--pause"],
        &["room", "dismiss", "--room", "lobby"],
        &["room", "remove", "jack", "--room-number", "1"],
    ] {
        check(|| service.client(command));
        check(|| service.client(command).arg("--dry-run"));
    }
    for base_url in [nobody(), always("<html>")] {
        check(|| start().env("TRTC_CLOUD_BASE_URL", &base_url));
    }
}

#[test]
fn a_call_that_is_played_into_shows_no_secret() {
    let service = Service::start();
    let play = || {
        let arguments = [
            "start",
            "--callee",
            "answer-0-hangup-3000",
            "--room",
            "lobby",
        ];
        let program = service.client(&arguments);
        program.args(&["--play", "https://a.example/live", "--with-private-map-key"])
    };
    for format in [&[][..], &["--json"]] {
        let run = play().args(format).env("RUST_LOG", "trace").run();
        let run = run.exits_with(0);
        assert!(run.stderr.contains("trtc_call_session"), "{run:?}");
        assert_no_secret(&run);
    }
}

#[test]
fn signing_shows_the_signature_but_neither_the_key_nor_the_token() {
    let token = "a-token-that-must-not-show";
    for arguments in [&[][..], &["--stages"], &["--json"]] {
        let run = trtc_call(["tc3", "sign", "--action", "StopStreamIngest"])
            .args(arguments)
            .env("TENCENTCLOUD_SECRET_ID", "AKIDEXAMPLE")
            .env("TENCENTCLOUD_SECRET_KEY", CLOUD_MARK)
            .env("TENCENTCLOUD_TOKEN", token)
            .env("RUST_LOG", "trace")
            .stdin("{}")
            .run()
            .exits_with(0);
        assert!(run.stdout.contains("Signature="), "{run:?}");
        assert!(!format!("{run:?}").contains(token), "{run:?}");
        assert_no_secret(&run);
    }
}

#[test]
fn a_watched_call_in_the_emulator_shows_no_secret() {
    let arguments = [
        "start",
        "--callee",
        "answer-100-hangup-100",
        "--wait",
        "--emulator",
        "--json",
    ];
    let run = trtc_call(arguments)
        .env("TRTC_SECRET_KEY", MARK)
        .env("RUST_LOG", "trace")
        .run()
        .exits_with(0);
    assert!(run.stderr.contains("trtc_call_emulator"), "{run:?}");
    assert_no_secret(&run);
}

#[test]
fn the_emulator_shows_no_key_that_it_was_given() {
    let program = trtc_call(["emulator", "--listen", "127.0.0.1:0"])
        .env("TRTC_SECRET_KEY", MARK)
        .env("RUST_LOG", "trace");
    let mut running = program.start();
    // Its last line before it waits.
    let greeting = running.read_until("trtc-call start");
    running.interrupt();
    let mut run = running.wait().exits_with(0);
    run.stdout.insert_str(0, &greeting);
    assert!(run.stdout.contains("export TRTC_BASE_URL"), "{run:?}");
    assert_no_secret(&run);
}

#[test]
fn tokens_are_read_without_being_shown() {
    let signed = |command: &[&str]| {
        trtc_call(command)
            .args(&["--sdkappid", "1400000001", "--user", "jack"])
            .env("TRTC_SECRET_KEY", MARK)
    };
    for generate in [
        &["usersig", "gen"][..],
        &["private-map-key", "gen", "--room", "lobby"],
    ] {
        let token = signed(generate).run().exits_with(0).stdout;
        let expired = signed(generate)
            .args(&["--now", "1"])
            .run()
            .exits_with(0)
            .stdout;
        for token in [
            token.clone(),
            expired,
            token[..80].to_owned(),
            format!("{token}x"),
        ] {
            check(|| trtc_call(["usersig", "inspect"]).stdin(token.as_str()));
            check(|| trtc_call(["private-map-key", "inspect"]).stdin(token.as_str()));
            check(|| signed(&["usersig", "verify"]).stdin(token.as_str()));
            check(|| {
                signed(&["usersig", "verify"])
                    .arg("--user=jill")
                    .stdin(token.as_str())
            });
        }
        // The token where its file belongs, and a token where a reply belongs.
        check(|| trtc_call(["usersig", "inspect", token.trim()]));
        check(|| trtc_call(["private-map-key", "inspect", token.trim()]));
        check(|| signed(&["usersig", "verify", token.trim()]));
        check(|| trtc_call(["decode", "end_call", token.trim()]));
    }
}

#[test]
fn making_tokens_shows_the_token_but_never_the_key() {
    for format in [&[][..], &["--json"]] {
        let run = trtc_call([
            "usersig",
            "gen",
            "--sdkappid",
            "1400000001",
            "--user",
            "jack",
        ])
        .args(format)
        .env("TRTC_SECRET_KEY", MARK)
        .env("RUST_LOG", "trace")
        .run()
        .exits_with(0);
        assert!(
            !run.stdout.contains(MARK) && !run.stderr.contains(MARK),
            "{run:?}"
        );
    }
}

#[test]
fn a_key_in_the_wrong_place_is_not_repeated() {
    let generate = || {
        trtc_call([
            "usersig",
            "gen",
            "--sdkappid",
            "1400000001",
            "--user",
            "jack",
        ])
    };
    // The key in the variable that should name its file.
    check(|| generate().env("TRTC_SECRET_KEY_FILE", MARK));
    check(|| generate().args(&["--secret-key-file", MARK]));
    // A habit from other programs.
    check(|| generate().arg(format!("--secret-key={MARK}")));
    check(|| generate().args(&["--secret-key", MARK]));
    // A file with more than the key in it.
    let path = file(
        "secrets-two-lines",
        format!(
            "{MARK}

"
        ),
    );
    check(|| generate().env("TRTC_SECRET_KEY_FILE", &path));
    check(|| generate().env("TRTC_SECRET_KEY", format!(" {MARK}")));
    check(|| {
        generate()
            .args(&["--secret-key-file", "-"])
            .stdin(format!("{MARK} "))
    });
}

#[test]
fn commands_without_a_use_for_the_key_do_not_show_it_either() {
    for arguments in [
        &["explain"][..],
        &["explain", "70003"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
        &["start", "--help"],
        &["usersig", "gen", "--help"],
        &["--version"],
    ] {
        check(|| {
            trtc_call(arguments)
                .env("TRTC_SECRET_KEY", MARK)
                .env("TRTC_SECRET_KEY_FILE", MARK)
        });
    }
    check(|| {
        trtc_call(["decode", "end_call"])
            .stdin("{}")
            .env("TRTC_SECRET_KEY", MARK)
    });
}
