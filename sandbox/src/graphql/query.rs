//! The queries (<https://docs.github.com/graphql/reference/queries>).

use async_graphql::{Context, ID, Object, SimpleObject};

use super::node::Node;
use super::owner::{Organization, RepositoryOwner, User, no_owner};
use super::problem::{Problem, Result};
use super::repository::Repository;
use super::scalars::DateTime;
use super::session::Session;

/// The maximum number of ids of `nodes`.
const MAX_IDS: usize = 100;

/// The query root.
#[derive(Debug)]
pub(super) struct Query;

/// Represents the client's rate limit.
#[derive(Debug, Clone, SimpleObject)]
pub(super) struct RateLimit {
    /// The point cost for the current query counting against the rate limit.
    cost: i32,
    /// The maximum number of points the client is permitted to consume in a 60 minute window.
    limit: i32,
    /// The maximum number of nodes this query may return
    node_count: i32,
    /// The number of points remaining in the current rate limit window.
    remaining: i32,
    /// The time at which the current rate limit window resets in UTC epoch seconds.
    reset_at: DateTime,
    /// The number of points used in the current rate limit window.
    used: i32,
}

/// The query root of GitHub's GraphQL interface.
#[Object]
impl Query {
    /// Fetches an object given its ID.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "ID of the object.")] id: ID,
    ) -> Result<Option<Node>> {
        let session = Session::from_context(context)?;
        if session.cost.dry_run {
            return Ok(None);
        }
        let found = Node::find(&session, &id)?;
        found.map(Some).ok_or_else(|| Problem::no_node(&id))
    }

    /// Lookup nodes by a list of IDs.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The list of node IDs.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<std::result::Result<Node, Problem>>>> {
        let session = Session::from_context(context)?;
        if session.cost.dry_run {
            return Ok(Vec::new());
        }
        if ids.len() > MAX_IDS {
            let message = format!(
                "You may not provide more than {MAX_IDS} node ids; you provided {}.",
                ids.len()
            );
            return Err(Problem::new("ARGUMENT_LIMIT", message));
        }
        let found = Node::find_all(&session, &ids).into_iter().zip(&ids);
        let nodes = found.map(|(found, id)| match found {
            Ok(Some(node)) => Some(Ok(node)),
            Ok(None) => Some(Err(Problem::no_node(id))),
            Err(problem) => Some(Err(problem)),
        });
        Ok(nodes.collect())
    }

    /// Lookup a organization by login.
    async fn organization(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The organization's login.")] login: String,
    ) -> Result<Option<Organization>> {
        let session = Session::from_context(context)?;
        if session.cost.dry_run {
            return Ok(None);
        }
        match RepositoryOwner::by_login(&session, &login)? {
            Some(RepositoryOwner::Organization(organization)) => Ok(Some(organization)),
            _ => Err(no_owner("an Organization", &login)),
        }
    }

    /// The client's rate limit information.
    async fn rate_limit(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "If true, calculate the cost for the query without evaluating it",
            default_with = "Some(false)"
        )]
        dry_run: Option<bool>,
    ) -> Result<Option<RateLimit>> {
        // It was found before anything was run.
        let _ = dry_run;
        let session = Session::from_context(context)?;
        let (points, cost) = (session.viewer.points, session.cost);
        let used = points.used.saturating_add(cost.charged()).min(points.limit);
        let short = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(Some(RateLimit {
            cost: short(cost.points),
            limit: short(points.limit),
            node_count: short(cost.nodes),
            remaining: short(points.limit - used),
            reset_at: DateTime::from_seconds(points.reset),
            used: short(used),
        }))
    }

    /// Lookup a given repository by the owner and repository name.
    async fn repository(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Follow repository renames. If disabled, a repository referenced by its old name will return an error.",
            default_with = "Some(true)"
        )]
        follow_renames: Option<bool>,
        #[graphql(desc = "The name of the repository")] name: String,
        #[graphql(desc = "The login field of a user or organization")] owner: String,
    ) -> Result<Option<Repository>> {
        let session = Session::from_context(context)?;
        if session.cost.dry_run {
            return Ok(None);
        }
        Repository::by_name(&session, &owner, &name, follow_renames).map(Some)
    }

    /// Lookup a repository owner (ie. either a User or an Organization) by login.
    async fn repository_owner(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The username to lookup the owner by.")] login: String,
    ) -> Result<Option<RepositoryOwner>> {
        let session = Session::from_context(context)?;
        if session.cost.dry_run {
            return Ok(None);
        }
        RepositoryOwner::by_login(&session, &login)
    }

    /// Lookup a user by login.
    async fn user(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The user's login.")] login: String,
    ) -> Result<Option<User>> {
        let session = Session::from_context(context)?;
        if session.cost.dry_run {
            return Ok(None);
        }
        match RepositoryOwner::by_login(&session, &login)? {
            Some(RepositoryOwner::User(user)) => Ok(Some(user)),
            _ => Err(no_owner("a User", &login)),
        }
    }

    /// The currently authenticated user.
    async fn viewer(&self, context: &Context<'_>) -> Result<User> {
        let session = Session::from_context(context)?;
        Ok(User::new(&session, session.viewer.user.clone()))
    }
}
