use crate::api::ApiError;
use crate::session::{Connection, Session};

/// Whether the live commit is or contains another commit: from the checkout if it
/// has both with their history, else with one request. `None` if the server does
/// not know one of them.
pub(crate) async fn contains(
    session: &Session,
    connection: &Connection,
    live: &str,
    commit: &str,
) -> Result<Option<bool>, ApiError> {
    if live == commit {
        return Ok(Some(true));
    }
    let git = session.git().ok();
    if let Some(is_contained) = git.and_then(|git| git.contains(live, commit)) {
        return Ok(Some(is_contained));
    }
    match connection.repo().compare(live, commit).await {
        Ok(comparison) => Ok(Some(comparison.is_contained())),
        Err(error) if error.status() == Some(404) => {
            let refusal = error.error_response();
            let is_unrelated =
                refusal.is_some_and(|refusal| refusal.message.contains("common ancestor"));
            Ok(is_unrelated.then_some(false))
        }
        Err(error) => Err(error),
    }
}
