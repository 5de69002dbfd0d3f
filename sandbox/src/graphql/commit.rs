//! Commits and their statuses
//! (<https://docs.github.com/graphql/reference/objects#commit>).

use std::sync::Arc;

use async_graphql::{ID, Object};

use super::check_suite::{CheckSuite, CheckSuiteFilter};
use super::commit_status::{Status, StatusCheckRollup, StatusContext, StatusState};
use super::deployment::{Deployment, DeploymentOrder};
use super::git_actor::GitActor;
use super::git_object::TreeEntry;
use super::page::{Connection, PageArguments};
use super::problem::Result;
use super::pull_request::{PullRequest, PullRequestOrder};
use super::repository::Repository;
use super::scalars::{DateTime, GitObjectId, Uri};
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

    fn path(&self) -> String {
        let name = self.repository.row.full_name();
        format!("/{name}/commit/{}", self.info.sha)
    }

    fn address(&self) -> Uri {
        let web = &self.repository.session.viewer.web;
        Uri(format!("{web}{}", self.path()))
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

    fn combined(contexts: &[CommitStatus]) -> Option<StatusState> {
        if contexts.is_empty() {
            return None;
        }
        let states = contexts.iter().map(|status| status.state);
        Some(CheckState::combined(states).into())
    }
}

/// Represents a Git commit.
#[Object]
impl Commit {
    /// An abbreviated version of the Git object ID
    pub(super) async fn abbreviated_oid(&self) -> String {
        self.info.sha.chars().take(7).collect()
    }

    /// The merged Pull Request that introduced the commit to the repository. If the commit is not present in the default branch, additionally returns open Pull Requests associated with the commit
    async fn associated_pull_requests(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
        #[graphql(
            desc = "Ordering options for pull requests.",
            default_with = "Some(PullRequestOrder::usual())"
        )]
        order_by: Option<PullRequestOrder>,
    ) -> Result<Option<Connection<PullRequest>>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let sha = &self.info.sha;
        PullRequest::list_of_commit(&self.repository, sha, order_by, &arguments).map(Some)
    }

    /// Authorship details of the commit.
    async fn author(&self) -> Option<GitActor> {
        Some(GitActor::new(&self.repository.session, &self.info.author))
    }

    /// The list of authors for this commit based on the git author and the Co-authored-by
    /// message trailer. The git author will always be first.
    async fn authors(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<GitActor>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        GitActor::list(&self.repository.session, &self.info, &arguments)
    }

    /// The check suites associated with a commit.
    async fn check_suites(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Filters the check suites by this type.")] filter_by: Option<
            CheckSuiteFilter,
        >,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Option<Connection<CheckSuite>>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let sha = &self.info.sha;
        CheckSuite::list(&self.repository, sha, filter_by.as_ref(), &arguments).map(Some)
    }

    /// The HTTP path for this Git object
    pub(super) async fn commit_resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// The HTTP URL for this Git object
    pub(super) async fn commit_url(&self) -> Uri {
        self.address()
    }

    /// The datetime when this commit was committed.
    async fn committed_date(&self) -> DateTime {
        DateTime::from_seconds(self.info.committer.seconds)
    }

    /// The deployments associated with a commit.
    #[expect(clippy::too_many_arguments, reason = "they are GitHub's")]
    async fn deployments(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Environments to list deployments for")] environments: Option<Vec<String>>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
        #[graphql(
            desc = "Ordering options for deployments returned from the connection.",
            default_with = "Some(DeploymentOrder::usual())"
        )]
        order_by: Option<DeploymentOrder>,
    ) -> Result<Option<Connection<Deployment>>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let sha = Some(self.info.sha.clone());
        Deployment::list(&self.repository, &arguments, environments, order_by, sha).map(Some)
    }

    /// The tree entry representing the file located at the given path.
    async fn file(
        &self,
        #[graphql(desc = "The path for the file")] path: String,
    ) -> Result<Option<TreeEntry>> {
        TreeEntry::find(&self.repository, &self.info.sha, &path)
    }

    /// The Node ID of the Commit object
    pub(super) async fn id(&self) -> ID {
        NodeId::Commit(self.repository.row.id, self.info.sha.clone())
            .encode()
            .into()
    }

    /// The Git commit message headline
    async fn message_headline(&self) -> String {
        let headline = self.info.message.lines().next();
        headline.unwrap_or_default().to_owned()
    }

    /// The Git object ID
    pub(super) async fn oid(&self) -> GitObjectId {
        GitObjectId(self.info.sha.clone())
    }

    /// The Repository this commit belongs to
    pub(super) async fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// The HTTP path for this commit
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// Status information for this commit
    async fn status(&self) -> Result<Option<Status>> {
        let contexts = self.contexts()?;
        let state = Self::combined(&contexts);
        let repository = self.repository.row.id;
        let contexts = contexts.into_iter();
        let contexts = contexts.map(|row| StatusContext::new(repository, row));
        Ok(state.map(|state| Status::new(contexts.collect(), state)))
    }

    /// Check and Status rollup information for this commit.
    async fn status_check_rollup(&self) -> Result<Option<StatusCheckRollup>> {
        let state = Self::combined(&self.contexts()?);
        Ok(state.map(StatusCheckRollup::new))
    }

    /// The HTTP URL for this commit
    pub(super) async fn url(&self) -> Uri {
        self.address()
    }
}
