use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::session::{Connection, Permission, forbidden_if_visible};

/// The failure for an environment that could not be read or changed. A 404 may
/// mean that the environment does not exist, or that the token lacks
/// `permission`.
pub(super) async fn refused(
    connection: &Connection,
    name: &str,
    error: &ApiError,
    permission: Permission,
) -> Failure {
    let failure = connection.explain(error);
    match failure.kind() {
        Kind::Forbidden => failure.hint(permission.hint()),
        Kind::NothingThere if permission == Permission::ReadEnvironments => {
            missing(connection, name)
        }
        Kind::NothingThere => {
            let (client, repo) = (&connection.client, &connection.repo);
            let is_visible = async { client.repo(repo).environment(name).get().await.is_ok() };
            forbidden_if_visible(missing(connection, name), permission, is_visible, || {
                format!("the token can see the environment {name:?}, and no more")
            })
            .await
        }
        _ if failure.message().contains("billing plan") => failure.hint(
            "in private repositories, wait timers and reviewers need GitHub Enterprise; leave out \
             wait_timer, reviewers and prevent_self_review there",
        ),
        _ => failure,
    }
}

/// The failure for an environment that does not exist.
pub(super) fn missing(connection: &Connection, name: &str) -> Failure {
    Failure::new(
        Kind::NothingThere,
        format!("there is no environment {name:?} in {}", connection.repo),
    )
    .hint(
        "run 'deployctl env list' to see the existing environments; GitHub gives the same answer \
         if the token cannot see it",
    )
    .detail("status", 404)
    .with_hints(connection.suggest_cached_environment(name))
}

/// Whether something that could not be removed no longer exists. GitHub answers 404
/// also if the token may not remove it, so `list` has to tell.
pub(super) async fn is_gone<T, L: Future<Output = Result<Vec<T>, Failure>>>(
    error: &ApiError,
    list: impl Fn() -> L,
    is_it: impl Fn(&T) -> bool,
) -> Result<bool, Failure> {
    Ok(error.status() == Some(404) && !list().await?.iter().any(is_it))
}
