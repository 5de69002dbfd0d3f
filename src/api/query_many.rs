use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::call::Budget;
use super::graphql::{Envelope, GRAPHQL_BUDGET, Query, QueryError, Step, describe_errors};
use super::query_variables::QueryVariables;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, Client, in_order};
use crate::model::RepoSlug;

/// How many queries are in flight at the same time.
const PARALLEL_QUERIES: usize = 4;

/// A variable of a query: its name, type and value.
pub(super) type Variable = (&'static str, &'static str, Value);

/// A query of many repositories, each under an alias of its own.
pub(super) struct ManyQuery {
    /// The fields of each repository; `#` stands for its index.
    pub(super) fields: String,
    pub(super) fragments: &'static str,
    /// Variables that all repositories share.
    pub(super) variables: Vec<Variable>,
    /// How many times as many repositories as usual one query gets, because it
    /// reads little of each.
    pub(super) factor: usize,
}

/// A repository in such a query, with variables of its own. Their names in the
/// query end in its index.
pub(super) struct QueryPart<'a> {
    pub(super) repo: &'a RepoSlug,
    pub(super) variables: Vec<Variable>,
}

impl<'a> QueryPart<'a> {
    pub(super) fn new(repo: &'a RepoSlug) -> Self {
        Self {
            repo,
            variables: Vec::new(),
        }
    }
}

/// What a query says about a repository.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer<T> {
    Found(T),
    /// It does not exist, or the token may not see it.
    NotFound,
    /// GraphQL is not available, or has not shown all of it: REST knows more.
    Unknown,
}

/// An answer whose data are not read yet, so that only that depends on their
/// type.
type RawAnswer = Answer<Box<RawValue>>;

impl<T: DeserializeOwned> Answer<T> {
    fn read(raw: RawAnswer) -> Self {
        match raw {
            Answer::Found(json) => {
                serde_json::from_slice(json.get().as_bytes()).map_or(Answer::Unknown, Answer::Found)
            }
            Answer::NotFound => Answer::NotFound,
            Answer::Unknown => Answer::Unknown,
        }
    }
}

impl Client {
    /// Queries repositories, many at a time. Returns what the queries say, in
    /// the order of `parts`. A batch that is too large for the server is split,
    /// and later ones are smaller from then on.
    pub(super) async fn query_many<T: DeserializeOwned>(
        &self,
        query: &ManyQuery,
        parts: &[QueryPart<'_>],
    ) -> Result<Vec<Answer<T>>, ApiError> {
        let mut answers = Vec::with_capacity(parts.len());
        let mut batches = self.query_batches(query, parts);
        while let Some(batch) = batches.next().await {
            answers.extend(batch?.into_iter().map(Answer::read));
        }
        Ok(answers)
    }

    fn query_batches<'a>(
        &'a self,
        query: &'a ManyQuery,
        mut left: &'a [QueryPart<'a>],
    ) -> BoxStream<'a, Result<Vec<RawAnswer>, ApiError>> {
        let batches = std::iter::from_fn(move || {
            let size = self.0.repositories_per_query.load(Ordering::Relaxed) * query.factor;
            let batch = left.split_off(..size.min(left.len()))?;
            (!batch.is_empty()).then_some(batch)
        });
        let send = |batch| self.query_batch(query, batch);
        in_order(batches, PARALLEL_QUERIES, send).boxed()
    }

    fn query_batch<'a>(
        &'a self,
        query: &'a ManyQuery,
        parts: &'a [QueryPart<'a>],
    ) -> BoxFuture<'a, Result<Vec<RawAnswer>, ApiError>> {
        async move {
            if !self.can_use_graphql() {
                return Ok(unknown(parts));
            }
            let error = match self.send_many(query, parts).await {
                Ok(answers) => return Ok(answers),
                Err(error) => error,
            };
            let is_too_large = is_too_large(&error);
            if parts.len() > 1 && (is_too_large || matches!(error, ApiError::Network(_))) {
                let half = parts.len() / 2;
                if is_too_large {
                    let size = (half / query.factor).max(1);
                    self.0
                        .repositories_per_query
                        .fetch_min(size, Ordering::Relaxed);
                }
                let mut answers = Vec::with_capacity(parts.len());
                for chunk in parts.chunks(half) {
                    answers.extend(self.query_batch(query, chunk).await?);
                }
                return Ok(answers);
            }
            if is_too_large {
                return Ok(unknown(parts));
            }
            if is_final(&error) {
                return Err(error);
            }
            self.disable_graphql(&error.to_string());
            Ok(unknown(parts))
        }
        .boxed()
    }

    async fn send_many(
        &self,
        query: &ManyQuery,
        parts: &[QueryPart<'_>],
    ) -> Result<Vec<RawAnswer>, ApiError> {
        let (text, variables) = document(query, parts);
        let body = Query {
            query: &text,
            variables: &variables,
        };
        let request = Request::query(self.endpoints().graphql.clone(), &body)?;
        let budget = Budget {
            deadline: GRAPHQL_BUDGET.deadline.min(self.budget().deadline),
            // A batch is not repeated but split.
            most_attempts: if parts.len() > 1 {
                1
            } else {
                GRAPHQL_BUDGET.most_attempts
            },
        };
        let count = parts.len();
        let reply = self.call(&request, budget, |response| read(response, count));
        Ok(reply.await?.value)
    }
}

fn unknown(parts: &[QueryPart<'_>]) -> Vec<RawAnswer> {
    parts.iter().map(|_| Answer::Unknown).collect()
}

/// The GraphQL document, with the alias `rN` for repository N.
fn document(query: &ManyQuery, parts: &[QueryPart<'_>]) -> (String, Value) {
    let mut asked = String::new();
    let mut variables = QueryVariables::default();
    for (name, kind, value) in &query.variables {
        variables.declare(name, kind, value.clone());
    }
    for (index, part) in parts.iter().enumerate() {
        let own = [
            ("o", "String!", part.repo.owner().into()),
            ("n", "String!", part.repo.name().into()),
        ];
        for (name, kind, value) in own.iter().chain(&part.variables) {
            variables.declare(&format!("{name}{index}"), kind, value.clone());
        }
        let fields = query.fields.replace('#', &index.to_string());
        // Writing to a String cannot fail.
        let _ = write!(
            asked,
            "r{index}:repository(owner:$o{index},name:$n{index}){{{fields}}} "
        );
    }
    let declared = variables.declared();
    let text = format!("query({declared}){{{asked}}}{}", query.fragments);
    (text, variables.into_values())
}

fn read(response: &Response, count: usize) -> Result<Vec<RawAnswer>, ReadError> {
    type Data = HashMap<String, Box<RawValue>>;
    let Envelope { data, errors } = response.json::<Envelope<Data>>()?;
    let Some(mut data) = data.filter(|_| !errors.iter().any(is_limit)) else {
        return Err(ReadError::because(describe_errors(&errors)));
    };
    let answers = (0..count).map(|index| {
        let alias = format!("r{index}");
        match errors.iter().find(|error| is_about(error, &alias)) {
            Some(error) if is_not_found(error) => Answer::NotFound,
            Some(_) => Answer::Unknown,
            None => data.remove(&alias).map_or(Answer::Unknown, Answer::Found),
        }
    });
    Ok(answers.collect())
}

fn is_about(error: &QueryError, alias: &str) -> bool {
    match error.path.as_deref().and_then(<[Step]>::first) {
        Some(Step::Field(field)) => field == alias,
        // An error without a path is about everything.
        _ => true,
    }
}

fn is_not_found(error: &QueryError) -> bool {
    let is_repository = error.path.as_ref().is_some_and(|path| path.len() == 1);
    is_repository && error.kind.as_deref() == Some("NOT_FOUND")
}

fn is_limit(error: &QueryError) -> bool {
    error.kind.as_deref() == Some("RESOURCE_LIMITS_EXCEEDED")
}

/// Whether a smaller query may succeed.
fn is_too_large(error: &ApiError) -> bool {
    match error {
        ApiError::Response(response) => matches!(response.status, 502 | 504),
        ApiError::Unexpected(unexpected) => {
            let what = unexpected.what.to_ascii_lowercase();
            what.contains("resource limits") || what.contains("timeout")
        }
        _ => false,
    }
}

/// Whether REST would fail in the same way.
fn is_final(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::Network(_) | ApiError::RateLimited(_) | ApiError::Stopped
    ) || error.status() == Some(401)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_travels_as_a_variable() {
        let (shop, web): (RepoSlug, RepoSlug) = (
            "acme/shop".parse().expect("a repository"),
            "acme/web".parse().expect("a repository"),
        );
        let query = ManyQuery {
            fields: "deployments(first:$first,after:$a#){x}".to_owned(),
            fragments: " fragment F on X{y}",
            variables: vec![("first", "Int!", 30.into())],
            factor: 1,
        };
        let parts = [
            QueryPart {
                repo: &shop,
                variables: vec![("a", "String", "c\"".into())],
            },
            QueryPart {
                repo: &web,
                variables: vec![("a", "String", Value::Null)],
            },
        ];
        let (text, variables) = document(&query, &parts);
        assert_eq!(
            text,
            "query($first:Int!,$o0:String!,$n0:String!,$a0:String,\
             $o1:String!,$n1:String!,$a1:String){\
             r0:repository(owner:$o0,name:$n0){deployments(first:$first,after:$a0){x}} \
             r1:repository(owner:$o1,name:$n1){deployments(first:$first,after:$a1){x}} } \
             fragment F on X{y}"
        );
        assert_eq!(
            variables,
            serde_json::json!({"first": 30, "o0": "acme", "n0": "shop", "a0": "c\"",
                "o1": "acme", "n1": "web", "a1": null})
        );
    }

    #[test]
    fn an_error_is_about_the_repository_of_its_path() {
        let error = |text: &str| serde_json::from_str::<QueryError>(text).expect("valid");
        let missing = error(r#"{"type":"NOT_FOUND","path":["r1"]}"#);
        assert!(is_about(&missing, "r1") && !is_about(&missing, "r10"));
        assert!(is_not_found(&missing));
        assert!(!is_not_found(&error(
            r#"{"type":"NOT_FOUND","path":["r1","ref"]}"#
        )));
        assert!(is_about(&error(r#"{"message":"x"}"#), "r0"));
        assert!(is_limit(&error(
            r#"{"type":"RESOURCE_LIMITS_EXCEEDED","path":["r9"]}"#
        )));
    }
}
