//! Repositories
//! (<https://docs.github.com/graphql/reference/objects#repository>).

use std::sync::Arc;

use async_graphql::{ID, Object};

use super::commit::Commit;
use super::deployment::{Deployment, DeploymentOrder};
use super::environment::{Environment, EnvironmentOrder, EnvironmentPinnedFilterField};
use super::git_object::{GitObject, TreeEntry};
use super::owner::RepositoryOwner;
use super::page::{Connection, OrderDirection, PageArguments};
use super::problem::{Problem, Result};
use super::pull_request::PullRequest;
use super::reference::{Ref, RefOrder};
use super::repository_arguments::{RepositoryPermission, RepositoryVisibility};
use super::scalars::{DateTime, GitObjectId, Uri};
use super::session::{READ_CONTENTS, READ_ENVIRONMENTS, Session, WRITE_DEPLOYMENTS};
use super::topic::RepositoryTopic;
use crate::access::{Access, Need};
use crate::ids::NodeId;
use crate::rules::Failure;
use crate::store;

/// A repository that the caller may see.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    pub(super) session: Arc<Session>,
    pub(super) row: Arc<store::Repository>,
}

impl Repository {
    pub(super) fn new(session: &Arc<Session>, row: Arc<store::Repository>) -> Self {
        Self {
            session: Arc::clone(session),
            row,
        }
    }

    /// Fails unless the token has a right.
    pub(super) fn demand(&self, need: Need) -> Result<()> {
        if self.session.may(need, &self.row) {
            return Ok(());
        }
        let message = "Resource not accessible by personal access token";
        Err(Problem::new("FORBIDDEN", message))
    }

    /// Fails unless the token has the right that a mutation requires, and the
    /// repository can be written.
    pub(super) fn demand_write(&self, need: Need, mutation: &str) -> Result<()> {
        let viewer = &self.session.viewer;
        if !self.session.may(need, &self.row) && matches!(viewer.access, Access::Classic(_)) {
            let login = &viewer.user.login;
            let message =
                format!("{login} does not have the correct permissions to execute `{mutation}`");
            return Err(Problem::new("FORBIDDEN", message));
        }
        self.demand(need)?;
        if self.row.settings.is_archived {
            let message = "Repository was archived so is read-only.";
            return Err(Problem::new("FORBIDDEN", message));
        }
        Ok(())
    }

    /// A repository by its name, or an old name if renames are followed; an error
    /// if it does not exist for the caller.
    pub(super) fn by_name(
        session: &Arc<Session>,
        owner: &str,
        name: &str,
        follow_renames: Option<bool>,
    ) -> Result<Self> {
        let core = &session.core;
        let mut found = core.repository(owner, name)?;
        if found.is_none() && follow_renames != Some(false) {
            found = core.renamed_repository(owner, name)?;
        }
        let found = found.map(|found| session.admit(found)).transpose()?;
        match found.flatten() {
            Some(row) => Ok(Self::new(session, Arc::new(row))),
            None => Err(Problem::new(
                "NOT_FOUND",
                format!("Could not resolve to a Repository with the name '{owner}/{name}'."),
            )),
        }
    }

    /// A repository by id; `None` if it does not exist for the caller.
    pub(super) fn by_id(session: &Arc<Session>, id: i64) -> Result<Option<Self>> {
        let row = session.repository(id)?;
        Ok(row.map(|row| Self::new(session, row)))
    }
}

/// A repository contains the content for a project.
#[Object]
impl Repository {
    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.row.id).ok()
    }

    /// The Ref associated with the repository's default branch.
    async fn default_branch_ref(&self) -> Result<Option<Ref>> {
        self.demand(READ_CONTENTS)?;
        let Some(git) = self.session.core.git(&self.row)? else {
            return Ok(None);
        };
        let name = git.default_branch().map_err(Failure::from)?;
        Ref::find(self, &format!("refs/heads/{name}"))
    }

    /// Deployments associated with the repository
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
    ) -> Result<Connection<Deployment>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        Deployment::list(self, &arguments, environments, order_by, None)
    }

    /// Returns a single active environment from the current repository by name.
    async fn environment(
        &self,
        #[graphql(desc = "The name of the environment to be returned.")] name: String,
    ) -> Result<Option<Environment>> {
        self.demand(READ_ENVIRONMENTS)?;
        let row = self.session.core.environment(&self.row, &name)?;
        Ok(row.map(|row| Environment::new(self, row)))
    }

    /// A list of environments that are in this repository.
    #[expect(clippy::too_many_arguments, reason = "they are GitHub's")]
    async fn environments(
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
            desc = "The names of the environments to be returned.",
            default_with = "Some(Vec::new())"
        )]
        names: Option<Vec<String>>,
        #[graphql(
            desc = "Ordering options for the environments",
            default_with = "Some(EnvironmentOrder::usual())"
        )]
        order_by: Option<EnvironmentOrder>,
        #[graphql(
            desc = "Filter to control pinned environments return",
            default_with = "Some(EnvironmentPinnedFilterField::All)"
        )]
        pinned_environment_filter: Option<EnvironmentPinnedFilterField>,
    ) -> Result<Connection<Environment>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let pinned = pinned_environment_filter;
        Environment::list(self, &arguments, names.as_deref(), order_by, pinned)
    }

    /// The Node ID of the Repository object
    pub(super) async fn id(&self) -> ID {
        NodeId::Repository(self.row.id).encode().into()
    }

    /// Indicates if the repository is unmaintained.
    async fn is_archived(&self) -> bool {
        self.row.settings.is_archived
    }

    /// Returns whether or not this repository disabled.
    async fn is_disabled(&self) -> bool {
        false
    }

    /// Identifies if the repository is a fork.
    async fn is_fork(&self) -> bool {
        false
    }

    /// Indicates if a repository is either owned by an organization, or is a private fork of an organization repository.
    async fn is_in_organization(&self) -> bool {
        self.row.is_in_organization
    }

    /// Identifies if the repository is private or internal.
    async fn is_private(&self) -> bool {
        self.session.core.visibility(&self.row).is_private()
    }

    /// The name of the repository.
    async fn name(&self) -> String {
        self.row.name.clone()
    }

    /// The repository's name with owner.
    async fn name_with_owner(&self) -> String {
        self.row.full_name()
    }

    /// A Git object in the repository
    async fn object(
        &self,
        #[graphql(desc = "A Git revision expression suitable for rev-parse")] expression: Option<
            String,
        >,
        #[graphql(desc = "The Git object ID")] oid: Option<GitObjectId>,
    ) -> Result<Option<GitObject>> {
        self.demand(READ_CONTENTS)?;
        let text = match (oid, expression) {
            (Some(oid), _) => oid.0,
            (None, Some(expression)) => expression,
            (None, None) => {
                let message = "An oid or expression argument is required.";
                return Err(Problem::new("ARGUMENT_ERROR", message));
            }
        };
        let (revision, path) = match text.split_once(':') {
            Some((revision, path)) => (revision, Some(path)),
            None => (text.as_str(), None),
        };
        let Some(found) = self.session.resolve(&self.row, revision)? else {
            return Ok(None);
        };
        if let Some(path) = path {
            let entry = TreeEntry::find(self, &found.sha, path)?;
            let blob = entry.map(|entry| entry.blob()).transpose()?;
            return Ok(blob.flatten().map(GitObject::from));
        }
        let commit = Commit::find(self, &found.sha)?;
        Ok(commit.map(GitObject::from))
    }

    /// The User owner of the repository.
    async fn owner(&self) -> RepositoryOwner {
        RepositoryOwner::of(self)
    }

    /// Returns a single pull request from the current repository by number.
    async fn pull_request(
        &self,
        #[graphql(desc = "The number for the pull request to be returned.")] number: i32,
    ) -> Result<Option<PullRequest>> {
        let found = PullRequest::find(self, number.into())?;
        let message = format!("Could not resolve to a PullRequest with the number of {number}.");
        found
            .map(Some)
            .ok_or_else(|| Problem::new("NOT_FOUND", message))
    }

    /// Identifies the date and time when the repository was last pushed to.
    async fn pushed_at(&self) -> Option<DateTime> {
        Some(DateTime::from_seconds(self.row.pushed_at))
    }

    /// Fetch a given ref from the repository
    #[graphql(name = "ref")]
    async fn reference(
        &self,
        #[graphql(
            desc = "The ref to retrieve. Fully qualified matches are checked in order (`refs/heads/master`) before falling back onto checks for short name matches (`master`)."
        )]
        qualified_name: String,
    ) -> Result<Option<Ref>> {
        self.demand(READ_CONTENTS)?;
        Ref::find(self, &qualified_name)
    }

    /// Fetch a list of refs from the repository
    #[expect(clippy::too_many_arguments, reason = "they are GitHub's")]
    async fn refs(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "DEPRECATED: use orderBy. The ordering direction.")] direction: Option<
            OrderDirection,
        >,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
        #[graphql(desc = "Ordering options for refs returned from the connection.")]
        order_by: Option<RefOrder>,
        #[graphql(desc = "Filters refs with query on name")] query: Option<String>,
        #[graphql(desc = "A ref name prefix like `refs/heads/`, `refs/tags/`, etc.")]
        ref_prefix: String,
    ) -> Result<Option<Connection<Ref>>> {
        self.demand(READ_CONTENTS)?;
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let direction = order_by.map_or(direction, |order| Some(order.direction));
        let descending = direction == Some(OrderDirection::Desc);
        Ref::list(self, &arguments, &ref_prefix, query.as_deref(), descending).map(Some)
    }

    /// A list of applied repository-topic associations for this repository.
    async fn repository_topics(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<RepositoryTopic>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let topics = self.row.settings.topics.clone();
        let page = arguments.check("repositoryTopics")?.cut_by_position(topics);
        Ok(page.map(|name| RepositoryTopic::new(&self.session, name)))
    }

    /// The HTTP path for this repository
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}", self.row.full_name()))
    }

    /// Identifies the date and time when the object was last updated.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.updated_at)
    }

    /// The HTTP URL for this repository
    pub(super) async fn url(&self) -> Uri {
        let web = &self.session.viewer.web;
        Uri(format!("{web}/{}", self.row.full_name()))
    }

    /// The users permission level on the repository. Will return null if authenticated as an GitHub App.
    async fn viewer_permission(&self) -> Option<RepositoryPermission> {
        Some(match self.session.viewer.access {
            Access::Full => RepositoryPermission::Admin,
            _ if self.session.may(WRITE_DEPLOYMENTS, &self.row) => RepositoryPermission::Write,
            _ => RepositoryPermission::Read,
        })
    }

    /// Indicates the repository's visibility level.
    async fn visibility(&self) -> RepositoryVisibility {
        self.session.core.visibility(&self.row).into()
    }
}
