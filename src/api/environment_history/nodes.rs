use std::cmp::Reverse;

use jiff::Timestamp;
use serde::Deserialize;

use super::super::commit_name::{CommitName, CommitParts, NamedCommit, without_missing_pull};
use super::super::graphql::{Connection, InRepository, Partial};
use super::super::graphql_states::{Actor, LatestStatus, Ref, status, user};
use super::super::node_id::number_in;
use crate::model::{DeploymentId, DeploymentState, PastDeployment, Status};

/// What is asked of each deployment. More than 100 statuses are rare; those of
/// such a deployment are requested from REST.
pub(super) const FIELDS: &str = "id state task commitOid createdAt updatedAt ref{name} \
creator{__typename login} latestStatus{id state createdAt} \
statuses(first:100){totalCount nodes{id state logUrl environmentUrl createdAt}}";

/// The pages under the aliases `e0` and `e1`, and the commit.
#[derive(Deserialize)]
pub(super) struct Repository {
    e0: Option<Connection<Node>>,
    e1: Option<Connection<Node>>,
    #[serde(flatten)]
    commit: CommitParts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    state: Option<String>,
    task: Option<String>,
    commit_oid: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    r#ref: Option<Ref>,
    creator: Option<Actor>,
    latest_status: Option<LatestStatus>,
    statuses: Option<Statuses>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statuses {
    total_count: usize,
    nodes: Option<Vec<Option<LatestStatus>>>,
}

/// A page of a history.
pub(super) struct Page {
    /// Newest first, each with whether all its statuses are there.
    pub(super) deployments: Vec<(PastDeployment, bool)>,
    /// The cursor after which the next page begins.
    pub(super) next: Option<String>,
}

/// A history that was read and converted.
pub(super) struct Found {
    pages: [Option<Page>; 2],
    commit: CommitParts,
}

impl Found {
    /// The data, or why they cannot be used: without a part of them an
    /// environment would seem to have fewer deployments. A pull request may be
    /// missing.
    pub(super) fn read(partial: Partial<InRepository<Repository>>) -> Result<Self, String> {
        let repository = without_missing_pull(partial).complete()?.shown()?;
        let page = |nodes: Option<Connection<Node>>| nodes.map(Page::try_from).transpose();
        Ok(Self {
            pages: [page(repository.e0)?, page(repository.e1)?],
            commit: repository.commit,
        })
    }

    /// The page that was asked for at this index.
    pub(super) fn take_page(&mut self, index: usize) -> Option<Page> {
        self.pages.get_mut(index)?.take()
    }

    pub(super) fn named_commit(&self, name: &CommitName) -> Option<NamedCommit> {
        self.commit.named(name)
    }
}

impl TryFrom<Connection<Node>> for Page {
    type Error = String;

    fn try_from(page: Connection<Node>) -> Result<Self, String> {
        let next = page.next();
        let deployments = page.into_nodes().map(past_deployment);
        Ok(Self {
            deployments: deployments.collect::<Result<_, _>>()?,
            next,
        })
    }
}

/// Converts a deployment; the second value is whether all statuses are there.
fn past_deployment(node: Node) -> Result<(PastDeployment, bool), String> {
    let number = number_in(&node.id).ok_or("the form of its IDs is unknown")?;
    let readable = |error: super::super::ApiError| error.to_string();
    let creator = node.creator.as_ref().map(user).transpose();
    let newest = node.latest_status.map(status).transpose();
    let newest = newest.map_err(readable)?;
    let (statuses, total) = match node.statuses {
        None => (Vec::new(), 0),
        Some(list) => {
            let nodes = list.nodes.into_iter().flatten().flatten();
            let statuses: Result<Vec<Status>, _> = nodes.map(status).collect();
            (statuses.map_err(readable)?, list.total_count)
        }
    };
    let is_complete = statuses.len() >= total;
    let deployment = PastDeployment {
        id: DeploymentId(number),
        state: DeploymentState::from_word(node.state.as_deref().unwrap_or("pending")),
        sha: node.commit_oid,
        ref_name: node.r#ref.map(|found| found.name),
        task: node.task.unwrap_or_default(),
        creator: creator.map_err(readable)?,
        created_at: node.created_at,
        updated_at: node.updated_at,
        statuses: newest_first(statuses, newest.as_ref()),
    };
    Ok((deployment, is_complete))
}

/// Sorts statuses, whose order GitHub does not document. Times are whole
/// seconds; of statuses of the same second the order of the list decides, which
/// is turned if the newest one stands last.
fn newest_first(mut statuses: Vec<Status>, newest: Option<&Status>) -> Vec<Status> {
    let stands_last = |newest: &Status| {
        let ids = |status: Option<&Status>| status.map(|status| status.node_id.clone());
        ids(statuses.first()) != Some(newest.node_id.clone())
            && ids(statuses.last()) == Some(newest.node_id.clone())
    };
    if newest.is_some_and(stands_last) {
        statuses.reverse();
    }
    statuses.sort_by_key(|status| Reverse(status.created_at));
    statuses
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::super::graphql::Step;
    use super::*;

    fn response(text: &Value) -> Result<Found, String> {
        let data = serde_json::from_value(text.clone()).expect("a response");
        Found::read(Partial {
            data,
            damage: Vec::new(),
            not_found: Vec::new(),
        })
    }

    fn node(statuses: &Value, latest: &Value) -> Value {
        json!({"repository": {"e0": {
            "pageInfo": {"hasNextPage": true, "endCursor": "x"},
            "nodes": [{
                "id": "DE_kwDOHjNddM5sfT5s", "state": "ACTIVE", "task": "deploy",
                "commitOid": "abc", "createdAt": "2026-01-01T00:00:00Z",
                "updatedAt": "2026-01-01T00:00:09Z", "ref": null,
                "creator": {"__typename": "Bot", "login": "github-actions"},
                "latestStatus": latest,
                "statuses": {"totalCount": 3, "nodes": statuses},
            }],
        }}})
    }

    fn status_node(id: &str, state: &str, second: u8) -> Value {
        json!({"id": id, "state": state, "createdAt": format!("2026-01-01T00:00:0{second}Z")})
    }

    #[test]
    fn statuses_come_newest_first_whatever_their_order_was() {
        let queued = status_node("S_1", "QUEUED", 1);
        let failed = status_node("S_2", "FAILURE", 2);
        let success = status_node("S_3", "SUCCESS", 2);
        let newest = [success.clone(), failed.clone(), queued.clone()];
        let oldest = [queued, failed, success.clone()];
        for statuses in [newest, oldest] {
            let found = response(&node(&json!(statuses), &success));
            let page = found.expect("complete").take_page(0).expect("a page");
            assert_eq!(page.next.as_deref(), Some("x"));
            let (deployment, has_all) = &page.deployments[0];
            assert!(has_all);
            assert_eq!(deployment.id, DeploymentId(1_820_147_308));
            let states: Vec<&str> = deployment
                .statuses
                .iter()
                .map(|one| one.state.as_str())
                .collect();
            assert_eq!(states, ["success", "failure", "queued"]);
            assert!(deployment.is_by_actions() && deployment.was_good());
        }
    }

    #[test]
    fn missing_statuses_are_noticed() {
        let success = status_node("S_3", "SUCCESS", 2);
        let found = response(&node(&json!([success]), &success));
        let page = found.expect("complete").take_page(0).expect("a page");
        assert!(!page.deployments[0].1);
    }

    #[test]
    fn a_response_with_gaps_is_not_used() {
        let success = status_node("S_3", "SUCCESS", 2);
        let text = node(&json!([success]), &success);
        for (path, is_used) in [
            (vec!["repository", "pullRequest"], true),
            (vec!["repository", "e0", "nodes"], false),
        ] {
            let data = serde_json::from_value(text.clone()).expect("a response");
            let steps = path.iter().map(|name| Step::Field((*name).to_owned()));
            let found = Found::read(Partial {
                data,
                damage: vec![steps.collect()],
                not_found: Vec::new(),
            });
            assert_eq!(found.is_ok(), is_used, "{path:?}");
        }
        assert!(response(&json!({"repository": null})).is_err());
    }
}
