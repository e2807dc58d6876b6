use serde::Serialize;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::profile::Profiles;
use crate::screen::Screen;
use crate::sheet::Sheet;

/// List the profiles that there are
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// The result for programs.
#[derive(Serialize)]
struct Document<'a> {
    file: String,
    profiles: Vec<&'a str>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let profiles = Profiles::read().map_err(|problem| CommandError::Invalid(vec![problem]))?;
        let document = Document {
            file: profiles.file.display().to_string(),
            profiles: profiles.names().collect(),
        };
        let title = if document.profiles.is_empty() {
            format!("No profiles in {}", document.file)
        } else {
            format!("Profiles in {}", document.file)
        };
        let sheet = Sheet::new(title);
        let sheet = document.profiles.iter().fold(sheet, |sheet, name| {
            let read = profiles.take("", name);
            let account = match &read {
                Ok(profile) => {
                    let values = profile.values();
                    let mut values = values.filter(|(key, _)| *key == "sdkappid");
                    values.next().map_or("", |(_, text)| text)
                }
                Err(_) => "cannot be used; `trtc-call profile check` says why",
            };
            sheet.row(name, account)
        });
        screen.show(&sheet, &document)?;
        Ok(Exit::Ok)
    }
}
