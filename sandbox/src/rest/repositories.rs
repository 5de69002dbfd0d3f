//! Repositories (<https://docs.github.com/rest/repos/repos>).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::{Map, Value};

use super::exchange::{Exchange, Outcome};
use crate::app::App;
use crate::http::{Call, Reply};
use crate::rules::Failure;
use crate::store::Repository;
use crate::wire::repositories::{self as wire, full};

fn whole(
    app: &App,
    call: &Call,
    repository: &Repository,
    writable: bool,
) -> Result<Map<String, Value>, Failure> {
    let default_branch = app.core.default_branch(repository)?;
    let visibility = app.core.visibility(repository);
    Ok(full(
        call,
        repository,
        visibility,
        &default_branch,
        writable,
    ))
}

/// Repositories as lists have them.
pub(super) fn listed(
    app: &App,
    call: &Call,
    repositories: &[Repository],
    writable: bool,
) -> Result<Vec<Map<String, Value>>, Failure> {
    // Many repositories have the same git repository, which alone decides.
    let mut branches: HashMap<&Option<String>, String> = HashMap::new();
    let mut wires = Vec::new();
    for repository in repositories {
        let branch = match branches.entry(&repository.path) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(app.core.default_branch(repository)?),
        };
        let visibility = app.core.visibility(repository);
        wires.push(wire::listed(call, repository, visibility, branch, writable));
    }
    Ok(wires)
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
