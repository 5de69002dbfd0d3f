use std::ops::RangeInclusive;

use futures_util::{FutureExt, Stream, TryStreamExt, future, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::answer::{Answer, Misread};
use super::call::{Budget, Reply};
use super::exactly_once::{SLACK, Since, may_be, no_time, same_text};
use super::page::{Item, Walk, array};
use super::transport::Request;
use super::{ApiError, DeploymentHandle, Paging, RepoHandle};
use crate::model::{Deployment, Payload};

/// The body of a request for a deployment, as it is sent; what is `None` is
/// left out, so that the server's default holds.
///
/// See <https://docs.github.com/rest/deployments/deployments#create-a-deployment>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDeployment {
    /// The branch, tag or SHA to deploy.
    #[serde(rename = "ref")]
    pub ref_name: String,
    /// The kind of work; GitHub's default is `deploy`.
    pub task: String,
    /// Whether GitHub may merge the default branch into the ref first.
    pub auto_merge: bool,
    /// The contexts that must be green: `None` is all of the commit's, an
    /// empty list is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_contexts: Option<Vec<String>>,
    /// What the deployment carries for those who deploy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Payload>,
    /// The environment to deploy to.
    pub environment: String,
    /// A short text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the environment is to vanish one day.
    pub transient_environment: bool,
    /// Whether end users meet the environment. Always sent: servers differ in
    /// their default.
    pub production_environment: bool,
}

/// What became of a request for a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// The deployment is there (201).
    Deployment(Box<Deployment>),
    /// GitHub merged the default branch into the ref and made no deployment
    /// (202); ask again, best after the checks of the merge.
    Merged {
        /// What the server said of it.
        message: String,
    },
}

/// The deployments that a request can have made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// They, newest first.
    pub deployments: Vec<Deployment>,
    /// Whether they were all made by the token's user; not if the server does
    /// not tell who that is.
    pub are_by_viewer: bool,
}

/// Which deployments are wanted; the server filters, by exact match of all
/// that is given.
///
/// See <https://docs.github.com/rest/deployments/deployments#list-deployments>.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentFilter {
    /// The commit, recorded when the deployment was made.
    pub sha: Option<String>,
    /// The ref in the words of the one who asked.
    pub ref_name: Option<String>,
    /// The kind of work.
    pub task: Option<String>,
    /// The environment.
    pub environment: Option<String>,
}

impl Item for Deployment {
    fn number(&self) -> Option<u64> {
        Some(self.id.0)
    }
}

impl RepoHandle<'_> {
    /// Asks for a deployment, and makes it exactly once.
    ///
    /// Where the answer is lost, it looks whether the deployment is there (same
    /// ref, environment, task and so on, made by the same user since the
    /// request began) before it asks again.
    ///
    /// # Errors
    /// [`ApiError::Ambiguous`] if the answer was lost and looking failed too;
    /// 409 and 422 as [`ApiError::Refused`].
    pub async fn create_deployment(self, new: &NewDeployment) -> Result<Created, ApiError> {
        let url = self.path()?.then("deployments").below(self.client.rest());
        let request = Request::post(url, new)?;
        let look = |since| self.find_created(new, since).boxed();
        self.client
            .write_once("create a deployment", &request, created, look)
            .await
    }

    /// What an earlier request may have made of which nobody heard, since its
    /// program ended: deployments that are as it asked for, of the token's user,
    /// made in a span of time by our clock. The server's clock may differ from
    /// ours, as long as neither was set meanwhile.
    pub async fn deployments_alike(
        self,
        new: &NewDeployment,
        made: &RangeInclusive<Timestamp>,
    ) -> Result<Alike, ApiError> {
        let budget = self.client.budget();
        let viewer = self.client.viewer_login_within(budget).await?;
        let mut alike = Alike {
            deployments: Vec::new(),
            are_by_viewer: viewer.is_some(),
        };
        let mut walk = self.deployment_walk(&new.filter(), Paging::all(), budget)?;
        while let Some(page) = walk.next_page().await {
            let page = page?;
            let server_time = page.server_time.ok_or_else(|| no_time(&page.url))?;
            let ahead = server_time.duration_since((self.client.0.config.clock)());
            let on_server = |ours: &Timestamp| ours.saturating_add(ahead);
            let earliest = on_server(made.start())
                .and_then(|time| time.saturating_sub(SLACK))
                .unwrap_or(Timestamp::MIN);
            let latest = on_server(made.end())
                .and_then(|time| time.saturating_add(SLACK))
                .unwrap_or(Timestamp::MAX);
            let reaches_back = page.items.iter().any(|old| old.created_at < earliest);
            alike
                .deployments
                .extend(page.items.into_iter().filter(|found| {
                    (earliest..=latest).contains(&found.created_at)
                        && new.is_what_made(found, viewer.as_deref())
                }));
            if reaches_back {
                break;
            }
        }
        alike.are_by_viewer &= alike
            .deployments
            .iter()
            .all(|found| found.creator_login().is_some());
        Ok(alike)
    }

    /// Deployments without their states, newest first, a page at a time. The
    /// pages after the first are fetched in parallel where the server tells how
    /// many there are; nothing is fetched that is not asked for.
    pub fn deployments(
        self,
        filter: &DeploymentFilter,
        paging: Paging,
    ) -> impl Stream<Item = Result<Vec<Deployment>, ApiError>> + use<> {
        let walk = self.deployment_walk(filter, paging, self.client.budget());
        stream::once(future::ready(walk))
            .map_ok(Walk::into_stream)
            .try_flatten()
            .map_ok(|page| page.items)
    }

    pub(super) fn deployment_walk(
        self,
        filter: &DeploymentFilter,
        paging: Paging,
        budget: Budget,
    ) -> Result<Walk<Deployment>, ApiError> {
        let url = filter.url(self)?;
        Ok(Walk::new(self.client, url, paging, budget, array))
    }

    /// The deployment that a request made whose answer was lost.
    async fn find_created(
        self,
        new: &NewDeployment,
        since: Since,
    ) -> Result<Option<Created>, ApiError> {
        let viewer = self.client.viewer_login_within(since.budget).await?;
        let mut walk = self.deployment_walk(&new.filter(), Paging::all(), since.budget)?;
        while let Some(page) = walk.next_page().await {
            let page = page?;
            let server_time = page.server_time.ok_or_else(|| no_time(&page.url))?;
            let earliest = since.earliest(server_time);
            let reaches_back = page.items.iter().any(|old| old.created_at < earliest);
            for found in page.items {
                if new.is_what_made(&found, viewer.as_deref())
                    && since.made_it(found.created_at, server_time, &page.url)?
                {
                    return Ok(Some(Created::Deployment(Box::new(found))));
                }
            }
            if reaches_back {
                break;
            }
        }
        Ok(None)
    }
}

impl DeploymentHandle<'_> {
    /// Gets the deployment.
    ///
    /// # Errors
    /// 404 as [`ApiError::Refused`] if it does not exist.
    ///
    /// See <https://docs.github.com/rest/deployments/deployments#get-a-deployment>.
    pub async fn get(self) -> Result<Deployment, ApiError> {
        Ok(self.get_with_reply().await?.value)
    }

    pub(super) async fn get_with_reply(self) -> Result<Reply<Deployment>, ApiError> {
        let request = Request::get(self.path()?.below(self.client.rest()));
        let budget = self.client.budget();
        self.client.call(&request, budget, Answer::json).await
    }

    /// Deletes the deployment. If the answer is lost and a repeat finds
    /// nothing, the deployment counts as deleted.
    ///
    /// # Errors
    /// 422 as [`ApiError::Refused`] while the deployment is active.
    ///
    /// See <https://docs.github.com/rest/deployments/deployments#delete-a-deployment>.
    pub async fn delete(self) -> Result<(), ApiError> {
        self.client.delete(&self.path()?).await
    }
}

fn created(answer: &Answer) -> Result<Created, Misread> {
    #[derive(Deserialize)]
    struct Merged {
        message: String,
    }
    if answer.status == 202 {
        let Merged { message } = answer.json()?;
        return Ok(Created::Merged { message });
    }
    Ok(Created::Deployment(answer.json()?))
}

impl DeploymentFilter {
    /// The address of the list. What is not filtered by is left out: the
    /// documented default, `none`, would be looked for by some servers.
    pub(super) fn url(&self, repo: RepoHandle<'_>) -> Result<Url, ApiError> {
        let path = repo.path()?.then("deployments");
        let mut url = path.below(repo.client.rest());
        for (name, value) in [
            ("sha", &self.sha),
            ("ref", &self.ref_name),
            ("task", &self.task),
            ("environment", &self.environment),
        ] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Ok(url)
    }
}

impl NewDeployment {
    /// What finds the deployment that this request made; not by environment,
    /// since a status may have moved it to another one.
    fn filter(&self) -> DeploymentFilter {
        DeploymentFilter {
            ref_name: Some(self.ref_name.clone()),
            task: Some(self.task.clone()),
            ..DeploymentFilter::default()
        }
    }

    /// Whether this request, made by `viewer`, can have made `deployment`. It
    /// rather says yes where servers differ in how they send what they got:
    /// a wrong no makes a second deployment.
    fn is_what_made(&self, deployment: &Deployment, viewer: Option<&str>) -> bool {
        let environment = deployment
            .original_environment
            .as_ref()
            .unwrap_or(&deployment.environment);
        let agrees = |sent: bool, came: Option<bool>| came.is_none_or(|came| came == sent);
        deployment.ref_name == self.ref_name
            && deployment.task == self.task
            && *environment == self.environment
            && same_text(
                self.description.as_deref(),
                deployment.description.as_deref(),
            )
            && agrees(self.transient_environment, deployment.transient_environment)
            && agrees(
                self.production_environment,
                deployment.production_environment,
            )
            && same_payload(self.payload.as_ref(), &deployment.payload)
            && may_be(viewer, deployment.creator_login())
    }
}

/// Whether two payloads are the same value. Old servers send JSON back as text.
fn same_payload(sent: Option<&Payload>, came: &Payload) -> bool {
    let Some(sent) = sent else {
        return came.is_empty();
    };
    let value = |payload: &Payload| -> Option<Value> {
        let value: Value = serde_json::from_str(payload.as_json().as_str()).ok()?;
        let inner = value
            .as_str()
            .and_then(|text| serde_json::from_str(text).ok());
        Some(inner.unwrap_or(value))
    };
    (sent.is_empty() && came.is_empty()) || value(sent) == value(came)
}
