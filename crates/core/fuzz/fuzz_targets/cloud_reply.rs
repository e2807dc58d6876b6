//! Whatever a server of the cloud API answers, reading it does not panic, and what went wrong can be said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::stream_ingest::{
    describe_stream_ingest, start_stream_ingest, stop_stream_ingest, update_stream_ingest,
};
use trtc_call_core::{CloudEndpoint, Error, UnixSeconds, room};

fuzz_target!(|reply: (u16, &str, &[u8])| {
    let (status, date, body) = reply;
    // Most statuses are treated alike; the one that counts is tried each time.
    for status in [status, 200] {
        read::<start_stream_ingest::Request>(status, date, body);
        read::<update_stream_ingest::Request>(status, date, body);
        read::<describe_stream_ingest::Request>(status, date, body);
        read::<stop_stream_ingest::Request>(status, date, body);
        read::<room::Dismiss>(status, date, body);
        read::<room::Remove>(status, date, body);
        read::<room::dismiss_room::Request>(status, date, body);
        read::<room::dismiss_room_by_str_room_id::Request>(status, date, body);
        read::<room::remove_user::Request>(status, date, body);
        read::<room::remove_user_by_str_room_id::Request>(status, date, body);
    }
});

fn read<E: CloudEndpoint>(status: u16, date: &str, body: &[u8]) {
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
