//! PrivateMapKeys.

use serde::Serialize;
use trtc_call_core::input::{FromInput, Given, Properties};
use trtc_call_core::private_map_key::{self, PrivateMapKey, Privileges};
use trtc_call_core::{Problem, UnixSeconds};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::exact::to_js;
use crate::failure::Failure;
use crate::given;
use crate::usersig::Signer;

#[wasm_bindgen]
impl Signer {
    /// A PrivateMapKey, out of `{ userId, room, privileges, expire, now }`.
    #[wasm_bindgen(js_name = signPrivateMapKey)]
    pub fn sign_private_map_key(
        &self,
        given: &JsValue,
        allow_any_user_id: bool,
    ) -> Result<String, Failure> {
        let ToSign { key, expire, now } = given::read(given, allow_any_user_id)?;
        Ok(key.sign(&self.0, expire, now).as_str().to_owned())
    }
}

struct ToSign {
    key: PrivateMapKey,
    expire: u64,
    now: UnixSeconds,
}

impl FromInput for ToSign {
    const WHAT: &'static str = "PrivateMapKey";

    fn from_input(input: &mut Properties<'_>) -> Option<ToSign> {
        let user = input.required("userId", Given::user_id);
        let room = input.required("room", Given::room);
        let privileges = input.required("privileges", privileges);
        let expire = input.required("expire", |given| given.whole("seconds"));
        let now = input.required("now", Given::unix_seconds);
        let key = PrivateMapKey::new(user?, room?, privileges?);
        Some(ToSign {
            key: input.note(key)?,
            expire: expire?,
            now: now?,
        })
    }
}

/// A list of names, or `all`.
fn privileges(given: Given<'_>) -> Result<Privileges, Problem> {
    let Ok(names) = given.list() else {
        return given.text()?.parse();
    };
    let names: Result<Vec<String>, Problem> = names.into_iter().map(Given::text).collect();
    names?.join(",").parse()
}

/// What the token says: `{ claims, grant }`, or `{ reason, message }`.
#[wasm_bindgen(js_name = inspectPrivateMapKey)]
pub fn inspect(token: &str) -> Thrown<JsValue> {
    Ok(match private_map_key::inspect(token) {
        Ok(inspected) => to_js(&inspected)?,
        Err(error) => to_js(&Rejection {
            reason: error.code(),
            message: error.to_string(),
        })?,
    })
}

#[derive(Serialize)]
struct Rejection {
    reason: &'static str,
    message: String,
}
