//! Blobs, trees and commits (<https://docs.github.com/rest/git>).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome};
use crate::base64;
use crate::git::{CommitInfo, NewEntry, ObjectEntry, ObjectKind, Repo, Signature};
use crate::http::{Reply, refusal, timestamp};
use crate::ids::NodeId;
use crate::rules::Failure;

/// An author or a committer in a request.
#[derive(Debug, Deserialize)]
struct SignatureRequest {
    name: String,
    email: String,
    date: Option<String>,
}

const MODES: [&str; 5] = ["100644", "100755", "040000", "160000", "120000"];

/// The git data of a repository that has commits.
pub(super) fn repo(exchange: &Exchange<'_>) -> Result<Repo, Failure> {
    exchange.app.core.history(&exchange.repository)
}

/// The reply to a request that cannot be carried out.
pub(super) fn refused(exchange: &Exchange<'_>, message: &str) -> Reply {
    refusal(422, message, exchange.operation.docs)
}

/// Where an object is in the API.
pub(super) fn address(exchange: &Exchange<'_>, kind: &str, sha: &str) -> String {
    let api = exchange.call.urls.repository(&exchange.repository);
    format!("{api}/git/{kind}s/{sha}")
}

/// `POST /repos/{owner}/{repo}/git/blobs`
pub(super) fn create_blob(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let content = fields.required_string("content");
    let encoding = fields.string("encoding").unwrap_or("utf-8".to_owned());
    fields.finish()?;
    let bytes = if encoding == "base64" {
        let text: String = content.split_whitespace().collect();
        match base64::decode(&text) {
            Some(bytes) => bytes,
            None if text.is_empty() => Vec::new(),
            None => return Ok(refused(exchange, "content is not valid Base64")),
        }
    } else {
        content.into_bytes()
    };
    let sha = repo(exchange)?.write_blob(&bytes)?;
    let url = address(exchange, "blob", &sha);
    let body = json!({ "url": url, "sha": sha });
    Ok(Reply::json(201, &body).with("location", url))
}

/// `POST /repos/{owner}/{repo}/git/trees`
pub(super) fn create_tree(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let base = fields.string("base_tree");
    if !fields.has("tree") {
        fields.complain("\"tree\" wasn't supplied.");
    }
    let requested: Vec<Map<String, Value>> = fields
        .nullable("tree", "an array of tree entries")
        .unwrap_or_default();
    fields.finish()?;
    let git = repo(exchange)?;
    if let Some(base) = &base
        && !matches!(
            git.object_kind(base)?,
            Some(ObjectKind::Tree | ObjectKind::Commit)
        )
    {
        return Ok(refused(exchange, "base_tree is not a valid tree oid"));
    }
    if requested.is_empty() {
        return Ok(refused(exchange, "Invalid tree info"));
    }
    let mut entries = Vec::new();
    for entry in requested {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let mode = text("mode").unwrap_or_default();
        if !MODES.contains(&mode) {
            return Ok(refused(exchange, "Must supply a valid tree.mode"));
        }
        let sha = match (entry.get("sha"), text("content")) {
            (Some(Value::String(sha)), None) => {
                if mode != "160000" && git.object_kind(sha)?.is_none() {
                    return Ok(refused(exchange, "tree.sha is not a valid blob"));
                }
                Some(sha.clone())
            }
            (Some(Value::Null), None) => None,
            (None, Some(content)) => Some(git.write_blob(content.as_bytes())?),
            _ => {
                let message = "Must supply either tree.sha or tree.content";
                return Ok(refused(exchange, message));
            }
        };
        entries.push(NewEntry {
            path: text("path").unwrap_or_default().to_owned(),
            mode: mode.to_owned(),
            sha,
        });
    }
    let Some(sha) = git.write_tree(base.as_deref(), &entries)? else {
        let message = "tree.path contains a malformed path component";
        return Ok(refused(exchange, message));
    };
    let listed = git.tree(&sha, false)?.unwrap_or_default();
    let body = tree(exchange, &sha, &listed);
    Ok(Reply::json(201, &body).with("location", address(exchange, "tree", &sha)))
}

/// GitHub's `git-tree`.
fn tree(exchange: &Exchange<'_>, sha: &str, entries: &[ObjectEntry]) -> Value {
    let entry = |entry: &ObjectEntry| {
        let mut wire = json!({
            "path": entry.path,
            "mode": entry.mode,
            "type": entry.kind.as_str(),
            "sha": entry.sha,
        });
        if let Some(size) = entry.size {
            wire["size"] = size.into();
        }
        if entry.kind != ObjectKind::Commit {
            wire["url"] = address(exchange, entry.kind.as_str(), &entry.sha).into();
        }
        wire
    };
    json!({
        "sha": sha,
        "url": address(exchange, "tree", sha),
        "tree": entries.iter().map(entry).collect::<Vec<_>>(),
        "truncated": false,
    })
}

/// `POST /repos/{owner}/{repo}/git/commits`
pub(super) fn create_commit(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let message = fields.required_string("message");
    let tree = fields.required_string("tree");
    let parents = fields.strings("parents").unwrap_or_default();
    let kind = "an object with name, email and date";
    let author: Option<SignatureRequest> = fields.nullable("author", kind);
    let committer: Option<SignatureRequest> = fields.nullable("committer", kind);
    fields.finish()?;
    let git = repo(exchange)?;
    if git.object_kind(&tree)? != Some(ObjectKind::Tree) {
        return Ok(refused(exchange, "Tree SHA does not exist"));
    }
    for parent in &parents {
        if git.object_kind(parent)? != Some(ObjectKind::Commit) {
            return Ok(refused(
                exchange,
                "Parent SHA does not exist or is not a commit object",
            ));
        }
    }
    let now = exchange.app.core.now();
    let login = exchange.user()?.login;
    let signature = |given: Option<SignatureRequest>| {
        given.map(|given| Signature {
            name: given.name,
            email: given.email,
            seconds: match given.date.as_deref().map(str::parse::<Timestamp>) {
                Some(Ok(date)) => date.as_second(),
                _ => now,
            },
        })
    };
    let author = signature(author).unwrap_or_else(|| Signature {
        email: format!("{login}@users.noreply.github.com"),
        name: login,
        seconds: now,
    });
    let committer = signature(committer).unwrap_or_else(|| author.clone());
    let is_name = |one: &Signature| {
        let texts = [&one.name, &one.email];
        texts.iter().all(|text| {
            text.chars().any(char::is_alphanumeric)
                && !text
                    .chars()
                    .any(|letter| letter.is_control() || "<>".contains(letter))
        })
    };
    if !is_name(&author) || !is_name(&committer) || message.contains('\0') {
        return Ok(refused(exchange, "Invalid author, committer or message"));
    }
    let sha = git.write_commit(&tree, &parents, &message, &author, &committer)?;
    let info = git.commit_info(&sha)?.ok_or(Failure::NotFound)?;
    let body = commit(exchange, &info);
    Ok(Reply::json(201, &body).with("location", address(exchange, "commit", &sha)))
}

/// `GET /repos/{owner}/{repo}/git/commits/{commit_sha}`
pub(super) fn get_commit(exchange: &Exchange<'_>) -> Outcome {
    let sha = exchange.parameter(0);
    let git = repo(exchange)?;
    let is_commit = git.object_kind(sha)? == Some(ObjectKind::Commit);
    let info = if is_commit {
        git.commit_info(sha)?
    } else {
        None
    };
    let info = info.ok_or(Failure::NotFound)?;
    Ok(Reply::json(200, &commit(exchange, &info)))
}

/// GitHub's `git-commit`.
fn commit(exchange: &Exchange<'_>, info: &CommitInfo) -> Value {
    let web = exchange.call.urls.web_page(&exchange.repository);
    let page = |sha: &str| format!("{web}/commit/{sha}");
    let signature = |signature: &Signature| {
        json!({
            "name": signature.name,
            "email": signature.email,
            "date": timestamp(signature.seconds),
        })
    };
    let parent = |sha: &String| {
        json!({
            "sha": sha,
            "url": address(exchange, "commit", sha),
            "html_url": page(sha),
        })
    };
    json!({
        "sha": info.sha,
        "node_id": NodeId::Commit(exchange.repository.id, info.sha.clone()).encode(),
        "url": address(exchange, "commit", &info.sha),
        "html_url": page(&info.sha),
        "author": signature(&info.author),
        "committer": signature(&info.committer),
        "tree": { "sha": info.tree, "url": address(exchange, "tree", &info.tree) },
        "message": info.message,
        "parents": info.parents.iter().map(parent).collect::<Vec<_>>(),
        "verification": {
            "verified": false,
            "reason": "unsigned",
            "signature": null,
            "payload": null,
            "verified_at": null,
        },
    })
}
