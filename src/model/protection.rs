use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use super::RawJson;
use super::state::open_words;

/// A protection rule of an environment, with GitHub's object as it was sent.
///
/// See <https://docs.github.com/rest/deployments/environments#get-an-environment>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectionRule {
    gate: Gate,
    object: RawJson,
}

/// The kind and the settings of a protection rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gate {
    /// Deployments wait.
    WaitTimer {
        /// The wait timer in minutes.
        minutes: u32,
    },
    /// A reviewer has to approve deployments.
    RequiredReviewers {
        /// Whether users cannot approve deployments that they requested.
        prevent_self_review: bool,
        /// The reviewers, one of whom has to approve.
        reviewers: Vec<Reviewer>,
    },
    /// Only some branches can be deployed; see
    /// [`Environment::branches`](super::Environment::branches).
    BranchPolicy,
    /// A rule that this version does not know, with GitHub's name for it.
    Other(String),
}

/// A user or team that can approve deployments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// Whether the reviewer is a user or a team.
    pub kind: ReviewerKind,
    /// The ID.
    pub id: u64,
    /// The login of a user, or `ORGANIZATION/SLUG` of a team, or only the slug
    /// if the organization is unknown.
    pub name: String,
}

open_words! {
    /// The kind of a reviewer.
    ReviewerKind, str::to_owned {
        /// A user.
        User = "User",
        /// Any member of a team.
        Team = "Team",
    }
}

open_words! {
    /// What a branch policy applies to.
    PatternKind, str::to_owned {
        /// Branches.
        Branch = "branch",
        /// Tags.
        Tag = "tag",
    }
}

/// A branch policy: a name pattern of the branches or tags that can be deployed
/// to an environment.
///
/// See <https://docs.github.com/rest/deployments/branch-policies>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchPolicy {
    /// The ID.
    pub id: u64,
    /// The node ID.
    #[serde(default)]
    pub node_id: String,
    /// The pattern, such as `release/*`.
    pub name: String,
    /// Whether it applies to branches or tags; old servers support only
    /// branches, and do not say so.
    #[serde(rename = "type", default = "branch")]
    pub kind: PatternKind,
}

fn branch() -> PatternKind {
    PatternKind::Branch
}

/// A custom deployment protection rule: an app that decides whether deployments
/// may proceed.
///
/// See <https://docs.github.com/rest/deployments/protection-rules>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRule {
    /// The ID of the rule, which is not that of the app.
    pub id: u64,
    /// The node ID.
    #[serde(default)]
    pub node_id: String,
    /// Whether the rule is enabled.
    pub enabled: bool,
    /// The app.
    pub app: Integration,
}

/// A GitHub App that can be enabled as a custom deployment protection rule.
///
/// See <https://docs.github.com/rest/deployments/protection-rules#list-custom-deployment-rule-integrations-available-for-an-environment>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// The ID.
    pub id: u64,
    /// The name of the app in URLs.
    pub slug: String,
    /// The URL of the app in the API.
    #[serde(default)]
    pub integration_url: String,
    /// The node ID.
    #[serde(default)]
    pub node_id: String,
}

impl ProtectionRule {
    /// The kind and the settings of the rule.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }
}

impl Gate {
    /// GitHub's name for the kind.
    pub fn as_str(&self) -> &str {
        match self {
            Self::WaitTimer { .. } => "wait_timer",
            Self::RequiredReviewers { .. } => "required_reviewers",
            Self::BranchPolicy => "branch_policy",
            Self::Other(word) => word,
        }
    }

    fn read(rule: &Value) -> Self {
        match rule["type"].as_str().unwrap_or_default() {
            "wait_timer" => {
                let minutes = rule["wait_timer"].as_u64().unwrap_or(0);
                Self::WaitTimer {
                    minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
                }
            }
            "required_reviewers" => Self::RequiredReviewers {
                prevent_self_review: rule["prevent_self_review"].as_bool().unwrap_or(false),
                reviewers: rule["reviewers"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Reviewer::read)
                    .collect(),
            },
            "branch_policy" => Self::BranchPolicy,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl Reviewer {
    pub(super) fn read(entry: &Value) -> Option<Self> {
        let kind = ReviewerKind::from_word(entry["type"].as_str()?);
        let account = &entry["reviewer"];
        let text = |key: &str| account[key].as_str();
        let name = match kind {
            ReviewerKind::Team => {
                let slug = text("slug").or(text("name"))?;
                match text("html_url").and_then(organization) {
                    Some(organization) => format!("{organization}/{slug}"),
                    None => slug.to_owned(),
                }
            }
            _ => text("login").or(text("slug")).or(text("name"))?.to_owned(),
        };
        Some(Self {
            kind,
            id: account["id"].as_u64()?,
            name,
        })
    }
}

/// The organization in the URL of a team's page.
fn organization(page: &str) -> Option<&str> {
    let (_, path) = page.split_once("/orgs/")?;
    let (organization, rest) = path.split_once('/')?;
    (rest.starts_with("teams/") && !organization.is_empty()).then_some(organization)
}

impl Serialize for ProtectionRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.object.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ProtectionRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = RawJson::deserialize(deserializer)?;
        let value: Value = serde_json::from_str(object.as_str()).map_err(de::Error::custom)?;
        Ok(Self {
            gate: Gate::read(&value),
            object,
        })
    }
}
