//! Pull requests and their commits
//! (<https://docs.github.com/graphql/reference/objects#pullrequest>).

use std::sync::Arc;

use async_graphql::{Enum, ID, InputObject, Object};

use super::actor::Actor;
use super::commit::Commit;
use super::owner::User;
use super::page::{Connection, OrderDirection, PageArguments, connection};
use super::problem::{Problem, Result};
use super::repository::Repository;
use super::scalars::{DateTime, GitObjectId, Uri};
use super::session::{READ_CONTENTS, READ_PULLS};
use crate::ids::NodeId;
use crate::rules::Failure;
use crate::store::{self, Pull};

/// The possible states of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PullRequestState {
    /// A pull request that has been closed without being merged.
    Closed,
    /// A pull request that has been closed by being merged.
    Merged,
    /// A pull request that is still open.
    Open,
}

/// Properties by which pull_requests connections can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PullRequestOrderField {
    /// Order pull_requests by creation time
    CreatedAt,
    /// Order pull_requests by update time
    UpdatedAt,
}

/// Ways in which lists of issues can be ordered upon return.
#[derive(Debug, Clone, InputObject)]
pub(super) struct PullRequestOrder {
    /// The direction in which to order pull requests by the specified field.
    direction: OrderDirection,
    /// The field in which to order pull requests by.
    field: PullRequestOrderField,
}

impl PullRequestOrder {
    /// The order without an argument.
    pub(super) fn usual() -> Self {
        Self {
            direction: OrderDirection::Asc,
            field: PullRequestOrderField::CreatedAt,
        }
    }
}

connection!(PullRequest, "PullRequestConnection", "PullRequestEdge");
connection!(
    PullRequestCommit,
    "PullRequestCommitConnection",
    "PullRequestCommitEdge"
);

/// A pull request of a repository.
#[derive(Debug, Clone)]
pub(super) struct PullRequest {
    repository: Repository,
    row: Arc<Pull>,
}

impl PullRequest {
    fn new(repository: &Repository, row: Pull) -> Self {
        Self {
            repository: repository.clone(),
            row: Arc::new(row),
        }
    }

    /// A pull request by number; `None` if it does not exist.
    pub(super) fn find(repository: &Repository, number: i64) -> Result<Option<Self>> {
        let session = &repository.session;
        repository.demand(READ_PULLS)?;
        match session.core.pull(&repository.row, number) {
            Ok(row) => Ok(Some(Self::new(repository, row))),
            Err(Failure::NotFound) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// A pull request by id; `None` if it does not exist.
    pub(super) fn find_by_id(repository: &Repository, id: i64) -> Result<Option<Self>> {
        let session = &repository.session;
        repository.demand(READ_PULLS)?;
        let owner = repository.row.id;
        let store = &session.core.store;
        let found = store.read(|read| Pull::by_id(read, owner, id))?;
        Ok(found.map(|row| Self::new(repository, row)))
    }

    /// A page of the pull requests that brought a commit.
    pub(super) fn list_of_commit(
        repository: &Repository,
        sha: &str,
        order: Option<PullRequestOrder>,
        arguments: &PageArguments,
    ) -> Result<Connection<Self>> {
        let session = &repository.session;
        repository.demand(READ_PULLS)?;
        let requested = arguments.check("associatedPullRequests")?;
        let asked = order.unwrap_or_else(PullRequestOrder::usual);
        let order = store::PullFilter {
            by_change: asked.field == PullRequestOrderField::UpdatedAt,
            ascending: asked.direction == OrderDirection::Asc,
            ..store::PullFilter::default()
        };
        let core = &session.core;
        let pulls = core.pulls_of_commit(&repository.row, sha, &order)?;
        let page = requested.cut_by_position(pulls);
        Ok(page.map(|row| Self::new(repository, row)))
    }

    fn path(&self) -> String {
        let name = self.repository.row.full_name();
        format!("/{name}/pull/{}", self.row.number)
    }

    fn time(seconds: Option<i64>) -> Option<DateTime> {
        seconds.map(DateTime::from_seconds)
    }
}

/// A repository pull request.
#[Object]
impl PullRequest {
    /// The actor who authored the comment.
    async fn author(&self) -> Option<Actor> {
        Some(User::new(&self.repository.session, self.row.user.clone()).into())
    }

    /// Identifies the name of the base Ref associated with the pull request, even if the ref has been deleted.
    async fn base_ref_name(&self) -> String {
        self.row.base.clone()
    }

    /// Identifies the oid of the base ref associated with the pull request, even if the ref has been deleted.
    async fn base_ref_oid(&self) -> GitObjectId {
        GitObjectId(self.row.base_sha.clone())
    }

    /// `true` if the pull request is closed
    async fn closed(&self) -> bool {
        self.row.closed_at.is_some()
    }

    /// Identifies the date and time when the object was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        Self::time(self.row.closed_at)
    }

    /// A list of commits present in this pull request's head branch not present in the base branch.
    async fn commits(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<PullRequestCommit>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let session = &self.repository.session;
        self.repository.demand(READ_CONTENTS)?;
        let requested = arguments.check("commits")?;
        let (base, head) = (&self.row.base_sha, &self.row.head_sha);
        let mut shas = Vec::new();
        if let Some(git) = session.core.git(&self.repository.row)?
            && let Some(base) = git.resolve(base).map_err(Failure::from)?
            && let Some(head) = git.resolve(head).map_err(Failure::from)?
        {
            let found = git.ids_between(&base.sha, &head.sha);
            shas = found.map_err(Failure::from)?;
        }
        let page = requested.cut_by_position(shas);
        Ok(page.map(|sha| PullRequestCommit {
            pull_request: self.clone(),
            sha,
        }))
    }

    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// Identifies the name of the head Ref associated with the pull request, even if the ref has been deleted.
    async fn head_ref_name(&self) -> String {
        self.row.head.clone()
    }

    /// Identifies the oid of the head ref associated with the pull request, even if the ref has been deleted.
    async fn head_ref_oid(&self) -> GitObjectId {
        GitObjectId(self.row.head_sha.clone())
    }

    /// The Node ID of the PullRequest object
    pub(super) async fn id(&self) -> ID {
        NodeId::PullRequest(self.repository.row.id, self.row.id)
            .encode()
            .into()
    }

    /// The head and base repositories are different.
    async fn is_cross_repository(&self) -> bool {
        false
    }

    /// Identifies if the pull request is a draft.
    async fn is_draft(&self) -> bool {
        false
    }

    /// The commit that was created when this pull request was merged.
    async fn merge_commit(&self) -> Result<Option<Commit>> {
        let Some(sha) = &self.row.merge_commit_sha else {
            return Ok(None);
        };
        self.repository.demand(READ_CONTENTS)?;
        Commit::find(&self.repository, sha)
    }

    /// Whether or not the pull request was merged.
    async fn merged(&self) -> bool {
        self.row.merged_at.is_some()
    }

    /// The date and time that the pull request was merged.
    async fn merged_at(&self) -> Option<DateTime> {
        Self::time(self.row.merged_at)
    }

    /// Identifies the pull request number.
    async fn number(&self) -> i32 {
        i32::try_from(self.row.number).unwrap_or(i32::MAX)
    }

    /// The repository associated with this node.
    async fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// The HTTP path for this pull request.
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// Identifies the state of the pull request.
    async fn state(&self) -> PullRequestState {
        match (self.row.merged_at, self.row.closed_at) {
            (Some(_), _) => PullRequestState::Merged,
            (None, Some(_)) => PullRequestState::Closed,
            (None, None) => PullRequestState::Open,
        }
    }

    /// Identifies the pull request title.
    async fn title(&self) -> String {
        self.row.title.clone()
    }

    /// Identifies the date and time when the object was last updated.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.updated_at)
    }

    /// The HTTP URL for this pull request.
    pub(super) async fn url(&self) -> Uri {
        let web = &self.repository.session.viewer.web;
        Uri(format!("{web}{}", self.path()))
    }
}

/// A commit of a pull request.
#[derive(Debug, Clone)]
pub(super) struct PullRequestCommit {
    pull_request: PullRequest,
    sha: String,
}

impl PullRequestCommit {
    fn path(&self) -> String {
        format!("{}/commits/{}", self.pull_request.path(), self.sha)
    }
}

/// Represents a Git commit part of a pull request.
#[Object]
impl PullRequestCommit {
    /// The Git commit object
    async fn commit(&self) -> Result<Commit> {
        let found = Commit::find(&self.pull_request.repository, &self.sha)?;
        found.ok_or_else(|| Problem::new("NOT_FOUND", "The commit no longer exists."))
    }

    /// The Node ID of the PullRequestCommit object
    pub(super) async fn id(&self) -> ID {
        let id = format!("{}:{}", self.pull_request.row.id, self.sha);
        NodeId::PullRequestCommit(self.pull_request.repository.row.id, id)
            .encode()
            .into()
    }

    /// The pull request this commit belongs to
    async fn pull_request(&self) -> PullRequest {
        self.pull_request.clone()
    }

    /// The HTTP path for this pull request commit
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// The HTTP URL for this pull request commit
    pub(super) async fn url(&self) -> Uri {
        let web = &self.pull_request.repository.session.viewer.web;
        Uri(format!("{web}{}", self.path()))
    }
}
