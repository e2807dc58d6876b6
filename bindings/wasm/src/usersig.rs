//! UserSigs.

use serde::Serialize;
use trtc_call_core::usersig::{Claims, UserSigRejection, UserSigSigner, UserSigVerifier};
use trtc_call_core::{InvalidRequest, Problem, SdkAppId, SecretKey, UnixSeconds, UserId};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::exact::to_js;
use crate::failure::Failure;

/// An application's key, prepared for signing.
#[wasm_bindgen]
pub struct Signer(pub(crate) UserSigSigner);

#[wasm_bindgen]
impl Signer {
    /// Prepares the key.
    #[wasm_bindgen(constructor)]
    pub fn new(sdk_app_id: f64, secret_key: String) -> Result<Signer, Failure> {
        let (sdk_app_id, secret_key) = keyed(sdk_app_id, secret_key)?;
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
        let user = user(user_id, allow_any_user_id);
        let (user, expire, now) = all(
            user,
            whole("expire", expire, "seconds"),
            seconds("now", now),
        )?;
        let token = match user_buffer {
            Some(buffer) => self.0.sign_with_user_buffer(&user, buffer, expire, now),
            None => self.0.sign(&user, expire, now),
        };
        Ok(token.as_str().to_owned())
    }
}

/// Whether the token is valid for that application and user: `{ valid, reason, message, claims }`.
#[wasm_bindgen(js_name = verifyUserSig)]
pub fn verify(
    token: &str,
    sdk_app_id: f64,
    secret_key: String,
    user_id: &str,
    now: f64,
) -> Thrown<JsValue> {
    let (sdk_app_id, secret_key) = keyed(sdk_app_id, secret_key)?;
    let now = seconds("now", now).map_err(Failure::from)?;
    let verdict = UserSigVerifier::new(sdk_app_id, &secret_key).verify(token, user_id, now);
    Ok(to_js(&Verdict::of(&verdict))?)
}

/// What the token says, in the same form. It verifies nothing: `valid` means readable.
#[wasm_bindgen(js_name = inspectUserSig)]
pub fn inspect(token: &str) -> Thrown<JsValue> {
    let read = trtc_call_core::usersig::inspect(token);
    Ok(to_js(&Verdict::of(&read))?)
}

#[derive(Serialize)]
struct Verdict<'a> {
    valid: bool,
    reason: Option<&'static str>,
    message: Option<String>,
    claims: Option<&'a Claims>,
}

impl Verdict<'_> {
    fn of(verdict: &Result<Claims, UserSigRejection>) -> Verdict<'_> {
        match verdict {
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
        }
    }
}

/// The user that a token is for.
fn user(user_id: String, allow_any_user_id: bool) -> Result<UserId, Problem> {
    if allow_any_user_id {
        Ok(UserId::any(user_id))
    } else {
        UserId::new(user_id)
    }
}

fn keyed(number: f64, secret_key: String) -> Result<(SdkAppId, SecretKey), Failure> {
    let key = SecretKey::new(secret_key);
    let (number, key, ()) = all(application(number), key, Ok(()))?;
    Ok((number, key))
}

/// An application's number.
fn application(number: f64) -> Result<SdkAppId, Problem> {
    whole("sdkAppId", number, "1 to 4294967295").and_then(|number| number.to_string().parse())
}

/// A time in Unix seconds.
pub(crate) fn seconds(field: &str, time: f64) -> Result<UnixSeconds, Problem> {
    whole(field, time, "Unix seconds").map(UnixSeconds)
}

/// All values, or all problems.
fn all<A, B, C>(
    a: Result<A, Problem>,
    b: Result<B, Problem>,
    c: Result<C, Problem>,
) -> Result<(A, B, C), Failure> {
    match (a, b, c) {
        (Ok(a), Ok(b), Ok(c)) => Ok((a, b, c)),
        (a, b, c) => {
            let problems = [a.err(), b.err(), c.err()].into_iter().flatten();
            let problems: Vec<_> = problems.map(Problem::in_javascript).collect();
            Err(InvalidRequest::from(problems).into())
        }
    }
}

/// A number of JavaScript as an integer that it holds exactly.
fn whole(field: &str, number: f64, what: &str) -> Result<u64, Problem> {
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
