//! The state of one request: the viewer, and a cache of its lookups.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::response::GraphQLError;

use super::cost::Cost;
use super::problem::{Problem, Result};
use crate::access::{Access, Level, METADATA, Need};
use crate::git::{CommitInfo, Resolved};
use crate::http::{SSO_MESSAGE, Urls, sso_header};
use crate::rules::Core;
use crate::store::{Repository, User};
use crate::webhooks::EventRecorder;

/// The user who sent a request, and the addresses that it was sent to.
#[derive(Debug, Clone)]
pub(super) struct Viewer {
    /// The user of the token.
    pub(super) user: User,
    pub(super) access: Access,
    /// Where web pages are, without a slash at the end.
    pub(super) web: String,
    /// Where the addresses in events point to.
    pub(super) urls: Urls,
    /// The hour's points before this request.
    pub(super) points: Points,
}

/// The points of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Points {
    pub(super) limit: u64,
    pub(super) used: u64,
    /// When the hour ends, in seconds since the epoch.
    pub(super) reset: i64,
    /// Whether a query is refused when they are used up.
    pub(super) enforced: bool,
}

const SCOPES: &[&str] = &["repo", "repo_deployment"];

/// Reading deployments.
pub(super) const READ_DEPLOYMENTS: Need = Need {
    scopes: SCOPES,
    permission: "deployments",
    level: Level::Read,
};
/// Making and changing deployments.
pub(super) const WRITE_DEPLOYMENTS: Need = Need {
    scopes: SCOPES,
    permission: "deployments",
    level: Level::Write,
};
/// Reading environments, which requires the permission for Actions.
pub(super) const READ_ENVIRONMENTS: Need = Need {
    scopes: &["repo"],
    permission: "actions",
    level: Level::Read,
};
/// Creating and changing environments, which requires administration.
pub(super) const WRITE_ENVIRONMENTS: Need = Need {
    scopes: &["repo"],
    permission: "administration",
    level: Level::Write,
};
/// Reading workflow runs.
pub(super) const READ_RUNS: Need = Need {
    scopes: &["repo"],
    permission: "actions",
    level: Level::Read,
};
/// Reading pull requests.
pub(super) const READ_PULLS: Need = Need {
    scopes: &["repo"],
    permission: "pull_requests",
    level: Level::Read,
};
/// Reading refs and commits.
pub(super) const READ_CONTENTS: Need = Need {
    scopes: &["repo"],
    permission: "contents",
    level: Level::Read,
};
/// Writing refs.
pub(super) const WRITE_CONTENTS: Need = Need {
    scopes: &["repo"],
    permission: "contents",
    level: Level::Write,
};
/// Reading commit statuses.
pub(super) const READ_STATUSES: Need = Need {
    scopes: &["repo", "repo:status"],
    permission: "statuses",
    level: Level::Read,
};

/// Whose git data something was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum GitData {
    Own(i64),
    /// That of every repository with this path that has no git data of its own
    /// yet: looking it up in each of a thousand repositories would take long.
    Shared(Option<String>),
}

type Known<K, V> = Mutex<HashMap<K, Option<V>>>;

/// The state that the fields of one request share.
#[derive(Debug)]
pub(super) struct Session {
    /// Store, git and rules.
    pub(super) core: Arc<Core>,
    pub(super) viewer: Viewer,
    pub(super) cost: Cost,
    /// The time of the request, in seconds since the epoch.
    pub(super) now: i64,
    // Resolving a ref runs git several times, and a list of deployments names
    // the same few refs and commits again and again.
    repositories: Known<i64, Arc<Repository>>,
    refs: Known<(GitData, String), Resolved>,
    commits: Known<(GitData, String), Arc<CommitInfo>>,
    /// The header for an organization that demands single sign-on.
    pub(super) sso: Mutex<Option<String>>,
    /// The errors of elements of lists: where one is null, the others are not.
    pub(super) element_errors: Mutex<Vec<GraphQLError>>,
}

/// Looks something up once.
fn once<K: Eq + std::hash::Hash, V: Clone>(
    known: &Known<K, V>,
    key: K,
    fetch: impl FnOnce(&K) -> Result<Option<V>>,
) -> Result<Option<V>> {
    let found = known
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&key)
        .cloned();
    if let Some(found) = found {
        return Ok(found);
    }
    let found = fetch(&key)?;
    known
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(key, found.clone());
    Ok(found)
}

impl Session {
    /// A session in which nothing is known yet.
    pub(super) fn new(core: Arc<Core>, viewer: Viewer, cost: Cost) -> Arc<Self> {
        Arc::new(Self {
            now: core.now(),
            core,
            viewer,
            cost,
            repositories: Mutex::default(),
            refs: Mutex::default(),
            commits: Mutex::default(),
            sso: Mutex::default(),
            element_errors: Mutex::default(),
        })
    }

    /// The address of a web page.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.viewer.web)
    }

    /// The login of the viewer and the rights of the token.
    pub(super) fn caller(&self) -> (&str, &Access) {
        (&self.viewer.user.login, &self.viewer.access)
    }

    /// Whether the token may do something with a repository.
    pub(super) fn may(&self, need: Need, repository: &Repository) -> bool {
        let private = self.core.visibility(repository).is_private();
        self.viewer.access.allows(need, private)
    }

    /// The recorder of the viewer's events; `None` if the repository has no
    /// active webhook.
    pub(super) fn recorder<'a>(
        &'a self,
        repository: &'a Repository,
    ) -> Result<Option<EventRecorder<'a>>> {
        let viewer = &self.viewer;
        let recorder =
            EventRecorder::for_active_hooks(&self.core, &viewer.urls, repository, &viewer.user);
        Ok(recorder?)
    }

    /// A repository that the token may see, by its id.
    pub(super) fn repository(&self, id: i64) -> Result<Option<Arc<Repository>>> {
        once(&self.repositories, id, |id| {
            let found = self.core.repository_by_id(*id)?;
            let found = found.map(|found| self.admit(found)).transpose()?;
            Ok(found.flatten().map(Arc::new))
        })
    }

    /// A repository if the token may see it. Fails if its organization demands
    /// single sign-on.
    pub(super) fn admit(&self, repository: Repository) -> Result<Option<Repository>> {
        if !self
            .core
            .is_visible(&repository, Some(self.caller()), METADATA)
        {
            return Ok(None);
        }
        if repository.requires_sso {
            return Err(self.demand_sso(&repository.owner.login));
        }
        Ok(Some(repository))
    }

    /// The error for an organization that demands single sign-on. The answer
    /// gets a header, too.
    pub(super) fn demand_sso(&self, organization: &str) -> Problem {
        let header = sso_header(&self.viewer.urls, organization);
        *self.sso.lock().unwrap_or_else(PoisonError::into_inner) = Some(header);
        Problem::new("FORBIDDEN", SSO_MESSAGE)
    }

    fn git_data(&self, repository: &Repository) -> GitData {
        if self.core.has_git_data(repository) {
            GitData::Own(repository.id)
        } else {
            GitData::Shared(repository.path.clone())
        }
    }

    /// Resolves a ref; `None` if it does not exist.
    pub(super) fn resolve(
        &self,
        repository: &Repository,
        reference: &str,
    ) -> Result<Option<Resolved>> {
        let key = (self.git_data(repository), reference.to_owned());
        once(&self.refs, key, |(_, reference)| {
            Ok(self.core.resolve(repository, reference)?)
        })
    }

    /// A commit by its full id; `None` if it no longer exists.
    pub(super) fn commit(
        &self,
        repository: &Repository,
        sha: &str,
    ) -> Result<Option<Arc<CommitInfo>>> {
        let key = (self.git_data(repository), sha.to_owned());
        once(&self.commits, key, |(_, sha)| {
            let Some(git) = self.core.git(repository)? else {
                return Ok(None);
            };
            let found = git.commit_info(sha);
            let found = found.map_err(crate::rules::Failure::from)?;
            Ok(found.map(Arc::new))
        })
    }

    /// Forgets where refs point to, since a mutation may have moved them.
    pub(super) fn forget_refs(&self) {
        self.refs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
