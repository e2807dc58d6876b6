mod board;
mod dry_run;
mod interrupts;
mod members;
mod watch;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use serde_json::json;
use trtc_call::call_engine::start_call_by_robot::{Request, Response};
use trtc_call::{
    Client, Endpoint as _, Error, MediaType, OutcomeUnknown, Problem, Reply, TransportError,
    TransportErrorKind, UserId,
};

use self::board::Board;
use self::interrupts::Interrupts;
use self::members::Members;
use self::watch::Watch;
use crate::account::{Account, AccountArgs, UserIdRule};
use crate::duration;
use crate::emulated;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::moment::now;
use crate::printable::Printable;
use crate::room::RoomArgs;
use crate::screen::Screen;
use crate::service::{self, Answer};
use crate::sheet::Sheet;

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
        if self.dry_run {
            return dry_run::run(screen, &account, &request);
        }
        service::runtime()?.block_on(Box::pin(self.start(screen, account, &request)))
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
        let index = problem
            .field
            .strip_prefix("callees[")
            .and_then(|rest| rest.strip_suffix(']'));
        let callee = index.and_then(|index| self.callees.get(index.parse::<usize>().ok()?));
        let option = match (problem.field.as_str(), callee) {
            (_, Some(callee)) => format!("--callee {callee}"),
            ("callees", None) => "--callee".to_owned(),
            (field, None) => format!("--{}", field.replace('_', "-")),
        };
        UserIdRule::explain(problem).at(option)
    }

    async fn start(
        &self,
        screen: &Screen,
        mut account: Account,
        request: &Request,
    ) -> Result<Exit, Failure> {
        let server = if self.emulator {
            let server =
                emulated::start(&account.credentials, self.account.admin.user_ids, ANY_PORT)
                    .await?;
            account.region = emulated::region(server.address())
                .map_err(|problem| Failure::Invalid(vec![problem]))?;
            screen.note(format_args!(
                "emulator at {}: no real phone rings",
                server.base_url()
            ));
            Some(server)
        } else {
            None
        };
        let client = service::client(account)?;
        let interrupts = Interrupts::listen();
        let reply = self
            .send(screen, &client, request, interrupts.clone())
            .await?;
        warn_of_callees_not_rung(screen, &reply.response);
        if !self.wait {
            let document = json!({ "reply": Answer::from(&reply) });
            screen.show(sheet(&reply), &document)?;
            return Ok(exit(&reply.response));
        }
        let exit = watch(
            screen,
            &client,
            request,
            &reply,
            interrupts,
            server.is_some(),
        )
        .await;
        if let Some(server) = server {
            server.shutdown().await;
        }
        exit
    }

    /// Sends the call. Ctrl-C gives up waiting for the reply, the second one where the first can still end
    /// the call.
    async fn send(
        &self,
        screen: &Screen,
        client: &Client,
        request: &Request,
        mut interrupts: Interrupts,
    ) -> Result<Reply<Response>, Failure> {
        let sent_at = now();
        let mut reply = pin!(client.send(request));
        let mut interrupted = 0;
        loop {
            tokio::select! {
                reply = &mut reply => return reply.map_err(Failure::service::<Request>),
                () = interrupts.reach(interrupted + 1) => interrupted += 1,
            }
            if self.wait && interrupted == 1 {
                screen.note("the call will be ended as soon as the service has named it; Ctrl-C again quits at once");
                continue;
            }
            let given_up =
                TransportError::new(TransportErrorKind::Cancelled, "interrupted by Ctrl-C");
            let error = match request.ring_attempt() {
                Some(attempt) => Box::new(OutcomeUnknown::new(
                    attempt,
                    sent_at,
                    now(),
                    given_up.into(),
                ))
                .into(),
                None => Error::from(given_up),
            };
            return Err(Failure::service::<Request>(error));
        }
    }
}

/// Watches the call to its end, and shows what became of it.
async fn watch(
    screen: &Screen,
    client: &Client,
    request: &Request,
    reply: &Reply<Response>,
    mut interrupts: Interrupts,
    is_emulated: bool,
) -> Result<Exit, Failure> {
    let Some(call_id) = &reply.response.call_id else {
        screen.warn("the service named no CallId, so that the call cannot be watched");
        let document = json!({ "reply": Answer::from(reply), "events": [], "record": null });
        screen.show(sheet(reply), &document)?;
        return Ok(Exit::OutcomeUnknown);
    };
    screen.note(format_args!("call {}", Printable(call_id)));
    let mut board = Board::new(*screen, request.callees());
    let mut watch = Watch {
        client,
        call_id,
        interval: if is_emulated {
            EMULATOR_INTERVAL
        } else {
            INTERVAL
        },
        interrupts: interrupts.clone(),
        board: &mut board,
        members: Members::new(request.robot().clone()),
        events: Vec::new(),
    };
    watch.started(&reply.response);
    let record = tokio::select! {
        record = watch.run() => Some(record),
        () = interrupts.reach(2) => None,
    };
    let events = watch.events;
    board.close();
    let mut document = json!({ "reply": Answer::from(reply), "events": events, "record": null });
    match record {
        Some(Ok(record)) => {
            document["record"] = json!(record);
            screen.show(super::record::sheet(&record), &document)?;
            let was_answered = record.accept_time.is_some() || record.result.was_answered();
            Ok(if was_answered {
                Exit::Ok
            } else {
                Exit::NobodyAnswered
            })
        }
        Some(Err(failure)) => {
            document["error"] = json!(failure.document());
            screen.show(sheet(reply), &document)?;
            Ok(failure.exit())
        }
        None => {
            screen.warn(format_args!(
                "the call may go on: trtc-call end {}",
                Printable(call_id)
            ));
            screen.show(sheet(reply), &document)?;
            Ok(Exit::Interrupted)
        }
    }
}

fn exit(response: &Response) -> Exit {
    let nobody_was_rung =
        !response.callees.is_empty() && response.callees.iter().all(|callee| !callee.was_rung());
    if nobody_was_rung {
        Exit::NobodyAnswered
    } else {
        Exit::Ok
    }
}

fn warn_of_callees_not_rung(screen: &Screen, response: &Response) {
    for callee in response.callees.iter().filter(|callee| !callee.was_rung()) {
        let (user, code) = (Printable(&callee.user_id), callee.result_code);
        screen.warn(format_args!("{user} could not be rung (ResultCode {code})"));
    }
}

fn sheet(reply: &Reply<Response>) -> Sheet {
    let Response {
        call_id, callees, ..
    } = &reply.response;
    let sheet = match call_id {
        Some(call_id) => Sheet::new(format_args!("Call {call_id}")),
        None => Sheet::new("The call was started; the service named no CallId"),
    };
    callees
        .iter()
        .fold(sheet, |sheet, callee| {
            sheet.row(
                &callee.user_id,
                if callee.was_rung() {
                    "rings"
                } else {
                    "could not be rung"
                },
            )
        })
        .row("RequestId", &reply.request_id)
        .row_if(
            "watch it",
            call_id.as_ref().map(|id| format!("trtc-call status {id}")),
        )
        .row_if(
            "end it",
            call_id.as_ref().map(|id| format!("trtc-call end {id}")),
        )
}
