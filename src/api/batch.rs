use std::fmt::Write as _;

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::call::AttemptResult;
use super::graphql::{Envelope, Query, QueryError, Step};
use super::request::Request;
use super::response::Response;
use super::retry::FailureKind;
use super::{ApiError, Client};
use crate::model::StatusState;

/// What is to be done to one deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The deployment's node id.
    pub node_id: String,
    /// The status that is to be added, with its description.
    pub status: Option<(StatusState, Option<String>)>,
    /// Whether it is to be deleted, after that.
    pub delete: bool,
}

impl Change {
    fn mutations(&self) -> u32 {
        u32::from(self.status.is_some()) + u32::from(self.delete)
    }
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was done.
    Done,
    /// There is no such deployment, or none that the token may see.
    NotFound,
    /// It was refused: the kind of error, such as `FORBIDDEN`, and the
    /// server's words.
    Refused {
        /// `type` of the error; empty where there is none.
        kind: String,
        /// `message` of the error.
        message: String,
    },
}

/// Why nothing is known of the changes of a request.
#[derive(Debug)]
pub struct BatchError {
    /// What happened.
    pub error: ApiError,
    /// Whether some of the changes may have been made.
    pub may_be_done: bool,
}

impl Client {
    /// Whether changes can be sent together: GraphQL has not failed so far.
    pub fn can_batch(&self) -> bool {
        self.can_use_graphql()
    }

    /// Makes changes in one GraphQL request, which counts as one write. It is
    /// sent once; what cannot be done does not stop the rest. The result is in
    /// the order of `changes`.
    ///
    /// # Errors
    /// If the request failed as a whole. It is never repeated here: look first
    /// if it may have been done.
    ///
    /// See <https://docs.github.com/graphql/reference/mutations#deletedeployment>.
    pub async fn apply_changes(&self, changes: &[Change]) -> Result<Vec<Changed>, BatchError> {
        let not_sent = |error| BatchError {
            error,
            may_be_done: false,
        };
        let (query, variables) = mutation(changes);
        let url = self.endpoints().graphql.clone();
        let body = Query {
            query: &query,
            variables: &variables,
        };
        let mut request = Request::post(url, &body).map_err(not_sent)?;
        request.writes = changes.iter().map(Change::mutations).sum();
        request.makes = changes
            .iter()
            .map(|one| u32::from(one.status.is_some()))
            .sum();
        let read = |response: &Response| response.json::<Envelope<Map<String, Value>>>();
        let verdict = self
            .attempt(&request, 1, Instant::now(), self.budget(), false, &read)
            .await;
        match verdict {
            AttemptResult::Succeeded(reply) => match reply.value.data {
                Some(data) => Ok(outcomes(changes, &data, &reply.value.errors)),
                // A query that is refused says of what kind its errors are;
                // one that was broken off may have done a part.
                None => Err(BatchError {
                    may_be_done: !is_refused(&reply.value.errors),
                    error: ApiError::Unexpected(Box::new(
                        reply.response.unexpected(in_words(&reply.value.errors)),
                    )),
                }),
            },
            AttemptResult::Failed { outcome, error } => Err(BatchError {
                may_be_done: matches!(
                    outcome,
                    FailureKind::ResponseLost
                        | FailureKind::Unreadable
                        | FailureKind::ServerError { .. }
                ),
                error,
            }),
        }
    }
}

/// The document, with an alias for each step: `sN` for the status, `dN` for
/// the deletion of change N. The server runs them in order.
fn mutation(changes: &[Change]) -> (String, Value) {
    let mut head = String::from("mutation(");
    let mut body = String::new();
    let mut variables = Map::new();
    for (at, change) in changes.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(head, "$i{at}:ID!,");
        variables.insert(format!("i{at}"), change.node_id.as_str().into());
        if let Some((state, description)) = &change.status {
            let mut text = String::new();
            if let Some(description) = description {
                let _ = write!(head, "$t{at}:String,");
                variables.insert(format!("t{at}"), description.as_str().into());
                text = format!(",description:$t{at}");
            }
            let state = state.as_str().to_ascii_uppercase();
            let _ = write!(
                body,
                "s{at}:createDeploymentStatus(input:{{deploymentId:$i{at},state:{state}{text}}})\
                 {{deploymentStatus{{id}}}}"
            );
        }
        if change.delete {
            let _ = write!(
                body,
                "d{at}:deleteDeployment(input:{{id:$i{at}}}){{clientMutationId}}"
            );
        }
    }
    let head = head.trim_end_matches(',');
    (format!("{head}){{{body}}}"), Value::Object(variables))
}

/// Maps the response back to each change. What has neither data nor an error of
/// its own was not done.
fn outcomes(changes: &[Change], data: &Map<String, Value>, errors: &[QueryError]) -> Vec<Changed> {
    let error_of = |alias: &str| {
        errors.iter().find(|error| {
            let first = error.path.as_deref().and_then(<[Step]>::first);
            matches!(first, Some(Step::Field(field)) if field == alias)
        })
    };
    let step = |alias: &str| -> Changed {
        if let Some(error) = error_of(alias) {
            let kind = error.kind.clone().unwrap_or_default();
            if kind == "NOT_FOUND" {
                return Changed::NotFound;
            }
            return Changed::Refused {
                kind,
                message: error.message.clone(),
            };
        }
        match data.get(alias) {
            Some(value) if !value.is_null() => Changed::Done,
            _ => Changed::Refused {
                kind: String::new(),
                message: in_words(errors),
            },
        }
    };
    changes
        .iter()
        .enumerate()
        .map(|(at, change)| {
            let status = change.status.as_ref().map(|_| step(&format!("s{at}")));
            match (status, change.delete) {
                (Some(Changed::Refused { kind, message }), _) => Changed::Refused { kind, message },
                (_, true) => step(&format!("d{at}")),
                (Some(status), false) => status,
                (None, false) => Changed::Done,
            }
        })
        .collect()
}

/// Whether nothing of a query was begun. Errors of its form have a code, in
/// place of a type.
fn is_refused(errors: &[QueryError]) -> bool {
    !errors.is_empty()
        && errors
            .iter()
            .all(|error| error.kind.is_some() || error.extensions.is_some())
}

fn in_words(errors: &[QueryError]) -> String {
    errors.first().map_or_else(
        || "the response does not mention it".to_owned(),
        |error| error.message.clone(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(node_id: &str, deactivate: bool, delete: bool) -> Change {
        Change {
            node_id: node_id.to_owned(),
            status: deactivate.then_some((StatusState::Inactive, None)),
            delete,
        }
    }

    #[test]
    fn every_name_travels_as_a_variable() {
        let mut changes = [
            change("A\"", true, true),
            change("B", false, true),
            change("C", true, false),
        ];
        changes[0].status = Some((StatusState::Error, Some("x\"}".to_owned())));
        let (query, variables) = mutation(&changes);
        assert_eq!(
            query,
            "mutation($i0:ID!,$t0:String,$i1:ID!,$i2:ID!){\
             s0:createDeploymentStatus(input:{deploymentId:$i0,state:ERROR,description:$t0})\
             {deploymentStatus{id}}\
             d0:deleteDeployment(input:{id:$i0}){clientMutationId}\
             d1:deleteDeployment(input:{id:$i1}){clientMutationId}\
             s2:createDeploymentStatus(input:{deploymentId:$i2,state:INACTIVE})\
             {deploymentStatus{id}}}"
        );
        assert_eq!(
            variables,
            json!({"i0": "A\"", "t0": "x\"}", "i1": "B", "i2": "C"})
        );
    }

    #[test]
    fn each_failure_is_that_of_one_change() {
        let changes = [
            change("A", false, true),
            change("B", true, true),
            change("C", true, true),
            change("D", false, true),
            change("E", true, false),
            change("F", false, true),
        ];
        let text = r#"{"data":{"d0":{"clientMutationId":null},"s1":null,"d1":null,
            "s2":{"deploymentStatus":{"id":"x"}},"d2":null,"d3":null,"s4":{},"d5":null},
            "errors":[{"type":"FORBIDDEN","path":["s1"],"message":"not you"},
            {"path":["d1"],"message":"We cannot delete an active deployment"},
            {"path":["d2"],"message":"later"},
            {"type":"NOT_FOUND","path":["d3"],"message":"Could not resolve"}]}"#;
        let envelope: Envelope<Map<String, Value>> = serde_json::from_str(text).expect("valid");
        let found = outcomes(&changes, &envelope.data.expect("data"), &envelope.errors);
        let refused = |kind: &str, message: &str| Changed::Refused {
            kind: kind.to_owned(),
            message: message.to_owned(),
        };
        assert_eq!(
            found,
            [
                Changed::Done,
                refused("FORBIDDEN", "not you"),
                refused("", "later"),
                Changed::NotFound,
                Changed::Done,
                refused("", "not you"),
            ]
        );
    }
}
