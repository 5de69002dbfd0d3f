use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Gate, ProtectionRule, Reviewer, or_default};

/// An environment of a repository.
///
/// See <https://docs.github.com/rest/deployments/environments>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// The ID.
    pub id: u64,
    /// The node ID.
    #[serde(default, deserialize_with = "or_default")]
    pub node_id: String,
    /// The name: any text, case-sensitive, slashes allowed.
    pub name: String,
    /// The URL in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub url: String,
    /// The URL of the web page.
    #[serde(default, deserialize_with = "or_default")]
    pub html_url: String,
    /// When the environment was created.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// When the environment last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// Whether administrators can bypass the protection rules; `None` if an old
    /// server does not say.
    #[serde(default)]
    pub can_admins_bypass: Option<bool>,
    /// The protection rules.
    #[serde(default, deserialize_with = "or_default")]
    pub protection_rules: Vec<ProtectionRule>,
    /// Which branches can be deployed; all if `None`.
    #[serde(default)]
    pub deployment_branch_policy: Option<BranchPolicySettings>,
}

/// Which branches can be deployed to an environment, in GitHub's form: exactly
/// one of the fields is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchPolicySettings {
    /// Branches with branch protection.
    pub protected_branches: bool,
    /// Branches and tags that match one of the environment's [branch
    /// policies](super::BranchPolicy).
    pub custom_branch_policies: bool,
}

/// Which branches can be deployed to an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Branches {
    /// All branches and tags.
    #[default]
    All,
    /// Branches with branch protection.
    Protected,
    /// Branches and tags that match one of the environment's [branch
    /// policies](super::BranchPolicy).
    Custom,
}

impl Branches {
    /// `all`, `protected` or `custom`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Protected => "protected",
            Self::Custom => "custom",
        }
    }

    /// The setting in GitHub's form; `None` for all branches.
    pub fn settings(self) -> Option<BranchPolicySettings> {
        (self != Self::All).then_some(BranchPolicySettings {
            protected_branches: self == Self::Protected,
            custom_branch_policies: self == Self::Custom,
        })
    }
}

impl Environment {
    /// The wait timer in minutes; 0 for none.
    pub fn wait_timer(&self) -> u32 {
        let minutes = self
            .protection_rules
            .iter()
            .find_map(|rule| match rule.gate() {
                Gate::WaitTimer { minutes } => Some(*minutes),
                _ => None,
            });
        minutes.unwrap_or(0)
    }

    /// The required reviewers, one of whom has to approve; empty for none.
    pub fn reviewers(&self) -> &[Reviewer] {
        let found = self
            .protection_rules
            .iter()
            .find_map(|rule| match rule.gate() {
                Gate::RequiredReviewers { reviewers, .. } => Some(reviewers.as_slice()),
                _ => None,
            });
        found.unwrap_or_default()
    }

    /// Whether users cannot approve deployments that they requested.
    pub fn prevents_self_review(&self) -> bool {
        self.protection_rules.iter().any(|rule| {
            matches!(
                rule.gate(),
                Gate::RequiredReviewers {
                    prevent_self_review: true,
                    ..
                }
            )
        })
    }

    /// Which branches can be deployed.
    pub fn branches(&self) -> Branches {
        match self.deployment_branch_policy {
            None => Branches::All,
            Some(policy) if policy.custom_branch_policies => Branches::Custom,
            Some(_) => Branches::Protected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ReviewerKind;

    const WHOLE: &str = r#"{"id":4310000001,"node_id":"EN_x","name":"test/env","url":"u","html_url":"h","created_at":"2023-03-21T00:00:00Z","updated_at":"2023-03-21T00:00:00Z","can_admins_bypass":false,"protection_rules":[{"id":1,"node_id":"GA_1","type":"wait_timer","wait_timer":30},{"id":2,"node_id":"GA_2","prevent_self_review":true,"type":"required_reviewers","reviewers":[{"type":"User","reviewer":{"login":"octocat","id":1}},{"type":"Team","reviewer":{"id":7,"slug":"ops","html_url":"https://github.com/orgs/acme/teams/ops"}},{"type":"Robot","reviewer":{"id":9,"name":"r2"}}]},{"id":3,"node_id":"GA_3","type":"branch_policy"},{"id":4,"type":"moon_phase","phase":"full"}],"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}}"#;

    #[test]
    fn rules_are_read_and_unknown_ones_pass_through() {
        let environment: Environment = serde_json::from_str(WHOLE).expect("valid");
        assert_eq!(environment.wait_timer(), 30);
        assert!(environment.prevents_self_review());
        assert_eq!(environment.branches(), Branches::Custom);
        let reviewers: Vec<_> = environment
            .reviewers()
            .iter()
            .map(|reviewer| (reviewer.kind.as_str(), reviewer.id, reviewer.name.as_str()))
            .collect();
        assert_eq!(
            reviewers,
            [
                ("User", 1, "octocat"),
                ("Team", 7, "acme/ops"),
                ("Robot", 9, "r2")
            ]
        );
        assert_eq!(
            environment.reviewers()[2].kind,
            ReviewerKind::Other("Robot".to_owned())
        );
        let unknown = environment.protection_rules[3].gate();
        assert_eq!(*unknown, Gate::Other("moon_phase".to_owned()));
        assert_eq!(
            serde_json::to_string(&environment).expect("serializes"),
            WHOLE
        );
    }

    #[test]
    fn an_environment_of_an_old_server_has_no_rules() {
        for rest in [
            "",
            r#","created_at":null,"updated_at":null,"node_id":null,"protection_rules":null"#,
        ] {
            let text = format!(r#"{{"id":1,"name":"qa"{rest}}}"#);
            let environment: Environment = serde_json::from_str(&text).expect("valid");
            assert_eq!(environment.wait_timer(), 0);
            assert!(environment.reviewers().is_empty() && !environment.prevents_self_review());
            assert_eq!(environment.branches(), Branches::All);
            assert_eq!(environment.can_admins_bypass, None);
        }
    }

    #[test]
    fn branches_are_reported_as_github_has_them() {
        assert_eq!(Branches::All.settings(), None);
        let custom = Branches::Custom.settings().expect("settings");
        assert!(custom.custom_branch_policies && !custom.protected_branches);
        let protected = Branches::Protected.settings().expect("settings");
        assert!(protected.protected_branches && !protected.custom_branch_policies);
    }
}
