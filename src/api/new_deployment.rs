use std::ops::RangeInclusive;

use futures_util::FutureExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::exactly_once::{SLACK, WriteStart, could_be, missing_time, same_text};
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, DeploymentFilter, Paging, RepoHandle};
use crate::model::{Deployment, Payload};

/// A request for a deployment. Fields that are `None` are not sent, so that the
/// server's default applies.
///
/// See <https://docs.github.com/rest/deployments/deployments#create-a-deployment>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewDeployment {
    /// The branch, tag or SHA to deploy.
    #[serde(rename = "ref")]
    pub ref_name: String,
    /// The task to run, such as `deploy` (the default) or `deploy:migrations`.
    pub task: String,
    /// Whether GitHub may merge the default branch into the ref first.
    pub auto_merge: bool,
    /// The contexts that must have succeeded: `None` for all contexts of the
    /// commit, an empty list for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_contexts: Option<Vec<String>>,
    /// The payload for the deployer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Payload>,
    /// The environment to deploy to; `production` by default.
    pub environment: String,
    /// A short description of the deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the environment is transient: it will no longer exist at some
    /// point.
    pub transient_environment: bool,
    /// Whether end users interact with the environment. Always sent, since the
    /// default differs between servers.
    pub production_environment: bool,
}

impl NewDeployment {
    /// A deployment of a branch, tag or SHA to `production`, by GitHub's
    /// defaults.
    pub fn new(ref_name: impl Into<String>) -> Self {
        Self {
            ref_name: ref_name.into(),
            task: "deploy".to_owned(),
            auto_merge: true,
            required_contexts: None,
            payload: None,
            environment: "production".to_owned(),
            description: None,
            transient_environment: false,
            production_environment: true,
        }
    }

    /// Sets the environment, and whether it is a production environment by
    /// GitHub's rule: if its name is `production`.
    #[must_use]
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.environment = name.into();
        self.production_environment = self.environment == "production";
        self
    }

    /// Sets the [`task`](Self::task).
    #[must_use]
    pub fn task(mut self, task: impl Into<String>) -> Self {
        self.task = task.into();
        self
    }

    /// Sets whether GitHub may merge the default branch into the ref first.
    #[must_use]
    pub fn auto_merge(mut self, auto_merge: bool) -> Self {
        self.auto_merge = auto_merge;
        self
    }

    /// Sets the contexts that must have succeeded; an empty list for none.
    #[must_use]
    pub fn required_contexts<T: Into<String>>(
        mut self,
        contexts: impl IntoIterator<Item = T>,
    ) -> Self {
        self.required_contexts = Some(contexts.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the payload for the deployer.
    #[must_use]
    pub fn payload(mut self, payload: Payload) -> Self {
        self.payload = Some(payload);
        self
    }

    /// Sets the description.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets whether the environment is transient.
    #[must_use]
    pub fn transient_environment(mut self, is_transient: bool) -> Self {
        self.transient_environment = is_transient;
        self
    }

    /// Sets whether end users interact with the environment; call this after
    /// [`environment`](Self::environment).
    #[must_use]
    pub fn production_environment(mut self, is_production: bool) -> Self {
        self.production_environment = is_production;
        self
    }
}

/// The result of a request for a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// The deployment was created (201).
    Deployment(Box<Deployment>),
    /// GitHub merged the default branch into the ref and created no deployment
    /// (202). Request the deployment again, preferably after the checks of the
    /// merge commit have finished.
    Merged {
        /// The server's message.
        message: String,
    },
}

/// The deployments that an earlier request may have created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MatchingDeployments {
    /// The deployments, newest first.
    pub deployments: Vec<Deployment>,
    /// Whether all of them are known to be created by the token's user.
    pub are_by_viewer: bool,
}

impl RepoHandle<'_> {
    /// Creates a deployment, exactly once.
    ///
    /// If the response is lost, this searches for the deployment (same ref,
    /// environment, task and so on, created by the same user since the request
    /// began) before it sends the request again. Needs the permission
    /// "Deployments: write".
    ///
    /// # Errors
    /// [`ApiError::Ambiguous`] if the response was lost and the search failed
    /// too; [`ApiError::Response`] with 409 for a merge conflict or for contexts
    /// that have not succeeded, and with 422 for an invalid request.
    ///
    /// See <https://docs.github.com/rest/deployments/deployments#create-a-deployment>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::{Created, NewDeployment};
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let new = NewDeployment::new("main")
    ///     .environment("staging")
    ///     .description("Try the new login page");
    /// match client.repo(&slug).create_deployment(&new).await? {
    ///     Created::Deployment(deployment) => assert_eq!(deployment.environment, "staging"),
    ///     Created::Merged { message } => println!("{message}"),
    /// }
    /// # Ok(())
    /// # }); }
    /// ```
    pub async fn create_deployment(self, new: &NewDeployment) -> Result<Created, ApiError> {
        let url = self.path()?.then("deployments").below(self.client.rest());
        let request = Request::post(url, new)?;
        let find_result = |start| self.find_created(new, start).boxed();
        self.client
            .write_once("create a deployment", &request, created, find_result)
            .await
    }

    /// Finds what an earlier request may have created whose response was lost,
    /// for example because the program ended: deployments that match the
    /// request, were created by the token's user, and were created during
    /// `made` (by the client's clock). The server's clock may differ from the
    /// client's, as long as neither was adjusted in the meantime.
    pub async fn find_matching_deployments(
        self,
        new: &NewDeployment,
        made: &RangeInclusive<Timestamp>,
    ) -> Result<MatchingDeployments, ApiError> {
        let budget = self.client.budget();
        let viewer = self.client.viewer_login_within(budget).await?;
        let mut matching = MatchingDeployments {
            deployments: Vec::new(),
            are_by_viewer: viewer.is_some(),
        };
        let mut pages = self.deployment_pages(&new.filter(), Paging::all(), budget)?;
        while let Some(page) = pages.next_page().await {
            let page = page?;
            let server_time = page.server_time.ok_or_else(|| missing_time(&page.url))?;
            let ahead = server_time.duration_since((self.client.0.config.clock)());
            let on_server = |ours: &Timestamp| ours.saturating_add(ahead);
            let earliest = on_server(made.start())
                .and_then(|time| time.saturating_sub(SLACK))
                .unwrap_or(Timestamp::MIN);
            let latest = on_server(made.end())
                .and_then(|time| time.saturating_add(SLACK))
                .unwrap_or(Timestamp::MAX);
            let reaches_back = page.items.iter().any(|old| old.created_at < earliest);
            matching
                .deployments
                .extend(page.items.into_iter().filter(|found| {
                    (earliest..=latest).contains(&found.created_at)
                        && new.could_have_created(found, viewer.as_deref())
                }));
            if reaches_back {
                break;
            }
        }
        matching.are_by_viewer &= matching
            .deployments
            .iter()
            .all(|found| found.creator_login().is_some());
        Ok(matching)
    }

    /// The deployment that a request made whose response was lost.
    async fn find_created(
        self,
        new: &NewDeployment,
        start: WriteStart,
    ) -> Result<Option<Created>, ApiError> {
        let viewer = self.client.viewer_login_within(start.budget).await?;
        let mut pages = self.deployment_pages(&new.filter(), Paging::all(), start.budget)?;
        while let Some(page) = pages.next_page().await {
            let page = page?;
            let server_time = page.server_time.ok_or_else(|| missing_time(&page.url))?;
            let earliest = start.earliest(server_time);
            let reaches_back = page.items.iter().any(|old| old.created_at < earliest);
            for found in page.items {
                if new.could_have_created(&found, viewer.as_deref())
                    && start.is_result(found.created_at, server_time, &page.url)?
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

impl NewDeployment {
    /// What finds the deployment that this request made; not by environment,
    /// since a status may have moved it to another one.
    fn filter(&self) -> DeploymentFilter {
        DeploymentFilter::new()
            .ref_name(&self.ref_name)
            .task(&self.task)
    }

    /// Whether this request, made by `viewer`, can have made `deployment`. It
    /// rather says yes where servers differ in how they send what they got:
    /// a wrong no makes a second deployment.
    fn could_have_created(&self, deployment: &Deployment, viewer: Option<&str>) -> bool {
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
            && could_be(viewer, deployment.creator_login())
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

fn created(response: &Response) -> Result<Created, ReadError> {
    #[derive(Deserialize)]
    struct Merged {
        message: String,
    }
    if response.status == 202 {
        let Merged { message } = response.json()?;
        return Ok(Created::Merged { message });
    }
    Ok(Created::Deployment(response.json()?))
}
