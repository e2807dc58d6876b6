//! The page: built from `web-demo`, and embedded when this crate was compiled.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, VARY,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::Shared;

/// Where the page comes from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Page {
    /// From this program. See [`Page::is_embedded`].
    Embedded,
    /// From a folder, whose files are read each time they are asked for: for work on the page.
    Folder(PathBuf),
}

impl Page {
    /// Whether the page had been built when this crate was compiled (`cargo xtask console`).
    #[must_use]
    pub fn is_embedded() -> bool {
        !ASSETS.is_empty()
    }

    fn find(&self, path: &str, accepted: &str) -> Option<File> {
        match self {
            Page::Embedded => embedded(path, accepted),
            Page::Folder(folder) => Some(File {
                bytes: std::fs::read(folder.join(path)).ok()?.into(),
                encoding: None,
            }),
        }
    }
}

struct Asset {
    path: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// What Vite names by content goes here: it never changes.
const NAMED_BY_CONTENT: &str = "assets/";

const NOT_BUILT: &str = "This program was built without the console's page.\n\
    Build the page and the program with `cargo xtask console`.\n";

struct File {
    bytes: Cow<'static, [u8]>,
    encoding: Option<&'static str>,
}

fn embedded(path: &str, accepted: &str) -> Option<File> {
    let asset = ASSETS.iter().find(|asset| asset.path == path)?;
    let compressed = [("br", asset.brotli), ("gzip", asset.gzip)]
        .into_iter()
        .find_map(|(name, bytes)| Some((name, bytes?)).filter(|_| accepts(accepted, name)));
    Some(match compressed {
        Some((name, bytes)) => File {
            bytes: bytes.into(),
            encoding: Some(name),
        },
        None => File {
            bytes: asset.plain.into(),
            encoding: None,
        },
    })
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|weight| weight == "q=0")
    })
}

pub(crate) async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = match request.uri().path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let found = Some(path).filter(|path| path.split('/').all(is_plain_name));
    let accepted = text(request.headers(), &ACCEPT_ENCODING);
    match found.and_then(|path| shared.page.find(path, accepted)) {
        Some(file) => respond(path, file),
        None if path == "index.html" => (StatusCode::NOT_FOUND, NOT_BUILT).into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
    }
}

fn respond(path: &str, File { bytes, encoding }: File) -> Response {
    let cache = if path.starts_with(NAMED_BY_CONTENT) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (CONTENT_TYPE, media_type(path)),
        (CACHE_CONTROL, cache),
        (VARY, "accept-encoding"),
    ];
    let encoding = encoding.map(|encoding| [(CONTENT_ENCODING, encoding)]);
    match encoding {
        Some(encoding) => (headers, encoding, bytes).into_response(),
        None => (headers, bytes).into_response(),
    }
}

/// Neither empty nor hidden nor a way out of the folder.
fn is_plain_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for plain in ["index.html", "app-1_2.js", "a..b"] {
            assert!(is_plain_name(plain), "{plain}");
        }
        for other in ["", ".", "..", ".git", "a\\b", "%2e%2e", "C:", "a b"] {
            assert!(!is_plain_name(other), "{other}");
        }
    }

    #[test]
    fn an_encoding_counts_only_where_it_is_accepted() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=1.0", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
        assert!(!accepts("x-br", "br"));
    }
}
