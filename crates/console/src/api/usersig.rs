//! `/api/usersig`: a user's password, signed with the key of this process.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Serialize;
use trtc_call::usersig::UserSigSigner;
use trtc_call::{Problem, UserId};

use crate::Shared;
use crate::failure::Failure;
use crate::given::{Given, GivenUserId};

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
) -> Result<Json<Signed>, Failure> {
    let account = &shared.account;
    let mut given = Given::read("request", &body)?;
    let name = given.text("userId");
    let name = given.required("userId", name);
    let user = name.and_then(|name| {
        let user = UserId::try_from(GivenUserId {
            name,
            allow_any: account.allow_any_user_id,
        });
        given.note(user.map_err(|problem| problem.at("userId")))
    });
    let expire = given.whole("expireSeconds", "seconds");
    let expire = given.required("expireSeconds", expire);
    if expire == Some(0) {
        let fix = "give the seconds that it is to be valid, such as 86400";
        given.note::<()>(Err(Problem::new(
            "expireSeconds",
            "must be at least 1",
            fix,
        )));
    }
    let (user, expire) = given.finish(user.zip(expire))?;
    let now = shared.now().seconds();
    let signer = UserSigSigner::new(account.sdk_app_id, &account.secret_key);
    Ok(Json(Signed {
        user_sig: signer.sign(&user, expire, now).as_str().to_owned(),
        expires_at: now.0.saturating_add(expire),
    }))
}
