//! Who gets in, and who does not.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::json;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::desk::{Desk, SESSION_TOKEN, ticket};

const ENDPOINTS: [(&str, &str); 23] = [
    ("POST", "/api/session/url"),
    ("GET", "/api/settings"),
    ("PATCH", "/api/settings"),
    ("GET", "/api/calls"),
    ("POST", "/api/calls"),
    ("GET", "/api/calls/c"),
    ("POST", "/api/calls/c/end"),
    ("GET", "/api/events"),
    ("GET", "/api/records"),
    ("GET", "/api/requests"),
    ("GET", "/api/requests/1"),
    ("GET", "/api/records/c"),
    ("GET", "/api/webhooks"),
    ("POST", "/api/webhooks/test"),
    ("GET", "/api/webhooks/1"),
    ("POST", "/api/webhooks/1/replay"),
    ("GET", "/api/callback"),
    ("PUT", "/api/callback"),
    ("DELETE", "/api/callback"),
    ("POST", "/api/usersig"),
    ("GET", "/api/emulator/scripts"),
    ("POST", "/api/emulator/advance"),
    ("GET", "/api/nothing"),
];

#[tokio::test]
async fn without_a_session_there_is_nothing() {
    let desk = Desk::emulated().await;
    for (method, path) in ENDPOINTS {
        let method: Method = method.parse().unwrap();
        let stranger = || {
            desk.request(method.clone(), path)
                .header("x-trtc-console", "1")
        };
        for request in [
            stranger(),
            // The token opens a session, and does not replace it; nor is it a cookie.
            stranger().bearer_auth(SESSION_TOKEN),
            stranger().header(
                COOKIE,
                format!(
                    "trtc_call_console_{}={SESSION_TOKEN}",
                    desk.address().port()
                ),
            ),
        ] {
            let error = desk.read(request.send().await.unwrap()).await.error(401);
            assert_eq!(error["code"], "session_refused", "{method} {path}");
            assert_eq!(error["kind"], "console");
        }
    }
}

#[tokio::test]
async fn a_url_opens_one_session_and_no_other_word_opens_any() {
    let desk = Desk::emulated().await;
    let used = ticket(desk.console.url()).to_owned();
    let fresh = desk.console.new_url().unwrap();
    let refused = |word: &str| {
        let request = desk.request(Method::POST, "/api/session").bearer_auth(word);
        async { desk.read(request.send().await.unwrap()).await }
    };
    for wrong in ["", "x", SESSION_TOKEN, &used, &ticket(&fresh)[1..]] {
        let reply = refused(wrong).await;
        assert!(!reply.headers.contains_key(SET_COOKIE));
        assert_eq!(reply.error(401)["code"], "ticket_refused");
    }
    let cookie = desk.sign_in(&fresh).await;
    assert_ne!(
        cookie,
        desk.cookie(),
        "each browser has a cookie of its own"
    );
    assert_eq!(refused(ticket(&fresh)).await.status, 401, "a second time");
    let look = desk.request(Method::GET, "/api/session").send().await;
    let reply = desk.read(look.unwrap()).await.ok();
    assert_eq!(reply, json!({ "active": false }));
    let active = json!({ "active": true });
    assert_eq!(desk.get("/api/session").await.ok(), active);
    assert_eq!(
        desk.with_cookie(&cookie).get("/api/session").await.ok(),
        active
    );
}

#[tokio::test]
async fn a_page_that_is_signed_in_can_let_another_browser_in() {
    let desk = Desk::emulated().await;
    let invited = desk.post("/api/session/url", json!({})).await.ok();
    let url = invited["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("http://{}/#token=", desk.address())));
    let cookie = desk.sign_in(url).await;
    assert_eq!(
        desk.with_cookie(&cookie).get("/api/calls").await.status,
        200
    );
}

#[tokio::test]
async fn signing_out_takes_the_cookie_back_and_it_opens_nothing_any_more() {
    let desk = Desk::emulated().await;
    let reply = desk.send(Method::DELETE, "/api/session", &json!({})).await;
    let cookie = reply.headers[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    assert_eq!(
        desk.get("/api/settings").await.error(401)["code"],
        "session_refused"
    );
}

#[tokio::test]
async fn half_a_request_is_not_waited_for_however_many_there_are() {
    let desk = Desk::emulated().await;
    let mut halves = Vec::new();
    for half in [
        "GET / HTTP/1.1\r\n",
        "POST /webhooks/calls HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
    ]
    .into_iter()
    .cycle()
    .take(600)
    {
        let mut stream = TcpStream::connect(desk.address()).await.unwrap();
        stream.write_all(half.as_bytes()).await.unwrap();
        halves.push(stream);
    }
    // Those who wait for a place get one as the others are closed.
    assert_eq!(desk.get("/api/settings").await.status, 200);
    for mut stream in halves {
        let mut answer = Vec::new();
        let closed = stream.read_to_end(&mut answer);
        let closed = tokio::time::timeout(Duration::from_secs(30), closed).await;
        closed.expect("it is closed").unwrap_or_default();
    }
}

#[tokio::test]
async fn no_name_but_its_own_leads_to_the_console() {
    let desk = Desk::emulated().await;
    let port = desk.address().port();
    for path in ["/", "/api/session", "/api/settings"] {
        for host in [
            "evil.example".to_owned(),
            format!("evil.example:{port}"),
            format!("127.0.0.1.evil.example:{port}"),
            "127.0.0.1".to_owned(),
            format!("127.0.0.1:{}", port ^ 1),
        ] {
            let request = desk
                .request(Method::GET, path)
                .header("host", &host)
                .header("x-trtc-console", "1");
            let error = desk.read(request.send().await.unwrap()).await.error(403);
            assert_eq!(error["code"], "wrong_host", "{host}");
        }
    }
    let localhost = desk
        .own_request(Method::GET, "/api/settings")
        .header("host", format!("localhost:{port}"));
    // As a browser would send it, who opened localhost: with that origin.
    let error = desk.read(localhost.send().await.unwrap()).await.error(403);
    assert_eq!(error["code"], "wrong_origin");
}

#[tokio::test]
async fn no_other_page_may_ask_for_anything() {
    let desk = Desk::emulated().await;
    let port = desk.address().port();
    for origin in [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("http://127.0.0.1:{}", port ^ 1),
        format!("http://127.0.0.1:{port}.evil.example"),
    ] {
        for (method, path) in ENDPOINTS.into_iter().chain([("POST", "/api/session")]) {
            let request = desk
                .request(method.parse().unwrap(), path)
                .bearer_auth(SESSION_TOKEN)
                .header("origin", &origin)
                .header("x-trtc-console", "1");
            let reply = desk.read(request.send().await.unwrap()).await;
            assert_eq!(reply.error(403)["code"], "wrong_origin", "{origin} {path}");
        }
    }
}

#[tokio::test]
async fn what_changes_something_needs_the_header_that_forms_cannot_send() {
    let desk = Desk::emulated().await;
    for (method, path) in ENDPOINTS.into_iter().filter(|(method, _)| *method != "GET") {
        let mut request = desk
            .own_request(method.parse().unwrap(), path)
            .body("{}")
            .build()
            .unwrap();
        request.headers_mut().remove("x-trtc-console");
        let reply = desk.read(desk.http.execute(request).await.unwrap()).await;
        assert_eq!(
            reply.error(403)["code"],
            "header_required",
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn every_answer_tells_the_browser_to_load_nothing_else() {
    let desk = Desk::emulated().await;
    for path in [
        "/",
        "/nothing.js",
        "/api/settings",
        "/api/nothing",
        "/api/session",
    ] {
        let reply = desk.get(path).await;
        let header = |name: &str| reply.headers[name].to_str().unwrap();
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "style-src 'self';",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        if path.starts_with("/api/") {
            assert_eq!(header("cache-control"), "no-store");
        }
        assert_eq!(header("x-trtc-console"), "1");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_missing() {
    let desk = Desk::emulated().await;
    assert_eq!(
        desk.get("/api/nothing").await.error(404)["code"],
        "not_found"
    );
    assert_eq!(desk.get("/api").await.status, 404);
    let error = desk.post("/api/records", json!({})).await.error(405);
    assert_eq!(error["code"], "method_not_allowed");
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let desk = Desk::emulated().await;
    let long = "x".repeat(1 << 20);
    let reply = desk.send_text(Method::POST, "/api/calls", long).await;
    assert_eq!(reply.status, 413);
}
