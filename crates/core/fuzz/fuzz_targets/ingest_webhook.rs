//! Whatever is sent to a receiver of ingest webhooks, reading it does not panic; nothing is accepted that
//! was not signed; and what is read can be written and is then read the same.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use trtc_call_core::SdkAppId;
use trtc_call_core::webhook::ingest::{
    self, IngestTestDelivery, IngestWebhookKey, IngestWebhookVerifier, parse_unverified,
};

static KEY: LazyLock<IngestWebhookKey> =
    LazyLock::new(|| IngestWebhookKey::new("key of the fuzzer").unwrap());

fuzz_target!(|sent: (Option<&str>, Option<&str>, &[u8])| {
    let (sign, sdk_app_id, body) = sent;
    let app = SdkAppId::new(1).unwrap();
    let verifier = IngestWebhookVerifier::new(app, &KEY);
    for sdk_app_id in [sdk_app_id, Some("1")] {
        let refused = verifier.verify(sign, sdk_app_id, body).unwrap_err();
        assert!(!refused.to_string().is_empty());
        assert!(ingest::refuse(&refused).status >= 400);
    }

    let read = parse_unverified(body);
    assert_eq!(
        verifier.verify(Some(&KEY.sign(body)), Some("1"), body),
        read
    );
    let Ok(mut event) = read else {
        return;
    };
    serde_json::to_string(&event).unwrap();
    event.other_fields = BTreeMap::new(); // They are not written.
    let sent = IngestTestDelivery::new(app, &event).sign(&KEY);
    let read = verifier.verify(
        Some(&sent.sign),
        Some(&sent.sdk_app_id),
        sent.body.as_bytes(),
    );
    assert_eq!(read, Ok(event));
});
