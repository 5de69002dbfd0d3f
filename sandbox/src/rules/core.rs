use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use super::Failure;
use crate::config::{Config, RepositorySource};
use crate::error::SandboxError;
use crate::git::{self, GitError, Repo, Source};
use crate::store::{Repository, Setting, SetupLock, Store, Visibility};

/// The last time that the clock can be set to: the beginning of 2200.
const MAX_TIME_SECONDS: i64 = 7_258_118_400;

const TIME_RANGE: &str = "The clock can be set to times from 1970 to 2199.";

/// Whether GitHub could have an owner or a repository of this name.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty() && name != "." && name != ".." && name.bytes().all(fits)
}

/// The store, the git repositories and the rules between them.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) data: PathBuf,
    /// Notified when there are deliveries to send.
    pub(crate) outgoing: Notify,
    /// The git data of the repositories used so far, by id.
    pub(super) opened: Mutex<HashMap<i64, Repo>>,
    pub(super) production_default: bool,
    /// The visibility of repositories without one of their own.
    pub(super) visibility: Visibility,
    /// Whether environments may have wait timers and reviewers.
    pub(crate) environment_protection: bool,
    pub(super) clock: fn() -> Timestamp,
    /// How far the sandbox's time is ahead of the clock, in seconds.
    pub(super) clock_offset: AtomicI64,
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
            visibility: if config.private {
                Visibility::Private
            } else {
                Visibility::Public
            },
            environment_protection: config.environment_protection,
            clock: config.clock,
            clock_offset: AtomicI64::new(clock_offset),
        };
        for source in &config.repositories {
            core.register_repository(source)?;
        }
        Ok(core)
    }

    pub(super) fn register_repository(
        &self,
        source: &RepositorySource,
    ) -> Result<(), SandboxError> {
        if ![&source.owner, &source.name]
            .into_iter()
            .all(|name| is_name(name))
        {
            return Err(SandboxError::RepositoryName(format!(
                "{}/{}",
                source.owner, source.name
            )));
        }
        let path = source.path.as_deref().map(|path| self.find_source(path));
        let path = path.transpose()?;
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

    /// The full path of a directory in a git repository.
    pub(super) fn find_source(&self, path: &Path) -> Result<String, SandboxError> {
        let path = path.canonicalize().map_err(|source| SandboxError::Data {
            path: path.to_owned(),
            source,
        })?;
        let text = path.to_str().map(str::to_owned);
        let text = text
            .ok_or_else(|| SandboxError::Git(format!("{} is not a UTF-8 path", path.display())))?;
        if self.find(Some(&text))?.is_none() {
            return Err(SandboxError::Git(format!(
                "{text} is not in a git repository"
            )));
        }
        Ok(text)
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

    pub(super) fn find(&self, path: Option<&str>) -> Result<Option<Source>, GitError> {
        match path {
            Some(path) => Source::find(path.as_ref()),
            None => git::sample::open(&self.data.join("sample")).map(Some),
        }
    }

    /// Where the repository's own git data is.
    fn overlay(&self, repository: &Repository) -> PathBuf {
        self.data.join("git").join(format!("{}.git", repository.id))
    }

    /// Whether the repository's own git data was set up.
    pub(crate) fn has_git_data(&self, repository: &Repository) -> bool {
        self.overlay(repository).exists()
    }

    /// Sets the repository's own git data up. The setup lock must be held.
    pub(super) fn open_git(&self, repository: &Repository) -> Result<Option<Repo>, GitError> {
        let Some(source) = self.find(repository.path.as_deref())? else {
            return Ok(None);
        };
        let repo = Repo::open(&source, &self.overlay(repository))?;
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
