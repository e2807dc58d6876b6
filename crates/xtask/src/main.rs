//! `cargo xtask`: the project's own commands. What CI runs, a person runs.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "telling people what it does is this program's job"
)]

mod bench;
mod console;
mod install;
mod invocation;
mod npm;
mod openapi;
mod public_api;
mod report;
mod simulate;
mod test;
mod tool;
mod vendor_sdk;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask test             run the checks and tests; `cargo xtask test --help` tells how to choose
cargo xtask openapi          write the description of the call engine anew, out of the types
cargo xtask public-api       list anew what the core and the client offer
cargo xtask npm              build the npm package, and print where its tarball is
cargo xtask npm test         build it, and test it in every runtime, bundler and test runner but the slow ones
cargo xtask npm test --all   build it, and run all test projects; or those that are named, such as `jest vite`
cargo xtask console          build the console's page and the program with it, and print where that is
cargo xtask console test     build them, and test them in a real browser
cargo xtask bench ledger     measure a ledger of rings on both stores
cargo xtask bench npm        measure the npm package's size, start and speed against the vendor's packages
cargo xtask bench tc3        measure signatures of the cloud API against the vendor's SDK for Node
cargo xtask bench usersig    measure UserSigs against the vendor's Node package and plain Rust
cargo xtask bench webhook    measure how many webhooks are verified and read in a second
cargo xtask simulate ledger  ring a million users with 64 workers in virtual time
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [command, rest @ ..] if command == "test" => test::run(rest),
        [command] if command == "openapi" => openapi::write(),
        [command] if command == "public-api" => public_api::write(),
        [command, rest @ ..] if command == "npm" => npm::run(rest),
        [command, rest @ ..] if command == "console" => console::run(rest),
        [command, rest @ ..] if command == "bench" => bench::run(rest),
        [command, rest @ ..] if command == "simulate" => simulate::run(rest),
        [] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command: {}\n\n{USAGE}", arguments.join(" ")),
    }
}
