//! UserSigs.

use serde::Serialize;
use trtc_call_core::usersig::{Claims, UserSigRejection, UserSigSigner, UserSigVerifier};
use trtc_call_core::{Problem, SdkAppId, SecretKey, UnixSeconds, UserId};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::problems::Problems;

/// An application's key, prepared for signing.
#[wasm_bindgen]
pub struct Signer(pub(crate) UserSigSigner);

#[wasm_bindgen]
impl Signer {
    /// Prepares the key.
    #[wasm_bindgen(constructor)]
    pub fn new(sdk_app_id: f64, secret_key: String) -> Result<Signer, Failure> {
        let (sdk_app_id, secret_key) = application(sdk_app_id, secret_key)?;
        Ok(Signer(UserSigSigner::new(sdk_app_id, &secret_key)))
    }

    /// A UserSig, valid from `now` (Unix seconds) for `expire` seconds.
    pub fn sign(
        &self,
        user_id: String,
        expire: f64,
        now: f64,
        allow_any_user_id: bool,
    ) -> Result<String, Failure> {
        self.signed(user_id, None, expire, now, allow_any_user_id)
    }

    /// A UserSig that carries bytes. An empty buffer is a buffer.
    #[wasm_bindgen(js_name = signWithUserBuffer)]
    pub fn sign_with_user_buffer(
        &self,
        user_id: String,
        user_buffer: &[u8],
        expire: f64,
        now: f64,
        allow_any_user_id: bool,
    ) -> Result<String, Failure> {
        self.signed(user_id, Some(user_buffer), expire, now, allow_any_user_id)
    }
}

impl Signer {
    fn signed(
        &self,
        user_id: String,
        user_buffer: Option<&[u8]>,
        expire: f64,
        now: f64,
        allow_any_user_id: bool,
    ) -> Result<String, Failure> {
        let mut problems = Problems::default();
        let user = problems.note(user(user_id, allow_any_user_id));
        let (expire, now) = validity(&mut problems, expire, now);
        let user = problems.unless_any(user)?;
        let token = match user_buffer {
            Some(buffer) => self.0.sign_with_user_buffer(&user, buffer, expire, now),
            None => self.0.sign(&user, expire, now),
        };
        Ok(token.as_str().to_owned())
    }
}

/// Whether the token is valid for that application and user, as the JSON text of `{ valid, reason,
/// message, claims }`.
#[wasm_bindgen(js_name = verifyUserSig)]
pub fn verify(
    token: &str,
    sdk_app_id: f64,
    secret_key: String,
    user_id: &str,
    now: f64,
) -> Result<String, Failure> {
    let (sdk_app_id, secret_key) = application(sdk_app_id, secret_key)?;
    let now = UnixSeconds(whole("now", now, "Unix seconds")?);
    let verdict = UserSigVerifier::new(sdk_app_id, &secret_key).verify(token, user_id, now);
    Ok(Verdict::text(&verdict))
}

/// What the token says, as the same JSON text. It verifies nothing: `valid` means readable.
#[wasm_bindgen(js_name = inspectUserSig)]
pub fn inspect(token: &str) -> String {
    Verdict::text(&trtc_call_core::usersig::inspect(token))
}

#[derive(Serialize)]
struct Verdict<'a> {
    valid: bool,
    reason: Option<&'static str>,
    message: Option<String>,
    claims: Option<&'a Claims>,
}

impl Verdict<'_> {
    fn text(verdict: &Result<Claims, UserSigRejection>) -> String {
        to_javascript(&match verdict {
            Ok(claims) => Verdict {
                valid: true,
                reason: None,
                message: None,
                claims: Some(claims),
            },
            Err(rejection) => Verdict {
                valid: false,
                reason: Some(rejection.reason().code()),
                message: Some(rejection.to_string()),
                claims: rejection.claims(),
            },
        })
    }
}

/// The user that a token is for.
pub(crate) fn user(user_id: String, allow_any_user_id: bool) -> Result<UserId, Problem> {
    if allow_any_user_id {
        Ok(UserId::any(user_id))
    } else {
        UserId::new(user_id)
    }
}

/// For how long and from when a token is valid. 0 stands in for what is wrong, which is noted.
pub(crate) fn validity(problems: &mut Problems, expire: f64, now: f64) -> (u64, UnixSeconds) {
    let expire = problems.note(whole("expire", expire, "seconds"));
    let now = problems.note(whole("now", now, "Unix seconds"));
    (
        expire.unwrap_or_default(),
        UnixSeconds(now.unwrap_or_default()),
    )
}

fn application(number: f64, secret_key: String) -> Result<(SdkAppId, SecretKey), Failure> {
    let mut problems = Problems::default();
    let number = whole("sdkAppId", number, "1 to 4294967295");
    let number = problems.note(number.and_then(|number| number.to_string().parse()));
    let secret_key = problems.note(SecretKey::new(secret_key));
    let application = match (number, secret_key) {
        (Some(number), Some(secret_key)) => Some((number, secret_key)),
        _ => None,
    };
    problems.unless_any(application)
}

/// A number of JavaScript as an integer that it holds exactly.
pub(crate) fn whole(field: &str, number: f64, what: &str) -> Result<u64, Problem> {
    const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
    if (0.0..=MAX_SAFE_INTEGER).contains(&number) && number.fract() == 0.0 {
        Ok(number as u64)
    } else {
        Err(Problem::new(
            field,
            format!("must be a whole number: {what}"),
            "round it, and check its sign",
        ))
    }
}
