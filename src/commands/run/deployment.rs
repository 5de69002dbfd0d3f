use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::time::timeout;

use super::RunArgs;
use super::keeping::Keeping;
use super::reporter::claimed;
use super::signals::Signals;
use crate::error::{Failure, Kind};
use crate::model::{Deployment, DeploymentId, Observed, Phase, StatusId, StatusState};
use crate::outbox::RequestNote;
use crate::outbox::claims::Standing;
use crate::process::Signal;
use crate::process::report::Addresses;
use crate::request::{Wish, find_twin, request_deployment};
use crate::session::{Connection, Session, check_environment, history_failure};

/// How long a request that is under way is waited for after a signal: what was
/// requested has to be reported on.
const AFTER_SIGNAL: Duration = Duration::from_secs(10);
/// So often it is noted that an answer is still waited for.
const SIGN: Duration = Duration::from_secs(1);

/// A deployment that is ours to carry out.
pub(super) struct Taken {
    pub(super) deployment: Deployment,
    /// Its newest status before the run; `None` if it had none.
    pub(super) after: Option<StatusId>,
    /// What the outbox knows of it, if it was requested.
    pub(super) request: Option<RequestNote>,
}

/// What is to be done.
pub(super) enum Chosen {
    /// This deployment is to be carried out, unless a signal said otherwise
    /// meanwhile.
    Taken {
        taken: Box<Taken>,
        told: Option<Signal>,
    },
    /// With `--unique`: it is live already, and nothing is to be done.
    Stands(Box<Observed>),
}

/// Requests the deployment, or takes the one that is named.
pub(super) async fn choose(
    session: &Session,
    connection: &Connection,
    args: &RunArgs,
    wish: Option<Wish>,
    addresses: &Addresses,
    keeping: &mut Keeping,
    signals: &mut Signals,
) -> anyhow::Result<Chosen> {
    let (Some(mut wish), None) = (wish, args.deployment) else {
        let id = args.deployment.unwrap_or(DeploymentId(0));
        let taken = take(session, connection, id).await?;
        session.interruption().leave_to_command();
        return Ok(Chosen::Taken {
            taken: Box::new(taken),
            told: None,
        });
    };
    if session.term.may_prompt() {
        let new = &mut wish.new;
        new.environment = check_environment(session, connection, &new.environment).await?;
        new.production_environment = args.options.is_production(&new.environment);
    }
    if args.options.unique
        && let Some(there) = find_twin(session, connection, &wish.new).await?
    {
        return match there.state.phase() {
            Phase::Succeeded => Ok(Chosen::Stands(Box::new(there))),
            _ => Err(under_way(&there).into()),
        };
    }
    // From here on a signal may no longer end it all: what is requested is
    // reported on.
    session.interruption().leave_to_command();
    let note = keeping.write(session, |outbox| {
        outbox.request(&connection.origin, &connection.repo, &wish.new, addresses)
    })?;
    let outbox = &keeping.outbox;
    let request = request_deployment(session, connection, &wish.new);
    let request = std::pin::pin!(with_signs(request, || outbox.still_requests(note)));
    let next = std::pin::pin!(signals.next());
    let (answer, told) = match select(request, next).await {
        Either::Left((answer, _)) => (answer, None),
        Either::Right((signal, request)) => {
            let Ok(answer) = timeout(AFTER_SIGNAL, request).await else {
                return Err(Failure::new(Kind::Interrupted, "interrupted")
                    .exit(128 + u8::try_from(signal.number()).unwrap_or_default())
                    .into());
            };
            (answer, Some(signal))
        }
    };
    let deployment = match answer {
        Ok(deployment) => deployment,
        Err(error) => {
            if is_not_done(&error) {
                outbox.withdraw(note)?;
            }
            return Err(error);
        }
    };
    wish.compare(session, &deployment);
    Ok(Chosen::Taken {
        taken: Box::new(Taken {
            deployment,
            after: None,
            request: Some(note),
        }),
        told,
    })
}

/// Waits for an answer, and gives a sign of life again and again meanwhile.
async fn with_signs<T, E>(answer: impl Future<Output = T>, sign: impl Fn() -> Result<(), E>) -> T {
    let mut answer = std::pin::pin!(answer);
    loop {
        match timeout(SIGN, answer.as_mut()).await {
            Ok(answer) => return answer,
            // Without it the deployment may not be found again after a kill.
            Err(_) => drop(sign()),
        }
    }
}

/// Whether a request that failed made nothing for certain.
fn is_not_done(error: &anyhow::Error) -> bool {
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

async fn take(
    session: &Session,
    connection: &Connection,
    id: DeploymentId,
) -> anyhow::Result<Taken> {
    let history = connection
        .client
        .repo(&connection.repo)
        .deployment(id)
        .history()
        .await
        .map_err(|error| history_failure(connection, id, &error))?;
    let observed = history.observed();
    match observed.state.phase() {
        Phase::Succeeded | Phase::Retired => {
            return Err(Failure::new(
                Kind::Other,
                format!("deployment {id} has had its end: it is {}", observed.state),
            )
            .hint("without --deployment a new one is requested")
            .detail("deployment", id)
            .detail("state", &observed.state)
            .into());
        }
        Phase::Failed => session.term.warn(format!(
            "deployment {id} ended in {} before; it is carried out again",
            observed.state
        )),
        Phase::Underway => {
            if let Standing::Owned(owner) = Standing::of(&history.statuses)
                && history.server_now <= owner.until()
            {
                return Err(claimed(id, &owner.claim.name).into());
            }
            let latest = observed.latest_status.as_ref();
            if latest.is_some_and(|latest| latest.state == StatusState::InProgress) {
                session.term.warn(format!(
                    "deployment {id} is in progress already: somebody else may be at it"
                ));
            }
        }
    }
    Ok(Taken {
        after: history.statuses.iter().filter_map(|status| status.id).max(),
        deployment: history.deployment,
        request: None,
    })
}

/// With `--unique`: what is under way is not done a second time.
fn under_way(there: &Observed) -> Failure {
    let id = there.deployment.id;
    Failure::new(
        Kind::NotFinished,
        format!(
            "deployment {id} of the same commit, environment and task is {} already: nothing was run",
            there.state
        ),
    )
    .hint(format!("'deployctl wait {id}' follows it to its end"))
    .hint(format!(
        "if nobody carries it out: 'deployctl run --deployment {id} -- …', or end it with 'deployctl reap {id}'"
    ))
    .detail("deployment", id)
    .detail("state", &there.state)
}
