use super::fields::{Record, record};
use super::record::DeploymentRecord;
use crate::model::{
    BranchPolicy, CustomRule, DeploymentState, DeploymentSummary, Environment, EnvironmentOverview,
    Integration, Secret, Variable,
};

/// An environment as `env list --json` prints it: GitHub's fields, and
/// `state`, `live` and `latest`.
///
/// See <https://docs.github.com/rest/deployments/environments>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnvironmentRecord {
    overview: EnvironmentOverview,
    is_deleted: bool,
    has_settings: bool,
}

impl EnvironmentRecord {
    pub(crate) fn new(overview: EnvironmentOverview) -> Self {
        Self {
            overview,
            is_deleted: false,
            has_settings: true,
        }
    }

    /// An environment whose settings were not requested. They are `null`.
    pub(crate) fn without_settings(overview: EnvironmentOverview) -> Self {
        Self {
            has_settings: false,
            ..Self::new(overview)
        }
    }

    /// An environment whose deployments were not requested.
    pub(crate) fn unobserved(environment: Environment) -> Self {
        Self::new(EnvironmentOverview {
            environment,
            live: None,
            is_live_known: true,
            latest: None,
        })
    }

    /// The record of the environment after it was deleted.
    pub(crate) fn deleted(&self) -> Self {
        Self {
            is_deleted: true,
            ..Self::unobserved(self.environment().clone())
        }
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.overview.environment
    }

    /// The live deployment.
    pub(crate) fn live(&self) -> Option<&DeploymentSummary> {
        self.overview.live.as_ref()
    }

    pub(crate) fn is_live_known(&self) -> bool {
        self.overview.is_live_known
    }

    /// The newest deployment that has succeeded or failed.
    pub(crate) fn latest(&self) -> Option<&DeploymentSummary> {
        self.overview.latest.as_ref()
    }

    /// The state of the live deployment, otherwise of the newest completed one;
    /// `unknown` if an older deployment may be live, and `deleted` if the
    /// environment was deleted while it was watched.
    pub(crate) fn state(&self) -> Option<DeploymentState> {
        if self.is_deleted {
            Some(DeploymentState::from_word("deleted"))
        } else if self.overview.is_live_known {
            self.live().or(self.latest()).map(|live| live.state.clone())
        } else {
            Some(DeploymentState::from_word("unknown"))
        }
    }
}

record!(EnvironmentRecord, |record| {
    "id": record.environment().id,
    "name": record.environment().name,
    "state": record.state(),
    "live": record.live(),
    "latest": record.latest(),
    "protection_rules": record.has_settings.then_some(&record.environment().protection_rules),
    "deployment_branch_policy": record.environment().deployment_branch_policy,
    "can_admins_bypass": record.environment().can_admins_bypass,
    "created_at": record.environment().created_at,
    "updated_at": record.environment().updated_at,
    "node_id": record.environment().node_id,
    "url": record.environment().url,
    "html_url": record.environment().html_url,
});

/// The settings of one environment. A field is `None` if the token may not see
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnvironmentDetails {
    pub environment: Environment,
    /// The name patterns of branches and tags that may be deployed to it.
    pub branch_policies: Vec<BranchPolicy>,
    pub custom_rules: Option<Vec<CustomRule>>,
    pub variables: Option<Vec<Variable>>,
    /// The secrets, without their values.
    pub secrets: Option<Vec<Secret>>,
}

/// One environment as `env view --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnvironmentDetailsRecord {
    details: EnvironmentDetails,
    live: Option<DeploymentRecord>,
    /// Newest first.
    deployments: Vec<DeploymentRecord>,
}

impl EnvironmentDetailsRecord {
    /// `live` is the live deployment; `deployments` are the newest ones, newest
    /// first.
    pub(crate) fn new(
        details: EnvironmentDetails,
        live: Option<DeploymentRecord>,
        deployments: Vec<DeploymentRecord>,
    ) -> Self {
        Self {
            details,
            live,
            deployments,
        }
    }

    pub(crate) fn live(&self) -> Option<&DeploymentRecord> {
        self.live.as_ref()
    }

    pub(crate) fn details(&self) -> &EnvironmentDetails {
        &self.details
    }

    /// Newest first.
    pub(crate) fn deployments(&self) -> &[DeploymentRecord] {
        &self.deployments
    }
}

record!(EnvironmentDetailsRecord, |record| {
    "id": record.details.environment.id,
    "name": record.details.environment.name,
    "protection_rules": record.details.environment.protection_rules,
    "deployment_branch_policy": record.details.environment.deployment_branch_policy,
    "can_admins_bypass": record.details.environment.can_admins_bypass,
    "created_at": record.details.environment.created_at,
    "updated_at": record.details.environment.updated_at,
    "node_id": record.details.environment.node_id,
    "url": record.details.environment.url,
    "html_url": record.details.environment.html_url,
    "branch_policies": record.details.branch_policies,
    "custom_rules": record.details.custom_rules,
    "variables": record.details.variables,
    "secrets": record.details.secrets,
    "live": record.live,
    "deployments": record.deployments,
});

impl Record for BranchPolicy {
    const FIELDS: &'static [&'static str] = &["id", "node_id", "name", "type"];
}

impl Record for CustomRule {
    const FIELDS: &'static [&'static str] = &["id", "node_id", "enabled", "app"];
}

impl Record for Integration {
    const FIELDS: &'static [&'static str] = &["id", "slug", "integration_url", "node_id"];
}

impl Record for Variable {
    const FIELDS: &'static [&'static str] = &["name", "value", "created_at", "updated_at"];
}

impl Record for Secret {
    const FIELDS: &'static [&'static str] = &["name", "created_at", "updated_at"];
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const ENVIRONMENT: &str = r#"{"id":4310000001,"node_id":"EN_x","name":"qa","url":"u","html_url":"h","created_at":"2026-07-20T01:19:13Z","updated_at":"2026-07-20T01:19:13Z","can_admins_bypass":true,"protection_rules":[{"id":1,"type":"new"}],"deployment_branch_policy":null}"#;

    fn keys<R: Record>(record: &R) -> Vec<String> {
        let text = serde_json::to_string(record).expect("serializes");
        let object: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("object");
        object.keys().cloned().collect()
    }

    fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
        serde_json::from_str(text).expect("valid")
    }

    // The fields are repeated here on purpose, because scripts rely on them: a
    // field may be added, but never renamed or removed.
    #[test]
    fn the_fields_are_pinned_and_printed() {
        let settings = [
            "protection_rules",
            "deployment_branch_policy",
            "can_admins_bypass",
            "created_at",
            "updated_at",
            "node_id",
            "url",
            "html_url",
        ];
        let list = [&["id", "name", "state", "live", "latest"], &settings[..]].concat();
        assert_eq!(EnvironmentRecord::FIELDS, list);
        let view = [
            &["id", "name"],
            &settings[..],
            &[
                "branch_policies",
                "custom_rules",
                "variables",
                "secrets",
                "live",
                "deployments",
            ],
        ]
        .concat();
        assert_eq!(EnvironmentDetailsRecord::FIELDS, view);
        let environment: Environment = read(ENVIRONMENT);
        let record = EnvironmentRecord::unobserved(environment.clone());
        assert_eq!(keys(&record), EnvironmentRecord::FIELDS);
        let details = EnvironmentDetails {
            environment,
            branch_policies: Vec::new(),
            custom_rules: None,
            variables: None,
            secrets: None,
        };
        let record = EnvironmentDetailsRecord::new(details, None, Vec::new());
        assert_eq!(keys(&record), EnvironmentDetailsRecord::FIELDS);
    }

    #[test]
    fn what_belongs_to_an_environment_has_githubs_fields() {
        let policy: BranchPolicy = read(r#"{"id":1,"node_id":"x","name":"main"}"#);
        assert_eq!(keys(&policy), BranchPolicy::FIELDS);
        let rule: CustomRule =
            read(r#"{"id":1,"node_id":"x","enabled":true,"app":{"id":2,"slug":"gate"}}"#);
        assert_eq!(keys(&rule), CustomRule::FIELDS);
        assert_eq!(keys(&rule.app), Integration::FIELDS);
        let variable: Variable = read(
            r#"{"name":"A","value":"b","created_at":"2026-07-20T01:19:13Z","updated_at":"2026-07-20T01:19:13Z"}"#,
        );
        assert_eq!(keys(&variable), Variable::FIELDS);
        let secret: Secret = read(
            r#"{"name":"A","created_at":"2026-07-20T01:19:13Z","updated_at":"2026-07-20T01:19:13Z"}"#,
        );
        assert_eq!(keys(&secret), Secret::FIELDS);
    }
}
