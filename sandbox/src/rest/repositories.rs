//! Repositories (<https://docs.github.com/rest/repos/repos>).

use serde_json::{Map, Value};

use super::exchange::{Exchange, Outcome};
use crate::app::App;
use crate::http::{Call, Reply};
use crate::rules::Failure;
use crate::store::Repository;
use crate::wire::repositories::full;

fn whole(
    app: &App,
    call: &Call,
    repository: &Repository,
    writable: bool,
) -> Result<Map<String, Value>, Failure> {
    let default_branch = app.core.default_branch(repository)?;
    let private = app.core.private;
    Ok(full(call, repository, private, &default_branch, writable))
}

/// GitHub's `repository`, which pull requests contain.
pub(super) fn embedded(
    app: &App,
    call: &Call,
    repository: &Repository,
    writable: bool,
) -> Result<Map<String, Value>, Failure> {
    let mut fields = whole(app, call, repository, writable)?;
    fields.remove("temp_clone_token");
    Ok(fields)
}

/// `GET /repos/{owner}/{repo}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let known = exchange.caller.known.is_some();
    let fields = whole(exchange.app, exchange.call, &exchange.repository, known)?;
    Ok(Reply::json(200, &fields))
}
