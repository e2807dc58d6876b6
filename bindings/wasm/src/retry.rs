//! What to do after a failure.

use std::time::Duration;

use trtc_call_core::{Decision, RetryPolicy};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;

#[wasm_bindgen]
impl Failure {
    /// Core's retry decision, after attempt number `attempt` (from 1): the milliseconds to wait before
    /// the next one, or -1 to give up, or -2 because the outcome is unknown.
    pub fn decide(
        &self,
        attempt: u32,
        random: u32,
        max_attempts: u32,
        base_delay: f64,
        max_delay: f64,
    ) -> f64 {
        let policy = RetryPolicy {
            max_attempts,
            base_delay: milliseconds(base_delay),
            max_delay: milliseconds(max_delay),
        };
        match self.decision(&policy, attempt, random) {
            Decision::Retry { after } => after.as_secs_f64() * 1000.0,
            Decision::GiveUp => -1.0,
            Decision::OutcomeUnknown => -2.0,
        }
    }
}

fn milliseconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number / 1000.0).unwrap_or_default()
}
