//! Branches and tags
//! (<https://docs.github.com/graphql/reference/objects#ref>).

use async_graphql::{Enum, ID, InputObject, Object};

use super::commit::Commit;
use super::git_object::GitObject;
use super::page::{Connection, Cursor, OrderDirection, PageArguments, connection};
use super::problem::Result;
use super::repository::Repository;
use crate::git::{RefKind, Resolved};
use crate::ids::NodeId;
use crate::rules::Failure;

/// Properties by which ref connections can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RefOrderField {
    /// Order refs by their alphanumeric name
    Alphabetical,
    /// Order refs by underlying commit date if the ref prefix is refs/tags/
    TagCommitDate,
}

/// Ways in which lists of git refs can be ordered upon return.
#[derive(Debug, Clone, Copy, InputObject)]
pub(super) struct RefOrder {
    /// The direction in which to order refs by the specified field.
    pub(super) direction: OrderDirection,
    /// The field in which to order refs by. Refs are always ordered by name here.
    field: RefOrderField,
}

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

    /// A page of the refs below `prefix` whose name contains `query`.
    pub(super) fn list(
        repository: &Repository,
        arguments: &PageArguments,
        prefix: &str,
        query: Option<&str>,
        descending: bool,
    ) -> Result<Connection<Self>> {
        let page = arguments.check("refs")?;
        let query = query.unwrap_or_default();
        let mut refs = Vec::new();
        if let Some(git) = repository.session.core.git(&repository.row)? {
            if prefix == "refs/heads/" {
                let branches = git.branches().map_err(Failure::from)?;
                let wanted = branches.into_iter().filter(|one| one.name.contains(query));
                refs.extend(wanted.map(|resolved| Self {
                    full_name: format!("{prefix}{}", resolved.name),
                    repository: repository.clone(),
                    resolved,
                }));
            } else {
                for (name, _) in git.refs(prefix).map_err(Failure::from)? {
                    let is_wanted = name.strip_prefix(prefix).is_some_and(|n| n.contains(query));
                    if is_wanted {
                        refs.extend(Self::find(repository, &name)?);
                    }
                }
            }
        }
        if descending {
            refs.reverse();
        }
        let cursor = |one: &Self| Cursor::new(one.full_name.clone());
        let is_before = |one: &Self, place: &str| {
            if descending {
                one.full_name.as_str() > place
            } else {
                one.full_name.as_str() < place
            }
        };
        Ok(page.cut(refs, cursor, is_before))
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

connection!(Ref, "RefConnection", "RefEdge");

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
