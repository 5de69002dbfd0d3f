//! The types of the domain: repositories and hosts, deployments, statuses,
//! states and environments. They do no I/O and have no clock.
//!
//! ```
//! use deployctl::model::{DeploymentState, Repository, StatusState};
//!
//! let named: Repository = "git.example.com/acme/shop".parse()?;
//! assert_eq!(named.slug.owner(), "acme");
//! assert_eq!(named.host.expect("a host").as_str(), "git.example.com");
//! // Words that this version does not know are kept.
//! assert_eq!(StatusState::from_word("melting").as_str(), "melting");
//! assert_eq!(DeploymentState::from_word("ACTIVE"), DeploymentState::Active);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod branch;
mod claim;
mod deployment;
pub(crate) mod entry;
mod environment;
mod host;
mod ids;
mod json;
mod length;
mod live;
mod page;
mod past_deployment;
mod pattern;
mod payload;
mod protection;
mod remote;
mod repo;
mod run;
mod server;
mod shell;
mod state;
mod status;
mod timeline;
mod toml_problem;
mod user;
mod when;

pub use branch::{Branch, CombinedStatus, Commit, ContextState};
pub(crate) use claim::Claim;
pub use deployment::{Deployment, DeploymentWithState};
pub(crate) use entry::PublicKey;
pub use entry::{Secret, Variable};
pub use environment::{BranchPolicySettings, Branches, Environment};
pub use host::{Endpoints, Host, HostKind};
pub use ids::{DeploymentId, RunId, StatusId};
pub use json::RawJson;
pub(crate) use length::{parse_duration, parse_span};
pub use live::{DeploymentSummary, EnvironmentOverview};
pub(crate) use past_deployment::PastDeployment;
pub(crate) use pattern::Pattern;
pub use payload::Payload;
pub use protection::{
    BranchPolicy, CustomRule, Gate, Integration, PatternKind, ProtectionRule, Reviewer,
    ReviewerKind,
};
pub(crate) use remote::{is_over_ssh, remote_repository};
pub use repo::{ParseRepositoryError, RepoSlug, Repository};
pub use run::{
    ConcurrencyGroup, ConcurrencyGroupEntry, GroupMember, PendingDeployment, PendingEnvironment,
    ReviewState, RunPull, RunReview, RunStatus, WorkflowRun,
};
pub use state::{DeploymentState, Phase, StatusState};
pub use status::{DESCRIPTION_LIMIT, Status};
pub(crate) use status::{parse_description, parse_url};
pub(crate) use timeline::{CommitNode, Timeline};
pub use user::User;

pub(crate) use server::Server;
pub(crate) use shell::quote_for_shell;
pub(crate) use toml_problem::{TomlProblem, TomlProblems};
pub(crate) use when::{in_words, parse_age, parse_interval, parse_moment};

use serde::{Deserialize, Deserializer};

/// Takes a field that is null for one that is missing.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
