//! Webhooks of calls. What was verified is kept as a handle, so that nobody has to read it again.

use serde::Serialize;
use trtc_call_core::input::Given;
use trtc_call_core::webhook::{
    self as core, Added, CallState, CallbackCommand, Delivery, Event, HistoryEntry, TestDelivery,
    WebhookError, WebhookErrorReason, WebhookReply, WebhookToken,
};
use trtc_call_core::{CallId, Problem, SdkAppId};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::exact::to_js;
use crate::failure::Failure;
use crate::given::read_with;
use crate::usersig::seconds;

/// Verifies deliveries to one application.
#[wasm_bindgen]
pub struct WebhookVerifier {
    sdk_app_id: SdkAppId,
    verifier: core::WebhookVerifier,
}

#[wasm_bindgen]
impl WebhookVerifier {
    /// Out of `{ sdkAppId, token, tolerance? }`; the tolerance is in seconds.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<WebhookVerifier, Failure> {
        read_with("receiver", given, |input| {
            let sdk_app_id = input.required("sdkAppId", Given::sdk_app_id);
            let token = input.required("token", |token| WebhookToken::new(token.text()?));
            let tolerance = input.optional("tolerance", |given| given.whole("seconds"));
            let (sdk_app_id, token) = (sdk_app_id?, token?);
            let mut verifier = core::WebhookVerifier::new(sdk_app_id, &token);
            if let Some(tolerance) = tolerance {
                verifier = verifier.tolerance(std::time::Duration::from_secs(tolerance));
            }
            Some(WebhookVerifier {
                sdk_app_id,
                verifier,
            })
        })
    }

    /// Verifies what the query of a delivery says; its body may come later.
    pub fn verify(&self, query: String, now: f64) -> Result<CallQuery, Failure> {
        let now = seconds("now", now)?;
        let verified = self.verifier.verify_query(&query, now);
        Ok(CallQuery {
            sdk_app_id: self.sdk_app_id,
            query,
            refused: verified.err(),
        })
    }
}

/// The query of a delivery, verified.
#[wasm_bindgen]
pub struct CallQuery {
    sdk_app_id: SdkAppId,
    query: String,
    refused: Option<WebhookError>,
}

#[wasm_bindgen]
impl CallQuery {
    /// That of an application whose webhooks are not signed, `{ sdkAppId }`, about which nothing is verified yet.
    pub fn unsigned(given: &JsValue, query: String) -> Result<CallQuery, Failure> {
        read_with("receiver", given, |input| {
            Some(CallQuery {
                sdk_app_id: input.required("sdkAppId", Given::sdk_app_id)?,
                query,
                refused: None,
            })
        })
    }

    /// Why the delivery is refused whatever its body says: a verdict. `undefined` if it is not.
    pub fn refusal(&self) -> Thrown<JsValue> {
        match &self.refused {
            Some(error) => Ok(to_js(&Verdict::of(Err(error)))?),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Reads the body that came with it.
    #[must_use]
    pub fn read(&self, body: &[u8]) -> CallDelivery {
        CallDelivery(match &self.refused {
            Some(error) => Err(error.clone()),
            None => core::parse_unsigned(self.sdk_app_id, &self.query, body),
        })
    }
}

/// A delivery, or why it is none.
#[wasm_bindgen]
pub struct CallDelivery(Result<Delivery, WebhookError>);

#[wasm_bindgen]
impl CallDelivery {
    /// Reads a delivery. It verifies nothing.
    #[wasm_bindgen(js_name = parseUnverified)]
    #[must_use]
    pub fn parse_unverified(query: &str, body: &[u8]) -> CallDelivery {
        CallDelivery(core::parse_unverified(query, body))
    }

    /// `{ valid, reason, message, refusal, delivery }`.
    pub fn verdict(&self) -> Thrown<JsValue> {
        Ok(to_js(&Verdict::of(self.0.as_ref()))?)
    }
}

impl CallDelivery {
    pub(crate) fn event(&self) -> Option<Event> {
        let delivery = self.0.as_ref().ok()?;
        Some(delivery.event.clone())
    }
}

/// The body of the answer that acknowledges a delivery.
#[wasm_bindgen(js_name = webhookAcknowledgement)]
#[must_use]
pub fn acknowledgement() -> String {
    WebhookReply::acknowledge().body
}

/// A delivery for tests, `{ query, body }`, out of `{ sdkAppId, token, body, command?, platform, now }`.
#[wasm_bindgen(js_name = signTestWebhook)]
pub fn sign_test_webhook(given: &JsValue) -> Thrown<JsValue> {
    let sent = read_with("webhook", given, |input| {
        let sdk_app_id = input.required("sdkAppId", Given::sdk_app_id);
        let token = input.required("token", |token| WebhookToken::new(token.text()?));
        let now = input.required("now", Given::unix_seconds);
        let platform = input.required("platform", Given::text);
        let body = input.required("body", Given::text)?;
        let command = if input.has("command") {
            input.optional("command", |name| Ok(name.text()?.as_str().into()))
        } else {
            input.note(command_of(&body))
        };
        let delivery = TestDelivery::with_body(sdk_app_id?, command?, body).platform(platform?);
        Some(delivery.sign(&token?, now?))
    })?;
    Ok(to_js(&Sent {
        query: &sent.query,
        body: &sent.body,
    })?)
}

fn command_of(body: &str) -> Result<CallbackCommand, Problem> {
    match core::parse_body_unverified(body.as_bytes()) {
        Ok(event) => Ok(event.command()),
        Err(error) if error.reason() == WebhookErrorReason::Command => Err(Problem::new(
            "command",
            format!("must be given where the body does not say: {error}"),
            "add it",
        )),
        Err(error) => Err(Problem::new(
            "body",
            format!("must be a webhook's: {error}"),
            "mend it, or give the command, so that it is signed as it is",
        )),
    }
}

#[derive(Serialize)]
struct Sent<'a> {
    query: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct Verdict<'a> {
    valid: bool,
    reason: Option<&'static str>,
    message: Option<String>,
    /// The answer to a delivery that is refused.
    refusal: Option<Refusal>,
    delivery: Option<&'a Delivery>,
}

#[derive(Serialize)]
pub(crate) struct Refusal {
    status: u16,
    body: String,
}

impl Refusal {
    pub(crate) fn of(WebhookReply { status, body, .. }: WebhookReply) -> Refusal {
        Refusal { status, body }
    }
}

impl Verdict<'_> {
    fn of<'a>(read: Result<&'a Delivery, &WebhookError>) -> Verdict<'a> {
        let error = read.err();
        Verdict {
            valid: error.is_none(),
            reason: error.map(WebhookError::code),
            message: error.map(ToString::to_string),
            refusal: error.map(|error| Refusal::of(WebhookReply::refuse(error))),
            delivery: read.ok(),
        }
    }
}

/// One call, put together from deliveries in any order and number.
#[wasm_bindgen]
pub struct Timeline(core::CallTimeline);

#[wasm_bindgen]
impl Timeline {
    /// A call of which nothing is known yet.
    #[wasm_bindgen(constructor)]
    pub fn new(call_id: String) -> Result<Timeline, Failure> {
        Ok(Timeline(core::CallTimeline::new(CallId::new(call_id)?)))
    }

    /// Takes in a delivery: `new`, `duplicate` or `other_call`, as which counts what cannot be read.
    pub fn add(&mut self, delivery: &CallDelivery) -> String {
        let added = delivery.event().map(|event| self.0.add(event));
        let added = match added {
            Some(Added::New) => "new",
            Some(Added::Duplicate) => "duplicate",
            _ => "other_call",
        };
        added.to_owned()
    }

    /// `{ state, history }`.
    pub fn view(&self) -> Thrown<JsValue> {
        Ok(to_js(&View {
            state: self.0.state(),
            history: self.0.history(),
        })?)
    }
}

#[derive(Serialize)]
struct View<'a> {
    state: &'a CallState,
    history: &'a [HistoryEntry],
}
