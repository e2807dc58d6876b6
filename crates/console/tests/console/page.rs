//! The page's files.

use std::fs;
use std::path::PathBuf;

use reqwest::Method;
use trtc_call_console::{Page, Service};

use crate::desk::{Desk, config, emulator};

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("console-page");
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::write(
        folder.join("index.html"),
        "<!doctype html><title>Page</title>",
    )
    .unwrap();
    fs::write(folder.join("assets/app-1a2b.js"), "export {}").unwrap();
    fs::write(folder.join("assets/core-1a2b.wasm"), b"\0asm").unwrap();
    fs::write(folder.join(".hidden"), "x").unwrap();
    fs::write(folder.parent().unwrap().join("outside.txt"), "x").unwrap();
    folder
}

#[tokio::test]
async fn the_page_is_served_with_its_types_to_everybody_who_knows_the_address() {
    let config = config(Service::Emulator(emulator().await)).page(Page::Folder(folder()));
    let desk = Desk::at(config, 0).await;
    for (path, content_type, cache) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        (
            "/assets/app-1a2b.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/assets/core-1a2b.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let sent = desk.request(method, path).send().await.unwrap();
            let reply = desk.read(sent).await;
            assert_eq!(reply.status, 200, "{path}");
            assert_eq!(reply.headers["content-type"], content_type);
            assert_eq!(reply.headers["cache-control"], cache);
            assert_eq!(reply.headers["x-trtc-console"], "1");
        }
    }
    let posted = desk.request(Method::POST, "/").send().await.unwrap();
    assert_eq!(desk.read(posted).await.status, 405);
}

#[tokio::test]
async fn no_path_leads_out_of_the_page() {
    let config = config(Service::Emulator(emulator().await)).page(Page::Folder(folder()));
    let desk = Desk::at(config, 0).await;
    for path in [
        "/nothing.js",
        "/.hidden",
        "/assets",
        "/assets/",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/assets/..%5c..%5coutside.txt",
        "//etc/passwd",
    ] {
        assert_eq!(desk.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn what_is_built_in_is_served_compressed_or_is_said_to_be_missing() {
    let desk = Desk::emulated().await;
    let request = desk
        .own_request(Method::GET, "/")
        .header("accept-encoding", "br, gzip");
    let response = request.send().await.unwrap();
    if Page::is_embedded() {
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.headers()["content-type"],
            "text/html; charset=utf-8"
        );
    } else {
        assert_eq!(response.status(), 404);
        assert!(
            response
                .text()
                .await
                .unwrap()
                .contains("cargo xtask console")
        );
    }
}
