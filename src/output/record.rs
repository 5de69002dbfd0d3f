use serde::Serialize;

use super::fields::{Record, record};
use crate::model::{Deployment, DeploymentState, DeploymentWithState, Status};

/// A deployment as `--json` prints it: GitHub's fields, and `state`,
/// `latest_status` and `web_url`.
///
/// See <https://docs.github.com/rest/deployments/deployments>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeploymentRecord {
    deployment: Deployment,
    state: Option<DeploymentState>,
    latest_status: Option<Status>,
    environment_url: Option<String>,
    log_url: Option<String>,
    web_url: String,
}

impl DeploymentRecord {
    /// `web_url` is the deployment's page in a browser.
    pub(crate) fn new(observed: DeploymentWithState, web_url: String) -> Self {
        let latest = observed.latest_status.as_slice();
        Self {
            environment_url: newest(latest, Status::environment_url),
            log_url: newest(latest, Status::log_url),
            deployment: observed.deployment,
            state: Some(observed.state),
            latest_status: observed.latest_status,
            web_url,
        }
    }

    /// Takes the URLs from the newest status that has them; the last status,
    /// such as `inactive`, often has none.
    #[must_use]
    pub(crate) fn with_history(mut self, statuses: &[Status]) -> Self {
        self.environment_url = newest(statuses, Status::environment_url);
        self.log_url = newest(statuses, Status::log_url);
        self
    }

    /// A deployment whose state was not requested, because neither `state` nor
    /// `latest_status` is printed. Both are `null`.
    pub(crate) fn unobserved(deployment: Deployment, web_url: String) -> Self {
        Self {
            deployment,
            state: None,
            latest_status: None,
            environment_url: None,
            log_url: None,
            web_url,
        }
    }

    pub(crate) fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// The ref, unless it is not known: GraphQL lacks refs that were deleted.
    fn ref_name(&self) -> Option<&str> {
        let name = self.deployment.ref_name.as_str();
        (!name.is_empty()).then_some(name)
    }

    /// The state, if it was requested.
    pub(crate) fn state(&self) -> Option<&DeploymentState> {
        self.state.as_ref()
    }

    /// From the statuses that are known.
    pub(crate) fn environment_url(&self) -> Option<&str> {
        self.environment_url.as_deref()
    }

    /// From the statuses that are known.
    pub(crate) fn log_url(&self) -> Option<&str> {
        self.log_url.as_deref()
    }

    pub(crate) fn web_url(&self) -> &str {
        &self.web_url
    }
}

record!(DeploymentRecord, |record| {
    "id": record.deployment.id,
    "state": record.state,
    "environment": record.deployment.environment,
    "ref": record.ref_name(),
    "sha": record.deployment.sha,
    "task": record.deployment.task,
    "description": record.deployment.description,
    "creator": record.deployment.creator,
    "created_at": record.deployment.created_at,
    "updated_at": record.deployment.updated_at,
    "payload": record.deployment.payload,
    "original_environment": record.deployment.original_environment,
    "transient_environment": record.deployment.transient_environment,
    "production_environment": record.deployment.production_environment,
    "latest_status": record.latest_status,
    "node_id": record.deployment.node_id,
    "url": record.deployment.url,
    "statuses_url": record.deployment.statuses_url,
    "repository_url": record.deployment.repository_url,
    "web_url": record.web_url,
    "performed_via_github_app": record.deployment.performed_via_github_app,
});

/// The URL of the newest status that has one.
fn newest(statuses: &[Status], url: fn(&Status) -> Option<&str>) -> Option<String> {
    statuses.iter().find_map(url).map(str::to_owned)
}

/// A deployment as `create --json` and `wait --json` print it: the fields of
/// [`DeploymentRecord`], and `environment_url`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FollowedRecord {
    #[serde(flatten)]
    deployment: DeploymentRecord,
    environment_url: Option<String>,
}

impl FollowedRecord {
    pub(crate) fn new(deployment: DeploymentRecord) -> Self {
        Self {
            environment_url: deployment.environment_url.clone(),
            deployment,
        }
    }
}

impl Record for FollowedRecord {
    const FIELDS: &'static [&'static str] = &with_field("environment_url");
}

/// The fields of a deployment, followed by `name`.
const fn with_field(name: &'static str) -> [&'static str; DeploymentRecord::FIELDS.len() + 1] {
    let mut fields = [name; DeploymentRecord::FIELDS.len() + 1];
    let (before, _) = fields.split_at_mut(DeploymentRecord::FIELDS.len());
    before.copy_from_slice(DeploymentRecord::FIELDS);
    fields
}

/// A deployment with all its statuses, as `status --json` prints it: the
/// fields of [`DeploymentRecord`], and `statuses`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DeploymentHistoryRecord {
    #[serde(flatten)]
    deployment: DeploymentRecord,
    statuses: Vec<StatusRecord>,
}

impl DeploymentHistoryRecord {
    /// `statuses` are sorted newest first.
    pub(crate) fn new(deployment: DeploymentRecord, statuses: Vec<Status>) -> Self {
        Self {
            deployment,
            statuses: statuses.into_iter().map(StatusRecord::new).collect(),
        }
    }

    pub(crate) fn record(&self) -> &DeploymentRecord {
        &self.deployment
    }

    /// Newest first.
    pub(crate) fn statuses(&self) -> impl Iterator<Item = &Status> {
        self.statuses.iter().map(StatusRecord::status)
    }
}

impl Record for DeploymentHistoryRecord {
    const FIELDS: &'static [&'static str] = &with_field("statuses");
}

/// A deployment status as `--json` prints it, with GitHub's fields.
///
/// See <https://docs.github.com/rest/deployments/statuses>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct StatusRecord(Status);

impl StatusRecord {
    pub(crate) fn new(status: Status) -> Self {
        Self(status)
    }

    pub(crate) fn status(&self) -> &Status {
        &self.0
    }
}

impl Record for StatusRecord {
    const FIELDS: &'static [&'static str] = &[
        "url",
        "id",
        "node_id",
        "state",
        "creator",
        "description",
        "environment",
        "target_url",
        "created_at",
        "updated_at",
        "deployment_url",
        "repository_url",
        "environment_url",
        "log_url",
        "performed_via_github_app",
    ];
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::Value;

    use super::*;

    pub(crate) fn deployment(json: &str) -> Deployment {
        serde_json::from_str(json).expect("a deployment")
    }

    pub(crate) const DEPLOYMENT: &str = r#"{"url":"https://api.github.com/repos/acme/shop/deployments/5584461344","id":5584461344,"node_id":"DE_x","task":"deploy","original_environment":"staging","environment":"production","description":"a \"b\"\n\u001b[31m\u202e","created_at":"2026-07-20T01:19:13Z","updated_at":"2026-07-20T01:20:13Z","statuses_url":"https://api.github.com/s","repository_url":"https://api.github.com/r","creator":{"login":"octocat","id":1},"sha":"a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d","ref":"topic","payload":{"n":12345678901234567890.10},"transient_environment":false,"production_environment":true,"performed_via_github_app":null}"#;
    const STATUS: &str = r#"{"state":"success","created_at":"2026-07-20T01:20:13Z","id":42}"#;

    pub(crate) fn record() -> DeploymentRecord {
        let observed = DeploymentWithState {
            deployment: deployment(DEPLOYMENT),
            state: DeploymentState::Active,
            latest_status: Some(serde_json::from_str(STATUS).expect("a status")),
        };
        DeploymentRecord::new(observed, "https://github.com/acme/shop/deployments".into())
    }

    fn keys<R: Record>(record: &R) -> Vec<String> {
        let text = serde_json::to_string(record).expect("serializes");
        let object: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("object");
        object.keys().cloned().collect()
    }

    // The fields are repeated here on purpose, because scripts rely on them: a
    // field may be added, but never renamed or removed.
    #[test]
    fn the_fields_are_pinned() {
        let deployment = [
            "id",
            "state",
            "environment",
            "ref",
            "sha",
            "task",
            "description",
            "creator",
            "created_at",
            "updated_at",
            "payload",
            "original_environment",
            "transient_environment",
            "production_environment",
            "latest_status",
            "node_id",
            "url",
            "statuses_url",
            "repository_url",
            "web_url",
            "performed_via_github_app",
        ];
        let status = [
            "url",
            "id",
            "node_id",
            "state",
            "creator",
            "description",
            "environment",
            "target_url",
            "created_at",
            "updated_at",
            "deployment_url",
            "repository_url",
            "environment_url",
            "log_url",
            "performed_via_github_app",
        ];
        assert_eq!(DeploymentRecord::FIELDS, deployment);
        assert_eq!(StatusRecord::FIELDS, status);
        let history = [deployment.as_slice(), &["statuses"]].concat();
        assert_eq!(DeploymentHistoryRecord::FIELDS, history);
        let followed = [deployment.as_slice(), &["environment_url"]].concat();
        assert_eq!(FollowedRecord::FIELDS, followed);
    }

    #[test]
    fn what_is_printed_is_what_is_promised() {
        let record = record();
        assert_eq!(keys(&record), DeploymentRecord::FIELDS);
        let status: Status = serde_json::from_str(STATUS).expect("a status");
        assert_eq!(
            keys(&StatusRecord::new(status.clone())),
            StatusRecord::FIELDS
        );
        let history = DeploymentHistoryRecord::new(record.clone(), vec![status]);
        assert_eq!(keys(&history), DeploymentHistoryRecord::FIELDS);
        assert_eq!(keys(&FollowedRecord::new(record)), FollowedRecord::FIELDS);
    }

    #[test]
    fn every_field_of_github_has_its_value() {
        let text = serde_json::to_string(&record()).expect("serializes");
        let printed: Value = serde_json::from_str(&text).expect("valid");
        let sent: Value = serde_json::from_str(DEPLOYMENT).expect("valid");
        for (field, value) in sent.as_object().expect("an object") {
            assert_eq!(&printed[field], value, "{field}");
        }
        assert_eq!(printed["state"], "active");
        assert_eq!(printed["latest_status"]["id"], 42);
        assert!(text.contains(r#""payload":{"n":12345678901234567890.10}"#));
    }
}
