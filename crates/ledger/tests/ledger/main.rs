//! What a ledger promises, on each store, against the emulator.

#![allow(
    unused_crate_dependencies,
    reason = "the tests use some of what the library uses"
)]

#[cfg(feature = "postgres")]
mod cluster;
mod desk;
mod ring_once;
mod settling;
mod workers;
