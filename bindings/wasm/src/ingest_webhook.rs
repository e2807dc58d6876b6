//! Webhooks of stream ingest.

use serde::Serialize;
use trtc_call_core::SdkAppId;
use trtc_call_core::input::{Given, Properties};
use trtc_call_core::webhook::WebhookError;
use trtc_call_core::webhook::ingest::{
    self, IngestEvent, IngestTestDelivery, IngestWebhookKey, IngestWebhookVerifier,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::exact::to_js;
use crate::failure::Failure;
use crate::given::read_with;
use crate::webhook::Refusal;

/// Verifies deliveries to one application.
#[wasm_bindgen]
pub struct IngestVerifier(IngestWebhookVerifier);

#[wasm_bindgen]
impl IngestVerifier {
    /// Out of `{ sdkAppId, key }`.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<IngestVerifier, Failure> {
        let (sdk_app_id, key) = read_with("receiver", given, receiver)?;
        Ok(IngestVerifier(IngestWebhookVerifier::new(sdk_app_id, &key)))
    }

    /// Verifies a delivery and reads it. `sign` and `sdk_app_id` are the headers of those names.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "as wasm-bindgen hands it over"
    )]
    pub fn verify(
        &self,
        sign: Option<String>,
        sdk_app_id: Option<String>,
        body: &[u8],
    ) -> IngestDelivery {
        let verified = self.0.verify(sign.as_deref(), sdk_app_id.as_deref(), body);
        IngestDelivery(verified)
    }
}

/// A delivery, or why it is none.
#[wasm_bindgen]
pub struct IngestDelivery(Result<IngestEvent, WebhookError>);

#[wasm_bindgen]
impl IngestDelivery {
    /// Reads a delivery. It verifies nothing.
    #[wasm_bindgen(js_name = parseUnverified)]
    #[must_use]
    pub fn parse_unverified(body: &[u8]) -> IngestDelivery {
        IngestDelivery(ingest::parse_unverified(body))
    }

    /// `{ valid, reason, message, refusal, event }`.
    pub fn verdict(&self) -> Thrown<JsValue> {
        let error = self.0.as_ref().err();
        Ok(to_js(&Verdict {
            valid: error.is_none(),
            reason: error.map(WebhookError::code),
            message: error.map(ToString::to_string),
            refusal: error.map(|error| Refusal::of(ingest::refuse(error))),
            event: self.0.as_ref().ok(),
        })?)
    }
}

impl IngestDelivery {
    pub(crate) fn event(&self) -> Option<IngestEvent> {
        self.0.as_ref().ok().cloned()
    }
}

/// The body of the answer that acknowledges a delivery.
#[wasm_bindgen(js_name = ingestWebhookAcknowledgement)]
#[must_use]
pub fn acknowledgement() -> String {
    ingest::acknowledge().body
}

/// The header `Sign` of a delivery for tests, out of `{ sdkAppId, key, body }`.
#[wasm_bindgen(js_name = signTestIngestWebhook)]
pub fn sign_test_webhook(given: &JsValue) -> Result<String, Failure> {
    read_with("webhook", given, |input| {
        let receiver = receiver(input);
        let body = input.required("body", Given::text);
        let (sdk_app_id, key) = receiver?;
        let delivery = IngestTestDelivery::with_body(sdk_app_id, body?);
        Some(delivery.sign(&key).sign)
    })
}

fn receiver(input: &mut Properties<'_>) -> Option<(SdkAppId, IngestWebhookKey)> {
    let sdk_app_id = input.required("sdkAppId", Given::sdk_app_id);
    let key = input.required("key", |key| IngestWebhookKey::new(&key.text()?));
    sdk_app_id.zip(key)
}

#[derive(Serialize)]
struct Verdict<'a> {
    valid: bool,
    reason: Option<&'static str>,
    message: Option<String>,
    /// The answer to a delivery that is refused.
    refusal: Option<Refusal>,
    event: Option<&'a IngestEvent>,
}
