//! Secrets that are not what they look like: refused, for each key and token, wherever it comes from.

#![cfg(unix)]

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use crate::program::{Program, file, scratch, trtc_call};

/// A command that needs the secret, and what gives it: variable, option, variable of the file.
struct Use {
    command: &'static [&'static str],
    variable: &'static str,
    option: &'static str,
    file_variable: &'static str,
}

const USES: [Use; 5] = [
    Use {
        command: &[
            "usersig",
            "gen",
            "--sdkappid",
            "1400000000",
            "--user",
            "jack",
        ],
        variable: "TRTC_SECRET_KEY",
        option: "--secret-key-file",
        file_variable: "TRTC_SECRET_KEY_FILE",
    },
    Use {
        command: &[
            "webhook",
            "verify",
            "--sdkappid",
            "1400000000",
            "--url",
            "https://a.example/?SdkAppid=1400000000",
        ],
        variable: "TRTC_WEBHOOK_TOKEN",
        option: "--token-file",
        file_variable: "TRTC_WEBHOOK_TOKEN_FILE",
    },
    Use {
        command: &[
            "tc3",
            "sign",
            "--action",
            "StopStreamIngest",
            "--cloud-secret-id",
            "AKIDEXAMPLE",
        ],
        variable: "TENCENTCLOUD_SECRET_KEY",
        option: "--cloud-secret-key-file",
        file_variable: "TENCENTCLOUD_SECRET_KEY_FILE",
    },
    Use {
        command: &["console", "--emulator"],
        variable: "TRTC_INGEST_WEBHOOK_KEY",
        option: "--ingest-key-file",
        file_variable: "TRTC_INGEST_WEBHOOK_KEY_FILE",
    },
    Use {
        command: &["console", "--emulator"],
        variable: "TRTC_WEBHOOK_TOKEN",
        option: "--token-file",
        file_variable: "TRTC_WEBHOOK_TOKEN_FILE",
    },
];

/// What is no secret, and a word of what is said about it.
const ODD: [(&[u8], &str); 9] = [
    (b"caf\xe9MARKED", "not UTF-8"),
    (b"MARKED\xe2\x80\x8bkey", "U+200B"),
    (b"\xef\xbb\xbf\xef\xbb\xbfMARKED", "U+FEFF"),
    (b"MARKED\xc2\xa0key", "U+00A0"),
    (b"MARKED\nsecond", "line break"),
    (b"\"MARKED\"", "quotes"),
    (b"'MARKED'", "quotes"),
    (b"TRTC_SECRET_KEY=MARKED", "assignment"),
    (b"MARKED\xef\xbf\xbdkey", "could not be decoded"),
];

fn refused(program: Program, words: &str) {
    let run = program.run().exits_with(2);
    assert!(run.stderr.contains(words), "{words}: {run:?}");
    assert!(!run.stderr.contains("MARKED"), "it shows: {run:?}");
    assert_eq!(run.stdout, "");
}

#[test]
fn what_no_console_hands_out_is_refused_from_variable_file_and_stdin() {
    for Use {
        command,
        variable,
        option,
        file_variable,
    } in USES
    {
        for (secret, words) in ODD {
            refused(
                trtc_call(command).env(variable, OsStr::from_bytes(secret)),
                words,
            );
            let path = file(&format!("odd-{variable}"), secret);
            refused(trtc_call(command).arg(option).arg(&path), words);
            refused(trtc_call(command).env(file_variable, &path), words);
        }
        // A file that PowerShell 5 wrote, and one with a NUL, which no variable can hold.
        let command = || trtc_call(command).args(&[option, "-"]);
        if !option.starts_with("--cloud") {
            refused(command().stdin(*b"\xff\xfeM\0A\0R\0K\0E\0D\0"), "UTF-16");
            refused(command().stdin("MARKED\0"), "NUL");
        }
    }
}

#[test]
fn a_console_token_is_held_to_the_same_rule() {
    for (secret, words) in [
        (
            &b"caf\xe9-MARKED-0123456789abcdef0123456789"[..],
            "not UTF-8",
        ),
        (b"MARKEDMARKEDMARKEDMARKEDMARKEDMARKED", "random"),
        (b"\"MARKED-0123456789abcdef0123456789abcdef\"", "quotes"),
        (
            b"MARKED\xe2\x80\x8b0123456789abcdef0123456789abcdef",
            "U+200B",
        ),
    ] {
        let program = trtc_call(["console", "--emulator"]);
        refused(
            program.env("TRTC_CONSOLE_TOKEN", OsStr::from_bytes(secret)),
            words,
        );
    }
}

#[test]
fn a_byte_order_mark_and_one_line_break_are_left_out() {
    let token = |program: Program| {
        let arguments = ["--now", "1700000000"];
        program.args(&arguments).run().exits_with(0).stdout
    };
    let generate = || trtc_call(USES[0].command);
    let expected = token(generate().env("TRTC_SECRET_KEY", "the-key"));
    for content in ["the-key\n", "\u{feff}the-key", "\u{feff}the-key\r\n"] {
        let path = file("marked-key", content);
        assert_eq!(
            token(generate().arg("--secret-key-file").arg(&path)),
            expected
        );
        assert_eq!(token(generate().env("TRTC_SECRET_KEY", content)), expected);
        let stdin = generate().args(&["--secret-key-file", "-"]);
        assert_eq!(token(stdin.stdin(content)), expected);
    }
}

#[test]
fn two_keys_that_only_look_alike_never_make_the_same_token() {
    for key in [b"caf\xe9key", b"caf\xe8key"] {
        let program = trtc_call(USES[0].command);
        refused(
            program.env("TRTC_SECRET_KEY", OsStr::from_bytes(key)),
            "not UTF-8",
        );
    }
}

#[test]
fn a_path_need_not_be_utf_8() {
    let mut name = OsString::from(scratch("key-"));
    name.push(OsStr::from_bytes(b"caf\xe9"));
    std::fs::write(&name, "the-key\n").unwrap();
    let generate = || trtc_call(USES[0].command);
    generate()
        .env("TRTC_SECRET_KEY_FILE", &name)
        .run()
        .exits_with(0);
    generate()
        .arg("--secret-key-file")
        .arg(&name)
        .run()
        .exits_with(0);
}

#[test]
fn other_settings_that_are_not_utf_8_are_refused_too() {
    for variable in [
        "TRTC_SDKAPPID",
        "TRTC_ADMIN",
        "TRTC_REGION",
        "TRTC_BASE_URL",
    ] {
        let program = trtc_call(["status", "call-1"]).env(variable, OsStr::from_bytes(b"caf\xe9"));
        let run = program.run().exits_with(2);
        assert!(run.stderr.contains("is not UTF-8"), "{variable}: {run:?}");
    }
}
