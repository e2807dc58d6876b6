use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

use serde::Serialize;
use trtc_call::Problem;
use trtc_call::tc3::{Parts, Stages, Tc3Signer};

use crate::cloud_credential::CloudCredentialArgs;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::input::Input;
use crate::moment::NowArg;
use crate::screen::Screen;
use crate::style::TITLE;

/// Sign a request to the cloud API, and print the headers to send with it
///
/// The body is signed byte for byte, a line break at its end included. The headers hold for 5 minutes; the
/// token of a temporary access key goes with them, and is not printed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File that holds the request's body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    body: OsString,
    /// Action, such as StartStreamIngest
    #[arg(long, value_name = "NAME")]
    action: String,
    /// Host that the request goes to, with its port unless it is 443
    #[arg(long, value_name = "HOST", default_value = "trtc.tencentcloudapi.com")]
    host: String,
    /// Region that acts on it
    #[arg(long, value_name = "NAME", default_value = "ap-guangzhou")]
    region: String,
    /// Service of the cloud API
    #[arg(long, value_name = "NAME", default_value = Parts::DEFAULT_SERVICE)]
    service: String,
    /// Version of the service's API
    #[arg(long, value_name = "DATE", default_value = Parts::DEFAULT_VERSION)]
    api_version: String,
    /// Print every text on the way to the signature instead, to compare with another tool's
    #[arg(long)]
    stages: bool,
    #[command(flatten)]
    now: NowArg,
    #[command(flatten)]
    credential: CloudCredentialArgs,
}

/// The result for programs.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    stages: &'a Stages,
    headers: BTreeMap<&'static str, String>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let body = Input::from(self.body.as_os_str());
        let parts = self.parts(b"").err();
        let credential = match (parts, self.credential.read_beside(&body)) {
            (None, Ok(credential)) => credential,
            (problem, credential) => {
                let mut problems: Vec<Problem> = problem.into_iter().collect();
                problems.extend(credential.err().unwrap_or_default());
                return Err(CommandError::Invalid(problems));
            }
        };
        let unreadable = |error| CommandError::file("the body cannot be read", error);
        let body = body.read().map_err(unreadable)?;
        let parts = self
            .parts(&body)
            .map_err(|problem| CommandError::Invalid(vec![problem]))?;
        let (signer, now) = (Tc3Signer::new(credential), self.now.get());
        let (stages, signed) = (signer.stages(&parts, now), signer.sign(&parts, now));
        // Everybody who may see the signature may use it for 5 minutes, the token for hours.
        let is_shown = |(name, _): &(&str, String)| *name != "x-tc-token";
        let host = ("host", parts.host());
        let headers = signed.headers.into_iter().filter(is_shown);
        let headers = headers.chain([host]).collect();
        let document = Document {
            stages: &stages,
            headers,
        };
        if self.stages {
            screen.show(ShownStages(&stages), &document)?;
        } else {
            screen.show(ShownHeaders(&document.headers), &document)?;
        }
        if signer.credential().expose_token().is_some() {
            screen.note("send the token too, as X-TC-Token; it is not printed");
        }
        Ok(Exit::Ok)
    }

    fn parts<'a>(&'a self, body: &'a [u8]) -> Result<Parts<'a>, Problem> {
        Parts::new(&self.host, &self.action, body)
            .and_then(|parts| parts.region(&self.region))
            .and_then(|parts| parts.service(&self.service, &self.api_version))
            .map_err(|problem| {
                let option = match problem.field.as_str() {
                    "version" => "--api-version".to_owned(),
                    field => format!("--{field}"),
                };
                problem.at(option)
            })
    }
}

/// As `curl -H @-` reads them.
struct ShownHeaders<'a>(&'a BTreeMap<&'static str, String>);

impl fmt::Display for ShownHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}{name}: {value}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

struct ShownStages<'a>(&'a Stages);

impl fmt::Display for ShownStages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stages {
            canonical_request,
            string_to_sign,
            signature,
            authorization,
            ..
        } = self.0;
        write!(
            f,
            "{TITLE}Canonical request{TITLE:#}\n{canonical_request}\n\n"
        )?;
        write!(f, "{TITLE}String to sign{TITLE:#}\n{string_to_sign}\n\n")?;
        write!(f, "{TITLE}Signature{TITLE:#}\n{signature}\n\n")?;
        write!(f, "{TITLE}Authorization{TITLE:#}\n{authorization}")
    }
}
