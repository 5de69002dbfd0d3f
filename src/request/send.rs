use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::time::sleep;

use crate::api::{ApiError, Created, DeploymentFilter, NewDeployment, Paging, Refusal};
use crate::error::{Failure, Kind};
use crate::model::{Deployment, DeploymentState, Observed, Phase};
use crate::session::{Connection, Session};

/// How often a deployment is asked for again after GitHub only merged.
const MERGED_RETRIES: u32 = 3;

/// A deployment of the same commit, environment and task that stands. One of
/// which nothing was heard for long does not.
pub(crate) async fn find_twin(
    session: &Session,
    connection: &Connection,
    new: &NewDeployment,
) -> anyhow::Result<Option<Observed>> {
    let explain = |error: ApiError| connection.explain_for(&error, Some(&new.ref_name));
    let is_full_sha =
        new.ref_name.len() == 40 && new.ref_name.bytes().all(|b| b.is_ascii_hexdigit());
    let sha = if is_full_sha {
        new.ref_name.to_ascii_lowercase()
    } else {
        connection
            .client
            .repo(&connection.repo)
            .commit(&new.ref_name)
            .await
            .map_err(explain)?
            .sha
    };
    let filter = DeploymentFilter {
        sha: Some(sha),
        task: Some(new.task.clone()),
        environment: Some(new.environment.clone()),
        ..DeploymentFilter::default()
    };
    let mut pages = Box::pin(
        connection
            .client
            .repo(&connection.repo)
            .observed_deployments(&filter, Paging::until_stopped()),
    );
    while let Some(page) = pages.try_next().await.map_err(explain)? {
        for observed in page {
            if observed.state == DeploymentState::Abandoned {
                let id = observed.deployment.id;
                session.term.note(format!(
                    "deployment {id} of the same commit, environment and task is abandoned: it does not count"
                ));
                session.term.hint(format!("'deployctl reap {id}' ends it"));
            } else if matches!(observed.state.phase(), Phase::Underway | Phase::Succeeded) {
                return Ok(Some(observed));
            }
        }
    }
    Ok(None)
}

/// Sends the request; after a mere merge it asks again.
pub(crate) async fn request_deployment(
    session: &Session,
    connection: &Connection,
    new: &NewDeployment,
) -> anyhow::Result<Deployment> {
    let mut retries = 0;
    loop {
        let write = connection
            .client
            .repo(&connection.repo)
            .create_deployment(new);
        let created = session
            .writing("the deployment may have been requested", write)
            .await;
        let message = match created {
            Ok(Created::Deployment(deployment)) => {
                session.note_seen(connection, |book| {
                    for context in new.required_contexts.iter().flatten() {
                        book.context(context);
                    }
                });
                return Ok(*deployment);
            }
            Ok(Created::Merged { message }) => message,
            Err(error) => {
                note_contexts(session, connection, &error);
                return Err(refused(connection, new, &error).await.into());
            }
        };
        if retries == MERGED_RETRIES {
            return Err(
                Failure::new(Kind::MergedOnly, format!("nothing was deployed: {message}"))
                    .hint("wait for the checks of the merge, then run the command again")
                    .hint("without --auto-merge the ref is deployed as it is")
                    .detail("status", 202)
                    .into(),
            );
        }
        session.term.note(format!("{message} Asking again."));
        sleep(Duration::from_millis(500 << retries)).await;
        retries += 1;
    }
}

/// The checks that are not green are those that the next try may name.
fn note_contexts(session: &Session, connection: &Connection, error: &ApiError) {
    let contexts = error.refusal().and_then(Refusal::failed_contexts);
    session.note_seen(connection, |book| {
        for context in contexts.iter().flatten() {
            book.context(&context.context);
        }
    });
}

/// Tells a repository that the token can't see from one that it can't write
/// to: GitHub says 404 for both.
async fn refused(connection: &Connection, new: &NewDeployment, error: &ApiError) -> Failure {
    let failure = connection.explain_for(error, Some(&new.ref_name));
    if failure.kind() != Kind::NothingThere {
        return failure;
    }
    match connection.client.repo(&connection.repo).is_visible().await {
        Ok(true) => Failure::new(
            Kind::Forbidden,
            format!("not allowed: the token can see {} but can't deploy it", connection.repo),
        )
        .hint("a classic token needs the scope repo_deployment, a fine-grained one 'Deployments: write'")
        .detail("status", 404),
        _ => failure,
    }
}
