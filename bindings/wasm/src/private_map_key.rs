//! PrivateMapKeys.

use serde::Serialize;
use trtc_call_core::Problem;
use trtc_call_core::private_map_key::{self, PrivateMapKey};
use trtc_call_json::{Json, to_javascript};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::given::Given;
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
        let room = Json::parse(room).map(Given);
        let room = room.map_err(|_| Problem::new("room", "must be given", "name the room"));
        let room = problems.note(room.and_then(Given::room));
        let privileges = problems.note(privileges.parse());
        let (expire, now) = validity(&mut problems, expire, now);
        problems.unless_any(Some(()))?;
        match (user, room, privileges) {
            (Some(user), Some(room), Some(privileges)) => {
                let key = PrivateMapKey::new(user, room, privileges)?;
                Ok(key.sign(&self.0, expire, now).as_str().to_owned())
            }
            // What is missing was noted.
            _ => Err(Failure::invalid(Vec::new())),
        }
    }
}

/// What the token says, as the JSON text of `{ claims, grant }`, or of `{ reason, message }`.
#[wasm_bindgen(js_name = inspectPrivateMapKey)]
pub fn inspect(token: &str) -> String {
    match private_map_key::inspect(token) {
        Ok(inspected) => to_javascript(&inspected),
        Err(error) => to_javascript(&Rejection {
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
