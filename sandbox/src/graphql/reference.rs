//! Branches and tags
//! (<https://docs.github.com/graphql/reference/objects#ref>).

use async_graphql::{ID, Object};

use super::commit::{Commit, GitObject};
use super::problem::Result;
use super::repository::Repository;
use crate::git::{RefKind, Resolved};
use crate::ids::NodeId;

/// A branch or a tag of a repository.
#[derive(Debug, Clone)]
pub(super) struct Ref {
    repository: Repository,
    resolved: Resolved,
    full_name: String,
}

impl Ref {
    /// The branch or tag with this name; `None` if no branch or tag has it, even
    /// if a commit does.
    pub(super) fn find(repository: &Repository, text: &str) -> Result<Option<Self>> {
        let found = repository.session.resolve(&repository.row, text)?;
        Ok(found.and_then(|resolved| {
            Some(Self {
                full_name: resolved.full_name()?,
                repository: repository.clone(),
                resolved,
            })
        }))
    }

    /// Whether it is a ref of this repository.
    pub(super) fn is_of(&self, repository: &Repository) -> bool {
        self.repository.row.id == repository.row.id
    }

    /// The name by which a deployment refers to it: the short name, unless that
    /// would resolve to something else.
    pub(super) fn deployable(&self) -> Result<String> {
        let short = &self.resolved.name;
        let found = Self::find(&self.repository, short)?;
        let same = found.is_some_and(|found| found.full_name == self.full_name);
        Ok(if same { short } else { &self.full_name }.clone())
    }
}

/// Represents a Git reference.
#[Object]
impl Ref {
    /// The Node ID of the Ref object
    pub(super) async fn id(&self) -> ID {
        NodeId::Ref(self.repository.row.id, self.full_name.clone())
            .encode()
            .into()
    }

    /// The ref name.
    async fn name(&self) -> String {
        self.resolved.name.clone()
    }

    /// The ref's prefix, such as `refs/heads/` or `refs/tags/`.
    async fn prefix(&self) -> String {
        match self.resolved.kind {
            RefKind::Tag => "refs/tags/",
            RefKind::Branch | RefKind::Commit => "refs/heads/",
        }
        .to_owned()
    }

    /// The repository the ref belongs to.
    async fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// The object the ref points to. Returns null when object does not exist.
    async fn target(&self) -> Result<Option<GitObject>> {
        let commit = Commit::find(&self.repository, &self.resolved.sha)?;
        Ok(commit.map(GitObject::from))
    }
}
