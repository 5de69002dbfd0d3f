use secrecy::SecretString;

use super::Found;
use crate::env::{self, Env};
use crate::model::{Host, HostKind};

/// The token that the environment holds for a host.
///
/// `host_is_named` tells that the user or GitHub Actions named the host: an
/// Enterprise Server that only a checkout's remote names gets no token, since
/// anybody can write a remote. With `is_override`, `DEPLOYCTL_API_URL` gave the
/// address, which all of the environment's tokens are meant for.
pub fn environment_token(
    env: &Env,
    host: &Host,
    host_is_named: bool,
    is_override: bool,
) -> Option<Found> {
    const GITHUB: [&str; 2] = [env::GH_TOKEN, env::GITHUB_TOKEN];
    const ENTERPRISE: [&str; 2] = [env::GH_ENTERPRISE_TOKEN, env::GITHUB_ENTERPRISE_TOKEN];
    let is_enterprise = host.kind() == HostKind::Enterprise;
    if is_enterprise && !host_is_named && !is_override {
        return None;
    }
    let (own, other) = if is_enterprise {
        (ENTERPRISE, GITHUB)
    } else {
        (GITHUB, ENTERPRISE)
    };
    let mut names = vec![env::DEPLOYCTL_TOKEN];
    names.extend(own);
    if is_override {
        names.extend(other);
    } else if is_enterprise && env.in_actions() && is_actions_server(env, host) {
        names.push(env::GITHUB_TOKEN);
    }
    names.into_iter().find_map(|origin| {
        let token = env.get(origin)?.trim();
        (!token.is_empty()).then(|| Found {
            token: SecretString::from(token),
            origin,
        })
    })
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
        let host = host.parse().expect("a host");
        environment_token(&env, &host, is_named, is_override).map(|found| found.origin)
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
    fn a_token_is_never_shown() {
        let env = Env::from_pairs([(env::GH_TOKEN.to_owned(), "sesame".to_owned())]);
        let found = environment_token(&env, &Host::github(), false, false).expect("found");
        assert!(!format!("{found:?}").contains("sesame"));
    }
}
