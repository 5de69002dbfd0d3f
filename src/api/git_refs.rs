use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::graphql::{Envelope, Query};
use super::request::Request;
use super::response::Response;
use super::rest::none_if_missing;
use super::retry::RequestKind;
use super::{ApiError, RepoHandle};

const UPDATE_REFS: &str =
    "mutation($input:UpdateRefsInput!){updateRefs(input:$input){clientMutationId}}";

/// The object ID that stands for a ref that does not exist.
const ABSENT: &str = "0000000000000000000000000000000000000000";

/// A change of a branch that is only made if the branch has not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BranchUpdate {
    pub(crate) branch: String,
    /// The commit that it must point to; `None` if it must not exist.
    pub(crate) before: Option<String>,
    /// The commit that it points to afterwards; `None` to delete it.
    pub(crate) after: Option<String>,
}

/// The result of changing branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BranchesUpdated {
    Done,
    /// Nothing was changed.
    Refused {
        /// The `type` of the error, such as `FORBIDDEN`; empty if it has none.
        kind: String,
        /// The server's message.
        message: String,
    },
}

#[derive(Deserialize)]
struct Object {
    sha: String,
}

#[derive(Deserialize)]
struct GitRef {
    object: Object,
}

#[derive(Serialize)]
struct NewRef<'a> {
    r#ref: String,
    sha: &'a str,
}

impl RepoHandle<'_> {
    /// Writes a tree with one file, and returns its ID. Objects are named by
    /// their content, so writing one twice is harmless.
    ///
    /// See <https://docs.github.com/rest/git/trees#create-a-tree>.
    pub(crate) async fn create_tree(self, path: &str, content: &str) -> Result<String, ApiError> {
        let entry = json!({"path": path, "mode": "100644", "type": "blob", "content": content});
        self.create_object("trees", &json!({"tree": [entry]})).await
    }

    /// Writes a commit without parents, and returns its ID.
    ///
    /// See <https://docs.github.com/rest/git/commits#create-a-commit>.
    pub(crate) async fn create_commit(self, tree: &str, message: &str) -> Result<String, ApiError> {
        let body = json!({"message": message, "tree": tree, "parents": []});
        self.create_object("commits", &body).await
    }

    async fn create_object(self, kind: &'static str, body: &Value) -> Result<String, ApiError> {
        let path = self.path()?.then("git").then(kind);
        let request = Request {
            kind: RequestKind::Idempotent,
            ..Request::post(path.below(self.client.rest()), body)?
        };
        let budget = self.client.budget();
        let reply = self
            .client
            .call(&request, budget, Response::json::<Object>)
            .await?;
        Ok(reply.value.sha)
    }

    /// Creates a branch, exactly once. If the response is lost, this looks where
    /// the branch points to before it sends the request again.
    ///
    /// # Errors
    /// [`ApiError::Response`] with 409 or 422 if the branch exists, among other
    /// reasons.
    ///
    /// See <https://docs.github.com/rest/git/refs#create-a-reference>.
    pub(crate) async fn create_branch(self, branch: &str, sha: &str) -> Result<(), ApiError> {
        let new = NewRef {
            r#ref: format!("refs/heads/{branch}"),
            sha,
        };
        let path = self.path()?.then("git").then("refs");
        let request = Request::post(path.below(self.client.rest()), &new)?;
        let read = |response: &Response| response.json::<GitRef>().map(|_| ());
        let find_result = |_| {
            async move {
                let head = self.branch_head(branch).await?;
                Ok((head.as_deref() == Some(sha)).then_some(()))
            }
            .boxed()
        };
        self.client
            .write_once("create a branch", &request, read, find_result)
            .await
    }

    /// The commit that a branch points to; `None` if it does not exist.
    ///
    /// See <https://docs.github.com/rest/git/refs#get-a-reference>.
    async fn branch_head(self, branch: &str) -> Result<Option<String>, ApiError> {
        let mut path = self.path()?.then("git").then("ref").then("heads");
        for part in branch.split('/') {
            path = path.segment(part)?;
        }
        let found = none_if_missing(self.client.get::<GitRef>(&path).await)?;
        Ok(found.map(|found| found.object.sha))
    }

    /// Changes branches: all of them, or none if one has changed meanwhile. A
    /// request whose response is lost is sent again; if it had taken effect, the
    /// second one is refused, so a caller reads the branches after a refusal.
    ///
    /// See <https://docs.github.com/graphql/reference/mutations#updaterefs>.
    pub(crate) async fn update_branches(
        self,
        repository_id: &str,
        updates: &[BranchUpdate],
    ) -> Result<BranchesUpdated, ApiError> {
        let oid = |oid: &Option<String>| oid.clone().unwrap_or_else(|| ABSENT.to_owned());
        let updates: Vec<Value> = updates
            .iter()
            .map(|update| {
                json!({
                    "name": format!("refs/heads/{}", update.branch),
                    "beforeOid": oid(&update.before),
                    "afterOid": oid(&update.after),
                    // A new lock does not follow the old one.
                    "force": true,
                })
            })
            .collect();
        let input = json!({"repositoryId": repository_id, "refUpdates": updates});
        let body = Query {
            query: UPDATE_REFS,
            variables: &json!({ "input": input }),
        };
        let url = self.client.endpoints().graphql.clone();
        let request = Request {
            kind: RequestKind::Idempotent,
            makes: 0,
            ..Request::post(url, &body)?
        };
        let read = |response: &Response| {
            let Envelope { data, errors } = response.json::<Envelope<Map<String, Value>>>()?;
            let done =
                data.is_some_and(|data| data.get("updateRefs").is_some_and(Value::is_object));
            Ok(if done && errors.is_empty() {
                BranchesUpdated::Done
            } else {
                let first = errors.into_iter().next();
                let (kind, message) = first.map_or_else(Default::default, |error| {
                    (error.kind.unwrap_or_default(), error.message)
                });
                BranchesUpdated::Refused { kind, message }
            })
        };
        let budget = self.client.budget();
        Ok(self.client.call(&request, budget, read).await?.value)
    }
}
