use std::fmt;
use std::time::Duration;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::canonical::{canonical_request, string_to_sign};
use super::{ALGORITHM, Credential, Parts, TERMINATOR, Tc3Signer, date};
use crate::UnixSeconds;
use crate::constant_time::equal;
use crate::hex::lower_hex;

/// Checks requests as the service does: for servers that stand in for it, such as the emulator.
#[derive(Debug, Clone)]
pub struct Tc3Verifier {
    /// Each holds a credential and its key of the day.
    signers: Vec<Tc3Signer>,
    service: &'static str,
}

impl Tc3Verifier {
    /// How far `X-TC-Timestamp` may be from now, before and after.
    pub const TOLERANCE: Duration = Duration::from_secs(300);

    /// Accepts requests to the service `trtc` that one of `credentials` signed.
    #[must_use]
    pub fn new(credentials: impl IntoIterator<Item = Credential>) -> Tc3Verifier {
        Tc3Verifier {
            signers: credentials.into_iter().map(Tc3Signer::new).collect(),
            service: Parts::DEFAULT_SERVICE,
        }
    }

    /// The secret id that signed a `POST /` request, if its signature is right and `now` is within
    /// [`TOLERANCE`](Self::TOLERANCE) of its time. `headers` are names, in any case, and values.
    ///
    /// # Errors
    /// The first of [`Tc3RejectionReason`] that holds.
    pub fn verify(
        &self,
        headers: &[(&str, &str)],
        body: &[u8],
        now: UnixSeconds,
    ) -> Result<&str, Tc3Rejection> {
        let headers = Headers(headers);
        let Some(authorization) = headers.get("authorization")? else {
            return Err(reject(Reason::Missing, "there is no Authorization header"));
        };
        let authorization = Authorization::read(authorization).ok_or_else(|| {
            reject(
                Reason::Malformed,
                "Authorization is not `TC3-HMAC-SHA256 Credential={id}/{date}/{service}/tc3_request, SignedHeaders=…, Signature={hex}`",
            )
        })?;
        let timestamp = timestamp(&headers)?;
        let signer = self.signer(authorization.secret_id)?;
        check_skew(timestamp, now)?;
        let day = date::day(timestamp);
        if authorization.date != date::iso_date(day) || authorization.service != self.service {
            return Err(reject(
                Reason::Scope,
                "Credential names another day (UTC) than X-TC-Timestamp, or another service",
            ));
        }
        check_payload(&headers, body)?;
        let derived = signer.derived(day, self.service);
        let lines = headers.canonical(authorization.signed_headers)?;
        let canonical = canonical_request(&lines, authorization.signed_headers, body);
        let text = string_to_sign(timestamp, &derived.scope, &canonical);
        if !derived.key.verify(&text, &authorization.signature) {
            return Err(reject(
                Reason::Signature,
                "the signature is not that of this request and this secret key",
            ));
        }
        let token = headers.get("x-tc-token")?.unwrap_or_default();
        let expected = signer.credential().expose_token().unwrap_or_default();
        if !equal(token.as_bytes(), expected.as_bytes()) {
            return Err(reject(
                Reason::Token,
                "X-TC-Token is not the token of this secret id",
            ));
        }
        Ok(signer.credential().secret_id())
    }

    fn signer(&self, secret_id: &str) -> Result<&Tc3Signer, Tc3Rejection> {
        let mut signers = self.signers.iter();
        signers
            .find(|signer| signer.credential().secret_id() == secret_id)
            .ok_or_else(|| reject(Reason::SecretIdNotFound, "the secret id is not known"))
    }
}

fn timestamp(headers: &Headers<'_>) -> Result<UnixSeconds, Tc3Rejection> {
    let Some(text) = headers.get("x-tc-timestamp")? else {
        return Err(reject(Reason::Missing, "there is no X-TC-Timestamp header"));
    };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if is_number => Ok(UnixSeconds(seconds)),
        _ => Err(reject(
            Reason::Malformed,
            "X-TC-Timestamp is not a time in Unix seconds",
        )),
    }
}

fn check_skew(timestamp: UnixSeconds, now: UnixSeconds) -> Result<(), Tc3Rejection> {
    let tolerance = Tc3Verifier::TOLERANCE.as_secs();
    if timestamp.0.abs_diff(now.0) <= tolerance {
        return Ok(());
    }
    Err(reject(
        Reason::Skew,
        format!(
            "X-TC-Timestamp is {timestamp}, the time here {now}: they may differ by {tolerance} s at most"
        ),
    ))
}

/// A sender may name the body's hash in a header of its own.
fn check_payload(headers: &Headers<'_>, body: &[u8]) -> Result<(), Tc3Rejection> {
    match headers.get("x-tc-content-sha256")? {
        Some(hash) if hash != lower_hex(&Sha256::digest(body)) => Err(reject(
            Reason::Payload,
            "X-TC-Content-SHA256 is not the hash of the body",
        )),
        _ => Ok(()),
    }
}

/// The headers of a request that arrived.
struct Headers<'a>(&'a [(&'a str, &'a str)]);

impl<'a> Headers<'a> {
    /// The header of that name. Where it stands there twice, readers may differ about what it says.
    fn get(&self, name: &str) -> Result<Option<&'a str>, Tc3Rejection> {
        let mut found = self
            .0
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let first = found.next().map(|(_, value)| value.trim());
        match found.next() {
            None => Ok(first),
            Some(_) => Err(reject(
                Reason::Malformed,
                format!("the header {name} stands there twice"),
            )),
        }
    }

    /// The signed headers as lines, in the order in which they were signed.
    fn canonical(&self, signed: &str) -> Result<String, Tc3Rejection> {
        let names = || signed.split(';');
        let is_sorted = names().zip(names().skip(1)).all(|(a, b)| a < b);
        let has = |name| names().any(|other| other == name);
        if !is_sorted || !has("content-type") || !has("host") || signed.len() > 1024 {
            return Err(reject(
                Reason::Malformed,
                "SignedHeaders must be sorted, and name content-type and host at least",
            ));
        }
        let mut lines = String::with_capacity(128);
        for name in names() {
            let Some(value) = self.get(name)? else {
                return Err(reject(
                    Reason::Missing,
                    format!("the signed header {name:?} is not there"),
                ));
            };
            lines.push_str(name);
            lines.push(':');
            // The vendor's samples sign `x-tc-action` in lower case, its libraries the others as sent.
            if name.starts_with("x-tc-") {
                lines.push_str(&value.to_ascii_lowercase());
            } else {
                lines.push_str(value);
            }
            lines.push('\n');
        }
        Ok(lines)
    }
}

/// The parts of an `Authorization` header.
struct Authorization<'a> {
    secret_id: &'a str,
    date: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: [u8; 32],
}

impl<'a> Authorization<'a> {
    fn read(text: &'a str) -> Option<Authorization<'a>> {
        let mut parts = text.strip_prefix(ALGORITHM)?.strip_prefix(' ')?.split(',');
        let mut part = |name| parts.next()?.trim().strip_prefix(name)?.strip_prefix('=');
        let mut credential = part("Credential")?.split('/');
        let signed_headers = part("SignedHeaders")?;
        let signature = digest(part("Signature")?)?;
        let authorization = Authorization {
            secret_id: credential.next()?,
            date: credential.next()?,
            service: credential.next()?,
            signed_headers,
            signature,
        };
        let is_whole = credential.next() == Some(TERMINATOR)
            && credential.next().is_none()
            && parts.next().is_none();
        is_whole.then_some(authorization)
    }
}

/// 64 lower-case hexadecimal digits.
fn digest(hex: &str) -> Option<[u8; 32]> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let pairs: &[[u8; 2]; 32] = pairs.try_into().ok().filter(|_| rest.is_empty())?;
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

/// Why a request is refused. `Display` is a sentence without any secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tc3Rejection {
    reason: Tc3RejectionReason,
    message: String,
}

use Tc3RejectionReason as Reason;

fn reject(reason: Reason, message: impl Into<String>) -> Tc3Rejection {
    Tc3Rejection {
        reason,
        message: message.into(),
    }
}

impl Tc3Rejection {
    /// The kind of refusal.
    #[must_use]
    pub fn reason(&self) -> Tc3RejectionReason {
        self.reason
    }
}

impl fmt::Display for Tc3Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Tc3Rejection {}

/// The kinds of refusal, in the order in which a request is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tc3RejectionReason {
    /// A header that is needed is not there.
    Missing,
    /// A header that is needed cannot be read, or stands there twice.
    Malformed,
    /// No credential has this secret id.
    SecretIdNotFound,
    /// The time it was signed at is too far from now.
    Skew,
    /// It was signed for another day than its time's, or for another service.
    Scope,
    /// It names the hash of another body.
    Payload,
    /// The signature is another one: another secret key, or something was altered.
    Signature,
    /// The token is not this credential's.
    Token,
}

impl Tc3RejectionReason {
    /// A stable string for programs, such as `secret_id_not_found`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::Malformed => "malformed",
            Reason::SecretIdNotFound => "secret_id_not_found",
            Reason::Skew => "skew",
            Reason::Scope => "scope",
            Reason::Payload => "payload",
            Reason::Signature => "signature",
            Reason::Token => "token",
        }
    }

    /// The code that the service answers with.
    #[must_use]
    pub fn cloud_code(self) -> &'static str {
        match self {
            Reason::Missing | Reason::Malformed => "AuthFailure.InvalidAuthorization",
            Reason::SecretIdNotFound => "AuthFailure.SecretIdNotFound",
            Reason::Skew => "AuthFailure.SignatureExpire",
            Reason::Scope | Reason::Payload | Reason::Signature => "AuthFailure.SignatureFailure",
            Reason::Token => "AuthFailure.TokenFailure",
        }
    }
}
