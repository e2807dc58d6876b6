//! The whole job of one call: ring, play into the room when somebody answers, hang up, clean up, and fetch
//! the record. A state machine without IO: replies, webhooks and the time go in, requests and events come out.
//!
//! ```
//! use trtc_call_core::UnixMillis;
//! use trtc_call_core::call_session::{CallSession, Output, Request, SendId};
//!
//! # struct Reply { id: SendId, result: Result<(u16, Vec<u8>), trtc_call_core::TransportErrorKind> }
//! fn run(
//!     mut session: CallSession,
//!     now: impl Fn() -> UnixMillis,
//!     save: impl Fn(String),
//!     send: impl Fn(SendId, Request), // does not wait: its reply comes out of `wait`
//!     wait: impl Fn(Option<UnixMillis>) -> Option<Reply>, // for a reply, or until then
//! ) {
//!     loop {
//!         while let Some(output) = session.poll() {
//!             match output {
//!                 Output::Event(event) => println!("{event:?}"),
//!                 Output::Send { id, request } => {
//!                     save(session.save()); // before it is sent
//!                     send(id, request);
//!                 }
//!                 _ => {}
//!             }
//!         }
//!         if session.is_over() {
//!             return;
//!         }
//!         match wait(session.next_wakeup()) {
//!             Some(Reply { id, result: Ok((status, body)) }) => {
//!                 session.handle_reply(id, Ok((status, &body)), now());
//!             }
//!             Some(Reply { id, result: Err(kind) }) => session.handle_reply(id, Err(kind), now()),
//!             None => session.handle_time(now()),
//!         }
//!         save(session.save()); // what the reply told is not told again
//!     }
//! }
//! ```
//!
//! Webhooks go in by [`handle_call_webhook`](CallSession::handle_call_webhook) and
//! [`handle_ingest_webhook`](CallSession::handle_ingest_webhook), in any order and any number of times; those of
//! other calls and tasks are left out, so that every session may be shown all of them.
//!
//! # What it guarantees
//!
//! As long as the session is saved where the loop above saves it:
//!
//! 1. **The phones never ring twice.** `start_call_by_robot` is sent once. Where its outcome is unknown, a webhook
//!    that names the room and the callees tells of the call; without one, the session ends and says so.
//! 2. **The ingest does not outlive the call.** It is stopped when the call is over, for whatever reason, and the call
//!    is ended when the session gives up.
//! 3. **A task that may run is ended, or named.** A start without outcome is not repeated: the robot is removed from the
//!    room, twice, 10 s apart, which ends what may have been started. What could not be ended within 2 minutes stands
//!    in [`Outcome::ingest_may_run`] and [`Outcome::call_may_be_up`].
//! 4. **It ends.** Whatever is waited for has a limit.
//! 5. **A process that goes on repeats nothing that may have happened.** See [`CallSession::resume`].
//!
//! # How it goes
//!
#![doc = include_str!("../../docs/call-session.md")]
//!
//! # How long it waits
//!
//! | for | at most |
//! | --- | --- |
//! | a reply | 30 s; then it counts as lost |
//! | an answer | the ring timeout and 15 s |
//! | a webhook that names a call whose start has no outcome | the ring timeout and 30 s |
//! | the call, once answered | the plan's `max_duration` |
//! | ending call and ingest | 2 minutes |
//! | the record | 1 minute, asked for from 5 s after the end on |
//!
//! Times count by the clock that is handed in, which should not jump.

mod advance;
mod call;
mod event;
mod ingest;
mod media;
mod pace;
mod phase;
mod plan;
mod request;
mod saved;
mod session;
mod state;

pub use event::{EndReason, Failure, Outcome, SessionEvent};
pub use media::Media;
pub use phase::Phase;
pub use plan::{Plan, PlanBuilder, Watch};
pub use request::{Answer, IngestStart, Request, SendId, Sent};
pub(crate) use saved::saved_call;
pub use session::{CallSession, Output};
