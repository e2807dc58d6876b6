//! The emulator as its shell sees it.

use std::collections::BTreeMap;
use std::time::Duration;
use std::{fmt, iter};

use trtc_call_core::tc3::Credential;
use trtc_call_core::{IngestRoomIdCoding, SdkAppId, SecretKey, UnixMillis};

use crate::admission::Admission;
use crate::clock::Clock;
use crate::cloud::{self, Cloud};
use crate::command::{self, Command, Scene};
use crate::control;
use crate::exchange::Exchange;
use crate::fault::{self, Api, Fault, Faults};
use crate::field::{AccountRule, Fields, parse_object};
use crate::ingest::Studio;
use crate::random::Draws;
use crate::rate_limit::RateLimit;
use crate::reply::{self, Outcome, Refusal};
use crate::{
    Answer, Call, CallbackConfiguration, Event, Ingest, IngestWebhooks, OccupiedRoom,
    OutgoingWebhook, ReceivedRequest, Script, StreamScript, WebhookDelivery, WebhookOutcome,
    WebhookSettings,
};

/// Which application is emulated, and how strictly.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The application. Requests for another one are refused with 60006.
    pub sdk_app_id: SdkAppId,
    /// The application's key, against which UserSigs are verified.
    pub secret_key: SecretKey,
    /// The accounts that may call the REST API. Default: `administrator`.
    pub admins: Vec<String>,
    /// How many requests each command takes within any second of emulated time. Default: 200.
    pub requests_per_second: u32,
    /// Takes user names outside the UserID rule too, as older tenants hold them. Default: no.
    pub allow_any_user_id: bool,
    /// The access keys that may call the cloud API. Default: [`TEST_SECRET_ID`](Self::TEST_SECRET_ID) and
    /// [`TEST_SECRET_KEY`](Self::TEST_SECRET_KEY).
    pub cloud_credentials: Vec<Credential>,
    /// How many requests each action of the cloud API takes within any second of emulated time.
    /// Default: 20.
    pub cloud_requests_per_second: u32,
    /// What an ingest's `RoomIdType` means. A client that takes it for the other puts the robot into
    /// another room, as at the service. Default: 0 numeric, 1 string.
    pub ingest_room_id_coding: IngestRoomIdCoding,
    /// Whether an ingest needs a PrivateMapKey too: "advanced permissions" of the console. One that is
    /// given is checked in any case. Default: no.
    pub demands_private_map_key: bool,
    /// Whom the service tells about ingest tasks. Default: nobody.
    pub ingest_webhooks: Option<IngestWebhooks>,
}

impl Config {
    /// The id of the access key that may call the cloud API unless others are set.
    pub const TEST_SECRET_ID: &str = "AKIDEMULATOR";
    /// Its key, which opens nothing but emulators.
    pub const TEST_SECRET_KEY: &str = "key-that-opens-nothing-but-the-emulator";

    /// An application with the vendor's limits and the admin `administrator`.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, secret_key: SecretKey) -> Config {
        Config {
            sdk_app_id,
            secret_key,
            admins: vec!["administrator".to_owned()],
            requests_per_second: 200,
            allow_any_user_id: false,
            // Both are well-formed.
            cloud_credentials: Credential::new(Config::TEST_SECRET_ID, Config::TEST_SECRET_KEY)
                .into_iter()
                .collect(),
            cloud_requests_per_second: 20,
            ingest_room_id_coding: IngestRoomIdCoding::default(),
            demands_private_map_key: false,
            ingest_webhooks: None,
        }
    }
}

/// The emulated service: bytes, time and randomness in; bytes and events out.
///
/// # Time
/// The emulator has no clock. Each [`handle`](Self::handle) and [`advance_to`](Self::advance_to) brings
/// the shell's time; the emulated time is that plus every jump made with
/// [`advance_by`](Self::advance_by). It never goes back. Everything goes by emulated time (ringing,
/// records, the rate limit, and the expiry of UserSigs too); only injected delays are real time. What is
/// due happens in order, each event at its own moment, before anything else is looked at, so that it
/// makes no difference how often the shell calls.
pub struct Emulator {
    admission: Admission,
    account_rule: AccountRule,
    sdk_app_id: SdkAppId,
    clock: Clock,
    exchange: Exchange,
    studio: Studio,
    cloud: Cloud,
    faults: Faults,
    rate_limit: RateLimit,
    received: u64,
    received_by_command: BTreeMap<&'static str, u64>,
}

impl Emulator {
    /// An emulator without calls, at the beginning of 1970 until the shell says what time it is.
    #[must_use]
    pub fn new(config: &Config) -> Emulator {
        let account_rule = if config.allow_any_user_id {
            AccountRule::Any
        } else {
            AccountRule::Strict
        };
        let mut exchange = Exchange::default();
        let webhooks = exchange.webhooks_mut();
        webhooks.set_ingest(config.ingest_webhooks.clone());
        Emulator {
            admission: Admission::new(config),
            account_rule,
            sdk_app_id: config.sdk_app_id,
            clock: Clock::default(),
            exchange,
            studio: Studio::default(),
            cloud: Cloud::new(config, account_rule),
            faults: Faults::default(),
            rate_limit: RateLimit::new(config.requests_per_second),
            received: 0,
            received_by_command: BTreeMap::new(),
        }
    }

    /// Answers a request to the service or, below `/emulator/`, to the control API.
    ///
    /// `now` is the shell's time. `random` is any 64-bit number, fresh for each request: the ids of
    /// requests and calls are made from it. The same inputs give the same ids.
    pub fn handle(
        &mut self,
        request: &ReceivedRequest<'_>,
        now: UnixMillis,
        random: u64,
    ) -> Answer {
        self.advance_to(now);
        let mut answer = if let Some(route) = control::route(request.path()) {
            control::answer(self, route, request)
        } else {
            self.received += 1;
            let draws = Draws::new(random, self.received);
            if cloud::is_meant(request) {
                self.handle_action(request, draws)
            } else {
                self.handle_command(request, draws)
            }
        };
        self.studio.listen(&self.exchange, self.clock.now());
        answer.date = self.clock.now().seconds();
        answer
    }

    /// The cloud API.
    fn handle_action(&mut self, request: &ReceivedRequest<'_>, mut draws: Draws) -> Answer {
        let request_id = draws.uuid();
        let name = cloud::asked_for(request).map(|action| action.name);
        if let Some(name) = name {
            *self.received_by_command.entry(name).or_default() += 1;
        }
        let mut serve = || {
            let (exchange, studio) = (&mut self.exchange, &mut self.studio);
            let now = self.clock.now();
            let outcome = self.cloud.serve(request, exchange, studio, now, &mut draws);
            cloud::answer(&request_id, &outcome)
        };
        let Some(fault) = self.faults.take(Api::Cloud, name) else {
            return serve();
        };
        let served = fault.takes_effect.then(serve);
        fault.spoil(Api::Cloud, &request_id, served)
    }

    /// The REST API.
    fn handle_command(&mut self, request: &ReceivedRequest<'_>, mut draws: Draws) -> Answer {
        let request_id = format!("Id-{}-O-Seq-{}", draws.hex_32(), self.received);
        let command = command::at(request.path());
        let name = command.map(|command| command.name);
        if let Some(name) = name {
            *self.received_by_command.entry(name).or_default() += 1;
        }
        let Some(fault) = self.faults.take(Api::CallEngine, name) else {
            return reply::answer(&request_id, self.serve(request, command, &mut draws));
        };
        let served = fault
            .takes_effect
            .then(|| reply::answer(&request_id, self.serve(request, command, &mut draws)));
        fault.spoil(Api::CallEngine, &request_id, served)
    }

    /// In the service's order: the address, who asks, how often, and what for.
    fn serve(
        &mut self,
        request: &ReceivedRequest<'_>,
        command: Option<&Command>,
        draws: &mut Draws,
    ) -> Outcome {
        let command = command
            .ok_or_else(|| Refusal::new(60009, "there is no such resource: check the path"))?;
        let now = self.clock.now();
        self.admission.check(request, now)?;
        if !self.rate_limit.admit(command.name, now) {
            return Err(Refusal::by_code(fault::RATE_LIMIT));
        }
        let body = parse_object(request.body)
            .map_err(|rule| Refusal::new(60003, format!("the body {rule}")))?;
        let mut scene = Scene {
            exchange: &mut self.exchange,
            now,
            draws,
            account_rule: self.account_rule,
        };
        (command.serve)(Fields::new(&body), &mut scene)
    }

    /// When something happens next, in the shell's time; `None` while nothing is due. A shell that shows
    /// events as they happen calls [`advance_to`](Self::advance_to) then.
    #[must_use]
    pub fn next_due(&self) -> Option<UnixMillis> {
        let due = match (self.exchange.next_due(), self.studio.next_due()) {
            (Some(call), Some(task)) => call.min(task),
            (call, task) => call.or(task)?,
        };
        Some(self.clock.in_shell_time(due))
    }

    /// Tells the emulator the shell's time. What is due until then happens; see
    /// [`events_since`](Self::events_since).
    pub fn advance_to(&mut self, now: UnixMillis) {
        self.clock.observe(now);
        self.run();
    }

    /// Jumps ahead: from now on the emulated time is so much further ahead of the shell's. What is due
    /// in between happens.
    pub fn advance_by(&mut self, jump: Duration) {
        self.clock.jump(jump);
        self.run();
    }

    fn run(&mut self) {
        let now = self.clock.now();
        self.studio.run_until(&mut self.exchange, now);
    }

    /// The emulated time.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// How far the emulated time is ahead of the shell's.
    #[must_use]
    pub fn jumped(&self) -> Duration {
        self.clock.jumped()
    }

    /// The application.
    #[must_use]
    pub fn sdk_app_id(&self) -> SdkAppId {
        self.sdk_app_id
    }

    /// Sets what a user does, for calls that start from now on.
    pub fn set_script(&mut self, user: impl Into<String>, script: Script) {
        self.exchange.set_script(user.into(), script);
    }

    /// Lets a user do again what the name says ([`Script::by_name`]).
    pub fn clear_script(&mut self, user: &str) {
        self.exchange.clear_script(user);
    }

    /// What a user does: the script that was set, or else what the name says.
    #[must_use]
    pub fn script(&self, user: &str) -> Script {
        self.exchange.script(user)
    }

    /// The scripts that were set, sorted by user.
    #[must_use]
    pub fn scripts(&self) -> &BTreeMap<String, Script> {
        self.exchange.scripts()
    }

    /// Adds a fault behind those that are still to come. Each request meets the first one that concerns
    /// it.
    pub fn inject(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// The faults still to come.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        self.faults.all()
    }

    /// Forgets the faults still to come.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Whom the service tells what (`set_callback`), if anybody.
    #[must_use]
    pub fn callback_configuration(&self) -> Option<&CallbackConfiguration> {
        self.exchange.webhooks().configuration()
    }

    /// Sets whom the service tells what, as `set_callback` does; `None` deletes it. Deliveries that are
    /// on their way go on.
    pub fn set_callback_configuration(&mut self, configuration: Option<CallbackConfiguration>) {
        self.exchange.webhooks_mut().configure(configuration);
    }

    /// Whom the service tells about ingest tasks, if anybody.
    #[must_use]
    pub fn ingest_webhooks(&self) -> Option<&IngestWebhooks> {
        self.exchange.webhooks().ingest()
    }

    /// Sets whom the service tells about ingest tasks, which the console does at the service; `None`:
    /// nobody. Deliveries that are on their way go on.
    pub fn set_ingest_webhooks(&mut self, webhooks: Option<IngestWebhooks>) {
        self.exchange.webhooks_mut().set_ingest(webhooks);
    }

    /// Sets what becomes of a stream when an ingest plays it, for tasks that start or change to it from
    /// now on.
    pub fn set_stream_script(&mut self, url: impl Into<String>, script: StreamScript) {
        self.studio.set_script(url.into(), script);
    }

    /// Lets every stream do again what its URL says ([`StreamScript::by_url`]).
    pub fn clear_stream_scripts(&mut self) {
        self.studio.clear_scripts();
    }

    /// What becomes of a stream: the script that was set, or else what the URL says.
    #[must_use]
    pub fn stream_script(&self, url: &str) -> StreamScript {
        self.studio.script(url)
    }

    /// The scripts that were set, sorted by URL.
    #[must_use]
    pub fn stream_scripts(&self) -> &BTreeMap<String, StreamScript> {
        self.studio.scripts()
    }

    /// All ingest tasks in the order of their start; of those that have ended, the latest 1000.
    #[must_use]
    pub fn ingests(&self) -> Vec<&Ingest> {
        self.studio.ingests()
    }

    /// The ingest task of that name.
    #[must_use]
    pub fn ingest(&self, task_id: &str) -> Option<&Ingest> {
        let mut ingests = self.ingests().into_iter();
        ingests.find(|ingest| ingest.task_id == task_id)
    }

    /// The rooms in which somebody is: callees who have answered, and robots that play.
    #[must_use]
    pub fn rooms(&self) -> &[OccupiedRoom] {
        self.exchange.rooms().all()
    }

    /// How webhooks are sent.
    #[must_use]
    pub fn webhook_settings(&self) -> &WebhookSettings {
        self.exchange.webhooks().settings()
    }

    /// Sets how webhooks are sent from now on: signed or not, how patiently, how untidily.
    pub fn set_webhook_settings(&mut self, settings: WebhookSettings) {
        self.exchange.webhooks_mut().set(settings);
    }

    /// When the next webhook is due, in the shell's time; `None` while none is. A shell that sends
    /// webhooks calls [`take_due_webhooks`](Self::take_due_webhooks) then.
    #[must_use]
    pub fn next_webhook_due(&self) -> Option<UnixMillis> {
        let due = self.exchange.webhooks().next_due()?;
        Some(self.clock.in_shell_time(due))
    }

    /// The webhooks to send now, in order: each [`take_due_webhook`](Self::take_due_webhook).
    pub fn take_due_webhooks(&mut self) -> Vec<OutgoingWebhook> {
        iter::from_fn(|| self.take_due_webhook()).collect()
    }

    /// The webhook to send next, if one is due. Its `RequestTime` is the shell's time, not the emulated one:
    /// the receiver compares it with a clock of its own.
    ///
    /// A shell that sends one after the other, and [notes](Self::note_webhook) each before it takes the next,
    /// sends them in the order of emulated time, the second and third attempts among the others: also those
    /// that fell due within a jump.
    pub fn take_due_webhook(&mut self) -> Option<OutgoingWebhook> {
        let webhooks = self.exchange.webhooks_mut();
        webhooks.take_due(self.sdk_app_id, &self.clock)
    }

    /// Takes note of what became of a webhook that was taken to be sent; one that failed is due again later.
    pub fn note_webhook(&mut self, id: u64, outcome: WebhookOutcome) {
        self.exchange.webhooks_mut().note(id, outcome, &self.clock);
    }

    /// The deliveries after the one of that id, oldest first; 0 asks for all. The latest 1000 are kept.
    pub fn webhook_deliveries_since(&self, id: u64) -> impl Iterator<Item = &WebhookDelivery> {
        self.exchange.webhooks().deliveries_since(id)
    }

    /// Adds the records of `count` made-up calls of the last 7 days, to have something to look at: of all
    /// results, 1-to-1 and group calls, with and without a room. No phone rings, and nobody is told. The
    /// same `random` gives the same calls.
    pub fn seed_records(&mut self, count: u32, random: u64) {
        let now = self.clock.now();
        self.exchange.seed_records(count, random, now);
    }

    /// All calls, ended ones too until their record expires (7 days), in the order of their start.
    #[must_use]
    pub fn calls(&self) -> Vec<&Call> {
        self.exchange.calls()
    }

    /// The call of that name.
    #[must_use]
    pub fn call(&self, call_id: &str) -> Option<&Call> {
        self.exchange.call(call_id)
    }

    /// How often a user's phone has rung.
    #[must_use]
    pub fn rings(&self, user: &str) -> u64 {
        self.exchange.rings().get(user).copied().unwrap_or(0)
    }

    /// How often each phone has rung, sorted by user. Who is busy or offline is not rung.
    #[must_use]
    pub fn all_rings(&self) -> &BTreeMap<String, u64> {
        self.exchange.rings()
    }

    /// How many requests for a command or action, such as `end_call` or `StartStreamIngest`, have come in,
    /// refused and spoiled ones too.
    #[must_use]
    pub fn requests(&self, command: &str) -> u64 {
        let received = self.received_by_command.get(command);
        received.copied().unwrap_or(0)
    }

    /// How many requests have come in for each command and action, sorted by its name.
    #[must_use]
    pub fn all_requests(&self) -> &BTreeMap<&'static str, u64> {
        &self.received_by_command
    }

    /// What happened after the event of that id, oldest first; 0 asks for all. The latest 10000 events
    /// are kept.
    pub fn events_since(&self, id: u64) -> impl Iterator<Item = &Event> {
        self.exchange.events().since(id)
    }

    /// The id of the latest event; 0 before the first.
    #[must_use]
    pub fn last_event_id(&self) -> u64 {
        self.exchange.events().last_id()
    }
}

/// A summary: the calls can be many.
impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("admission", &self.admission)
            .field("now", &self.now())
            .field("requests", &self.received_by_command)
            .field("rings", &self.all_rings())
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}
