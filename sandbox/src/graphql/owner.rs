//! The owners of repositories: users and organizations
//! (<https://docs.github.com/graphql/reference/interfaces#repositoryowner>).

use std::sync::Arc;

use async_graphql::{ID, Interface, Object};

use super::page::{Connection, OrderDirection, PageArguments, connection};
use super::problem::{Problem, Result};
use super::repository::Repository;
use super::repository_arguments::{
    RepositoryAffiliation, RepositoryOrder, RepositoryOrderField, RepositoryPrivacy,
    RepositoryVisibility,
};
use super::scalars::{DateTime, Uri};
use super::session::Session;
use crate::access::METADATA;
use crate::ids::NodeId;
use crate::rules;
use crate::store;

/// Represents an owner of a Repository.
#[derive(Debug, Clone, Interface)]
#[graphql(
    field(
        name = "avatar_url",
        ty = "Uri",
        desc = "A URL pointing to the owner's public avatar.",
        arg(
            name = "size",
            ty = "Option<i32>",
            desc = "The size of the resulting square image."
        )
    ),
    field(
        name = "id",
        ty = "ID",
        desc = "The Node ID of the RepositoryOwner object"
    ),
    field(name = "login", ty = "String", desc = "The username used to login."),
    field(
        name = "repositories",
        ty = "Connection<Repository>",
        desc = "A list of repositories that the user owns.",
        arg(
            name = "affiliations",
            ty = "Option<Vec<Option<RepositoryAffiliation>>>"
        ),
        arg(name = "after", ty = "Option<String>"),
        arg(name = "before", ty = "Option<String>"),
        arg(name = "first", ty = "Option<i32>"),
        arg(name = "has_issues_enabled", ty = "Option<bool>"),
        arg(name = "is_archived", ty = "Option<bool>"),
        arg(name = "is_fork", ty = "Option<bool>"),
        arg(name = "is_locked", ty = "Option<bool>"),
        arg(name = "last", ty = "Option<i32>"),
        arg(name = "order_by", ty = "Option<RepositoryOrder>"),
        arg(
            name = "owner_affiliations",
            ty = "Option<Vec<Option<RepositoryAffiliation>>>",
            default_with = "RepositoryAffiliation::usual()"
        ),
        arg(name = "privacy", ty = "Option<RepositoryPrivacy>"),
        arg(name = "visibility", ty = "Option<RepositoryVisibility>")
    ),
    field(
        name = "repository",
        ty = "Option<Repository>",
        desc = "Find Repository.",
        arg(
            name = "follow_renames",
            ty = "Option<bool>",
            default_with = "Some(true)"
        ),
        arg(name = "name", ty = "String")
    ),
    field(
        name = "resource_path",
        ty = "Uri",
        desc = "The HTTP URL for the owner."
    ),
    field(name = "url", ty = "Uri", desc = "The HTTP URL for the owner.")
)]
pub(super) enum RepositoryOwner {
    User(User),
    Organization(Organization),
}

impl RepositoryOwner {
    /// The owner of a repository.
    pub(super) fn of(repository: &Repository) -> Self {
        let (session, row) = (&repository.session, &repository.row);
        if row.is_in_organization {
            Organization::new(session, row.owner.clone()).into()
        } else {
            User::new(session, row.owner.clone()).into()
        }
    }

    /// Finds an owner of any kind. Fails if it demands single sign-on.
    pub(super) fn by_login(session: &Arc<Session>, login: &str) -> Result<Option<Self>> {
        let Some(found) = session.core.owner(login)? else {
            return Ok(None);
        };
        if found.requires_sso {
            return Err(session.demand_sso(&found.user.login));
        }
        Ok(Some(if found.is_organization {
            Organization::new(session, found.user).into()
        } else {
            User::new(session, found.user).into()
        }))
    }
}

/// The picture of an account.
pub(super) fn avatar(session: &Session, row: &store::User, size: Option<i32>) -> Uri {
    let size = size.map_or_else(String::new, |size| format!("&s={size}"));
    let web = &session.viewer.web;
    Uri(format!("{web}/avatars/u/{}?v=4{size}", row.id))
}

/// The arguments of a list of repositories.
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

connection!(Repository, "RepositoryConnection", "RepositoryEdge");

/// Makes a type of owners; they have the same fields.
macro_rules! owner {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(super) struct $name {
            session: Arc<Session>,
            row: Arc<store::User>,
        }

        impl $name {
            pub(super) fn new(session: &Arc<Session>, row: store::User) -> Self {
                Self {
                    session: Arc::clone(session),
                    row: Arc::new(row),
                }
            }
        }

        $(#[$doc])*
        #[Object]
        impl $name {
            /// A URL pointing to the public avatar.
            pub(super) async fn avatar_url(
                &self,
                #[graphql(desc = "The size of the resulting square image.")] size: Option<i32>,
            ) -> Uri {
                avatar(&self.session, &self.row, size)
            }

            /// Identifies the date and time when the object was created.
            async fn created_at(&self) -> DateTime {
                DateTime::from_seconds(self.row.created_at)
            }

            /// Identifies the primary key from the database.
            async fn database_id(&self) -> Option<i32> {
                i32::try_from(self.row.id).ok()
            }

            /// The Node ID of the object
            pub(super) async fn id(&self) -> ID {
                NodeId::$name(self.row.id).encode().into()
            }

            /// The username used to login.
            pub(super) async fn login(&self) -> String {
                self.row.login.clone()
            }

            /// The public profile name.
            async fn name(&self) -> Option<String> {
                None
            }

            /// A list of repositories that the user owns.
            #[expect(clippy::too_many_arguments, reason = "they are GitHub's")]
            pub(super) async fn repositories(
                &self,
                affiliations: Option<Vec<Option<RepositoryAffiliation>>>,
                after: Option<String>,
                before: Option<String>,
                first: Option<i32>,
                has_issues_enabled: Option<bool>,
                is_archived: Option<bool>,
                is_fork: Option<bool>,
                is_locked: Option<bool>,
                last: Option<i32>,
                order_by: Option<RepositoryOrder>,
                #[graphql(default_with = "RepositoryAffiliation::usual()")]
                owner_affiliations: Option<Vec<Option<RepositoryAffiliation>>>,
                privacy: Option<RepositoryPrivacy>,
                visibility: Option<RepositoryVisibility>,
            ) -> Result<Connection<Repository>> {
                let filter = RepositoryFilter {
                    affiliations,
                    has_issues_enabled,
                    is_archived,
                    is_fork,
                    is_locked,
                    order_by,
                    owner_affiliations,
                    privacy,
                    visibility,
                };
                let arguments = PageArguments {
                    after,
                    before,
                    first,
                    last,
                };
                filter.list(&self.session, &self.row, &arguments)
            }

            /// Find Repository.
            pub(super) async fn repository(
                &self,
                #[graphql(default_with = "Some(true)")] follow_renames: Option<bool>,
                name: String,
            ) -> Result<Option<Repository>> {
                let login = &self.row.login;
                Repository::by_name(&self.session, login, &name, follow_renames).map(Some)
            }

            /// The HTTP path for this owner
            pub(super) async fn resource_path(&self) -> Uri {
                Uri(format!("/{}", self.row.login))
            }

            /// The HTTP URL for this owner
            pub(super) async fn url(&self) -> Uri {
                Uri(format!("{}/{}", self.session.viewer.web, self.row.login))
            }
        }
    };
}

owner! {
    /// A user is an individual's account on GitHub that owns repositories and can make new content.
    User
}

owner! {
    /// An account on GitHub, with one or more owners, that has repositories, members and teams.
    Organization
}

/// The error for an owner that does not exist, or is of another kind.
pub(super) fn no_owner(kind: &str, login: &str) -> Problem {
    let message = format!("Could not resolve to {kind} with the login of '{login}'.");
    Problem::new("NOT_FOUND", message)
}
