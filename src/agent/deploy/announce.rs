use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use super::{Agent, Trouble};
use crate::agent::journal::Entry;
use crate::api::NewStatus;
use crate::model::StatusState;
use crate::outbox::claims::Standing;
use crate::process::report::short;

/// How long a deployment waits before it is said on the server that it does.
pub(in crate::agent) const ANNOUNCE_AFTER: Duration = Duration::from_secs(1);
/// How long saying it may take.
const ANNOUNCEMENT: Duration = Duration::from_secs(20);

impl Agent {
    /// Says on the server that a deployment waits for its turn. It waits all the
    /// same if this fails.
    pub(in crate::agent) async fn announce(&self, entry: &Entry) {
        let error = match timeout(ANNOUNCEMENT, self.set_queued(entry)).await {
            Ok(Ok(())) => return,
            Ok(Err(trouble)) => trouble.to_string(),
            Err(_) => "it took too long".to_owned(),
        };
        self.log.warn(
            "deployment could not be set to queued",
            json!({ "id": entry.id(), "error": error }),
        );
    }

    /// Sets a deployment to `queued` that nobody has begun with.
    async fn set_queued(&self, entry: &Entry) -> Result<(), Trouble> {
        if self.config().rule_for(&entry.request()).is_none() {
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
        if is_queued || Standing::of(&statuses) != Standing::Free {
            return Ok(());
        }
        let new = NewStatus {
            description: Some(short(&format!("waits for its turn at {}", self.name))),
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
