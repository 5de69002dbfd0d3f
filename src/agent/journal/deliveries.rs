use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::entries::{column_id, insert};
use super::error::JournalError;
use super::store::Journal;
use crate::model::{Deployment, RepoSlug};

/// How long a delivery is remembered: GitHub Enterprise Server redelivers for
/// seven days at most. After that, a redelivery is recognized by its deployment.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 14);

/// What the journal made of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryResult {
    /// It brought a new deployment.
    New,
    /// The same delivery was received before.
    Repeated,
    KnownDeployment,
    /// It brought no deployment for this agent.
    Irrelevant,
}

impl Journal {
    /// Adds a delivery and its deployment, each only once. The deployment comes with
    /// its repository and whether a job of GitHub Actions created it.
    pub(crate) async fn record_delivery(
        &self,
        delivery: &str,
        event: &str,
        deployment: Option<(&RepoSlug, &Deployment, bool)>,
        now: Timestamp,
    ) -> Result<DeliveryResult, JournalError> {
        let (delivery, event) = (delivery.to_owned(), event.to_owned());
        let deployment = deployment.map(|(repository, deployment, by_workflow)| {
            (repository.clone(), deployment.clone(), by_workflow)
        });
        self.write(move |connection| {
            let id = deployment
                .as_ref()
                .map(|(_, deployment, _)| column_id(deployment.id));
            let added = connection
                .prepare_cached(
                    "INSERT INTO deliveries (id, event, deployment, received_at)
                     VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )?
                .execute(params![delivery, event, id, now.as_second()])?;
            if added == 0 {
                return Ok(DeliveryResult::Repeated);
            }
            let Some((repository, deployment, by_workflow)) = deployment else {
                return Ok(DeliveryResult::Irrelevant);
            };
            let is_new = insert(
                connection,
                &repository,
                &deployment,
                by_workflow,
                "webhook",
                now,
            )?;
            Ok(if is_new {
                DeliveryResult::New
            } else {
                DeliveryResult::KnownDeployment
            })
        })
        .await
    }

    /// Forgets deliveries that will not be repeated.
    pub(crate) async fn forget_deliveries(&self, now: Timestamp) -> Result<(), JournalError> {
        let before = now - RETENTION;
        self.write(move |connection| {
            connection
                .prepare_cached("DELETE FROM deliveries WHERE received_at < ?1")?
                .execute([before.as_second()])?;
            Ok(())
        })
        .await
    }
}
