use serde::Deserialize;
use serde_json::json;

use super::call::Reply;
use super::graphql::{Connection, Partial, Query, Step, indexes, leads_to, partial};
use super::request::Request;
use super::viewer::Login;
use super::{ApiError, RepoHandle};

/// The branches of which a page has the most that GitHub lists at once.
const QUERY: &str = "query($owner:String!,$name:String!,$text:String!,$path:String!,\
$file:String!,$after:String){viewer{login} repository(owner:$owner,name:$name){id \
object(expression:$file){... on Blob{text isTruncated}} \
refs(refPrefix:\"refs/heads/\",query:$text,first:100,after:$after){\
pageInfo{hasNextPage endCursor} \
nodes{name target{oid ... on Commit{file(path:$path){object{\
... on Blob{text isTruncated}}}}}}}}}";

/// The text of a file in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileText {
    Missing,
    Text(String),
    /// It exists, but is no text, too long, or could not be read.
    Unreadable,
}

/// A branch and the file that was asked for at its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BranchFile {
    /// The short name of the branch.
    pub(crate) branch: String,
    /// The commit that it points to.
    pub(crate) oid: String,
    pub(crate) file: FileText,
}

/// The branches of a repository whose names contain a text, with one file each,
/// and a file of the default branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BranchFiles {
    /// The node ID of the repository.
    pub(crate) repository_id: String,
    /// The login of the token's user, if the server names it.
    pub(crate) viewer: Option<String>,
    pub(crate) branches: Vec<BranchFile>,
    pub(crate) settings: FileText,
}

/// What to read; see [`RepoHandle::branch_files`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct BranchFilesQuery<'a> {
    /// A text in the names of the branches.
    pub(crate) branches: &'a str,
    /// The path of the file at each of them.
    pub(crate) path: &'a str,
    /// The path of the file of the default branch.
    pub(crate) settings: &'a str,
}

#[derive(Deserialize)]
struct Data {
    viewer: Option<Login>,
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    id: String,
    object: Option<Blob>,
    refs: Option<Connection<Ref>>,
}

/// Another object than a blob has no fields here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Blob {
    text: Option<String>,
    #[serde(default)]
    is_truncated: bool,
}

#[derive(Deserialize)]
struct Ref {
    name: String,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    oid: String,
    #[serde(default)]
    file: Option<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    object: Option<Blob>,
}

impl RepoHandle<'_> {
    /// Reads all branches whose names contain a text, each with one file, and a
    /// file of the default branch: one request for each 100 branches, which
    /// costs one point. `None` if the repository does not exist, or the token
    /// cannot see it.
    ///
    /// # Errors
    /// Those of any request; [`ApiError::Unexpected`] if a part is missing
    /// without which branches could be overlooked.
    ///
    /// See <https://docs.github.com/graphql/reference/objects#repository>.
    pub(crate) async fn branch_files(
        self,
        query: BranchFilesQuery<'_>,
    ) -> Result<Option<BranchFiles>, ApiError> {
        let mut found: Option<BranchFiles> = None;
        let mut after: Option<String> = None;
        loop {
            let variables = json!({
                "owner": self.slug.owner(),
                "name": self.slug.name(),
                "text": query.branches,
                "path": query.path,
                "file": format!("HEAD:{}", query.settings),
                "after": after,
            });
            let body = Query {
                query: QUERY,
                variables: &variables,
            };
            let url = self.client.endpoints().graphql.clone();
            let request = Request::query(url, &body)?;
            let budget = self.client.budget();
            let Reply {
                value, response, ..
            } = self.client.call(&request, budget, partial::<Data>).await?;
            let incomplete = |what: &str| {
                let what = format!("the response does not have {what}");
                ApiError::Unexpected(Box::new(response.unexpected(what)))
            };
            let Partial {
                data,
                damage,
                not_found,
            } = value;
            let Some(repository) = data.repository else {
                let is_hidden = not_found.iter().any(|path| leads_to(path, &["repository"]));
                return if is_hidden {
                    Ok(None)
                } else {
                    Err(incomplete("the repository"))
                };
            };
            let refs = repository.refs.ok_or_else(|| incomplete("the branches"))?;
            let (has_next, next) = (refs.has_next(), refs.next());
            let nodes = refs.nodes.ok_or_else(|| incomplete("the branches"))?;
            let damaged = indexes(&damage, &["repository", "refs", "nodes"]);
            let mut branches = Vec::new();
            for (at, node) in nodes.into_iter().enumerate() {
                let node = node.ok_or_else(|| incomplete("all branches"))?;
                let target = node.target.ok_or_else(|| incomplete("all commits"))?;
                let file = match target.file {
                    _ if damaged.contains(&at) => FileText::Unreadable,
                    None => FileText::Missing,
                    Some(entry) => text(entry.object),
                };
                branches.push(BranchFile {
                    branch: node.name,
                    oid: target.oid,
                    file,
                });
            }
            let is_damaged = |path: &Vec<Step>| leads_to(path, &["repository", "object"]);
            let all = found.get_or_insert_with(|| BranchFiles {
                repository_id: repository.id,
                viewer: data.viewer.map(|viewer| viewer.login),
                branches: Vec::new(),
                settings: match repository.object {
                    _ if damage.iter().any(is_damaged) => FileText::Unreadable,
                    None => FileText::Missing,
                    object => text(object),
                },
            });
            all.branches.extend(branches);
            if !has_next {
                return Ok(found);
            }
            if next.is_none() || next == after {
                return Err(incomplete("the next page"));
            }
            after = next;
        }
    }
}

/// The text of a blob; a tree, which has no text, cannot be read.
fn text(blob: Option<Blob>) -> FileText {
    match blob {
        Some(Blob {
            text: Some(text),
            is_truncated: false,
        }) => FileText::Text(text),
        _ => FileText::Unreadable,
    }
}
