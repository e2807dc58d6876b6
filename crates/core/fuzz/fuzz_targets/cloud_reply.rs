//! Whatever a server of the cloud API answers, reading it does not panic, and what went wrong can be said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::{Action, CloudEndpoint, Error, UnixSeconds, for_each_action};

fuzz_target!(|reply: (u16, &str, &[u8])| {
    let (status, date, body) = reply;
    // Most statuses are treated alike; the one that counts is tried each time.
    for status in [status, 200] {
        for_each_action!(read(status, date, body));
    }
});

fn read<E: CloudEndpoint>(_: Action, status: u16, date: &str, body: &[u8]) {
    match E::parse(status, body) {
        Ok(_) => assert_eq!(status, 200),
        Err(mut error) => {
            if let Error::Cloud(error) = &mut error {
                error.explain_clock(date, UnixSeconds(1_700_000_000));
            }
            assert!(!error.to_string().is_empty());
            assert!(!error.code().is_empty());
        }
    }
}
