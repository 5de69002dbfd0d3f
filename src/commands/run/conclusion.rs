use std::ffi::OsString;
use std::io;
use std::time::Duration;

use super::deployment::Taken;
use crate::api::NewStatus;
use crate::error::{Failure, Kind};
use crate::model::{Observed, Status};
use crate::output::{DeploymentRecord, Format};
use crate::process::{End, Finished, Force, Rest, Signal};
use crate::session::{Connection, Session, summarize_deployments, web_url, write_github_output};

/// The end of a command that was not begun, since a signal came first.
pub(super) fn stopped_before(signal: Signal) -> Finished {
    without_a_run(End::Stopped {
        signal: Some(signal),
        force: Force::None,
    })
}

/// The end of a command that could not be given its files.
pub(super) fn not_started(command: &[OsString], error: &io::Error) -> Finished {
    let program = command.first();
    without_a_run(End::NotStarted {
        program: program.map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        // Not with its own kind: "not found" would be said of the command.
        error: io::Error::other(format!("its folder can't be made: {error}")),
    })
}

fn without_a_run(end: End) -> Finished {
    Finished {
        end,
        took: Duration::ZERO,
        rest: Rest::default(),
        remains: None,
    }
}

/// With `--unique`: the deployment is live already.
pub(super) fn stands(
    session: &Session,
    connection: &Connection,
    format: &Format,
    observed: Observed,
) -> anyhow::Result<()> {
    session.term.note(format!(
        "deployment {} already exists and is {}: nothing was run",
        observed.deployment.id, observed.state
    ));
    print(session, connection, format, observed)
}

/// Prints the deployment, and ends as the command did.
pub(super) fn conclude(
    session: &Session,
    connection: &Connection,
    format: &Format,
    taken: Box<Taken>,
    finished: &Finished,
    status: &NewStatus,
    sent: Option<Status>,
) -> anyhow::Result<()> {
    let (id, environment) = (taken.deployment.id, taken.deployment.environment.clone());
    let mut deployment = taken.deployment;
    let now = sent
        .as_ref()
        .map_or(deployment.last_change(), |sent| sent.created_at);
    deployment.updated_at = Some(now);
    let is_sent = sent.is_some();
    print(
        session,
        connection,
        format,
        Observed::from_latest(deployment, sent, now),
    )?;
    if finished.end.is_success() {
        if is_sent {
            session.term.note(format!(
                "deployment {id} to {environment} reports {}",
                status.state
            ));
        }
        return Ok(());
    }
    let (kind, message) = match &finished.end {
        End::Stopped { signal, .. } => (
            if matches!(signal, Some(Signal::Interrupt)) {
                Kind::Interrupted
            } else {
                Kind::Terminated
            },
            finished.end.to_string(),
        ),
        End::TimedOut { .. } => (Kind::TimedOut, format!("the command {}", finished.end)),
        End::NotStarted { .. } => (Kind::Other, format!("the command {}", finished.end)),
        End::Killed(_) => (
            Kind::DeploymentFailed,
            format!("the command was {}", finished.end),
        ),
        End::Exited(code) => (
            Kind::DeploymentFailed,
            format!("the command ended with exit code {code}"),
        ),
    };
    let reported = if is_sent {
        format!("deployment {id} to {environment} reports {}", status.state)
    } else {
        format!("deployment {id} to {environment}")
    };
    Err(Failure::new(kind, format!("{message} ({reported})"))
        .exit(finished.end.exit_code())
        .detail("deployment", id)
        .detail("state", &status.state)
        .into())
}

/// Standard output is the command's; only who asked for a format gets one.
fn print(
    session: &Session,
    connection: &Connection,
    format: &Format,
    observed: Observed,
) -> anyhow::Result<()> {
    let url = web_url(
        connection.client.endpoints(),
        &connection.repo,
        &observed.deployment,
    );
    let record = DeploymentRecord::new(observed, url);
    format.one(&session.term, &record, || Ok(()))?;
    session.term.flush()?;
    write_github_output(session, &record)?;
    summarize_deployments(session, "Deployment", [&record])
}
