//! The command as scripts and people meet it: the real binary, its output and its exit codes.

#![allow(
    unused_crate_dependencies,
    reason = "the tests use some of what the command uses"
)]

mod account;
mod callback;
mod calls;
mod campaign;
mod campaign_live;
mod campaign_play;
mod codes;
mod console;
mod decode;
mod documents;
mod emulator;
mod extra;
mod ingest;
mod odd_secrets;
mod output;
mod play;
mod private_map_key;
mod profile;
mod program;
mod push;
mod records;
mod request;
mod ring_once;
mod secrets;
mod service;
mod start;
mod stops;
mod tc3;
mod tls;
mod usersig;
mod wait;
mod webhook;
