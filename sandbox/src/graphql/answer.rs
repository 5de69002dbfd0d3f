//! From the body of a request to the body of its answer.

use std::pin::pin;
use std::sync::{Arc, LazyLock, PoisonError};
use std::task::{Context, Poll, Waker};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{EmptySubscription, Request, Schema, Value as Data, Variables};
use serde_json::{Value, json};

use super::cost::{self, Cost};
use super::mutation::Mutation;
use super::node::UniformResourceLocatable;
use super::nulls::Nulls;
use super::problem::Problem;
use super::query::Query;
use super::render::{self, Answer};
use super::session::{Session, Viewer};
use crate::rules::Core;

/// The `documentation_url` of refusals.
pub(super) const DOCS: &str = "https://docs.github.com/graphql";

/// The maximum depth of a query. Introspection by the usual tools needs about
/// 15.
const DEEPEST: usize = 30;

type GitHub = Schema<Query, Mutation, EmptySubscription>;

static SCHEMA: LazyLock<GitHub> = LazyLock::new(|| {
    Schema::build(Query, Mutation, EmptySubscription)
        .register_output_type::<UniformResourceLocatable>()
        .extension(Nulls)
        .limit_depth(DEEPEST)
        .limit_directives(20)
        .disable_suggestions()
        .finish()
});

/// A query that was read, and may be run.
pub(super) struct ParsedQuery {
    request: Request,
    document: ExecutableDocument,
    pub(super) cost: Cost,
}

/// The reason why there is no query to run: an answer, or for a body that is
/// not JSON the body of a 400.
#[derive(Debug)]
pub(super) enum QueryRejection {
    Answer(Answer),
    NotJson(Value),
}

impl ParsedQuery {
    /// Reads the body of a `POST /graphql`.
    pub(super) fn read(body: &[u8]) -> Result<Self, QueryRejection> {
        let refused = |problem: &Problem| QueryRejection::Answer(render::refusal(problem));
        let Ok(mut body) = serde_json::from_slice::<Value>(body) else {
            let body = json!({
                "message": "Problems parsing JSON",
                "documentation_url": DOCS,
                "status": "400",
            });
            return Err(QueryRejection::NotJson(body));
        };
        let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty());
        let Some(query) = text("query") else {
            let message = "A query attribute must be specified and must be a string.";
            return Err(refused(&Problem::new("", message)));
        };
        let document = parse_query(query)
            .map_err(|error| QueryRejection::Answer(render::syntax(query, &error)))?;
        let mut request = Request::new("");
        request.operation_name = text("operationName").map(str::to_owned);
        request.variables = match body["variables"].take() {
            Value::Null => Variables::default(),
            variables @ Value::Object(_) => Variables::from_json(variables),
            _ => {
                let message = "A variables attribute must be a JSON object.";
                return Err(refused(&Problem::new("", message)));
            }
        };
        let name = request.operation_name.as_deref();
        if let Some(operation) = cost::operation(&document, name) {
            // The library would run the query without the variable.
            let missing = operation.variable_definitions.iter().find(|definition| {
                let given = request.variables.get(&definition.node.name.node);
                given.or(definition.node.default_value()).is_none()
                    || (given == Some(&Data::Null) && !definition.node.var_type.node.nullable)
            });
            if let Some(definition) = missing {
                return Err(QueryRejection::Answer(render::no_value(definition)));
            }
        }
        let cost = cost::estimate(&document, name, &request.variables)
            .map_err(|problem| refused(&problem))?;
        Ok(Self {
            request,
            document,
            cost,
        })
    }

    /// Runs it, and returns the header for single sign-on as well, if an
    /// organization demands it. It blocks: on the database and on git.
    pub(super) fn run(mut self, core: &Arc<Core>, viewer: Viewer) -> (Answer, Option<String>) {
        let points = viewer.points;
        let used = points.used.saturating_add(self.cost.charged());
        if points.enforced && used > points.limit {
            let message = format!("API rate limit exceeded for user {}.", viewer.user.login);
            return (
                render::refusal(&Problem::new("RATE_LIMITED", message)),
                None,
            );
        }
        self.request.set_parsed_query(self.document);
        let session = Session::new(Arc::clone(core), viewer, self.cost);
        let request = self.request.data(Arc::clone(&session));
        let response = finish(SCHEMA.execute(request));
        let sso = session.sso.lock().unwrap_or_else(PoisonError::into_inner);
        (render::response(response), sso.clone())
    }
}

/// Runs a future that never waits: fields fetch their data on this thread. The
/// library only yields now and then.
fn finish<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    /// The served schema in the schema language (SDL).
    pub(in crate::graphql) fn sdl() -> String {
        super::SCHEMA.sdl()
    }
}
