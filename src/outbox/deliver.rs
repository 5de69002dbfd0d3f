use jiff::Timestamp;
use rusqlite::params;
use tokio::time::{Duration, Instant, sleep, sleep_until, timeout_at};

use super::judge::{Judgement, judge};
use super::{ApiRoot, Entry, Outbox, OutboxError, Place, entry};
use crate::api::{ApiError, Client, NewStatus};
use crate::model::{Status, StatusId};

/// The pause before another try, or another look at who sends.
const PAUSE: Duration = Duration::from_millis(500);
/// So long a request whose sender died may still be under way, or at work in
/// the server: before that, not seeing its status says nothing.
const SETTLING: Duration = Duration::from_secs(5);
/// The pause between two looks meanwhile.
const LOOK: Duration = Duration::from_secs(1);

/// What became of a kept status.
#[derive(Debug)]
pub struct Delivery {
    /// The status, as it was kept.
    pub entry: Entry,
    /// What became of it.
    pub outcome: Outcome,
    /// What it was sent without.
    pub omitted: Option<Omitted>,
}

/// The fields of a final status that the server refused: it was sent once more
/// without them.
#[derive(Debug, thiserror::Error)]
#[error("reported without its {}: {refusal}", fields.join(" and "))]
pub struct Omitted {
    /// The fields, by their names in the API.
    pub fields: Vec<&'static str>,
    /// What the server said of them.
    pub refusal: ApiError,
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
        let mut why = None;
        loop {
            let Some(id) = entry::find_place(&self.lock().connection, place)? else {
                return Ok(deliveries);
            };
            if let Some(_claim) = self.claim(id)? {
                self.send_all(client, id, deadline, &mut deliveries).await?;
            }
            if let Some(last) = deliveries.last_mut()
                && matches!(last.outcome, Outcome::Waits(None))
            {
                // An earlier try tells more than that time is up.
                last.outcome = Outcome::Waits(why.take());
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
            if let Some(Delivery {
                outcome: Outcome::Waits(error),
                ..
            }) = deliveries.pop_if(|last| matches!(last.outcome, Outcome::Waits(_)))
            {
                why = error.or(why);
            }
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
            let mut omitted = None;
            let sending = self.send(client, &entry, &mut omitted);
            let outcome = match timeout_at(deadline, sending).await {
                Ok(outcome) => outcome?,
                Err(_) => Outcome::Waits(None),
            };
            let waits = matches!(outcome, Outcome::Waits(_));
            self.note_outcome(&entry, &outcome)?;
            deliveries.push(Delivery {
                entry,
                outcome,
                omitted,
            });
            if waits {
                return Ok(());
            }
        }
    }

    async fn send(
        &self,
        client: &Client,
        entry: &Entry,
        omitted: &mut Option<Omitted>,
    ) -> Result<Outcome, OutboxError> {
        if !super::is_final(&entry.status.state)
            && entry::has_final_behind(&self.lock().connection, entry)?
        {
            // It must not arrive after the one behind it.
            sleep(settling(entry)).await;
            return Ok(Outcome::TooLate("at its end".to_owned()));
        }
        let Place {
            repo, deployment, ..
        } = &entry.place;
        // One that this process has only just kept, and nobody has tried, can't
        // be there; its process knows what the deployment is like.
        let is_fresh =
            !entry.was_tried && entry.kept_by.as_deref().is_some_and(|by| self.is_us(by));
        if !is_fresh && let Some(outcome) = look(client, entry, self.is_agents).await {
            return Ok(outcome);
        }
        self.write(|write, _| {
            write.execute(
                "UPDATE entry SET was_tried = 1, sent_at = ?2 WHERE id = ?1",
                params![entry.id.0, Timestamp::now().to_string()],
            )?;
            Ok(())
        })?;
        let mut sent = client
            .repo(repo)
            .deployment(*deployment)
            .create_status(&entry.status)
            .await;
        if let Err(refusal) = &sent
            && let Some((plain, fields)) = without_refused(&entry.status, refusal)
        {
            self.write(|write, _| entry::replace(write, entry.id, &plain))?;
            let again = client
                .repo(repo)
                .deployment(*deployment)
                .create_status(&plain)
                .await;
            if let Err(refusal) = std::mem::replace(&mut sent, again) {
                *omitted = Some(Omitted { fields, refusal });
            }
        }
        Ok(match sent {
            Ok(status) => Outcome::Sent(Box::new(status)),
            Err(error) => failed(error),
        })
    }

    /// Takes away what is done, and notes why the rest is still here.
    fn note_outcome(&self, entry: &Entry, outcome: &Outcome) -> Result<(), OutboxError> {
        let (is_refused, reason) = match outcome {
            Outcome::Sent(status) => {
                return self.done(entry, status.id);
            }
            Outcome::WasThere | Outcome::TooLate(_) => return self.done(entry, None),
            Outcome::Refused(error) => (true, Some(error.to_string())),
            Outcome::Waits(error) => (false, error.as_ref().map(ToString::to_string)),
        };
        let is_known = match outcome {
            Outcome::Waits(Some(error)) => is_not_done(error),
            Outcome::Waits(None) => false,
            _ => true,
        };
        self.write(|write, _| {
            write.execute(
                "UPDATE entry SET is_refused = ?2, reason = coalesce(?3, reason),
                 sent_at = iif(?4, NULL, sent_at) WHERE id = ?1",
                params![entry.id.0, is_refused, reason, is_known],
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

/// Looks whether a status is there, or has come too late; `None` if it is to be
/// sent.
async fn look(client: &Client, entry: &Entry, is_agents: bool) -> Option<Outcome> {
    let Place {
        repo, deployment, ..
    } = &entry.place;
    loop {
        match client
            .repo(repo)
            .deployment(*deployment)
            .status_history()
            .await
        {
            Ok((statuses, now)) => {
                match judge(&entry.status, entry.after, is_agents, &statuses, now) {
                    Judgement::Send if settling(entry).is_zero() => return None,
                    Judgement::Send => sleep(settling(entry).min(LOOK)).await,
                    Judgement::IsThere => return Some(Outcome::WasThere),
                    Judgement::TooLate(state) => return Some(Outcome::TooLate(state)),
                }
            }
            Err(error) => return Some(failed(error)),
        }
    }
}

/// A final status without the fields for which the server refuses it, and which
/// those are: all that are not essential where it names none. The end of a
/// deployment is worth more than its URL.
fn without_refused(status: &NewStatus, error: &ApiError) -> Option<(NewStatus, Vec<&'static str>)> {
    let refusal = error
        .error_response()
        .filter(|refusal| refusal.status == 422)?;
    if !super::is_final(&status.state) {
        return None;
    }
    let mut named = refusal.message.to_ascii_lowercase();
    for error in &refusal.errors {
        for text in [&error.field, &error.message].into_iter().flatten() {
            named.push(' ');
            named.push_str(&text.to_ascii_lowercase());
        }
    }
    let is_about = |words: &[&str]| words.iter().any(|word| named.contains(word));
    let is_about_urls =
        is_about(&["url"]) && !is_about(&["log_url", "environment_url", "target_url"]);
    let names_none = !is_about(&["url", "description", "state", "status"]);
    let mut plain = status.clone();
    let mut fields = Vec::new();
    for (field, words, value) in [
        (
            "log_url",
            &["log_url", "target_url"][..],
            &mut plain.log_url,
        ),
        (
            "environment_url",
            &["environment_url"],
            &mut plain.environment_url,
        ),
        ("description", &["description"], &mut plain.description),
    ] {
        let is_url = field != "description";
        let is_refused = is_about(words) || (is_url && is_about_urls) || names_none;
        if is_refused && value.take().is_some() {
            fields.push(field);
        }
    }
    (!fields.is_empty()).then_some((plain, fields))
}

/// How long it may still take until what was sent shows.
fn settling(entry: &Entry) -> Duration {
    let Some(sent_at) = entry.sent_at else {
        return Duration::ZERO;
    };
    let age = Timestamp::now().duration_since(sent_at);
    // A clock that was set back makes nobody wait for longer.
    let age = Duration::try_from(age).unwrap_or_default();
    SETTLING.saturating_sub(age)
}

/// Whether a failed call tells that the status was not set.
fn is_not_done(error: &ApiError) -> bool {
    match error {
        ApiError::Ambiguous { .. } | ApiError::Unexpected(_) => false,
        ApiError::Network(network) => !network.sent,
        _ => true,
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
