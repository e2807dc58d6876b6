//! Whatever is given as an OfflinePushInfo: reading it, checking it and advising on it do not panic, what is
//! written is read again as the same, and every text that is shown fits the phone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trtc_call_core::offline_push::{OfflinePushInfo, PushVendor};

fuzz_target!(|json: &str| {
    let Ok(push) = OfflinePushInfo::from_json(json) else {
        return;
    };
    let written = serde_json::to_string(&push).expect("it was read from JSON");
    let again = OfflinePushInfo::from_json(&written).expect("what is written can be read");
    // A switch that is off and an object without fields are not written.
    assert_eq!(serde_json::to_string(&again).ok(), Some(written));
    assert_eq!(push.check(), again.check());
    assert_eq!(push.advice().len(), again.advice().len());
    for vendor in PushVendor::ALL {
        for shown in push.shown_on(vendor) {
            let fits = |text: Option<String>, limit| {
                text.is_none_or(|text| text.encode_utf16().count() <= limit)
            };
            assert!(fits(shown.title, vendor.max_title()));
            assert!(fits(shown.desc, vendor.max_desc(push.android.push_style)));
        }
    }
});
