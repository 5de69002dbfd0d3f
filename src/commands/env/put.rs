use super::diff;
use super::settings::Settings;
use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::model::Environment;
use crate::session::Connection;

/// Sends the settings of an environment that has those of `before`, and
/// compares the answer with them: a server may leave some out.
pub(super) async fn put(
    connection: &Connection,
    name: &str,
    before: &Settings,
    settings: &Settings,
) -> Result<Result<Environment, ApiError>, Failure> {
    let (client, repo) = (&connection.client, &connection.repo);
    let environment = match client
        .repo(repo)
        .environment(name)
        .put(&settings.request(before))
        .await
    {
        Ok(environment) => environment,
        Err(error) => return Ok(Err(error)),
    };
    let taken = Settings::of(&environment);
    if taken.is_same(settings) {
        return Ok(Ok(environment));
    }
    let lines = diff::settings(name, settings, &taken);
    Err(Failure::new(
        Kind::Other,
        format!("the server took the settings of {name:?} and answers with others"),
    )
    .lines(lines.iter().map(|change| format!("  {change}")))
    .hint("not every plan of GitHub has every protection of private repositories"))
}
