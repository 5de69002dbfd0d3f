use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use super::error::DeployError;
use crate::agent::agent::Agent;
use crate::agent::journal::JournalEntry;
use crate::api::NewStatus;
use crate::model::StatusState;
use crate::outbox::claims::Ownership;
use crate::process::text::to_description;

/// How long a deployment waits before its status on the server becomes `queued`.
pub(in crate::agent) const ANNOUNCE_AFTER: Duration = Duration::from_secs(1);
/// How long setting that status may take.
const ANNOUNCE_TIMEOUT: Duration = Duration::from_secs(20);

impl Agent {
    /// Sets the status of a deployment that waits for its turn to `queued`. If
    /// this fails, it waits without that status.
    pub(in crate::agent) async fn announce(&self, entry: &JournalEntry) {
        let error = match timeout(ANNOUNCE_TIMEOUT, self.set_queued(entry)).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it took too long".to_owned(),
        };
        self.log.warn(
            "deployment could not be set to queued",
            json!({ "id": entry.id(), "error": error }),
        );
    }

    /// Does so unless somebody has started to deploy it.
    async fn set_queued(&self, entry: &JournalEntry) -> Result<(), DeployError> {
        if self.config().rule_for(&entry.rule_input()).is_none() {
            return Ok(());
        }
        let (repository, id) = (&entry.repository, entry.id());
        let (statuses, _) = self
            .client
            .repo(repository)
            .deployment(id)
            .status_history()
            .await?;
        let newest = statuses
            .iter()
            .max_by_key(|status| (status.id, status.created_at));
        let is_queued = newest.is_some_and(|newest| newest.state == StatusState::Queued);
        if is_queued || Ownership::from_statuses(&statuses) != Ownership::Unclaimed {
            return Ok(());
        }
        let new = NewStatus {
            description: Some(to_description(&format!(
                "waits for its turn at {}",
                self.name
            ))),
            ..NewStatus::new(StatusState::Queued)
        };
        self.client
            .repo(repository)
            .deployment(id)
            .create_status(&new)
            .await?;
        self.log.info("deployment is queued", json!({ "id": id }));
        Ok(())
    }
}
