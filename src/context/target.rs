use std::thread;

use url::Url;

use super::ssh::repositories;
use super::{Git, GitError};
use crate::env::{self, Env};
use crate::model::{Endpoints, Host, ParseRepositoryError, RepoSlug, Repository, Server};

/// The repository that a command works on, and its server.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub slug: RepoSlug,
    pub server: Server,
}

/// The repository or its server is unknown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TargetError {
    /// An option or a variable is not a repository.
    #[error("{origin}: {error}")]
    Repository {
        /// The option or the variable.
        origin: &'static str,
        error: ParseRepositoryError,
    },
    #[error("{origin}: {error}")]
    Host { origin: &'static str, error: String },
    /// A variable is not a URL.
    #[error("{origin}: {text:?} is not an http or https address")]
    Address {
        origin: &'static str,
        /// The value.
        text: String,
    },
    /// Neither an option, the environment nor git names a repository.
    #[error("no repository is given, and the working directory names none: {reason}")]
    NoRepository {
        /// Why git names none.
        reason: String,
        /// Git's advice.
        advice: Vec<String>,
    },
}

enum RepositorySource {
    Named,
    Remote,
    Actions,
}

/// Finds the repository and its server: `-R`, then `DEPLOYCTL_REPO`, `GH_REPO`,
/// the git remotes in gh's order, and `GITHUB_REPOSITORY`.
///
/// `flag` is the value of `-R`. `git` is called only if neither `-R` nor a
/// variable names a repository.
pub(crate) fn resolve_target<'a>(
    env: &Env,
    flag: Option<&str>,
    git: impl FnOnce() -> Result<&'a Git, GitError>,
) -> Result<Target, TargetError> {
    let named_host = named_host(env)?;
    let (repository, origin) = find_repository(env, flag, named_host.as_ref(), git)?;
    let actions_host = actions_host(env);
    let by_name = match origin {
        RepositorySource::Named => repository.host.clone(),
        RepositorySource::Remote | RepositorySource::Actions => None,
    }
    .or(named_host);
    let host_is_named = by_name.is_some();
    let by_remote = || match origin {
        RepositorySource::Remote => repository.host.clone(),
        RepositorySource::Named | RepositorySource::Actions => None,
    };
    let host = by_name
        .or_else(by_remote)
        .or_else(|| actions_host.clone())
        .unwrap_or_else(|| default_host(env));
    let host_is_actions = actions_host.as_ref() == Some(&host);
    let overridden = address(env, env::DEPLOYCTL_API_URL)?;
    let is_override = overridden.is_some();
    let endpoints = match overridden {
        Some(rest) => Endpoints::from_rest(&rest),
        None => endpoints(env, &host, host_is_actions)?,
    };
    Ok(Target {
        slug: repository.slug,
        server: Server {
            host_is_named: host_is_named || host_is_actions || is_gh_host(env, &host),
            host,
            endpoints,
            is_override,
        },
    })
}

fn find_repository<'a>(
    env: &Env,
    flag: Option<&str>,
    named_host: Option<&Host>,
    git: impl FnOnce() -> Result<&'a Git, GitError>,
) -> Result<(Repository, RepositorySource), TargetError> {
    let variable = |name| env.get(name).map(|text| (name, text));
    let named = flag
        .map(|text| ("--repo", text))
        .or_else(|| variable(env::DEPLOYCTL_REPO))
        .or_else(|| variable(env::GH_REPO));
    let parse = |(origin, text): (&'static str, &str)| {
        text.parse::<Repository>()
            .map_err(|error| TargetError::Repository { origin, error })
    };
    if let Some(named) = named {
        return Ok((parse(named)?, RepositorySource::Named));
    }
    // In parallel: most of the time is spent starting git.
    let ask = |git: &'a Git| {
        thread::scope(|scope| {
            let base = scope.spawn(|| git.gh_resolved());
            (git.remotes(), base.join().unwrap_or_default())
        })
    };
    let mut advice = Vec::new();
    let reason = match git().map(|git| (git, ask(git))) {
        Ok((git, (Ok(remotes), base))) => {
            match choose_remote(&repositories(git, remotes), &base, named_host) {
                Some(repository) => return Ok((repository, RepositorySource::Remote)),
                None if remotes.is_empty() => "its git repository has no remote".to_owned(),
                None => "none of its git remotes is a repository on a server".to_owned(),
            }
        }
        Ok((_, (Err(error), _))) if error.is_no_repository() => {
            "it is not in a git repository".to_owned()
        }
        Ok((_, (Err(error), _))) | Err(error) => {
            advice.extend_from_slice(error.advice());
            error.to_string()
        }
    };
    match variable(env::GITHUB_REPOSITORY) {
        Some(named) => Ok((parse(named)?, RepositorySource::Actions)),
        None => Err(TargetError::NoRepository { reason, advice }),
    }
}

/// Chooses a remote in the same order as gh: the base that gh has stored, then
/// `upstream`, `github`, `origin`, then others. Remotes on the named host come
/// first.
fn choose_remote(
    repositories: &[(&str, Repository)],
    resolved: &[(String, String)],
    named_host: Option<&Host>,
) -> Option<Repository> {
    for (name, value) in resolved {
        let Some((_, repository)) = repositories.iter().find(|(remote, _)| remote == name) else {
            continue;
        };
        if value == "base" {
            return Some(repository.clone());
        }
        if let Ok(mut other) = value.parse::<Repository>() {
            other.host = other.host.or_else(|| repository.host.clone());
            return Some(other);
        }
    }
    let first = repositories.iter().min_by_key(|(name, repository)| {
        let elsewhere = named_host.is_some() && repository.host.as_ref() != named_host;
        let rank = ["upstream", "github", "origin"]
            .iter()
            .position(|known| known == name)
            .unwrap_or(usize::MAX);
        (elsewhere, rank)
    });
    first.map(|(_, repository)| repository.clone())
}

pub(super) fn named_host(env: &Env) -> Result<Option<Host>, TargetError> {
    for origin in [env::DEPLOYCTL_HOST, env::GH_HOST] {
        if let Some(text) = env.get(origin) {
            return text
                .parse()
                .map(Some)
                .map_err(|error| TargetError::Host { origin, error });
        }
    }
    Ok(None)
}

/// The host if nothing names one: github.com, or for an extension of gh that of its
/// only login.
pub(super) fn default_host(env: &Env) -> Host {
    let only = match env.gh_hosts() {
        [only] => only.parse().ok(),
        _ => None,
    };
    only.unwrap_or_else(Host::github)
}

/// Whether gh, which runs the program, has a login for the host.
pub(super) fn is_gh_host(env: &Env, host: &Host) -> bool {
    env.gh_hosts().iter().any(|known| known == host.as_str())
}

/// The server of the GitHub Actions run.
pub(super) fn actions_host(env: &Env) -> Option<Host> {
    let url = Url::parse(env.get(env::GITHUB_SERVER_URL)?).ok()?;
    let name = url.host_str()?;
    match url.port() {
        Some(port) => format!("{name}:{port}").parse().ok(),
        None => name.parse().ok(),
    }
}

pub(super) fn endpoints(
    env: &Env,
    host: &Host,
    host_is_actions: bool,
) -> Result<Endpoints, TargetError> {
    let nameless = env.get(env::GITHUB_SERVER_URL).is_none() && *host == Host::github();
    if (host_is_actions || nameless)
        && let Some(rest) = address(env, env::GITHUB_API_URL)?
    {
        let mut endpoints = Endpoints::from_rest(&rest);
        if let Some(graphql) = address(env, env::GITHUB_GRAPHQL_URL)? {
            endpoints.graphql = graphql;
        }
        if let Some(web) = address(env, env::GITHUB_SERVER_URL)? {
            endpoints.web = web;
        }
        return Ok(endpoints);
    }
    host.endpoints().map_err(|_| TargetError::Address {
        origin: "host",
        text: host.to_string(),
    })
}

pub(super) fn address(env: &Env, origin: &'static str) -> Result<Option<Url>, TargetError> {
    let Some(text) = env.get(origin) else {
        return Ok(None);
    };
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(Some(url)),
        _ => Err(TargetError::Address {
            origin,
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::remote_repository;

    fn env(pairs: &[(&str, &str)]) -> Env {
        Env::from_pairs(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
        )
    }

    #[test]
    fn an_extension_of_gh_works_on_the_hosts_of_its_logins() {
        let one = ["ghe.example.com"].as_slice();
        let two = ["github.com", "ghe.example.com"].as_slice();
        for (hosts, pairs, flag, host, named) in [
            (one, &[][..], "o/r", "ghe.example.com", true),
            (two, &[], "o/r", "github.com", true),
            (one, &[], "github.com/o/r", "github.com", true),
            (&[], &[], "o/r", "github.com", false),
            (one, &[("GH_HOST", "b.example")], "o/r", "b.example", true),
        ] {
            let hosts = hosts.iter().map(ToString::to_string).collect();
            let env = env(pairs).with_gh_hosts(hosts);
            let server = resolve_target(&env, Some(flag), || Err(GitError::Missing))
                .expect("found")
                .server;
            assert_eq!((server.host.as_str(), server.host_is_named), (host, named));
        }
        let host: Host = "ghe.example.com".parse().expect("a host");
        let hosts = two.iter().map(ToString::to_string).collect();
        let env = env(&[]).with_gh_hosts(hosts);
        assert!(is_gh_host(&env, &host));
        assert!(!is_gh_host(&env, &"b.example".parse().expect("a host")));
    }

    fn target(pairs: &[(&str, &str)], flag: Option<&str>) -> Result<Target, TargetError> {
        resolve_target(&env(pairs), flag, || Err(GitError::Missing))
    }

    fn remotes<'a>(list: &[(&'a str, &str)]) -> Vec<(&'a str, Repository)> {
        list.iter()
            .filter_map(|(name, address)| Some((*name, remote_repository(address)?)))
            .collect()
    }

    #[test]
    fn the_nearest_name_wins() {
        let all = [
            ("DEPLOYCTL_REPO", "a/deployctl"),
            ("GH_REPO", "a/gh"),
            ("GITHUB_REPOSITORY", "a/actions"),
        ];
        for (flag, from, slug) in [
            (Some("a/flag"), 0, "a/flag"),
            (None, 0, "a/deployctl"),
            (None, 1, "a/gh"),
            (None, 2, "a/actions"),
        ] {
            assert_eq!(
                target(&all[from..], flag).expect("found").slug.to_string(),
                slug
            );
        }
        assert!(matches!(
            target(&[], None),
            Err(TargetError::NoRepository { .. })
        ));
    }

    #[test]
    fn a_named_host_is_trusted_and_a_default_is_github() {
        let named = target(&[("GH_HOST", "b.example")], Some("a.example/o/r")).expect("found");
        assert_eq!(named.server.host.as_str(), "a.example");
        assert!(named.server.host_is_named);
        let by_variable = target(
            &[("GH_HOST", "b.example"), ("DEPLOYCTL_HOST", "c.example")],
            Some("o/r"),
        )
        .expect("found");
        assert_eq!(by_variable.server.host.as_str(), "c.example");
        let plain = target(&[], Some("o/r")).expect("found");
        assert_eq!(plain.server.host, Host::github());
        assert!(!plain.server.host_is_named);
    }

    #[test]
    fn an_address_in_the_environment_wins_over_the_host() {
        let target = target(
            &[("DEPLOYCTL_API_URL", "http://127.0.0.1:9/api/v3")],
            Some("o/r"),
        )
        .expect("found");
        assert_eq!(
            target.server.endpoints.graphql.as_str(),
            "http://127.0.0.1:9/api/graphql"
        );
        assert!(target.server.is_override);
    }

    #[test]
    fn actions_is_asked_last_and_its_addresses_are_its_servers() {
        let actions = [
            ("GITHUB_SERVER_URL", "https://git.example.com"),
            ("GITHUB_API_URL", "https://git.example.com/api/v3"),
            ("GITHUB_GRAPHQL_URL", "https://git.example.com/api/graphql"),
            ("GITHUB_REPOSITORY", "o/r"),
        ];
        let inside = target(&actions, None).expect("found");
        assert_eq!(inside.server.host.as_str(), "git.example.com");
        assert!(inside.server.host_is_named);
        let elsewhere = target(&actions, Some("github.com/o/r")).expect("found");
        assert_eq!(
            elsewhere.server.endpoints.rest.as_str(),
            "https://api.github.com/"
        );
    }

    #[test]
    fn remotes_are_chosen_in_the_order_of_gh() {
        let list = remotes(&[
            ("origin", "git@github.com:me/shop.git"),
            ("fork", "git@github.com:you/shop.git"),
            ("upstream", "https://github.com/acme/shop"),
        ]);
        let chosen = |resolved: &[(&str, &str)], host: Option<&str>| {
            let resolved: Vec<_> = resolved
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect();
            let host = host.map(|name| name.parse().expect("a host"));
            choose_remote(&list, &resolved, host.as_ref()).map(|r| r.slug.to_string())
        };
        assert_eq!(chosen(&[], None).as_deref(), Some("acme/shop"));
        assert_eq!(
            chosen(&[("fork", "base")], None).as_deref(),
            Some("you/shop")
        );
        assert_eq!(
            chosen(&[("fork", "big/shop")], None).as_deref(),
            Some("big/shop")
        );
        assert_eq!(
            chosen(&[("gone", "base")], None).as_deref(),
            Some("acme/shop")
        );
        assert_eq!(
            choose_remote(&remotes(&[("local", "/srv/shop.git")]), &[], None),
            None
        );
    }

    #[test]
    fn a_remote_on_the_named_host_goes_before_others() {
        let list = remotes(&[
            ("upstream", "https://github.com/acme/shop"),
            ("work", "https://git.example.com/team/shop"),
        ]);
        let host = "git.example.com".parse().expect("a host");
        let chosen = choose_remote(&list, &[], Some(&host)).map(|r| r.slug.to_string());
        assert_eq!(chosen.as_deref(), Some("team/shop"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = target(&[("GH_REPO", "nonsense")], None).expect_err("refused");
        assert!(error.to_string().starts_with("GH_REPO: "), "{error}");
        let error = target(&[("DEPLOYCTL_API_URL", "ftp://x")], Some("o/r")).expect_err("refused");
        assert!(
            error.to_string().starts_with("DEPLOYCTL_API_URL: "),
            "{error}"
        );
        let error = target(&[("GH_HOST", "a b")], Some("o/r")).expect_err("refused");
        assert!(error.to_string().starts_with("GH_HOST: "), "{error}");
    }
}
