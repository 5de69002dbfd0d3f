//! Refs (<https://docs.github.com/rest/git/refs>).

use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::git_objects::{address, refused, repo};
use crate::git::{ObjectKind, RefUpdate, RefValue, Repo, Updated};
use crate::http::{Page, Reply, encode_path};
use crate::ids::NodeId;
use crate::rules::Failure;

/// GitHub's `git-ref`.
fn wire(exchange: &Exchange<'_>, name: &str, sha: &str, kind: ObjectKind) -> Value {
    let api = exchange.call.urls.repository(&exchange.repository);
    json!({
        "ref": name,
        "node_id": NodeId::Ref(exchange.repository.id, name.to_owned()).encode(),
        "url": format!("{api}/git/{}", encode_path(name)),
        "object": {
            "sha": sha,
            "type": kind.as_str(),
            "url": address(exchange, kind.as_str(), sha),
        },
    })
}

/// The ref with this full name; `None` if it does not exist.
fn find(exchange: &Exchange<'_>, git: &Repo, name: &str) -> Result<Option<Value>, Failure> {
    let RefValue::Sha(sha) = git.ref_value(name)? else {
        return Ok(None);
    };
    let kind = git.object_kind(&sha)?;
    Ok(kind.map(|kind| wire(exchange, name, &sha, kind)))
}

/// `GET /repos/{owner}/{repo}/git/ref/{ref}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let name = format!("refs/{}", exchange.parameter(0));
    let found = find(exchange, &repo(exchange)?, &name)?;
    Ok(Reply::json(200, &found.ok_or(Failure::NotFound)?))
}

/// `GET /repos/{owner}/{repo}/git/matching-refs/{ref}`
pub(super) fn matching(exchange: &Exchange<'_>) -> Outcome {
    let given = exchange.parameter(0);
    let git = repo(exchange)?;
    let refs = git.refs(&format!("refs/{given}"))?;
    let page = Page::from_call(exchange.call);
    let slice = page.window().cut(refs);
    let mut shown = Vec::new();
    for (name, sha) in &slice.items {
        let kind = git.object_kind(sha)?.unwrap_or(ObjectKind::Commit);
        shown.push(wire(exchange, name, sha, kind));
    }
    let path = format!("/git/matching-refs/{}", encode_path(given));
    Ok(exchange.list(Reply::json(200, &shown), page, &path, slice.total))
}

/// `POST /repos/{owner}/{repo}/git/refs`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let name = fields.required_string("ref");
    let sha = fields.required_string("sha");
    fields.finish()?;
    if !name.starts_with("refs/") || name.matches('/').count() < 2 {
        let message = "Reference name must start with 'refs/' and have at least two slashes";
        return Ok(refused(exchange, message));
    }
    let git = repo(exchange)?;
    let Some(kind) = git.target_kind(&name, &sha)? else {
        return Ok(refused(exchange, "Object does not exist"));
    };
    let update = RefUpdate {
        name: name.clone(),
        before: Some(RefValue::Absent),
        after: RefValue::Sha(sha.clone()),
        force: false,
    };
    match git.update_refs(&[update])? {
        Updated::Done => {
            let body = wire(exchange, &name, &sha, kind);
            let location = body["url"].as_str().unwrap_or_default().to_owned();
            Ok(Reply::json(201, &body).with("location", location))
        }
        Updated::Changed { .. } | Updated::NotForward { .. } => {
            Ok(refused(exchange, "Reference already exists"))
        }
        Updated::Refused { .. } => {
            let message = format!("{name} is not a valid ref name.");
            Ok(refused(exchange, &message))
        }
    }
}

/// `PATCH /repos/{owner}/{repo}/git/refs/{ref}`
pub(super) fn update(exchange: &Exchange<'_>) -> Outcome {
    let name = format!("refs/{}", exchange.parameter(0));
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let sha = fields.required_string("sha");
    let force = fields.boolean("force").unwrap_or_default();
    fields.finish()?;
    let git = repo(exchange)?;
    let before = git.ref_value(&name)?;
    if before == RefValue::Absent {
        return Ok(refused(exchange, "Reference does not exist"));
    }
    let Some(kind) = git.target_kind(&name, &sha)? else {
        return Ok(refused(exchange, "Object does not exist"));
    };
    let update = RefUpdate {
        name: name.clone(),
        before: Some(before),
        after: RefValue::Sha(sha.clone()),
        force,
    };
    match git.update_refs(&[update])? {
        Updated::Done => Ok(Reply::json(200, &wire(exchange, &name, &sha, kind))),
        Updated::NotForward { .. } => Ok(refused(exchange, "Update is not a fast forward")),
        Updated::Changed { .. } | Updated::Refused { .. } => {
            Ok(refused(exchange, "Reference cannot be updated"))
        }
    }
}

/// `DELETE /repos/{owner}/{repo}/git/refs/{ref}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    let name = format!("refs/{}", exchange.parameter(0));
    let git = repo(exchange)?;
    let default = format!("refs/heads/{}", git.default_branch()?);
    if name == default {
        return Ok(refused(exchange, "Cannot delete the default branch"));
    }
    let before = git.ref_value(&name)?;
    if before == RefValue::Absent {
        return Ok(refused(exchange, "Reference does not exist"));
    }
    let update = RefUpdate {
        name,
        before: Some(before),
        after: RefValue::Absent,
        force: false,
    };
    match git.update_refs(&[update])? {
        Updated::Done => Ok(Reply::nothing()),
        _ => Ok(refused(exchange, "Reference does not exist")),
    }
}
