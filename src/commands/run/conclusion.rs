use super::assignment::Assignment;
use super::context::RunContext;
use crate::api::NewStatus;
use crate::error::{Failure, Kind};
use crate::model::{DeploymentWithState, Status};
use crate::process::{CommandEnd, FinishedCommand, Signal};

/// Ends a run whose deployment is already live, with `--unique`.
pub(super) fn conclude_unrun(
    context: &RunContext<'_>,
    observed: DeploymentWithState,
) -> anyhow::Result<()> {
    context.session.term.note(format!(
        "deployment {} already exists and is {}: nothing was run",
        observed.deployment.id, observed.state
    ));
    report(context, observed)
}

/// Prints the deployment, and ends with the exit code of the command.
pub(super) fn conclude(
    context: &RunContext<'_>,
    assignment: Assignment,
    finished: &FinishedCommand,
    status: &NewStatus,
    sent: Option<Status>,
) -> anyhow::Result<()> {
    let mut deployment = assignment.deployment;
    let (id, environment) = (deployment.id, deployment.environment.clone());
    let now = sent
        .as_ref()
        .map_or(deployment.last_change(), |sent| sent.created_at);
    deployment.updated_at = Some(now);
    let is_sent = sent.is_some();
    report(
        context,
        DeploymentWithState::from_latest_status(deployment, sent, now),
    )?;
    let reported = if is_sent {
        format!("deployment {id} to {environment} reports {}", status.state)
    } else {
        format!("deployment {id} to {environment}")
    };
    if finished.end.is_success() {
        if is_sent {
            context.session.term.note(reported);
        }
        return Ok(());
    }
    let (kind, message) = match &finished.end {
        CommandEnd::Stopped { signal, .. } => (
            if matches!(signal, Some(Signal::Interrupt)) {
                Kind::Interrupted
            } else {
                Kind::Terminated
            },
            finished.end.to_string(),
        ),
        CommandEnd::TimedOut { .. } => (Kind::TimedOut, format!("the command {}", finished.end)),
        CommandEnd::NotStarted { .. } => (Kind::Other, format!("the command {}", finished.end)),
        CommandEnd::Killed(_) => (
            Kind::DeploymentFailed,
            format!("the command was {}", finished.end),
        ),
        CommandEnd::Exited(code) => (
            Kind::DeploymentFailed,
            format!("the command ended with exit code {code}"),
        ),
    };
    Err(Failure::new(kind, format!("{message} ({reported})"))
        .exit(finished.end.exit_code())
        .detail("deployment", id)
        .detail("state", &status.state)
        .into())
}

/// Prints the deployment if a format is requested; otherwise standard output
/// belongs to the command.
fn report(context: &RunContext<'_>, observed: DeploymentWithState) -> anyhow::Result<()> {
    let record = context.connection.record(observed);
    let records = [record];
    let term = &context.session.term;
    context
        .session
        .report(context.connection, "Deployment", &records, || {
            Ok(context.format.print_one(term, &records[0], || Ok(()))?)
        })
}
