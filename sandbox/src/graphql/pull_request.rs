//! Pull requests and their commits
//! (<https://docs.github.com/graphql/reference/objects#pullrequest>).

use std::sync::Arc;

use serde::Deserialize;

use super::commit::Commit;
use super::object::{Field, Object, Output};
use super::owner::Owner;
use super::page::{Connection, OrderDirection, PageArguments};
use super::problem::Result;
use super::repository::Repository;
use super::scalars::{capped, time};
use super::session::{READ_CONTENTS, READ_PULLS};
use crate::ids::NodeId;
use crate::rules::Failure;
use crate::store::{self, Pull};

/// Properties by which pull requests can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum PullRequestOrderField {
    CreatedAt,
    UpdatedAt,
}

/// The order of a list of pull requests.
#[derive(Debug, Clone, Deserialize)]
struct PullRequestOrder {
    direction: OrderDirection,
    field: PullRequestOrderField,
}

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
        field: Field<'_>,
    ) -> Result<Connection<Self>> {
        let session = &repository.session;
        repository.demand(READ_PULLS)?;
        let arguments: PageArguments = field.arguments()?;
        let order: Option<PullRequestOrder> = field.argument("orderBy")?;
        let requested = arguments.check("associatedPullRequests")?;
        let order = store::PullFilter {
            by_change: order
                .as_ref()
                .is_some_and(|order| order.field == PullRequestOrderField::UpdatedAt),
            ascending: order.is_none_or(|order| order.direction == OrderDirection::Asc),
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
}

impl Object for PullRequest {
    fn kind(&self) -> &'static str {
        "PullRequest"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, row) = (&self.repository, &self.row);
        let session = &repository.session;
        Ok(match field.name() {
            "author" => Owner::user(session, row.user.clone()).into(),
            "baseRefName" => row.base.as_str().into(),
            "baseRefOid" => row.base_sha.as_str().into(),
            "closed" => row.closed_at.is_some().into(),
            "closedAt" => row.closed_at.map(time).into(),
            "commits" => self.commits(&field.arguments()?)?.output(field),
            "createdAt" => time(row.created_at).into(),
            "headRefName" => row.head.as_str().into(),
            "headRefOid" => row.head_sha.as_str().into(),
            "id" => NodeId::PullRequest(repository.row.id, row.id)
                .encode()
                .into(),
            "isCrossRepository" | "isDraft" => false.into(),
            "mergeCommit" => match &row.merge_commit_sha {
                Some(sha) => {
                    repository.demand(READ_CONTENTS)?;
                    Commit::find(repository, sha)?.into()
                }
                None => Output::NULL,
            },
            "merged" => row.merged_at.is_some().into(),
            "mergedAt" => row.merged_at.map(time).into(),
            "number" => capped(row.number).into(),
            "repository" => repository.clone().into(),
            "resourcePath" => self.path().into(),
            "state" => match (row.merged_at, row.closed_at) {
                (Some(_), _) => "MERGED".into(),
                (None, Some(_)) => "CLOSED".into(),
                (None, None) => "OPEN".into(),
            },
            "title" => row.title.as_str().into(),
            "updatedAt" => time(row.updated_at).into(),
            "url" => session.url(&self.path()).into(),
            _ => return Err(field.unknown()),
        })
    }
}

impl PullRequest {
    fn commits(&self, arguments: &PageArguments) -> Result<Connection<PullRequestCommit>> {
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
}

/// A commit of a pull request.
#[derive(Debug, Clone)]
pub(super) struct PullRequestCommit {
    pull_request: PullRequest,
    sha: String,
}

impl Object for PullRequestCommit {
    fn kind(&self) -> &'static str {
        "PullRequestCommit"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let pull_request = &self.pull_request;
        let path = || format!("{}/commits/{}", pull_request.path(), self.sha);
        Ok(match field.name() {
            "commit" => Commit::get(&pull_request.repository, &self.sha)?.into(),
            "id" => {
                let id = format!("{}:{}", pull_request.row.id, self.sha);
                let repository = pull_request.repository.row.id;
                NodeId::PullRequestCommit(repository, id).encode().into()
            }
            "pullRequest" => pull_request.clone().into(),
            "resourcePath" => path().into(),
            "url" => pull_request.repository.session.url(&path()).into(),
            _ => return Err(field.unknown()),
        })
    }
}
