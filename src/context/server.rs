use super::target::{actions_host, address, default_host, endpoints, is_gh_host, named_host};
use super::{Git, GitError, TargetError, resolve_target};
use crate::env::{self, Env};
use crate::model::{Endpoints, Host, Server};

/// Finds the server: `hostname`, else that of the repository at hand, else as
/// for a repository that is named without one.
pub(crate) fn resolve_server<'a>(
    env: &Env,
    hostname: Option<&Host>,
    flag: Option<&str>,
    git: impl FnOnce() -> Result<&'a Git, GitError>,
) -> Result<Server, TargetError> {
    let named = match hostname {
        Some(host) => Some(host.clone()),
        None => match resolve_target(env, flag, git) {
            Ok(target) => return Ok(target.server),
            Err(TargetError::NoRepository { .. }) => named_host(env)?,
            Err(error) => return Err(error),
        },
    };
    let actions_host = actions_host(env);
    let host_is_named = named.is_some();
    let host = named
        .or_else(|| actions_host.clone())
        .unwrap_or_else(|| default_host(env));
    let host_is_actions = actions_host.as_ref() == Some(&host);
    let overridden = address(env, env::DEPLOYCTL_API_URL)?;
    Ok(Server {
        is_override: overridden.is_some(),
        endpoints: match overridden {
            Some(rest) => Endpoints::from_rest(&rest),
            None => endpoints(env, &host, host_is_actions)?,
        },
        host_is_named: host_is_named || host_is_actions || is_gh_host(env, &host),
        host,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(pairs: &[(&str, &str)], hostname: Option<&str>, flag: Option<&str>) -> Server {
        let env = Env::from_pairs(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let hostname = hostname.map(|name| name.parse().expect("a host"));
        resolve_server(&env, hostname.as_ref(), flag, || Err(GitError::Missing)).expect("found")
    }

    #[test]
    fn the_nearest_name_wins_and_no_repository_is_needed() {
        let gh_host = [("GH_HOST", "b.example")];
        for (pairs, hostname, flag, host, named) in [
            (&gh_host[..], Some("a.example"), None, "a.example", true),
            (&gh_host[..], None, Some("c.example/o/r"), "c.example", true),
            (&gh_host[..], None, None, "b.example", true),
            (&[][..], None, None, "github.com", false),
            (
                &[("GITHUB_SERVER_URL", "https://d.example")][..],
                None,
                None,
                "d.example",
                true,
            ),
        ] {
            let server = server(pairs, hostname, flag);
            assert_eq!((server.host.as_str(), server.host_is_named), (host, named));
        }
    }

    #[test]
    fn an_address_in_the_environment_wins_over_the_name() {
        let server = server(
            &[("DEPLOYCTL_API_URL", "http://127.0.0.1:9")],
            Some("a.example"),
            None,
        );
        assert!(server.is_override);
        assert_eq!(server.endpoints.rest.as_str(), "http://127.0.0.1:9/");
    }
}
