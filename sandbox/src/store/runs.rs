//! Runs of workflows.

use rusqlite::{Connection, OptionalExtension, Result, Row, ToSql, params};

use super::{Slice, User, Window, Workflow};

/// The list of runs has at most this many when it is filtered.
const MAX_FILTERED_RUNS: u64 = 1000;

/// A concurrency group that a run or a job needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Concurrency {
    /// The name; its case does not count.
    pub(crate) group: String,
    /// Whether the holder of the group is cancelled.
    pub(crate) cancel_in_progress: bool,
    /// Whether more than one may be pending (`queue: max`).
    pub(crate) has_long_queue: bool,
    /// When the group was acquired, in seconds since the epoch; `None` while it
    /// is needed.
    pub(crate) acquired_at: Option<i64>,
}

/// A run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkflowRun {
    pub(crate) id: i64,
    pub(crate) repository_id: i64,
    pub(crate) workflow: Workflow,
    /// The number within the workflow.
    pub(crate) number: i64,
    pub(crate) title: String,
    /// The event that started it, such as `push`.
    pub(crate) event: String,
    pub(crate) sha: String,
    /// The name of the branch or tag.
    pub(crate) branch: String,
    pub(crate) is_tag: bool,
    /// The JSON text of the commit.
    pub(crate) head_commit: String,
    /// The user who started it.
    pub(crate) actor: User,
    pub(crate) concurrency: Option<Concurrency>,
    /// `queued`, `pending`, `waiting`, `in_progress` or `completed`.
    pub(crate) status: String,
    pub(crate) conclusion: Option<String>,
    /// The status before the last change.
    pub(crate) previous_status: Option<String>,
    /// Seconds since the epoch.
    pub(crate) status_changed_at: i64,
    /// The number of the attempt, from 1.
    pub(crate) attempt: i64,
    /// When the attempt was started, in seconds since the epoch.
    pub(crate) started_at: i64,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch.
    pub(crate) updated_at: i64,
}

/// A run that is about to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewRun {
    pub(crate) workflow: i64,
    pub(crate) title: String,
    pub(crate) event: String,
    pub(crate) sha: String,
    pub(crate) branch: String,
    pub(crate) is_tag: bool,
    pub(crate) head_commit: String,
    pub(crate) actor: i64,
    pub(crate) concurrency: Option<Concurrency>,
}

/// Which runs a list has; filters that are set must all match.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunFilter {
    pub(crate) workflow: Option<i64>,
    /// A status or a conclusion.
    pub(crate) status: Option<String>,
    pub(crate) sha: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) actor: Option<String>,
    /// The first and the last second of the time of creation.
    pub(crate) created: Option<(i64, i64)>,
    pub(crate) check_suite: Option<i64>,
}

/// Runs whose status changed after `since` are listed with the status before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Staleness {
    /// Seconds since the epoch.
    pub(crate) since: i64,
}

impl RunFilter {
    fn is_set(&self) -> bool {
        self.status.is_some()
            || self.sha.is_some()
            || self.branch.is_some()
            || self.event.is_some()
            || self.actor.is_some()
            || self.created.is_some()
            || self.check_suite.is_some()
    }
}

const SELECT: &str = "SELECT workflow_runs.*, workflows.name AS workflow_name,
    workflows.path AS workflow_path, workflows.created_at AS workflow_created_at,
    users.login AS actor_login, users.created_at AS actor_created_at
    FROM workflow_runs JOIN workflows ON workflows.id = workflow_runs.workflow_id
    JOIN users ON users.id = workflow_runs.actor_id";

impl WorkflowRun {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let group: Option<String> = row.get("concurrency_group")?;
        let (cancel_in_progress, acquired_at) =
            (row.get("cancel_in_progress")?, row.get("acquired_at")?);
        let has_long_queue = row.get("has_long_queue")?;
        Ok(Self {
            id: row.get("id")?,
            repository_id: row.get("repository_id")?,
            workflow: Workflow::from_row(row)?,
            number: row.get("number")?,
            title: row.get("title")?,
            event: row.get("event")?,
            sha: row.get("sha")?,
            branch: row.get("branch")?,
            is_tag: row.get("is_tag")?,
            head_commit: row.get("head_commit")?,
            actor: User {
                id: row.get("actor_id")?,
                login: row.get("actor_login")?,
                created_at: row.get("actor_created_at")?,
            },
            concurrency: group.map(|group| Concurrency {
                group,
                cancel_in_progress,
                has_long_queue,
                acquired_at,
            }),
            status: row.get("status")?,
            conclusion: row.get("conclusion")?,
            previous_status: row.get("previous_status")?,
            status_changed_at: row.get("status_changed_at")?,
            attempt: row.get("attempt")?,
            started_at: match row.get("started_at")? {
                Some(started_at) => started_at,
                None => row.get("created_at")?,
            },
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// The id of the check suite, of which each run has one.
    pub(crate) fn check_suite_id(&self) -> i64 {
        self.id + CHECK_SUITE_OFFSET
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.status == "completed"
    }

    /// Sets the status; the conclusion belongs to `completed`.
    pub(crate) fn set_status(&mut self, status: &str, conclusion: Option<&str>, now: i64) {
        if self.status != status {
            let before = std::mem::replace(&mut self.status, status.to_owned());
            self.previous_status = Some(before);
            self.status_changed_at = now;
        }
        self.conclusion = conclusion.map(str::to_owned);
        self.updated_at = now;
    }

    /// Writes a new run, which is queued.
    pub(crate) fn insert(
        write: &Connection,
        repository: i64,
        new: &NewRun,
        now: i64,
    ) -> Result<Self> {
        let group = new.concurrency.as_ref();
        let id: i64 = write
            .prepare_cached(
                "INSERT INTO workflow_runs (repository_id, workflow_id, number, title, event, sha,
                    branch, is_tag, head_commit, actor_id, concurrency_group, cancel_in_progress,
                    has_long_queue, status, status_changed_at, created_at, updated_at)
                 VALUES (?1, ?2,
                    (SELECT coalesce(max(number), 0) + 1 FROM workflow_runs WHERE workflow_id = ?2),
                    ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?13, 'queued', ?12, ?12, ?12)
                 RETURNING id",
            )?
            .query_row(
                params![
                    repository,
                    new.workflow,
                    new.title,
                    new.event,
                    new.sha,
                    new.branch,
                    new.is_tag,
                    new.head_commit,
                    new.actor,
                    group.map(|group| &group.group),
                    group.is_some_and(|group| group.cancel_in_progress),
                    now,
                    group.is_some_and(|group| group.has_long_queue)
                ],
                |row| row.get(0),
            )?;
        Self::by_id(write, repository, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
    }

    /// Writes the fields that change.
    pub(crate) fn update(&self, write: &Connection) -> Result<()> {
        let acquired_at = self
            .concurrency
            .as_ref()
            .and_then(|group| group.acquired_at);
        write
            .prepare_cached(
                "UPDATE workflow_runs SET status = ?2, conclusion = ?3, previous_status = ?4,
                    status_changed_at = ?5, updated_at = ?6, acquired_at = ?7, attempt = ?8,
                    started_at = ?9 WHERE id = ?1",
            )?
            .execute(params![
                self.id,
                self.status,
                self.conclusion,
                self.previous_status,
                self.status_changed_at,
                self.updated_at,
                acquired_at,
                self.attempt,
                self.started_at
            ])?;
        Ok(())
    }

    pub(crate) fn by_id(read: &Connection, repository: i64, id: i64) -> Result<Option<Self>> {
        read.prepare_cached(&format!(
            "{SELECT} WHERE workflow_runs.id = ?1 AND workflow_runs.repository_id = ?2"
        ))?
        .query_row([id, repository], Self::from_row)
        .optional()
    }

    /// Finds the run of a check suite.
    pub(crate) fn by_check_suite(
        read: &Connection,
        repository: i64,
        check_suite: i64,
    ) -> Result<Option<Self>> {
        Self::by_id(
            read,
            repository,
            check_suite.saturating_sub(CHECK_SUITE_OFFSET),
        )
    }

    /// The runs of a commit, oldest first.
    pub(crate) fn of_commit(read: &Connection, repository: i64, sha: &str) -> Result<Vec<Self>> {
        read.prepare_cached(&format!(
            "{SELECT} WHERE workflow_runs.repository_id = ?1 AND workflow_runs.sha = ?2
             ORDER BY workflow_runs.id"
        ))?
        .query_map(params![repository, sha], Self::from_row)?
        .collect()
    }

    /// The runs that need or hold a concurrency group, in the order of its queue.
    pub(crate) fn in_group(read: &Connection, repository: i64, group: &str) -> Result<Vec<Self>> {
        read.prepare_cached(&format!(
            "{SELECT} WHERE workflow_runs.repository_id = ?1
                AND workflow_runs.concurrency_group = ?2 AND workflow_runs.status <> 'completed'
             ORDER BY workflow_runs.id"
        ))?
        .query_map(params![repository, group], Self::from_row)?
        .collect()
    }

    /// A page of a repository's runs, newest first.
    pub(crate) fn list(
        read: &Connection,
        repository: i64,
        filter: &RunFilter,
        staleness: Staleness,
        window: Window,
    ) -> Result<Slice<Self>> {
        let mut conditions = "workflow_runs.repository_id = ?".to_owned();
        let mut values: Vec<&dyn ToSql> = vec![&repository];
        for (column, value) in [
            ("workflow_runs.sha", &filter.sha),
            ("workflow_runs.branch", &filter.branch),
            ("workflow_runs.event", &filter.event),
            ("users.login", &filter.actor),
        ] {
            if let Some(value) = value {
                conditions.push_str(&format!(" AND {column} = ?"));
                values.push(value);
            }
        }
        if let Some(workflow) = &filter.workflow {
            conditions.push_str(" AND workflow_runs.workflow_id = ?");
            values.push(workflow);
        }
        let run_id = filter
            .check_suite
            .map(|id| id.saturating_sub(CHECK_SUITE_OFFSET));
        if let Some(run_id) = &run_id {
            conditions.push_str(" AND workflow_runs.id = ?");
            values.push(run_id);
        }
        if let Some((first, last)) = &filter.created {
            conditions.push_str(" AND workflow_runs.created_at BETWEEN ? AND ?");
            values.extend([first as &dyn ToSql, last]);
        }
        if let Some(status) = &filter.status {
            conditions.push_str(
                " AND ? IN (CASE WHEN previous_status IS NOT NULL AND status_changed_at > ?
                    THEN previous_status ELSE status END,
                    CASE WHEN status_changed_at > ? THEN '' ELSE coalesce(conclusion, '') END)",
            );
            values.extend([status as &dyn ToSql, &staleness.since, &staleness.since]);
        }
        let total: i64 = read
            .prepare_cached(&format!(
                "SELECT count(*) FROM workflow_runs
                 JOIN users ON users.id = workflow_runs.actor_id WHERE {conditions}"
            ))?
            .query_row(values.as_slice(), |row| row.get(0))?;
        let mut total = u64::try_from(total).unwrap_or(0);
        let mut window = window;
        if filter.is_set() {
            total = total.min(MAX_FILTERED_RUNS);
            let left = MAX_FILTERED_RUNS.saturating_sub(window.skip);
            window.take = window.take.min(left);
        }
        let (skip, take) = window.bounds();
        values.extend([&take as &dyn ToSql, &skip]);
        let mut items: Vec<Self> = read
            .prepare_cached(&format!(
                "{SELECT} WHERE {conditions} ORDER BY workflow_runs.id DESC LIMIT ? OFFSET ?"
            ))?
            .query_map(values.as_slice(), Self::from_row)?
            .collect::<Result<_>>()?;
        for run in &mut items {
            if run.status_changed_at > staleness.since
                && let Some(before) = run.previous_status.clone()
            {
                run.status = before;
                run.conclusion = None;
            }
        }
        Ok(Slice { items, total })
    }
}

/// The difference between the ids of a check suite and its run.
const CHECK_SUITE_OFFSET: i64 = 26_000_000_000;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::{Repository, testing};
    use super::*;

    #[test]
    fn a_filtered_list_ends_after_a_thousand_runs() {
        let data = tempfile::tempdir().unwrap();
        let store = testing::open(data.path());
        let repository = store
            .write(|write| {
                let repository = Repository::ensure(write, "o", "r", None, 1)?.id;
                let workflow = Workflow::ensure(write, repository, "deploy.yml", "Deploy", 1)?;
                let new = NewRun {
                    workflow,
                    title: "A commit".to_owned(),
                    event: "push".to_owned(),
                    sha: "a".repeat(40),
                    branch: "main".to_owned(),
                    is_tag: false,
                    head_commit: "{}".to_owned(),
                    actor: User::ensure(write, "alice", 1)?.id,
                    concurrency: None,
                };
                for now in 0..1_005 {
                    WorkflowRun::insert(write, repository, &new, now)?;
                }
                Ok::<_, rusqlite::Error>(repository)
            })
            .unwrap();
        let list = |filter: &RunFilter, skip: u64| {
            let (staleness, window) = (Staleness { since: 9_999 }, Window { skip, take: 100 });
            let slice = store
                .read(|read| WorkflowRun::list(read, repository, filter, staleness, window))
                .unwrap();
            (slice.total, slice.items.len())
        };
        let all = RunFilter::default();
        assert_eq!(
            (list(&all, 0), list(&all, 1_000)),
            ((1_005, 100), (1_005, 5))
        );
        let branch = RunFilter {
            branch: Some("main".to_owned()),
            ..RunFilter::default()
        };
        assert_eq!(list(&branch, 950), (1_000, 50));
        assert_eq!(list(&branch, 1_000), (1_000, 0));
    }
}
