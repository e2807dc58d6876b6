//! The vectors, and the whole program. One binary, for each is linked with all of it.

mod client_against_emulator;
mod cloud_against_emulator;
mod cloud_vectors;
mod commands;
mod endpoint_vectors;
mod envelope_vectors;
mod error_codes;
mod extra;
mod ingest_webhook_vectors;
mod offline_push_agreement;
mod records;
mod seen_from_outside;
mod sessions;
mod shutdown;
mod stricter;
mod tc3_vectors;
mod usersig_vectors;
mod vectors;
mod webhook_vectors;

#[test]
fn every_file_beside_this_one_is_part_of_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in folder.read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".rs");
        // The one is this file, the other a program of its own.
        if !["main", "core_wasm"].contains(&name) {
            let line = format!("\nmod {name};\n");
            assert!(include_str!("main.rs").contains(&line), "{name}");
        }
    }
}
