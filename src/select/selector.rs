use url::Url;

use super::filter::Filter;
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, RepoSlug};
use crate::session::Connection;

/// Which deployments a command acts on: those that the user named, or else those
/// that match a filter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    pub(crate) named: Vec<NamedDeployment>,
    pub(crate) filter: Filter,
    /// This many of the newest deployments of each environment are kept.
    pub(crate) keep_newest: Option<usize>,
    /// If only the deployments of closed pull requests are wanted: the patterns of
    /// environments that are named after pull requests.
    pub(crate) closed_pulls: Option<Vec<String>>,
    pub(crate) ignore_missing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedDeployment {
    Id(DeploymentId),
    /// By its URL in the API.
    Url(Url),
}

impl Selector {
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty() && !self.has_filter()
    }

    pub(crate) fn is_by_name(&self) -> bool {
        !self.named.is_empty()
    }

    fn has_filter(&self) -> bool {
        self.filter != Filter::default()
            || self.keep_newest.is_some()
            || self.closed_pulls.is_some()
    }

    /// Refuses IDs together with filters, and an empty selector unless that
    /// `means_all`.
    pub(crate) fn check(&self, means_all: bool) -> Result<(), Failure> {
        if self.is_empty() && !means_all {
            return Err(Failure::new(Kind::Usage, "no deployment is selected").hint(
                "name deployments by their IDs, or select them with filters such as -e, --older-than or --keep",
            ));
        }
        if self.is_by_name() && self.has_filter() {
            return Err(Failure::new(
                Kind::Usage,
                "IDs and filters cannot be used together",
            ));
        }
        Ok(())
    }

    /// The IDs of the named deployments, in their order and without repetitions.
    pub(crate) fn ids(&self, connection: &Connection) -> Result<Vec<DeploymentId>, Failure> {
        let mut ids = Vec::with_capacity(self.named.len());
        for named in &self.named {
            let id = match named {
                NamedDeployment::Id(id) => *id,
                NamedDeployment::Url(url) => {
                    let root = &connection.client.endpoints().rest;
                    id_from_url(url, root, &connection.repo)?
                }
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }
}

/// Refuses a URL of another server or repository.
fn id_from_url(url: &Url, root: &Url, repo: &RepoSlug) -> Result<DeploymentId, Failure> {
    let refuse = |what: &str| Failure::new(Kind::Usage, format!("{url} {what}"));
    let same_server = url.scheme() == root.scheme()
        && url.host() == root.host()
        && url.port_or_known_default() == root.port_or_known_default();
    let path = url
        .path()
        .strip_prefix(root.path().trim_end_matches('/'))
        .filter(|_| same_server)
        .ok_or_else(|| refuse(&format!("is not a URL of the API at {root}")))?;
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let ["repos", owner, name, "deployments", id] = segments[..] else {
        return Err(refuse("is not the URL of a deployment"));
    };
    if RepoSlug::new(owner, name).as_ref() != Some(repo) {
        return Err(refuse(&format!("is not of {repo}"))
            .hint(format!("name the repository with -R {owner}/{name}")));
    }
    id.parse()
        .map_err(|_| refuse("does not end in the ID of a deployment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_deployment_of_this_repository_only() {
        let root: Url = "https://ghe.example/api/v3".parse().expect("an address");
        let repo: RepoSlug = "octocat/hello-world".parse().expect("a repository");
        let id = |text: &str| {
            let url = text.parse().expect("an address");
            id_from_url(&url, &root, &repo).map_err(|failure| failure.kind())
        };
        let base = "https://ghe.example/api/v3/repos/Octocat/hello-world/deployments";
        assert_eq!(
            id(&format!("{base}/4442074271")),
            Ok(DeploymentId(4_442_074_271))
        );
        for text in [
            "https://ghe.example/api/v3/repos/octocat/other/deployments/1",
            "https://ghe.example/repos/octocat/hello-world/deployments/1",
            "https://api.github.com/repos/octocat/hello-world/deployments/1",
            "http://ghe.example/api/v3/repos/octocat/hello-world/deployments/1",
            "https://ghe.example/api/v3/repos/octocat/hello-world/deployments/x",
            "https://ghe.example/api/v3/repos/octocat/hello-world/deployments/1/statuses",
        ] {
            assert_eq!(id(text), Err(Kind::Usage), "{text}");
        }
    }
}
