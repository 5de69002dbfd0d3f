//! Commits and their statuses
//! (<https://docs.github.com/graphql/reference/objects#commit>).

use std::sync::Arc;

use super::check_suite::CheckSuite;
use super::commit_status::{StatusContext, status_state};
use super::deployment::Deployment;
use super::git_actor::GitActor;
use super::git_object::TreeEntry;
use super::object::{Field, Object, Output};
use super::problem::{Problem, Result};
use super::pull_request::PullRequest;
use super::repository::Repository;
use super::scalars::time;
use super::session::READ_STATUSES;
use crate::git::CommitInfo;
use crate::ids::NodeId;
use crate::store::{CheckState, CommitStatus};

/// A commit of a repository.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    repository: Repository,
    info: Arc<CommitInfo>,
}

impl Commit {
    /// A commit by its full id; `None` if the repository lacks it.
    pub(super) fn find(repository: &Repository, sha: &str) -> Result<Option<Self>> {
        let found = repository.session.commit(&repository.row, sha)?;
        Ok(found.map(|info| Self {
            repository: repository.clone(),
            info,
        }))
    }

    /// A commit by its full id; an error if the repository lacks it.
    pub(super) fn get(repository: &Repository, sha: &str) -> Result<Self> {
        let gone = || Problem::new("NOT_FOUND", "The commit no longer exists.");
        Self::find(repository, sha)?.ok_or_else(gone)
    }

    /// The latest status of each context.
    fn contexts(&self) -> Result<Vec<CommitStatus>> {
        let session = &self.repository.session;
        self.repository.demand(READ_STATUSES)?;
        let id = self.repository.row.id;
        session
            .core
            .store
            .read(|read| Ok(CommitStatus::contexts(read, id, &self.info.sha)?))
    }

    /// The combined state of the latest statuses; `None` without any.
    fn combined(contexts: &[CommitStatus]) -> Option<&'static str> {
        if contexts.is_empty() {
            return None;
        }
        let states = contexts.iter().map(|status| status.state);
        Some(status_state(CheckState::combined(states)))
    }
}

impl Object for Commit {
    fn kind(&self) -> &'static str {
        "Commit"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, sha) = (&self.repository, &self.info.sha);
        let session = &repository.session;
        let path = || format!("/{}/commit/{sha}", repository.row.full_name());
        Ok(match field.name() {
            "abbreviatedOid" => sha.get(..7).into(),
            "associatedPullRequests" => {
                PullRequest::list_of_commit(repository, sha, field)?.output(field)
            }
            "author" => GitActor::new(session, &self.info.author).into(),
            "authors" => GitActor::list(session, &self.info, &field.arguments()?)?.output(field),
            "checkSuites" => CheckSuite::list(repository, sha, field)?.output(field),
            "commitResourcePath" | "resourcePath" => path().into(),
            "commitUrl" | "url" => session.url(&path()).into(),
            "committedDate" => time(self.info.committer.seconds).into(),
            "deployments" => Deployment::list(repository, field, Some(sha))?.output(field),
            "file" => {
                let path: String = field.argument("path")?;
                TreeEntry::find(repository, sha, &path)?.into()
            }
            "id" => NodeId::Commit(repository.row.id, sha.clone())
                .encode()
                .into(),
            "messageHeadline" => self.info.message.lines().next().unwrap_or_default().into(),
            "oid" => sha.as_str().into(),
            "repository" => repository.clone().into(),
            "status" => {
                let contexts = self.contexts()?;
                let state = Self::combined(&contexts);
                let contexts = contexts.into_iter();
                let contexts: Vec<StatusContext> = contexts
                    .map(|row| StatusContext::new(repository.row.id, row))
                    .collect();
                let status = |state: &str| {
                    field.record([("contexts", contexts.into()), ("state", state.into())])
                };
                state.map(status).into()
            }
            "statusCheckRollup" => {
                let state = Self::combined(&self.contexts()?);
                let rollup = state.map(|state| field.record([("state", state.into())]));
                rollup.into()
            }
            _ => return Err(field.unknown()),
        })
    }
}
