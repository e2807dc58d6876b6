//! What a ledger promises, on each store, against the emulator.

#![allow(
    unused_crate_dependencies,
    reason = "the tests use some of what the library uses"
)]

mod attempts;
#[path = "../../examples/axum_handler.rs"]
#[allow(dead_code, reason = "a test has a main of its own")]
mod axum_handler;
mod callers;
#[cfg(feature = "postgres")]
mod cluster;
mod desk;
mod housekeeping;
mod ring_once;
mod settling;
mod troubles;
mod workers;
