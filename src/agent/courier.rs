use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, interval};

use super::deploy::Agent;
use super::service::ServiceError;
use crate::outbox::{Outbox, Sought};

/// The pause between two looks at what others left in their outbox.
const PAUSE: Duration = Duration::from_secs(30);
/// How long one round of sending may take.
const ROUND: Duration = Duration::from_secs(30);

impl Agent {
    /// Sends what others left in the outbox for this server, and forgets what
    /// need not be remembered; for ever, unless something fails.
    pub(super) async fn carry(&self) -> String {
        let mut ticks = interval(PAUSE);
        loop {
            ticks.tick().await;
            if let Err(error) = self.carry_once().await {
                self.log
                    .warn("outbox has to wait", json!({ "error": error.to_string() }));
            }
        }
    }

    async fn carry_once(&self) -> Result<(), ServiceError> {
        self.journal.forget_deliveries(Timestamp::now()).await?;
        let Some(path) = &self.shared_outbox else {
            return Ok(());
        };
        let Some(outbox) = Outbox::open_if_there(path)? else {
            return Ok(());
        };
        let soon = Instant::now() + ROUND;
        let root = &self.origin.root;
        for (request, sought) in outbox.seek(&self.client, root, soon).await? {
            let (outcome, ids) = match sought {
                Sought::Found(id) => ("found", vec![id]),
                Sought::InHand(id) => ("in hand", vec![id]),
                Sought::Unclear(ids) => ("unclear", ids),
                Sought::Absent => ("absent", Vec::new()),
                Sought::TooOld => ("too old", Vec::new()),
                Sought::Waits(_) => continue,
            };
            self.log.info(
                "request of a run that was killed",
                json!({
                    "repository": request.repo.to_string(),
                    "environment": request.new.environment,
                    "ref": request.new.ref_name,
                    "outcome": outcome,
                    "ids": ids,
                }),
            );
        }
        for delivery in outbox.deliver(&self.client, root, soon).await? {
            let omitted = delivery.omitted.as_ref().map(ToString::to_string);
            self.log.info(
                "kept status of another command",
                json!({
                    "id": delivery.entry.place.deployment,
                    "state": delivery.entry.status.state.as_str(),
                    "is_done": delivery.outcome.is_done(),
                    "omitted": omitted,
                }),
            );
        }
        Ok(())
    }
}
