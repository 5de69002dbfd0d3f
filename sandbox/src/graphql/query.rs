//! The queries (<https://docs.github.com/graphql/reference/queries>).

use std::sync::{Arc, PoisonError};

use apollo_compiler::response::{GraphQLError, ResponseDataPathSegment};

use super::node::Node;
use super::object::{Field, Object, Output};
use super::owner::{Owner, no_owner};
use super::problem::{Problem, Result};
use super::repository::Repository;
use super::scalars::{Id, capped, time};
use super::session::Session;

/// The maximum number of ids of `nodes`.
const MAX_IDS: usize = 100;

/// The query root.
#[derive(Debug)]
pub(super) struct Query(Arc<Session>);

impl Query {
    pub(super) fn new(session: &Arc<Session>) -> Self {
        Self(Arc::clone(session))
    }

    fn nodes(&self, field: Field<'_>) -> Result<Output> {
        let ids: Vec<Id> = field.argument("ids")?;
        if ids.len() > MAX_IDS {
            let message = format!(
                "You may not provide more than {MAX_IDS} node ids; you provided {}.",
                ids.len()
            );
            return Err(Problem::new("ARGUMENT_LIMIT", message));
        }
        let found = Node::find_all(&self.0, &ids).into_iter().zip(&ids);
        let found = found.enumerate().map(|(index, (found, id))| {
            let found = found.and_then(|node| node.ok_or_else(|| Problem::no_node(id)));
            let found = found.map_err(|problem| self.report(field, index, &problem));
            found.ok()
        });
        Ok(found.collect::<Vec<_>>().into())
    }

    /// Keeps the error of an element, which is null. The library would take an
    /// error for one of the whole list.
    fn report(&self, field: Field<'_>, index: usize, problem: &Problem) {
        let selection = &field.0.field_selections()[0];
        let place = selection.name.location();
        let message = problem.error_message();
        let mut error = GraphQLError::new(message, place, &field.0.document().sources);
        error.path = vec![
            ResponseDataPathSegment::Field(selection.response_key().clone()),
            ResponseDataPathSegment::ListIndex(index),
        ];
        let errors = &self.0.element_errors;
        let mut errors = errors.lock().unwrap_or_else(PoisonError::into_inner);
        errors.push(error);
    }

    fn owner(&self, field: Field<'_>, is_organization: bool, kind: &str) -> Result<Owner> {
        let login: String = field.argument("login")?;
        let found = Owner::by_login(&self.0, &login)?;
        let found = found.filter(|owner| owner.is_organization == is_organization);
        found.ok_or_else(|| no_owner(kind, &login))
    }

    fn rate_limit(&self, field: Field<'_>) -> Output {
        let (points, cost) = (self.0.viewer.points, self.0.cost);
        let used = points.used.saturating_add(cost.charged()).min(points.limit);
        field.record([
            ("cost", capped(cost.points).into()),
            ("limit", capped(points.limit).into()),
            ("nodeCount", capped(cost.nodes).into()),
            ("remaining", capped(points.limit - used).into()),
            ("resetAt", time(points.reset).into()),
            ("used", capped(used).into()),
        ])
    }
}

impl Object for Query {
    fn kind(&self) -> &'static str {
        "Query"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let session = &self.0;
        Ok(match field.name() {
            "rateLimit" => self.rate_limit(field),
            "viewer" => Owner::user(session, session.viewer.user.clone()).into(),
            "nodes" if session.cost.dry_run => Output::List(Vec::new()),
            _ if session.cost.dry_run => Output::NULL,
            "node" => {
                let id: Id = field.argument("id")?;
                let found = Node::find(session, &id)?;
                found.ok_or_else(|| Problem::no_node(&id))?.into()
            }
            "nodes" => self.nodes(field)?,
            "organization" => self.owner(field, true, "an Organization")?.into(),
            "repository" => {
                let (owner, name): (String, String) =
                    (field.argument("owner")?, field.argument("name")?);
                let follow_renames = field.argument("followRenames")?;
                Repository::by_name(session, &owner, &name, follow_renames)?.into()
            }
            "repositoryOwner" => {
                let login: String = field.argument("login")?;
                Owner::by_login(session, &login)?.into()
            }
            "user" => self.owner(field, false, "a User")?.into(),
            _ => return Err(field.unknown()),
        })
    }
}
