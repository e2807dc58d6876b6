use std::fmt;
use std::str::FromStr;

use crate::url::split_any_scheme;
use crate::{BaseUrl, Problem, ProblemCode};

/// Where the cloud API lives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CloudHost {
    /// `trtc.tencentcloudapi.com`, for accounts of the mainland site.
    #[default]
    Mainland,
    /// `trtc.intl.tencentcloudapi.com`, for accounts of the international site.
    International,
    /// A proxy that passes the `Host` header on, or a local server such as the emulator. The body of
    /// `StartStreamIngest` holds a UserSig: plain `http` is for this machine itself, as [`BaseUrl`] says.
    Custom(BaseUrl),
}

impl CloudHost {
    /// The vendor's two sites.
    pub const VENDOR: [CloudHost; 2] = [CloudHost::Mainland, CloudHost::International];

    /// The name this library uses: `mainland`, `international` or `custom`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            CloudHost::Mainland => "mainland",
            CloudHost::International => "international",
            CloudHost::Custom(_) => "custom",
        }
    }

    /// Where requests go, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        match self {
            CloudHost::Mainland => "https://trtc.tencentcloudapi.com",
            CloudHost::International => "https://trtc.intl.tencentcloudapi.com",
            CloudHost::Custom(url) => url.as_str(),
        }
    }

    /// The `Host` header that HTTP clients send, which is signed: in lower case, without the port that
    /// the scheme implies.
    pub(crate) fn header(&self) -> String {
        let url = self.base_url().to_ascii_lowercase();
        let (scheme, rest) = split_any_scheme(&url).unwrap_or_default();
        let authority = rest.split('/').next().unwrap_or_default();
        let implied = if scheme == "https" { ":443" } else { ":80" };
        let host = authority.strip_suffix(implied).unwrap_or(authority);
        host.to_owned()
    }
}

/// `mainland` or `international`.
/// The name, or the URL of a custom one.
impl fmt::Display for CloudHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CloudHost::Custom(url) => url.fmt(f),
            named => f.write_str(named.name()),
        }
    }
}

impl FromStr for CloudHost {
    type Err = Problem;

    fn from_str(name: &str) -> Result<CloudHost, Problem> {
        match name {
            "mainland" => Ok(CloudHost::Mainland),
            "international" => Ok(CloudHost::International),
            _ => Err(Problem::new(
                "cloud_host",
                "must be mainland or international",
                "choose the site that the account was made on, or give a base URL",
            )
            .coded(ProblemCode::NotAChoice)
            .with("choices", "mainland, international")),
        }
    }
}

impl From<BaseUrl> for CloudHost {
    fn from(url: BaseUrl) -> CloudHost {
        CloudHost::Custom(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_host_is_the_one_that_http_clients_send() {
        assert_eq!(CloudHost::Mainland.header(), "trtc.tencentcloudapi.com");
        for (url, header) in [
            ("https://Proxy.Example/x", "proxy.example"),
            ("https://proxy.example:443", "proxy.example"),
            ("https://proxy.example:80", "proxy.example:80"),
            ("http://127.0.0.1:80", "127.0.0.1"),
            ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
            ("HTTP://localhost:443", "localhost:443"),
            ("http://[::1]:9", "[::1]:9"),
        ] {
            let host = CloudHost::from(BaseUrl::new(url).unwrap());
            assert_eq!(host.header(), header, "{url}");
        }
    }

    #[test]
    fn every_site_is_found_by_its_name() {
        for host in CloudHost::VENDOR {
            assert_eq!(host.name().parse::<CloudHost>().unwrap(), host);
        }
        assert_eq!(
            "china".parse::<CloudHost>().unwrap_err().field,
            "cloud_host"
        );
    }
}
