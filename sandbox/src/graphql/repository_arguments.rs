//! The arguments of lists of repositories.

use serde::Deserialize;

use super::page::OrderDirection;
use super::session::Session;
use crate::store::{self, Visibility};

/// The affiliation of a user to a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum RepositoryAffiliation {
    Collaborator,
    OrganizationMember,
    Owner,
}

impl RepositoryAffiliation {
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

/// The privacy of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum RepositoryPrivacy {
    Private,
    Public,
}

/// The visibility of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum RepositoryVisibility {
    Internal,
    Private,
    Public,
}

impl RepositoryVisibility {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "INTERNAL",
            Self::Private => "PRIVATE",
            Self::Public => "PUBLIC",
        }
    }
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

/// Properties by which repositories can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum RepositoryOrderField {
    CreatedAt,
    Name,
    PushedAt,
    Stargazers,
    UpdatedAt,
}

/// The order of a list of repositories.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RepositoryOrder {
    pub(super) direction: OrderDirection,
    pub(super) field: RepositoryOrderField,
}
