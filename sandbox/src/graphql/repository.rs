//! Repositories
//! (<https://docs.github.com/graphql/reference/objects#repository>).

use std::sync::Arc;

use super::commit::Commit;
use super::deployment::Deployment;
use super::environment::Environment;
use super::git_object::TreeEntry;
use super::object::{Field, Object, Output};
use super::owner::Owner;
use super::page::PageArguments;
use super::problem::{Problem, Result};
use super::pull_request::PullRequest;
use super::reference::Ref;
use super::repository_arguments::RepositoryVisibility;
use super::scalars::{short, time};
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

impl Object for Repository {
    fn kind(&self) -> &'static str {
        "Repository"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (session, row) = (&self.session, &self.row);
        let path = || format!("/{}", row.full_name());
        Ok(match field.name() {
            "createdAt" => time(row.created_at).into(),
            "databaseId" => short(row.id).into(),
            "defaultBranchRef" => self.default_branch_ref()?.into(),
            "deployments" => Deployment::list(self, field, None)?.output(field),
            "environment" => {
                self.demand(READ_ENVIRONMENTS)?;
                let name: String = field.argument("name")?;
                let found = session.core.environment(row, &name)?;
                found.map(|found| Environment::new(self, found)).into()
            }
            "environments" => Environment::list(self, field)?.output(field),
            "id" => NodeId::Repository(row.id).encode().into(),
            "isArchived" => row.settings.is_archived.into(),
            "isDisabled" | "isFork" => false.into(),
            "isInOrganization" => row.is_in_organization.into(),
            "isPrivate" => session.core.visibility(row).is_private().into(),
            "name" => row.name.as_str().into(),
            "nameWithOwner" => row.full_name().into(),
            "object" => self.object(field)?,
            "owner" => Owner::new(session, row.owner.clone(), row.is_in_organization).into(),
            "pullRequest" => self.pull_request(field.argument("number")?)?.into(),
            "pushedAt" => time(row.pushed_at).into(),
            "ref" => {
                self.demand(READ_CONTENTS)?;
                let name: String = field.argument("qualifiedName")?;
                Ref::find(self, &name)?.into()
            }
            "refs" => {
                self.demand(READ_CONTENTS)?;
                Ref::list(self, field)?.output(field)
            }
            "repositoryTopics" => {
                let arguments: PageArguments = field.arguments()?;
                let topics = row.settings.topics.clone();
                let page = arguments.check("repositoryTopics")?.cut_by_position(topics);
                page.map(|name| RepositoryTopic::new(session, name))
                    .output(field)
            }
            "resourcePath" => path().into(),
            "updatedAt" => time(row.updated_at).into(),
            "url" => session.url(&path()).into(),
            "viewerPermission" => match session.viewer.access {
                Access::Full => "ADMIN".into(),
                _ if session.may(WRITE_DEPLOYMENTS, row) => "WRITE".into(),
                _ => "READ".into(),
            },
            "visibility" => {
                let visibility = RepositoryVisibility::from(session.core.visibility(row));
                visibility.as_str().into()
            }
            _ => return Err(field.unknown()),
        })
    }
}

impl Repository {
    fn default_branch_ref(&self) -> Result<Option<Ref>> {
        self.demand(READ_CONTENTS)?;
        let Some(git) = self.session.core.git(&self.row)? else {
            return Ok(None);
        };
        let name = git.default_branch().map_err(Failure::from)?;
        Ref::find(self, &format!("refs/heads/{name}"))
    }

    fn object(&self, field: Field<'_>) -> Result<Output> {
        self.demand(READ_CONTENTS)?;
        let (oid, expression): (Option<String>, Option<String>) =
            (field.argument("oid")?, field.argument("expression")?);
        let Some(text) = oid.or(expression) else {
            let message = "An oid or expression argument is required.";
            return Err(Problem::new("ARGUMENT_ERROR", message));
        };
        let (revision, path) = match text.split_once(':') {
            Some((revision, path)) => (revision, Some(path)),
            None => (text.as_str(), None),
        };
        let Some(found) = self.session.resolve(&self.row, revision)? else {
            return Ok(Output::NULL);
        };
        if let Some(path) = path {
            let entry = TreeEntry::find(self, &found.sha, path)?;
            let blob = entry.map(|entry| entry.blob()).transpose()?;
            return Ok(blob.flatten().into());
        }
        Ok(Commit::find(self, &found.sha)?.into())
    }

    fn pull_request(&self, number: i32) -> Result<PullRequest> {
        let found = PullRequest::find(self, number.into())?;
        let message = format!("Could not resolve to a PullRequest with the number of {number}.");
        found.ok_or_else(|| Problem::new("NOT_FOUND", message))
    }
}
