//! One file for each command: its options, and `run`.

pub(crate) mod callback;
pub(crate) mod campaign;
pub(crate) mod completions;
pub(crate) mod console;
pub(crate) mod decode;
pub(crate) mod emulator;
pub(crate) mod end;
pub(crate) mod explain;
pub(crate) mod ingest;
pub(crate) mod ledger;
pub(crate) mod man;
pub(crate) mod private_map_key;
pub(crate) mod profile;
pub(crate) mod record;
pub(crate) mod room;
pub(crate) mod start;
pub(crate) mod status;
pub(crate) mod tc3;
pub(crate) mod usersig;
pub(crate) mod webhook;
