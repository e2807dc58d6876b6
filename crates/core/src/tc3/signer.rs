use base16ct::lower::encode_string;
use std::fmt;

use std::sync::{Mutex, PoisonError};

use super::canonical::{canonical_request, scope, string_to_sign};
use super::key::DayKey;
use super::{ALGORITHM, CONTENT_TYPE, Credential, Parts, date};
use crate::UnixSeconds;

/// Signs requests to the cloud API. Keep one and sign with it from every thread: the key of the day,
/// which costs most, is derived once a day.
pub struct Tc3Signer {
    credential: Credential,
    derived: Mutex<Option<Derived>>,
}

/// The key of one day and service. The same arguments give the same key: it only saves time.
#[derive(Clone)]
pub(super) struct Derived {
    day: u64,
    service: String,
    pub(super) scope: String,
    pub(super) key: DayKey,
}

/// What signing adds to a request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signed {
    /// Names, in lower case, and values of the headers to add. `Host` is none of them: every HTTP client
    /// sends it, and it must be the [host that was signed](Parts::host). **The values are secrets** for as long as the
    /// signature holds, 5 minutes, and the token longer.
    pub headers: Vec<(&'static str, String)>,
}

/// Every text on the way to a signature, to compare with the vendor's tools. None holds a secret key;
/// `authorization` is a secret for the 5 minutes that it holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Stages {
    /// What is signed of the request.
    pub canonical_request: String,
    /// Its hash with time, day and service.
    pub string_to_sign: String,
    /// HMAC of that text, in lower-case hexadecimal.
    pub signature: String,
    /// The `Authorization` header.
    pub authorization: String,
}

impl Tc3Signer {
    /// Signs with that credential.
    #[must_use]
    pub fn new(credential: Credential) -> Tc3Signer {
        Tc3Signer {
            credential,
            derived: Mutex::new(None),
        }
    }

    /// Who signs.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The headers to add to a request that is sent at `now`. The service takes it until `now` is 5
    /// minutes away from its own clock.
    #[must_use]
    pub fn sign(&self, parts: &Parts<'_>, now: UnixSeconds) -> Signed {
        let stages = self.stages(parts, now);
        let mut headers = vec![
            ("content-type", CONTENT_TYPE.to_owned()),
            ("x-tc-action", parts.action.to_owned()),
            ("x-tc-version", parts.version.to_owned()),
            ("x-tc-timestamp", now.to_string()),
            ("authorization", stages.authorization),
        ];
        if let Some(region) = parts.region {
            headers.push(("x-tc-region", region.to_owned()));
        }
        if let Some(token) = self.credential.expose_token() {
            headers.push(("x-tc-token", token.to_owned()));
        }
        Signed { headers }
    }

    /// The way to the signature, step by step.
    #[must_use]
    pub fn stages(&self, parts: &Parts<'_>, now: UnixSeconds) -> Stages {
        let derived = self.derived(date::day(now), parts.service);
        let headers = format!("content-type:{CONTENT_TYPE}\nhost:{}\n", parts.host());
        let canonical_request = canonical_request(&headers, SIGNED_HEADERS, parts.body);
        let string_to_sign = string_to_sign(now, &derived.scope, &canonical_request);
        let signature = encode_string(&derived.key.sign(&string_to_sign));
        let (secret_id, scope) = (self.credential.secret_id(), &derived.scope);
        let authorization = format!(
            "{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}"
        );
        Stages {
            canonical_request,
            string_to_sign,
            signature,
            authorization,
        }
    }

    pub(super) fn derived(&self, day: u64, service: &str) -> Derived {
        // A thread that panicked here left a whole value or none.
        let mut slot = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(derived) = slot.as_ref()
            && derived.day == day
            && derived.service == service
        {
            return derived.clone();
        }
        let date = date::iso_date(day);
        let derived = Derived {
            day,
            service: service.to_owned(),
            scope: scope(&date, service),
            key: DayKey::derive(&self.credential, &date, service),
        };
        slot.insert(derived).clone()
    }
}

/// The two that must be signed, and no more: proxies may touch the others.
const SIGNED_HEADERS: &str = "content-type;host";

impl Clone for Tc3Signer {
    fn clone(&self) -> Tc3Signer {
        Tc3Signer::new(self.credential.clone())
    }
}

impl fmt::Debug for Tc3Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tc3Signer")
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.headers.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}
