use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::usersig::UserSigSigner;
use trtc_call::{Access, Endpoint as _, HttpRequest};

use crate::account::Account;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::moment::now;
use crate::screen::Screen;
use crate::style::{FAINT, TITLE};

/// Shows the request that would be sent, its UserSig hidden.
pub(super) fn run(screen: &Screen, account: &Account, request: &Request) -> Result<Exit, Failure> {
    let credentials = &account.credentials;
    let signer = UserSigSigner::new(credentials.sdk_app_id, &credentials.secret_key);
    let access = Access {
        region: &account.region,
        sdk_app_id: credentials.sdk_app_id,
        admin: &credentials.admin,
        user_sig: &signer.sign(&credentials.admin, 60, now()),
    };
    let shown = Shown::new(&request.http_request(&access, fastrand::u32(..)));
    screen.show(&shown, &shown)?;
    screen.note("dry run: nothing was sent");
    Ok(Exit::Ok)
}

/// A request without its UserSig.
#[derive(Serialize)]
struct Shown {
    method: &'static str,
    url: String,
    headers: BTreeMap<&'static str, String>,
    body: Value,
}

impl Shown {
    fn new(request: &HttpRequest) -> Shown {
        Shown {
            method: request.method,
            url: request.redacted_url(),
            headers: request.headers.iter().cloned().collect(),
            // What the core wrote is JSON.
            body: serde_json::from_str(&request.body).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown {
            method,
            url,
            headers,
            body,
        } = self;
        writeln!(f, "{TITLE}{method}{TITLE:#} {url}")?;
        for (name, value) in headers {
            writeln!(f, "{FAINT}{name}: {value}{FAINT:#}")?;
        }
        write!(f, "\n{body:#}")
    }
}
