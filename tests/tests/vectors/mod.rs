//! The folders below `tests/vectors`, and the files in them.
#![allow(dead_code, reason = "no program reads all kinds of files")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The cases of that kind: a folder each.
pub(crate) fn cases(kind: &str) -> Vec<PathBuf> {
    let folder = folder(kind);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect()
}

/// The folder of that kind.
pub(crate) fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(kind)
}

/// The status of the case's reply.
pub(crate) fn status(folder: &Path) -> u16 {
    if folder.join("status.txt").exists() {
        text_file(folder, "status.txt").trim_end().parse().unwrap()
    } else {
        200
    }
}

pub(crate) fn text_file(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub(crate) fn json_file(folder: &Path, name: &str) -> Value {
    let text = text_file(folder, name);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.join(name).display()))
}

/// `stop_stream_ingest` of `StopStreamIngest`, the name of its folder, and `stream_url` of `streamUrl`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut folder = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !folder.is_empty() {
            folder.push('_');
        }
        folder.push(letter.to_ascii_lowercase());
    }
    folder
}
