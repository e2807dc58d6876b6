//! `/api/usersig`: a user's password, signed with the key of this process.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Serialize;
use trtc_call::input::{Given, Input};
use trtc_call::usersig::UserSigSigner;
use trtc_call::{Problem, ProblemCode};

use crate::Shared;
use crate::api_error::ApiError;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Signed {
    user_sig: String,
    /// In Unix seconds.
    expires_at: u64,
}

pub(super) async fn sign(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Signed>, ApiError> {
    let account = &shared.account;
    let input = Input::new(&body).allow_any_user_id(account.allow_any_user_id);
    let mut input = input.properties("request")?;
    let user = input.required("userId", Given::user_id);
    let expire = input.required("expireSeconds", |given| match given.whole("seconds")? {
        0 => Err(Problem::new(
            "expireSeconds",
            "must be at least 1",
            "give the seconds that it is to be valid, such as 86400",
        )
        .coded(ProblemCode::OutOfRange)
        .with("from", 1)
        .with("found", 0)),
        seconds => Ok(seconds),
    });
    let (user, expire) = input.finish(user.zip(expire))?;
    let now = shared.now().seconds();
    let signer = UserSigSigner::new(account.sdk_app_id, &account.secret_key);
    Ok(Json(Signed {
        user_sig: signer.sign(&user, expire, now).as_str().to_owned(),
        expires_at: now.0.saturating_add(expire),
    }))
}
