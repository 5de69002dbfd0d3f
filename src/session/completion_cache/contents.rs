use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::{Deployment, DeploymentId, DeploymentState, RepoSlug, RunId};

/// Anything that was not seen for this long is removed.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// The number of deployments, of environments and of contexts that are kept for
/// a repository.
const MAX_ENTRIES: usize = 100;
/// The length of the longest name that is kept: GitHub's own limit.
const MAX_NAME_BYTES: usize = 255;

/// A repository on a server. The embedded sandbox, whose address differs each
/// time, is the server `sandbox`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CacheKey {
    /// The root of the API.
    pub(crate) root: String,
    /// `OWNER/REPO`.
    pub(crate) repo: String,
}

impl CacheKey {
    /// The repository at a root of the API; `None` for the sandbox.
    pub(crate) fn new(root: Option<&url::Url>, repo: &RepoSlug) -> Self {
        Self {
            root: root.map_or_else(|| "sandbox".to_owned(), ToString::to_string),
            repo: repo.to_string(),
        }
    }
}

/// What is known about one repository, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CachedRepository {
    #[serde(flatten)]
    pub(super) key: CacheKey,
    environments: Vec<CachedName>,
    contexts: Vec<CachedName>,
    deployments: Vec<CachedDeployment>,
    #[serde(default)]
    waiting_runs: Vec<CachedWaitingRun>,
}

/// A workflow run and an environment that it was waiting for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CachedWaitingRun {
    pub(crate) run: RunId,
    pub(crate) environment: String,
    pub(crate) pull_request: Option<u64>,
    #[serde(rename = "seen")]
    seen_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct CachedName {
    name: String,
    #[serde(rename = "seen")]
    seen_at: Timestamp,
}

/// A deployment as it was when it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CachedDeployment {
    pub(crate) id: DeploymentId,
    pub(crate) environment: String,
    #[serde(rename = "ref")]
    pub(crate) ref_name: String,
    pub(crate) creator: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) created: Timestamp,
    #[serde(rename = "seen")]
    seen_at: Timestamp,
}

impl CachedRepository {
    pub(super) fn empty(key: CacheKey) -> Self {
        Self {
            key,
            environments: Vec::new(),
            contexts: Vec::new(),
            deployments: Vec::new(),
            waiting_runs: Vec::new(),
        }
    }

    /// The names of environments: those that were listed, then those of
    /// deployments.
    pub(crate) fn environments(&self) -> Vec<&str> {
        let listed = self.environments.iter().map(|entry| entry.name.as_str());
        let deployed = self.deployments.iter();
        let deployed = deployed.map(|deployment| deployment.environment.as_str());
        let waiting = self.waiting_runs.iter().map(|run| run.environment.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in listed.chain(deployed).chain(waiting) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The contexts that were required, or not green.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = &str> {
        self.contexts.iter().map(|entry| entry.name.as_str())
    }

    /// The deployments, newest first.
    pub(crate) fn deployments(&self) -> &[CachedDeployment] {
        &self.deployments
    }

    /// The runs that were waiting when they were last listed, once for each
    /// environment.
    pub(crate) fn waiting_runs(&self) -> &[CachedWaitingRun] {
        &self.waiting_runs
    }

    pub(super) fn replace_waiting_runs<'a>(
        &mut self,
        runs: impl Iterator<Item = (RunId, &'a str, Option<u64>)>,
        now: Timestamp,
    ) {
        self.waiting_runs = runs
            .filter(|(_, environment, _)| environment.len() <= MAX_NAME_BYTES)
            .take(MAX_ENTRIES)
            .map(|(run, environment, pull_request)| CachedWaitingRun {
                run,
                environment: environment.to_owned(),
                pull_request,
                seen_at: now,
            })
            .collect();
    }

    /// Adds or updates a deployment. If `state` is not known, an earlier state is
    /// kept.
    pub(super) fn add_deployment(
        &mut self,
        deployment: &Deployment,
        state: Option<&DeploymentState>,
        now: Timestamp,
    ) {
        let before = self.remove_deployment(deployment.id);
        let cached = CachedDeployment {
            id: deployment.id,
            environment: deployment.environment.clone(),
            ref_name: deployment.ref_name.clone(),
            creator: deployment.creator_login().map(str::to_owned),
            state: state
                .map(ToString::to_string)
                .or_else(|| before.and_then(|before| before.state)),
            created: deployment.created_at,
            seen_at: now,
        };
        let names = [Some(&cached.environment), Some(&cached.ref_name)];
        let optional = [cached.creator.as_ref(), cached.state.as_ref()];
        let names = names.into_iter().chain(optional).flatten();
        if names.map(String::len).any(|length| length > MAX_NAME_BYTES) {
            return;
        }
        let at = self
            .deployments
            .partition_point(|other| other.id > cached.id);
        self.deployments.insert(at, cached);
        self.deployments.truncate(MAX_ENTRIES);
    }

    pub(super) fn remove_deployment(&mut self, id: DeploymentId) -> Option<CachedDeployment> {
        let at = self.deployments.iter().position(|cached| cached.id == id)?;
        Some(self.deployments.remove(at))
    }

    pub(super) fn add_environment(&mut self, name: &str, now: Timestamp) {
        add_name(&mut self.environments, name, now);
    }

    pub(super) fn clear_environments(&mut self) {
        self.environments.clear();
    }

    pub(super) fn remove_environment(&mut self, name: &str) {
        self.environments.retain(|entry| entry.name != name);
        self.deployments.retain(|cached| cached.environment != name);
    }

    pub(super) fn add_context(&mut self, name: &str, now: Timestamp) {
        add_name(&mut self.contexts, name, now);
    }

    pub(super) fn remove_outdated(&mut self, now: Timestamp) {
        let Ok(oldest) = now.checked_sub(MAX_AGE) else {
            return;
        };
        self.environments.retain(|entry| entry.seen_at >= oldest);
        self.contexts.retain(|entry| entry.seen_at >= oldest);
        self.deployments.retain(|cached| cached.seen_at >= oldest);
        self.waiting_runs.retain(|run| run.seen_at >= oldest);
    }
}

fn add_name(list: &mut Vec<CachedName>, name: &str, now: Timestamp) {
    list.retain(|entry| entry.name != name);
    if !name.is_empty() && name.len() <= MAX_NAME_BYTES {
        list.insert(
            0,
            CachedName {
                name: name.to_owned(),
                seen_at: now,
            },
        );
    }
    list.truncate(MAX_ENTRIES);
}
