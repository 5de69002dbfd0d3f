//! A small world for the tests of the rules.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::borrow::Borrow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use tempfile::TempDir;

use super::{Core, Created, Failure, NewDeployment, NewStatus};
use crate::config::{Config, RepositorySource};
use crate::store::{
    CheckState, Deployment, DeploymentFilter, DeploymentStatus, NewCommitStatus, Repository, User,
    Window,
};

/// A clock that advances by a second with every reading.
fn ticking() -> Timestamp {
    static SECONDS: AtomicI64 = AtomicI64::new(1_800_000_000);
    Timestamp::from_second(SECONDS.fetch_add(1, Ordering::Relaxed)).unwrap()
}

const ALL: Window = Window {
    skip: 0,
    take: 1000,
};

/// A core with one repository and one user.
pub(crate) struct World {
    pub(crate) core: Arc<Core>,
    pub(crate) repository: Repository,
    pub(crate) user: User,
    _data: TempDir,
}

impl World {
    /// The world of the sample repository.
    pub(crate) fn sample() -> Self {
        Self::sample_with(|_| ())
    }

    pub(crate) fn sample_with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::new(data.path());
        config.clock = ticking;
        config.repositories = vec![RepositorySource {
            owner: "octo".to_owned(),
            name: "hello".to_owned(),
            path: None,
        }];
        change(&mut config);
        let core = Core::open(&config).unwrap();
        let repository = core.repository("Octo", "HELLO").unwrap().unwrap();
        let user = core.user("sandbox").unwrap();
        Self {
            core: Arc::new(core),
            repository,
            user,
            _data: data,
        }
    }

    pub(crate) fn try_create(&self, new: &NewDeployment) -> Result<Created, Failure> {
        self.core
            .create_deployment(&self.repository, &self.user, new, None)
    }

    pub(crate) fn create(&self, new: &NewDeployment) -> Deployment {
        match self.try_create(new).unwrap() {
            Created::Deployment(made) => *made,
            Created::AutoMerged { message } => panic!("{message}"),
        }
    }

    pub(crate) fn try_set(&self, id: i64, new: &NewStatus) -> Result<DeploymentStatus, Failure> {
        self.core
            .create_status(&self.repository, &self.user, id, new, None)
    }

    pub(crate) fn set(&self, id: i64, new: impl Borrow<NewStatus>) -> DeploymentStatus {
        self.try_set(id, new.borrow()).unwrap()
    }

    pub(crate) fn report(&self, sha: &str, context: &str, state: CheckState) {
        let new = NewCommitStatus {
            sha: sha.to_owned(),
            context: context.to_owned(),
            state,
            description: None,
            target_url: None,
        };
        self.core
            .create_commit_status(&self.repository, &self.user, &new)
            .unwrap();
    }

    pub(crate) fn sha(&self, reference: &str) -> String {
        self.core
            .resolve(&self.repository, reference)
            .unwrap()
            .unwrap()
            .sha
    }

    pub(crate) fn deployment(&self, id: i64) -> Deployment {
        self.core.deployment(&self.repository, id).unwrap()
    }

    /// The state of the newest status.
    pub(crate) fn state(&self, id: i64) -> String {
        self.core.latest_statuses(&[id]).unwrap().remove(0).state
    }

    pub(crate) fn count(&self) -> u64 {
        self.core
            .deployments(&self.repository, &DeploymentFilter::default(), ALL)
            .unwrap()
            .total
    }

    /// The names of the environments, oldest first.
    pub(crate) fn environments(&self) -> Vec<String> {
        let slice = self.core.environments(&self.repository, ALL).unwrap();
        slice
            .items
            .into_iter()
            .map(|environment| environment.name)
            .collect()
    }
}
