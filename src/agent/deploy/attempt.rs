use std::sync::Arc;

use tokio::sync::watch;

use crate::agent::agent::Agent;
use crate::agent::config::{Rule, Template};
use crate::agent::journal::JournalEntry;
use crate::model::DeploymentId;
use crate::process::RemainingProcesses;

/// One attempt to carry out a deployment.
pub(in crate::agent) struct Attempt {
    pub(super) agent: Arc<Agent>,
    pub(super) entry: JournalEntry,
    pub(super) superseded_by: watch::Receiver<Option<DeploymentId>>,
    /// How many attempts have failed before this one.
    pub(super) failures: u32,
    /// The processes of the command that could not be ended.
    pub(super) remains: Option<RemainingProcesses>,
}

impl Attempt {
    pub(in crate::agent) fn new(
        agent: Arc<Agent>,
        entry: JournalEntry,
        superseded_by: watch::Receiver<Option<DeploymentId>>,
        failures: u32,
    ) -> Self {
        Self {
            agent,
            entry,
            superseded_by,
            failures,
            remains: None,
        }
    }

    /// Waits for a deployment that supersedes this one.
    pub(super) async fn superseding(&self) -> DeploymentId {
        let mut receiver = self.superseded_by.clone();
        let newer = match receiver.wait_for(Option::is_some).await {
            Ok(newer) => *newer,
            Err(_) => None,
        };
        match newer {
            Some(newer) => newer,
            None => std::future::pending().await,
        }
    }

    pub(super) fn log_url(&self, rule: &Rule) -> Option<String> {
        self.url(rule.log_url.as_ref())
    }

    pub(super) fn environment_url(&self, rule: &Rule) -> Option<String> {
        self.url(rule.environment_url.as_ref())
    }

    fn url(&self, template: Option<&Template>) -> Option<String> {
        template?.url(
            self.entry.id().0,
            &self.entry.rule_input(),
            &self.agent.name,
        )
    }
}
