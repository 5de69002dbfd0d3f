//! GitHub's REST API, one file a resource.

mod account;
mod administration;
mod branch_policies;
mod branches;
mod checks;
mod commits;
mod compare;
mod concurrency_groups;
mod contents;
mod deliveries;
mod deployments;
mod entries;
mod environments;
mod exchange;
mod gates;
mod git_objects;
mod git_refs;
mod hooks;
mod pulls;
mod redirects;
mod repositories;
mod repository_administration;
mod repository_lists;
mod routes;
mod run_administration;
mod run_reviews;
mod runs;
mod secrets;
mod statuses;
mod variables;

use crate::access::Access;
use crate::app::App;
use crate::http::{Call, Caller, DOCS, Reply, refusal, sso_refusal};
use crate::store::Repository;
use exchange::{Exchange, Operation};
use http::Method;

/// Answers a request to the REST API.
pub(crate) fn serve(app: &App, call: &Call, caller: &Caller) -> Reply {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let found = match segments.as_slice() {
        ["repos", owner, name, rest @ ..] => routes::repository(&call.method, rest)
            .map(|route| (route, app.core.repository(owner, name))),
        ["repositories", id, rest @ ..] => routes::repository(&call.method, rest).map(|route| {
            let id = id.parse().unwrap_or(0);
            (route, app.core.repository_by_id(id))
        }),
        ["_sandbox", rest @ ..] => return administration::serve(app, call, caller, rest),
        _ => {
            let list = call
                .is_read()
                .then(|| repository_lists::serve(app, call, caller, &segments));
            let list = list
                .flatten()
                .map(|reply| reply.with("x-accepted-oauth-scopes", "repo"));
            return list.unwrap_or_else(|| account::serve(app, call, caller, &segments));
        }
    };
    let Some((route, repository)) = found else {
        return refusal(404, "Not Found", DOCS);
    };
    let operation = route.operation;
    let docs = operation.docs;
    let reply = match repository {
        Err(failure) => failure.reply(docs),
        // An anonymous write is refused whether or not the repository exists.
        Ok(_) if call.method != Method::GET && caller.known.is_none() => {
            refusal(401, "Requires authentication", docs)
        }
        Ok(None) => redirects::from_old_name(app, call, caller, &segments)
            .unwrap_or_else(|failure| failure.reply(docs)),
        Ok(Some(repository)) => forbidden(app, call, caller, operation, &repository)
            .unwrap_or_else(|| {
                let parameters = route.parameters;
                let exchange = Exchange {
                    app,
                    call,
                    caller,
                    operation,
                    repository,
                    parameters,
                };
                (route.handler)(&exchange).unwrap_or_else(|failure| failure.reply(docs))
            }),
    };
    let reply = reply.with("x-accepted-oauth-scopes", operation.need.scopes.join(", "));
    match caller.access() {
        Some(Access::FineGrained(_)) => {
            let need = operation.need;
            let accepted = format!("{}={}", need.permission, need.level.as_str());
            reply.with("x-accepted-github-permissions", accepted)
        }
        _ => reply,
    }
}

/// The refusal for a caller who lacks a right; `None` if the request is
/// allowed.
fn forbidden(
    app: &App,
    call: &Call,
    caller: &Caller,
    operation: &Operation,
    repository: &Repository,
) -> Option<Reply> {
    if !repository.admits(caller.login()) {
        return Some(refusal(404, "Not Found", operation.docs));
    }
    if repository.requires_sso && caller.known.is_some() {
        return Some(sso_refusal(&call.urls, &repository.owner.login));
    }
    let private = app.core.visibility(repository).is_private();
    let Some(access) = caller.access() else {
        if operation.need.is_guarded() {
            return Some(refusal(401, "Requires authentication", operation.docs));
        }
        // Private repositories do not exist for anonymous callers.
        return private.then(|| refusal(404, "Not Found", operation.docs));
    };
    if access.allows(operation.need, private) {
        let refused = repository.settings.is_archived && !call.is_read();
        let message = "Repository was archived so is read-only.";
        return refused.then(|| refusal(403, message, operation.docs));
    }
    Some(match access {
        Access::FineGrained(_) => refusal(
            403,
            "Resource not accessible by personal access token",
            operation.docs,
        ),
        _ if private => refusal(404, "Not Found", operation.docs),
        _ => refusal(403, "Must have admin rights to Repository.", operation.docs),
    })
}
