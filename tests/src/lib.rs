//! Vectors and whole-program tests of trtc-call. This library is empty but for the READMEs, whose
//! examples are compiled and run as documentation tests.
#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../crates/core/README.md")]
mod core_readme {}

#[cfg(doctest)]
#[doc = include_str!("../../crates/client/README.md")]
mod client_readme {}

#[cfg(doctest)]
#[doc = include_str!("../../crates/emulator/README.md")]
mod emulator_readme {}
