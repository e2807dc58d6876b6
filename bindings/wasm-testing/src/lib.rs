//! `trtc-call-emulator` for JavaScript: conversions only.

use trtc_call_core::{Problem, SdkAppId, SecretKey};
use trtc_call_emulator::{Config, Cut, Request, UnixMillis};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// The emulated service. See the emulator's own documentation.
#[wasm_bindgen]
pub struct Emulator(trtc_call_emulator::Emulator);

#[wasm_bindgen]
impl Emulator {
    /// An emulator of one application.
    #[wasm_bindgen(constructor)]
    pub fn new(
        sdk_app_id: u32,
        secret_key: String,
        admins: Vec<String>,
        requests_per_second: u32,
        allow_any_user_id: bool,
    ) -> Result<Emulator, JsError> {
        let explain = |problem: Problem| JsError::new(&problem.to_string());
        let mut config = Config::new(
            SdkAppId::new(sdk_app_id).map_err(explain)?,
            SecretKey::new(secret_key).map_err(explain)?,
        );
        config.admins = admins;
        config.requests_per_second = requests_per_second;
        config.allow_any_user_id = allow_any_user_id;
        Ok(Emulator(trtc_call_emulator::Emulator::new(&config)))
    }

    /// Answers a request to the service or to the control API. `now` is in Unix milliseconds; the two
    /// random numbers are fresh for each request.
    pub fn handle(
        &mut self,
        method: &str,
        path_and_query: &str,
        body: &[u8],
        now: f64,
        random: u32,
        more_random: u32,
    ) -> Answer {
        let request = Request {
            method,
            path_and_query,
            headers: &[],
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
