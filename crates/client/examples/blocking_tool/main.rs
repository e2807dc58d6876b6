//! A tool without an async runtime: who missed a call within the last day?
//!
//! ```sh
//! cargo run --example blocking_tool --features blocking
//! ```

#![allow(clippy::print_stdout, reason = "it is what an example shows")]

#[path = "../settings/mod.rs"]
mod settings;

use std::time::{Duration, SystemTime};

use settings::{BoxError, Settings};
use trtc_call::call_record::get_record_by_filter::Request;
use trtc_call::{UnixSeconds, blocking};

fn main() -> Result<(), BoxError> {
    let client = blocking::Client::new(Settings::read()?.client().build()?)?;
    let now = SystemTime::now();
    let yesterday = UnixSeconds::from(now - Duration::from_secs(24 * 3600));
    let filter = Request::builder()
        .start_time(yesterday)
        .page_size(100)
        .build(now.into())?;
    let mut missed = 0;
    for record in client.records(filter) {
        let record = record?; // at an error it ends: nothing is waited for
        if record.was_answered() {
            continue;
        }
        missed += 1;
        let callees = record.members.iter().filter(|user| **user != record.caller);
        let callees: Vec<&str> = callees.map(AsRef::as_ref).collect();
        println!(
            "{} missed {}: {}",
            callees.join(", "),
            record.caller,
            record.result
        );
    }
    println!("{missed} missed");
    Ok(())
}
