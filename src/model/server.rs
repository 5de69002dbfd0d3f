use url::Url;

use super::{Endpoints, Host, HostKind};

/// A server, and how it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub host: Host,
    /// The addresses of its API, to which a token is sent.
    pub endpoints: Endpoints,
    /// Whether the user, or GitHub Actions, named the server. A server that is
    /// named only by a git remote gets no token from the environment.
    pub host_is_named: bool,
    /// Whether `DEPLOYCTL_API_URL` gave the address.
    pub is_override: bool,
}

impl Server {
    /// The name under which tokens for this address are stored: the host's
    /// name if the address is the host's own, otherwise the address
    /// (`127.0.0.1:4000`). `None` for an address that has no such name, and for
    /// one that only looks like a known host.
    pub(crate) fn site(&self) -> Option<Host> {
        let rest = &self.endpoints.rest;
        let is_address_of = |host: &Host| {
            host.endpoints()
                .is_ok_and(|own| own.rest.origin() == rest.origin())
        };
        if is_address_of(&self.host) {
            return Some(self.host.clone());
        }
        let authority = authority(rest)?;
        let host: Host = authority.parse().ok()?;
        let is_own_name = host.kind() == HostKind::Enterprise && host.as_str() == authority;
        (is_address_of(&host) || is_own_name).then_some(host)
    }
}

fn authority(url: &Url) -> Option<String> {
    let name = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(host: &str, rest: Option<&str>) -> Option<String> {
        let host: Host = host.parse().expect("a host");
        let endpoints = match rest {
            Some(rest) => Endpoints::from_rest(&rest.parse().expect("an address")),
            None => host.endpoints().expect("addresses"),
        };
        let server = Server {
            host,
            endpoints,
            host_is_named: false,
            is_override: rest.is_some(),
        };
        server.site().map(|site| site.as_str().to_owned())
    }

    #[test]
    fn a_hosts_own_address_is_the_hosts() {
        for host in [
            "github.com",
            "acme.ghe.com",
            "git.example.com:8443",
            "github.localhost",
        ] {
            assert_eq!(site(host, None).as_deref(), Some(host));
        }
        for (rest, host) in [
            ("https://api.github.com", "github.com"),
            ("https://api.acme.ghe.com", "acme.ghe.com"),
            ("https://git.example.com/api/v3", "git.example.com"),
        ] {
            assert_eq!(
                site("other.example", Some(rest)).as_deref(),
                Some(host),
                "{rest}"
            );
        }
    }

    #[test]
    fn another_address_has_a_name_of_its_own() {
        for (rest, name) in [
            ("http://127.0.0.1:4000", Some("127.0.0.1:4000")),
            ("https://proxy.example/gh", Some("proxy.example")),
            ("http://localhost:1/api/v3", Some("localhost:1")),
            ("http://[::1]:4000", None),
        ] {
            assert_eq!(site("github.com", Some(rest)).as_deref(), name, "{rest}");
        }
    }

    #[test]
    fn an_address_that_only_looks_like_github_has_no_stored_tokens() {
        for rest in [
            "https://github.com/api/v3",
            "https://uploads.github.com",
            "https://api.github.com:8443",
            "https://evil.acme.ghe.com",
            "http://api.github.localhost:81",
        ] {
            assert_eq!(site("github.com", Some(rest)), None, "{rest}");
        }
    }
}
