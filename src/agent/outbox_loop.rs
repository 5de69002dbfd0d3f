use std::io;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, interval};

use super::agent::Agent;
use super::error::ServiceError;
use crate::outbox::{Outbox, RequestOutcome};

/// The pause between two checks of the user's outbox.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);
/// How long one round of sending may take.
const ROUND_TIMEOUT: Duration = Duration::from_secs(30);

impl Agent {
    /// Sends what other commands have stored for this server in the user's outbox,
    /// and removes old deliveries from the journal, again and again.
    pub(super) async fn run_outbox_loop(&self) -> io::Result<()> {
        let mut ticks = interval(CHECK_INTERVAL);
        loop {
            ticks.tick().await;
            if let Err(error) = self.send_shared_outbox().await {
                self.log
                    .warn("outbox has to wait", json!({ "error": error.to_string() }));
            }
        }
    }

    async fn send_shared_outbox(&self) -> Result<(), ServiceError> {
        self.journal.forget_deliveries(Timestamp::now()).await?;
        let Some(path) = &self.shared_outbox else {
            return Ok(());
        };
        let Some(outbox) = Outbox::open_existing(path)? else {
            return Ok(());
        };
        let deadline = Instant::now() + ROUND_TIMEOUT;
        let root = &self.origin.root;
        for (request, outcome) in outbox
            .resolve_requests(&self.client, root, deadline)
            .await?
        {
            let (word, ids) = match outcome {
                RequestOutcome::Found(id) => ("found", vec![id]),
                RequestOutcome::AlreadyReported(id) => ("in hand", vec![id]),
                RequestOutcome::Ambiguous(ids) => ("unclear", ids),
                RequestOutcome::Absent => ("absent", Vec::new()),
                RequestOutcome::TooOld => ("too old", Vec::new()),
                RequestOutcome::Waiting(_) => continue,
            };
            self.log.info(
                "request of a killed run was checked",
                json!({
                    "repository": request.repo.to_string(),
                    "environment": request.new.environment,
                    "ref": request.new.ref_name,
                    "outcome": word,
                    "ids": ids,
                }),
            );
        }
        for delivery in outbox.deliver(&self.client, root, deadline).await? {
            let omitted = delivery.omitted.as_ref().map(ToString::to_string);
            self.log.info(
                "stored status of another command was handled",
                json!({
                    "id": delivery.stored.deployment.id,
                    "state": delivery.stored.status.state.as_str(),
                    "is_done": delivery.outcome.is_done(),
                    "omitted": omitted,
                }),
            );
        }
        Ok(())
    }
}
