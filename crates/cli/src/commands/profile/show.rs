use std::collections::BTreeMap;

use serde::Serialize;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::profile::{Profiles, shown_file};
use crate::screen::Screen;
use crate::sheet::Sheet;

/// Show what a profile says
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name of the profile
    name: String,
}

/// The result for programs.
#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    values: BTreeMap<&'static str, String>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let profiles = Profiles::read().map_err(|problem| CommandError::Invalid(vec![problem]))?;
        let profile = profiles.take("NAME", &self.name);
        let profile = profile.map_err(CommandError::Invalid)?;
        let values = profile.values().map(|(key, text)| {
            let is_file = key.ends_with("-file");
            let shown = is_file.then(|| shown_file(&profile, text).to_string_lossy().into_owned());
            (key, shown.unwrap_or_else(|| text.to_owned()))
        });
        let values: Vec<_> = values.collect();
        let sheet = Sheet::new(format_args!("Profile {}", self.name));
        let rows = values.iter();
        let sheet = rows.fold(sheet, |sheet, (key, text)| sheet.row(key, text));
        let document = Document {
            profile: &self.name,
            values: values.into_iter().collect(),
        };
        screen.show(&sheet, &document)?;
        Ok(Exit::Ok)
    }
}
