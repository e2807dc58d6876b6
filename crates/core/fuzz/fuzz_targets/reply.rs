//! Whatever a server answers, reading it does not panic, and what went wrong can be said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::{Endpoint, for_each_command};

fuzz_target!(|reply: (u16, &[u8])| {
    let (status, body) = reply;
    // Most statuses are treated alike; the one that counts is tried each time.
    for status in [status, 200] {
        for_each_command!(read(status, body));
    }
});

fn read<E: Endpoint>(status: u16, body: &[u8]) {
    match E::parse(status, body) {
        Ok(_) => assert_eq!(status, 200),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(!error.code().is_empty());
        }
    }
}
