//! Profiles: accounts by name, in a file of the configuration folder. It never holds a key, but names files that do.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use etcetera::BaseStrategy as _;
use toml::Value;
use trtc_call::Problem;

use crate::input::{Input, without_mark};
use crate::setting::{Found, variable};

/// What a profile may hold: options, by their names.
const KEYS: [&str; 12] = [
    "sdkappid",
    "admin",
    "region",
    "base-url",
    "secret-key-file",
    "cloud-secret-id",
    "cloud-secret-key-file",
    "cloud-host",
    "cloud-base-url",
    "cloud-region",
    "ingest-room-coding",
    "token-file",
];

/// Of these, one takes the other's place.
const EITHER: [(&str, &str); 2] = [("region", "base-url"), ("cloud-host", "cloud-base-url")];

/// The one that this run goes by, if it was told to.
static CHOSEN: OnceLock<Profile> = OnceLock::new();

/// Has this run go by the profile that `--profile` names, or the variable.
pub(crate) fn choose(option: Option<&str>) -> Result<(), Vec<Problem>> {
    let (field, name) = match (option, variable("TRTC_PROFILE")) {
        (Some(name), _) => ("--profile", name.to_owned()),
        (None, Some(name)) => ("TRTC_PROFILE", name.to_string_lossy().into_owned()),
        (None, None) => return Ok(()),
    };
    let profile = Profiles::read()
        .map_err(|problem| vec![problem])?
        .take(field, &name)?;
    // Nobody chooses twice.
    let _ = CHOSEN.set(profile);
    Ok(())
}

/// What the chosen profile has in place of an option.
pub(crate) fn value(option: &str) -> Option<Found> {
    let profile = CHOSEN.get()?;
    let key = option.strip_prefix("--")?;
    Some(Found {
        field: profile.field(key),
        text: profile.values.get(key)?.clone(),
    })
}

/// The file that the chosen profile names in place of an option, and what to call it.
pub(crate) fn file(option: &str) -> Option<(String, PathBuf)> {
    let Found { field, text } = value(option)?;
    Some((field, CHOSEN.get()?.folder.join(text)))
}

/// An account by name.
#[derive(Debug)]
pub(crate) struct Profile {
    name: String,
    /// Relative paths start here.
    folder: PathBuf,
    values: BTreeMap<&'static str, String>,
}

impl Profile {
    /// What it says, in the order of the command's help.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = KEYS.into_iter();
        values.filter_map(|key| Some((key, self.values.get(key)?.as_str())))
    }

    fn field(&self, key: &str) -> String {
        format!("profile {}: {key}", self.name)
    }
}

/// The file of profiles, as it is.
pub(crate) struct Profiles {
    pub(crate) file: PathBuf,
    tables: toml::Table,
}

impl Profiles {
    /// Reads the file. None is there: that is one without profiles.
    pub(crate) fn read() -> Result<Profiles, Problem> {
        let file = file_of_profiles()?;
        let wrong = |rule: String| Problem::new(file.to_string_lossy(), rule, FORM);
        if !file.exists() {
            let tables = toml::Table::new();
            return Ok(Profiles { file, tables });
        }
        let bytes = Input::File(file.clone()).read();
        let bytes = bytes.map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let text = str::from_utf8(without_mark(&bytes));
        let text = text.map_err(|_| wrong("is not UTF-8".to_owned()))?;
        // Its own words would show the line, in which a key may stand.
        let tables = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            wrong(format!("is no TOML at line {line}"))
        })?;
        Ok(Profiles { file, tables })
    }

    /// The names of all.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// The profile that `field` names, or all that is wrong with it.
    pub(crate) fn take(&self, field: &str, name: &str) -> Result<Profile, Vec<Problem>> {
        let Some(table) = self.tables.get(name) else {
            return Err(vec![self.no_such(field)]);
        };
        let folder = self.file.parent().unwrap_or(Path::new("")).to_owned();
        let mut profile = Profile {
            name: name.to_owned(),
            folder,
            values: BTreeMap::new(),
        };
        let Value::Table(table) = table else {
            let rule = "must be a table";
            return Err(vec![Problem::new(format!("profile {name}"), rule, FORM)]);
        };
        let mut problems = Vec::new();
        for (key, value) in table {
            let wrong = |rule: &str, fix: &str| Problem::new(profile.field(key), rule, fix);
            let Some(known) = KEYS.into_iter().find(|known| known == key) else {
                problems.push(wrong("is no property of a profile", &not_here(key)));
                continue;
            };
            let text = match value {
                Value::String(text) if !text.is_empty() => text.clone(),
                Value::Integer(number) if known == "sdkappid" => number.to_string(),
                _ => {
                    problems.push(wrong("must be text in quotation marks", FORM));
                    continue;
                }
            };
            profile.values.insert(known, text);
        }
        for (one, other) in EITHER {
            if profile.values.contains_key(one) && profile.values.contains_key(other) {
                let rule = format!("takes the place of {one}");
                problems.push(Problem::new(
                    profile.field(other),
                    rule,
                    "keep one of the two",
                ));
            }
        }
        if problems.is_empty() {
            Ok(profile)
        } else {
            Err(problems)
        }
    }

    fn no_such(&self, field: &str) -> Problem {
        let file = self.file.display();
        let names: Vec<_> = self.names().collect();
        let fix = if names.is_empty() {
            format!("add it to {file}; {FORM}")
        } else {
            format!(
                "add it to {file}, or name one of these: {}",
                names.join(", ")
            )
        };
        Problem::new(field, "names a profile that is not there", fix)
    }
}

const FORM: &str = "`trtc-call profile --help` shows what it should look like";

/// A key that somebody wrote down is the likeliest reason.
fn not_here(key: &str) -> String {
    let file = format!("{}-file", key.replace('_', "-"));
    if KEYS.contains(&file.as_str()) {
        return format!(
            "no key stands in a profile: put it into a file of its own, and name that by {file}"
        );
    }
    format!("a profile has {}", KEYS.join(", "))
}

/// `trtc-call/profiles.toml` in the platform's configuration folder.
fn file_of_profiles() -> Result<PathBuf, Problem> {
    let strategy = etcetera::choose_base_strategy().map_err(|error| {
        let rule = format!("cannot be found: {error}");
        Problem::new("the configuration folder", rule, "set HOME")
    })?;
    Ok(strategy
        .config_dir()
        .join("trtc-call")
        .join("profiles.toml"))
}

/// What stands there in place of the name of a file: nothing that could be a key.
pub(crate) fn shown_file(profile: &Profile, name: &str) -> OsString {
    let path = profile.folder.join(name);
    if path.is_file() {
        path.into_os_string()
    } else {
        "(no such file)".into()
    }
}
