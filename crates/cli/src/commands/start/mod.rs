mod board;
mod call;
mod members;
mod once;
mod play;
pub(crate) mod push;
mod request_file;
mod watch;

use std::ffi::OsString;
use std::time::Duration;

use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::call_session::{Media, Plan, Watch};
use trtc_call::offline_push::OfflinePushInfo;
use trtc_call::usersig::UserSigSigner;
use trtc_call::{Access, Endpoint as _, HttpRequest, MediaType, Problem, UserId};
use trtc_call_ledger::RingKey;

use self::call::Call;
use self::once::Once;
use self::play::Play;
use self::push::PushArgs;
use crate::account::{Account, AccountArgs, TrafficArgs, UserIdRule};
use crate::cloud::{CloudAccount, CloudArgs};
use crate::command_error::CommandError;
use crate::dry_run;
use crate::duration;
use crate::emulated;
use crate::exit::Exit;
use crate::extra::ExtraArgs;
use crate::input::Input;
use crate::moment::now;
use crate::room::RoomArgs;
use crate::screen::Screen;
use crate::service;
use crate::store::StoreArg;
use crate::stream::{self, StreamArgs};

/// Ring phones: start a call from a robot account to one or more users
///
/// Without --wait it exits as soon as the service has answered: 0 when a phone rings, 5 when none could be
/// rung. With --wait it shows the call to its end and then its record, and exits with 0 when somebody
/// answered and 5 when nobody did; Ctrl-C ends the call. With --play it waits too: when somebody answers, the
/// robot plays a stream into the call's room, until it is over or everybody has hung up.
///
/// With --key it rings once for that key, whoever asks and how often, and exits with 0 when a phone rings or
/// has rung, 1 or 5 when it was refused, 2 when the key stands for another call, 3 when surely nothing was
/// sent, and 4 when it is being sent or the phone may have rung.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "trtc-call start --callee <USER>... [OPTIONS]\n       trtc-call start --request <FILE> [OPTIONS]"
)]
pub(crate) struct Args {
    /// User to ring; give it again for each further one, which makes a group call
    #[arg(long = "callee", value_name = "USER", allow_hyphen_values = true)]
    callees: Vec<String>,
    /// The whole call as JSON, as the service spells it (Robot_Account) or in this library's names (robot), in
    /// place of the options that say it; - reads stdin. --dry-run shows what would be sent
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "callees", "robot", "video", "audio", "room", "room_number", "ring_timeout", "user_data", "push_title",
        "push_desc", "push_ext", "push_json", "extra",
    ])]
    request: Option<OsString>,
    /// Account that calls
    #[arg(
        long,
        value_name = "USER",
        default_value = "robot",
        allow_hyphen_values = true
    )]
    robot: String,
    /// Video call [default]
    #[arg(long, conflicts_with = "audio")]
    video: bool,
    /// Audio call
    #[arg(long)]
    audio: bool,
    #[command(flatten)]
    room: RoomArgs,
    /// How long the phones ring, from 10s to 600s
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration::parse)]
    ring_timeout: Duration,
    /// Text for the callee's application, at most 1000 bytes
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    user_data: Option<String>,
    /// Watch the call to its end, and print its record
    #[arg(long)]
    wait: bool,
    /// Print the request instead of sending it; needs no network
    #[arg(long, conflicts_with = "wait")]
    dry_run: bool,
    /// Ring at most once for this key, from whatever process, machine and however often it is asked for; the
    /// others are told what became of it. It needs a ledger
    #[arg(long, value_name = "KEY", conflicts_with_all = ["wait", "play", "dry_run"], allow_hyphen_values = true)]
    key: Option<String>,
    /// Ring simulated users of an emulator in this process; no real phone rings
    #[arg(long)]
    emulator: bool,
    /// Play this stream to whoever answers, and hang up when it is over. It needs a room, and an access key
    /// of the cloud account
    #[arg(long, value_name = "URL", conflicts_with = "dry_run")]
    play: Option<String>,
    #[command(flatten)]
    stream: StreamArgs,
    #[command(flatten)]
    push: PushArgs,
    #[command(flatten)]
    extra: ExtraArgs,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    cloud: CloudArgs,
}

/// A call that is to be made, as whom, and what is played into it.
struct Job<'a> {
    screen: &'a Screen,
    account: Account,
    request: Request,
    play: Option<(Media, CloudAccount)>,
    /// The key for which it rings once, and the ledger's URL.
    once: Option<(RingKey, String)>,
}

/// How often to ask the service about a call that is watched, and the emulator, which costs nobody
/// anything.
const INTERVAL: Duration = Duration::from_secs(1);
const EMULATOR_INTERVAL: Duration = Duration::from_millis(250);

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let (request, names) = self.request_with_names();
        let media = self.media();
        let cloud = self.cloud();
        let once = self.once();
        let (account, request, media, cloud) = match (self.account(), request, media, cloud) {
            (Ok(account), Ok(request), Ok(media), Ok(cloud)) if once.is_ok() => {
                (account, request, media, cloud)
            }
            (account, request, media, cloud) => {
                let mut problems = request.err().unwrap_or_default();
                problems.extend(once.err().unwrap_or_default());
                problems.extend(media.err().unwrap_or_default());
                problems.extend(account.err().unwrap_or_default());
                problems.extend(cloud.err().unwrap_or_default());
                return Err(CommandError::Invalid(problems));
            }
        };
        names.advise(screen, &request.advice());
        if self.dry_run {
            let http = http_request(&account, &request);
            return dry_run::show(screen, &http, request.advice());
        }
        let job = Job {
            screen,
            account,
            play: media.zip(cloud),
            request,
            once: once.unwrap_or_default(),
        };
        service::runtime()?.block_on(Box::pin(async {
            if self.emulator {
                self.place_in_emulator(job).await
            } else {
                self.place(job, INTERVAL).await
            }
        }))
    }

    async fn place(&self, job: Job<'_>, interval: Duration) -> Result<Exit, CommandError> {
        let Job {
            screen,
            account,
            request,
            play,
            once,
        } = job;
        if let Some((key, store)) = once {
            return Once {
                screen,
                client: service::client(account)?,
                request: &request,
                key,
                store: &store,
            }
            .ring()
            .await;
        }
        let Some((media, cloud)) = play else {
            let client = service::client(account)?;
            let watch_interval = self.wait.then_some(interval);
            return Call {
                screen,
                client,
                request: &request,
                watch_interval,
                ends_with_us: self.emulator,
            }
            .place()
            .await;
        };
        let plan = Plan::builder(request, media)
            // Nothing here receives webhooks.
            .watch(Watch::Polling)
            .poll_interval(interval)
            .build()
            .map_err(|invalid| {
                let problems = invalid.problems().iter().cloned();
                CommandError::Invalid(problems.map(plan_in_options).collect())
            })?;
        let client = service::client_with_cloud(account, cloud)?;
        Play {
            screen,
            client,
            plan,
            ends_with_us: self.emulator,
        }
        .run()
        .await
    }

    async fn place_in_emulator(&self, mut job: Job<'_>) -> Result<Exit, CommandError> {
        let user_ids = self.account.admin.user_ids;
        let mut config = emulated::config(&job.account.credentials, user_ids);
        if let Some((_, cloud)) = &job.play {
            config.cloud_credentials = vec![cloud.credential.clone()];
        }
        let server = emulated::start_with(config, emulated::ANY_PORT).await?;
        let invalid = |problem| CommandError::Invalid(vec![problem]);
        let base_url = emulated::base_url(server.address()).map_err(invalid)?;
        if let Some((_, cloud)) = &mut job.play {
            cloud.host = base_url.clone().into();
        }
        job.account.region = base_url.into();
        job.screen.note(format_args!(
            "emulator at {}: no real phone rings",
            server.base_url()
        ));
        // The server stops when it is dropped, after this.
        self.place(job, EMULATOR_INTERVAL).await
    }

    /// The key and the ledger, if it is to ring once.
    fn once(&self) -> Result<Option<(RingKey, String)>, Vec<Problem>> {
        let Some(key) = &self.key else {
            return match self.store.is_named() {
                true => {
                    let fix = "add --key, by which a repeat is known, or leave it out";
                    Err(vec![Problem::new(
                        "--store",
                        "is for calls with a key",
                        fix,
                    )])
                }
                false => Ok(None),
            };
        };
        let key = RingKey::new(key).map_err(|problem| problem.at("--key"));
        match (key, self.store.read()) {
            (Ok(key), Ok(store)) => Ok(Some((key, store))),
            (key, store) => Err([key.err(), store.err()].into_iter().flatten().collect()),
        }
    }

    fn media(&self) -> Result<Option<Media>, Vec<Problem>> {
        match (&self.play, self.stream.first_given()) {
            (Some(url), _) => self.stream.media("--play", url).map(Some),
            (None, Some(option)) => {
                let fix = "add --play URL, or leave it out";
                let problem = Problem::new(option, "says how a stream is played", fix);
                Err(vec![problem])
            }
            (None, None) => Ok(None),
        }
    }

    fn cloud(&self) -> Result<Option<CloudAccount>, Vec<Problem>> {
        if self.play.is_none() {
            Ok(None)
        } else if self.emulator {
            self.cloud.read_for_emulator().map(Some)
        } else {
            self.cloud.read(self.account.plain_http).map(Some)
        }
    }

    fn account(&self) -> Result<Account, Vec<Problem>> {
        if !self.emulator {
            return self.account.read();
        }
        let credentials = self.account.admin.read_for_emulator()?;
        let base_url = emulated::base_url(emulated::ADDRESS).map_err(|problem| vec![problem])?;
        Ok(Account {
            credentials,
            region: base_url.into(),
            traffic: TrafficArgs::default(),
        })
    }

    /// The request, or every rule it breaks, and how its notification's fields were named.
    fn request_with_names(&self) -> (Result<Request, Vec<Problem>>, push::Names) {
        let Some(file) = &self.request else {
            let (push, names) = self.push.read();
            return (self.request(push, &names), names);
        };
        let user_ids = self.account.admin.user_ids;
        match request_file::read(&Input::from(file.as_os_str()), user_ids) {
            Ok((request, names)) => (Ok(request), names),
            Err(problems) => (Err(problems), push::Names::default()),
        }
    }

    /// The request out of options, or every rule it breaks, in the words of the command line.
    fn request(
        &self,
        push: Result<Option<OfflinePushInfo>, Vec<Problem>>,
        names: &push::Names,
    ) -> Result<Request, Vec<Problem>> {
        let media_type = if self.audio {
            MediaType::Audio
        } else {
            MediaType::Video
        };
        let builder = if self.account.admin.user_ids.allow_any_user_id {
            let callees = self.callees.iter().map(UserId::any);
            Request::builder(UserId::any(&self.robot), callees, media_type)
        } else {
            Request::builder(&self.robot, &self.callees, media_type)
        };
        let mut builder = builder.ring_timeout(self.ring_timeout);
        if let Some(user_data) = &self.user_data {
            builder = builder.user_data(user_data);
        }
        let mut problems = Vec::new();
        match self.extra.read() {
            Ok(extra) => builder = builder.extra(extra),
            Err(found) => problems.push(found),
        }
        match push {
            Ok(Some(push)) => builder = builder.offline_push(push),
            Ok(None) => {}
            Err(found) => problems.extend(found),
        }
        match self.room.get() {
            Some(Ok(room)) => builder = builder.room(room),
            Some(Err(problem)) => problems.push(problem),
            None => {}
        }
        match builder.build() {
            Ok(request) if problems.is_empty() => return Ok(request),
            Ok(_) => {}
            Err(invalid) => {
                let found = invalid.problems().iter().cloned();
                problems.splice(0..0, found.map(|problem| self.in_options(problem, names)));
            }
        }
        Err(problems)
    }

    /// The problem with its field as the option that gives it: `callees[1]` as `--callee jack`.
    fn in_options(&self, problem: Problem, names: &push::Names) -> Problem {
        if problem.field.starts_with("offline_push") {
            return names.problem(problem);
        }
        let index = problem
            .field
            .strip_prefix("callees[")
            .and_then(|rest| rest.strip_suffix(']'));
        let callee = index.and_then(|index| self.callees.get(index.parse::<usize>().ok()?));
        let (option, name) = match (problem.field.as_str(), callee) {
            (_, Some(callee)) => (format!("--callee {callee}"), Some(callee)),
            (field, None) if field.starts_with("extra.") => ("--extra".to_owned(), None),
            ("robot", None) => ("--robot".to_owned(), Some(&self.robot)),
            ("callees", None) => ("--callee".to_owned(), None),
            (field, None) => (format!("--{}", field.replace('_', "-")), None),
        };
        match name.map(UserId::new) {
            Some(Err(_)) => UserIdRule::explain(problem).at(option),
            _ => problem.at(option),
        }
    }
}

/// The problem of a plan with its field as the option that gives it.
fn plan_in_options(problem: Problem) -> Problem {
    match problem.field.as_str() {
        "call.room" => {
            let fix = "give --room or --room-number, another one for each call";
            Problem::new("room", "must be given with --play", fix)
        }
        _ => stream::in_options(problem, "--play"),
    }
}

/// The request as it would be sent now.
fn http_request(account: &Account, request: &Request) -> HttpRequest {
    let credentials = &account.credentials;
    let signer = UserSigSigner::new(credentials.sdk_app_id, &credentials.secret_key);
    let access = Access {
        region: &account.region,
        sdk_app_id: credentials.sdk_app_id,
        admin: &credentials.admin,
        user_sig: &signer.sign(&credentials.admin, 60, now()),
    };
    request.http_request(&access, fastrand::u32(..))
}
