//! The cloud API: `POST /` with the action in a header, signed by TC3-HMAC-SHA256. One file for each
//! action or pair of twins; a new one is a file, a `mod` line and an entry in [`ALL`].

mod admission;
mod describe_stream_ingest;
mod dismiss_room;
mod remove_user;
mod reply;
mod room_name;
mod start_stream_ingest;
mod stop_stream_ingest;
mod tempo;
mod update_stream_ingest;

use trtc_call_core::usersig::UserSigVerifier;
use trtc_call_core::{IngestRoomIdCoding, SdkAppId, UnixMillis};

pub(crate) use admission::Admission;
pub(crate) use reply::{INTERNAL_ERROR, RATE_LIMIT, Refusal, Reply, answer};

use crate::exchange::Exchange;
use crate::field::{AccountRule, Fields, parse_object};
use crate::ingest::Studio;
use crate::random::Draws;
use crate::rate_limit::RateLimit;
use crate::{Config, ReceivedRequest};

/// One action.
pub(crate) struct Action {
    pub(crate) name: &'static str,
    /// Serves a request that was admitted and whose body is a JSON object.
    serve: fn(Fields<'_>, &mut Scene<'_>) -> Outcome,
}

/// What an action answers: a reply, or a refusal.
pub(crate) type Outcome = Result<Reply, Refusal>;

const ALL: &[Action] = &[
    start_stream_ingest::ACTION,
    update_stream_ingest::ACTION,
    describe_stream_ingest::ACTION,
    stop_stream_ingest::ACTION,
    dismiss_room::BY_NUMBER,
    dismiss_room::BY_TEXT,
    remove_user::BY_NUMBER,
    remove_user::BY_TEXT,
];

/// The cloud API's own state, and how strict it is.
#[derive(Debug)]
pub(crate) struct Cloud {
    admission: Admission,
    rate_limit: RateLimit,
    rules: Rules,
}

/// How the application is set up.
#[derive(Debug)]
struct Rules {
    sdk_app_id: SdkAppId,
    user_sigs: UserSigVerifier,
    account_rule: AccountRule,
    room_id_coding: IngestRoomIdCoding,
    demands_private_map_key: bool,
}

/// What an action acts upon.
struct Scene<'a> {
    rules: &'a Rules,
    exchange: &'a mut Exchange,
    studio: &'a mut Studio,
    now: UnixMillis,
    draws: &'a mut Draws,
}

impl Cloud {
    pub(crate) fn new(config: &Config, account_rule: AccountRule) -> Cloud {
        Cloud {
            admission: Admission::new(config),
            rate_limit: RateLimit::new(config.cloud_requests_per_second),
            rules: Rules {
                sdk_app_id: config.sdk_app_id,
                user_sigs: UserSigVerifier::new(config.sdk_app_id, &config.secret_key),
                account_rule,
                room_id_coding: config.ingest_room_id_coding,
                demands_private_map_key: config.demands_private_map_key,
            },
        }
    }

    /// In the service's order: who asks, what for, how often, and how.
    pub(crate) fn serve(
        &mut self,
        request: &ReceivedRequest<'_>,
        exchange: &mut Exchange,
        studio: &mut Studio,
        now: UnixMillis,
        draws: &mut Draws,
    ) -> Outcome {
        self.admission.check(request, now)?;
        let action = asked_for(request).ok_or_else(Refusal::invalid_action)?;
        if !self.rate_limit.admit(action.name, now) {
            return Err(Refusal::rate_limit());
        }
        let body = parse_object(request.body).map_err(|rule| Refusal::body(&rule))?;
        let mut scene = Scene {
            rules: &self.rules,
            exchange,
            studio,
            now,
            draws,
        };
        (action.serve)(Fields::new(&body), &mut scene)
    }
}

impl Scene<'_> {
    /// Every action names the application.
    fn check_app(&self, request: Fields<'_>) -> Result<(), Refusal> {
        let number = request.integer("SdkAppId", &(1..=u32::MAX.into()))?;
        if number == i64::from(self.rules.sdk_app_id.get()) {
            Ok(())
        } else {
            Err(request
                .error("SdkAppId", "must be this application's")
                .into())
        }
    }
}

/// Whether a request is one for the cloud API. Without the header, it is none of a known kind.
pub(crate) fn is_meant(request: &ReceivedRequest<'_>) -> bool {
    request.path() == "/" && request.header(ACTION_HEADER).is_some()
}

/// The action that a request is for, if there is one of that name.
pub(crate) fn asked_for(request: &ReceivedRequest<'_>) -> Option<&'static Action> {
    let name = request.header(ACTION_HEADER)?;
    ALL.iter().find(|action| action.name == name)
}

const ACTION_HEADER: &str = "x-tc-action";

/// The names of all actions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|action| action.name)
}
