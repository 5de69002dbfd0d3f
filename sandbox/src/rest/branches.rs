//! Branches (<https://docs.github.com/rest/branches/branches>).

use serde_json::{Value, json};

use super::commits::Wire;
use super::exchange::{Exchange, Outcome};
use crate::git::Resolved;
use crate::http::{Page, Reply, encode_path, refusal};

/// GitHub's `short-branch`.
fn short(exchange: &Exchange<'_>, branch: &Resolved) -> Value {
    let api = exchange.call.urls.repository(&exchange.repository);
    json!({
        "name": branch.name,
        "commit": { "sha": branch.sha, "url": format!("{api}/commits/{}", branch.sha) },
        "protected": false,
    })
}

/// `GET /repos/{owner}/{repo}/branches`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::from_call(exchange.call);
    let mut branches = match exchange.app.core.git(&exchange.repository)? {
        Some(git) => git.branches()?,
        None => Vec::new(),
    };
    // Branch protection is not simulated: no branch is protected.
    if exchange.call.parameter("protected") == Some("true") {
        branches.clear();
    }
    let slice = page.window().cut(branches);
    let shown: Vec<Value> = slice
        .items
        .iter()
        .map(|branch| short(exchange, branch))
        .collect();
    Ok(exchange.list(Reply::json(200, &shown), page, "/branches", slice.total))
}

/// `GET /repos/{owner}/{repo}/branches/{branch}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let name = exchange.parameter(0);
    let not_found = || refusal(404, "Branch not found", exchange.operation.docs);
    let Some(git) = exchange.app.core.git(&exchange.repository)? else {
        return Ok(not_found());
    };
    let Some(branch) = git.branch(name)? else {
        return Ok(not_found());
    };
    let Some(info) = git.commit_info(&branch.sha)? else {
        return Ok(not_found());
    };
    let (urls, repository) = (&exchange.call.urls, &exchange.repository);
    let path = encode_path(name);
    let url = format!("{}/branches/{path}", urls.repository(repository));
    let body = json!({
        "name": branch.name,
        "commit": Wire::new(urls, repository, info),
        "_links": {
            "self": url,
            "html": format!("{}/tree/{path}", urls.web_page(repository)),
        },
        "protected": false,
        "protection": {
            "enabled": false,
            "required_status_checks": {
                "enforcement_level": "off",
                "contexts": [],
                "checks": [],
            },
        },
        "protection_url": format!("{url}/protection"),
    });
    Ok(Reply::json(200, &body))
}
