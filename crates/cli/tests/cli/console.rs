use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use crate::program::{Program, Running, file, trtc_call};
use crate::service::SECRET_KEY;

const TOKEN: &str = "7c0d3f5b91a24e68-b1c95ae07d3f8246";

fn console(arguments: &[&str]) -> Program {
    trtc_call(["console"]).args(arguments)
}

/// Starts it for programs, and gives its address and token.
fn start(program: Program) -> (Running, String, String) {
    let mut running = program.args(&["--json"]).start();
    let line = running.read_until("}");
    let document: Value = serde_json::from_str(&line).unwrap();
    let url = document["url"].as_str().unwrap().to_owned();
    let (base, token) = url.split_once("/#token=").unwrap();
    let address = base.strip_prefix("http://").unwrap();
    (running, address.to_owned(), token.to_owned())
}

/// Sends a request, and gives the whole reply.
fn ask(address: &str, line: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

fn sign_in(address: &str, token: &str) -> String {
    let bearer = format!("authorization: Bearer {token}\r\n");
    let reply = ask(address, "POST /api/session", &bearer, "");
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    let cookie = reply.split("set-cookie: ").nth(1).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    format!("cookie: {cookie}\r\nx-trtc-console: 1\r\n")
}

#[test]
fn the_console_rings_simulated_users_and_shows_no_secret() {
    let program = console(&["--emulator"])
        .env("TRTC_SECRET_KEY", SECRET_KEY)
        .env("RUST_LOG", "trace");
    let (running, address, token) = start(program);
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    assert_eq!(token.len(), 64);
    let session = sign_in(&address, &token);
    let call = r#"{"robot":"robot","callees":["jack"],"media":"video"}"#;
    let reply = ask(&address, "POST /api/calls", &session, call);
    assert!(reply.contains(r#""wasRung":true"#), "{reply}");
    let settings = ask(&address, "GET /api/settings", &session, "");
    assert!(settings.contains(r#""mode":"emulator""#), "{settings}");
    let without = ask(&address, "GET /api/settings", "", "");
    assert!(without.starts_with("HTTP/1.1 401"), "{without}");
    running.interrupt();
    let run = running.wait().exits_with(0);
    assert!(run.stderr.contains("trtc_call_console"), "it logs: {run:?}");
    for text in [&run.stdout, &run.stderr, &reply, &settings, &without] {
        assert!(!text.contains(SECRET_KEY), "the key shows: {text}");
        assert!(!text.contains(&token), "the session's token shows: {text}");
    }
}

#[test]
fn ctrl_c_ends_a_call_that_plays_and_no_key_or_token_shows() {
    const CLOUD_KEY: &str = "MARKED-cloud-secret-key";
    let program = console(&["--emulator"])
        .env("TRTC_SECRET_KEY", SECRET_KEY)
        .envs(&[
            ("TENCENTCLOUD_SECRET_ID", "AKIDMARKED"),
            ("TENCENTCLOUD_SECRET_KEY", CLOUD_KEY),
            ("TRTC_INGEST_WEBHOOK_KEY", "MARKED-ingest-key"),
            ("RUST_LOG", "trace"),
        ]);
    let (running, address, token) = start(program);
    let session = sign_in(&address, &token);
    let call = r#"{"robot":"robot","callees":["answer-0-stay"],"media":"audio","play":{"streamUrl":"https://media.example/live"}}"#;
    let reply = ask(&address, "POST /api/calls", &session, call);
    let call_id = reply.split(r#""callId":""#).nth(1).unwrap();
    let path = format!("GET /api/calls/{}", &call_id[..36]);
    let mut board = String::new();
    for _ in 0..200 {
        board = ask(&address, &path, &session, "");
        if board.contains(r#""state":"playing""#) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(board.contains(r#""state":"playing""#), "{board}");
    assert!(board.contains("StartStreamIngest"), "{board}");
    let deliveries = ask(&address, "GET /api/webhooks", &session, "");
    running.interrupt();
    let run = running.wait().exits_with(0);
    assert!(run.stderr.contains("ending the call"), "{run:?}");
    for text in [&run.stdout, &run.stderr, &reply, &board, &deliveries] {
        for secret in [SECRET_KEY, CLOUD_KEY, "MARKED-ingest-key", &token] {
            assert!(!text.contains(secret), "a secret shows: {text}");
        }
        let is_token_character = |c: char| c.is_ascii_alphanumeric() || "*-_".contains(c);
        for word in text.split(|c| !is_token_character(c)) {
            assert!(
                trtc_call::usersig::inspect(word).is_err(),
                "a UserSig shows: {text}"
            );
        }
    }
}

#[test]
fn people_are_told_what_to_open_and_whether_phones_ring() {
    let mut running = console(&["--emulator", "--port", "0"]).start();
    let greeting = running.read_until("no real phone");
    assert!(greeting.contains("http://127.0.0.1:"), "{greeting}");
    running.interrupt();
    running.wait().exits_with(0);

    let (running, address, token) = start(
        console(&[])
            .envs(&[
                ("TRTC_SDKAPPID", "1400000001"),
                ("TRTC_ADMIN", "administrator"),
                ("TRTC_REGION", "singapore"),
                ("TRTC_SECRET_KEY", SECRET_KEY),
                ("TRTC_WEBHOOK_TOKEN", "MARKED-webhook-token"),
            ])
            .args(&["--robot", "front-desk"]),
    );
    let settings = ask(
        &address,
        "GET /api/settings",
        &sign_in(&address, &token),
        "",
    );
    for part in [
        r#""mode":"account""#,
        r#""region":"singapore""#,
        r#""robot":"front-desk""#,
        r#""signed":true"#,
    ] {
        assert!(settings.contains(part), "{settings}");
    }
    assert!(!settings.contains("MARKED"), "{settings}");
    running.interrupt();
    running.wait().exits_with(0);
}

#[test]
fn with_a_token_of_ones_own_a_session_outlives_the_program() {
    let program = || console(&["--emulator"]).env("TRTC_CONSOLE_TOKEN", TOKEN);
    let (running, address, token) = start(program());
    assert_ne!(token, TOKEN, "it stands in no URL");
    let session = sign_in(&address, &token);
    running.interrupt();
    running.wait().exits_with(0);
    let (running, same, _) = start(program().args(&["--listen", &address]));
    assert_eq!(same, address);
    let reply = ask(&address, "GET /api/calls", &session, "");
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    running.interrupt();
    running.wait().exits_with(0);
}

#[cfg(target_os = "linux")]
#[test]
fn enter_in_its_terminal_prints_another_url_and_each_opens_the_console_once() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};
    // `script` runs it in a terminal of its own.
    let program = env!("CARGO_BIN_EXE_trtc-call");
    let mut script = Command::new("script")
        .args(["--quiet", "--flush", "--return", "--command"])
        .arg(format!("{program} console --emulator"))
        .arg("/dev/null")
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keys = script.stdin.take().unwrap();
    let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
    let mut next_url = || {
        let mut lines = lines.by_ref().map(|line| line.unwrap());
        let line = lines.find(|line| line.contains("/#token=")).unwrap();
        let url = line.trim().strip_prefix("http://").unwrap();
        let (address, ticket) = url.split_once("/#token=").unwrap();
        (address.to_owned(), ticket.to_owned())
    };
    let (address, first) = next_url();
    sign_in(&address, &first);
    // It may not listen yet.
    std::thread::sleep(std::time::Duration::from_millis(300));
    keys.write_all(b"\n").unwrap();
    let (same, second) = next_url();
    assert_eq!(same, address);
    assert_ne!(second, first);
    sign_in(&address, &second);
    for used in [first, second] {
        let bearer = format!("authorization: Bearer {used}\r\n");
        let reply = ask(&address, "POST /api/session", &bearer, "");
        assert!(reply.starts_with("HTTP/1.1 401"), "{reply}");
    }
    // Ctrl-C, as a terminal knows it.
    keys.write_all(b"\x03").unwrap();
    script.wait().unwrap();
}

#[test]
fn a_page_of_ones_own_takes_the_place_of_the_one_built_in() {
    let page = file("index.html", "<!doctype html><title>Mine</title>");
    let folder = page.parent().unwrap().to_str().unwrap();
    let (running, address, _) = start(console(&["--emulator", "--page", folder]));
    let reply = ask(&address, "GET /", "", "");
    assert!(reply.ends_with("<title>Mine</title>"), "{reply}");
    assert!(reply.contains("content-security-policy: default-src 'none'"));
    running.interrupt();
    running.wait().exits_with(0);
}

#[test]
fn other_machines_are_let_in_only_when_that_is_asked_for() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let run = console(&["--emulator", "--listen", address])
            .run()
            .exits_with(2);
        assert!(run.stderr.contains("--allow-remote"), "{run:?}");
    }
}

#[test]
fn all_that_is_missing_or_wrong_is_told_at_once() {
    let run = console(&["--json", "--robot", "ro bot", "--listen", "0.0.0.0:1"])
        .env("TRTC_CONSOLE_TOKEN", "MARKED")
        .run()
        .exits_with(2);
    let problems = run.json()["error"]["problems"].clone();
    let fields: Vec<&str> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "--sdkappid",
            "secret key",
            "--admin",
            "--region",
            "--robot",
            "TRTC_CONSOLE_TOKEN",
            "--listen"
        ]
    );
    assert!(run.stdout.contains("or try --emulator"), "{run:?}");
    assert!(!format!("{run:?}").contains("MARKED"), "{run:?}");
}

#[test]
fn an_address_in_use_is_said_to_be() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = console(&["--emulator", "--port", &port])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("cannot listen on"), "{run:?}");
}
