//! Git objects, and files at commits
//! (<https://docs.github.com/graphql/reference/interfaces#gitobject>).

use async_graphql::{ID, Interface, Object};

use super::commit::Commit;
use super::problem::{Problem, Result};
use super::repository::Repository;
use super::scalars::{GitObjectId, Uri};
use crate::git::{ObjectEntry, ObjectKind};
use crate::ids::NodeId;
use crate::rules::Failure;

/// The longest text of a blob that is not truncated.
const MAX_TEXT_BYTES: usize = 512_000;

/// Represents a Git object.
#[derive(Debug, Clone, Interface)]
#[graphql(
    field(
        name = "abbreviated_oid",
        ty = "String",
        desc = "An abbreviated version of the Git object ID"
    ),
    field(
        name = "commit_resource_path",
        ty = "Uri",
        desc = "The HTTP path for this Git object"
    ),
    field(
        name = "commit_url",
        ty = "Uri",
        desc = "The HTTP URL for this Git object"
    ),
    field(name = "id", ty = "ID", desc = "The Node ID of the GitObject object"),
    field(name = "oid", ty = "GitObjectId", desc = "The Git object ID"),
    field(
        name = "repository",
        ty = "Repository",
        desc = "The Repository the Git object belongs to"
    )
)]
pub(super) enum GitObject {
    Blob(Blob),
    Commit(Commit),
    Tag(Tag),
}

/// An annotated tag. Refs are followed through them here, so no value has
/// this type; queries with a fragment on it are as good as at GitHub.
#[derive(Debug, Clone)]
pub(super) enum Tag {}

/// Represents a Git tag.
#[Object]
impl Tag {
    /// An abbreviated version of the Git object ID
    async fn abbreviated_oid(&self) -> Result<String> {
        match *self {}
    }

    /// The HTTP path for this Git object
    async fn commit_resource_path(&self) -> Result<Uri> {
        match *self {}
    }

    /// The HTTP URL for this Git object
    async fn commit_url(&self) -> Result<Uri> {
        match *self {}
    }

    /// The Node ID of the Tag object
    pub(super) async fn id(&self) -> Result<ID> {
        match *self {}
    }

    /// The Git tag name.
    async fn name(&self) -> Result<String> {
        match *self {}
    }

    /// The Git object ID
    async fn oid(&self) -> Result<GitObjectId> {
        match *self {}
    }

    /// The Repository the Git object belongs to
    async fn repository(&self) -> Result<Repository> {
        match *self {}
    }

    /// The Git object the tag points to.
    async fn target(&self) -> Result<GitObject> {
        match *self {}
    }
}

/// An entry of the tree of a commit.
#[derive(Debug, Clone)]
pub(super) struct TreeEntry {
    repository: Repository,
    entry: ObjectEntry,
}

/// The content of a file.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    repository: Repository,
    sha: String,
    content: Vec<u8>,
}

impl TreeEntry {
    /// The entry at a path of a commit, which is given by its full ID.
    pub(super) fn find(repository: &Repository, commit: &str, path: &str) -> Result<Option<Self>> {
        let Some(git) = repository.session.core.git(&repository.row)? else {
            return Ok(None);
        };
        let found = git.entry(commit, path.trim_end_matches('/'));
        Ok(found.map_err(Failure::from)?.map(|entry| Self {
            repository: repository.clone(),
            entry,
        }))
    }

    /// The blob of the entry; `None` for a tree or a submodule, which are not
    /// served.
    pub(super) fn blob(&self) -> Result<Option<Blob>> {
        if self.entry.kind != ObjectKind::Blob {
            return Ok(None);
        }
        let git = self.repository.session.core.git(&self.repository.row)?;
        let git = git.ok_or_else(|| Problem::internal("the repository is gone"))?;
        let content = git.blob(&self.entry.sha).map_err(Failure::from)?;
        Ok(content.map(|content| Blob {
            repository: self.repository.clone(),
            sha: self.entry.sha.clone(),
            content,
        }))
    }
}

/// Represents a Git tree entry.
#[Object]
impl TreeEntry {
    /// Entry file mode.
    async fn mode(&self) -> i32 {
        i32::from_str_radix(&self.entry.mode, 8).unwrap_or_default()
    }

    /// Entry file name.
    async fn name(&self) -> String {
        let path = &self.entry.path;
        path.rsplit('/').next().unwrap_or(path).to_owned()
    }

    /// Entry file object.
    async fn object(&self) -> Result<Option<GitObject>> {
        Ok(self.blob()?.map(GitObject::from))
    }

    /// Entry file Git object ID.
    async fn oid(&self) -> GitObjectId {
        GitObjectId(self.entry.sha.clone())
    }

    /// The full path of the file.
    async fn path(&self) -> Option<String> {
        Some(self.entry.path.clone())
    }

    /// The Repository the tree entry belongs to
    async fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// Entry byte size
    async fn size(&self) -> i32 {
        let size = self.entry.size.unwrap_or_default();
        i32::try_from(size).unwrap_or(i32::MAX)
    }

    /// Entry file type.
    #[graphql(name = "type")]
    async fn kind(&self) -> String {
        self.entry.kind.as_str().to_owned()
    }
}

impl Blob {
    fn path(&self) -> String {
        format!("/{}/blob/{}", self.repository.row.full_name(), self.sha)
    }
}

/// Represents a Git blob.
#[Object]
impl Blob {
    /// An abbreviated version of the Git object ID
    async fn abbreviated_oid(&self) -> String {
        self.sha.chars().take(7).collect()
    }

    /// Byte size of Blob object
    async fn byte_size(&self) -> i32 {
        i32::try_from(self.content.len()).unwrap_or(i32::MAX)
    }

    /// The HTTP path for this Git object
    async fn commit_resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// The HTTP URL for this Git object
    async fn commit_url(&self) -> Uri {
        let web = &self.repository.session.viewer.web;
        Uri(format!("{web}{}", self.path()))
    }

    /// The Node ID of the Blob object
    async fn id(&self) -> ID {
        NodeId::Blob(self.repository.row.id, self.sha.clone())
            .encode()
            .into()
    }

    /// Indicates whether the Blob is binary or text. Returns null if unable to determine the encoding.
    async fn is_binary(&self) -> Option<bool> {
        Some(self.content.contains(&0))
    }

    /// Indicates whether the contents is truncated
    async fn is_truncated(&self) -> bool {
        self.content.len() > MAX_TEXT_BYTES
    }

    /// The Git object ID
    async fn oid(&self) -> GitObjectId {
        GitObjectId(self.sha.clone())
    }

    /// The Repository the Git object belongs to
    async fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// UTF8 text data or null if the Blob is binary
    async fn text(&self) -> Option<String> {
        if self.content.contains(&0) {
            return None;
        }
        let shown = &self.content[..self.content.len().min(MAX_TEXT_BYTES)];
        Some(String::from_utf8_lossy(shown).into_owned())
    }
}
