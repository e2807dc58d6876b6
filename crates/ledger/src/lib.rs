//! Rings a user once for each key, across processes, machines and crashes, with Tencent RTC (TUICallKit).
//!
//! The service has no idempotency key: whoever sends `start_call_by_robot` again rings the phone again. A ledger gives it
//! one. It is a table in SQLite or PostgreSQL, in which a ring stands before it is sent.
//!
//! - [`Ledger::ring_once`] rings for a key, or tells what became of the ring for that key.
//! - [`Ledger::enqueue`] and [`Ledger::run`] ring many, with any number of workers on any number of machines, which keep
//!   one limit together.
//! - [`Ledger::webhook`] and [`Ledger::sweep`] settle what is unknown.
//!
//! What may happen to a ring is decided by [`trtc_call_core::ring_ledger`], whose page has the states; this crate brings
//! the databases and the clock.
//!
//! # Before you trust it with real phones
//!
//! - **A key is as safe as its row.** A database that forgets what it committed (a replica that was behind and took over,
//!   a restored backup, `fsync = off`) may ring a phone again.
//! - **Whether a phone rang can stay unknown.** Then it is not rung again. Hand in your webhooks, or let workers sweep
//!   the records; the rest is for people to settle.
//! - **Nobody else may ring** for the application without the ledger, or the limit of 200 rings in a second is kept by
//!   luck. A refusal for frequency slows all workers down, and rings nobody.
//! - **SQLite is for one machine.** Its clock is the machine's. A clock that jumps ahead makes leases end early: what is
//!   being sent counts as unknown until its reply comes; it is not sent again.
//! - **What is purged is forgotten**: its key rings again.
//!
//! # Features
//!
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `postgres` | yes | PostgreSQL beside SQLite |
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod campaign;
mod campaigns;
mod changes;
mod error;
mod ledger;
mod outcome;
mod quiet_hours;
mod ring_once;
mod sending;
mod settling;
mod stats;
mod store;
mod worker;

pub use campaigns::Campaign;
pub use changes::Changes;
pub use error::{DatabaseError, DatabaseErrorKind, LedgerError};
pub use ledger::{Enqueued, Ledger};
pub use outcome::RingOnce;
pub use quiet_hours::check_time_zone;
pub use settling::SweepError;
pub use stats::Stats;
pub use trtc_call_core::ring_ledger::*;
pub use worker::{Notify, RunReport, WorkerEvent, WorkerOptions};
