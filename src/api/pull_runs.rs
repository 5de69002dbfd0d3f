use serde::Deserialize;
use serde_json::json;

use super::graphql::{InRepository, List};
use super::{ApiError, RepoHandle};
use crate::model::RunId;

const BY_PULL_REQUEST: &str = "query($owner:String!,$name:String!,$number:Int!){\
repository(owner:$owner,name:$name){pullRequest(number:$number){headRefOid \
commits(last:1){nodes{commit{checkSuites(first:100){nodes{workflowRun{url}}}}}}}}}";

/// A pull request, and the runs of its head commit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullRequestRuns {
    /// The commit at the head.
    pub head_sha: String,
    /// The runs that belong to it; none without GraphQL.
    pub runs: Vec<RunId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullRepository {
    pull_request: Option<PullNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullNode {
    head_ref_oid: String,
    commits: Option<List<PullCommit>>,
}

#[derive(Deserialize)]
struct PullCommit {
    commit: HeadCommit,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeadCommit {
    check_suites: Option<List<Suite>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Suite {
    workflow_run: Option<RunUrl>,
}

#[derive(Deserialize)]
struct RunUrl {
    url: String,
}

impl RepoHandle<'_> {
    /// The head of a pull request and the runs of that commit: one request.
    /// Without GraphQL only the head. Needs the permission "Pull requests:
    /// read".
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if there is no such pull request.
    ///
    /// See <https://docs.github.com/graphql/reference/objects#pullrequest>.
    pub async fn pull_request_runs(self, number: u64) -> Result<PullRequestRuns, ApiError> {
        if self.client.can_use_graphql() {
            let variables = json!({
                "owner": self.slug.owner(), "name": self.slug.name(), "number": number,
            });
            let page = self
                .client
                .graphql::<InRepository<PullRepository>>(BY_PULL_REQUEST, &variables)
                .await;
            let pull = page
                .ok()
                .and_then(|partial| partial.data.repository?.pull_request);
            if let Some(pull) = pull {
                return Ok(pull.into_runs());
            }
        }
        let pull = self.pull_commits(number).await?;
        Ok(PullRequestRuns {
            head_sha: pull.head.sha,
            runs: Vec::new(),
        })
    }
}

impl PullNode {
    fn into_runs(self) -> PullRequestRuns {
        let suites = self
            .commits
            .into_iter()
            .flat_map(List::into_nodes)
            .filter_map(|node| node.commit.check_suites)
            .flat_map(List::into_nodes);
        let runs = suites.filter_map(|suite| RunId::from_url(&suite.workflow_run?.url));
        PullRequestRuns {
            runs: runs.collect(),
            head_sha: self.head_ref_oid,
        }
    }
}
