//! The permissions on repositories, and the arguments of lists of them.

use async_graphql::{Enum, InputObject};

use super::page::OrderDirection;
use super::session::Session;
use crate::store::{self, Visibility};

/// The access level to a repository
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RepositoryPermission {
    /// Everything, settings and collaborators included.
    Admin,
    /// Everything but a few settings.
    Maintain,
    /// Reading only.
    Read,
    /// Reading, and managing issues and pull requests.
    Triage,
    /// Reading and writing.
    Write,
}

/// The affiliation of a user to a repository
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RepositoryAffiliation {
    /// Repositories that the user has been added to as a collaborator.
    Collaborator,
    /// Repositories that the user has access to through being a member of an organization. This includes every repository on every team that the user is on.
    OrganizationMember,
    /// Repositories that are owned by the authenticated user.
    Owner,
}

impl RepositoryAffiliation {
    /// Those of an owner without an argument.
    #[expect(clippy::unnecessary_wraps, reason = "the argument may be null")]
    pub(super) fn usual() -> Option<Vec<Option<Self>>> {
        Some(vec![Some(Self::Owner), Some(Self::Collaborator)])
    }

    /// That of the viewer to a repository.
    pub(super) fn of(session: &Session, repository: &store::Repository) -> Self {
        if repository.owner.id == session.viewer.user.id {
            Self::Owner
        } else if repository.is_in_organization {
            Self::OrganizationMember
        } else {
            Self::Collaborator
        }
    }
}

/// The privacy of a repository
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RepositoryPrivacy {
    /// Private
    Private,
    /// Public
    Public,
}

/// The repository's visibility level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RepositoryVisibility {
    /// The repository is visible only to users in the same enterprise.
    Internal,
    /// The repository is visible only to those with explicit access.
    Private,
    /// The repository is visible to everyone.
    Public,
}

impl From<Visibility> for RepositoryVisibility {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public => Self::Public,
            Visibility::Private => Self::Private,
            Visibility::Internal => Self::Internal,
        }
    }
}

/// Properties by which repository connections can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RepositoryOrderField {
    /// Order repositories by creation time
    CreatedAt,
    /// Order repositories by name
    Name,
    /// Order repositories by push time
    PushedAt,
    /// Order repositories by number of stargazers
    Stargazers,
    /// Order repositories by update time
    UpdatedAt,
}

/// Ordering options for repository connections
#[derive(Debug, Clone, InputObject)]
pub(super) struct RepositoryOrder {
    /// The ordering direction.
    pub(super) direction: OrderDirection,
    /// The field to order repositories by.
    pub(super) field: RepositoryOrderField,
}
