//! Whatever a server answers, reading it does not panic, and what went wrong can be said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::Endpoint;
use trtc_call_core::call_engine::{end_call, get_call_info, start_call_by_robot};
use trtc_call_core::call_record::get_record_by_callid;

fuzz_target!(|reply: (u16, &[u8])| {
    let (status, body) = reply;
    // Most statuses are treated alike; the one that counts is tried each time.
    for status in [status, 200] {
        read::<start_call_by_robot::Request>(status, body);
        read::<get_call_info::Request>(status, body);
        read::<end_call::Request>(status, body);
        read::<get_record_by_callid::Request>(status, body);
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
