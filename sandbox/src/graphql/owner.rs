//! The owners of repositories: users and organizations
//! (<https://docs.github.com/graphql/reference/interfaces#repositoryowner>).

use std::sync::Arc;

use serde::Deserialize;

use super::object::{Field, Object, Output};
use super::page::{Connection, OrderDirection, PageArguments};
use super::problem::{Problem, Result};
use super::repository::Repository;
use super::repository_arguments::{
    RepositoryAffiliation, RepositoryOrder, RepositoryOrderField, RepositoryPrivacy,
    RepositoryVisibility,
};
use super::scalars::{short, time};
use super::session::Session;
use crate::access::METADATA;
use crate::ids::NodeId;
use crate::rules;
use crate::store;

/// A user or an organization.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    session: Arc<Session>,
    row: Arc<store::User>,
    pub(super) is_organization: bool,
}

impl Owner {
    pub(super) fn new(session: &Arc<Session>, row: store::User, is_organization: bool) -> Self {
        Self {
            session: Arc::clone(session),
            row: Arc::new(row),
            is_organization,
        }
    }

    pub(super) fn user(session: &Arc<Session>, row: store::User) -> Self {
        Self::new(session, row, false)
    }

    pub(super) fn organization(session: &Arc<Session>, row: store::User) -> Self {
        Self::new(session, row, true)
    }

    /// Finds an owner of any kind. Fails if it demands single sign-on.
    pub(super) fn by_login(session: &Arc<Session>, login: &str) -> Result<Option<Self>> {
        let Some(found) = session.core.owner(login)? else {
            return Ok(None);
        };
        if found.requires_sso {
            return Err(session.demand_sso(&found.user.login));
        }
        Ok(Some(Self::new(session, found.user, found.is_organization)))
    }
}

impl Object for Owner {
    fn kind(&self) -> &'static str {
        if self.is_organization {
            "Organization"
        } else {
            "User"
        }
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (session, row) = (&self.session, &self.row);
        let path = || format!("/{}", row.login);
        Ok(match field.name() {
            "avatarUrl" => avatar(session, row, field.argument("size")?).into(),
            "createdAt" => time(row.created_at).into(),
            "databaseId" => short(row.id).into(),
            "id" if self.is_organization => NodeId::Organization(row.id).encode().into(),
            "id" => NodeId::User(row.id).encode().into(),
            "login" => row.login.as_str().into(),
            "name" => Output::NULL,
            "repositories" => {
                let filter: RepositoryFilter = field.arguments()?;
                filter
                    .list(session, row, &field.arguments()?)?
                    .output(field)
            }
            "repository" => {
                let name: String = field.argument("name")?;
                let follow_renames = field.argument("followRenames")?;
                Repository::by_name(session, &row.login, &name, follow_renames)?.into()
            }
            "resourcePath" => path().into(),
            "url" => session.url(&path()).into(),
            _ => return Err(field.unknown()),
        })
    }
}

/// The picture of an account.
pub(super) fn avatar(session: &Session, row: &store::User, size: Option<i32>) -> String {
    let size = size.map_or_else(String::new, |size| format!("&s={size}"));
    session.url(&format!("/avatars/u/{}?v=4{size}", row.id))
}

/// The arguments of a list of repositories.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RepositoryFilter {
    affiliations: Option<Vec<Option<RepositoryAffiliation>>>,
    has_issues_enabled: Option<bool>,
    is_archived: Option<bool>,
    is_fork: Option<bool>,
    is_locked: Option<bool>,
    order_by: Option<RepositoryOrder>,
    owner_affiliations: Option<Vec<Option<RepositoryAffiliation>>>,
    privacy: Option<RepositoryPrivacy>,
    visibility: Option<RepositoryVisibility>,
}

impl RepositoryFilter {
    /// A page of the repositories of an owner that the viewer may see.
    fn list(
        &self,
        session: &Arc<Session>,
        owner: &store::User,
        arguments: &PageArguments,
    ) -> Result<Connection<Repository>> {
        let requested = arguments.check("repositories")?;
        if self.privacy.is_some() && self.visibility.is_some() {
            let message = "The privacy and visibility arguments cannot be combined.";
            return Err(Problem::new("ARGUMENT_ERROR", message));
        }
        let core = &session.core;
        let mut list = core.visible_repositories(Some(owner), Some(session.caller()), METADATA)?;
        list.retain(|repository| self.fits(session, repository));
        let (order, descending) = match &self.order_by {
            None => (rules::RepositoryOrder::Created, false),
            Some(RepositoryOrder { direction, field }) => {
                let order = match field {
                    RepositoryOrderField::Name => rules::RepositoryOrder::FullName,
                    RepositoryOrderField::PushedAt => rules::RepositoryOrder::Pushed,
                    RepositoryOrderField::UpdatedAt => rules::RepositoryOrder::Updated,
                    // All have the same number of stargazers.
                    RepositoryOrderField::CreatedAt | RepositoryOrderField::Stargazers => {
                        rules::RepositoryOrder::Created
                    }
                };
                (order, *direction == OrderDirection::Desc)
            }
        };
        order.sort(&mut list, descending);
        let page = requested.cut_by_position(list);
        Ok(page.map(|row| Repository::new(session, Arc::new(row))))
    }

    fn fits(&self, session: &Session, repository: &store::Repository) -> bool {
        let names = |list: &Option<Vec<_>>, one| match list {
            Some(list) => list.contains(&Some(one)),
            None => true,
        };
        let visibility = session.core.visibility(repository);
        let privacy = if visibility.is_private() {
            RepositoryPrivacy::Private
        } else {
            RepositoryPrivacy::Public
        };
        let is_archived = repository.settings.is_archived;
        self.is_archived.is_none_or(|wanted| wanted == is_archived)
            && self.privacy.is_none_or(|wanted| wanted == privacy)
            && self
                .visibility
                .is_none_or(|wanted| wanted == visibility.into())
            && names(
                &self.affiliations,
                RepositoryAffiliation::of(session, repository),
            )
            && names(&self.owner_affiliations, RepositoryAffiliation::Owner)
            // Every repository has issues; none is a fork or locked.
            && self.has_issues_enabled != Some(false)
            && self.is_fork != Some(true)
            && self.is_locked != Some(true)
    }
}

/// The error for an owner that does not exist, or is of another kind.
pub(super) fn no_owner(kind: &str, login: &str) -> Problem {
    let message = format!("Could not resolve to {kind} with the login of '{login}'.");
    Problem::new("NOT_FOUND", message)
}
