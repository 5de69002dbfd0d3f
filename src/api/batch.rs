use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::call::{Attempts, FailedAttempt};
use super::graphql::{Envelope, Query, QueryError, Step};
use super::request::Request;
use super::response::Response;
use super::retry::FailureKind;
use super::{ApiError, Client};
use crate::model::StatusState;

/// A change of one deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The node ID of the deployment.
    pub(crate) node_id: String,
    /// The status to create, with its description.
    pub(crate) status: Option<(StatusState, Option<String>)>,
    /// Whether to delete the deployment, after the status was created.
    pub(crate) delete: bool,
}

impl Change {
    fn mutations(&self) -> u32 {
        u32::from(self.status.is_some()) + u32::from(self.delete)
    }
}

/// The result of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// The change was made.
    Done,
    /// The deployment does not exist, or the token may not see it.
    NotFound,
    /// The server rejected the change.
    Refused {
        /// The `type` of the error, such as `FORBIDDEN`; empty if it has none.
        kind: String,
        /// The server's message.
        message: String,
    },
}

/// A request failed as a whole, so the results of its changes are unknown.
#[derive(Debug)]
pub(crate) struct BatchError {
    /// The error of the request.
    pub(crate) error: ApiError,
    /// Whether the server may have made some of the changes.
    pub(crate) may_be_done: bool,
}

impl Client {
    /// Whether changes can be sent in batches: GraphQL has not failed so far.
    pub(crate) fn can_batch(&self) -> bool {
        self.can_use_graphql()
    }

    /// Makes changes in one GraphQL request, which counts as one write. A
    /// change that fails does not stop the others. The results are in the order
    /// of `changes`.
    ///
    /// # Errors
    /// If the request failed as a whole. It is not retried here: check first
    /// whether it took effect.
    ///
    /// See <https://docs.github.com/graphql/reference/mutations#deletedeployment>.
    pub(crate) async fn apply_changes(
        &self,
        changes: &[Change],
    ) -> Result<Vec<Changed>, BatchError> {
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
        let attempts = Attempts::new(self.budget());
        let verdict = self.attempt(&request, &attempts, &read).await;
        match verdict {
            Ok(reply) => match reply.value.data {
                Some(data) => Ok(outcomes(changes, &data, &reply.value.errors)),
                // Errors of a rejected query have a type; a query that was
                // interrupted may have taken effect in part.
                None => Err(BatchError {
                    may_be_done: !is_rejected(&reply.value.errors),
                    error: ApiError::Unexpected(Box::new(
                        reply
                            .response
                            .unexpected(first_message(&reply.value.errors)),
                    )),
                }),
            },
            Err(FailedAttempt { outcome, error }) => Err(BatchError {
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

/// The GraphQL document, with an alias for each step: `sN` for the status, `dN`
/// for the deletion of change N. The server executes them in order.
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

/// Returns the result of each change. A step with neither data nor an error of
/// its own was not executed.
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
                message: first_message(errors),
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

/// Whether the server rejected a query before it executed any part of it.
/// Errors of the query's form have a code instead of a type.
fn is_rejected(errors: &[QueryError]) -> bool {
    !errors.is_empty()
        && errors
            .iter()
            .all(|error| error.kind.is_some() || error.extensions.is_some())
}

fn first_message(errors: &[QueryError]) -> String {
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
