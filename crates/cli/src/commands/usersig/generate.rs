use serde::Serialize;
use trtc_call::usersig::UserSigSigner;
use trtc_call::{SdkAppId, UnixSeconds, UserId};

use crate::account::{AppArgs, UserIdRule};
use crate::command_error::CommandError;
use crate::duration;
use crate::exit::Exit;
use crate::moment::NowArg;
use crate::screen::Screen;

/// Make a UserSig, and print it alone
///
/// Whoever holds the token acts as that user until it expires.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// User to make it for
    #[arg(long, value_name = "USER", allow_hyphen_values = true)]
    user: String,
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
    user_sig: &'a str,
    identifier: &'a UserId,
    sdk_app_id: SdkAppId,
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
        let (user, sdk_app_id, secret_key) =
            match (user, self.app.sdk_app_id(), self.app.secret_key.read()) {
                (Ok(user), Ok(sdk_app_id), Ok(secret_key)) => (user, sdk_app_id, secret_key),
                (user, sdk_app_id, secret_key) => {
                    return Err(CommandError::all([
                        user.err(),
                        sdk_app_id.err(),
                        secret_key.err(),
                    ]));
                }
            };
        if self.expire == 0 {
            screen.warn("--expire 0: the token has expired already, and will be refused");
        }
        let now = self.now.get();
        let token = UserSigSigner::new(sdk_app_id, &secret_key).sign(&user, self.expire, now);
        let document = Document {
            user_sig: token.as_str(),
            identifier: &user,
            sdk_app_id,
            time: now,
            expire: self.expire,
            expires_at: UnixSeconds(now.0.saturating_add(self.expire)),
        };
        screen.show(token.as_str(), &document)?;
        Ok(Exit::Ok)
    }
}
