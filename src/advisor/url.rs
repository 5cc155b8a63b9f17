//! Which addresses may be asked. The address is taken apart here and put together anew from its parts, so that no other reader of addresses,
//! with other habits, decides where the transcript goes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::AdvisorError;

/// Characters of a host shown in an error.
const SHOWN: usize = 80;

/// An address that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Each ends with `/v1`; to be tried in turn. On this machine they hold the numbers of the loopback and never a name: nobody is asked for the
    /// meaning of "localhost", so nobody can answer wrongly.
    pub bases: Vec<String>,
    /// Host and port as typed, to show.
    pub at: String,
    /// Whether it is another machine.
    pub remote: bool,
}

/// Reads an address as typed, without contacting anybody.
///
/// # Errors
/// It is none, or may not be asked.
pub(super) fn parse(url: &str, allow_remote: bool) -> Result<Address, AdvisorError> {
    let unclear = |reason| Err(AdvisorError::Unclear { reason });
    let url = url.trim();
    if !url.chars().all(|c| c.is_ascii_graphic()) {
        return unclear("a blank or a special character stands in it");
    }
    let Some((scheme, rest)) = url.split_once("://") else { return unclear("it does not begin with http://") };
    let https = scheme.eq_ignore_ascii_case("https");
    if !https && !scheme.eq_ignore_ascii_case("http") {
        return unclear("it does not begin with http://");
    }
    // each of these is read differently by different programs
    if rest.contains(['@', '\\', '?', '#', '%']) {
        return unclear("one of @ \\ ? # % stands in it; leave that part out");
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = host_and_port(authority)?;
    let local = loopback(host);
    let shown = || host.chars().take(SHOWN).collect::<String>();
    match (local.is_empty(), https) {
        // no authority gives certificates for this machine, so it could only fail later and less clearly
        (false, true) => return Err(AdvisorError::LocalHttps { host: shown() }),
        (true, _) if !allow_remote => return Err(AdvisorError::Elsewhere { host: shown() }),
        (true, false) => return Err(AdvisorError::Unprotected { host: shown() }),
        (true, true) if !is_host(host) => return unclear("the name of the machine holds a character that does not belong there"),
        (false, false) | (true, true) => {}
    }
    let Some(path) = path_before_v1(path) else { return unclear("the part after the machine's name is not plain") };
    let port = port.map(|p| format!(":{p}")).unwrap_or_default();
    let remote = local.is_empty();
    let bases = if remote {
        vec![format!("https://{host}{port}{path}/v1")]
    } else {
        local.iter().map(|ip| if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }).map(|ip| format!("http://{ip}{port}{path}/v1")).collect()
    };
    Ok(Address { bases, at: format!("{host}{port}"), remote })
}

/// A host of IPv6 keeps its brackets.
fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), AdvisorError> {
    let end = if authority.starts_with('[') { authority.find(']').map_or(0, |i| i + 1) } else { authority.find(':').unwrap_or(authority.len()) };
    let (host, port) = authority.split_at(end);
    if host.is_empty() {
        return Err(AdvisorError::Unclear { reason: "no machine is named in it" });
    }
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok((host, None)),
        // `parse` alone would take "+80"
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|p| p > 0) => Ok((host, digits.parse().ok())),
        _ => Err(AdvisorError::Unclear { reason: "the number after the colon is not one from 1 to 65535" }),
    }
}

/// The numbers of this machine that a host stands for; none if it is another machine, or only looks like this one. Rust reads numbers strictly:
/// "127.1", "0177.0.0.1" and "2130706433" are no addresses to it.
fn loopback(host: &str) -> Vec<IpAddr> {
    if host.eq_ignore_ascii_case("localhost") {
        return vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    }
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let ip = match bare {
        Some(bare) => bare.parse::<Ipv6Addr>().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().map(IpAddr::V4),
    };
    ip.into_iter().filter(IpAddr::is_loopback).collect()
}

/// Whether it may be the name or number of a machine at all.
fn is_host(host: &str) -> bool {
    if let Some(bare) = host.strip_prefix('[') {
        return bare.strip_suffix(']').is_some_and(|b| b.parse::<Ipv6Addr>().is_ok());
    }
    host.split('.').all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// The path without what is added again later: a slash, the name of the request, `/v1`.
fn path_before_v1(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/chat/completions").unwrap_or(path);
    let path = path.strip_suffix("/v1").unwrap_or(path);
    let plain =
        |part: &str| !part.is_empty() && part != "." && part != ".." && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    (path.is_empty() || path.split('/').skip(1).all(plain)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bases(url: &str) -> Vec<String> {
        parse(url, false).unwrap().bases
    }

    #[test]
    fn the_same_place_however_it_is_written() {
        for url in [
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/",
            "http://127.0.0.1:8080/v1",
            " HTTP://127.0.0.1:8080/v1/ ",
            "http://127.0.0.1:8080/v1/chat/completions",
        ] {
            assert_eq!(bases(url), ["http://127.0.0.1:8080/v1"], "{url}");
        }
        assert_eq!(bases("http://127.9.9.9/engines/v1"), ["http://127.9.9.9/engines/v1"]);
        assert_eq!(bases("http://[0:0::1]:81"), ["http://[::1]:81/v1"]);
        assert_eq!(bases("http://LocalHost:81"), ["http://127.0.0.1:81/v1", "http://[::1]:81/v1"]);
        assert_eq!(parse("http://localhost:81", true).map(|a| (a.at, a.remote)), Ok(("localhost:81".to_owned(), false)));
    }

    #[test]
    fn what_only_looks_like_this_machine() {
        for host in [
            "localhost.evil.example",
            "127.0.0.1.nip.io",
            "localhost.",
            "127.0.0.1.",
            "xlocalhost",
            "[::ffff:8.8.8.8]",
            "[::ffff:127.0.0.1]",
            "[::]",
            "0.0.0.0",
            "0",
            "127.1",
            "0177.0.0.1",
            "0x7f.0.0.1",
            "2130706433",
            "128.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "[fe80::1]",
            "[::1.evil]",
            "8.8.8.8",
            "example.org",
            "127.0.0.1,evil.example",
            "127.0.0.1;evil",
        ] {
            for tail in ["", ":8080", "/v1", ":8080/v1/"] {
                let refused = parse(&format!("http://{host}{tail}"), false).unwrap_err();
                assert_eq!(refused, AdvisorError::Elsewhere { host: host.to_owned() }, "{host}{tail}");
            }
            // allowed or not, nothing goes to it unprotected
            assert!(matches!(parse(&format!("http://{host}"), true), Err(AdvisorError::Unprotected { .. })), "{host}");
            assert!(matches!(parse(&format!("https://{host}"), false), Err(AdvisorError::Elsewhere { .. })), "{host}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for url in [
            "",
            "localhost:8080",
            "127.0.0.1",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "unix:///run/x",
            "http://",
            "http:///v1",
            "http://:80",
            "http://user@127.0.0.1",
            "http://127.0.0.1@evil.example",
            "http://127.0.0.1:80@evil.example",
            "http://evil.example\\@127.0.0.1",
            "http://127.0.0.1\\.evil.example",
            "http://127.0.0.1#@evil.example",
            "http://127.0.0.1?@evil.example",
            "http://127.0.0.1%2eevil.example",
            "http://[::1%25lo]",
            "http://[::1]evil.example",
            "http://[::1",
            "http://::1",
            "http://::1:80",
            "http://127.0.0.1:",
            "http://127.0.0.1:0",
            "http://127.0.0.1:65536",
            "http://127.0.0.1:+80",
            "http://127.0.0.1:80:90",
            "http://127.0.0.1:8o",
            "http://127.0.0.1:80.evil.example",
            "http://127.0.0.1/a b",
            "http://127.0.0.1\n.evil.example",
            "http://１２７.0.0.1x",
            "http://localhosť",
            "http://127。0.0.1",
            "http://127.0.0.1/../x",
            "http://127.0.0.1//evil.example",
            "http://127.0.0.1/v1;x",
        ] {
            for allow_remote in [false, true] {
                assert!(matches!(parse(url, allow_remote), Err(AdvisorError::Unclear { .. })), "{url:?}: {:?}", parse(url, allow_remote));
            }
        }
    }

    #[test]
    fn another_machine_only_when_allowed_and_protected() {
        let far = parse("https://models.example.org/v1", true).unwrap();
        assert_eq!((far.bases, far.at.as_str(), far.remote), (vec!["https://models.example.org/v1".to_owned()], "models.example.org", true));
        assert_eq!(parse("https://[2001:db8::1]:8443", true).unwrap().bases, ["https://[2001:db8::1]:8443/v1"]);
        assert!(matches!(parse("https://models.example.org", false), Err(AdvisorError::Elsewhere { .. })));
        assert!(matches!(parse("http://models.example.org", true), Err(AdvisorError::Unprotected { .. })));
        assert!(matches!(parse("https://localhost:8080", false), Err(AdvisorError::LocalHttps { .. })));
        assert!(matches!(parse("https://a..b", true), Err(AdvisorError::Unclear { .. })));
        assert!(matches!(parse("https://[::1.evil]", true), Err(AdvisorError::Unclear { .. })));
    }
}
