//! What an option, a profile or a variable of the environment gives. The first of them wins, and an empty variable
//! counts as unset.

use std::ffi::OsString;
use std::str::FromStr;

use trtc_call::Problem;

use crate::profile;

/// Something that an option gives, the profile's value of that name, or a variable of the environment.
pub(crate) struct Setting {
    pub(crate) option: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) meaning: &'static str,
}

/// A value that no option gave, and what gave it.
pub(crate) struct Found {
    pub(crate) field: String,
    pub(crate) text: String,
}

impl Setting {
    pub(crate) fn read<T>(
        &self,
        given: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if let Some(value) = given {
            return parse(value).map_err(|problem| problem.at(self.option));
        }
        match self.found()? {
            Some(Found { field, text }) => parse(&text).map_err(|problem| problem.at(field)),
            None => Err(self.missing()),
        }
    }

    /// The value, or its default where nothing gives one.
    pub(crate) fn read_or_default<T: Default + FromStr<Err = Problem>>(
        &self,
        given: Option<&str>,
    ) -> Result<T, Problem> {
        let found = self.read_if_given(given, str::parse)?;
        Ok(found.unwrap_or_default())
    }

    /// The value, if something gives it.
    pub(crate) fn read_if_given<T>(
        &self,
        given: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let is_given = self.is_given(given);
        is_given.then(|| self.read(given, parse)).transpose()
    }

    pub(crate) fn is_given(&self, given: Option<&str>) -> bool {
        given.is_some() || self.in_profile().is_some() || variable(self.variable).is_some()
    }

    /// Of settings that take each other's place, what the profile gives, or else the environment.
    pub(crate) fn first_of<const N: usize>(
        settings: [&Setting; N],
    ) -> Result<[Option<Found>; N], Problem> {
        let in_profile = settings.map(Setting::in_profile);
        if in_profile.iter().any(Option::is_some) {
            return Ok(in_profile);
        }
        let mut found = [const { None }; N];
        for (place, setting) in found.iter_mut().zip(settings) {
            *place = setting.in_environment()?;
        }
        Ok(found)
    }

    fn found(&self) -> Result<Option<Found>, Problem> {
        match self.in_profile() {
            Some(found) => Ok(Some(found)),
            None => self.in_environment(),
        }
    }

    fn in_profile(&self) -> Option<Found> {
        profile::value(self.option)
    }

    fn in_environment(&self) -> Result<Option<Found>, Problem> {
        let text = variable(self.variable).map(OsString::into_string);
        let text = text
            .transpose()
            .map_err(|_| Problem::new(self.variable, "is not UTF-8", "set it to text in UTF-8"))?;
        Ok(text.map(|text| Found {
            field: self.variable.to_owned(),
            text,
        }))
    }

    pub(crate) fn missing(&self) -> Problem {
        let Setting {
            option,
            variable,
            meaning,
        } = self;
        Problem::new(
            *option,
            "is missing",
            format!("give {option} or set {variable}: {meaning}"),
        )
    }
}

/// A variable of the environment, unless it is unset or empty.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
