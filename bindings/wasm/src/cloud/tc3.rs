//! The signature of the cloud API, step by step.

use trtc_call_core::UnixSeconds;
use trtc_call_core::tc3::{Parts, Tc3Signer};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use super::account::credential;
use crate::error::Failure;
use crate::given::Object;
use crate::problems::Problems;

/// Signs `{ host, action, timestamp, body, secretId, secretKey, region?, token?, service?, version? }` and gives
/// the JSON text of all stages.
#[wasm_bindgen(js_name = tc3Stages)]
pub fn tc3_stages(json: &str) -> Result<String, Failure> {
    let mut object = super::request(json)?;
    let mut problems = Problems::default();
    let mut word = |object: &mut Object<'_>, name, default: Option<&str>| {
        let given = match default {
            Some(default) if !object.has(name) => Ok(default.to_owned()),
            _ => object.required(name).and_then(|given| given.text(name)),
        };
        // What is missing has been noted.
        problems.note(given).unwrap_or_default()
    };
    let host = word(&mut object, "host", None);
    let action = word(&mut object, "action", None);
    let body = word(&mut object, "body", None);
    let region = word(&mut object, "region", Some(""));
    let service = word(&mut object, "service", Some(Parts::DEFAULT_SERVICE));
    let version = word(&mut object, "version", Some(Parts::DEFAULT_VERSION));
    let timestamp = object.required("timestamp");
    let timestamp = timestamp.and_then(|time| time.whole("timestamp", "Unix seconds"));
    let timestamp = problems.note(timestamp).unwrap_or_default();
    let credential = problems.note(credential(&mut object));
    problems.extend(object.leftovers());
    let credential = problems.unless_any(credential)?;
    let mut parts = Parts::new(&host, &action, body.as_bytes())?.service(&service, &version)?;
    if !region.is_empty() {
        parts = parts.region(&region)?;
    }
    let stages = Tc3Signer::new(credential).stages(&parts, UnixSeconds(timestamp));
    Ok(to_javascript(&stages))
}
