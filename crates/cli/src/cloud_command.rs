use clap::Args;
use serde::Serialize;
use serde_json::json;
use trtc_call::{CloudEndpoint, Problem, Reply};

use crate::account::{PlainHttpRule, SdkAppIdArg};
use crate::cloud::CloudArgs;
use crate::command_error::CommandError;
use crate::dry_run;
use crate::exit::Exit;
use crate::extra::ExtraArgs;
use crate::screen::{Done, Screen};
use crate::service::Answer;
use crate::sheet::Sheet;
use crate::style::GOOD;

/// What every command takes that sends one request to the cloud API.
#[derive(Debug, Args)]
pub(crate) struct CloudCommandArgs {
    /// Print the request instead of sending it; needs no network
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    extra: ExtraArgs,
    #[command(flatten)]
    app: SdkAppIdArg,
    #[command(flatten)]
    cloud: CloudArgs,
    #[command(flatten)]
    plain_http: PlainHttpRule,
}

/// How the end of something is told, and that there was nothing to end.
pub(crate) struct Words {
    /// For programs.
    pub(crate) field: &'static str,
    pub(crate) ended: String,
    pub(crate) was_gone: String,
}

impl CloudCommandArgs {
    /// Sends a request, and shows the response. `done` is what the request did, if it did something.
    pub(crate) fn ask<E>(
        &self,
        screen: &Screen,
        request: Result<E, Vec<Problem>>,
        sheet: impl FnOnce(&E::Response) -> Sheet,
        done: Option<String>,
    ) -> Result<Exit, CommandError>
    where
        E: CloudEndpoint + Sync,
        E::Response: Serialize,
    {
        let Some(reply) = self.send(screen, request)? else {
            return Ok(Exit::Ok);
        };
        let (sheet, document) = (sheet(&reply.response), Answer::from(&reply));
        if let Some(done) = done {
            return Ok(screen.show_done(sheet, &document, Done::harmless(done)));
        }
        screen.show(sheet, &document)?;
        Ok(Exit::Ok)
    }

    /// Sends a request that ends something. Where there is nothing (any more), that is success.
    pub(crate) fn end<E: CloudEndpoint + Sync>(
        &self,
        screen: &Screen,
        request: Result<E, Vec<Problem>>,
        words: Words,
    ) -> Result<Exit, CommandError> {
        let (request_id, title) = match self.send(screen, request) {
            Ok(Some(reply)) => (Some(reply.request_id), words.ended),
            Err(failure) if failure.is_gone() => (None, words.was_gone),
            Ok(None) => return Ok(Exit::Ok),
            Err(failure) => return Err(failure),
        };
        let document = json!({ "requestId": request_id, words.field: request_id.is_some() });
        let sheet = Sheet::new(&title).styled(GOOD);
        Ok(screen.show_done(sheet, &document, Done::harmless(title)))
    }

    /// Sends a request; `None` where it was only shown.
    fn send<E: CloudEndpoint + Sync>(
        &self,
        screen: &Screen,
        request: Result<E, Vec<Problem>>,
    ) -> Result<Option<Reply<E::Response>>, CommandError> {
        let request = self
            .extra
            .add_to(screen, request, CloudEndpoint::with_extra);
        let (request, sdk_app_id, account) =
            match (request, self.app.read(), self.cloud.read(self.plain_http)) {
                (Ok(request), Ok(sdk_app_id), Ok(account)) => (request, sdk_app_id, account),
                (request, sdk_app_id, account) => {
                    let mut problems = request.err().unwrap_or_default();
                    problems.extend(sdk_app_id.err());
                    problems.extend(account.err().unwrap_or_default());
                    return Err(CommandError::Invalid(problems));
                }
            };
        if self.dry_run {
            dry_run::show(
                screen,
                &account.http_request(sdk_app_id, &request),
                request.extra_advice(),
            )?;
            return Ok(None);
        }
        account.send(sdk_app_id, &request).map(Some)
    }
}
