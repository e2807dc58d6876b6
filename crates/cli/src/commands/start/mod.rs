mod board;
mod call;
mod members;
mod push;
mod watch;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::usersig::UserSigSigner;
use trtc_call::{Access, Endpoint as _, HttpRequest, MediaType, Problem, UserId};

use self::call::Call;
use self::push::PushArgs;
use crate::account::{Account, AccountArgs, UserIdRule};
use crate::dry_run;
use crate::duration;
use crate::emulated;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::moment::now;
use crate::room::RoomArgs;
use crate::screen::Screen;
use crate::service;

/// Ring phones: start a call from a robot account to one or more users
///
/// Without --wait it exits as soon as the service has answered: 0 when a phone rings, 5 when none could be
/// rung. With --wait it shows the call to its end and then its record, and exits with 0 when somebody
/// answered and 5 when nobody did; Ctrl-C ends the call.
#[derive(Debug, clap::Args)]
#[command(override_usage = "trtc-call start --callee <USER>... [OPTIONS]")]
pub(crate) struct Args {
    /// User to ring; give it again for each further one, which makes a group call
    #[arg(long = "callee", value_name = "USER", allow_hyphen_values = true)]
    callees: Vec<String>,
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
    /// Ring simulated users of an emulator in this process; no real phone rings
    #[arg(long)]
    emulator: bool,
    #[command(flatten)]
    push: PushArgs,
    #[command(flatten)]
    account: AccountArgs,
}

/// How often to ask the service about a call that is watched, and the emulator, which costs nobody
/// anything.
const INTERVAL: Duration = Duration::from_secs(1);
const EMULATOR_INTERVAL: Duration = Duration::from_millis(200);

const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, Failure> {
        let (account, request) = match (self.account(), self.request()) {
            (Ok(account), Ok(request)) => (account, request),
            (account, request) => {
                let mut problems = request.err().unwrap_or_default();
                problems.extend(account.err().unwrap_or_default());
                return Err(Failure::Invalid(problems));
            }
        };
        push::advise(screen, &request.advice());
        if self.dry_run {
            let http = http_request(&account, &request);
            return dry_run::show(screen, &http, request.advice());
        }
        service::runtime()?.block_on(Box::pin(async {
            if self.emulator {
                self.place_in_emulator(screen, account, &request).await
            } else {
                self.place(screen, account, &request, INTERVAL).await
            }
        }))
    }

    async fn place(
        &self,
        screen: &Screen,
        account: Account,
        request: &Request,
        interval: Duration,
    ) -> Result<Exit, Failure> {
        let client = service::client(account)?;
        let watch_interval = self.wait.then_some(interval);
        Call {
            screen,
            client,
            request,
            watch_interval,
        }
        .place()
        .await
    }

    async fn place_in_emulator(
        &self,
        screen: &Screen,
        mut account: Account,
        request: &Request,
    ) -> Result<Exit, Failure> {
        let user_ids = self.account.admin.user_ids;
        let server = emulated::start(&account.credentials, user_ids, ANY_PORT).await?;
        account.region = emulated::region(server.address())
            .map_err(|problem| Failure::Invalid(vec![problem]))?;
        screen.note(format_args!(
            "emulator at {}: no real phone rings",
            server.base_url()
        ));
        // The server stops when it is dropped, after this.
        self.place(screen, account, request, EMULATOR_INTERVAL)
            .await
    }

    fn account(&self) -> Result<Account, Vec<Problem>> {
        if !self.emulator {
            return self.account.read();
        }
        let credentials = self.account.admin.read_for_emulator()?;
        let region = emulated::region(emulated::ADDRESS).map_err(|problem| vec![problem])?;
        Ok(Account {
            credentials,
            region,
        })
    }

    /// The request, or every rule it breaks, in the words of the command line.
    fn request(&self) -> Result<Request, Vec<Problem>> {
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
        match self.push.read() {
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
                problems.splice(0..0, found.map(|problem| self.in_options(problem)));
            }
        }
        Err(problems)
    }

    /// The problem with its field as the option that gives it: `callees[1]` as `--callee jack`.
    fn in_options(&self, problem: Problem) -> Problem {
        if problem.field.starts_with("offline_push") {
            return push::in_options(problem);
        }
        let index = problem
            .field
            .strip_prefix("callees[")
            .and_then(|rest| rest.strip_suffix(']'));
        let callee = index.and_then(|index| self.callees.get(index.parse::<usize>().ok()?));
        let (option, name) = match (problem.field.as_str(), callee) {
            (_, Some(callee)) => (format!("--callee {callee}"), Some(callee)),
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
