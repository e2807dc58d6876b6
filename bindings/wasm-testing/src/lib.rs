//! `trtc-call-emulator` for JavaScript: conversions only.

use trtc_call_core::tc3::Credential;
use trtc_call_core::{Problem, SdkAppId, SecretKey};
use trtc_call_emulator::{Cut, Request, UnixMillis};
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
        let request = Request {
            method,
            path_and_query,
            headers: &headers,
            body,
        };
        let random = u64::from(random) << 32 | u64::from(more_random);
        Answer(self.0.handle(&request, UnixMillis(now as u64), random))
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
