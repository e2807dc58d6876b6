use std::process::{Command, Stdio};

use crate::program::{scratch, trtc_call};

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = trtc_call(["completions", shell]).run().exits_with(0);
        assert!(run.stdout.contains("private-map-key"), "{shell}");
        let document = trtc_call(["completions", shell, "--json"])
            .run()
            .exits_with(0)
            .json();
        assert_eq!(document["shell"], shell);
        assert_eq!(
            document["script"].as_str().unwrap().trim_end(),
            run.stdout.trim_end()
        );
    }
    trtc_call(["completions", "cmd"]).run().exits_with(2);
}

#[test]
fn the_man_page_is_printed_and_all_pages_are_written() {
    let run = trtc_call(["man"]).run().exits_with(0);
    assert!(run.stdout.contains(".TH trtc-call 1"), "{run:?}");
    let folder = scratch("man");
    let _ = std::fs::remove_dir_all(&folder);
    let run = trtc_call(["man", "--json", "--out"])
        .arg(&folder)
        .run()
        .exits_with(0);
    let document = run.json();
    let pages: Vec<&str> = document["pages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|page| page.as_str().unwrap())
        .collect();
    for page in [
        "trtc-call.1",
        "trtc-call-start.1",
        "trtc-call-usersig-verify.1",
    ] {
        assert!(pages.contains(&page), "{pages:?}");
        let text = std::fs::read_to_string(folder.join(page)).unwrap();
        assert!(text.contains(".SH NAME"), "{page}");
    }
    assert_eq!(pages.len(), folder.read_dir().unwrap().count());
}

#[test]
fn the_exit_codes_are_in_the_help() {
    let run = trtc_call(["--help"]).run().exits_with(0);
    for code in ["0  it worked", "4  the outcome is unknown", "5  nobody"] {
        assert!(run.stdout.contains(code), "{run:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [
        &["explain"][..],
        &["explain", "--json"],
        &["completions", "bash"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trtc-call"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_terminal_of_no_width_does_not_make_one_word_a_line() {
    let lines = |columns| {
        let run = trtc_call(["start", "--help"]).env("COLUMNS", columns);
        run.run().exits_with(0).stdout.lines().count()
    };
    assert_eq!(lines("0"), lines("100"));
    assert!(lines("40") > lines("100"));
}
