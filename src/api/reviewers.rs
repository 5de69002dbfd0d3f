use serde::{Deserialize, Serialize};

use super::path::ApiPath;
use super::{ApiError, Client};
use crate::model::{Reviewer, ReviewerKind};

/// A required reviewer, as requests refer to one: by ID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReviewerRef {
    /// Whether the reviewer is a user or a team.
    #[serde(rename = "type")]
    pub kind: ReviewerKind,
    /// The ID of the user or team.
    pub id: u64,
}

impl From<&Reviewer> for ReviewerRef {
    fn from(reviewer: &Reviewer) -> Self {
        Self {
            kind: reviewer.kind.clone(),
            id: reviewer.id,
        }
    }
}

#[derive(Deserialize)]
struct Account {
    id: u64,
    login: Option<String>,
    slug: Option<String>,
}

impl Client {
    /// Gets the user with this login, as a reviewer.
    ///
    /// See <https://docs.github.com/rest/users/users#get-a-user>.
    pub async fn reviewing_user(&self, login: &str) -> Result<Reviewer, ApiError> {
        let path = ApiPath::root("users").segment(login)?;
        let account: Account = self.get(&path).await?;
        Ok(Reviewer {
            kind: ReviewerKind::User,
            id: account.id,
            name: account.login.unwrap_or_else(|| login.to_owned()),
        })
    }

    /// Gets a team of an organization, as a reviewer. Needs the permission
    /// "Members: read" of the organization.
    ///
    /// See <https://docs.github.com/rest/teams/teams#get-a-team-by-name>.
    pub async fn reviewing_team(
        &self,
        organization: &str,
        slug: &str,
    ) -> Result<Reviewer, ApiError> {
        let path = ApiPath::root("orgs")
            .segment(organization)?
            .then("teams")
            .segment(slug)?;
        let account: Account = self.get(&path).await?;
        let slug = account.slug.as_deref().unwrap_or(slug);
        Ok(Reviewer {
            kind: ReviewerKind::Team,
            id: account.id,
            name: format!("{organization}/{slug}"),
        })
    }
}
