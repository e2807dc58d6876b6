//! Webhooks.

use serde::Serialize;
use trtc_call_core::webhook::{
    self as core, Added, CallState, CallbackCommand, Delivery, HistoryEntry, TestDelivery,
    WebhookError, WebhookReply, WebhookToken,
};
use trtc_call_core::{CallId, Problem, SdkAppId, UnixSeconds};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::problems::Problems;
use crate::usersig::whole;

/// Verifies deliveries to one application.
#[wasm_bindgen]
pub struct WebhookVerifier(core::WebhookVerifier);

#[wasm_bindgen]
impl WebhookVerifier {
    /// For an application's token; `tolerance` is in seconds.
    #[wasm_bindgen(constructor)]
    pub fn new(sdk_app_id: f64, token: String, tolerance: f64) -> Result<WebhookVerifier, Failure> {
        let mut problems = Problems::default();
        let application = application(&mut problems, sdk_app_id, token);
        let tolerance = problems.note(whole("tolerance", tolerance, "seconds"));
        let (Some((sdk_app_id, token)), Some(tolerance)) = (application, tolerance) else {
            return Err(problems.into_failure());
        };
        let verifier = core::WebhookVerifier::new(sdk_app_id, &token);
        Ok(WebhookVerifier(
            verifier.tolerance(std::time::Duration::from_secs(tolerance)),
        ))
    }

    /// Whether a query is signed as it should be, as the JSON text of a verdict without a delivery.
    #[wasm_bindgen(js_name = verifyQuery)]
    pub fn verify_query(&self, query: &str, now: f64) -> Result<String, Failure> {
        let now = UnixSeconds(whole("now", now, "Unix seconds")?);
        let verified = self.0.verify_query(query, now);
        Ok(Verdict::text(verified.map(|()| None)))
    }

    /// Whether a delivery comes from the service, as the JSON text of a verdict.
    pub fn verify(&self, query: &str, body: &[u8], now: f64) -> Result<String, Failure> {
        let now = UnixSeconds(whole("now", now, "Unix seconds")?);
        Ok(Verdict::text(self.0.verify(query, body, now).map(Some)))
    }
}

/// Reads a delivery to an application whose webhooks are not signed, as the JSON text of a verdict.
#[wasm_bindgen(js_name = parseUnsignedWebhook)]
pub fn parse_unsigned(sdk_app_id: f64, query: &str, body: &[u8]) -> Result<String, Failure> {
    let sdk_app_id = app(sdk_app_id)?;
    let parsed = core::parse_unsigned(sdk_app_id, query, body);
    Ok(Verdict::text(parsed.map(Some)))
}

/// Reads a delivery, as the JSON text of a verdict. It verifies nothing: `valid` means readable.
#[wasm_bindgen(js_name = parseWebhookUnverified)]
pub fn parse_unverified(query: &str, body: &[u8]) -> String {
    Verdict::text(core::parse_unverified(query, body).map(Some))
}

/// The body of the answer that acknowledges a delivery.
#[wasm_bindgen(js_name = webhookAcknowledgement)]
pub fn acknowledgement() -> String {
    WebhookReply::acknowledge().body
}

/// A delivery for tests, as the JSON text of `{ query, body }`.
#[wasm_bindgen(js_name = signTestWebhook)]
pub fn sign_test_webhook(
    sdk_app_id: f64,
    token: String,
    body: String,
    command: Option<String>,
    platform: String,
    now: f64,
) -> Result<String, Failure> {
    let mut problems = Problems::default();
    let application = application(&mut problems, sdk_app_id, token);
    let now = problems.note(whole("now", now, "Unix seconds"));
    let command = match command {
        Some(command) => Ok(command.as_str().into()),
        None => command_of(&body),
    };
    let command = problems.note(command);
    let (Some((sdk_app_id, token)), Some(now), Some(command)) = (application, now, command) else {
        return Err(problems.into_failure());
    };
    let delivery = TestDelivery::with_body(sdk_app_id, command, body).platform(platform);
    let sent = delivery.sign(&token, UnixSeconds(now));
    Ok(to_javascript(&Sent {
        query: &sent.query,
        body: &sent.body,
    }))
}

fn command_of(body: &str) -> Result<CallbackCommand, Problem> {
    match core::parse_body_unverified(body.as_bytes()) {
        Ok(event) => Ok(event.command()),
        Err(error) => Err(Problem::new(
            "command",
            format!("must be given where the body does not say: {error}"),
            "add it",
        )),
    }
}

#[derive(Serialize)]
struct Sent<'a> {
    query: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct Verdict {
    valid: bool,
    reason: Option<&'static str>,
    message: Option<String>,
    /// The answer to a delivery that is refused.
    refusal: Option<Refusal>,
    delivery: Option<Delivery>,
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

impl Verdict {
    fn text(verdict: Result<Option<Delivery>, WebhookError>) -> String {
        to_javascript(&match verdict {
            Ok(delivery) => Verdict {
                valid: true,
                reason: None,
                message: None,
                refusal: None,
                delivery,
            },
            Err(error) => Verdict {
                valid: false,
                reason: Some(error.code()),
                message: Some(error.to_string()),
                refusal: Some(Refusal::of(WebhookReply::refuse(&error))),
                delivery: None,
            },
        })
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

    /// Takes in a delivery's body: `new`, `duplicate` or `other_call`; `undefined` if it cannot be read.
    pub fn add(&mut self, command: &str, body: &[u8]) -> Option<String> {
        // Command names hold nothing that a query would have to escape.
        let query = ["CallbackCommand=", command].concat();
        let delivery = core::parse_unverified(&query, body).ok()?;
        let added = match self.0.add(delivery.event) {
            Added::New => "new",
            Added::Duplicate => "duplicate",
            Added::OtherCall => "other_call",
        };
        Some(added.to_owned())
    }

    /// State and history as JSON text.
    pub fn view(&self) -> String {
        to_javascript(&View {
            state: self.0.state(),
            history: self.0.history(),
        })
    }
}

#[derive(Serialize)]
struct View {
    state: CallState,
    history: Vec<HistoryEntry>,
}

fn application(
    problems: &mut Problems,
    sdk_app_id: f64,
    token: String,
) -> Option<(SdkAppId, WebhookToken)> {
    let sdk_app_id = problems.note(app(sdk_app_id));
    let token = problems.note(WebhookToken::new(token));
    sdk_app_id.zip(token)
}

pub(crate) fn app(number: f64) -> Result<SdkAppId, Problem> {
    whole("sdkAppId", number, "1 to 4294967295").and_then(|number| number.to_string().parse())
}
