use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::Problem;
use crate::text_id::text_id;

/// The region that a request to the cloud API is for (`X-TC-Region`), such as `ap-guangzhou`.
///
/// New ones appear: every name of that form is taken, and the lists of published ones are advice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CloudRegion(String);

impl CloudRegion {
    /// The regions published for stream ingest on the mainland site.
    pub const KNOWN_MAINLAND: [&'static str; 5] = [
        "ap-beijing",
        "ap-chongqing",
        "ap-guangzhou",
        "ap-shanghai",
        "ap-singapore",
    ];

    /// The regions published for stream ingest on the international site.
    pub const KNOWN_INTERNATIONAL: [&'static str; 6] = [
        "ap-bangkok",
        "ap-guangzhou",
        "ap-jakarta",
        "ap-mumbai",
        "ap-singapore",
        "ap-tokyo",
    ];

    /// Takes a region's name.
    ///
    /// # Errors
    /// If it is not letters, a hyphen, and letters, digits and hyphens, all in lower case.
    pub fn new(name: impl Into<String>) -> Result<CloudRegion, Problem> {
        let name = name.into();
        let is_region = name.len() <= 64
            && name.split_once('-').is_some_and(|(area, city)| {
                !area.is_empty()
                    && area.bytes().all(|byte| byte.is_ascii_lowercase())
                    && !city.is_empty()
                    && city.bytes().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
                    })
            });
        if is_region {
            return Ok(CloudRegion(name));
        }
        Err(Problem::new(
            "cloud_region",
            "must be an area and a city in lower case, with a hyphen between",
            "write it as in ap-guangzhou or ap-singapore",
        ))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_id!(CloudRegion);

/// `ap-singapore`: the one of the published regions that rooms and ingest have on both sites.
impl Default for CloudRegion {
    fn default() -> CloudRegion {
        CloudRegion("ap-singapore".to_owned())
    }
}

impl FromStr for CloudRegion {
    type Err = Problem;

    fn from_str(name: &str) -> Result<CloudRegion, Problem> {
        CloudRegion::new(name)
    }
}

impl fmt::Display for CloudRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_form_is_a_region() {
        let known = CloudRegion::KNOWN_MAINLAND.into_iter();
        for name in known.chain(CloudRegion::KNOWN_INTERNATIONAL).chain([
            "ap-shanghai-fsi",
            "na-2",
            CloudRegion::default().as_str(),
        ]) {
            assert!(CloudRegion::new(name).is_ok(), "{name}");
        }
        for name in [
            "", "ap", "ap-", "-x", "AP-x", "ap-X", "ap x", "ap-x\n", "a1-x",
        ] {
            let problem = CloudRegion::new(name).unwrap_err();
            assert_eq!(problem.field, "cloud_region", "{name:?}");
        }
    }
}
