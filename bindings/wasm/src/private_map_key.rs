//! PrivateMapKeys.

use serde::Serialize;
use trtc_call_core::private_map_key::{self, PrivateMapKey};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::given::Given;
use crate::json;
use crate::problems::Problems;
use crate::usersig::{Signer, user, validity};

#[wasm_bindgen]
impl Signer {
    /// A PrivateMapKey. `room` is the JSON text of a number or a string; `privileges` are names joined by
    /// commas, or `all`.
    #[wasm_bindgen(js_name = signPrivateMapKey)]
    pub fn sign_private_map_key(
        &self,
        user_id: String,
        room: &str,
        privileges: &str,
        expire: f64,
        now: f64,
        allow_any_user_id: bool,
    ) -> Result<String, Failure> {
        let mut problems = Problems::default();
        let user = problems.note(user(user_id, allow_any_user_id));
        let room = problems.note(Given(room).try_into());
        let privileges = problems.note(privileges.parse());
        let validity = validity(&mut problems, expire, now);
        let values = user.zip(room).zip(privileges).zip(validity);
        let (((user, room), privileges), (expire, now)) = problems.unless_any(values)?;
        let key = PrivateMapKey::new(user, room, privileges)?;
        Ok(key.sign(&self.0, expire, now).as_str().to_owned())
    }
}

/// What the token says, as the JSON text of `{ claims, grant }`, or of `{ reason, message }`.
#[wasm_bindgen(js_name = inspectPrivateMapKey)]
pub fn inspect(token: &str) -> String {
    match private_map_key::inspect(token) {
        Ok(inspected) => json::to_text(&inspected),
        Err(error) => json::to_text(&Rejection {
            reason: error.code(),
            message: error.to_string(),
        }),
    }
}

#[derive(Serialize)]
struct Rejection {
    reason: &'static str,
    message: String,
}
