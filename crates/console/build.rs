//! Embeds the page, where it has been built (`cargo xtask console`).

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Beside each file there may be these, compressed ahead of time.
const ENCODINGS: [&str; 2] = ["br", "gz"];

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let page = manifest.join("page");
    println!("cargo::rerun-if-changed={}", page.display());
    let mut files = Vec::new();
    if page.join("index.html").is_file() {
        list(&page, &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        if ENCODINGS.iter().any(|suffix| is_compressed(file, suffix)) {
            continue;
        }
        let name = file.strip_prefix(&page).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let _ = write!(
            table,
            "    Asset {{ path: {name:?}, plain: {}",
            include(file)
        );
        for (field, suffix) in ["brotli", "gzip"].into_iter().zip(ENCODINGS) {
            let compressed = compressed(file, suffix);
            let value = if files.contains(&compressed) {
                format!("Some({})", include(&compressed))
            } else {
                "None".to_owned()
            };
            let _ = write!(table, ", {field}: {value}");
        }
        table.push_str(" },\n");
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("assets.rs"), table)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn compressed(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn is_compressed(file: &Path, suffix: &str) -> bool {
    file.extension().is_some_and(|found| found == suffix)
}

fn include(file: &Path) -> String {
    format!("include_bytes!({:?})", file.to_string_lossy())
}
