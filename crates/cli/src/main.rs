//! `trtc-call`: ring users, sign and inspect UserSigs, run the emulator.

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

mod account;
mod cli;
mod cloud;
mod cloud_command;
mod cloud_credential;
mod command_error;
mod commands;
mod dry_run;
mod duration;
mod emulated;
mod enter;
mod exit;
mod extra;
mod input;
mod interrupts;
mod logging;
mod moment;
mod printable;
mod profile;
mod room;
mod screen;
mod secret;
mod secret_key;
mod service;
mod setting;
mod sheet;
mod store;
mod stream;
mod style;
mod token;
mod webhook_check;
mod webhook_token;
mod words;

use std::process::ExitCode;

use crate::cli::Cli;
use crate::screen::Screen;

fn main() -> ExitCode {
    let cli = Cli::of_command_line();
    let screen = Screen::new(cli.json);
    logging::start(&screen);
    match screen.check().and_then(|()| cli.run(&screen)) {
        Ok(exit) => exit.into(),
        Err(failure) => screen.fail(&failure).into(),
    }
}
