//! The catalogue of error codes.

use trtc_call_core::ErrorCode;
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

/// What is known about an `ErrorCode`, as JSON text; `null` for one outside the catalogue.
#[wasm_bindgen(js_name = explainErrorCode)]
pub fn explain_error_code(code: f64) -> String {
    let is_whole = code.fract() == 0.0;
    to_javascript(&is_whole.then(|| ErrorCode(code as i64).entry()).flatten())
}
