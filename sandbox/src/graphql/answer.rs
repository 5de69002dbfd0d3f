//! From the body of a request to the body of its answer.

use std::sync::{Arc, PoisonError};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Document;
use apollo_compiler::executable::Operation;
use apollo_compiler::introspection::check_max_depth;
use apollo_compiler::parser::{LineColumn, SourceMap, SourceSpan};
use apollo_compiler::request::{RequestError, coerce_variable_values};
use apollo_compiler::resolvers::Execution;
use apollo_compiler::validation::Valid;
use serde_json::{Map, Value, json};

use super::cost::{self, Cost};
use super::mutation::Mutation;
use super::object::{Object, Resolver};
use super::problem::Problem;
use super::query::Query;
use super::render::{self, Answer};
use super::scalars::invalid_object_id;
use super::schema::SCHEMA;
use super::session::{Session, Viewer};
use crate::document::{RequestedOperation, literal, parse};
use crate::rules::Core;

/// The `documentation_url` of refusals.
pub(super) const DOCS: &str = "https://docs.github.com/graphql";

/// A query that was read, and may be run.
pub(super) struct ParsedQuery {
    document: Document,
    operation_name: Option<String>,
    variables: Map<String, Value>,
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
        let document = parse(query)
            .map_err(|error| QueryRejection::Answer(render::syntax(query, &error.errors)))?;
        let operation_name = text("operationName").map(str::to_owned);
        let variables = match body["variables"].take() {
            Value::Null => Map::new(),
            Value::Object(variables) => variables,
            _ => {
                let message = "A variables attribute must be a JSON object.";
                return Err(refused(&Problem::new("", message)));
            }
        };
        let operation = RequestedOperation::find(&document, operation_name.as_deref(), &variables);
        if let Some(operation) = &operation {
            let missing = operation.definition.variables.iter().find(|definition| {
                let value = operation.variable(&definition.name);
                definition.ty.is_non_null() && value.is_none_or(|value| value.is_null())
            });
            if let Some(definition) = missing {
                let place = place(definition.location(), &document.sources);
                let answer = render::no_value(definition, place);
                return Err(QueryRejection::Answer(answer));
            }
        }
        let cost = cost::estimate(operation.as_ref()).map_err(|problem| refused(&problem))?;
        Ok(Self {
            document,
            operation_name,
            variables,
            cost,
        })
    }

    /// Runs it, and returns the header for single sign-on as well, if an
    /// organization demands it. It blocks: on the database and on git.
    pub(super) fn run(self, core: &Arc<Core>, viewer: Viewer) -> (Answer, Option<String>) {
        let points = viewer.points;
        let used = points.used.saturating_add(self.cost.charged());
        if points.enforced && used > points.limit {
            let message = format!("API rate limit exceeded for user {}.", viewer.user.login);
            return (
                render::refusal(&Problem::new("RATE_LIMITED", message)),
                None,
            );
        }
        let session = Session::new(Arc::clone(core), viewer, self.cost);
        let answer = self.execute(&session).unwrap_or_else(|refusal| refusal);
        let sso = session.sso.lock().unwrap_or_else(PoisonError::into_inner);
        (answer, sso.clone())
    }

    /// Holds the query and its variables against the schema, and runs it.
    fn execute(&self, session: &Arc<Session>) -> Result<Answer, Answer> {
        let schema = &SCHEMA.schema;
        let document = self
            .document
            .to_executable_validate(schema)
            .map_err(|error| render::invalid(&error.errors))?;
        let refused =
            |error: RequestError| render::request_error(&error.to_graphql_error(&document.sources));
        let operation = document.operations.get(self.operation_name.as_deref());
        let operation = operation.map_err(refused)?;
        check_max_depth(&document, operation).map_err(refused)?;
        let variables = self.variables.clone().into_iter();
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        let variables = coerce_variable_values(schema, operation, &variables.collect());
        let variables = variables.map_err(refused)?;
        self.check_object_ids(operation, &document)?;
        let root: Arc<dyn Object> = if operation.is_mutation() {
            Arc::new(Mutation::new(session))
        } else {
            Arc::new(Query::new(session))
        };
        let mut response = Execution::new(schema, &document)
            .implementers_map(&SCHEMA.implementers)
            .operation(operation)
            .coerced_variable_values(&variables)
            .enable_schema_introspection(true)
            .execute_sync(&Resolver(root))
            .map_err(refused)?;
        let more = &mut *session
            .element_errors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        response.errors.append(more);
        Ok(render::response(response))
    }

    /// Refuses values that are no object IDs.
    fn check_object_ids(
        &self,
        operation: &Operation,
        document: &Valid<ExecutableDocument>,
    ) -> Result<(), Answer> {
        let schema = &SCHEMA.schema;
        for definition in &operation.variables {
            let value = self.variables.get(definition.name.as_str());
            if value.is_some_and(|value| invalid_object_id(schema, &definition.ty, value).is_some())
            {
                let place = place(definition.location(), &document.sources);
                return Err(render::invalid_value(definition, place));
            }
        }
        for field in operation.all_fields(document) {
            for argument in &field.arguments {
                let value = literal(&argument.value, &|_| Some(Value::Null));
                let ty = field.definition.argument_by_name(&argument.name);
                let bad = value.as_ref().zip(ty);
                let bad = bad.and_then(|(value, ty)| invalid_object_id(schema, &ty.ty, value));
                if let Some(text) = bad {
                    let place = place(argument.location(), &document.sources);
                    return Err(render::invalid_object_id(
                        field,
                        &argument.name,
                        text,
                        place,
                    ));
                }
            }
        }
        Ok(())
    }
}

/// The line and column of a part of a document.
fn place(part: Option<SourceSpan>, sources: &SourceMap) -> Option<LineColumn> {
    part?.line_column(sources)
}
