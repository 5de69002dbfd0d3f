use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Duration;

use futures_util::StreamExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::Budget;
use super::concurrency::RequestClass;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, Client, as_completed};

/// Few retries: states can also be fetched by REST.
pub(super) const GRAPHQL_BUDGET: Budget = Budget {
    deadline: Duration::from_secs(15),
    most_attempts: 2,
};

/// How many nodes one query gets.
pub(super) const NODES: usize = 100;

/// The data of a response, which may be incomplete.
#[derive(Debug)]
pub(super) struct Partial<T> {
    pub(super) data: T,
    /// The paths in the data where something is missing because of an error.
    pub(super) damage: Vec<Vec<Step>>,
    /// The paths of `damage` where something is missing because it does not
    /// exist.
    pub(super) not_found: Vec<Vec<Step>>,
}

/// The data of a query of a repository.
#[derive(Deserialize)]
pub(super) struct InRepository<T> {
    pub(super) repository: Option<T>,
}

/// A list without pages. Nodes can be missing.
#[derive(Deserialize)]
pub(super) struct List<T> {
    pub(super) nodes: Option<Vec<Option<T>>>,
}

/// A page of a list. Nodes can be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection<T> {
    page_info: PageInfo,
    pub(super) nodes: Option<Vec<Option<T>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

/// A step of a path into a response: a field, or an index of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Step {
    Index(usize),
    Field(String),
}

impl<T> Partial<T> {
    /// The data, or why they cannot be used: without a part of them there would
    /// seem to be fewer deployments.
    pub(super) fn complete(self) -> Result<T, String> {
        if self.damage.is_empty() {
            Ok(self.data)
        } else {
            Err("its response is incomplete".to_owned())
        }
    }
}

impl<T> InRepository<T> {
    /// The repository, or why the data cannot be used.
    pub(super) fn shown(self) -> Result<T, String> {
        let hidden = || "it does not show the repository".to_owned();
        self.repository.ok_or_else(hidden)
    }
}

impl<T> List<T> {
    pub(super) fn into_nodes(self) -> impl Iterator<Item = T> {
        self.nodes.into_iter().flatten().flatten()
    }
}

impl<T> Connection<T> {
    /// Whether there is another page.
    pub(super) fn has_next(&self) -> bool {
        self.page_info.has_next_page
    }

    /// The cursor of the next page, if there is one.
    pub(super) fn next(&self) -> Option<String> {
        let cursor = self.page_info.end_cursor.clone();
        cursor.filter(|_| self.has_next())
    }

    pub(super) fn into_nodes(self) -> impl Iterator<Item = T> {
        self.nodes.into_iter().flatten().flatten()
    }
}

#[derive(Serialize)]
pub(super) struct Query<'a> {
    pub(super) query: &'a str,
    pub(super) variables: &'a Value,
}

#[derive(Deserialize)]
pub(super) struct Envelope<T> {
    #[serde(default = "none")]
    pub(super) data: Option<T>,
    #[serde(default)]
    pub(super) errors: Vec<QueryError>,
}

fn none<T>() -> Option<T> {
    None
}

#[derive(Deserialize)]
pub(super) struct QueryError {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) path: Option<Vec<Step>>,
    #[serde(default)]
    pub(super) extensions: Option<IgnoredAny>,
}

impl Client {
    /// Sends a query to GraphQL. A response can have errors besides incomplete
    /// data, and its status is 200 in any case.
    ///
    /// # Errors
    /// Those of any request; [`ApiError::Unexpected`] if there is no data.
    ///
    /// See <https://docs.github.com/graphql/guides/forming-calls-with-graphql>.
    pub(super) async fn graphql<T: DeserializeOwned>(
        &self,
        query: &str,
        variables: &Value,
    ) -> Result<Partial<T>, ApiError> {
        self.graphql_in(RequestClass::Single, query, variables)
            .await
    }

    /// Queries items in chunks that one query can get, in parallel. Returns what
    /// the queries find.
    pub(super) async fn query_in_chunks<T, K: Eq + Hash, V, Q, F>(
        &self,
        items: Vec<T>,
        query: Q,
    ) -> HashMap<K, V>
    where
        T: Clone + Send,
        Q: Fn(Vec<T>) -> F + Send,
        F: Future<Output: IntoIterator<Item = (K, V)> + Send + 'static> + Send,
    {
        let chunks: Vec<Vec<T>> = items.chunks(NODES).map(<[T]>::to_vec).collect();
        let found: Vec<_> = as_completed(chunks, self.concurrency(), query)
            .collect()
            .await;
        found.into_iter().flatten().collect()
    }

    /// Like [`Self::graphql`], for a class of requests.
    pub(super) async fn graphql_in<T: DeserializeOwned>(
        &self,
        class: RequestClass,
        query: &str,
        variables: &Value,
    ) -> Result<Partial<T>, ApiError> {
        let url = self.0.config.endpoints.graphql.clone();
        let request = Request {
            class,
            ..Request::query(url, &Query { query, variables })?
        };
        let deadline = GRAPHQL_BUDGET.deadline.min(self.0.deadline());
        let budget = Budget {
            deadline,
            ..GRAPHQL_BUDGET
        };
        let reply = self.call(&request, budget, partial).await?;
        Ok(reply.value)
    }
}

/// Reads the data of a response, and where something is missing.
pub(super) fn partial<T: DeserializeOwned>(response: &Response) -> Result<Partial<T>, ReadError> {
    let Envelope { data, errors } = response.json::<Envelope<T>>()?;
    match data {
        Some(data) => Ok(Partial {
            data,
            not_found: errors
                .iter()
                .filter(|error| error.kind.as_deref() == Some("NOT_FOUND"))
                .filter_map(|error| error.path.clone())
                .collect(),
            damage: errors.into_iter().filter_map(|error| error.path).collect(),
        }),
        None => Err(ReadError::because(describe_errors(&errors))),
    }
}

pub(super) fn describe_errors(errors: &[QueryError]) -> String {
    match errors.first() {
        None => "the response has neither data nor errors".to_owned(),
        Some(QueryError {
            message,
            kind: Some(kind),
            ..
        }) => format!("{kind}: {message}"),
        Some(error) => error.message.clone(),
    }
}

/// Whether a path leads to, or into, the field at the end of `fields`.
pub(super) fn leads_to(path: &[Step], fields: &[&str]) -> bool {
    below(path, fields).is_some()
}

/// The indexes of a list, which is at the end of `fields`, that errors point
/// into.
pub(super) fn indexes(damage: &[Vec<Step>], fields: &[&str]) -> HashSet<usize> {
    let into = |path: &Vec<Step>| match below(path, fields)?.first() {
        Some(Step::Index(index)) => Some(*index),
        _ => None,
    };
    damage.iter().filter_map(into).collect()
}

/// The steps of a path below the field at the end of `fields`.
fn below<'p>(path: &'p [Step], fields: &[&str]) -> Option<&'p [Step]> {
    let (head, tail) = path.split_at_checked(fields.len())?;
    let is_field =
        |(step, name): (&Step, &&str)| matches!(step, Step::Field(field) if field == name);
    head.iter().zip(fields).all(is_field).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_tell_what_they_spoil() {
        let text = r#"{"data":{"nodes":[null]},"errors":[
            {"type":"NOT_FOUND","path":["nodes",1],"message":"no"},
            {"path":["nodes",3,"latestStatus","creator"]},
            {"path":["rateLimit"]},{"path":["nodes"]},{"message":"all of it"}]}"#;
        let envelope: Envelope<Value> = serde_json::from_str(text).expect("valid");
        let damage: Vec<_> = envelope.errors.into_iter().filter_map(|e| e.path).collect();
        assert_eq!(indexes(&damage, &["nodes"]), HashSet::from([1, 3]));
        assert!(indexes(&damage, &["repository", "nodes"]).is_empty());
    }

    #[test]
    fn an_answer_without_data_is_reported_by_its_first_error() {
        let text = r#"{"data":null,"errors":[{"type":"FORBIDDEN","message":"not you"}]}"#;
        let envelope: Envelope<Value> = serde_json::from_str(text).expect("valid");
        assert_eq!(describe_errors(&envelope.errors), "FORBIDDEN: not you");
        assert!(envelope.data.is_none());
        assert_eq!(
            describe_errors(&[]),
            "the response has neither data nor errors"
        );
    }
}
