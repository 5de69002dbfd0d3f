//! Looks for new deployments where no webhook comes in, or besides.
//!
//! A cursor in the journal tells how far a repository was seen; it moves in
//! the same transaction in which what was found is taken. A look goes back
//! page by page to the cursor and a little beyond, since deployments made at
//! the same moment may appear out of order. What was seen before is known by
//! its number, so nothing is done twice.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::sleep;

use super::config::{Config, Poll, PollStart, Request};
use super::journal::{Cursor, Journal, JournalError};
use super::log::Log;
use super::metrics::Metrics;
use super::settings::Current;
use crate::api::{ApiError, Client, DeploymentFilter, Fetched, Paging};
use crate::model::{Deployment, DeploymentId, Phase, RepoSlug};

/// How far behind the newest deployment a look goes back.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);
/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// So many at once are asked for their states together, before each is looked
/// at by itself.
const MANY: usize = 10;

/// What polls one repository.
pub(super) struct Poller {
    pub(super) client: Client,
    pub(super) repository: RepoSlug,
    pub(super) settings: Current,
    pub(super) journal: Journal,
    pub(super) metrics: Arc<Metrics>,
    pub(super) log: Log,
    pub(super) news: UnboundedSender<DeploymentId>,
}

#[derive(Debug, thiserror::Error)]
enum PollError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Poller {
    /// Polls for ever, as the settings say.
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
            let pause = match self.look(&config, poll, &mut etag).await {
                Ok(()) => {
                    self.metrics.polled(&name, Timestamp::now(), true);
                    failures = 0;
                    poll.interval
                }
                Err(error) => {
                    self.metrics.polled(&name, Timestamp::now(), false);
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
                // Other rules may want what was passed over before.
                Ok(()) = self.settings.changed() => etag = None,
            }
        }
    }

    async fn look(
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
        let is_whole_page = page.len() >= Paging::LARGEST_PAGE as usize;
        let mut found = Vec::new();
        let mut goes_on = collect(page, bound, &mut found) && is_whole_page;
        if goes_on {
            // The list may have shifted meanwhile, so it is read from its head.
            let paging = Paging::until_stopped();
            let pages = self
                .client
                .repo(&self.repository)
                .deployments(&filter, paging);
            let mut pages = std::pin::pin!(pages.fuse());
            found.clear();
            while goes_on && let Some(page) = pages.try_next().await? {
                goes_on = collect(page, bound, &mut found);
            }
        }
        let newest = found
            .iter()
            .max_by_key(|found| (found.created_at, found.id));
        let moved = match newest {
            Some(newest) if newest.created_at >= cursor.newest_at => Cursor {
                newest_id: newest.id,
                newest_at: newest.created_at,
                ..cursor
            },
            _ => cursor,
        };
        let mut wanted = self.wanted(config, found).await?;
        // The list has the newest first; a queue begins with the oldest.
        wanted.sort_unstable_by_key(|deployment| deployment.id);
        let new = self
            .journal
            .take_polled(&self.repository, wanted, Some(moved), Timestamp::now())
            .await?;
        for id in new {
            self.log.info(
                "deployment found",
                json!({ "id": id, "repository": self.repository.to_string() }),
            );
            // Nobody listens any more once the agent ends; the journal keeps it.
            let _ = self.news.send(id);
        }
        // Only what is taken need not be told again.
        *etag = tag;
        Ok(())
    }

    /// Those of `found` that are new, that a rule is for, and that have not
    /// come to their end.
    async fn wanted(
        &self,
        config: &Config,
        mut found: Vec<Deployment>,
    ) -> Result<Vec<Deployment>, PollError> {
        found.retain(|deployment| {
            let request = Request {
                repository: &self.repository,
                environment: &deployment.environment,
                ref_name: &deployment.ref_name,
                sha: &deployment.sha,
                task: &deployment.task,
                by_workflow: false,
            };
            i64::try_from(deployment.id.0).is_ok() && config.rule_for(&request).is_some()
        });
        let ids = found.iter().map(|deployment| deployment.id).collect();
        let unknown = self.journal.unknown(ids).await?;
        found.retain(|deployment| unknown.contains(&deployment.id));
        if found.len() <= MANY {
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
        PollStart::Ago(length) => SignedDuration::try_from(length)
            .ok()
            .and_then(|length| server_now.checked_sub(length).ok())
            .unwrap_or(Timestamp::UNIX_EPOCH),
        PollStart::All => Timestamp::UNIX_EPOCH,
    };
    Cursor {
        newest_id: DeploymentId(0),
        newest_at: floor,
        floor,
    }
}

/// Takes what was made since `bound`; false once the page reaches behind it.
fn collect(page: Vec<Deployment>, bound: Timestamp, found: &mut Vec<Deployment>) -> bool {
    let mut goes_on = true;
    for deployment in page {
        if deployment.created_at >= bound {
            found.push(deployment);
        } else {
            goes_on = false;
        }
    }
    goes_on
}
