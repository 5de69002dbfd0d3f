//! Files and folders at a commit (<https://docs.github.com/rest/repos/contents>).

use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::git_objects::{address, repo};
use crate::base64;
use crate::git::{ObjectEntry, ObjectKind};
use crate::http::{Reply, encode_path, refusal};
use crate::rules::Failure;

/// How many characters a line of Base64 has.
const LINE: usize = 60;

/// `GET /repos/{owner}/{repo}/contents/{path}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let path = exchange.parameter(0).trim_end_matches('/');
    let git = repo(exchange)?;
    let given = exchange
        .call
        .parameter("ref")
        .filter(|name| !name.is_empty());
    let name = match given {
        Some(name) => name.to_owned(),
        None => git.default_branch()?,
    };
    let Some(commit) = git.resolve(&name)? else {
        let message = format!("No commit found for the ref {name}");
        return Ok(refusal(404, &message, exchange.operation.docs));
    };
    let folder = if path.is_empty() {
        Some(commit.sha.clone())
    } else {
        let entry = git.entry(&commit.sha, path)?.ok_or(Failure::NotFound)?;
        if entry.kind == ObjectKind::Blob {
            let content = git.blob(&entry.sha)?.ok_or(Failure::NotFound)?;
            let mut body = wire(exchange, &name, &entry);
            body["encoding"] = "base64".into();
            body["content"] = lines(&base64::encode(&content)).into();
            return Ok(Reply::json(200, &body));
        }
        (entry.kind == ObjectKind::Tree).then_some(entry.sha)
    };
    let entries = match folder {
        Some(folder) => git.tree(&folder, false)?.ok_or(Failure::NotFound)?,
        // A submodule is not simulated.
        None => return Err(Failure::NotFound),
    };
    let list: Vec<Value> = entries
        .into_iter()
        .map(|mut entry| {
            if !path.is_empty() {
                entry.path = format!("{path}/{}", entry.path);
            }
            wire(exchange, &name, &entry)
        })
        .collect();
    Ok(Reply::json(200, &list))
}

/// What an entry of a folder and a file have in common. Links are shown as files.
fn wire(exchange: &Exchange<'_>, reference: &str, entry: &ObjectEntry) -> Value {
    let urls = &exchange.call.urls;
    let (api, web) = (
        urls.repository(&exchange.repository),
        urls.web_page(&exchange.repository),
    );
    let kind = match entry.kind {
        ObjectKind::Tree => "dir",
        ObjectKind::Commit => "submodule",
        ObjectKind::Blob | ObjectKind::Tag => "file",
    };
    let (path, at) = (encode_path(&entry.path), encode_path(reference));
    let url = format!("{api}/contents/{path}?ref={at}");
    let git = address(exchange, entry.kind.as_str(), &entry.sha);
    let place = if kind == "dir" { "tree" } else { "blob" };
    let html = format!("{web}/{place}/{at}/{path}");
    let download = (kind == "file").then(|| format!("{web}/raw/{at}/{path}"));
    json!({
        "type": kind,
        "size": entry.size.unwrap_or_default(),
        "name": entry.path.rsplit('/').next(),
        "path": entry.path,
        "sha": entry.sha,
        "url": url,
        "git_url": git,
        "html_url": html,
        "download_url": download,
        "_links": { "self": url, "git": git, "html": html },
    })
}

/// Cuts Base64 into lines, each with a line break at its end.
fn lines(text: &str) -> String {
    let mut cut = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % LINE == 0 {
            cut.push('\n');
        }
        cut.push(letter);
    }
    cut.push('\n');
    cut
}
