//! What the URLs that people hand in have in common: `http` or `https`, and a host. By hand: the crate `url` normalises,
//! and what was checked must be what is sent.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{Problem, ProblemCode};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// What is wrong with a URL, whatever the URL is for.
#[derive(Debug)]
pub(crate) struct Flaw {
    code: ProblemCode,
    rule: String,
    fix: &'static str,
    found: Option<char>,
}

impl Flaw {
    pub(crate) fn new(code: ProblemCode, rule: impl Into<String>, fix: &'static str) -> Flaw {
        Flaw {
            code,
            rule: rule.into(),
            fix,
            found: None,
        }
    }

    /// That a character may not stand there.
    pub(crate) fn character(found: char, rule: impl Into<String>, fix: &'static str) -> Flaw {
        Flaw {
            found: Some(found),
            ..Flaw::new(ProblemCode::WrongCharacter, rule, fix)
        }
    }

    /// The flaw as a problem of that field.
    pub(crate) fn of(self, field: &str) -> Problem {
        let problem = Problem::new(field, self.rule, self.fix).coded(self.code);
        match self.found {
            Some(found) => problem.with("found", found.to_string()),
            None => problem,
        }
    }
}

/// The scheme, and what comes behind `://`.
pub(crate) fn split_scheme(url: &str) -> Result<(Scheme, &str), Flaw> {
    let split = |prefix: &str| {
        let (scheme, rest) = url.split_at_checked(prefix.len())?;
        scheme.eq_ignore_ascii_case(prefix).then_some(rest)
    };
    if let Some(rest) = split("https://") {
        Ok((Scheme::Https, rest))
    } else if let Some(rest) = split("http://") {
        Ok((Scheme::Http, rest))
    } else {
        Err(Flaw::new(
            ProblemCode::UrlScheme,
            "must begin with https:// or http://",
            "write the whole URL",
        ))
    }
}

/// What stands before and behind the first `://`, where a scheme is followed by it.
pub(crate) fn split_any_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// The first character that is no printable ASCII, or that is `refused`.
pub(crate) fn first_stranger(text: &str, refused: &[u8]) -> Option<char> {
    text.chars().find(|character| {
        let byte = u8::try_from(*character);
        !byte.is_ok_and(|byte| byte.is_ascii_graphic() && !refused.contains(&byte))
    })
}

/// The host of `host[:port]`, an IPv6 address without its brackets.
pub(crate) fn host(authority: &str) -> Result<&str, Flaw> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => match v6.split_once(']') {
            Some((host, "")) => (host, None),
            Some((host, port)) => (host, Some(port.strip_prefix(':').unwrap_or("not a port"))),
            None => ("", None),
        },
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let is_valid = if authority.starts_with('[') {
        host.parse::<Ipv6Addr>().is_ok()
    } else {
        host.split('.').all(is_label)
    };
    if !is_valid {
        return Err(Flaw::new(
            ProblemCode::UrlHost,
            "must name a host",
            "write it as https://host[:port][/path]",
        ));
    }
    if !port.is_none_or(is_port) {
        return Err(Flaw::new(
            ProblemCode::UrlPort,
            "the port must be from 1 to 65535, without zeros in front",
            "mend or leave out the port",
        ));
    }
    Ok(host)
}

/// HTTP clients send a port without the zeros that stand before it, so that another text would be signed.
fn is_port(port: &str) -> bool {
    let is_plain = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    is_plain && port.parse::<u16>().is_ok()
}

/// Whether the host is this machine itself.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
        || host
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && label
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
