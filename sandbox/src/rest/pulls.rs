//! Pull requests (<https://docs.github.com/rest/pulls/pulls>).

use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome};
use super::{commits, repositories};
use crate::http::{Call, Page, Reply, Version, encode_path, timestamp};
use crate::ids::NodeId;
use crate::rules::{Failure, not_a_member};
use crate::store::{Pull, PullFilter, Repository};
use crate::wire::users::SimpleUser;

/// GitHub's `pull-request-simple`. `repo` is the repository of both branches.
pub(super) fn wire(
    call: &Call,
    repository: &Repository,
    repo: &Map<String, Value>,
    pull: &Pull,
) -> Map<String, Value> {
    let api = call.urls.repository(repository);
    let number = pull.number;
    let url = format!("{api}/pulls/{number}");
    let html = format!("{}/pull/{number}", call.urls.web_page(repository));
    let issue = format!("{api}/issues/{number}");
    let statuses = format!("{api}/statuses/{}", pull.head_sha);
    let owner = &repository.owner;
    let end = |name: &str, sha: &str| {
        json!({
            "label": format!("{}:{name}", owner.login),
            "ref": name,
            "sha": sha,
            "user": SimpleUser::new(&call.urls, owner),
            "repo": repo,
        })
    };
    let link = |href: &str| json!({ "href": href });
    let time = |seconds: Option<i64>| seconds.map(timestamp);
    let wire = json!({
        "url": url,
        "id": pull.id,
        "node_id": NodeId::PullRequest(repository.id, pull.id).encode(),
        "html_url": html,
        "diff_url": format!("{html}.diff"),
        "patch_url": format!("{html}.patch"),
        "issue_url": issue,
        "commits_url": format!("{url}/commits"),
        "review_comments_url": format!("{url}/comments"),
        "review_comment_url": format!("{api}/pulls/comments{{/number}}"),
        "comments_url": format!("{issue}/comments"),
        "statuses_url": statuses,
        "number": number,
        "state": if pull.closed_at.is_some() { "closed" } else { "open" },
        "locked": false,
        "title": pull.title,
        "user": SimpleUser::new(&call.urls, &pull.user),
        "body": null,
        "labels": [],
        "milestone": null,
        "created_at": timestamp(pull.created_at),
        "updated_at": timestamp(pull.updated_at),
        "closed_at": time(pull.closed_at),
        "merged_at": time(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": null,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": end(&pull.head, &pull.head_sha),
        "base": end(&pull.base, &pull.base_sha),
        "_links": {
            "self": link(&url),
            "html": link(&html),
            "issue": link(&issue),
            "comments": link(&format!("{issue}/comments")),
            "review_comments": link(&format!("{url}/comments")),
            "review_comment": link(&format!("{api}/pulls/comments{{/number}}")),
            "commits": link(&format!("{url}/commits")),
            "statuses": link(&statuses),
        },
        "author_association": "OWNER",
        "auto_merge": null,
        "draft": false,
    });
    let mut fields = match wire {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    // Fields that the newer version of the API dropped.
    if call.version == Version::V2026 {
        fields.remove("merge_commit_sha");
        fields.remove("assignee");
    }
    fields
}

fn embedded(exchange: &Exchange<'_>) -> Result<Map<String, Value>, Failure> {
    let known = exchange.caller.known.is_some();
    repositories::embedded(exchange.app, exchange.call, &exchange.repository, known)
}

/// `GET /repos/{owner}/{repo}/pulls`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let call = exchange.call;
    let one_of = |name: &str, words: &[&'static str]| match call.parameter(name) {
        None => Ok(words[0]),
        Some(word) => words
            .iter()
            .copied()
            .find(|known| *known == word)
            .ok_or_else(|| Failure::Schema(not_a_member(word, words))),
    };
    // GitHub treats any other value as the default.
    let open = match call.parameter("state") {
        Some("closed") => Some(false),
        Some("all") => None,
        _ => Some(true),
    };
    let sort = one_of(
        "sort",
        &["created", "updated", "popularity", "long-running"],
    )?;
    // The direction is downwards, unless it sorts by something named.
    let usual = if call.parameter("sort").is_none_or(|sort| sort == "created") {
        ["desc", "asc"]
    } else {
        ["asc", "desc"]
    };
    // `head` is `user:branch`, and the only user is the owner.
    let own = format!("{}:", exchange.repository.owner.login);
    let head = call.parameter("head").map(|head| {
        let branch = head.strip_prefix(own.as_str()).unwrap_or(head);
        branch.to_owned()
    });
    let filter = PullFilter {
        open,
        head,
        base: call.parameter("base").map(str::to_owned),
        commit: None,
        by_change: sort == "updated",
        ascending: one_of("direction", &usual)? == "asc",
    };
    let page = Page::from_call(call);
    let core = &exchange.app.core;
    let slice = core.pulls(&exchange.repository, &filter, page.window())?;
    let repo = embedded(exchange)?;
    let wires: Vec<_> = slice
        .items
        .iter()
        .map(|pull| wire(call, &exchange.repository, &repo, pull))
        .collect();
    Ok(exchange.list(Reply::json(200, &wires), page, "/pulls", slice.total))
}

/// `GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls`
pub(super) fn list_of_commit(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let name = exchange.parameter(0);
    let Some(found) = core.history(&exchange.repository)?.resolve(name)? else {
        return Ok(commits::unknown(name, exchange.operation.docs));
    };
    let order = PullFilter {
        ascending: true,
        ..PullFilter::default()
    };
    let pulls = core.pulls_of_commit(&exchange.repository, &found.sha, &order)?;
    let repo = embedded(exchange)?;
    let page = Page::from_call(exchange.call);
    let slice = page.window().cut(pulls);
    let wires: Vec<_> = slice
        .items
        .iter()
        .map(|pull| wire(exchange.call, &exchange.repository, &repo, pull))
        .collect();
    let path = format!("/commits/{}/pulls", commits::encode(name));
    Ok(exchange.list(Reply::json(200, &wires), page, &path, slice.total))
}

/// `GET /repos/{owner}/{repo}/pulls/{pull_number}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let pull = core.pull(&exchange.repository, exchange.id(0)?)?;
    let repo = embedded(exchange)?;
    let mut fields = wire(exchange.call, &exchange.repository, &repo, &pull);
    let merger = pull
        .merged_at
        .map(|_| SimpleUser::new(&exchange.call.urls, &pull.user));
    let more = json!({
        "merged": pull.merged_at.is_some(),
        "mergeable": null,
        "rebaseable": null,
        "mergeable_state": "unknown",
        "merged_by": merger,
        "comments": 0,
        "review_comments": 0,
        "maintainer_can_modify": false,
        "commits": 1,
        "additions": 0,
        "deletions": 0,
        "changed_files": 0,
    });
    if let Value::Object(more) = more {
        fields.extend(more);
    }
    Ok(Reply::json(200, &fields))
}

/// Where a pull request is in the API.
pub(super) fn url(call: &Call, repository: &Repository, pull: &Pull) -> String {
    let number = encode_path(&pull.number.to_string());
    format!("{}/pulls/{number}", call.urls.repository(repository))
}
