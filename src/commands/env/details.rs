use futures_util::TryStreamExt;

use super::target::TargetEnvironment;
use crate::api::{ApiError, in_order};
use crate::error::Failure;
use crate::model::{Branches, Environment};
use crate::output::EnvironmentDetails;
use crate::session::{Connection, Permission};

/// The number of environments that are loaded in parallel.
const MAX_PARALLEL: usize = 4;

/// All environments of the repository.
pub(super) async fn environments(connection: &Connection) -> Result<Vec<Environment>, Failure> {
    let Connection { client, repo, .. } = connection;
    TargetEnvironment::new(connection, "")
        .request(
            Permission::ReadEnvironments,
            client.repo(repo).environments(),
        )
        .await
}

/// Loads everything that belongs to these environments.
pub(super) async fn load_all(
    connection: &Connection,
    environments: Vec<Environment>,
) -> Result<Vec<EnvironmentDetails>, Failure> {
    in_order(environments, MAX_PARALLEL, |one| load(connection, one))
        .try_collect()
        .await
        .map_err(|error| connection.explain(&error))
}

/// Loads everything that belongs to an environment, in parallel.
pub(super) async fn load(
    connection: &Connection,
    environment: Environment,
) -> Result<EnvironmentDetails, ApiError> {
    let (client, repo) = (&connection.client, &connection.repo);
    let name = environment.name.as_str();
    let policies = async {
        if environment.branches() == Branches::Custom {
            client.repo(repo).environment(name).branch_policies().await
        } else {
            Ok(Vec::new())
        }
    };
    let (branch_policies, custom_rules, variables, secrets) = tokio::join!(
        policies,
        client.repo(repo).environment(name).custom_rules(),
        client.repo(repo).environment(name).variables(),
        client.repo(repo).environment(name).secrets()
    );
    Ok(EnvironmentDetails {
        branch_policies: branch_policies?,
        custom_rules: if_visible(custom_rules)?,
        variables: if_visible(variables)?,
        secrets: if_visible(secrets)?,
        environment,
    })
}

/// `None` if the token may not see it, which GitHub answers with 403 or 404, or if an
/// old server does not have it.
fn if_visible<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(ApiError::Response(refusal)) if matches!(refusal.status, 403 | 404) => Ok(None),
        Err(error) => Err(error),
    }
}
