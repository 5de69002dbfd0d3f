use std::collections::HashSet;
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::Budget;
use super::concurrency::RequestClass;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, Client};

/// Few retries: states can also be fetched by REST.
const GRAPHQL_BUDGET: Budget = Budget {
    deadline: Duration::from_secs(15),
    most_attempts: 2,
};

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

/// A step of a path into a response: a field, or an index of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Step {
    Index(usize),
    Field(String),
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

fn describe_errors(errors: &[QueryError]) -> String {
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

/// The indexes of a list, which is at the end of `path`, that errors point
/// into.
pub(super) fn indexes(damage: &[Vec<Step>], path: &[&str]) -> HashSet<usize> {
    let into = |steps: &Vec<Step>| {
        let (head, tail) = steps.split_at_checked(path.len())?;
        let is_there = head
            .iter()
            .zip(path)
            .all(|(step, name)| matches!(step, Step::Field(field) if field == name));
        match tail.first() {
            Some(Step::Index(index)) if is_there => Some(*index),
            _ => None,
        }
    };
    damage.iter().filter_map(into).collect()
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
