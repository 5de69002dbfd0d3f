use secrecy::SecretString;

use super::{Found, Origin};
use crate::env::{self, Env};
use crate::model::{Host, HostKind, Server};

/// The token that the environment holds for a host: the first of
/// [`environment_tokens`].
pub(crate) fn environment_token(env: &Env, server: &Server) -> Option<Found> {
    environment_tokens(env, server).next()
}

/// Every token that the environment holds for a host, the one that is taken
/// first.
///
/// An Enterprise Server that only a checkout's remote names gets none, since
/// anybody can write a remote. An address that `DEPLOYCTL_API_URL` gives is
/// what all of the environment's tokens are meant for.
pub(crate) fn environment_tokens<'e>(
    env: &'e Env,
    server: &Server,
) -> impl Iterator<Item = Found> + use<'e> {
    let names = variables(env, server);
    names.into_iter().filter_map(|name| {
        let token = env.get(name)?.trim();
        (!token.is_empty()).then(|| Found {
            token: SecretString::from(token),
            origin: Origin::Variable(name),
        })
    })
}

/// The variables whose tokens a host may get, in their order.
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

/// In Actions on an Enterprise Server, `GITHUB_TOKEN` is that server's own.
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
            Origin::Variable(name) => Some(name),
            other => panic!("{other} is no variable"),
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
