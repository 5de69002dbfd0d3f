//! Jobs of workflow runs.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::Concurrency;

/// A job of a workflow run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) id: i64,
    pub(crate) run_id: i64,
    /// The attempt of the run that it belongs to.
    pub(crate) attempt: i64,
    pub(crate) name: String,
    pub(crate) environment: Option<String>,
    /// The names of the jobs that must succeed first.
    pub(crate) needs: Vec<String>,
    pub(crate) concurrency: Option<Concurrency>,
    /// The seconds after its start in which it succeeds, unless it is finished
    /// before.
    pub(crate) succeeds_after: Option<i64>,
    /// `queued`, `pending`, `waiting`, `in_progress` or `completed`; `None`
    /// while the job needs others or its run is pending, when GitHub does not
    /// list it.
    pub(crate) status: Option<String>,
    pub(crate) conclusion: Option<String>,
    pub(crate) deployment: Option<i64>,
    /// Whether a reviewer has approved the deployment.
    pub(crate) is_approved: bool,
    /// When it reached the gates of its environment, in seconds since the epoch.
    pub(crate) waiting_since: Option<i64>,
    /// When a timer ends, the job expires or it succeeds, in seconds since the epoch.
    pub(crate) due_at: Option<i64>,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch.
    pub(crate) started_at: Option<i64>,
    /// Seconds since the epoch.
    pub(crate) completed_at: Option<i64>,
}

/// A job that is about to be written.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewJob {
    pub(crate) name: String,
    pub(crate) environment: Option<String>,
    pub(crate) needs: Vec<String>,
    pub(crate) concurrency: Option<Concurrency>,
    /// The seconds after its start in which it succeeds.
    pub(crate) succeeds_after: Option<i64>,
}

impl NewJob {
    /// Writes it; `now` is in seconds since the epoch.
    pub(crate) fn insert(
        &self,
        write: &Connection,
        (run, attempt): (i64, i64),
        now: i64,
    ) -> Result<Job> {
        let group = self.concurrency.as_ref();
        write
            .prepare_cached(
                "INSERT INTO workflow_jobs (run_id, name, environment, needs, concurrency_group,
                    cancel_in_progress, created_at, attempt, has_long_queue, succeeds_after)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING *",
            )?
            .query_row(
                params![
                    run,
                    self.name,
                    self.environment,
                    self.needs.join("\n"),
                    group.map(|group| &group.group),
                    group.is_some_and(|group| group.cancel_in_progress),
                    now,
                    attempt,
                    group.is_some_and(|group| group.has_long_queue),
                    self.succeeds_after
                ],
                Job::from_row,
            )
    }
}

impl Job {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let group: Option<String> = row.get("concurrency_group")?;
        let (cancel_in_progress, acquired_at) =
            (row.get("cancel_in_progress")?, row.get("acquired_at")?);
        let has_long_queue = row.get("has_long_queue")?;
        let needs: String = row.get("needs")?;
        Ok(Self {
            id: row.get("id")?,
            run_id: row.get("run_id")?,
            attempt: row.get("attempt")?,
            name: row.get("name")?,
            environment: row.get("environment")?,
            needs: needs.lines().map(str::to_owned).collect(),
            concurrency: group.map(|group| Concurrency {
                group,
                cancel_in_progress,
                has_long_queue,
                acquired_at,
            }),
            succeeds_after: row.get("succeeds_after")?,
            status: row.get("status")?,
            conclusion: row.get("conclusion")?,
            deployment: row.get("deployment_id")?,
            is_approved: row.get("is_approved")?,
            waiting_since: row.get("waiting_since")?,
            due_at: row.get("due_at")?,
            created_at: row.get("created_at")?,
            started_at: row.get("started_at")?,
            completed_at: row.get("completed_at")?,
        })
    }

    /// Its web page, below that of its repository.
    pub(crate) fn page(&self) -> String {
        format!("actions/runs/{}/job/{}", self.run_id, self.id)
    }

    pub(crate) fn has_status(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    /// Writes the fields that change.
    pub(crate) fn update(&self, write: &Connection) -> Result<()> {
        let acquired_at = self
            .concurrency
            .as_ref()
            .and_then(|group| group.acquired_at);
        write
            .prepare_cached(
                "UPDATE workflow_jobs SET status = ?2, conclusion = ?3, deployment_id = ?4,
                    is_approved = ?5, waiting_since = ?6, due_at = ?7, created_at = ?8,
                    started_at = ?9, completed_at = ?10, acquired_at = ?11 WHERE id = ?1",
            )?
            .execute(params![
                self.id,
                self.status,
                self.conclusion,
                self.deployment,
                self.is_approved,
                self.waiting_since,
                self.due_at,
                self.created_at,
                self.started_at,
                self.completed_at,
                acquired_at
            ])?;
        Ok(())
    }

    pub(crate) fn by_id(read: &Connection, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM workflow_jobs WHERE id = ?1")?
            .query_row([id], Self::from_row)
            .optional()
    }

    /// The jobs of the latest attempt of a run, in the order of its workflow.
    pub(crate) fn of_run(read: &Connection, run: i64) -> Result<Vec<Self>> {
        let mut jobs = Self::of_all_attempts(read, run)?;
        let latest = jobs.last().map_or(1, |job| job.attempt);
        jobs.retain(|job| job.attempt == latest);
        Ok(jobs)
    }

    /// The jobs of all attempts of a run, oldest attempt first.
    pub(crate) fn of_all_attempts(read: &Connection, run: i64) -> Result<Vec<Self>> {
        read.prepare_cached("SELECT * FROM workflow_jobs WHERE run_id = ?1 ORDER BY id")?
            .query_map([run], Self::from_row)?
            .collect()
    }

    /// The jobs that need or hold a concurrency group, in the order of its queue.
    pub(crate) fn in_group(read: &Connection, repository: i64, group: &str) -> Result<Vec<Self>> {
        read.prepare_cached(
            "SELECT workflow_jobs.* FROM workflow_jobs
             JOIN workflow_runs ON workflow_runs.id = workflow_jobs.run_id
             WHERE workflow_runs.repository_id = ?1 AND workflow_jobs.concurrency_group = ?2
                AND workflow_jobs.status IS NOT NULL AND workflow_jobs.status <> 'completed'
             ORDER BY workflow_jobs.id",
        )?
        .query_map(params![repository, group], Self::from_row)?
        .collect()
    }

    /// The jobs that a time changes by `now`, with their repositories,
    /// by time.
    pub(crate) fn due(read: &Connection, now: i64) -> Result<Vec<(i64, i64)>> {
        read.prepare_cached(
            "SELECT workflow_jobs.id, workflow_runs.repository_id FROM workflow_jobs
             JOIN workflow_runs ON workflow_runs.id = workflow_jobs.run_id
             WHERE workflow_jobs.due_at <= ?1 ORDER BY workflow_jobs.due_at, workflow_jobs.id",
        )?
        .query_map([now], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
    }

    /// The names of all concurrency groups of a repository in use, sorted.
    pub(crate) fn groups_in_use(read: &Connection, repository: i64) -> Result<Vec<String>> {
        read.prepare_cached(
            "SELECT concurrency_group FROM workflow_runs
             WHERE repository_id = ?1 AND concurrency_group IS NOT NULL AND status <> 'completed'
             UNION
             SELECT workflow_jobs.concurrency_group FROM workflow_jobs
             JOIN workflow_runs ON workflow_runs.id = workflow_jobs.run_id
             WHERE workflow_runs.repository_id = ?1
                AND workflow_jobs.concurrency_group IS NOT NULL
                AND workflow_jobs.status IS NOT NULL AND workflow_jobs.status <> 'completed'
             ORDER BY 1",
        )?
        .query_map([repository], |row| row.get(0))?
        .collect()
    }
}
