//! Comparing two commits
//! (<https://docs.github.com/rest/commits/commits#compare-two-commits>).

use serde_json::json;

use super::commits::{Wire, wire_files};
use super::exchange::{Exchange, Outcome};
use crate::git::CommitInfo;
use crate::http::{Page, Reply, encode_path, refusal};
use crate::rules::Failure;

/// The maximum number of commits in an answer without paging.
const MAX_COMMITS: u64 = 250;

/// `GET /repos/{owner}/{repo}/compare/{basehead}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let basehead = exchange.parameter(0);
    let (base_name, head_name) = basehead.split_once("...").ok_or(Failure::NotFound)?;
    let git = exchange
        .app
        .core
        .git(&exchange.repository)?
        .ok_or(Failure::NotFound)?;
    let owner = &exchange.repository.owner.login;
    // `OWNER:REF` may name another repository of the network, but there is only
    // this one.
    let plain = |name: &str| match name.split_once(':') {
        Some((login, rest)) if login.eq_ignore_ascii_case(owner) => rest.to_owned(),
        _ => name.to_owned(),
    };
    let base = git
        .resolve(&plain(base_name))?
        .ok_or(Failure::NotFound)?
        .sha;
    let head = git
        .resolve(&plain(head_name))?
        .ok_or(Failure::NotFound)?
        .sha;
    let Some(found) = git.compare(&base, &head)? else {
        let message = format!("No common ancestor between {base_name} and {head_name}.");
        return Ok(refusal(404, &message, exchange.operation.docs));
    };
    let call = exchange.call;
    let paged = call.parameter("page").is_some() || call.parameter("per_page").is_some();
    let page = Page::from_call(call);
    let (skip, take) = if paged {
        (page.window().skip, page.window().take)
    } else {
        // The last ones count when there are too many.
        (found.ahead.saturating_sub(MAX_COMMITS), MAX_COMMITS)
    };
    let commits = git.commits_between(&base, &head, skip, take)?;
    let files = if page.is_first() {
        git.files(Some(&found.merge_base), &head)?
    } else {
        Vec::new()
    };
    let (urls, repository) = (&call.urls, &exchange.repository);
    let wire = |info: Option<CommitInfo>| {
        info.map(|info| Wire::new(urls, repository, info))
            .ok_or(Failure::NotFound)
    };
    let path = format!(
        "/compare/{}...{}",
        encode_path(base_name),
        encode_path(head_name)
    );
    let url = format!("{}{path}", urls.repository(repository));
    let html_url = format!("{}{path}", urls.web_page(repository));
    let status = match (found.ahead, found.behind) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let permalink = format!(
        "{}/compare/{owner}:{base}...{owner}:{head}",
        urls.web_page(repository)
    );
    let body = json!({
        "url": url,
        "html_url": html_url,
        "permalink_url": permalink,
        "diff_url": format!("{html_url}.diff"),
        "patch_url": format!("{html_url}.patch"),
        "base_commit": wire(git.commit_info(&base)?)?,
        "merge_base_commit": wire(git.commit_info(&found.merge_base)?)?,
        "status": status,
        "ahead_by": found.ahead,
        "behind_by": found.behind,
        "total_commits": found.ahead,
        "commits": commits
            .into_iter()
            .map(|info| Wire::new(urls, repository, info))
            .collect::<Vec<_>>(),
        "files": wire_files(urls, repository, &head, files),
    });
    let reply = Reply::json(200, &body);
    Ok(if paged {
        exchange.list(reply, page, &path, found.ahead)
    } else {
        reply
    })
}
