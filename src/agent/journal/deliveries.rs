use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::entries::{insert, number};
use super::{Journal, JournalError};
use crate::model::{Deployment, RepoSlug};

/// How long a delivery is remembered: GitHub Enterprise Server delivers again
/// for seven days at the most. What a later replay tells of is still known by
/// the number of its deployment.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 14);

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It told of a deployment that was not known.
    New,
    /// The same delivery came before.
    Again,
    /// Its deployment was known.
    Known,
    /// It told of nothing to do.
    Nothing,
}

impl Journal {
    /// Takes a delivery, and the deployment that it tells of; both only once.
    pub(crate) async fn take(
        &self,
        delivery: &str,
        event: &str,
        told: Option<(&RepoSlug, &Deployment, bool)>,
        now: Timestamp,
    ) -> Result<Taken, JournalError> {
        let (delivery, event) = (delivery.to_owned(), event.to_owned());
        let told = told.map(|(repository, deployment, by_workflow)| {
            (repository.clone(), deployment.clone(), by_workflow)
        });
        self.write(move |connection| {
            let id = told
                .as_ref()
                .map(|(_, deployment, _)| number(deployment.id));
            let added = connection
                .prepare_cached(
                    "INSERT INTO deliveries (id, event, deployment, received_at)
                     VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )?
                .execute(params![delivery, event, id, now.as_second()])?;
            if added == 0 {
                return Ok(Taken::Again);
            }
            let Some((repository, deployment, by_workflow)) = told else {
                return Ok(Taken::Nothing);
            };
            let is_new = insert(
                connection,
                &repository,
                &deployment,
                by_workflow,
                "webhook",
                now,
            )?;
            Ok(if is_new { Taken::New } else { Taken::Known })
        })
        .await
    }

    /// Forgets deliveries that can't come again.
    pub(crate) async fn forget_deliveries(&self, now: Timestamp) -> Result<(), JournalError> {
        let before = now - REMEMBERED;
        self.write(move |connection| {
            connection
                .prepare_cached("DELETE FROM deliveries WHERE received_at < ?1")?
                .execute([before.as_second()])?;
            Ok(())
        })
        .await
    }
}
