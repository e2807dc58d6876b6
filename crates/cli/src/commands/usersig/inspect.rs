use serde_json::json;
use trtc_call::usersig;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::moment::NowArg;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::style::{BAD, WARNING};
use crate::token::TokenArg;

/// Tell what a UserSig says, without checking its signature
///
/// Needs no key. Anybody can make a token that says anything: `verify` checks it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    token: TokenArg,
    #[command(flatten)]
    now: NowArg,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let token = self.token.read()?;
        let (claims, rejection) = match usersig::inspect(&token) {
            Ok(claims) => (Some(claims), None),
            Err(rejection) => (rejection.claims().cloned(), Some(rejection)),
        };
        let expired = claims
            .as_ref()
            .map(|claims| self.now.get() >= claims.expires_at());
        let document = json!({
            "readable": rejection.is_none(),
            "reason": rejection.as_ref().map(|rejection| rejection.reason().code()),
            "message": rejection.as_ref().map(ToString::to_string),
            "expired": expired,
            "claims": claims,
        });
        let title = match &rejection {
            Some(rejection) => Sheet::new(rejection).styled(BAD),
            None if expired == Some(true) => {
                Sheet::new("An expired UserSig; its signature was not checked").styled(WARNING)
            }
            None => Sheet::new("A UserSig; its signature was not checked"),
        };
        let sheet = match &claims {
            Some(claims) => super::sheet(title, claims),
            None => title,
        };
        screen.show(sheet, &document)?;
        Ok(if rejection.is_none() {
            Exit::Ok
        } else {
            Exit::Refused
        })
    }
}
