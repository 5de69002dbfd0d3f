//! Branches and tags
//! (<https://docs.github.com/graphql/reference/objects#ref>).

use super::commit::Commit;
use super::object::{Field, Object, Output};
use super::page::{Connection, Cursor, Order, OrderDirection, PageArguments};
use super::problem::Result;
use super::repository::Repository;
use crate::git::{RefKind, Resolved};
use crate::ids::NodeId;
use crate::rules::Failure;

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

    /// A page of the refs below a prefix whose name contains a text. They are
    /// ordered by name, whatever the query says.
    pub(super) fn list(repository: &Repository, field: Field<'_>) -> Result<Connection<Self>> {
        let page = field.arguments::<PageArguments>()?.check("refs")?;
        let prefix: String = field.argument("refPrefix")?;
        let prefix = prefix.as_str();
        let query: Option<String> = field.argument("query")?;
        let query = query.as_deref().unwrap_or_default();
        let order: Option<Order> = field.argument("orderBy")?;
        let direction = match order {
            Some(order) => Some(order.direction),
            None => field.argument("direction")?,
        };
        let descending = direction == Some(OrderDirection::Desc);
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

impl Object for Ref {
    fn kind(&self) -> &'static str {
        "Ref"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        Ok(match field.name() {
            "id" => {
                let name = self.full_name.clone();
                NodeId::Ref(self.repository.row.id, name).encode().into()
            }
            "name" => self.resolved.name.as_str().into(),
            "prefix" => match self.resolved.kind {
                RefKind::Tag => "refs/tags/".into(),
                RefKind::Branch | RefKind::Commit => "refs/heads/".into(),
            },
            "repository" => self.repository.clone().into(),
            "target" => Commit::find(&self.repository, &self.resolved.sha)?.into(),
            _ => return Err(field.unknown()),
        })
    }
}
