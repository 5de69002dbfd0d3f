use futures_util::TryStreamExt;
use rusqlite::params;
use tokio::time::{Duration, Instant, sleep_until, timeout_at};

use super::judge::{Judgement, judge};
use super::{ApiRoot, Entry, Outbox, OutboxError, Place, entry};
use crate::api::{ApiError, Client, Paging};
use crate::model::{Status, StatusId};

/// The pause before another try, or another look at who sends.
const PAUSE: Duration = Duration::from_millis(500);

/// What became of a kept status.
#[derive(Debug)]
pub struct Delivery {
    /// The status, as it was kept.
    pub entry: Entry,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a kept status that was to be sent.
#[derive(Debug)]
pub enum Outcome {
    /// It is on the server now.
    Sent(Box<Status>),
    /// It had been there all the time.
    WasThere,
    /// It was dropped, since the deployment stands in this state already.
    TooLate(String),
    /// The server refuses it for good. It stays here, and is not tried again.
    Refused(ApiError),
    /// It stays here, and is tried again another time.
    Waits(Option<ApiError>),
}

impl Outcome {
    /// Whether the status is no longer kept.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Sent(_) | Self::WasThere | Self::TooLate(_))
    }
}

impl Outbox {
    /// Sends all that is kept for a server, and reports the runs whose process
    /// died, until `deadline`. What somebody else is sending is left to them.
    /// A failure of the network ends it early.
    pub async fn deliver(
        &self,
        client: &Client,
        root: &ApiRoot,
        deadline: Instant,
    ) -> Result<Vec<Delivery>, OutboxError> {
        self.sweep()?;
        let mut places: Vec<i64> = Vec::new();
        for entry in self.entries(Some(root))? {
            if !entry.is_refused && !places.contains(&entry.place_id) {
                places.push(entry.place_id);
            }
        }
        let mut deliveries = Vec::new();
        for place in places {
            let is_in_time = Instant::now() < deadline;
            if !is_in_time {
                break;
            }
            let Some(_claim) = self.claim(place)? else {
                continue;
            };
            self.send_all(client, place, deadline, &mut deliveries)
                .await?;
            let is_down = |delivery: &Delivery| match &delivery.outcome {
                Outcome::Waits(error) => error.as_ref().is_none_or(ApiError::is_temporary),
                _ => false,
            };
            if deliveries.last().is_some_and(is_down) {
                break;
            }
        }
        Ok(deliveries)
    }

    /// Sends what is kept for one deployment, again and again until it is done
    /// or the deadline is there. What somebody else is sending is waited for.
    pub async fn deliver_to(
        &self,
        client: &Client,
        place: &Place,
        deadline: Instant,
    ) -> Result<Vec<Delivery>, OutboxError> {
        let mut deliveries: Vec<Delivery> = Vec::new();
        loop {
            let Some(id) = entry::find_place(&self.lock().connection, place)? else {
                return Ok(deliveries);
            };
            if let Some(_claim) = self.claim(id)? {
                self.send_all(client, id, deadline, &mut deliveries).await?;
            }
            let is_left = match entry::first(&self.lock().connection, id)? {
                Some(_) => true,
                None => return Ok(deliveries),
            };
            let waits_in_vain = deliveries.last().is_some_and(|last| match &last.outcome {
                Outcome::Waits(Some(error)) => !may_pass(error),
                _ => false,
            });
            let next = Instant::now() + PAUSE;
            if is_left && (waits_in_vain || next >= deadline) {
                return Ok(deliveries);
            }
            // Only what became of it in the end is told.
            deliveries.retain(|delivery| !matches!(delivery.outcome, Outcome::Waits(_)));
            sleep_until(next).await;
        }
    }

    /// Sends for a place that is claimed, in order, until one waits.
    async fn send_all(
        &self,
        client: &Client,
        place: i64,
        deadline: Instant,
        deliveries: &mut Vec<Delivery>,
    ) -> Result<(), OutboxError> {
        loop {
            let next = entry::first(&self.lock().connection, place)?;
            let Some(entry) = next else {
                return Ok(());
            };
            let outcome = match timeout_at(deadline, self.send(client, &entry)).await {
                Ok(outcome) => outcome?,
                Err(_) => Outcome::Waits(None),
            };
            let waits = matches!(outcome, Outcome::Waits(_));
            self.note_outcome(&entry, &outcome)?;
            deliveries.push(Delivery { entry, outcome });
            if waits {
                return Ok(());
            }
        }
    }

    async fn send(&self, client: &Client, entry: &Entry) -> Result<Outcome, OutboxError> {
        if !super::is_final(&entry.status.state)
            && entry::has_final_behind(&self.lock().connection, entry)?
        {
            return Ok(Outcome::TooLate("at its end".to_owned()));
        }
        let Place {
            repo, deployment, ..
        } = &entry.place;
        // One that this process has only just kept, and nobody has tried, can't
        // be there; its process knows what the deployment is like.
        let is_fresh =
            !entry.was_tried && entry.kept_by.as_deref().is_some_and(|by| self.is_us(by));
        if !is_fresh {
            let newest = Paging::up_to(Paging::LARGEST_PAGE as usize);
            let statuses: Result<Vec<Status>, _> = client
                .statuses(repo, *deployment, newest)
                .try_concat()
                .await;
            match statuses {
                Ok(statuses) => match judge(&entry.status, entry.after, &statuses) {
                    Judgement::Send => {}
                    Judgement::IsThere => return Ok(Outcome::WasThere),
                    Judgement::TooLate(state) => return Ok(Outcome::TooLate(state)),
                },
                Err(error) => return Ok(failed(error)),
            }
        }
        self.write(|write, _| {
            write.execute("UPDATE entry SET was_tried = 1 WHERE id = ?1", [entry.id.0])?;
            Ok(())
        })?;
        Ok(
            match client.create_status(repo, *deployment, &entry.status).await {
                Ok(status) => Outcome::Sent(Box::new(status)),
                Err(error) => failed(error),
            },
        )
    }

    /// Takes away what is done, and notes why the rest is still here.
    fn note_outcome(&self, entry: &Entry, outcome: &Outcome) -> Result<(), OutboxError> {
        let (is_refused, reason) = match outcome {
            Outcome::Sent(status) => {
                return self.done(entry, status.id);
            }
            Outcome::WasThere | Outcome::TooLate(_) => return self.done(entry, None),
            Outcome::Refused(error) => (true, error.to_string()),
            Outcome::Waits(Some(error)) => (false, error.to_string()),
            Outcome::Waits(None) => (false, "there was not enough time".to_owned()),
        };
        self.write(|write, _| {
            write.execute(
                "UPDATE entry SET is_refused = ?2, reason = ?3 WHERE id = ?1",
                params![entry.id.0, is_refused, reason],
            )?;
            Ok(())
        })
    }

    /// Takes a status away that is there; those behind it come after it.
    fn done(&self, entry: &Entry, id: Option<StatusId>) -> Result<(), OutboxError> {
        self.write(|write, _| {
            if let Some(id) = id {
                write.execute(
                    "UPDATE entry SET after_status = ?2 WHERE place = ?1",
                    params![entry.place_id, id.to_string()],
                )?;
                write.execute(
                    "UPDATE note SET after_status = ?2 WHERE place = ?1",
                    params![entry.place_id, id.to_string()],
                )?;
            }
            write.execute("DELETE FROM entry WHERE id = ?1", [entry.id.0])?;
            Ok(())
        })
    }
}

/// What a failed call means for a kept status.
fn failed(error: ApiError) -> Outcome {
    match error.status() {
        // What is gone or refused stays so; a token may be mended.
        Some(404 | 410 | 400 | 422) => Outcome::Refused(error),
        _ => Outcome::Waits(Some(error)),
    }
}

/// Whether the same try may work within moments.
fn may_pass(error: &ApiError) -> bool {
    match error {
        ApiError::Ambiguous { .. } => true,
        error => error.is_temporary(),
    }
}
