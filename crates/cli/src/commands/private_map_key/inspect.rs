use serde_json::json;
use trtc_call::UnixSeconds;
use trtc_call::private_map_key::{self, Grant};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::moment::Utc;
use crate::room::ShownRoom;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::style::BAD;
use crate::token::TokenArg;

/// Tell what rights a PrivateMapKey grants, without checking its signature
///
/// Needs no key. `usersig verify` checks the signature: a PrivateMapKey is a UserSig too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    token: TokenArg,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let token = self.token.read()?;
        let (sheet, document, exit) = match private_map_key::inspect(&token) {
            Ok(inspected) => (
                sheet(&inspected.grant),
                json!({
                    "readable": true,
                    "reason": null,
                    "message": null,
                    "claims": inspected.claims,
                    "grant": inspected.grant,
                }),
                Exit::Ok,
            ),
            Err(error) => (
                Sheet::new(&error).styled(BAD),
                json!({
                    "readable": false,
                    "reason": error.code(),
                    "message": error.to_string(),
                    "claims": null,
                    "grant": null,
                }),
                Exit::Refused,
            ),
        };
        screen.show(sheet, &document)?;
        Ok(exit)
    }
}

fn sheet(grant: &Grant) -> Sheet {
    Sheet::new("A PrivateMapKey; its signature was not checked")
        .row("user", &grant.account)
        .row("SDKAppID", grant.sdk_app_id)
        .row("room", ShownRoom(&grant.room))
        .row("privileges", grant.privileges)
        .row("expires", Utc(UnixSeconds(grant.expires_at.into())))
        .row("account type", grant.account_type)
}
