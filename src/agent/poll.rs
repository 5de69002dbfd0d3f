//! Polls for new deployments, in place of webhooks or in addition to them.
//!
//! A cursor in the journal says how far a repository was polled; it moves in the
//! same transaction that adds the new deployments. A poll goes back page by page to
//! the cursor and a little beyond, since deployments of the same moment may appear
//! out of order. Known deployments are recognized by their ID, so nothing is done
//! twice.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::sleep;

use super::config::{Config, Poll, PollStart, RuleInput};
use super::journal::{Cursor, Journal, JournalError};
use super::log::Log;
use super::metrics::Metrics;
use super::settings::SettingsReceiver;
use crate::api::{ApiError, Client, DeploymentFilter, Fetched, Paging};
use crate::model::{Deployment, DeploymentId, Phase, RepoSlug};

/// How far behind the newest deployment a poll goes back.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);
/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// If a poll finds more deployments than this, their states are requested together,
/// and those that have ended are left out.
const MAX_UNCHECKED: usize = 10;

/// Polls one repository.
pub(super) struct Poller {
    pub(super) client: Client,
    pub(super) repository: RepoSlug,
    pub(super) settings: SettingsReceiver,
    pub(super) journal: Journal,
    pub(super) metrics: Arc<Metrics>,
    pub(super) log: Log,
    pub(super) new_deployments: UnboundedSender<DeploymentId>,
}

#[derive(Debug, thiserror::Error)]
enum PollError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Poller {
    /// Polls as the settings say, until the agent ends.
    pub(super) async fn run(mut self) {
        let name = self.repository.to_string();
        let mut etag = None;
        let mut failures = 0;
        loop {
            let config = Arc::clone(&self.settings.borrow_and_update().config);
            let poll = config.poll.as_ref();
            let poll = poll.filter(|poll| poll.repositories.contains(&self.repository));
            let Some(poll) = poll else {
                if self.settings.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let pause = match self.poll_once(&config, poll, &mut etag).await {
                Ok(()) => {
                    self.metrics.count_poll(&name, Timestamp::now(), true);
                    failures = 0;
                    poll.interval
                }
                Err(error) => {
                    self.metrics.count_poll(&name, Timestamp::now(), false);
                    failures += 1;
                    let pause = pause_after(poll.interval, &error, failures);
                    self.log.warn(
                        "poll failed",
                        json!({
                            "repository": name,
                            "error": error.to_string(),
                            "again_in_s": pause.as_secs(),
                        }),
                    );
                    pause
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                // New rules may match deployments that were left out before.
                Ok(()) = self.settings.changed() => etag = None,
            }
        }
    }

    async fn poll_once(
        &self,
        config: &Config,
        poll: &Poll,
        etag: &mut Option<String>,
    ) -> Result<(), PollError> {
        let before = self.journal.cursor(&self.repository).await?;
        let filter = DeploymentFilter::default();
        let newest = self
            .client
            .repo(&self.repository)
            .deployments_since(&filter, Paging::LARGEST_PAGE, etag.as_deref())
            .await?;
        let Fetched::Fresh {
            value: page,
            etag: tag,
            server_now,
        } = newest
        else {
            return Ok(());
        };
        let cursor = before.unwrap_or_else(|| first_cursor(poll.start, server_now));
        let bound = (cursor.newest_at - OVERLAP).max(cursor.floor);
        let is_full_page = page.len() >= Paging::LARGEST_PAGE as usize;
        let mut found = Vec::new();
        let mut has_more = collect(page, bound, &mut found) && is_full_page;
        if has_more {
            // The list may have shifted meanwhile, so it is read from the start.
            let paging = Paging::until_stopped();
            let pages = self
                .client
                .repo(&self.repository)
                .deployments(&filter, paging);
            let mut pages = std::pin::pin!(pages.fuse());
            found.clear();
            while has_more && let Some(page) = pages.try_next().await? {
                has_more = collect(page, bound, &mut found);
            }
        }
        let newest = found
            .iter()
            .max_by_key(|found| (found.created_at, found.id));
        let new_cursor = match newest {
            Some(newest) if newest.created_at >= cursor.newest_at => Cursor {
                newest_id: newest.id,
                newest_at: newest.created_at,
                ..cursor
            },
            _ => cursor,
        };
        let mut relevant = self.select_relevant(config, found).await?;
        // The list starts with the newest, a queue with the oldest.
        relevant.sort_unstable_by_key(|deployment| deployment.id);
        let new = self
            .journal
            .record_polled(
                &self.repository,
                relevant,
                Some(new_cursor),
                Timestamp::now(),
            )
            .await?;
        for id in new {
            self.log.info(
                "deployment found",
                json!({ "id": id, "repository": self.repository.to_string() }),
            );
            // When the agent stops, nothing receives it any more; the journal keeps it.
            let _ = self.new_deployments.send(id);
        }
        // The server need not repeat what was added to the journal.
        *etag = tag;
        Ok(())
    }

    /// Selects the deployments that are new, that a rule matches, and that have not
    /// ended.
    async fn select_relevant(
        &self,
        config: &Config,
        mut found: Vec<Deployment>,
    ) -> Result<Vec<Deployment>, PollError> {
        found.retain(|deployment| {
            let input = RuleInput::new(&self.repository, deployment, false);
            i64::try_from(deployment.id.0).is_ok() && config.rule_for(&input).is_some()
        });
        let ids = found.iter().map(|deployment| deployment.id).collect();
        let unknown = self.journal.filter_unknown(ids).await?;
        found.retain(|deployment| unknown.contains(&deployment.id));
        if found.len() <= MAX_UNCHECKED {
            return Ok(found);
        }
        let observed = self.client.repo(&self.repository).add_states(found).await?;
        Ok(observed
            .into_iter()
            .filter(|observed| observed.state.phase() == Phase::Underway)
            .map(|observed| observed.deployment)
            .collect())
    }
}

fn pause_after(interval: Duration, error: &PollError, failures: u32) -> Duration {
    let longer = interval.saturating_mul(1 << failures.min(10));
    let pause = longer.min(LONGEST_PAUSE.max(interval));
    match error {
        PollError::Api(ApiError::RateLimited(limited)) => limited.wait.max(pause),
        _ => pause,
    }
}

fn first_cursor(start: PollStart, server_now: Timestamp) -> Cursor {
    let floor = match start {
        PollStart::Now => server_now,
        PollStart::Ago(age) => SignedDuration::try_from(age)
            .ok()
            .and_then(|age| server_now.checked_sub(age).ok())
            .unwrap_or(Timestamp::UNIX_EPOCH),
        PollStart::All => Timestamp::UNIX_EPOCH,
    };
    Cursor {
        newest_id: DeploymentId(0),
        newest_at: floor,
        floor,
    }
}

/// Adds the deployments created since `bound`; returns false once the page goes back
/// further.
fn collect(page: Vec<Deployment>, bound: Timestamp, found: &mut Vec<Deployment>) -> bool {
    let mut has_more = true;
    for deployment in page {
        if deployment.created_at >= bound {
            found.push(deployment);
        } else {
            has_more = false;
        }
    }
    has_more
}
