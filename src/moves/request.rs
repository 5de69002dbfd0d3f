use super::latest::LatestDeployments;
use super::options::PayloadChoice;
use super::plan::{Operation, Plan};
use crate::api::NewDeployment;
use crate::error::{Failure, Kind};
use crate::model::{Deployment, User};
use crate::output::short_sha;
use crate::session::Connection;

/// The name of GitHub Actions among GitHub Apps.
const ACTIONS_APP: &str = "github-actions";

/// What the request needs besides the plan.
pub(super) struct RequestOptions<'a> {
    pub(super) payload: &'a PayloadChoice,
    pub(super) required_contexts: Option<&'a [String]>,
}

/// Makes the request of a plan. `source` is the deployment whose commit is
/// deployed.
pub(super) async fn make_request(
    connection: &Connection,
    operation: &Operation,
    plan: &Plan,
    latest: &LatestDeployments,
    source: &Deployment,
    options: &RequestOptions<'_>,
) -> Result<NewDeployment, Failure> {
    let payload = match options.payload {
        PayloadChoice::Copy => Some(source.payload.clone()),
        PayloadChoice::Replace(payload) => payload.clone(),
        PayloadChoice::Undecided if source.payload.is_empty() => None,
        PayloadChoice::Undecided => return Err(undecided_payload(plan)),
    };
    let (transient, production) = match operation {
        Operation::Rollback { .. } => (source.is_transient(), is_production(source)),
        Operation::Promote { to, .. } => match plan.newest {
            Some(newest) => {
                let found = latest.deployment(connection, newest).await;
                let newest = found.map_err(|error| connection.explain(&error))?;
                (newest.is_transient(), is_production(&newest))
            }
            None => (false, to == "production"),
        },
    };
    let request = NewDeployment::new(&plan.source.sha)
        .task(&plan.task)
        .auto_merge(false)
        .environment(&plan.environment)
        .description(description(operation, plan))
        .transient_environment(transient)
        .production_environment(production);
    let request = match payload.filter(|payload| !payload.is_empty()) {
        Some(payload) => request.payload(payload),
        None => request,
    };
    Ok(match options.required_contexts {
        Some(contexts) => request.required_contexts(contexts),
        None => request,
    })
}

/// As GitHub's default is if a server does not say.
fn is_production(deployment: &Deployment) -> bool {
    let default = deployment.environment == "production";
    deployment.production_environment.unwrap_or(default)
}

fn description(operation: &Operation, plan: &Plan) -> String {
    let (id, sha) = (plan.source.id, short_sha(&plan.source.sha));
    match operation {
        Operation::Promote { from, .. } => format!("promote #{id} ({sha}) from {from}"),
        Operation::Rollback { .. } => {
            let left = plan.failed.or(plan.live.as_ref().map(|live| live.id));
            let from = left.map_or_else(String::new, |left| format!(" from #{left}"));
            format!("rollback to #{id} ({sha}){from}")
        }
    }
}

fn undecided_payload(plan: &Plan) -> Failure {
    let message = format!("deployment {} has a payload", plan.source.id);
    Failure::new(Kind::Usage, message)
        .hint(
            "copy it with --copy-payload, replace it with --payload, or omit it with --no-payload",
        )
        .hint("a payload can name the environment that it was made for")
}

/// Whether a job of GitHub Actions made a deployment. Nothing listens for one
/// that is requested in place of it.
pub(super) fn is_by_actions(deployment: &Deployment) -> bool {
    let app = deployment.performed_via_github_app.as_ref();
    let slug = app.and_then(|app| {
        let app: serde_json::Value = serde_json::from_str(app.as_str()).ok()?;
        Some(app["slug"] == ACTIONS_APP)
    });
    let creator = deployment.creator.as_ref();
    slug.unwrap_or(false) || creator.is_some_and(User::is_actions_bot)
}
