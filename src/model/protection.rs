use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use super::RawJson;
use super::state::open_words;

/// A rule of an environment: what it asks for, and GitHub's object as it was
/// sent.
///
/// See <https://docs.github.com/rest/deployments/environments#get-an-environment>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectionRule {
    gate: Gate,
    object: RawJson,
}

/// What a rule asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gate {
    /// That a job waits.
    WaitTimer {
        /// How long, in minutes.
        minutes: u32,
    },
    /// That somebody approves.
    RequiredReviewers {
        /// Whether whoever asked for the deployment may not approve it.
        prevent_self_review: bool,
        /// Who may approve; one of them suffices.
        reviewers: Vec<Reviewer>,
    },
    /// That the branch may be deployed;
    /// [`Environment::branches`](super::Environment::branches) says which may.
    BranchPolicy,
    /// Something that this version does not know, by GitHub's word.
    Other(String),
}

/// Who may approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// A person or a team.
    pub kind: ReviewerKind,
    /// The number.
    pub id: u64,
    /// The login of a person, `ORGANIZATION/SLUG` of a team, or the slug alone
    /// where the organization is not told.
    pub name: String,
}

open_words! {
    /// What kind of account may approve.
    ReviewerKind, str::to_owned {
        /// A person.
        User = "User",
        /// Anybody of a team.
        Team = "Team",
    }
}

open_words! {
    /// What a name pattern is about.
    PatternKind, str::to_owned {
        /// Branches.
        Branch = "branch",
        /// Tags.
        Tag = "tag",
    }
}

/// A name pattern of the branches or tags that may deploy to an environment.
///
/// See <https://docs.github.com/rest/deployments/branch-policies>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchPolicy {
    /// Its number.
    pub id: u64,
    /// Its GraphQL id.
    #[serde(default)]
    pub node_id: String,
    /// The pattern, such as `release/*`.
    pub name: String,
    /// What it is about; old servers know branches only, and do not say.
    #[serde(rename = "type", default = "branch")]
    pub kind: PatternKind,
}

fn branch() -> PatternKind {
    PatternKind::Branch
}

/// An app that gates an environment.
///
/// See <https://docs.github.com/rest/deployments/protection-rules>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRule {
    /// The number of the rule.
    pub id: u64,
    /// Its GraphQL id.
    #[serde(default)]
    pub node_id: String,
    /// Whether it is in force.
    pub enabled: bool,
    /// The app that decides.
    pub app: Integration,
}

/// A GitHub App that can gate environments.
///
/// See <https://docs.github.com/rest/deployments/protection-rules#list-custom-deployment-rule-integrations-available-for-an-environment>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Its number.
    pub id: u64,
    /// Its name in addresses.
    pub slug: String,
    /// Its address in the API.
    #[serde(default)]
    pub integration_url: String,
    /// Its GraphQL id.
    #[serde(default)]
    pub node_id: String,
}

impl ProtectionRule {
    /// What it asks for.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }
}

impl Gate {
    /// GitHub's word for it.
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
    fn read(entry: &Value) -> Option<Self> {
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

/// The organization in the address of a team's page.
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
