use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Zoned};
use url::Url;

use super::FilterArgs;
use crate::error::{Failure, Kind};
use crate::model::parse_age;
use crate::model::{DeploymentId, RepoSlug};
use crate::select::filter::ListFilter;
use crate::session::Connection;

/// Which deployments a command acts on: named ones, or those that filters
/// select.
#[derive(Args, Clone, Debug, Default)]
pub struct SelectorArgs {
    /// Deployments, by ID or API URL
    #[arg(value_name = "ID|URL", value_parser = parse_named)]
    pub named: Vec<Named>,

    /// Filters.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Only deployments requested longer ago than this: 30d, 12h
    #[arg(long, value_name = "TIME", value_parser = parse_age, help_heading = "Filters")]
    pub older_than: Option<Duration>,

    /// Keep the newest N of each environment, regardless of other filters
    #[arg(long, value_name = "N", help_heading = "Filters")]
    pub keep: Option<usize>,

    /// Only those of closed pull requests, known by the environment's name, or
    /// by the ref if its branch no longer exists
    #[arg(long, help_heading = "Filters")]
    pub closed_pulls: bool,

    /// Pattern of environment names for pull requests, with * and ?
    /// (repeatable) [default: pr-{number} and */pr-{number}]
    #[arg(
        long,
        value_name = "PATTERN",
        requires = "closed_pulls",
        value_parser = parse_pull_pattern,
        help_heading = "Filters"
    )]
    pub pull_pattern: Vec<String>,

    /// Exit 0 if there is nothing to act on
    #[arg(long)]
    pub ignore_missing: bool,
}

/// A deployment as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By its number.
    Id(DeploymentId),
    /// By its address in the API.
    Url(Url),
}

impl SelectorArgs {
    /// Whether nothing at all is selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty() && !self.has_filter()
    }

    /// Whether deployments are named one by one.
    pub(crate) fn is_by_name(&self) -> bool {
        !self.named.is_empty()
    }

    fn has_filter(&self) -> bool {
        self.filter != FilterArgs::default()
            || self.older_than.is_some()
            || self.keep.is_some()
            || self.closed_pulls
    }

    /// Refuses a selection of nothing, unless that stands for `all`, and one of
    /// two kinds.
    pub(crate) fn check(&self, all: bool) -> Result<(), Failure> {
        if self.is_empty() && !all {
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

    /// The named deployments, each once, in their order.
    pub(crate) fn ids(&self, connection: &Connection) -> Result<Vec<DeploymentId>, Failure> {
        let mut ids = Vec::with_capacity(self.named.len());
        for named in &self.named {
            let id = match named {
                Named::Id(id) => *id,
                Named::Url(url) => {
                    let root = &connection.client.endpoints().rest;
                    id_in(url, root, &connection.repo)?
                }
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// The filter. With `whole` it shows all of each environment, and not
    /// only what it selects; `--keep` always does.
    pub(crate) fn filter(&self, now: &Zoned, whole: bool) -> Result<ListFilter, Failure> {
        let mut filter = self.filter.compile(now)?;
        if let Some(age) = self.older_than {
            let moment = SignedDuration::try_from(age)
                .ok()
                .and_then(|age| now.timestamp().checked_sub(age).ok())
                .ok_or_else(|| Failure::new(Kind::Usage, "--older-than: that is too long ago"))?;
            filter = filter.before(moment);
        }
        if whole || self.keep.is_some() {
            filter = filter.over_whole_environments();
        }
        Ok(filter)
    }

    /// The patterns of environments that are named after pull requests.
    pub(crate) fn pull_patterns(&self) -> Vec<&str> {
        if self.pull_pattern.is_empty() {
            return vec!["pr-{number}", "*/pr-{number}"];
        }
        self.pull_pattern.iter().map(String::as_str).collect()
    }
}

/// Reads a deployment's number or address.
pub(crate) fn parse_named(text: &str) -> Result<Named, String> {
    if let Ok(id) = text.parse() {
        return Ok(Named::Id(id));
    }
    match Url::parse(text) {
        Ok(url) if url.has_host() => Ok(Named::Url(url)),
        _ => Err("use an ID such as 4442074271, or a URL that ends in /deployments/ID".to_owned()),
    }
}

fn parse_pull_pattern(text: &str) -> Result<String, String> {
    if text.matches("{number}").count() == 1 {
        Ok(text.to_owned())
    } else {
        Err("write {number} once where the number of the pull request stands".to_owned())
    }
}

/// The id that an address of the API names. Another repository's is refused:
/// its deployments are not this command's.
fn id_in(url: &Url, root: &Url, repo: &RepoSlug) -> Result<DeploymentId, Failure> {
    let wrong = |what: &str| Failure::new(Kind::Usage, format!("{url} {what}"));
    let same_server = url.scheme() == root.scheme()
        && url.host() == root.host()
        && url.port_or_known_default() == root.port_or_known_default();
    let path = url
        .path()
        .strip_prefix(root.path().trim_end_matches('/'))
        .filter(|_| same_server)
        .ok_or_else(|| wrong(&format!("is not a URL of the API at {root}")))?;
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let ["repos", owner, name, "deployments", id] = segments[..] else {
        return Err(wrong("is not the URL of a deployment"));
    };
    if RepoSlug::new(owner, name).as_ref() != Some(repo) {
        return Err(wrong(&format!("is not of {repo}"))
            .hint(format!("name the repository with -R {owner}/{name}")));
    }
    id.parse()
        .map_err(|_| wrong("does not end in the ID of a deployment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_deployment_of_this_repository_only() {
        let root: Url = "https://ghe.example/api/v3".parse().expect("an address");
        let repo: RepoSlug = "octocat/hello-world".parse().expect("a repository");
        let id = |text: &str| {
            let url = text.parse().expect("an address");
            id_in(&url, &root, &repo).map_err(|failure| failure.kind())
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

    #[test]
    fn a_name_is_a_number_or_an_address() {
        assert_eq!(parse_named("7"), Ok(Named::Id(DeploymentId(7))));
        assert!(matches!(
            parse_named("https://x.example/1"),
            Ok(Named::Url(_))
        ));
        for text in ["", "0", "-1", "main", "repos/o/r/deployments/1"] {
            assert!(parse_named(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_pattern_has_one_number() {
        assert!(parse_pull_pattern("*/pr-{number}").is_ok());
        for text in ["", "pr-7", "{number}-{number}"] {
            assert!(parse_pull_pattern(text).is_err(), "{text:?}");
        }
    }
}
