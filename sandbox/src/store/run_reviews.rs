//! Reviews of the deployments of workflow runs, by reviewers and by apps.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Environment, User};

/// An entry of the review log of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunReview {
    pub(crate) id: i64,
    pub(crate) run_id: i64,
    /// `approved`, `rejected`, or `pending` for the comment of an app.
    pub(crate) state: String,
    pub(crate) comment: String,
    pub(crate) user: User,
    /// The environments that still exist.
    pub(crate) environments: Vec<Environment>,
}

/// A review that is about to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRunReview<'a> {
    pub(crate) run: i64,
    pub(crate) state: &'a str,
    pub(crate) comment: &'a str,
    pub(crate) user: i64,
    pub(crate) environments: &'a [i64],
}

impl NewRunReview<'_> {
    pub(crate) fn insert(&self, write: &Connection) -> Result<()> {
        let id: i64 = write
            .prepare_cached(
                "INSERT INTO run_reviews (run_id, state, comment, user_id)
                 VALUES (?1, ?2, ?3, ?4) RETURNING id",
            )?
            .query_row(
                params![self.run, self.state, self.comment, self.user],
                |row| row.get(0),
            )?;
        for environment in self.environments {
            write
                .prepare_cached(
                    "INSERT OR IGNORE INTO run_review_environments (review_id, environment_id)
                     VALUES (?1, ?2)",
                )?
                .execute(params![id, environment])?;
        }
        Ok(())
    }
}

impl RunReview {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            run_id: row.get("run_id")?,
            state: row.get("state")?,
            comment: row.get("comment")?,
            user: User {
                id: row.get("user_id")?,
                login: row.get("user_login")?,
                created_at: row.get("user_created_at")?,
            },
            environments: Vec::new(),
        })
    }

    /// The review log of a run, oldest first.
    pub(crate) fn of_run(read: &Connection, run: i64) -> Result<Vec<Self>> {
        let mut reviews: Vec<Self> = read
            .prepare_cached(
                "SELECT run_reviews.*, users.login AS user_login,
                    users.created_at AS user_created_at
                 FROM run_reviews JOIN users ON users.id = run_reviews.user_id
                 WHERE run_reviews.run_id = ?1 ORDER BY run_reviews.id",
            )?
            .query_map([run], Self::from_row)?
            .collect::<Result<_>>()?;
        for review in &mut reviews {
            review.environments = read
                .prepare_cached(
                    "SELECT environments.* FROM environments
                     JOIN run_review_environments
                        ON run_review_environments.environment_id = environments.id
                     WHERE run_review_environments.review_id = ?1 ORDER BY environments.id",
                )?
                .query_map([review.id], Environment::from_row)?
                .collect::<Result<_>>()?;
        }
        Ok(reviews)
    }

    /// How many reports an app has made about the deployment of a job.
    pub(crate) fn count_reports(read: &Connection, job: i64, app: i64) -> Result<u64> {
        let count: Option<i64> = read
            .prepare_cached(
                "SELECT reports FROM job_app_reviews WHERE job_id = ?1 AND app_id = ?2",
            )?
            .query_row([job, app], |row| row.get(0))
            .optional()?;
        Ok(u64::try_from(count.unwrap_or(0)).unwrap_or(0))
    }

    /// Whether an app has approved the deployment of a job.
    pub(crate) fn is_approved_by_app(read: &Connection, job: i64, app: i64) -> Result<bool> {
        read.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM job_app_reviews
             WHERE job_id = ?1 AND app_id = ?2 AND is_approved)",
        )?
        .query_row([job, app], |row| row.get(0))
    }

    /// Records an app's approval, or its report if it has not decided.
    pub(crate) fn record_app(
        write: &Connection,
        job: i64,
        app: i64,
        is_approved: bool,
    ) -> Result<()> {
        write
            .prepare_cached(
                "INSERT INTO job_app_reviews (job_id, app_id, is_approved, reports)
                 VALUES (?1, ?2, ?3, NOT ?3)
                 ON CONFLICT (job_id, app_id) DO UPDATE SET
                    is_approved = is_approved OR excluded.is_approved,
                    reports = reports + excluded.reports",
            )?
            .execute(params![job, app, is_approved])?;
        Ok(())
    }
}
