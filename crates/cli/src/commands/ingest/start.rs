use trtc_call::call_session::IngestStart;
use trtc_call::private_map_key::PrivateMapKey;
use trtc_call::stream_ingest::start_stream_ingest::Request;
use trtc_call::usersig::UserSigSigner;
use trtc_call::{CloudEndpoint, Problem, SdkAppId, SecretKey};

use crate::account::{AppArgs, PlainHttpRule, UserIdRule};
use crate::cloud::{CloudAccount, CloudArgs};
use crate::command_error::CommandError;
use crate::dry_run;
use crate::exit::Exit;
use crate::extra::ExtraArgs;
use crate::moment::now;
use crate::room::RoomArgs;
use crate::screen::{Done, Screen};
use crate::service::Answer;
use crate::sheet::Sheet;
use crate::stream::{self, StreamArgs};

/// Play a stream into a room, as a user
///
/// Each time it is given, another stream plays: a start whose outcome is unknown is not sent again, and
/// exits with 4. To make sure that none plays, remove the user from the room.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// URL of the stream or file, which the service must be able to reach
    #[arg(value_name = "URL")]
    url: String,
    /// User who plays it: a robot, which nobody else logs in as
    #[arg(
        long,
        value_name = "USER",
        default_value = "robot",
        allow_hyphen_values = true
    )]
    user: String,
    #[command(flatten)]
    room: RoomArgs,
    /// Print the request instead of sending it; needs no network
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    stream: StreamArgs,
    #[command(flatten)]
    extra: ExtraArgs,
    #[command(flatten)]
    user_ids: UserIdRule,
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    cloud: CloudArgs,
    #[command(flatten)]
    plain_http: PlainHttpRule,
}

/// Long enough for any stream of a day.
const TOKEN_SECONDS: u64 = 24 * 60 * 60;

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let (sdk_app_id, secret_key) = (self.app.sdk_app_id(), self.app.secret_key.read());
        let (start, sdk_app_id, secret_key, cloud) = match (
            self.start(),
            sdk_app_id,
            secret_key,
            self.cloud.read(self.plain_http),
        ) {
            (Ok(start), Ok(sdk_app_id), Ok(secret_key), Ok(cloud)) => {
                (start, sdk_app_id, secret_key, cloud)
            }
            (start, sdk_app_id, secret_key, cloud) => {
                let mut problems = start.err().unwrap_or_default();
                problems.extend(sdk_app_id.err());
                problems.extend(secret_key.err());
                problems.extend(cloud.err().unwrap_or_default());
                return Err(CommandError::Invalid(problems));
            }
        };
        let request = request(&start, sdk_app_id, &secret_key, &cloud)?;
        let request = self
            .extra
            .add_to(screen, Ok(request), CloudEndpoint::with_extra)
            .map_err(CommandError::Invalid)?;
        if self.dry_run {
            let http = cloud.http_request(sdk_app_id, &request);
            return dry_run::show(screen, &http, request.extra_advice());
        }
        let reply = cloud.send(sdk_app_id, &request)?;
        let task_id = &reply.response.task_id;
        let sheet = Sheet::new(format_args!("Task {task_id}"))
            .row("RequestId", &reply.request_id)
            .row(
                "look at it",
                format_args!("trtc-call ingest describe {task_id}"),
            )
            .row("end it", format_args!("trtc-call ingest stop {task_id}"));
        let done = Done::once(
            format_args!("task {task_id} plays"),
            Some(format!("end it: trtc-call ingest stop {task_id}")),
            Exit::Ok,
        );
        Ok(screen.show_done(sheet, &Answer::from(&reply), done))
    }

    fn start(&self) -> Result<IngestStart, Vec<Problem>> {
        let user = self.user_ids.check(&self.user);
        let user = user.map_err(|problem| problem.at("--user"));
        let media = self.stream.media("URL", &self.url);
        match (self.room.required(), user, media) {
            (Ok(room), Ok(user), Ok(media)) => Ok(IngestStart::new(room, user, media)),
            (room, user, media) => {
                let mut problems: Vec<Problem> = room.err().into_iter().chain(user.err()).collect();
                problems.extend(media.err().unwrap_or_default());
                Err(problems)
            }
        }
    }
}

/// The request with the robot's tokens.
fn request(
    start: &IngestStart,
    sdk_app_id: SdkAppId,
    secret_key: &SecretKey,
    cloud: &CloudAccount,
) -> Result<Request, CommandError> {
    let (signer, now) = (UserSigSigner::new(sdk_app_id, secret_key), now());
    let private_map_key = if cloud.with_private_map_key {
        let (user, room) = (start.robot().clone(), start.room().clone());
        let key = PrivateMapKey::new(user, room, start.privileges());
        let key = key.map_err(|problem| CommandError::Invalid(vec![problem.at("--user")]))?;
        Some(key.sign(&signer, TOKEN_SECONDS, now))
    } else {
        None
    };
    let user_sig = signer.sign(start.robot(), TOKEN_SECONDS, now);
    start.request(user_sig, private_map_key).map_err(|invalid| {
        let problems = invalid.problems().iter().cloned();
        CommandError::Invalid(
            problems
                .map(|problem| stream::in_options(problem, "URL"))
                .collect(),
        )
    })
}
