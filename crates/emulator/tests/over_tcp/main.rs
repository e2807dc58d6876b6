//! The emulator over a real socket, spoken to by hand.
#![expect(clippy::disallowed_methods, reason = "a real server has a real clock")]

#[allow(dead_code, reason = "shared with the tests without a socket")]
#[path = "../caller/mod.rs"]
mod caller;
mod cloud;
mod connections;
mod received;
mod webhooks;
