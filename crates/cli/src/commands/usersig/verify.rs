use serde::Serialize;
use trtc_call::private_map_key::{self, NotAPrivateMapKey};
use trtc_call::usersig::{Claims, UserSigVerifier};

use crate::account::AppArgs;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::moment::NowArg;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::style::{BAD, GOOD};
use crate::token::TokenArg;

/// Check a UserSig, and tell why it is refused
///
/// Exits with 0 when it is valid and 1 when it is not.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    token: TokenArg,
    /// User whom it must be made for; any name is accepted
    #[arg(long, value_name = "USER", allow_hyphen_values = true)]
    user: String,
    #[command(flatten)]
    now: NowArg,
    #[command(flatten)]
    app: AppArgs,
}

/// The result for programs. Scripts rely on its form.
#[derive(Serialize)]
struct Verdict<'a> {
    valid: bool,
    /// Why not, as a stable string.
    reason: Option<&'static str>,
    /// Why not, in words.
    message: Option<String>,
    /// What the token says, where it could be read.
    claims: Option<&'a Claims>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let secret_key = self.app.secret_key.read_beside(&self.token.input());
        let verifier = match (self.app.sdk_app_id(), secret_key) {
            (Ok(sdk_app_id), Ok(secret_key)) => UserSigVerifier::new(sdk_app_id, &secret_key),
            (sdk_app_id, secret_key) => {
                return Err(CommandError::all([sdk_app_id.err(), secret_key.err()]));
            }
        };
        let token = self.token.read()?;
        let (claims, rejection) = match verifier.verify(&token, &self.user, self.now.get()) {
            Ok(claims) => (Some(claims), None),
            Err(rejection) => (rejection.claims().cloned(), Some(rejection)),
        };
        let document = Verdict {
            valid: rejection.is_none(),
            reason: rejection
                .as_ref()
                .map(|rejection| rejection.reason().code()),
            message: rejection.as_ref().map(ToString::to_string),
            claims: claims.as_ref(),
        };
        let title = match &rejection {
            Some(rejection) => Sheet::new(format_args!("Not valid: {rejection}")).styled(BAD),
            None => Sheet::new("Valid").styled(GOOD),
        };
        let sheet = match &claims {
            Some(claims) => super::sheet(title, claims),
            None => title,
        };
        screen.show(sheet, &document)?;
        if let Some(
            error @ (NotAPrivateMapKey::OtherUser { .. } | NotAPrivateMapKey::OtherApp { .. }),
        ) = claims.and_then(|claims| private_map_key::grant(&claims).err())
        {
            screen.warn(format_args!("as a PrivateMapKey, {error}"));
        }
        Ok(if rejection.is_none() {
            Exit::Ok
        } else {
            Exit::Refused
        })
    }
}
