//! Whatever is sent to a receiver, reading it does not panic; what is read can be written and is then
//! read the same; and nothing is verified that was not signed.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use trtc_call_core::webhook::{
    Event, TestDelivery, WebhookReply, WebhookToken, WebhookVerifier, parse_body_unverified,
    parse_unsigned, parse_unverified,
};
use trtc_call_core::{SdkAppId, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

static TOKEN: LazyLock<WebhookToken> =
    LazyLock::new(|| WebhookToken::new("token of the fuzzer").unwrap());

fuzz_target!(|sent: (&str, &[u8])| {
    let (query, body) = sent;
    let app = SdkAppId::new(1).unwrap();
    let verifier = WebhookVerifier::new(app, &TOKEN);
    let refused = verifier.verify(query, body, NOW).unwrap_err();
    assert!(!refused.to_string().is_empty());
    assert!(WebhookReply::refuse(&refused).status >= 400);

    if let Ok(delivery) = parse_unsigned(app, query, body) {
        assert_eq!(delivery.sdk_app_id, Some(app));
        assert_eq!(parse_unverified(query, body), Ok(delivery));
    }
    let Ok(event) = parse_body_unverified(body) else {
        return;
    };
    serde_json::to_string(&event).unwrap();
    let sent = TestDelivery::new(app, &event).sign(&TOKEN, NOW);
    let read = verifier.verify(&sent.query, sent.body.as_bytes(), NOW);
    assert_eq!(known(read.unwrap().event), known(event));
});

/// Unknown fields of known events are not written.
fn known(mut event: Event) -> Event {
    match &mut event {
        Event::CallStarted(started) => started.other_fields = BTreeMap::new(),
        Event::MembersChanged(changed) => changed.other_fields = BTreeMap::new(),
        Event::CallEnded(ended) => ended.other_fields = BTreeMap::new(),
        _ => {}
    }
    event
}
