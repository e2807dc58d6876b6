//! Ringing once for each key, across processes, machines and crashes: the decisions of a ledger of rings. The service has
//! no idempotency key; a ledger is a table in a database that gives it one.
//!
//! No store and no clock is here: a [`Ring`] is a row, [`RingEvent`]s happen to it, and [`Ring::apply`] makes the row
//! that is to be written, or says why nothing is. A store runs each decision in a transaction that has locked the rows.
//! The crate `trtc-call-ledger` does, with SQLite and PostgreSQL.
//!
//! # What it guarantees
//!
//! 1. **A key is sent once**, and again only after an attempt that surely had no effect. Before the first byte goes, the
//!    row is committed as `sending`, by its owner in its epoch. Whatever is not heard of after that becomes `unknown`,
//!    never `queued`; only its own worker can say, late, that nothing was done.
//! 2. **A key that was settled is never sent again**, not even one that is presumed not to have rung: whoever wants
//!    another ring takes another key.
//! 3. **Every ring ends or says what it waits for**: a slot, its time, a reply, a webhook or record.
//! 4. **All workers keep one limit.** Slots are taken from one row of the database, and what misses its slot by more than
//!    [`TOLERANCE`] is not sent but queued again.
//!
//! # How it goes
//!
#![doc = include_str!("../../docs/ring-ledger.md")]

mod call;
mod campaign;
mod claim;
pub mod csv;
mod event;
mod key;
mod limiter;
mod new_ring;
mod once;
mod ring;
pub mod schema;
mod search;
mod state;
pub mod statements;
pub mod table;

pub use call::{StoredCall, fingerprint};
pub use campaign::{Again, CampaignState, Policy, QuietHours};
pub use claim::{MARK_AHEAD, Terms};
pub use event::{Evidence, Holder, RingEvent, SendResult};
pub use key::RingKey;
pub use limiter::{DEFAULT_RATE, HORIZON, Limiter, TOLERANCE};
pub use new_ring::NewRing;
pub use once::{Taking, Took, Verdict};
pub use ring::{Ring, Step, Unfit};
pub use search::RecordSearch;
pub use state::RingState;
