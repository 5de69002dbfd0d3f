use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::plan::Plan;
use crate::api::NewDeployment;
use crate::model::{DeploymentId, PastDeployment};
use crate::output::{FollowedRecord, Record};

/// What `promote --json` and `rollback --json` print: the fields of the new
/// deployment, the command that undoes it, and the run whose job runs again in
/// place of a new deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MoveRecord {
    /// `None` if a job runs again.
    pub(super) deployment: Option<FollowedRecord>,
    pub(super) undo: Option<String>,
    pub(super) run_url: Option<String>,
}

impl Record for MoveRecord {
    const FIELDS: &'static [&'static str] = &with_own_fields();
}

/// The fields of a deployment, followed by those of a move.
const fn with_own_fields() -> [&'static str; FollowedRecord::FIELDS.len() + 2] {
    let mut fields = ["undo"; FollowedRecord::FIELDS.len() + 2];
    let (before, own) = fields.split_at_mut(FollowedRecord::FIELDS.len());
    before.copy_from_slice(FollowedRecord::FIELDS);
    own[1] = "run_url";
    fields
}

impl Serialize for MoveRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Whole<'a> {
            #[serde(flatten)]
            deployment: &'a FollowedRecord,
            undo: &'a Option<String>,
            run_url: &'a Option<String>,
        }
        if let Some(deployment) = &self.deployment {
            let whole = Whole {
                deployment,
                undo: &self.undo,
                run_url: &self.run_url,
            };
            return whole.serialize(serializer);
        }
        let mut object = serializer.serialize_map(Some(Self::FIELDS.len()))?;
        for field in FollowedRecord::FIELDS {
            object.serialize_entry(field, &None::<()>)?;
        }
        object.serialize_entry("undo", &self.undo)?;
        object.serialize_entry("run_url", &self.run_url)?;
        object.end()
    }
}

/// What `promote --dry-run --json` and `rollback --dry-run --json` print.
#[derive(Debug, Serialize)]
pub(crate) struct PlanRecord<'a> {
    pub(super) environment: &'a str,
    pub(super) task: &'a str,
    /// The deployment whose commit would be deployed.
    pub(super) source: PastRecord<'a>,
    /// What is live in the environment.
    pub(super) live: Option<PastRecord<'a>>,
    /// The commits that `rollback --to -1`, `-2` and so on return to.
    pub(super) candidates: Vec<PastRecord<'a>>,
    /// The body of the request; `None` if there is nothing to do, or a job would
    /// run again.
    pub(super) request: Option<&'a NewDeployment>,
    /// The run whose job would run again.
    pub(super) run_url: Option<&'a str>,
    pub(super) undo: Option<&'a str>,
}

impl<'a> PlanRecord<'a> {
    /// A plan that sends nothing.
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self {
            environment: &plan.environment,
            task: &plan.task,
            source: PastRecord::from(&plan.source),
            live: plan.live.as_ref().map(PastRecord::from),
            candidates: plan.candidates.iter().map(PastRecord::from).collect(),
            request: None,
            run_url: None,
            undo: None,
        }
    }
}

impl Record for PlanRecord<'_> {
    const FIELDS: &'static [&'static str] = &[
        "environment",
        "task",
        "source",
        "live",
        "candidates",
        "request",
        "run_url",
        "undo",
    ];
}

/// An earlier deployment.
#[derive(Debug, Serialize)]
pub(super) struct PastRecord<'a> {
    deployment: DeploymentId,
    sha: &'a str,
    r#ref: Option<&'a str>,
    created_at: jiff::Timestamp,
}

impl<'a> From<&'a PastDeployment> for PastRecord<'a> {
    fn from(past: &'a PastDeployment) -> Self {
        Self {
            deployment: past.id,
            sha: &past.sha,
            r#ref: past.ref_name.as_deref(),
            created_at: past.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Scripts rely on these names: a field may be added, never renamed or
    // removed.
    #[test]
    fn a_job_that_runs_again_has_all_fields() {
        let record = MoveRecord {
            deployment: None,
            undo: Some("deployctl rollback -e qa --to 7".to_owned()),
            run_url: Some("https://example.com/1".to_owned()),
        };
        let printed = serde_json::to_value(record).expect("JSON");
        let object = printed.as_object().expect("an object");
        let keys: Vec<&str> = object.keys().map(String::as_str).collect();
        assert_eq!(keys, MoveRecord::FIELDS);
        assert_eq!(MoveRecord::FIELDS[22..], ["undo", "run_url"]);
        assert_eq!(printed["id"], serde_json::Value::Null);
        assert_eq!(printed["run_url"], "https://example.com/1");
    }
}
