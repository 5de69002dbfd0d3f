//! Commits (<https://docs.github.com/rest/commits/commits>).

use jiff::Timestamp;
use serde::Serialize;

use super::exchange::{Exchange, Outcome};
use crate::git::{CommitFilter, CommitInfo, FileChange, Signature};
use crate::http::{Page, Reply, Urls, encode_path, refusal, timestamp};
use crate::ids::NodeId;
use crate::rules::Failure;
use crate::store::Repository;

/// The most files that one answer lists.
const MAX_FILES: usize = 300;

/// GitHub's `commit`.
#[derive(Debug, Serialize)]
pub(super) struct Wire {
    sha: String,
    node_id: String,
    commit: WireGit,
    url: String,
    html_url: String,
    comments_url: String,
    /// Email addresses are not linked to accounts.
    author: Option<()>,
    committer: Option<()>,
    parents: Vec<WireParent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<WireStats>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<WireFile>>,
}

#[derive(Debug, Serialize)]
struct WireGit {
    author: WireSignature,
    committer: WireSignature,
    message: String,
    tree: WireTree,
    url: String,
    comment_count: u64,
    verification: WireVerification,
}

#[derive(Debug, Serialize)]
struct WireSignature {
    name: String,
    email: String,
    date: String,
}

#[derive(Debug, Serialize)]
struct WireTree {
    sha: String,
    url: String,
}

#[derive(Debug, Serialize)]
struct WireVerification {
    verified: bool,
    reason: &'static str,
    signature: Option<()>,
    payload: Option<()>,
    verified_at: Option<()>,
}

#[derive(Debug, Serialize)]
struct WireParent {
    sha: String,
    url: String,
    html_url: String,
}

#[derive(Debug, Serialize)]
struct WireStats {
    total: u64,
    additions: u64,
    deletions: u64,
}

/// GitHub's `diff-entry`, without the patch.
#[derive(Debug, Serialize)]
pub(super) struct WireFile {
    sha: String,
    filename: String,
    status: &'static str,
    additions: u64,
    deletions: u64,
    changes: u64,
    blob_url: String,
    raw_url: String,
    contents_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_filename: Option<String>,
}

impl WireSignature {
    fn new(signature: Signature) -> Self {
        Self {
            name: signature.name,
            email: signature.email,
            date: timestamp(signature.seconds),
        }
    }
}

impl Wire {
    /// A commit as in lists, without its files.
    pub(super) fn new(urls: &Urls, repository: &Repository, info: CommitInfo) -> Self {
        let api = urls.repository(repository);
        let web = urls.web_page(repository);
        let url = format!("{api}/commits/{}", info.sha);
        let parent = |sha: String| WireParent {
            url: format!("{api}/commits/{sha}"),
            html_url: format!("{web}/commit/{sha}"),
            sha,
        };
        Self {
            node_id: NodeId::Commit(repository.id, info.sha.clone()).encode(),
            commit: WireGit {
                author: WireSignature::new(info.author),
                committer: WireSignature::new(info.committer),
                message: info.message,
                tree: WireTree {
                    url: format!("{api}/git/trees/{}", info.tree),
                    sha: info.tree,
                },
                url: format!("{api}/git/commits/{}", info.sha),
                comment_count: 0,
                verification: WireVerification {
                    verified: false,
                    reason: "unsigned",
                    signature: None,
                    payload: None,
                    verified_at: None,
                },
            },
            html_url: format!("{web}/commit/{}", info.sha),
            comments_url: format!("{url}/comments"),
            author: None,
            committer: None,
            parents: info.parents.into_iter().map(parent).collect(),
            stats: None,
            files: None,
            sha: info.sha,
            url,
        }
    }

    fn with_files(mut self, urls: &Urls, repository: &Repository, files: Vec<FileChange>) -> Self {
        let additions = files.iter().map(|file| file.additions).sum();
        let deletions = files.iter().map(|file| file.deletions).sum();
        self.stats = Some(WireStats {
            total: additions + deletions,
            additions,
            deletions,
        });
        self.files = Some(wire_files(urls, repository, &self.sha, files));
        self
    }
}

/// The first files of a diff that ends at `sha`.
pub(super) fn wire_files(
    urls: &Urls,
    repository: &Repository,
    sha: &str,
    files: Vec<FileChange>,
) -> Vec<WireFile> {
    let api = urls.repository(repository);
    let web = urls.web_page(repository);
    let wire = |file: FileChange| {
        let path = encode_path(&file.path);
        WireFile {
            sha: file.blob,
            filename: file.path,
            status: file.status.as_str(),
            additions: file.additions,
            deletions: file.deletions,
            changes: file.additions + file.deletions,
            blob_url: format!("{web}/blob/{sha}/{path}"),
            raw_url: format!("{web}/raw/{sha}/{path}"),
            contents_url: format!("{api}/contents/{path}?ref={sha}"),
            previous_filename: file.previous,
        }
    };
    files.into_iter().take(MAX_FILES).map(wire).collect()
}

/// The refusal for a commit that is not there.
pub(super) fn unknown(name: &str, docs: &str) -> Reply {
    refusal(422, &format!("No commit found for SHA: {name}"), docs)
}

/// A ref in the path of a link.
pub(super) fn encode(name: &str) -> String {
    encode_path(name)
}

/// `GET /repos/{owner}/{repo}/commits`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let call = exchange.call;
    let git = exchange.app.core.history(&exchange.repository)?;
    let given = |name| call.parameter(name).filter(|value| !value.is_empty());
    let name = match given("sha") {
        Some(name) => name.to_owned(),
        None => git.default_branch()?,
    };
    let start = git.resolve(&name)?.ok_or(Failure::NotFound)?;
    let time = |name| -> Result<Option<i64>, Failure> {
        let Some(text) = given(name) else {
            return Ok(None);
        };
        let parsed = text.parse::<Timestamp>();
        let wrong = |_| Failure::Schema(format!("\"{text}\" is not a valid date-time for {name}."));
        Ok(Some(parsed.map_err(wrong)?.as_second()))
    };
    let filter = CommitFilter {
        path: given("path").map(str::to_owned),
        author: given("author").map(str::to_owned),
        committer: given("committer").map(str::to_owned),
        since: time("since")?,
        until: time("until")?,
    };
    let page = Page::from_call(call);
    let window = page.window();
    let commits = git.commits(&start.sha, &filter, window.skip, window.take)?;
    let total = git.count_commits(&start.sha, &filter)?;
    let wires: Vec<Wire> = commits
        .into_iter()
        .map(|info| Wire::new(&call.urls, &exchange.repository, info))
        .collect();
    Ok(exchange.list(Reply::json(200, &wires), page, "/commits", total))
}

/// `GET /repos/{owner}/{repo}/commits/{ref}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let name = exchange.parameter(0);
    let git = exchange.app.core.history(&exchange.repository)?;
    let Some(found) = git.resolve(name)? else {
        return Ok(unknown(name, exchange.operation.docs));
    };
    let accept = exchange.call.header("accept").unwrap_or_default();
    if accept.contains("application/vnd.github.sha") {
        let media = "application/vnd.github.sha; charset=utf-8";
        return Ok(Reply::raw(200, media, found.sha.into_bytes()));
    }
    let info = git.commit_info(&found.sha)?.ok_or(Failure::NotFound)?;
    let files = git.files(info.parents.first().map(String::as_str), &info.sha)?;
    let (urls, repository) = (&exchange.call.urls, &exchange.repository);
    let wire = Wire::new(urls, repository, info).with_files(urls, repository, files);
    Ok(Reply::json(200, &wire))
}
