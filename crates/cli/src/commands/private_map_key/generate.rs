use serde::Serialize;
use trtc_call::private_map_key::{PrivateMapKey, Privileges};
use trtc_call::usersig::UserSigSigner;
use trtc_call::{RoomId, SdkAppId, UnixSeconds, UserId};

use crate::account::{AppArgs, UserIdRule};
use crate::command_error::CommandError;
use crate::duration;
use crate::exit::Exit;
use crate::moment::NowArg;
use crate::room::RoomArgs;
use crate::screen::Screen;

/// Make a PrivateMapKey, and print it alone
///
/// Whoever holds the token has those rights in that room, as that user, until it expires.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// User to make it for
    #[arg(long, value_name = "USER", allow_hyphen_values = true)]
    user: String,
    #[command(flatten)]
    room: RoomArgs,
    /// Rights, separated by commas: create-room, enter-room, send-audio, receive-audio, send-video,
    /// receive-video, send-substream, receive-substream, or all
    #[arg(long, value_name = "LIST", default_value = "all", value_parser = str::parse::<Privileges>)]
    privileges: Privileges,
    /// How long it is valid: seconds, or with a unit such as 2h or 180d
    #[arg(long, value_name = "DURATION", default_value = "180d", value_parser = duration::parse_seconds)]
    expire: u64,
    #[command(flatten)]
    now: NowArg,
    #[command(flatten)]
    user_ids: UserIdRule,
    #[command(flatten)]
    app: AppArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    private_map_key: &'a str,
    account: &'a UserId,
    sdk_app_id: SdkAppId,
    room: &'a RoomId,
    privileges: Privileges,
    time: UnixSeconds,
    expire: u64,
    expires_at: UnixSeconds,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let user = self
            .user_ids
            .check(&self.user)
            .map_err(|problem| problem.at("--user"));
        let room = self.room.required();
        let (user, room, sdk_app_id, secret_key) = match (
            user,
            room,
            self.app.sdk_app_id(),
            self.app.secret_key.read(),
        ) {
            (Ok(user), Ok(room), Ok(sdk_app_id), Ok(secret_key)) => {
                (user, room, sdk_app_id, secret_key)
            }
            (user, room, sdk_app_id, secret_key) => {
                let problems = [user.err(), room.err(), sdk_app_id.err(), secret_key.err()];
                return Err(CommandError::all(problems));
            }
        };
        let now = self.now.get();
        let token = PrivateMapKey::new(user.clone(), room.clone(), self.privileges)
            .map_err(|problem| CommandError::Invalid(vec![problem.at("--user")]))?
            .sign(
                &UserSigSigner::new(sdk_app_id, &secret_key),
                self.expire,
                now,
            );
        let document = Document {
            private_map_key: token.as_str(),
            account: &user,
            sdk_app_id,
            room: &room,
            privileges: self.privileges,
            time: now,
            expire: self.expire,
            expires_at: UnixSeconds(now.0.saturating_add(self.expire)),
        };
        screen.show(token.as_str(), &document)?;
        Ok(Exit::Ok)
    }
}
