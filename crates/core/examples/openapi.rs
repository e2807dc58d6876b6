//! Prints the OpenAPI document of the call engine. `cargo xtask openapi` writes it where the emulator serves it.
#![expect(clippy::print_stdout, reason = "printing is all it does")]

fn main() {
    println!("{:#}", trtc_call_core::openapi::document());
}
