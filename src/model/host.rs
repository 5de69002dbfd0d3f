use std::fmt;
use std::str::FromStr;

use url::Url;

/// A GitHub server: its host name, with a port if it has one of its own.
///
/// Names are in lower case and compared exactly: a token of one host is never
/// used for another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host(String);

/// The kind of a server. It determines the URLs, and which of gh's token
/// variables apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// github.com.
    DotCom,
    /// A tenant of ghe.com (Enterprise Cloud with data residency).
    Tenant,
    /// A GitHub Enterprise Server.
    Enterprise,
    /// github.localhost: plain http on this machine.
    Localhost,
}

/// The URLs of a server's API and web pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The root of the REST API, without a slash at the end of its path.
    pub rest: Url,
    /// The GraphQL endpoint.
    pub graphql: Url,
    /// The root of the web pages.
    pub web: Url,
}

const GITHUB_COM: &str = "github.com";
const GITHUB_LOCALHOST: &str = "github.localhost";
const TENANT_SUFFIX: &str = ".ghe.com";

impl Host {
    /// github.com.
    pub fn github() -> Self {
        Self(GITHUB_COM.to_owned())
    }

    /// The name, with `:PORT` if it has one.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind of the server.
    pub fn kind(&self) -> HostKind {
        match self.0.as_str() {
            GITHUB_COM => HostKind::DotCom,
            GITHUB_LOCALHOST => HostKind::Localhost,
            name if name.ends_with(TENANT_SUFFIX) => HostKind::Tenant,
            _ => HostKind::Enterprise,
        }
    }

    /// The URLs of the server.
    pub fn endpoints(&self) -> Result<Endpoints, url::ParseError> {
        let host = &self.0;
        let (rest, graphql, web) = match self.kind() {
            HostKind::DotCom | HostKind::Tenant => (
                format!("https://api.{host}"),
                format!("https://api.{host}/graphql"),
                format!("https://{host}"),
            ),
            HostKind::Enterprise => (
                format!("https://{host}/api/v3"),
                format!("https://{host}/api/graphql"),
                format!("https://{host}"),
            ),
            HostKind::Localhost => (
                format!("http://api.{host}"),
                format!("http://api.{host}/graphql"),
                format!("http://{host}"),
            ),
        };
        Ok(Endpoints {
            rest: rest.parse()?,
            graphql: graphql.parse()?,
            web: web.parse()?,
        })
    }
}

impl Endpoints {
    /// The URLs of a server whose REST root is `rest`: GraphQL is at `/graphql`
    /// below it, or at `/api/graphql` if `rest` ends in `/api/v3`.
    pub fn from_rest(rest: &Url) -> Self {
        let mut rest = rest.clone();
        rest.set_query(None);
        rest.set_fragment(None);
        let path = rest.path().trim_end_matches('/').to_owned();
        rest.set_path(&path);
        let (graphql_path, web_path) = match path.strip_suffix("/api/v3") {
            Some(before) => (format!("{before}/api/graphql"), before.to_owned()),
            None => (format!("{path}/graphql"), path),
        };
        let mut graphql = rest.clone();
        graphql.set_path(&graphql_path);
        let mut web = rest.clone();
        web.set_path(&web_path);
        Self { rest, graphql, web }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Host {
    type Err = String;

    /// Parses `NAME` or `NAME:PORT`. Subdomains of github.com count as
    /// github.com, as in gh, and the API subdomain of other hosts counts as the
    /// host.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        let (name, port) = match lower.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (lower.as_str(), None),
        };
        let name_is_valid = !name.is_empty()
            && name.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            });
        let port_is_valid = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|p| p > 0));
        if !name_is_valid || !port_is_valid {
            return Err(format!(
                "{text:?} is not a host name such as github.com or github.example.com"
            ));
        }
        if name == GITHUB_COM || name.ends_with(".github.com") {
            return Ok(Self::github());
        }
        if name.ends_with(".github.localhost") {
            return Ok(Self(GITHUB_LOCALHOST.to_owned()));
        }
        if let Some(tenant) = name.strip_suffix(TENANT_SUFFIX) {
            let tenant = tenant.rsplit('.').next().unwrap_or(tenant);
            return Ok(Self(format!("{tenant}{TENANT_SUFFIX}")));
        }
        Ok(Self(lower))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Host {
        text.parse().expect("a host")
    }

    #[test]
    fn addresses_follow_the_kind_of_host() {
        for (name, rest, graphql) in [
            (
                "github.com",
                "https://api.github.com/",
                "https://api.github.com/graphql",
            ),
            (
                "WWW.GitHub.com",
                "https://api.github.com/",
                "https://api.github.com/graphql",
            ),
            (
                "acme.ghe.com",
                "https://api.acme.ghe.com/",
                "https://api.acme.ghe.com/graphql",
            ),
            (
                "api.acme.ghe.com",
                "https://api.acme.ghe.com/",
                "https://api.acme.ghe.com/graphql",
            ),
            (
                "git.example.com:8443",
                "https://git.example.com:8443/api/v3",
                "https://git.example.com:8443/api/graphql",
            ),
            (
                "github.localhost",
                "http://api.github.localhost/",
                "http://api.github.localhost/graphql",
            ),
        ] {
            let endpoints = host(name).endpoints().expect("addresses");
            assert_eq!(endpoints.rest.as_str(), rest, "{name}");
            assert_eq!(endpoints.graphql.as_str(), graphql, "{name}");
        }
    }

    #[test]
    fn graphql_stands_beside_a_given_rest_root() {
        for (rest, graphql) in [
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000/graphql"),
            ("http://127.0.0.1:4000/", "http://127.0.0.1:4000/graphql"),
            (
                "http://127.0.0.1:4000/api/v3/",
                "http://127.0.0.1:4000/api/graphql",
            ),
            (
                "https://proxy.example/gh",
                "https://proxy.example/gh/graphql",
            ),
        ] {
            let endpoints = Endpoints::from_rest(&rest.parse().expect("a URL"));
            assert_eq!(endpoints.graphql.as_str(), graphql, "{rest}");
        }
    }

    #[test]
    fn a_host_that_only_looks_like_github_is_not_github() {
        for name in ["notgithub.com", "github.com.evil.example", "github.co"] {
            assert_eq!(host(name).kind(), HostKind::Enterprise, "{name}");
        }
        assert_eq!(host("evil.example.ghe.com").as_str(), "example.ghe.com");
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            ".",
            "a..b",
            "-a.com",
            "a b",
            "host/",
            "user@host",
            "h:0",
            "h:x",
            "é.com",
        ] {
            assert!(text.parse::<Host>().is_err(), "{text:?}");
        }
    }
}
