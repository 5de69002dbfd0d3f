//! Which page a path is.

use http::Method;

use super::deployments;
use crate::access::{Level, Need};
use crate::app::App;
use crate::http::{Call, Caller, Reply};
use crate::rules::Failure;

const READ_DEPLOYMENTS: Need = Need {
    scopes: &["repo", "repo_deployment"],
    permission: "deployments",
    level: Level::Read,
};

/// The beginnings of paths of the API, which are no owners.
const API: [&str; 3] = ["repos", "repositories", "_sandbox"];

/// No script and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Answers a request for a page: `/OWNER/REPO/deployments`, and the activity log
/// of one of its environments. `None` for any other path.
pub(crate) fn serve(app: &App, call: &Call, caller: &Caller) -> Option<Reply> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let (owner, name, is_log) = match segments[..] {
        [owner, name, "deployments"] => (owner, name, false),
        [owner, name, "deployments", "activity_log"] => (owner, name, true),
        _ => return None,
    };
    if call.method != Method::GET || API.contains(&owner) {
        return None;
    }
    let environment = call.parameter("environments_filter");
    let environment = environment.filter(|name| is_log && !name.is_empty());
    let page = find(app, caller, owner, name, environment);
    Some(match page {
        Ok(page) => reply(200, page),
        Err(Failure::NotFound) => reply(404, super::html::page("Not found", "<h1>Not found</h1>")),
        Err(failure) => failure.reply(crate::http::DOCS),
    })
}

fn find(
    app: &App,
    caller: &Caller,
    owner: &str,
    name: &str,
    environment: Option<&str>,
) -> Result<String, Failure> {
    let core = &app.core;
    let repository = core.repository(owner, name)?.ok_or(Failure::NotFound)?;
    if !core.is_visible(&repository, caller.identity(), READ_DEPLOYMENTS) {
        return Err(Failure::NotFound);
    }
    match environment {
        Some(environment) => deployments::activity_log(core, &repository, environment),
        None => deployments::overview(core, &repository),
    }
}

fn reply(status: u16, page: String) -> Reply {
    Reply::raw(status, "text/html; charset=utf-8", page.into_bytes())
        .with("content-security-policy", POLICY)
}
