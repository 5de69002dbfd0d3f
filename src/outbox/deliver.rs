use jiff::Timestamp;
use rusqlite::params;
use tokio::time::{Duration, Instant, sleep, sleep_until, timeout_at};

use super::decide::{SendDecision, decide};
use super::deployment_ref::{ApiRoot, DeploymentRef};
use super::error::OutboxError;
use super::store::Outbox;
use super::stored_status::{self, StoredStatus, is_final};
use crate::api::{ApiError, Client, NewStatus};
use crate::model::{Status, StatusId};

/// The pause before another attempt, or another check whether somebody else sends.
const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// How long a request of a process that died may still be in flight, or being handled
/// by the server: a status that is missing earlier may still appear.
const SETTLE_TIME: Duration = Duration::from_secs(5);
/// The pause between two checks meanwhile.
const CHECK_PAUSE: Duration = Duration::from_secs(1);

/// The result of sending a stored status.
#[derive(Debug)]
pub struct Delivery {
    pub stored: StoredStatus,
    pub outcome: DeliveryOutcome,
    /// The fields without which it was sent.
    pub omitted: Option<Omitted>,
}

/// The fields of a final status that the server refused, so that it was sent again
/// without them.
#[derive(Debug, thiserror::Error)]
#[error("reported without its {}: {refusal}", fields.join(" and "))]
pub struct Omitted {
    /// By their names in the API.
    pub fields: Vec<&'static str>,
    pub refusal: ApiError,
}

#[derive(Debug)]
pub enum DeliveryOutcome {
    Sent(Box<Status>),
    /// The server had it already.
    AlreadyThere,
    /// It was dropped, since the deployment is already in this state.
    TooLate(String),
    /// The server refuses it permanently. It stays stored, and is not sent again.
    Refused(ApiError),
    /// It stays stored, and is sent later.
    Waiting(Option<ApiError>),
}

impl DeliveryOutcome {
    /// Whether the status is no longer stored.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Sent(_) | Self::AlreadyThere | Self::TooLate(_))
    }
}

impl Outbox {
    /// Sends everything that is stored for a server, and reports killed runs, until
    /// `deadline`. Statuses that another process is sending are left to it. A network
    /// failure ends it early.
    pub async fn deliver(
        &self,
        client: &Client,
        root: &ApiRoot,
        deadline: Instant,
    ) -> Result<Vec<Delivery>, OutboxError> {
        self.report_killed_runs()?;
        let mut keys: Vec<i64> = Vec::new();
        for stored in self.stored_statuses(Some(root))? {
            if !stored.is_refused && !keys.contains(&stored.deployment_key) {
                keys.push(stored.deployment_key);
            }
        }
        let mut deliveries = Vec::new();
        for key in keys {
            let is_in_time = Instant::now() < deadline;
            if !is_in_time {
                break;
            }
            let Some(_guard) = self.start_sending(key)? else {
                continue;
            };
            self.send_all(client, key, deadline, &mut deliveries)
                .await?;
            let is_down = |delivery: &Delivery| match &delivery.outcome {
                DeliveryOutcome::Waiting(error) => {
                    error.as_ref().is_none_or(ApiError::is_temporary)
                }
                _ => false,
            };
            if deliveries.last().is_some_and(is_down) {
                break;
            }
        }
        Ok(deliveries)
    }

    /// Sends what is stored for one deployment, with retries until `deadline`. If
    /// another process is sending it, this waits.
    pub async fn deliver_to(
        &self,
        client: &Client,
        deployment: &DeploymentRef,
        deadline: Instant,
    ) -> Result<Vec<Delivery>, OutboxError> {
        let mut deliveries: Vec<Delivery> = Vec::new();
        let mut last_error = None;
        loop {
            let key =
                self.read(|connection| stored_status::find_deployment_key(connection, deployment))?;
            let Some(key) = key else {
                return Ok(deliveries);
            };
            if let Some(_guard) = self.start_sending(key)? {
                self.send_all(client, key, deadline, &mut deliveries)
                    .await?;
            }
            if let Some(last) = deliveries.last_mut()
                && matches!(last.outcome, DeliveryOutcome::Waiting(None))
            {
                // The error of an earlier attempt says more than a timeout.
                last.outcome = DeliveryOutcome::Waiting(last_error.take());
            }
            if self
                .read(|connection| stored_status::next(connection, key))?
                .is_none()
            {
                return Ok(deliveries);
            }
            let is_hopeless = deliveries.last().is_some_and(|last| match &last.outcome {
                DeliveryOutcome::Waiting(Some(error)) => !may_succeed_soon(error),
                _ => false,
            });
            let next = Instant::now() + RETRY_PAUSE;
            if is_hopeless || next >= deadline {
                return Ok(deliveries);
            }
            // Only the last attempt is reported.
            if let Some(Delivery {
                outcome: DeliveryOutcome::Waiting(error),
                ..
            }) = deliveries.pop_if(|last| matches!(last.outcome, DeliveryOutcome::Waiting(_)))
            {
                last_error = error.or(last_error);
            }
            sleep_until(next).await;
        }
    }

    /// Sends the statuses of a deployment in order, until one has to wait.
    async fn send_all(
        &self,
        client: &Client,
        key: i64,
        deadline: Instant,
        deliveries: &mut Vec<Delivery>,
    ) -> Result<(), OutboxError> {
        loop {
            let next = self.read(|connection| stored_status::next(connection, key))?;
            let Some(stored) = next else {
                return Ok(());
            };
            let mut omitted = None;
            let sending = self.send(client, &stored, &mut omitted);
            let outcome = match timeout_at(deadline, sending).await {
                Ok(outcome) => outcome?,
                Err(_) => DeliveryOutcome::Waiting(None),
            };
            let waits = matches!(outcome, DeliveryOutcome::Waiting(_));
            self.note_outcome(&stored, &outcome)?;
            deliveries.push(Delivery {
                stored,
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
        stored: &StoredStatus,
        omitted: &mut Option<Omitted>,
    ) -> Result<DeliveryOutcome, OutboxError> {
        if !is_final(&stored.status.state)
            && self.read(|connection| stored_status::has_final_behind(connection, stored))?
        {
            // It must not arrive after the one behind it.
            sleep(remaining_settle_time(stored)).await;
            return Ok(DeliveryOutcome::TooLate("at its end".to_owned()));
        }
        let DeploymentRef { repo, id, .. } = &stored.deployment;
        // A status that this process has just stored cannot be on the server, and the
        // process knows the deployment's other statuses.
        let stored_by = stored.stored_by.as_deref();
        let is_fresh = !stored.was_tried && stored_by.is_some_and(|by| self.is_this_process(by));
        if !is_fresh
            && let Some(outcome) = check_server(client, stored, self.belongs_to_agent()).await
        {
            return Ok(outcome);
        }
        self.write(|transaction, _| {
            transaction.execute(
                "UPDATE entry SET was_tried = 1, sent_at = ?2 WHERE id = ?1",
                params![stored.id.0, Timestamp::now().to_string()],
            )?;
            Ok(())
        })?;
        let mut sent = client
            .repo(repo)
            .deployment(*id)
            .create_status(&stored.status)
            .await;
        if let Err(refusal) = &sent
            && let Some((reduced, fields)) = without_refused(&stored.status, refusal)
        {
            self.write(|transaction, _| stored_status::replace(transaction, stored.id, &reduced))?;
            let again = client
                .repo(repo)
                .deployment(*id)
                .create_status(&reduced)
                .await;
            if let Err(refusal) = std::mem::replace(&mut sent, again) {
                *omitted = Some(Omitted { fields, refusal });
            }
        }
        Ok(match sent {
            Ok(status) => DeliveryOutcome::Sent(Box::new(status)),
            Err(error) => outcome_of_error(error),
        })
    }

    /// Removes a status that is done, or notes why it is not.
    fn note_outcome(
        &self,
        stored: &StoredStatus,
        outcome: &DeliveryOutcome,
    ) -> Result<(), OutboxError> {
        let (is_refused, reason) = match outcome {
            DeliveryOutcome::Sent(status) => {
                return self.remove_done(stored, status.id);
            }
            DeliveryOutcome::AlreadyThere | DeliveryOutcome::TooLate(_) => {
                return self.remove_done(stored, None);
            }
            DeliveryOutcome::Refused(error) => (true, Some(error.to_string())),
            DeliveryOutcome::Waiting(error) => (false, error.as_ref().map(ToString::to_string)),
        };
        let is_known = match outcome {
            DeliveryOutcome::Waiting(Some(error)) => was_not_created(error),
            DeliveryOutcome::Waiting(None) => false,
            _ => true,
        };
        self.write(|transaction, _| {
            transaction.execute(
                "UPDATE entry SET is_refused = ?2, reason = coalesce(?3, reason),
                 sent_at = iif(?4, NULL, sent_at) WHERE id = ?1",
                params![stored.id.0, is_refused, reason, is_known],
            )?;
            Ok(())
        })
    }

    /// Removes a status that the server has. It precedes those stored behind it.
    fn remove_done(&self, stored: &StoredStatus, id: Option<StatusId>) -> Result<(), OutboxError> {
        self.write(|transaction, _| {
            if let Some(id) = id {
                transaction.execute(
                    "UPDATE entry SET after_status = ?2 WHERE place = ?1",
                    params![stored.deployment_key, id.to_string()],
                )?;
                transaction.execute(
                    "UPDATE note SET after_status = ?2 WHERE place = ?1",
                    params![stored.deployment_key, id.to_string()],
                )?;
            }
            transaction.execute("DELETE FROM entry WHERE id = ?1", [stored.id.0])?;
            Ok(())
        })
    }
}

/// Checks whether the server has a status already, or would be set back by it; `None`
/// if it is to be sent.
async fn check_server(
    client: &Client,
    stored: &StoredStatus,
    belongs_to_agent: bool,
) -> Option<DeliveryOutcome> {
    let DeploymentRef { repo, id, .. } = &stored.deployment;
    loop {
        match client.repo(repo).deployment(*id).status_history().await {
            Ok((statuses, now)) => {
                match decide(
                    &stored.status,
                    stored.after,
                    belongs_to_agent,
                    &statuses,
                    now,
                ) {
                    SendDecision::Send if remaining_settle_time(stored).is_zero() => return None,
                    SendDecision::Send => {
                        sleep(remaining_settle_time(stored).min(CHECK_PAUSE)).await;
                    }
                    SendDecision::AlreadyThere => return Some(DeliveryOutcome::AlreadyThere),
                    SendDecision::TooLate(state) => return Some(DeliveryOutcome::TooLate(state)),
                }
            }
            Err(error) => return Some(outcome_of_error(error)),
        }
    }
}

/// Returns a final status without the fields that the server refuses, and their
/// names. If the error names none, all optional fields are removed: the final state
/// of a deployment matters more than its URL.
fn without_refused(status: &NewStatus, error: &ApiError) -> Option<(NewStatus, Vec<&'static str>)> {
    let refusal = error
        .error_response()
        .filter(|refusal| refusal.status == 422)?;
    if !is_final(&status.state) {
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
    let mut reduced = status.clone();
    let mut fields = Vec::new();
    for (field, words, value) in [
        (
            "log_url",
            &["log_url", "target_url"][..],
            &mut reduced.log_url,
        ),
        (
            "environment_url",
            &["environment_url"],
            &mut reduced.environment_url,
        ),
        ("description", &["description"], &mut reduced.description),
    ] {
        let is_url = field != "description";
        let is_refused = is_about(words) || (is_url && is_about_urls) || names_none;
        if is_refused && value.take().is_some() {
            fields.push(field);
        }
    }
    (!fields.is_empty()).then_some((reduced, fields))
}

/// How long it may take until a status that was sent appears.
fn remaining_settle_time(stored: &StoredStatus) -> Duration {
    let Some(sent_at) = stored.sent_at else {
        return Duration::ZERO;
    };
    let age = Timestamp::now().duration_since(sent_at);
    // A clock that was set back does not prolong the wait.
    let age = Duration::try_from(age).unwrap_or_default();
    SETTLE_TIME.saturating_sub(age)
}

/// Whether an error means that the status was not created.
fn was_not_created(error: &ApiError) -> bool {
    match error {
        ApiError::Ambiguous { .. } | ApiError::Unexpected(_) => false,
        ApiError::Network(network) => !network.sent,
        _ => true,
    }
}

fn outcome_of_error(error: ApiError) -> DeliveryOutcome {
    match error.status() {
        // A deleted or refused deployment stays so; a token may be replaced.
        Some(404 | 410 | 400 | 422) => DeliveryOutcome::Refused(error),
        _ => DeliveryOutcome::Waiting(Some(error)),
    }
}

/// Whether a retry may succeed within moments.
fn may_succeed_soon(error: &ApiError) -> bool {
    match error {
        ApiError::Ambiguous { .. } => true,
        error => error.is_temporary(),
    }
}
