use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};

use crate::http::host_of;
use crate::quoted::quoted;
use crate::url::{self, Flaw, Scheme};
use crate::{Problem, ProblemCode};

/// Where the REST API of an application lives (<https://trtc.io/document/34620>; the call engine's own page,
/// <https://trtc.io/document/68926>, lists all but Tokyo: it is the same gateway).
///
/// The region is the one chosen when the application was made; the others do not know its SDKAppID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// `console.tim.qq.com`
    China,
    /// `adminapisgp.im.qcloud.com`
    Singapore,
    /// `adminapikr.im.qcloud.com`
    Seoul,
    /// `adminapijpn.im.qcloud.com`
    Tokyo,
    /// `adminapiger.im.qcloud.com`
    Frankfurt,
    /// `adminapiusa.im.qcloud.com`
    SiliconValley,
    /// `adminapiidn.im.qcloud.com`
    Jakarta,
    /// A proxy, or a local server such as the emulator.
    Custom(BaseUrl),
}

impl Region {
    /// The vendor's seven regions.
    pub const VENDOR: [Region; 7] = [
        Region::China,
        Region::Singapore,
        Region::Seoul,
        Region::Tokyo,
        Region::Frankfurt,
        Region::SiliconValley,
        Region::Jakarta,
    ];

    /// The name this library uses: `china`, `singapore`, `seoul`, `tokyo`, `frankfurt`,
    /// `silicon-valley`, `jakarta`, or `custom`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Region::China => "china",
            Region::Singapore => "singapore",
            Region::Seoul => "seoul",
            Region::Tokyo => "tokyo",
            Region::Frankfurt => "frankfurt",
            Region::SiliconValley => "silicon-valley",
            Region::Jakarta => "jakarta",
            Region::Custom(_) => "custom",
        }
    }

    /// What comes before `/v4/…`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        match self {
            Region::China => "https://console.tim.qq.com",
            Region::Singapore => "https://adminapisgp.im.qcloud.com",
            Region::Seoul => "https://adminapikr.im.qcloud.com",
            Region::Tokyo => "https://adminapijpn.im.qcloud.com",
            Region::Frankfurt => "https://adminapiger.im.qcloud.com",
            Region::SiliconValley => "https://adminapiusa.im.qcloud.com",
            Region::Jakarta => "https://adminapiidn.im.qcloud.com",
            Region::Custom(url) => url.as_str(),
        }
    }

    /// The host of [`base_url`](Self::base_url), and the port where it is not the usual one.
    #[must_use]
    pub fn host(&self) -> &str {
        host_of(self.base_url())
    }

    /// The vendor's region that has this host, be it as its backup.
    pub(crate) fn with_host(host: &str) -> Option<Region> {
        let has_it = |region: &Region| region.host() == host;
        let mut all = Region::VENDOR.into_iter();
        all.find(|region| has_it(region) || region.backup().is_some_and(|backup| has_it(&backup)))
    }

    /// The same region by its backup host, which the vendor names for when the other cannot be reached
    /// (<https://trtc.io/document/34620>). A custom one has none.
    ///
    /// Turn to it only when certainly nothing was sent: the name was not found, or no connection was made.
    #[must_use]
    pub fn backup(&self) -> Option<Region> {
        let url = match self {
            Region::China => "https://adminapi.my-imcloud.com",
            Region::Singapore => "https://adminapisgp.my-imcloud.com",
            Region::Seoul => "https://adminapikr.my-imcloud.com",
            Region::Tokyo => "https://adminapijpn.my-imcloud.com",
            Region::Frankfurt => "https://adminapiger.my-imcloud.com",
            Region::SiliconValley => "https://adminapiusa.my-imcloud.com",
            Region::Jakarta => "https://adminapiidn.my-imcloud.com",
            Region::Custom(_) => return None,
        };
        Some(Region::Custom(BaseUrl(url.to_owned())))
    }
}

/// The name, or the URL of a custom one.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Region::Custom(url) => url.fmt(f),
            named => f.write_str(named.name()),
        }
    }
}

/// As it is displayed.
impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A name, or a base URL, which [`BaseUrl::new`] checks.
impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
        let text = String::deserialize(deserializer)?;
        let region = if text.contains("://") {
            BaseUrl::new(&text).map(Region::Custom)
        } else {
            text.parse()
        };
        region.map_err(D::Error::custom)
    }
}

/// One of the seven names, in any case, with `-`, `_` or a space between words.
impl FromStr for Region {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Region, Problem> {
        let is_named_so = |region: &Region| {
            let wanted = text.bytes().map(|byte| match byte {
                b'_' | b' ' => b'-',
                other => other.to_ascii_lowercase(),
            });
            region.name().bytes().eq(wanted)
        };
        for region in Region::VENDOR {
            if is_named_so(&region) {
                return Ok(region);
            }
        }
        let names = "china, singapore, seoul, tokyo, frankfurt, silicon-valley, jakarta";
        Err(Problem::new(
            "region",
            format!("{} is not a region", quoted(text)),
            format!("use one of {names}, or a base URL"),
        )
        .coded(ProblemCode::NotAChoice)
        .with("choices", names))
    }
}

impl From<BaseUrl> for Region {
    fn from(url: BaseUrl) -> Region {
        Region::Custom(url)
    }
}

/// The start of a URL that requests are sent to: scheme, host, and where needed port and path.
///
/// A UserSig travels in the URL's query, so plain `http` is accepted only for this machine itself
/// (`localhost`, 127.0.0.0/8, `[::1]`), or elsewhere when asked for by name
/// ([`BaseUrl::plain_http`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// An `https` URL, or an `http` URL of this machine itself.
    ///
    /// # Errors
    /// If it is another `http` URL, has another scheme, a user, a query or a fragment, or is no URL.
    pub fn new(url: &str) -> Result<BaseUrl, Problem> {
        let (scheme, host) = check(url)?;
        if scheme == Scheme::Http && !url::is_loopback(host) {
            return Err(problem(Flaw::new(
                ProblemCode::PlainHttp,
                "plain http would send the UserSig in clear text",
                "use https, or ask for it by name: `plain_http`",
            )));
        }
        Ok(BaseUrl(url.trim_end_matches('/').to_owned()))
    }

    /// An `http` or `https` URL of any host. **Everyone on the way reads the UserSig of an `http`
    /// request**: for networks that you trust altogether.
    ///
    /// # Errors
    /// If it has another scheme, a user, a query or a fragment, or is no URL.
    pub fn plain_http(url: &str) -> Result<BaseUrl, Problem> {
        check(url)?;
        Ok(BaseUrl(url.trim_end_matches('/').to_owned()))
    }

    /// The URL, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether requests travel in clear text.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        !self
            .0
            .get(..8)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }
}

/// The scheme and the host (an IPv6 address without its brackets) of a well-formed base URL.
fn check(url: &str) -> Result<(Scheme, &str), Problem> {
    let (scheme, rest) = url::split_scheme(url).map_err(problem)?;
    if let Some(bad) = url::first_stranger(rest, b"?#@\\\"<>^`{|}") {
        return Err(problem(Flaw::character(
            bad,
            format!(
                "may hold a host, a port and a path only, not {}",
                quoted(bad.encode_utf8(&mut [0; 4]))
            ),
            "leave out user, query and fragment",
        )));
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let host = url::host(authority).map_err(problem)?;
    Ok((scheme, host))
}

fn problem(flaw: Flaw) -> Problem {
    flaw.of("base_url")
}

impl FromStr for BaseUrl {
    type Err = Problem;

    fn from_str(url: &str) -> Result<BaseUrl, Problem> {
        BaseUrl::new(url)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_found_by_its_name() {
        for region in Region::VENDOR {
            assert_eq!(region.name().parse::<Region>().unwrap(), region);
            let problem = "mars".parse::<Region>().unwrap_err();
            assert!(problem.fix.contains(region.name()), "{problem}");
        }
        assert_eq!(
            "Silicon Valley".parse::<Region>().unwrap(),
            Region::SiliconValley
        );
    }

    #[test]
    fn every_region_of_the_vendors_has_a_backup_host_of_its_own() {
        for region in Region::VENDOR {
            let backup = region.backup().unwrap();
            let url = backup.base_url();
            assert!(url.ends_with(".my-imcloud.com"), "{url}");
            // The same word for the region in both, but for China's.
            let word = |url: &str| url.split('.').next().unwrap().to_owned();
            if region != Region::China {
                assert_eq!(word(url), word(region.base_url()));
            }
            assert_eq!(BaseUrl::new(url).unwrap().as_str(), url);
            assert_eq!(backup.backup(), None);
        }
    }

    #[test]
    fn plain_http_needs_loopback_or_its_own_name() {
        for url in [
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:9",
            "HTTP://127.9.9.9/x/",
        ] {
            assert!(BaseUrl::new(url).is_ok(), "{url}");
        }
        for url in [
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.evil",
        ] {
            assert!(
                BaseUrl::new(url).unwrap_err().rule.contains("clear text"),
                "{url}"
            );
            assert!(BaseUrl::plain_http(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn only_scheme_host_port_and_path_are_taken() {
        assert_eq!(
            BaseUrl::new("https://a.example/x/").unwrap().as_str(),
            "https://a.example/x"
        );
        for url in [
            "",
            "ftp://a",
            "https://",
            "https:///x",
            "https://u@a",
            "https://a?b",
            "https://a#b",
            "https://a:0",
            "https://a:65536",
            "https://a:x",
            "https://[::1",
            "https://[::1]x",
            "https://a b",
            "https://a..b",
            "http://127.0.0.1@evil.example",
            "https://例え.jp",
        ] {
            assert!(BaseUrl::new(url).is_err(), "{url}");
            assert!(BaseUrl::plain_http(url).is_err(), "{url}");
        }
    }
}
