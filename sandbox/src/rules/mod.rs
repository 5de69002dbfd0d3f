//! GitHub's rules for deployments, without HTTP.
//!
//! REST and GraphQL both go through [`Core`], so that they cannot disagree.
//! The rules follow <https://docs.github.com/rest/deployments>.

mod branch_pattern;
mod concurrency;
mod contexts;
mod create;
mod delete;
mod deliveries;
mod entries;
mod environments;
mod gates;
mod hook_settings;
mod hooks;
mod lookup;
mod pulls;
mod run_gates;
mod run_reviews;
mod run_scheduler;
mod runs;
mod status;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::Notify;

pub(crate) use crate::failure::Failure;
pub(crate) use concurrency::GroupMember;
pub(crate) use contexts::RequiredContexts;
pub(crate) use create::{Created, NewDeployment};
pub(crate) use environments::{Protection, ReviewerId};
pub(crate) use hook_settings::{HookConfig, HookEdit};
pub(crate) use pulls::PullRequest;
pub(crate) use run_reviews::{AppReview, PendingDeployment, ReviewRequest};
pub(crate) use runs::RunRequest;
pub(crate) use status::{NewStatus, not_a_member};

use super::config::{Config, RepositorySource};
use super::error::SandboxError;
use super::git::{self, GitError, Repo, Source};
use super::store::{
    Deployment, DeploymentStatus, Job, Repository, Reviewer, Setting, SetupLock, Store, User,
    WorkflowRun,
};

/// Observes creations inside the transaction that makes them, so that its own
/// records exist if and only if the created object does.
pub(crate) trait Witness {
    /// A deployment was made.
    /// A deployment was made, by a run or by a client.
    fn deployment(
        &self,
        write: &Connection,
        made: &Deployment,
        run: Option<&WorkflowRun>,
    ) -> Result<(), Failure>;

    /// A deployment was given a requested status. The deployment is in the
    /// state after that.
    fn status(
        &self,
        write: &Connection,
        deployment: &Deployment,
        status: &DeploymentStatus,
    ) -> Result<(), Failure>;

    /// Something happened to a run.
    fn run(&self, write: &Connection, event: &RunEvent<'_>) -> Result<(), Failure>;
}

/// Something that happened to a workflow run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RunEvent<'a> {
    Requested(&'a WorkflowRun),
    InProgress(&'a WorkflowRun),
    Completed(&'a WorkflowRun),
    /// A job waits for reviewers.
    ReviewRequested {
        run: &'a WorkflowRun,
        job: &'a Job,
        environment: &'a str,
        reviewers: &'a [Reviewer],
    },
    Reviewed {
        run: &'a WorkflowRun,
        jobs: &'a [Job],
        approves: bool,
        approver: &'a User,
        comment: &'a str,
        reviewers: &'a [Reviewer],
    },
    /// A job waits for an app.
    RuleRequested {
        run: &'a WorkflowRun,
        environment: &'a str,
        deployment: &'a Deployment,
    },
}

/// The last time that the clock can be set to: the beginning of 2200.
const MAX_TIME_SECONDS: i64 = 7_258_118_400;

const TIME_RANGE: &str = "The clock can be set to times from 1970 to 2199.";

/// The store, the git repositories and the rules between them.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) data: PathBuf,
    /// Notified when there are deliveries to send.
    pub(crate) outgoing: Notify,
    /// The git data of the repositories used so far, by id.
    opened: Mutex<HashMap<i64, Repo>>,
    production_default: bool,
    /// Whether all repositories are private.
    pub(crate) private: bool,
    /// Whether environments may have wait timers and reviewers.
    pub(crate) environment_protection: bool,
    clock: fn() -> Timestamp,
    /// How far the sandbox's time is ahead of the clock, in seconds.
    clock_offset: AtomicI64,
}

impl Core {
    /// Opens the data directory and registers the repositories of `config`.
    pub(crate) fn open(config: &Config) -> Result<Self, SandboxError> {
        let lock = SetupLock::take(&config.data)?;
        let data = config
            .data
            .canonicalize()
            .map_err(|source| SandboxError::Data {
                path: config.data.clone(),
                source,
            })?;
        let store = Store::open(&data, &lock)?;
        let clock_offset = store.read(|read| Setting::ClockOffset.get(read))?;
        let core = Self {
            store,
            data,
            outgoing: Notify::new(),
            opened: Mutex::new(HashMap::new()),
            production_default: config.production_default,
            private: config.private,
            environment_protection: config.environment_protection,
            clock: config.clock,
            clock_offset: AtomicI64::new(clock_offset),
        };
        for source in &config.repositories {
            core.register_repository(source)?;
        }
        Ok(core)
    }

    fn register_repository(&self, source: &RepositorySource) -> Result<(), SandboxError> {
        for name in [&source.owner, &source.name] {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            if name.is_empty() || *name == "." || *name == ".." || !name.bytes().all(fits) {
                return Err(SandboxError::RepositoryName(format!(
                    "{}/{}",
                    source.owner, source.name
                )));
            }
        }
        let path = match &source.path {
            None => None,
            Some(path) => {
                let path = path.canonicalize().map_err(|error| SandboxError::Data {
                    path: path.clone(),
                    source: error,
                })?;
                let text = path.to_str().map(str::to_owned);
                let text = text.ok_or_else(|| {
                    SandboxError::Git(format!("{} is not a UTF-8 path", path.display()))
                })?;
                if self.find(Some(&text))?.is_none() {
                    return Err(SandboxError::Git(format!(
                        "{text} is not in a git repository"
                    )));
                }
                Some(text)
            }
        };
        let (owner, name) = (&source.owner, &source.name);
        let known = self
            .store
            .read(|read| Repository::by_name(read, owner, name))?;
        let repository = match known {
            Some(repository) if repository.path == path => repository,
            _ => {
                let now = self.now();
                self.store
                    .write(|write| Repository::ensure(write, owner, name, path.as_deref(), now))?
            }
        };
        self.open_git(&repository)?;
        Ok(())
    }

    /// The time, in whole seconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)().as_second() + self.clock_offset()
    }

    /// How far the sandbox's time is ahead of the clock, in seconds.
    pub(crate) fn clock_offset(&self) -> i64 {
        self.clock_offset.load(Ordering::Relaxed)
    }

    /// Sets how far the sandbox's time is ahead of the clock.
    pub(crate) fn set_clock_offset(&self, seconds: i64) -> Result<(), Failure> {
        self.store
            .write(|write| Ok::<_, Failure>(Setting::ClockOffset.set(write, seconds)?))?;
        self.clock_offset.store(seconds, Ordering::Relaxed);
        Ok(())
    }

    /// Moves the sandbox's time.
    pub(crate) fn advance_clock(&self, seconds: i64) -> Result<(), Failure> {
        if !(0..MAX_TIME_SECONDS).contains(&self.now().saturating_add(seconds)) {
            return Err(Failure::Refused(TIME_RANGE));
        }
        self.set_clock_offset(self.clock_offset().saturating_add(seconds))
    }

    fn find(&self, path: Option<&str>) -> Result<Option<Source>, GitError> {
        match path {
            Some(path) => Source::find(path.as_ref()),
            None => git::sample::open(&self.data.join("sample")).map(Some),
        }
    }

    /// Sets the repository's own git data up. The setup lock must be held.
    fn open_git(&self, repository: &Repository) -> Result<Option<Repo>, GitError> {
        let Some(source) = self.find(repository.path.as_deref())? else {
            return Ok(None);
        };
        let overlay = self.data.join("git").join(format!("{}.git", repository.id));
        let repo = Repo::open(&source, &overlay)?;
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(repository.id, repo.clone());
        Ok(Some(repo))
    }

    /// The git data of a repository; `None` if its directory no longer exists.
    pub(crate) fn git(&self, repository: &Repository) -> Result<Option<Repo>, Failure> {
        let known = {
            let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            opened.get(&repository.id).cloned()
        };
        if known.is_some() {
            return Ok(known);
        }
        let _lock =
            SetupLock::take(&self.data).map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(self.open_git(repository)?)
    }
}

#[cfg(test)]
pub(crate) mod testing;
