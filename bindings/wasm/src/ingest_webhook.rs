//! Webhooks of stream ingest.

use serde::Serialize;
use trtc_call_core::webhook::WebhookError;
use trtc_call_core::webhook::ingest::{
    self, IngestEvent, IngestTestDelivery, IngestWebhookKey, IngestWebhookVerifier,
};
use trtc_call_core::{Problem, SdkAppId};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::problems::Problems;
use crate::webhook::{Refusal, app};

/// Verifies deliveries to one application.
#[wasm_bindgen]
pub struct IngestVerifier(IngestWebhookVerifier);

#[wasm_bindgen]
impl IngestVerifier {
    /// For an application and the key that the console shows.
    #[wasm_bindgen(constructor)]
    pub fn new(sdk_app_id: f64, key: &str) -> Result<IngestVerifier, Failure> {
        let (sdk_app_id, key) = receiver(sdk_app_id, key)?;
        Ok(IngestVerifier(IngestWebhookVerifier::new(sdk_app_id, &key)))
    }

    /// Whether a delivery comes from the service, as the JSON text of a verdict. `sign` and `sdk_app_id` are the
    /// headers of those names.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "as wasm-bindgen hands it over"
    )]
    pub fn verify(&self, sign: Option<String>, sdk_app_id: Option<String>, body: &[u8]) -> String {
        let verified = self.0.verify(sign.as_deref(), sdk_app_id.as_deref(), body);
        Verdict::text(verified)
    }
}

/// Reads a delivery, as the JSON text of a verdict. It verifies nothing: `valid` means readable.
#[wasm_bindgen(js_name = parseIngestWebhookUnverified)]
#[must_use]
pub fn parse_unverified(body: &[u8]) -> String {
    Verdict::text(ingest::parse_unverified(body))
}

/// The body of the answer that acknowledges a delivery.
#[wasm_bindgen(js_name = ingestWebhookAcknowledgement)]
#[must_use]
pub fn acknowledgement() -> String {
    ingest::acknowledge().body
}

/// The header `Sign` of a delivery for tests.
#[wasm_bindgen(js_name = signTestIngestWebhook)]
pub fn sign_test_webhook(sdk_app_id: f64, key: &str, body: &str) -> Result<String, Failure> {
    let (sdk_app_id, key) = receiver(sdk_app_id, key)?;
    Ok(IngestTestDelivery::with_body(sdk_app_id, body)
        .sign(&key)
        .sign)
}

fn receiver(sdk_app_id: f64, key: &str) -> Result<(SdkAppId, IngestWebhookKey), Failure> {
    let mut problems = Problems::default();
    let sdk_app_id = problems.note(app(sdk_app_id));
    let key = IngestWebhookKey::new(key).map_err(|problem: Problem| problem.at("key"));
    let key = problems.note(key);
    match (sdk_app_id, key) {
        (Some(sdk_app_id), Some(key)) => Ok((sdk_app_id, key)),
        _ => Err(problems.into_failure()),
    }
}

#[derive(Serialize)]
struct Verdict {
    valid: bool,
    reason: Option<&'static str>,
    message: Option<String>,
    /// The answer to a delivery that is refused.
    refusal: Option<Refusal>,
    event: Option<IngestEvent>,
}

impl Verdict {
    fn text(verdict: Result<IngestEvent, WebhookError>) -> String {
        to_javascript(&match verdict {
            Ok(event) => Verdict {
                valid: true,
                reason: None,
                message: None,
                refusal: None,
                event: Some(event),
            },
            Err(error) => Verdict {
                valid: false,
                reason: Some(error.code()),
                message: Some(error.to_string()),
                refusal: Some(Refusal::of(ingest::refuse(&error))),
                event: None,
            },
        })
    }
}
