//! Rings with an HTTP client of one's own, ureq, on the core alone: no runtime, no reqwest.
//!
//! ```sh
//! cargo run --example own_transport -- jack
//! ```
//!
//! For `https` URLs ureq needs one of its features for TLS, such as `rustls`.

#![allow(clippy::print_stdout, reason = "it is what an example shows")]

mod ureq;

#[path = "../settings/mod.rs"]
mod settings;

use std::thread::sleep;
use std::time::{Duration, SystemTime};

use settings::{BoxError, Settings};
use trtc_call_core::call_engine::start_call_by_robot;
use trtc_call_core::usersig::UserSigSigner;
use trtc_call_core::{
    Access, Decision, Endpoint, Error, MediaType, Reply, RetryPolicy, UnixSeconds,
};

fn main() -> Result<(), BoxError> {
    let settings = Settings::read()?;
    let callee = std::env::args().nth(1).ok_or("say whom to ring")?;
    let signer = UserSigSigner::new(settings.sdk_app_id, &settings.secret_key);
    let user_sig = signer.sign(&settings.admin, 3600, now());
    let access = Access {
        region: &settings.region,
        sdk_app_id: settings.sdk_app_id,
        admin: &settings.admin,
        user_sig: &user_sig,
    };
    let call = start_call_by_robot::Request::builder("robot", [callee], MediaType::Video)
        .room("own-transport")
        .build()?;
    match send(&call, &access, &ureq::agent(Duration::from_secs(10))) {
        Ok(reply) => println!("call {:?}", reply.response.call_id),
        Err(Error::OutcomeUnknown(unknown)) => println!("look for it: {unknown}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Sends it, and again where that is safe.
fn send<E: Endpoint>(
    request: &E,
    access: &Access<'_>,
    agent: &::ureq::Agent,
) -> Result<Reply<E::Response>, Error> {
    let policy = RetryPolicy::default();
    let mut attempt = 1;
    loop {
        let sent_at = now();
        let http_request = request.http_request(access, fastrand::u32(..));
        let sent = ureq::send(agent, http_request).map_err(Error::from);
        let error = match sent.and_then(|(status, body)| E::parse(status, &body)) {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        match policy.decide(E::COMMAND.repeat, &error, attempt, fastrand::u32(..), None) {
            Decision::Retry { after } => sleep(after),
            Decision::GiveUp => return Err(error),
            Decision::OutcomeUnknown => {
                let ring = request.ring_attempt();
                return Err(Error::unknown_outcome(ring, sent_at, now(), error));
            }
        }
        attempt += 1;
    }
}

fn now() -> UnixSeconds {
    SystemTime::now().into()
}
