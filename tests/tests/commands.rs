//! Every endpoint's file begins with its HTTP line; `Command::ALL` lists the same commands.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use trtc_call_core::Command;

#[test]
fn the_list_of_commands_is_that_of_the_endpoints_files() {
    let mut files = BTreeSet::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/core/src"),
        &mut files,
    );
    let listed: BTreeSet<String> = Command::ALL
        .iter()
        .map(|command| format!("{}/{}", command.service, command.name))
        .collect();
    assert!(!files.is_empty());
    assert_eq!(listed, files);
    assert_eq!(listed.len(), Command::ALL.len(), "one is listed twice");
}

/// The paths in the first lines of the files below `folder`.
fn collect(folder: &Path, paths: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().next().unwrap_or_default();
        if let Some(command) = line.strip_prefix("//! `POST /v4/") {
            paths.insert(command.trim_end_matches('`').to_owned());
        }
    }
}
