use std::fmt;
use std::time::Duration;

use base16ct::lower::encode_string;
use ctutils::CtEq as _;
use sha2::{Digest as _, Sha256};

use super::canonical::{canonical_request, string_to_sign};
use super::{ALGORITHM, Credential, Parts, TERMINATOR, Tc3Signer, date};
use crate::UnixSeconds;
use crate::quoted::quoted;
use crate::word::serialize_as_word;

use Tc3RejectionReason as Reason;

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
        let signed_headers = authorization.signed_headers;
        let is_signed_for = |host: &str| {
            let lines = headers.canonical(signed_headers, host)?;
            let canonical = canonical_request(&lines, signed_headers, body);
            let text = string_to_sign(timestamp, &derived.scope, &canonical);
            Ok::<bool, Tc3Rejection>(derived.key.verify(&text, &authorization.signature))
        };
        let host = headers.get("host")?.unwrap_or_default();
        // The vendor's library for Node signs the host without the port that it sends.
        if !is_signed_for(host)? && !is_signed_for(without_port(host))? {
            return Err(reject(
                Reason::Signature,
                "the signature is not that of this request and this secret key",
            ));
        }
        let token = headers.get("x-tc-token")?.unwrap_or_default();
        let expected = signer.credential().expose_token().unwrap_or_default();
        if !token.as_bytes().ct_eq(expected.as_bytes()).to_bool() {
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
        Some(hash) if hash != encode_string(&Sha256::digest(body)) => Err(reject(
            Reason::Payload,
            "X-TC-Content-SHA256 is not the hash of the body",
        )),
        _ => Ok(()),
    }
}

fn without_port(host: &str) -> &str {
    let name = host.trim_end_matches(|character: char| character.is_ascii_digit());
    name.strip_suffix(':').unwrap_or(host)
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

    /// The signed headers as lines, in the order in which they were signed, with that `host`.
    fn canonical(&self, signed: &str, host: &str) -> Result<String, Tc3Rejection> {
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
                    format!("the signed header {} is not there", quoted(name)),
                ));
            };
            lines.push_str(name);
            lines.push(':');
            let value = if name == "host" { host } else { value };
            // The vendor's rule is lower case; its libraries sign further headers as they are sent.
            if matches!(name, "content-type" | "host") || name.starts_with("x-tc-") {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

serialize_as_word!(Tc3RejectionReason by code);

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_700_000_000;
    const BODY: &[u8] = br#"{"SdkAppId":1400000000,"TaskId":"task-1"}"#;

    fn credential() -> Credential {
        Credential::new("AKID1", "key 1").unwrap()
    }

    fn verifier() -> Tc3Verifier {
        let other = Credential::new("AKID2", "key 2").unwrap();
        let temporary = Credential::new("AKID3", "key 3").unwrap();
        Tc3Verifier::new([
            other,
            credential(),
            temporary.with_token("token-3").unwrap(),
        ])
    }

    fn signed_by(credential: Credential, body: &[u8], now: u64) -> Vec<(&'static str, String)> {
        let parts = Parts::new("h.example:8080", "StopStreamIngest", body).unwrap();
        let signer = Tc3Signer::new(credential);
        let mut headers = signer
            .sign(&parts.region("ap-guangzhou").unwrap(), UnixSeconds(now))
            .headers;
        headers.push(("Host", "h.example:8080".to_owned()));
        headers
    }

    fn signed(now: u64) -> Vec<(&'static str, String)> {
        signed_by(credential(), BODY, now)
    }

    fn verify(headers: &[(&str, String)], body: &[u8], now: u64) -> Result<String, Reason> {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let verifier = verifier();
        let result = verifier.verify(&headers, body, UnixSeconds(now));
        result.map(str::to_owned).map_err(|error| {
            assert!(!error.to_string().is_empty());
            error.reason()
        })
    }

    fn with(name: &str, change: impl Fn(&str) -> String) -> Result<String, Reason> {
        let mut headers = signed(NOW);
        for (other, value) in &mut headers {
            if other.eq_ignore_ascii_case(name) {
                *value = change(value);
            }
        }
        verify(&headers, BODY, NOW)
    }

    #[test]
    fn each_refusal_has_its_reason() {
        assert_eq!(verify(&signed(NOW), BODY, NOW).as_deref(), Ok("AKID1"));
        let set = |name, value: &str| with(name, |_| value.to_owned());
        let replace = |from: &str, to: &str| {
            with("authorization", |value| {
                assert!(value.contains(from), "{value}");
                value.replace(from, to)
            })
        };
        assert_eq!(verify(&[], BODY, NOW), Err(Reason::Missing));
        assert_eq!(set("authorization", ""), Err(Reason::Malformed));
        assert_eq!(
            replace("TC3-HMAC-SHA256", "TC3-HMAC-SHA1"),
            Err(Reason::Malformed)
        );
        assert_eq!(
            replace("tc3_request", "tc4_request"),
            Err(Reason::Malformed)
        );
        assert_eq!(replace("SignedHeaders", "Signed"), Err(Reason::Malformed));
        assert_eq!(replace("content-type;host", "host"), Err(Reason::Malformed));
        assert_eq!(
            replace("content-type;host", "host;content-type"),
            Err(Reason::Malformed)
        );
        assert_eq!(
            replace("content-type;host", "content-type;host;x-gone"),
            Err(Reason::Missing)
        );
        assert_eq!(replace("AKID1", "AKID9"), Err(Reason::SecretIdNotFound));
        assert_eq!(replace("AKID1", "AKID2"), Err(Reason::Signature));
        assert_eq!(replace("2023-11-14", "2023-11-15"), Err(Reason::Scope));
        assert_eq!(replace("/trtc/", "/cvm/"), Err(Reason::Scope));
        assert_eq!(set("x-tc-timestamp", "soon"), Err(Reason::Malformed));
        assert_eq!(set("x-tc-timestamp", "+1700000000"), Err(Reason::Malformed));
        assert_eq!(set("x-tc-timestamp", "1700000001"), Err(Reason::Signature));
        assert_eq!(set("x-tc-timestamp", "1700000000000"), Err(Reason::Skew));
        assert_eq!(set("host", "other.example"), Err(Reason::Signature));
        assert_eq!(
            with("authorization", str::to_uppercase),
            Err(Reason::Malformed)
        );
        let mut twice = signed(NOW);
        twice.push(("HOST", "h.example:8080".to_owned()));
        assert_eq!(verify(&twice, BODY, NOW), Err(Reason::Malformed));
        let mut without_time = signed(NOW);
        without_time.retain(|(name, _)| *name != "x-tc-timestamp");
        assert_eq!(verify(&without_time, BODY, NOW), Err(Reason::Missing));
    }

    #[test]
    fn the_hash_of_another_body_is_named_as_the_reason() {
        let mut headers = signed(NOW);
        headers.push(("X-TC-Content-SHA256", encode_string(&Sha256::digest(BODY))));
        assert!(verify(&headers, BODY, NOW).is_ok());
        assert_eq!(verify(&headers, b"{}", NOW), Err(Reason::Payload));
    }

    #[test]
    fn a_temporary_credential_needs_its_token() {
        let temporary = || Credential::new("AKID3", "key 3").unwrap();
        let sign = |credential| verify(&signed_by(credential, BODY, NOW), BODY, NOW);
        assert_eq!(
            sign(temporary().with_token("token-3").unwrap()).as_deref(),
            Ok("AKID3")
        );
        assert_eq!(
            sign(temporary().with_token("token-4").unwrap()),
            Err(Reason::Token)
        );
        assert_eq!(sign(temporary()), Err(Reason::Token));
        assert_eq!(
            sign(credential().with_token("token-3").unwrap()),
            Err(Reason::Token)
        );
    }

    #[test]
    fn the_window_is_5_minutes_both_ways_also_across_midnight() {
        // The last second of a day, and the first of the next.
        for signed_at in [NOW, 1_700_006_399, 1_700_006_400] {
            for (now, is_taken) in [
                (signed_at - 301, false),
                (signed_at - 300, true),
                (signed_at, true),
                (signed_at + 300, true),
                (signed_at + 301, false),
            ] {
                let result = verify(&signed(signed_at), BODY, now);
                let expected = if is_taken {
                    Ok("AKID1".to_owned())
                } else {
                    Err(Reason::Skew)
                };
                assert_eq!(result, expected, "signed at {signed_at}, now {now}");
            }
        }
    }

    #[test]
    fn a_host_may_be_signed_with_or_without_its_port() {
        for (signed_host, sent, is_taken) in [
            ("h.example:8080", "h.example:8080", true),
            ("h.example", "h.example:8080", true),
            ("[::1]", "[::1]:8080", true),
            ("h.example:8080", "h.example", false),
            ("h.example:8080", "h.example:8081", false),
            ("H.Example:443", "h.example", true),
            ("h.example", "H.EXAMPLE", true),
            ("h", "h:x", false),
        ] {
            let parts = Parts::new(signed_host, "StopStreamIngest", BODY).unwrap();
            let signer = Tc3Signer::new(credential());
            let mut headers = signer.sign(&parts, UnixSeconds(NOW)).headers;
            headers.push(("host", sent.to_owned()));
            let result = verify(&headers, BODY, NOW);
            assert_eq!(result.is_ok(), is_taken, "{signed_host} {sent}");
        }
    }

    #[test]
    fn content_type_and_host_are_signed_in_lower_case_however_they_are_sent() {
        let lower = "content-type:application/json; charset=utf-8\nhost:h.example\n";
        let as_sent = "content-type:application/json; charset=UTF-8\nhost:H.Example\n";
        for (lines, is_taken) in [(lower, true), (as_sent, false)] {
            let names = "content-type;host";
            let signer = Tc3Signer::new(credential());
            let derived = signer.derived(date::day(UnixSeconds(NOW)), "trtc");
            let canonical = canonical_request(lines, names, BODY);
            let text = string_to_sign(UnixSeconds(NOW), &derived.scope, &canonical);
            let signature = encode_string(&derived.key.sign(&text));
            let authorization = format!(
                "TC3-HMAC-SHA256 Credential=AKID1/{}, SignedHeaders={names}, Signature={signature}",
                derived.scope
            );
            let headers = [
                ("Authorization", authorization),
                ("Content-Type", "application/json; charset=UTF-8".to_owned()),
                ("Host", "H.Example:443".to_owned()),
                ("X-TC-Timestamp", NOW.to_string()),
            ];
            assert_eq!(verify(&headers, BODY, NOW).is_ok(), is_taken, "{lines}");
        }
    }

    #[test]
    fn further_signed_headers_are_checked_too() {
        let action = "x-tc-action:stopstreamingest\n";
        let lines = ["content-type:application/json\nhost:h\n", action].concat();
        let names = "content-type;host;x-tc-action";
        let canonical = canonical_request(&lines, names, BODY);
        let signer = Tc3Signer::new(credential());
        let derived = signer.derived(date::day(UnixSeconds(NOW)), "trtc");
        let text = string_to_sign(UnixSeconds(NOW), &derived.scope, &canonical);
        let signature = encode_string(&derived.key.sign(&text));
        let scope = &derived.scope;
        let authorization = format!(
            "TC3-HMAC-SHA256 Credential=AKID1/{scope},SignedHeaders={names},Signature={signature}"
        );
        let mut headers = vec![
            ("Authorization", authorization),
            ("Content-Type", "application/json".to_owned()),
            ("Host", "h".to_owned()),
            ("X-TC-Timestamp", NOW.to_string()),
            ("X-TC-Action", "StopStreamIngest".to_owned()),
        ];
        assert_eq!(verify(&headers, BODY, NOW).as_deref(), Ok("AKID1"));
        headers[4].1 = "StartStreamIngest".to_owned();
        assert_eq!(verify(&headers, BODY, NOW), Err(Reason::Signature));
    }

    #[test]
    fn each_reason_has_its_own_name_and_a_code_of_the_service() {
        let all = [
            Reason::Missing,
            Reason::Malformed,
            Reason::SecretIdNotFound,
            Reason::Skew,
            Reason::Scope,
            Reason::Payload,
            Reason::Signature,
            Reason::Token,
        ];
        let names: std::collections::BTreeSet<_> = all.map(Reason::code).into_iter().collect();
        assert_eq!(names.len(), all.len());
        for reason in all {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
            let code = crate::CloudErrorCode::from(reason.cloud_code());
            assert_eq!(code.entry().unwrap().code, reason.cloud_code());
        }
    }

    proptest! {
        #[test]
        fn what_is_signed_verifies(
            // What begins so is neither quoted nor an assignment, which are refused.
            key in "/[!-~]{0,199}",
            body in proptest::collection::vec(any::<u8>(), 0..300),
            signed_at in 0u64..400_000_000_000,
            late in 0u64..=300,
        ) {
            let credential = Credential::new("AKID", key).unwrap();
            let headers = signed_by(credential.clone(), &body, signed_at);
            let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let verifier = Tc3Verifier::new([credential]);
            for now in [signed_at + late, signed_at.saturating_sub(late)] {
                prop_assert_eq!(verifier.verify(&headers, &body, UnixSeconds(now)), Ok("AKID"));
            }
        }

        #[test]
        fn no_byte_of_the_body_or_of_a_signed_header_can_be_changed(at: prop::sample::Index, bit in 0u8..8) {
            let mut body = BODY.to_vec();
            let index = at.index(body.len());
            body[index] ^= 1 << bit;
            prop_assert_eq!(verify(&signed(NOW), &body, NOW), Err(Reason::Signature));

            for name in ["authorization", "content-type", "host", "x-tc-timestamp"] {
                let result = with(name, |value| {
                    let mut value = value.as_bytes().to_vec();
                    let index = at.index(value.len());
                    // Within ASCII, and never to another case of the same letter or to white space, which
                    // may be trimmed.
                    value[index] ^= 1 << (bit % 4);
                    String::from_utf8(value).unwrap()
                });
                prop_assert!(result.is_err(), "{}", name);
            }
        }

        #[test]
        fn whatever_arrives_is_refused_with_a_reason(authorization in "\\PC{0,200}", time in "\\PC{0,20}") {
            let headers = [
                ("authorization", authorization.as_str()),
                ("x-tc-timestamp", time.as_str()),
                ("content-type", "application/json"),
                ("host", "h"),
            ];
            let result = verifier().verify(&headers, BODY, UnixSeconds(NOW)).map(str::to_owned);
            prop_assert!(result.is_err());
        }
    }
}
