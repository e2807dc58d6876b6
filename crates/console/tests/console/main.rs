//! The console as a page meets it: over a real socket, with an emulator behind it.

#![allow(
    unused_crate_dependencies,
    reason = "the tests use some of what the crate uses"
)]

mod board;
mod calls;
mod campaigns;
mod desk;
mod emulator;
mod events;
mod gate;
mod page;
mod play;
mod records;
mod requests;
mod settings;
mod stream;
mod webhooks;
