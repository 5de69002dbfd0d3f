use crate::api::ApiError;
use crate::model::{Branches, Environment};
use crate::output::EnvironmentDetails;
use crate::session::Connection;

/// Asks for all that belongs to an environment, at once.
pub(super) async fn of(
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
        custom_rules: visible(custom_rules)?,
        variables: visible(variables)?,
        secrets: visible(secrets)?,
        environment,
    })
}

/// What the token may see: GitHub hides the rest behind 403 or 404, and old
/// servers do not have it.
fn visible<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(ApiError::Response(refusal)) if matches!(refusal.status, 403 | 404) => Ok(None),
        Err(error) => Err(error),
    }
}
