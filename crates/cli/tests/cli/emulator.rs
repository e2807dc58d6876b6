use serde_json::Value;

use crate::program::{Running, trtc_call};
use crate::service::program_for;

/// Starts the emulator, and reads its stdout up to the line that holds `last`.
fn start(arguments: &[&str], last: &str) -> (Running, String) {
    let program = trtc_call(["emulator", "--listen", "127.0.0.1:0"]).args(arguments);
    let mut running = program.start();
    let text = running.read_until(last);
    (running, text)
}

fn start_json() -> (Running, Value) {
    let (running, line) = start(&["--json"], "baseUrl");
    (running, serde_json::from_str(&line).unwrap())
}

#[test]
fn the_emulator_serves_its_demo_account_and_shows_what_happens_until_ctrl_c() {
    let (running, document) = start_json();
    let base_url = document["baseUrl"].as_str().unwrap();
    assert_eq!(document["sdkAppId"], 1_400_000_000);
    assert_eq!(document["admin"], "administrator");
    program_for(base_url, &["start", "--callee", "reject", "--wait"])
        .env("TRTC_SDKAPPID", "1400000000")
        .env(
            "TRTC_SECRET_KEY",
            "demo-key-that-opens-nothing-but-the-emulator",
        )
        .run()
        .exits_with(5);
    running.interrupt();
    let run = running.wait().exits_with(0);
    for words in [
        "robot calls",
        "reject rings",
        "reject declines",
        "the call ends: Reject",
    ] {
        assert!(run.stderr.contains(words), "{words} in {run:?}");
    }
}

#[test]
fn people_get_lines_to_paste() {
    let (running, text) = start(&[], "trtc-call start");
    for variable in [
        "TRTC_BASE_URL=http://127.0.0.1:",
        "TRTC_SDKAPPID=1400000000",
        "TRTC_SECRET_KEY=demo-key",
        "TRTC_CLOUD_BASE_URL=http://127.0.0.1:",
        "TENCENTCLOUD_SECRET_ID=AKIDEMULATOR",
        "TENCENTCLOUD_SECRET_KEY=key-that-opens-nothing",
    ] {
        assert!(text.contains(&format!("export {variable}")), "{text}");
    }
    running.interrupt();
    running.wait().exits_with(0);
}

#[test]
fn an_address_in_use_is_told() {
    let (running, document) = start_json();
    let address = document["baseUrl"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap();
    let run = trtc_call(["emulator", "--listen", address])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("cannot listen on"), "{run:?}");
    running.interrupt();
    running.wait().exits_with(0);
}

#[test]
fn an_access_key_of_ones_own_is_served_and_not_printed() {
    let program = trtc_call(["emulator", "--listen", "127.0.0.1:0"])
        .env("TENCENTCLOUD_SECRET_ID", "AKIDOWN")
        .env("TENCENTCLOUD_SECRET_KEY", "MARKED-KEY");
    let mut running = program.start();
    let text = running.read_until("trtc-call start");
    assert!(!text.contains("TENCENTCLOUD_SECRET"), "{text}");
    assert!(!text.contains("MARKED-KEY"), "{text}");
    running.interrupt();
    running.wait().exits_with(0);
}

#[test]
fn half_an_access_key_is_refused() {
    let run = trtc_call(["emulator", "--cloud-secret-id", "AKIDOWN"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("--cloud-secret-key-file"), "{run:?}");
    let run = trtc_call(["emulator", "--ingest-room-coding", "numeric-2"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("numeric-0 or numeric-1"), "{run:?}");
}

#[test]
fn where_it_listens_on_every_address_it_prints_one_that_its_client_takes() {
    for (listen, reachable) in [
        ("0.0.0.0:0", "http://127.0.0.1:"),
        ("[::]:0", "http://[::1]:"),
    ] {
        let mut running = trtc_call(["emulator", "--listen", listen, "--json"]).start();
        let line = running.read_until("baseUrl");
        let document: Value = serde_json::from_str(&line).unwrap();
        let base_url = document["baseUrl"].as_str().unwrap();
        assert!(base_url.starts_with(reachable), "{base_url}");
        program_for(base_url, &["start", "--callee", "offline"])
            .env("TRTC_SDKAPPID", "1400000000")
            .env(
                "TRTC_SECRET_KEY",
                "demo-key-that-opens-nothing-but-the-emulator",
            )
            .run()
            .exits_with(5);
        running.interrupt();
        let run = running.wait().exits_with(0);
        assert!(run.stderr.contains("controls the emulator"), "{run:?}");
    }
}
