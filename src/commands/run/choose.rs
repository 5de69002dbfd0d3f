use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::time::timeout;

use super::assignment::{Assignment, claimed_by_agent};
use super::context::RunContext;
use super::outbox::RunOutbox;
use super::signals::Signals;
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, DeploymentWithState, Phase, StatusState};
use crate::outbox::claims::Ownership;
use crate::process::Signal;
use crate::request::{CreateRequest, LockGuard, find_existing, request_deployment};
use crate::session::{Connection, Session, confirm_environment};

/// How long a request in flight is waited for after a signal: if a deployment was
/// requested, its end has to be reported.
const TIMEOUT_AFTER_SIGNAL: Duration = Duration::from_secs(10);
/// How often the outbox records that the request is still in flight.
const REFRESH_INTERVAL: Duration = Duration::from_secs(1);

pub(super) enum Choice {
    /// Carry out this deployment, unless a signal came meanwhile.
    Run {
        assignment: Box<Assignment>,
        signal: Option<Signal>,
    },
    /// With `--unique`: it is already live, and there is nothing to do.
    AlreadyLive(Box<DeploymentWithState>),
}

/// Requests the deployment, or uses the one that `--deployment` names.
pub(super) async fn choose(
    context: &RunContext<'_>,
    request: Option<CreateRequest>,
    outbox: &mut RunOutbox,
    signals: &mut Signals,
) -> anyhow::Result<Choice> {
    let RunContext {
        session,
        connection,
        args,
        ..
    } = context;
    let (Some(mut request), None) = (request, args.deployment) else {
        let id = args.deployment.unwrap_or(DeploymentId(0));
        let guard = args.locks.read(session, connection).await?;
        let assignment = use_existing(session, connection, id).await?;
        guard.check(
            &assignment.deployment.environment,
            &assignment.deployment.task,
        )?;
        session.signals().delegate();
        return Ok(Choice::Run {
            assignment: Box::new(assignment),
            signal: None,
        });
    };
    if session.term.may_prompt() {
        let new = &mut request.new;
        new.environment = confirm_environment(session, connection, &new.environment).await?;
        new.production_environment = args.options.is_production(&new.environment);
    }
    if args.options.unique
        && let Some(existing) = find_existing(session, connection, &request.new).await?
    {
        return match existing.state.phase() {
            Phase::Succeeded => Ok(Choice::AlreadyLive(Box::new(existing))),
            _ => Err(already_under_way(&existing).into()),
        };
    }
    let guard = args.locks.read(session, connection).await?;
    guard.admit(&mut request.new)?;
    request_new(context, &request, &guard, outbox, signals).await
}

/// Requests a deployment. From here on a signal no longer ends the program at
/// once: if a deployment was requested, its end has to be reported.
async fn request_new(
    context: &RunContext<'_>,
    request: &CreateRequest,
    guard: &LockGuard<'_>,
    outbox: &mut RunOutbox,
    signals: &mut Signals,
) -> anyhow::Result<Choice> {
    let (session, connection) = (context.session, context.connection);
    session.signals().delegate();
    let note = outbox.write(session, |outbox| {
        outbox.note_request(
            &connection.origin,
            &connection.repo,
            &request.new,
            &context.urls,
        )
    })?;
    let outbox = &outbox.outbox;
    let response = request_deployment(session, connection, &request.new);
    let response = std::pin::pin!(with_refresh(response, || outbox.refresh_request(note)));
    let next_signal = std::pin::pin!(signals.next());
    let (response, signal) = match select(response, next_signal).await {
        Either::Left((response, _)) => (response, None),
        Either::Right((signal, response)) => {
            let Ok(response) = timeout(TIMEOUT_AFTER_SIGNAL, response).await else {
                return Err(Failure::new(Kind::Interrupted, "interrupted")
                    .exit(128 + u8::try_from(signal.number()).unwrap_or_default())
                    .into());
            };
            (response, Some(signal))
        }
    };
    let deployment = match response {
        Ok(deployment) => deployment,
        Err(error) => {
            if created_nothing(&error) {
                outbox.withdraw_request(note)?;
            }
            return Err(error);
        }
    };
    if let Err(locked) = guard.confirm(&deployment).await {
        // Otherwise the next command reports the deployment as interrupted.
        if locked.is_ended {
            outbox.withdraw_request(note)?;
        }
        return Err(locked.into());
    }
    request.warn_if_other_commit(session, &deployment);
    Ok(Choice::Run {
        assignment: Box::new(Assignment {
            deployment,
            last_status_before: None,
            request: Some(note),
        }),
        signal,
    })
}

/// Waits for a response, and refreshes the record of the request meanwhile.
async fn with_refresh<T, E>(
    response: impl Future<Output = T>,
    refresh: impl Fn() -> Result<(), E>,
) -> T {
    let mut response = std::pin::pin!(response);
    loop {
        match timeout(REFRESH_INTERVAL, response.as_mut()).await {
            Ok(response) => return response,
            // If it fails, the deployment may not be found after a kill.
            Err(_) => drop(refresh()),
        }
    }
}

/// Whether a failed request certainly created no deployment.
fn created_nothing(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref().map(Failure::kind);
    matches!(
        kind,
        Some(
            Kind::NothingThere
                | Kind::NotAuthenticated
                | Kind::Forbidden
                | Kind::ChecksNotGreen
                | Kind::MergeConflict
                | Kind::MergedOnly
                | Kind::Invalid
                | Kind::RateLimited
        )
    )
}

async fn use_existing(
    session: &Session,
    connection: &Connection,
    id: DeploymentId,
) -> anyhow::Result<Assignment> {
    let history = connection
        .repo()
        .deployment(id)
        .history()
        .await
        .map_err(|error| connection.explain_for_deployment(id, &error))?;
    let observed = history.deployment_with_state();
    match observed.state.phase() {
        Phase::Succeeded | Phase::Retired => {
            return Err(Failure::new(
                Kind::Other,
                format!(
                    "deployment {id} has already ended: it is {}",
                    observed.state
                ),
            )
            .hint("omit --deployment to request a new one")
            .detail("deployment", id)
            .detail("state", &observed.state)
            .into());
        }
        Phase::Failed => session.term.warn(format!(
            "deployment {id} already ended in {}; it is carried out again",
            observed.state
        )),
        Phase::Underway => {
            if let Ownership::Owned(owner) = Ownership::from_statuses(&history.statuses)
                && history.server_now <= owner.until()
            {
                return Err(claimed_by_agent(id, &owner.claim.name).into());
            }
            let latest = observed.latest_status.as_ref();
            if latest.is_some_and(|latest| latest.state == StatusState::InProgress) {
                session.term.warn(format!(
                    "deployment {id} is already in progress: another deployer may be working on it"
                ));
            }
        }
    }
    Ok(Assignment {
        last_status_before: history.statuses.iter().filter_map(|status| status.id).max(),
        deployment: history.deployment,
        request: None,
    })
}

/// The failure with `--unique` if an existing deployment has not ended.
fn already_under_way(existing: &DeploymentWithState) -> Failure {
    let id = existing.deployment.id;
    Failure::new(
        Kind::NotFinished,
        format!(
            "deployment {id} of the same commit, environment and task is already {}: nothing was run",
            existing.state
        ),
    )
    .hint(format!("run 'deployctl wait {id}' to follow it until it ends"))
    .hint(format!(
        "if no deployer carries it out, use 'deployctl run --deployment {id} -- …', or end it with 'deployctl reap {id}'"
    ))
    .detail("deployment", id)
    .detail("state", &existing.state)
}
