use serde::Serialize;
use trtc_call::call_config::{get_callback, if_configured};

use crate::account::AccountArgs;
use crate::cloud_credential::CloudCredentialArgs;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::profile;
use crate::screen::Screen;
use crate::service;
use crate::sheet::Sheet;

/// Check whether a profile can be used: what it says, its key, and whether the service takes them
///
/// It asks the service where webhooks go, which changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name of the profile
    name: String,
    /// Do not ask the service
    #[arg(long)]
    offline: bool,
}

/// The result for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    profile: &'a str,
    sdk_app_id: u32,
    admin: String,
    /// Whether the service was asked, and took them.
    accepted: bool,
    /// Whether there is an access key of the cloud account.
    cloud: bool,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        profile::choose(Some(&self.name)).map_err(CommandError::Invalid)?;
        let cloud = CloudCredentialArgs::default();
        let cloud = cloud.is_given().then(|| cloud.read()).transpose();
        let (account, cloud) = match (AccountArgs::default().read(), cloud) {
            (Ok(account), Ok(cloud)) => (account, cloud),
            (account, cloud) => {
                let mut problems = account.err().unwrap_or_default();
                problems.extend(cloud.err().unwrap_or_default());
                return Err(CommandError::Invalid(problems));
            }
        };
        let document = Document {
            profile: &self.name,
            sdk_app_id: account.credentials.sdk_app_id.get(),
            admin: account.credentials.admin.to_string(),
            accepted: !self.offline,
            cloud: cloud.is_some(),
        };
        if !self.offline {
            let client = service::client(account)?;
            let request = get_callback::Request::new();
            let reply = service::runtime()?.block_on(client.send(&request));
            if_configured(reply).map_err(CommandError::service::<get_callback::Request>)?;
        }
        let sheet = Sheet::new(format_args!("Profile {} can be used", self.name))
            .row("SDKAppID", document.sdk_app_id)
            .row("admin", &document.admin)
            .row(
                "service",
                if document.accepted {
                    "takes them"
                } else {
                    "was not asked"
                },
            )
            .row_if(
                "cloud account",
                document.cloud.then_some("has an access key"),
            );
        screen.show(&sheet, &document)?;
        Ok(Exit::Ok)
    }
}
