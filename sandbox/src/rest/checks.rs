//! Commit statuses (<https://docs.github.com/rest/commits/statuses>).

use serde::Serialize;
use serde_json::{Map, Value};

use super::commits;
use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply, Urls, timestamp};
use crate::ids::NodeId;
use crate::rules::{Failure, not_a_member};
use crate::store::{CheckState, CommitStatus, NewCommitStatus, Repository};
use crate::wire::repositories::minimal;
use crate::wire::users::{SimpleUser, avatar};

/// GitHub's `status`, or its `simple-commit-status` where `creator` is left
/// out.
#[derive(Debug, Serialize)]
struct Wire {
    url: String,
    avatar_url: String,
    id: i64,
    node_id: String,
    state: &'static str,
    description: Option<String>,
    target_url: Option<String>,
    context: String,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<SimpleUser>,
}

/// GitHub's `combined-commit-status`.
#[derive(Debug, Serialize)]
struct WireCombined {
    state: &'static str,
    statuses: Vec<Wire>,
    sha: String,
    total_count: u64,
    repository: Map<String, Value>,
    commit_url: String,
    url: String,
}

impl Wire {
    fn new(urls: &Urls, repository: &Repository, status: CommitStatus) -> Self {
        Self {
            url: format!("{}/statuses/{}", urls.repository(repository), status.sha),
            avatar_url: avatar(urls, &status.creator),
            id: status.id,
            node_id: NodeId::CommitStatus(repository.id, status.id).encode(),
            state: status.state.as_str(),
            description: status.description,
            target_url: status.target_url,
            context: status.context,
            created_at: timestamp(status.created_at),
            updated_at: timestamp(status.created_at),
            creator: Some(SimpleUser::new(urls, &status.creator)),
        }
    }

    fn simple(urls: &Urls, repository: &Repository, status: CommitStatus) -> Self {
        Self {
            creator: None,
            ..Self::new(urls, repository, status)
        }
    }
}

/// `POST /repos/{owner}/{repo}/statuses/{sha}`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let state = fields.required_string("state");
    let target_url = fields.nullable_string("target_url");
    let description = fields.nullable_string("description");
    let context = fields
        .string("context")
        .unwrap_or_else(|| "default".to_owned());
    fields.finish()?;
    let state = CheckState::parse(&state)
        .ok_or_else(|| Failure::Schema(not_a_member(&state, &CheckState::NAMES)))?;
    // Only a commit's full name will do, not a branch's.
    let sent = exchange.parameter(0);
    let found = exchange.app.core.resolve(&exchange.repository, sent)?;
    let Some(commit) = found.filter(|found| found.sha.eq_ignore_ascii_case(sent)) else {
        return Ok(commits::unknown(sent, exchange.operation.docs));
    };
    let new = NewCommitStatus {
        sha: commit.sha,
        context,
        state,
        description,
        target_url,
    };
    let user = exchange.user()?;
    let status = exchange
        .app
        .core
        .create_commit_status(&exchange.repository, &user, &new)?;
    let wire = Wire::new(&exchange.call.urls, &exchange.repository, status);
    Ok(Reply::json(201, &wire).with("location", wire.url))
}

/// `GET /repos/{owner}/{repo}/commits/{ref}/statuses`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let name = exchange.parameter(0);
    let core = &exchange.app.core;
    let commit = core
        .resolve(&exchange.repository, name)?
        .ok_or(Failure::NotFound)?;
    let page = Page::from_call(exchange.call);
    let slice = core.store.read(|read| {
        CommitStatus::list(read, exchange.repository.id, &commit.sha, page.window())
            .map_err(Failure::from)
    })?;
    let wires: Vec<Wire> = slice
        .items
        .into_iter()
        .map(|status| Wire::new(&exchange.call.urls, &exchange.repository, status))
        .collect();
    let path = format!("/commits/{}/statuses", commits::encode(name));
    Ok(exchange.list(Reply::json(200, &wires), page, &path, slice.total))
}

/// `GET /repos/{owner}/{repo}/commits/{ref}/status`
pub(super) fn combined(exchange: &Exchange<'_>) -> Outcome {
    let name = exchange.parameter(0);
    let core = &exchange.app.core;
    let commit = core
        .resolve(&exchange.repository, name)?
        .ok_or(Failure::NotFound)?;
    let contexts = core.store.read(|read| {
        CommitStatus::contexts(read, exchange.repository.id, &commit.sha).map_err(Failure::from)
    })?;
    let (urls, repository) = (&exchange.call.urls, &exchange.repository);
    let page = Page::from_call(exchange.call);
    let commit_url = format!("{}/commits/{}", urls.repository(repository), commit.sha);
    let state = CheckState::combined(contexts.iter().map(|status| status.state)).as_str();
    let slice = page.window().cut(contexts);
    let wire = WireCombined {
        state,
        statuses: slice
            .items
            .into_iter()
            .map(|status| Wire::simple(urls, repository, status))
            .collect(),
        sha: commit.sha,
        total_count: slice.total,
        repository: minimal(&exchange.call.urls, repository, core.visibility(repository)),
        url: format!("{commit_url}/status"),
        commit_url,
    };
    let path = format!("/commits/{}/status", commits::encode(name));
    Ok(exchange.list(Reply::json(200, &wire), page, &path, slice.total))
}
