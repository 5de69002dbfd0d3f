//! Git objects, and files at commits
//! (<https://docs.github.com/graphql/reference/interfaces#gitobject>).

use super::object::{Field, Object, Output};
use super::problem::{Problem, Result};
use super::repository::Repository;
use super::scalars::capped;
use crate::git::{ObjectEntry, ObjectKind};
use crate::ids::NodeId;
use crate::rules::Failure;

/// The longest text of a blob that is not truncated.
const MAX_TEXT_BYTES: usize = 512_000;

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

impl Object for TreeEntry {
    fn kind(&self) -> &'static str {
        "TreeEntry"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let entry = &self.entry;
        Ok(match field.name() {
            "mode" => capped(i64::from_str_radix(&entry.mode, 8).unwrap_or_default()).into(),
            "name" => entry.path.rsplit('/').next().into(),
            "object" => self.blob()?.into(),
            "oid" => entry.sha.as_str().into(),
            "path" => entry.path.as_str().into(),
            "repository" => self.repository.clone().into(),
            "size" => capped(entry.size.unwrap_or_default()).into(),
            "type" => entry.kind.as_str().into(),
            _ => return Err(field.unknown()),
        })
    }
}

impl Object for Blob {
    fn kind(&self) -> &'static str {
        "Blob"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let repository = &self.repository;
        let path = || format!("/{}/blob/{}", repository.row.full_name(), self.sha);
        let is_binary = || self.content.contains(&0);
        Ok(match field.name() {
            "abbreviatedOid" => self.sha.get(..7).into(),
            "byteSize" => capped(self.content.len()).into(),
            "commitResourcePath" => path().into(),
            "commitUrl" => repository.session.url(&path()).into(),
            "id" => NodeId::Blob(repository.row.id, self.sha.clone())
                .encode()
                .into(),
            "isBinary" => is_binary().into(),
            "isTruncated" => (self.content.len() > MAX_TEXT_BYTES).into(),
            "oid" => self.sha.as_str().into(),
            "repository" => repository.clone().into(),
            "text" if is_binary() => Output::NULL,
            "text" => {
                let shown = &self.content[..self.content.len().min(MAX_TEXT_BYTES)];
                String::from_utf8_lossy(shown).into_owned().into()
            }
            _ => return Err(field.unknown()),
        })
    }
}
