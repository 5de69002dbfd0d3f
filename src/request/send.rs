use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::time::sleep;

use crate::api::{ApiError, Created, DeploymentFilter, ErrorResponse, NewDeployment, Paging};
use crate::error::{Failure, Kind};
use crate::model::{Deployment, DeploymentState, DeploymentWithState, Phase};
use crate::session::{Connection, Permission, Session, forbidden_if_visible};

/// How often a request is repeated after GitHub only merged the default branch.
const MAX_MERGE_RETRIES: u32 = 3;

/// Finds a deployment of the same commit, environment and task that is live or
/// under way. An abandoned deployment does not count.
pub(crate) async fn find_existing(
    session: &Session,
    connection: &Connection,
    new: &NewDeployment,
) -> anyhow::Result<Option<DeploymentWithState>> {
    let explain = |error: ApiError| connection.explain_for_ref(&error, Some(&new.ref_name));
    let is_full_sha =
        new.ref_name.len() == 40 && new.ref_name.bytes().all(|b| b.is_ascii_hexdigit());
    let sha = if is_full_sha {
        new.ref_name.to_ascii_lowercase()
    } else {
        connection
            .repo()
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
            .repo()
            .deployments_with_state(&filter, Paging::until_stopped()),
    );
    while let Some(page) = pages.try_next().await.map_err(explain)? {
        for observed in page {
            if observed.state == DeploymentState::Abandoned {
                let id = observed.deployment.id;
                session.term.note(format!(
                    "deployment {id} of the same commit, environment and task is abandoned and does not count"
                ));
                session
                    .term
                    .hint(format!("run 'deployctl reap {id}' to end it"));
            } else if matches!(observed.state.phase(), Phase::Underway | Phase::Succeeded) {
                return Ok(Some(observed));
            }
        }
    }
    Ok(None)
}

/// Sends the request, again if GitHub only merged the default branch into the
/// ref.
pub(crate) async fn request_deployment(
    session: &Session,
    connection: &Connection,
    new: &NewDeployment,
) -> anyhow::Result<Deployment> {
    let mut retries = 0;
    loop {
        let write = connection.repo().create_deployment(new);
        let created = session
            .track_write("the deployment may have been requested", write)
            .await;
        let message = match created {
            Ok(Created::Deployment(deployment)) => {
                session.update_cache(connection, |cache| {
                    for context in new.required_contexts.iter().flatten() {
                        cache.add_context(context);
                    }
                });
                return Ok(*deployment);
            }
            Ok(Created::Merged { message }) => message,
            Err(error) => {
                cache_contexts(session, connection, &error);
                return Err(explain_refusal(connection, new, &error).await.into());
            }
        };
        if retries == MAX_MERGE_RETRIES {
            return Err(
                Failure::new(Kind::MergedOnly, format!("nothing was deployed: {message}"))
                    .hint("wait for the checks of the merge, then run the command again")
                    .hint("without --auto-merge the ref is deployed as it is")
                    .detail("status", 202)
                    .into(),
            );
        }
        session
            .term
            .note(format!("{message} Sending the request again."));
        sleep(Duration::from_millis(500 << retries)).await;
        retries += 1;
    }
}

/// Caches the checks that are not green: the next attempt may name them.
fn cache_contexts(session: &Session, connection: &Connection, error: &ApiError) {
    let contexts = error
        .error_response()
        .and_then(ErrorResponse::failed_contexts);
    session.update_cache(connection, |cache| {
        for context in contexts.iter().flatten() {
            cache.add_context(&context.context);
        }
    });
}

/// The failure of a request. A 404 may mean that the token can't write to the
/// repository.
async fn explain_refusal(
    connection: &Connection,
    new: &NewDeployment,
    error: &ApiError,
) -> Failure {
    let failure = connection.explain_for_ref(error, Some(&new.ref_name));
    let (client, repo) = (&connection.client, &connection.repo);
    let is_visible = async { matches!(client.repo(repo).is_visible().await, Ok(true)) };
    forbidden_if_visible(failure, Permission::WriteDeployments, is_visible, || {
        format!("the token can see {repo} but can't deploy it")
    })
    .await
}
