use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::{Semaphore, watch};

use super::checkout::Checkouts;
use super::config::Config;
use super::journal::{DeploymentOutcome, Journal, JournalEntry, JournalError};
use super::log::Log;
use super::metrics::Metrics;
use super::settings::{Settings, keep_fixed};
use super::stage::Stage;
use crate::api::{Client, NewStatus};
use crate::model::{DeploymentId, RepoSlug, StatusId};
use crate::outbox::{DeploymentRef, Origin, Outbox, OutboxError, StoredStatus};

/// What all parts of a running agent share.
pub(super) struct Agent {
    pub(super) settings: watch::Sender<Arc<Settings>>,
    pub(super) name: String,
    pub(super) client: Client,
    pub(super) origin: Origin,
    pub(super) journal: Journal,
    pub(super) outbox: Arc<Outbox>,
    /// Stores what the outbox cannot store now, because the disk is full or another
    /// process has locked it.
    pub(super) memory_outbox: Arc<Outbox>,
    /// Stores what other commands could not send.
    pub(super) shared_outbox: Option<PathBuf>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) log: Log,
    pub(super) state_dir: PathBuf,
    pub(super) stage: watch::Receiver<Stage>,
    /// One for each command that may run at a time.
    pub(super) slots: Arc<Semaphore>,
    pub(super) checkouts: Checkouts,
}

/// The parts of an agent.
pub(crate) struct Setup {
    pub settings: Settings,
    pub name: String,
    pub client: Client,
    /// Identifies the server in the outbox.
    pub origin: Origin,
    pub journal: Journal,
    /// Stores the agent's final statuses until they are sent. It is separate from
    /// the outbox of the user, since the agent has to check that it still owns the
    /// deployment before it sends a status that had to wait.
    pub outbox: Outbox,
    /// The outbox of the user, whose statuses the agent sends too.
    pub shared_outbox: Option<PathBuf>,
    pub state_dir: PathBuf,
    /// The path of git, for checkouts.
    pub git: Option<PathBuf>,
    pub log: Log,
}

impl Agent {
    /// Returns the agent, and the sender that moves it to its next stage.
    pub(super) fn new(setup: Setup) -> Result<(Self, watch::Sender<Stage>), OutboxError> {
        let (stage_sender, stage) = watch::channel(Stage::Working);
        let agent = Self {
            slots: Arc::new(Semaphore::new(setup.settings.config.parallel)),
            settings: watch::Sender::new(Arc::new(setup.settings)),
            name: setup.name,
            client: setup.client,
            origin: setup.origin,
            journal: setup.journal,
            outbox: Arc::new(setup.outbox),
            memory_outbox: Arc::new(Outbox::in_memory()?),
            shared_outbox: setup.shared_outbox,
            metrics: Arc::new(Metrics::new(Timestamp::now())),
            log: setup.log,
            checkouts: Checkouts::new(setup.git, &setup.state_dir),
            state_dir: setup.state_dir,
            stage,
        };
        Ok((agent, stage_sender))
    }

    pub(super) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.borrow())
    }

    /// The current configuration. A running command keeps the one with which it was
    /// started.
    pub(super) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.settings.borrow().config)
    }

    /// Uses other settings from now on. Those that change only at a start are kept,
    /// with a warning.
    pub(super) fn reload(&self, new: Settings) {
        let old = self.config();
        let mut config = Config::clone(&new.config);
        let kept = keep_fixed(&old, &mut config);
        let (rules, secrets) = (config.rules.len(), new.secrets.len());
        self.settings.send_replace(Arc::new(Settings {
            config: Arc::new(config),
            ..new
        }));
        self.log.info(
            "configuration reloaded",
            json!({ "rules": rules, "secrets": secrets }),
        );
        if !kept.is_empty() {
            self.log.warn(
                "some settings change only after a restart",
                json!({ "settings": kept }),
            );
        }
    }

    pub(super) fn deployment_ref(&self, repository: &RepoSlug, id: DeploymentId) -> DeploymentRef {
        DeploymentRef {
            origin: self.origin.clone(),
            repo: repository.clone(),
            id,
        }
    }

    /// Stores the final status of a deployment until it is sent: on disk, or else in
    /// memory, so that a full disk does not lose it.
    pub(super) async fn store_report(
        &self,
        entry: &JournalEntry,
        status: &NewStatus,
        after: Option<StatusId>,
    ) -> Result<(), OutboxError> {
        let id = entry.id();
        let deployment = self.deployment_ref(&entry.repository, id);
        if let Err(error) = self.outbox.store(&deployment, status, after) {
            self.log.warn(
                "outbox failed; final status is stored in memory",
                json!({ "id": id, "error": error.to_string() }),
            );
            self.memory_outbox.store(&deployment, status, after)?;
            return Ok(());
        }
        self.note_stored(id).await;
        Ok(())
    }

    /// Notes that the final status is on disk. If this fails, the journal still says
    /// that the command was started, and the status is sent anyway.
    async fn note_stored(&self, id: DeploymentId) {
        if let Err(error) = self.journal.set_finishing(id).await {
            self.log.warn(
                "journal failed",
                json!({ "id": id, "error": error.to_string() }),
            );
        }
    }

    /// Finds the stored final status of a deployment, and its outbox. One in memory
    /// is first moved to the disk, if possible.
    pub(super) async fn stored_report(
        &self,
        entry: &JournalEntry,
    ) -> Result<Option<(&Arc<Outbox>, StoredStatus)>, OutboxError> {
        let id = entry.id();
        let find = |outbox: &Outbox| {
            let stored = outbox.stored_statuses(Some(&self.origin.root))?;
            Ok::<_, OutboxError>(stored.into_iter().find(|stored| {
                stored.deployment.id == id && stored.deployment.repo == entry.repository
            }))
        };
        if let Some(stored) = find(&self.memory_outbox)? {
            if stored.is_refused || self.outbox.copy_from(&stored).is_err() {
                return Ok(Some((&self.memory_outbox, stored)));
            }
            self.memory_outbox.remove(stored.id)?;
            self.note_stored(id).await;
        }
        Ok(find(&self.outbox)?.map(|stored| (&self.outbox, stored)))
    }

    /// Closes a deployment in the journal.
    pub(super) async fn close(
        &self,
        id: DeploymentId,
        outcome: DeploymentOutcome,
        detail: Option<String>,
    ) -> Result<(), JournalError> {
        self.log.info(
            "deployment closed",
            json!({ "id": id, "outcome": outcome.as_str(), "detail": detail }),
        );
        if let DeploymentOutcome::Reported(state) = &outcome {
            self.metrics.count_finished(state.as_str());
        }
        self.journal
            .close(id, outcome, detail, Timestamp::now())
            .await
    }
}
