//! `trtc-call-emulator` for JavaScript: conversions only.

use trtc_call_core::UnixMillis;
use trtc_call_core::tc3::Credential;
use trtc_call_core::{Problem, SdkAppId, SecretKey};
use trtc_call_emulator::{Cut, OutgoingWebhook, ReceivedRequest, WebhookOutcome};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Which application is emulated, and how strictly.
#[wasm_bindgen]
pub struct Config(trtc_call_emulator::Config);

#[wasm_bindgen]
impl Config {
    /// One application.
    #[wasm_bindgen(constructor)]
    pub fn new(
        sdk_app_id: u32,
        secret_key: String,
        admins: Vec<String>,
        requests_per_second: u32,
        allow_any_user_id: bool,
    ) -> Result<Config, JsError> {
        let mut config = trtc_call_emulator::Config::new(
            SdkAppId::new(sdk_app_id).map_err(explain)?,
            SecretKey::new(secret_key).map_err(explain)?,
        );
        config.admins = admins;
        config.requests_per_second = requests_per_second;
        config.allow_any_user_id = allow_any_user_id;
        Ok(Config(config))
    }

    /// The only access key of the cloud API.
    #[wasm_bindgen(js_name = setCredential)]
    pub fn set_credential(
        &mut self,
        secret_id: String,
        secret_key: String,
        token: Option<String>,
    ) -> Result<(), JsError> {
        let credential = Credential::new(secret_id, secret_key).map_err(explain)?;
        let credential = match token {
            Some(token) => credential.with_token(token).map_err(explain)?,
            None => credential,
        };
        self.0.cloud_credentials = vec![credential];
        Ok(())
    }

    /// How the application's stream ingest is set up.
    #[wasm_bindgen(js_name = setIngest)]
    pub fn set_ingest(
        &mut self,
        requests_per_second: u32,
        room_id_coding: &str,
        demands_private_map_key: bool,
    ) -> Result<(), JsError> {
        self.0.cloud_requests_per_second = requests_per_second;
        self.0.ingest_room_id_coding = room_id_coding.parse().map_err(explain)?;
        self.0.demands_private_map_key = demands_private_map_key;
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn explain(problem: Problem) -> JsError {
    JsError::new(&problem.to_string())
}

/// The emulated service. See the emulator's own documentation.
#[wasm_bindgen]
pub struct Emulator(trtc_call_emulator::Emulator);

#[wasm_bindgen]
impl Emulator {
    /// An emulator of one application.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &Config) -> Emulator {
        Emulator(trtc_call_emulator::Emulator::new(&config.0))
    }

    /// Answers a request to the service or to the control API. `headers` are names and values in turn.
    /// `now` is in Unix milliseconds; the two random numbers are fresh for each request.
    #[expect(
        clippy::too_many_arguments,
        clippy::needless_pass_by_value,
        reason = "what wasm-bindgen converts at the least cost"
    )]
    pub fn handle(
        &mut self,
        method: &str,
        path_and_query: &str,
        headers: Vec<String>,
        body: &[u8],
        now: f64,
        random: u32,
        more_random: u32,
    ) -> Answer {
        let (pairs, _) = headers.as_chunks::<2>();
        let headers: Vec<(&str, &str)> = pairs
            .iter()
            .map(|[name, value]| (name.as_str(), value.as_str()))
            .collect();
        let request = ReceivedRequest {
            method,
            path_and_query,
            headers: &headers,
            body,
        };
        let random = u64::from(random) << 32 | u64::from(more_random);
        Answer(self.0.handle(&request, UnixMillis(now as u64), random))
    }

    /// The webhooks to send by now, in order. Report what becomes of each with `noteWebhook`.
    #[wasm_bindgen(js_name = takeDueWebhooks)]
    pub fn take_due_webhooks(&mut self, now: f64) -> Vec<Webhook> {
        self.0.advance_to(UnixMillis(now as u64));
        let due = self.0.take_due_webhooks();
        due.into_iter().map(Webhook).collect()
    }

    /// Takes note of what became of a webhook: the status of the answer, if one came; else whether it was late.
    #[wasm_bindgen(js_name = noteWebhook)]
    pub fn note_webhook(&mut self, id: f64, status: Option<u16>, is_late: bool, now: f64) {
        self.0.advance_to(UnixMillis(now as u64));
        let outcome = match status {
            Some(200) => WebhookOutcome::Acknowledged,
            Some(status) => WebhookOutcome::Refused { status },
            None if is_late => WebhookOutcome::TimedOut,
            None => WebhookOutcome::NotReached,
        };
        self.0.note_webhook(id as u64, outcome);
    }

    /// When something happens next or a webhook is due, in Unix milliseconds of the caller's clock.
    #[wasm_bindgen(js_name = nextDue)]
    #[must_use]
    pub fn next_due(&self) -> Option<f64> {
        let due = match (self.0.next_due(), self.0.next_webhook_due()) {
            (Some(event), Some(webhook)) => event.min(webhook),
            (event, webhook) => event.or(webhook)?,
        };
        Some(due.0 as f64)
    }
}

/// A webhook to send: `POST`, `content-type: application/json`.
#[wasm_bindgen]
pub struct Webhook(OutgoingWebhook);

#[wasm_bindgen]
impl Webhook {
    /// Which delivery it is.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> f64 {
        self.0.id as f64
    }

    /// Where to, with all parameters.
    #[wasm_bindgen(getter)]
    pub fn url(&self) -> String {
        self.0.url.clone()
    }

    /// The headers to add, names and values in turn.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> Vec<String> {
        let mut headers = Vec::new();
        for (name, value) in &self.0.headers {
            headers.push((*name).to_owned());
            headers.push(value.clone());
        }
        headers
    }

    /// JSON.
    #[wasm_bindgen(getter)]
    pub fn body(&self) -> String {
        self.0.body.clone()
    }

    /// How long to wait for the answer, in milliseconds of real time.
    #[wasm_bindgen(getter)]
    pub fn timeout(&self) -> f64 {
        self.0.timeout.as_secs_f64() * 1000.0
    }

    /// Whether it is about an ingest task. Webhooks about calls have no headers of their own.
    #[wasm_bindgen(getter, js_name = isAboutIngest)]
    pub fn is_about_ingest(&self) -> bool {
        !self.0.headers.is_empty()
    }
}

/// What to answer, and how badly.
#[wasm_bindgen]
pub struct Answer(trtc_call_emulator::Answer);

#[wasm_bindgen]
impl Answer {
    /// The HTTP status.
    #[wasm_bindgen(getter)]
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The `content-type` header.
    #[wasm_bindgen(getter, js_name = contentType)]
    pub fn content_type(&self) -> String {
        self.0.content_type.to_owned()
    }

    /// The `date` header.
    #[wasm_bindgen(getter)]
    pub fn date(&self) -> String {
        self.0.date_header()
    }

    /// The whole body.
    #[wasm_bindgen(getter)]
    pub fn body(&self) -> Vec<u8> {
        self.0.body.clone()
    }

    /// How long to wait before the first byte, in milliseconds.
    #[wasm_bindgen(getter)]
    pub fn delay(&self) -> f64 {
        self.0.delay.as_secs_f64() * 1000.0
    }

    /// Whether the connection is to be closed without a reply.
    #[wasm_bindgen(getter, js_name = isCutBeforeReply)]
    pub fn is_cut_before_reply(&self) -> bool {
        self.0.cut == Cut::BeforeReply
    }

    /// Whether it is to be closed in the middle of the reply.
    #[wasm_bindgen(getter, js_name = isCutMidReply)]
    pub fn is_cut_mid_reply(&self) -> bool {
        self.0.cut == Cut::MidReply
    }
}
