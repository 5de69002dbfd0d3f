use std::collections::{BTreeSet, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Command;
use clap_complete::engine::CompletionCandidate;
use jiff::Timestamp;

use super::words::command_path;
use crate::commands::{fields, names_for_help};
use crate::context::{Git, GitError, resolve_target};
use crate::env::{self, Env};
use crate::model::DeploymentState;
#[cfg(feature = "agent")]
use crate::outbox::Outbox;
use crate::output::time;
#[cfg(feature = "sandbox")]
use crate::session::sandbox_cache_key;
use crate::session::{
    CacheKey, CachedDeployment, CachedRepository, cache_file, cached_repositories, read_cache,
};

/// Sources of candidates for the values of arguments.
pub(super) struct Sources {
    env: Env,
    folder: PathBuf,
    words: Vec<String>,
    /// Whether the shell expands the `~` that the last word starts with.
    has_home: bool,
    /// The command line, built.
    root: Command,
    cached: OnceLock<Option<CachedRepository>>,
}

impl Sources {
    /// The sources for a command line. Each is read when it is needed.
    pub(super) fn new(
        env: Env,
        folder: PathBuf,
        words: &[OsString],
        has_home: bool,
        root: Command,
    ) -> Self {
        Self {
            has_home,
            env,
            folder,
            words: words
                .iter()
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
            root,
            cached: OnceLock::new(),
        }
    }

    /// The working directory.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the shell expands the `~` of a value.
    pub(super) fn expands_home(&self, value: &str) -> bool {
        self.has_home && self.words.last().is_some_and(|word| word == value)
    }

    /// Whether the cursor is at the word that `run` runs.
    pub(super) fn is_first_of_command(&self) -> bool {
        let escape = self.words.iter().position(|word| word == "--");
        escape.is_some_and(|at| at + 2 == self.words.len())
    }

    /// The names of programs on the `PATH`, sorted.
    pub(super) fn programs(&self, current: &str, is_runnable: fn(&Path) -> bool) -> Vec<String> {
        let folders = std::env::split_paths(self.env.get(env::PATH).unwrap_or_default());
        let names: BTreeSet<String> = folders
            .filter(|folder| folder.is_absolute())
            .filter_map(|folder| folder.read_dir().ok())
            .flatten()
            .filter_map(Result::ok)
            .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry)))
            .filter(|(name, entry)| name.starts_with(current) && is_runnable(&entry.path()))
            .map(|(name, _)| name)
            .collect();
        names.into_iter().collect()
    }

    /// The words that name the command, without the program's own.
    pub(super) fn command(&self) -> Vec<&str> {
        let before = self.words.len().saturating_sub(1);
        command_path(
            &self.root,
            self.words[..before].iter().skip(1).map(String::as_str),
        )
    }

    /// The last value of an option before the cursor.
    fn option(&self, long: &str, short: Option<&str>) -> Option<&str> {
        let before = self.words.len().saturating_sub(1);
        let words = &self.words[..before];
        words.iter().enumerate().rev().find_map(|(at, word)| {
            if word == long || Some(word.as_str()) == short {
                return words.get(at + 1).map(String::as_str);
            }
            let rest = word
                .strip_prefix(long)
                .and_then(|rest| rest.strip_prefix('='));
            rest.or_else(|| short.and_then(|short| word.strip_prefix(short)))
        })
    }

    fn is_sandbox(&self) -> bool {
        self.words.iter().any(|word| word == "--sandbox") || self.env.is_on(env::DEPLOYCTL_SANDBOX)
    }

    /// The repository of the command line, as far as it is known without a request.
    fn cache_key(&self) -> Option<CacheKey> {
        let flag = self.option("--repo", Some("-R"));
        let git = Git::new(&self.env, &self.folder).ok();
        let target = resolve_target(&self.env, flag, || git.as_ref().ok_or(GitError::Missing));
        #[cfg(feature = "sandbox")]
        if self.is_sandbox() {
            return sandbox_cache_key(git.as_ref(), target);
        }
        let target = target.ok()?;
        Some(CacheKey::new(
            Some(&target.server.endpoints.rest),
            &target.slug,
        ))
    }

    fn cached(&self) -> Option<&CachedRepository> {
        let cached = self.cached.get_or_init(|| {
            let key = self.cache_key()?;
            read_cache(&cache_file(&self.env, &key)?, &key)
        });
        cached.as_ref()
    }

    pub(super) fn environments(&self, current: &str) -> Vec<CompletionCandidate> {
        let Some(cached) = self.cached() else {
            return Vec::new();
        };
        let now = Timestamp::now();
        let newest = |name: &str| {
            cached
                .deployments()
                .iter()
                .find(|one| one.environment == name)
        };
        cached
            .environments()
            .into_iter()
            .filter(|name| name.starts_with(current))
            .map(|name| {
                let help = newest(name)
                    .map(|one| format!("{}, {}", one.ref_name, state_and_age(one, now)));
                CompletionCandidate::new(name).help(help.map(Into::into))
            })
            .collect()
    }

    pub(super) fn deployments(&self, current: &str) -> Vec<CompletionCandidate> {
        let now = Timestamp::now();
        self.cached()
            .map(CachedRepository::deployments)
            .unwrap_or_default()
            .iter()
            .map(|deployment| (deployment.id.to_string(), deployment))
            .filter(|(id, _)| id.starts_with(current) && self.is_new(id, current))
            .map(|(id, one)| {
                let help = format!(
                    "{}, {}, {}",
                    one.environment,
                    one.ref_name,
                    state_and_age(one, now)
                );
                CompletionCandidate::new(id).help(Some(help.into()))
            })
            .collect()
    }

    /// The workflow runs that waited when they were last listed.
    pub(super) fn waiting_runs(&self, current: &str) -> Vec<CompletionCandidate> {
        let mut runs: Vec<(String, Vec<&str>)> = Vec::new();
        let waiting = self.cached().map(CachedRepository::waiting_runs);
        for cached in waiting.unwrap_or_default() {
            let id = cached.run.to_string();
            match runs.iter_mut().find(|(known, _)| *known == id) {
                Some((_, environments)) => environments.push(&cached.environment),
                None => runs.push((id, vec![&cached.environment])),
            }
        }
        runs.into_iter()
            .filter(|(id, _)| id.starts_with(current) && self.is_new(id, current))
            .map(|(id, environments)| {
                let help = format!("waits for {}", environments.join(", "));
                CompletionCandidate::new(id).help(Some(help.into()))
            })
            .collect()
    }

    /// The pull requests whose runs waited when they were last listed.
    pub(super) fn pull_requests(&self, current: &str) -> Vec<CompletionCandidate> {
        let waiting = self.cached().map(CachedRepository::waiting_runs);
        let waiting = waiting.unwrap_or_default().iter();
        let numbers = waiting.filter_map(|cached| cached.pull_request);
        unique(numbers.map(|number| number.to_string()), current)
    }

    /// The refs of cached deployments, then those of the checkout.
    pub(super) fn refs(&self, current: &str) -> Vec<CompletionCandidate> {
        let deployed = self
            .cached()
            .map(CachedRepository::deployments)
            .unwrap_or_default();
        let deployed = deployed.iter().map(|one| one.ref_name.clone());
        let here = Git::new(&self.env, &self.folder).map(|git| git.refs_like(current));
        unique(deployed.chain(here.unwrap_or_default()), current)
    }

    pub(super) fn environments_and_refs(&self, current: &str) -> Vec<CompletionCandidate> {
        let mut candidates = self.environments(current);
        candidates.extend(self.refs(current));
        candidates
    }

    pub(super) fn contexts(&self, current: &str) -> Vec<CompletionCandidate> {
        let contexts = self
            .cached()
            .into_iter()
            .flat_map(CachedRepository::contexts);
        unique(contexts.map(str::to_owned), current)
    }

    pub(super) fn creators(&self, current: &str) -> Vec<CompletionCandidate> {
        let deployments = self
            .cached()
            .map(CachedRepository::deployments)
            .unwrap_or_default();
        unique(
            deployments.iter().filter_map(|one| one.creator.clone()),
            current,
        )
    }

    #[expect(clippy::unused_self, reason = "every source has this signature")]
    pub(super) fn states(&self, current: &str) -> Vec<CompletionCandidate> {
        unique(
            DeploymentState::KNOWN.iter().map(ToString::to_string),
            current,
        )
    }

    /// The stored reports, by their number in `flush --list`.
    #[cfg(feature = "agent")]
    pub(super) fn stored_reports(&self, current: &str) -> Vec<CompletionCandidate> {
        // The reports of an agent are in another outbox.
        if self.option("--config", Some("-c")).is_some() {
            return Vec::new();
        }
        let outbox = Outbox::location(&self.env).and_then(|path| Outbox::open_existing(&path).ok());
        let kept = outbox
            .flatten()
            .and_then(|outbox| outbox.stored_statuses(None).ok());
        kept.unwrap_or_default()
            .into_iter()
            .map(|stored| (stored.id.0.to_string(), stored))
            .filter(|(id, _)| id.starts_with(current) && self.is_new(id, current))
            .map(|(id, stored)| {
                let (state, deployment) = (stored.status.state, stored.deployment);
                let help = format!("{state} of {}, {}", deployment.id, deployment.repo);
                CompletionCandidate::new(id).help(Some(help.into()))
            })
            .collect()
    }

    /// Whether a word is not on the command line yet, except at the cursor.
    fn is_new(&self, word: &str, current: &str) -> bool {
        word == current || !self.words.iter().any(|used| used == word)
    }

    /// The cached repositories of the same server.
    pub(super) fn repositories(&self, current: &str) -> Vec<CompletionCandidate> {
        let root = if self.is_sandbox() {
            "sandbox".to_owned()
        } else {
            // Any repository without a host is on this server.
            match resolve_target(&self.env, Some("any/any"), || Err(GitError::Missing)) {
                Ok(target) => target.server.endpoints.rest.to_string(),
                Err(_) => return Vec::new(),
            }
        };
        unique(cached_repositories(&self.env, &root).into_iter(), current)
    }

    /// The fields of the command's JSON that are not named yet.
    pub(super) fn fields(&self, current: &str) -> Vec<CompletionCandidate> {
        let (before, begun) = current
            .rfind(',')
            .map_or(("", current), |at| current.split_at(at + 1));
        let named: HashSet<&str> = before.split(',').collect();
        let mut command = self.command();
        command.extend(
            self.words
                .iter()
                .map(String::as_str)
                .filter(|word| *word == "--waiting"),
        );
        fields(&command)
            .iter()
            .filter(|field| field.starts_with(begun) && !named.contains(**field))
            .map(|field| CompletionCandidate::new(format!("{before}{field}")))
            .collect()
    }

    /// The commands, and the topics of `help`.
    pub(super) fn commands(&self, current: &str) -> Vec<CompletionCandidate> {
        let before = self.words.len().saturating_sub(1);
        let words = self.words[..before].iter().map(String::as_str);
        let named: Vec<&str> = words
            .skip(2)
            .filter(|word| !word.starts_with('-'))
            .collect();
        unique(names_for_help(&self.root, &named).into_iter(), current)
    }
}

fn state_and_age(one: &CachedDeployment, now: Timestamp) -> String {
    let age = time::ago(one.created, now);
    match &one.state {
        Some(state) => format!("{state}, {age}"),
        None => age,
    }
}

fn unique(values: impl Iterator<Item = String>, current: &str) -> Vec<CompletionCandidate> {
    let mut seen = HashSet::new();
    values
        .filter(|value| value.starts_with(current) && seen.insert(value.clone()))
        .map(CompletionCandidate::new)
        .collect()
}
