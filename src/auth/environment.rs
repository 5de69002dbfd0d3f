use secrecy::SecretString;

use super::{FoundToken, TokenOrigin};
use crate::env::{self, Env};
use crate::model::{Host, HostKind, Server};

/// The first of [`environment_tokens`].
pub(crate) fn environment_token(env: &Env, server: &Server) -> Option<FoundToken> {
    environment_tokens(env, server).next()
}

/// The tokens for a server in the environment, in order of precedence.
///
/// An Enterprise Server that only a git remote names gets none, because anyone
/// can write a remote. A server at `DEPLOYCTL_API_URL` gets any of them.
pub(crate) fn environment_tokens<'e>(
    env: &'e Env,
    server: &Server,
) -> impl Iterator<Item = FoundToken> + use<'e> {
    let names = variables(env, server);
    names.into_iter().filter_map(|name| {
        let token = env.get(name)?.trim();
        (!token.is_empty()).then(|| FoundToken {
            token: SecretString::from(token),
            origin: TokenOrigin::Variable(name),
        })
    })
}

/// The variables whose tokens the server may get, in order of precedence.
fn variables(env: &Env, server: &Server) -> Vec<&'static str> {
    const GITHUB: [&str; 2] = [env::GH_TOKEN, env::GITHUB_TOKEN];
    const ENTERPRISE: [&str; 2] = [env::GH_ENTERPRISE_TOKEN, env::GITHUB_ENTERPRISE_TOKEN];
    let is_enterprise = server.host.kind() == HostKind::Enterprise;
    if is_enterprise && !server.host_is_named && !server.is_override {
        return Vec::new();
    }
    let (own, other) = if is_enterprise {
        (ENTERPRISE, GITHUB)
    } else {
        (GITHUB, ENTERPRISE)
    };
    let mut names = vec![env::DEPLOYCTL_TOKEN];
    names.extend(own);
    if server.is_override {
        names.extend(other);
    } else if is_enterprise && env.in_actions() && is_actions_server(env, &server.host) {
        names.push(env::GITHUB_TOKEN);
    }
    names
}

/// In GitHub Actions on an Enterprise Server, `GITHUB_TOKEN` is for that
/// server.
fn is_actions_server(env: &Env, host: &Host) -> bool {
    env.get(env::GITHUB_SERVER_URL)
        .and_then(|url| url.split_once("://"))
        .is_some_and(|(_, rest)| {
            rest.trim_end_matches('/')
                .eq_ignore_ascii_case(host.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 5] = [
        env::DEPLOYCTL_TOKEN,
        env::GH_TOKEN,
        env::GITHUB_TOKEN,
        env::GH_ENTERPRISE_TOKEN,
        env::GITHUB_ENTERPRISE_TOKEN,
    ];

    fn origin(
        names: &[&str],
        host: &str,
        is_named: bool,
        is_override: bool,
    ) -> Option<&'static str> {
        let env = Env::from_pairs(
            names
                .iter()
                .map(|name| ((*name).to_owned(), "secret".to_owned())),
        );
        let host: Host = host.parse().expect("a host");
        let endpoints = host.endpoints().expect("addresses");
        let server = Server {
            host,
            endpoints,
            host_is_named: is_named,
            is_override,
        };
        match environment_token(&env, &server)?.origin {
            TokenOrigin::Variable(name) => Some(name),
            other => panic!("{other} is not a variable"),
        }
    }

    #[test]
    fn each_kind_of_host_has_its_variables() {
        for (host, named, names, expected) in [
            ("github.com", false, &ALL[..], Some(env::DEPLOYCTL_TOKEN)),
            ("github.com", false, &ALL[1..], Some(env::GH_TOKEN)),
            ("github.com", false, &ALL[2..], Some(env::GITHUB_TOKEN)),
            ("github.com", false, &ALL[3..], None),
            ("acme.ghe.com", false, &ALL[1..], Some(env::GH_TOKEN)),
            (
                "git.example.com",
                true,
                &ALL[1..],
                Some(env::GH_ENTERPRISE_TOKEN),
            ),
            (
                "git.example.com",
                true,
                &ALL[4..],
                Some(env::GITHUB_ENTERPRISE_TOKEN),
            ),
            ("git.example.com", true, &ALL[1..3], None),
        ] {
            assert_eq!(
                origin(names, host, named, false),
                expected,
                "{host} {names:?}"
            );
        }
    }

    #[test]
    fn a_server_that_only_a_remote_names_gets_nothing() {
        assert_eq!(origin(&ALL, "git.example.com", false, false), None);
    }

    #[test]
    fn an_address_of_the_users_gets_any_of_the_environments_tokens() {
        assert_eq!(
            origin(&ALL[3..], "github.com", false, true),
            Some(env::GH_ENTERPRISE_TOKEN)
        );
        assert_eq!(
            origin(&ALL[1..], "git.example.com", false, true),
            Some(env::GH_ENTERPRISE_TOKEN)
        );
    }

    #[test]
    fn in_actions_the_servers_own_token_is_taken_for_it_alone() {
        let env = Env::from_pairs(
            [
                (env::GITHUB_TOKEN, "secret"),
                (env::GITHUB_ACTIONS, "true"),
                (env::GITHUB_SERVER_URL, "https://git.example.com"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        for (host, found) in [("git.example.com", true), ("other.example.com", false)] {
            let host: Host = host.parse().expect("a host");
            let server = Server {
                endpoints: host.endpoints().expect("addresses"),
                host: host.clone(),
                host_is_named: true,
                is_override: false,
            };
            assert_eq!(environment_token(&env, &server).is_some(), found, "{host}");
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let env = Env::from_pairs([(env::GH_TOKEN.to_owned(), "sesame".to_owned())]);
        let host = Host::github();
        let server = Server {
            endpoints: host.endpoints().expect("addresses"),
            host: host.clone(),
            host_is_named: false,
            is_override: false,
        };
        let found = environment_token(&env, &server).expect("found");
        assert!(!format!("{found:?}").contains("sesame"));
    }
}
