use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::{Semaphore, watch};

use crate::agent::checkout::Sources;
use crate::agent::journal::{Entry, Journal, JournalError, Outcome};
use crate::agent::log::Log;
use crate::agent::metrics::Metrics;
use crate::agent::service::Stage;
use crate::agent::settings::Settings;
use crate::api::{Client, NewStatus};
use crate::model::{DeploymentId, RepoSlug, StatusId};
use crate::outbox::{Entry as Kept, Origin, Outbox, OutboxError, Place};

/// What every part of a running agent needs.
pub(in crate::agent) struct Agent {
    /// What may change while it works.
    pub(in crate::agent) settings: watch::Sender<Arc<Settings>>,
    pub(in crate::agent) name: String,
    pub(in crate::agent) client: Client,
    pub(in crate::agent) origin: Origin,
    pub(in crate::agent) journal: Journal,
    pub(in crate::agent) outbox: Arc<Outbox>,
    /// What the outbox cannot take now, because its disk is full or somebody
    /// holds it locked.
    pub(in crate::agent) memory: Arc<Outbox>,
    /// Where others keep what they could not send.
    pub(in crate::agent) shared_outbox: Option<PathBuf>,
    pub(in crate::agent) metrics: Arc<Metrics>,
    pub(in crate::agent) log: Log,
    /// The folder of the agent's files.
    pub(in crate::agent) state: PathBuf,
    pub(in crate::agent) stage: watch::Receiver<Stage>,
    /// One for each command that may run at a time.
    pub(in crate::agent) places: Arc<Semaphore>,
    /// The repositories that are checked out.
    pub(in crate::agent) sources: Sources,
    /// Where git is.
    pub(in crate::agent) git: Option<PathBuf>,
}

impl Agent {
    pub(in crate::agent) fn place(&self, repository: &RepoSlug, id: DeploymentId) -> Place {
        Place {
            origin: self.origin.clone(),
            repo: repository.clone(),
            deployment: id,
        }
    }

    /// Keeps the final status of a deployment until it is sent: on disk, or else
    /// in memory. What the command has done is never lost to a full disk.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub(in crate::agent) async fn keep(
        &self,
        entry: &Entry,
        status: &NewStatus,
        after: Option<StatusId>,
    ) -> Result<(), OutboxError> {
        let id = entry.id();
        let place = self.place(&entry.repository, id);
        if let Err(error) = self.outbox.keep(&place, status, after) {
            self.log.warn(
                "final status is kept in memory: the outbox failed",
                json!({ "id": id, "error": error.to_string() }),
            );
            self.memory.keep(&place, status, after)?;
            return Ok(());
        }
        self.note_kept(id).await;
        Ok(())
    }

    /// Notes that the final status is on disk. It is sent all the same if this
    /// fails: the journal then still says that the command was started.
    async fn note_kept(&self, id: DeploymentId) {
        if let Err(error) = self.journal.finish(id).await {
            self.log.warn(
                "journal failed",
                json!({ "id": id, "error": error.to_string() }),
            );
        }
    }

    /// The final status that is kept for a deployment, and where. What is in
    /// memory goes to the disk first, if that takes it now.
    pub(in crate::agent) async fn kept(
        &self,
        entry: &Entry,
    ) -> Result<Option<(&Arc<Outbox>, Kept)>, OutboxError> {
        let id = entry.id();
        let find =
            |outbox: &Outbox| {
                let entries = outbox.entries(Some(&self.origin.root))?;
                Ok::<_, OutboxError>(entries.into_iter().find(|kept| {
                    kept.place.deployment == id && kept.place.repo == entry.repository
                }))
            };
        if let Some(kept) = find(&self.memory)? {
            if kept.is_refused || self.outbox.adopt(&kept).is_err() {
                return Ok(Some((&self.memory, kept)));
            }
            self.memory.remove(kept.id)?;
            self.note_kept(id).await;
        }
        Ok(find(&self.outbox)?.map(|kept| (&self.outbox, kept)))
    }

    /// Closes a deployment in the journal.
    pub(super) async fn close(
        &self,
        id: DeploymentId,
        outcome: Outcome,
        detail: Option<String>,
    ) -> Result<(), JournalError> {
        self.log.info(
            "deployment closed",
            json!({ "id": id, "outcome": outcome.as_str(), "detail": detail }),
        );
        if let Outcome::Reported(state) = &outcome {
            self.metrics.finished(state.as_str());
        }
        self.journal
            .done(id, outcome, detail, Timestamp::now())
            .await
    }
}
