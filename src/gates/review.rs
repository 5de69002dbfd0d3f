use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::entry::Entry;
use super::find::Finder;
use super::outcome::ReviewResult;
use crate::api::{ApiError, Review, Reviewed};
use crate::error::{Failure, Kind};
use crate::model::{PendingDeployment, ReviewState, RunId};
use crate::request::LockOptions;

/// For how long pending deployments that were read are not read again before a
/// review.
const FRESH: Duration = Duration::from_secs(2);

/// The task of the deployments that GitHub creates for jobs.
const TASK: &str = "deploy";

/// Reviews what a plan has.
pub(crate) struct Reviewer<'a> {
    pub(crate) finder: &'a Finder<'a>,
    /// Whether locks and freezes matter; `None` if they never do.
    pub(crate) locks: Option<&'a LockOptions>,
    /// Approved or rejected.
    pub(crate) state: ReviewState,
    pub(crate) comment: &'a str,
}

impl Reviewer<'_> {
    fn approves(&self) -> bool {
        self.state == ReviewState::Approved
    }

    /// Settles the entries that the caller may not review. Those with required
    /// reviewers may have been approved before; their reviews are read.
    pub(crate) async fn settle_unreviewable(&self, entries: &mut [Entry]) -> Result<(), Failure> {
        let now = self.now();
        for entry in entries.iter_mut().filter(|entry| entry.is_open()) {
            if entry.pending.current_user_can_approve {
                continue;
            }
            let reviews = if self.approves() && !entry.pending.reviewers.is_empty() {
                self.finder.reviews(entry.run_id).await?
            } else {
                Vec::new()
            };
            entry.settle_unreviewable(self.approves(), &reviews, now);
        }
        Ok(())
    }

    /// Reviews all entries that are open, run by run. `read_at` is when their
    /// pending deployments were read, if that may do.
    pub(crate) async fn carry_out(&self, entries: &mut [Entry], read_at: Option<Instant>) {
        let mut ids: Vec<RunId> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.is_open()) {
            if !ids.contains(&entry.run_id) {
                ids.push(entry.run_id);
            }
        }
        if ids.len() > 1 {
            self.finder.connection.allow_quota_wait();
        }
        for id in ids {
            let mut own: Vec<&mut Entry> = entries
                .iter_mut()
                .filter(|entry| entry.run_id == id && entry.is_open())
                .collect();
            if let Err(failure) = self.review_run(id, &mut own, read_at).await {
                for entry in own.iter_mut().filter(|entry| entry.is_open()) {
                    entry.failure_code = Some(failure.exit_code());
                    entry.settle(ReviewResult::Failed, failure.message());
                }
            }
        }
    }

    async fn review_run(
        &self,
        id: RunId,
        entries: &mut [&mut Entry],
        read_at: Option<Instant>,
    ) -> Result<(), Failure> {
        if read_at.is_none_or(|read_at| read_at.elapsed() > FRESH) {
            let pending = self.finder.pending(id).await?;
            self.check_again(id, entries, &pending).await?;
        }
        let comment = self.check_locks(entries).await?;
        let environment_ids: Vec<u64> = entries
            .iter()
            .filter(|entry| entry.is_open())
            .filter_map(|entry| entry.environment_id())
            .collect();
        if environment_ids.is_empty() {
            return Ok(());
        }
        let review = Review {
            environment_ids,
            state: self.state.clone(),
            comment,
        };
        let write = self.finder.connection.repo().run(id).review(&review);
        let what = "a review was being sent, and may have been made";
        match self.finder.session.track_write(what, write).await {
            Ok(Reviewed::Done) => self.settle_reviewed(id, entries).await,
            Ok(_) => {
                let pending = self.finder.pending(id).await?;
                self.check_again(id, entries, &pending).await
            }
            Err(error) => self.settle_refused(id, entries, &error).await,
        }
    }

    /// Settles entries whose environments are locked or frozen. Returns the
    /// comment of the review, which says whose lock is ignored.
    async fn check_locks(&self, entries: &mut [&mut Entry]) -> Result<String, Failure> {
        let mut comment = self.comment.to_owned();
        let is_needed = entries.iter().any(|entry| entry.is_open());
        let Some(locks) = self.locks.filter(|_| is_needed) else {
            return Ok(comment);
        };
        let guard = locks
            .read(self.finder.session, self.finder.connection)
            .await?;
        for entry in entries.iter_mut().filter(|entry| entry.is_open()) {
            let environment = entry.environment().to_owned();
            if let Err(failure) = guard.check(&environment, TASK) {
                entry.failure_code = Some(failure.exit_code());
                entry.settle(ReviewResult::Failed, failure.message());
            } else if let Some(note) = guard.ignored_note(&environment, TASK, Some(&comment))? {
                comment = note;
            }
        }
        Ok(comment)
    }

    /// Settles entries that no longer wait for the caller.
    async fn check_again(
        &self,
        id: RunId,
        entries: &mut [&mut Entry],
        pending: &[PendingDeployment],
    ) -> Result<(), Failure> {
        let now = self.now();
        let mut reviews = None;
        for entry in entries.iter_mut().filter(|entry| entry.is_open()) {
            let found = find(pending, entry);
            if found.is_some_and(|found| found.current_user_can_approve) {
                continue;
            }
            if reviews.is_none() {
                reviews = Some(self.finder.reviews(id).await?);
            }
            let reviews = reviews.as_deref().unwrap_or_default();
            match found {
                Some(found) => {
                    entry.pending = found.clone();
                    entry.settle_unreviewable(self.approves(), reviews, now);
                }
                None => entry.settle_gone(&self.state, reviews),
            }
        }
        Ok(())
    }

    /// Settles entries that were reviewed: an approved one may still be held by
    /// a timer or an app.
    async fn settle_reviewed(&self, id: RunId, entries: &mut [&mut Entry]) -> Result<(), Failure> {
        let open = entries.iter_mut().filter(|entry| entry.is_open());
        if !self.approves() {
            open.for_each(|entry| entry.settle(ReviewResult::Rejected, ""));
            return Ok(());
        }
        let pending = self.finder.pending(id).await.unwrap_or_default();
        let now = self.now();
        for entry in open {
            match find(&pending, entry) {
                // Another job may wait for the same environment, and for a new review.
                Some(found) if !found.current_user_can_approve => {
                    entry.pending = found.clone();
                    entry.hold(now);
                }
                _ => entry.settle(ReviewResult::Approved, ""),
            }
        }
        Ok(())
    }

    async fn settle_refused(
        &self,
        id: RunId,
        entries: &mut [&mut Entry],
        error: &ApiError,
    ) -> Result<(), Failure> {
        let failure = self.finder.explain_review(error);
        let is_forbidden = failure.kind() == Kind::Forbidden;
        match error.status() {
            // A rate limit is a 403, too.
            Some(status) if is_forbidden || status == 404 => {
                for entry in entries.iter_mut().filter(|entry| entry.is_open()) {
                    entry.settle(ReviewResult::NotAllowed, failure.message());
                }
                Ok(())
            }
            Some(422) => {
                // Somebody else may have reviewed it.
                let pending = self.finder.pending(id).await?;
                self.check_again(id, entries, &pending).await?;
                Err(failure)
            }
            _ => Err(failure),
        }
    }

    fn now(&self) -> Timestamp {
        self.finder.connection.client.server_now()
    }
}

fn find<'p>(pending: &'p [PendingDeployment], entry: &Entry) -> Option<&'p PendingDeployment> {
    pending
        .iter()
        .find(|found| found.environment.id == entry.environment_id())
}
