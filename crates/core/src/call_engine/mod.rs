//! `call_engine_http_srv`: start, watch and end calls.

pub mod end_call;
pub mod get_call_info;
pub mod start_call_by_robot;

use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::quoted::quoted;
use crate::wire::open_enum;
use crate::{Problem, ProblemCode};

const SERVICE: &str = "call_engine_http_srv";

open_enum! {
    /// What a call carries.
    MediaType {
        /// Sound only.
        Audio = "Audio",
        /// Sound and picture.
        Video = "Video",
    }
}

/// `Audio` or `Video`, in any case.
impl FromStr for MediaType {
    type Err = Problem;

    fn from_str(word: &str) -> Result<MediaType, Problem> {
        match MediaType::from(word) {
            MediaType::Unknown(word) => Err(Problem::new(
                "media_type",
                format!("must be Audio or Video, not {}", quoted(&word)),
                "choose one of the two",
            )
            .coded(ProblemCode::NotAChoice)
            .with("choices", "audio, video")),
            known => Ok(known),
        }
    }
}

/// By itself it is checked, as [`FromStr`] does. Within what the service reported, an unknown one is data.
impl<'de> Deserialize<'de> for MediaType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MediaType, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse().map_err(D::Error::custom)
    }
}
