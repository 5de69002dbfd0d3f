use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

use super::contents::{CacheKey, CachedRepository};
use super::disk::{read_cache, write_cache};
use crate::model::{Deployment, DeploymentId, DeploymentState, RunId};

/// What is known about one repository, as this run adds to it.
#[derive(Debug)]
pub(crate) struct CompletionCache {
    contents: CachedRepository,
    path: PathBuf,
    now: Timestamp,
}

impl CompletionCache {
    /// What earlier runs have stored in the file at `path`.
    pub(crate) fn open(path: PathBuf, key: &CacheKey) -> Self {
        let now = Timestamp::now();
        let mut contents =
            read_cache(&path, key).unwrap_or_else(|| CachedRepository::empty(key.clone()));
        contents.remove_outdated(now);
        Self {
            contents,
            path,
            now,
        }
    }

    /// Writes it back.
    pub(crate) fn save(&self) -> io::Result<()> {
        write_cache(&self.path, &self.contents)
    }

    pub(crate) fn is_for(&self, key: &CacheKey) -> bool {
        self.contents.key == *key
    }

    /// Adds or updates a deployment, and its state if that is known.
    pub(crate) fn add_deployment(
        &mut self,
        deployment: &Deployment,
        state: Option<&DeploymentState>,
    ) {
        self.contents.add_deployment(deployment, state, self.now);
    }

    pub(crate) fn remove_deployment(&mut self, id: DeploymentId) {
        self.contents.remove_deployment(id);
    }

    pub(crate) fn add_environment(&mut self, name: &str) {
        self.contents.add_environment(name, self.now);
    }

    /// Replaces the list of environments by all that exist.
    pub(crate) fn replace_environments<'a>(
        &mut self,
        names: impl DoubleEndedIterator<Item = &'a str>,
    ) {
        self.contents.clear_environments();
        for name in names.rev() {
            self.add_environment(name);
        }
    }

    /// Replaces the runs that wait, each given with an environment that it waits
    /// for and its pull request.
    pub(crate) fn replace_waiting_runs<'a>(
        &mut self,
        runs: impl Iterator<Item = (RunId, &'a str, Option<u64>)>,
    ) {
        self.contents.replace_waiting_runs(runs, self.now);
    }

    pub(crate) fn remove_environment(&mut self, name: &str) {
        self.contents.remove_environment(name);
    }

    /// Adds a context of commit statuses or checks.
    pub(crate) fn add_context(&mut self, name: &str) {
        self.contents.add_context(name, self.now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(id: u64, environment: &str) -> Deployment {
        serde_json::from_value(serde_json::json!({
            "id": id, "environment": environment, "ref": "main", "sha": "a",
            "created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z",
        }))
        .expect("a deployment")
    }

    fn cache() -> CompletionCache {
        let key = CacheKey {
            root: "sandbox".to_owned(),
            repo: "o/r".to_owned(),
        };
        CompletionCache {
            contents: CachedRepository::empty(key),
            path: PathBuf::new(),
            now: "2026-02-01T12:00:00Z".parse().expect("a time"),
        }
    }

    #[test]
    fn a_limited_number_of_the_newest_deployments_is_kept() {
        let mut cache = cache();
        for id in (1..=150).chain([7, 90]) {
            cache.add_deployment(&deployment(id, "staging"), Some(&DeploymentState::Active));
        }
        cache.add_deployment(&deployment(120, "staging"), None);
        let ids: Vec<u64> = cache
            .contents
            .deployments()
            .iter()
            .map(|cached| cached.id.0)
            .collect();
        assert_eq!(ids, (51..=150).rev().collect::<Vec<u64>>());
        let known = &cache.contents.deployments()[30];
        assert_eq!(known.state.as_deref(), Some("active"), "a state is kept");
        cache.remove_deployment(DeploymentId(150));
        assert_eq!(cache.contents.deployments()[0].id.0, 149);
    }

    #[test]
    fn environments_come_from_lists_and_deployments() {
        let mut cache = cache();
        cache.add_deployment(&deployment(1, "preview/pr-7"), None);
        cache.add_environment("gone");
        cache.replace_environments(["production", "staging"].into_iter());
        cache.add_environment("staging");
        assert_eq!(
            cache.contents.environments(),
            ["staging", "production", "preview/pr-7"]
        );
        cache.remove_environment("preview/pr-7");
        cache.add_environment(&"x".repeat(300));
        assert_eq!(cache.contents.environments(), ["staging", "production"]);
    }

    #[test]
    fn outdated_entries_are_removed() {
        let mut cache = cache();
        cache.add_environment("staging");
        cache.add_context("ci/build");
        cache.add_deployment(&deployment(1, "staging"), None);
        let day = |text: &str| format!("{text}T12:00:01Z").parse().expect("a time");
        cache.contents.remove_outdated(day("2026-03-02"));
        assert_eq!(cache.contents.environments(), ["staging"]);
        cache.contents.remove_outdated(day("2026-03-04"));
        assert!(cache.contents.environments().is_empty());
        assert_eq!(cache.contents.contexts().count(), 0);
    }
}
