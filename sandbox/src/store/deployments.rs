//! Deployments.

use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::deployment_filter::DeploymentFilter;
use super::page_index::{self, PageIndex, PageStart, SortKey};
use super::{Slice, User, Window};

/// A stored deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deployment {
    /// The id; above 2^32.
    pub(crate) id: i64,
    /// The repository it belongs to.
    pub(crate) repository_id: i64,
    /// The commit that was recorded when it was made.
    pub(crate) sha: String,
    /// The ref as the client sent it.
    pub(crate) reference: String,
    pub(crate) task: String,
    /// The original JSON text of the payload.
    pub(crate) payload: String,
    /// The environment it was made for.
    pub(crate) original_environment: String,
    /// The environment of its last status, or the first one.
    pub(crate) environment: String,
    /// The description; `None` if it was left out.
    pub(crate) description: Option<String>,
    pub(crate) creator: User,
    /// Whether the environment will go away.
    pub(crate) transient: bool,
    /// Whether end users meet the environment.
    pub(crate) production: bool,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch; moved by each status.
    pub(crate) updated_at: i64,
}

/// A deployment that is about to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewDeploymentRow {
    pub(crate) repository: i64,
    pub(crate) sha: String,
    pub(crate) reference: String,
    pub(crate) task: String,
    pub(crate) payload: String,
    pub(crate) environment: String,
    pub(crate) description: Option<String>,
    pub(crate) creator: i64,
    pub(crate) transient: bool,
    pub(crate) production: bool,
}

impl NewDeploymentRow {
    /// Writes it; `now` is in seconds since the epoch.
    pub(crate) fn insert(&self, write: &Connection, now: i64) -> Result<Deployment> {
        let id: i64 = write
            .prepare_cached(
                "INSERT INTO deployments (repository_id, sha, ref, task, payload,
                    original_environment, environment, description, creator_id,
                    transient_environment, production_environment, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?11) RETURNING id",
            )?
            .query_row(
                params![
                    self.repository,
                    self.sha,
                    self.reference,
                    self.task,
                    self.payload,
                    self.environment,
                    self.description,
                    self.creator,
                    self.transient,
                    self.production,
                    now
                ],
                |row| row.get(0),
            )?;
        Deployment::by_id(write, self.repository, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
    }
}

/// The columns are read by their places: looking for their names took longer
/// than reading them.
const SELECT: &str = "SELECT deployments.id, deployments.repository_id, deployments.sha,
    deployments.ref, deployments.task, deployments.payload, deployments.original_environment,
    deployments.environment, deployments.description, deployments.creator_id, users.login,
    users.created_at, deployments.transient_environment, deployments.production_environment,
    deployments.created_at, deployments.updated_at
    FROM deployments JOIN users ON users.id = deployments.creator_id";

impl Deployment {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            repository_id: row.get(1)?,
            sha: row.get(2)?,
            reference: row.get(3)?,
            task: row.get(4)?,
            payload: row.get(5)?,
            original_environment: row.get(6)?,
            environment: row.get(7)?,
            description: row.get(8)?,
            creator: User {
                id: row.get(9)?,
                login: row.get(10)?,
                created_at: row.get(11)?,
            },
            transient: row.get(12)?,
            production: row.get(13)?,
            created_at: row.get(14)?,
            updated_at: row.get(15)?,
        })
    }

    /// Finds a deployment of a repository.
    pub(crate) fn by_id(read: &Connection, repository: i64, id: i64) -> Result<Option<Self>> {
        read.prepare_cached(&Self::by_id_query())?
            .query_row([id, repository], Self::from_row)
            .optional()
    }

    fn by_id_query() -> String {
        format!("{SELECT} WHERE deployments.id = ?1 AND deployments.repository_id = ?2")
    }

    /// Those of these deployments of a repository that there are.
    pub(crate) fn by_ids(read: &Connection, repository: i64, ids: &[i64]) -> Result<Vec<Self>> {
        let mut statement = read.prepare_cached(&Self::by_id_query())?;
        let found = ids.iter().filter_map(|id| {
            let found = statement.query_row([*id, repository], Self::from_row);
            found.optional().transpose()
        });
        found.collect()
    }

    /// A page of a repository's deployments, by time and then id. Positions in
    /// the list are remembered in `page_index`.
    pub(crate) fn list(
        read: &Connection,
        page_index: &PageIndex,
        repository: i64,
        filter: &DeploymentFilter,
        window: Window,
    ) -> Result<Slice<Self>> {
        let version = page_index::version(read, repository)?;
        let known = page_index.before(repository, filter, version, window.skip);
        let start = match known {
            Some(start) => start,
            None => PageStart {
                total: Self::count(read, repository, filter)?,
                passed: 0,
                after: None,
            },
        };
        let total = start.total;
        if known.is_none() {
            page_index.remember(repository, filter, version, start);
        }
        if window.take == 0 || window.skip >= total {
            let items = Vec::new();
            return Ok(Slice { items, total });
        }
        // The record before the page is read as well, so that its position is
        // known when the page is requested again.
        let before = u64::from(window.skip > start.passed);
        let wider = Window {
            skip: window.skip - start.passed - before,
            take: window.take.saturating_add(before),
        };
        let mut items = Self::after(read, repository, filter, start.after, wider)?;
        let remember = |passed: u64, last: Option<&Self>| {
            let after = last.map(|last| (last.created_at, last.id));
            let start = PageStart {
                total,
                passed,
                after,
            };
            page_index.remember(repository, filter, version, start);
        };
        if before == 1 && !items.is_empty() {
            remember(window.skip, Some(&items.remove(0)));
        }
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        remember(window.skip.saturating_add(count), items.last());
        Ok(Slice { items, total })
    }

    fn count(read: &Connection, repository: i64, filter: &DeploymentFilter) -> Result<u64> {
        let (conditions, values) = filter.conditions(&repository);
        let query = format!("SELECT count(*) FROM deployments WHERE {conditions}");
        let count: i64 = read
            .prepare_cached(&query)?
            .query_row(values.as_slice(), |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// A part of the list after a position, or of the whole list.
    fn after(
        read: &Connection,
        repository: i64,
        filter: &DeploymentFilter,
        start: Option<SortKey>,
        window: Window,
    ) -> Result<Vec<Self>> {
        let (conditions, mut values) = filter.conditions(&repository);
        let (order, later) = filter.order();
        let by = format!("ORDER BY created_at {order}, id {order}");
        let from = format!("SELECT created_at, id FROM deployments WHERE {conditions}");
        let next = values.len() + 1;
        // Together the two conditions are `(created_at, id) < (?, ?)`, of which
        // an index would be used for the time alone. In turns with each other
        // both are read from it in order.
        let from = match &start {
            None => from,
            Some((time, id)) => {
                values.extend([time as &dyn ToSql, id]);
                let (time, id) = (next, next + 1);
                format!(
                    "{from} AND created_at = ?{time} AND id {later} ?{id}
                     UNION ALL {from} AND created_at {later} ?{time}"
                )
            }
        };
        let (skip, take) = window.bounds();
        values.extend([&take as &dyn ToSql, &skip]);
        let (offset, limit) = (values.len(), values.len() - 1);
        // The page is chosen by the index alone; only its rows are joined.
        let query = format!(
            "{SELECT} WHERE deployments.id IN
                 (SELECT id FROM ({from} {by} LIMIT ?{limit} OFFSET ?{offset}))
             ORDER BY deployments.created_at {order}, deployments.id {order}"
        );
        read.prepare_cached(&query)?
            .query_map(values.as_slice(), Self::from_row)?
            .collect()
    }

    /// The number of deployments of the filtered list before this time and id,
    /// including the one at exactly this position if `through`.
    pub(crate) fn rank(
        read: &Connection,
        repository: i64,
        filter: &DeploymentFilter,
        key: (i64, i64),
        through: bool,
    ) -> Result<u64> {
        let (conditions, mut values) = filter.conditions(&repository);
        let next = values.len() + 1;
        let before = match (filter.ascending, through) {
            (true, true) => "<=",
            (true, false) => "<",
            (false, true) => ">=",
            (false, false) => ">",
        };
        let query = format!(
            "SELECT count(*) FROM deployments
             WHERE {conditions} AND (created_at, id) {before} (?{next}, ?{last})",
            last = next + 1,
        );
        values.extend([&key.0 as &dyn ToSql, &key.1]);
        let count: i64 = read
            .prepare_cached(&query)?
            .query_row(values.as_slice(), |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The newest deployment in an environment that ended, well or not.
    pub(crate) fn latest_completed(
        read: &Connection,
        repository: i64,
        environment: &str,
    ) -> Result<Option<Self>> {
        let query = format!(
            "{SELECT} WHERE deployments.repository_id = ?1 AND deployments.environment = ?2
                AND (SELECT state FROM deployment_statuses
                     WHERE deployment_id = deployments.id ORDER BY id DESC LIMIT 1)
                    IN ('success', 'failure', 'error')
             ORDER BY deployments.created_at DESC, deployments.id DESC LIMIT 1"
        );
        read.prepare_cached(&query)?
            .query_row(params![repository, environment], Self::from_row)
            .optional()
    }

    /// The deployments that a success of this one supersedes by default:
    /// prior, of the same environment, neither transient nor production, and
    /// with `success` as their last state.
    pub(crate) fn superseded(&self, read: &Connection) -> Result<Vec<Self>> {
        let query = format!(
            "{SELECT} WHERE deployments.repository_id = ?1 AND deployments.id < ?2
                AND deployments.environment = ?3
                AND deployments.transient_environment = 0
                AND deployments.production_environment = 0
                AND (SELECT state FROM deployment_statuses
                     WHERE deployment_id = deployments.id ORDER BY id DESC LIMIT 1) = 'success'
             ORDER BY deployments.id"
        );
        read.prepare_cached(&query)?
            .query_map(
                params![self.repository_id, self.id, self.environment],
                Self::from_row,
            )?
            .collect()
    }

    /// Whether no other deployment is in this one's environment.
    pub(crate) fn is_alone(&self, read: &Connection) -> Result<bool> {
        read.prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM deployments
             WHERE repository_id = ?1 AND environment = ?2 AND id <> ?3)",
        )?
        .query_row(
            params![self.repository_id, self.environment, self.id],
            |row| row.get(0),
        )
    }

    /// Notes that a status came: the time, and where the deployment counts now.
    pub(crate) fn touch(&self, write: &Connection, environment: &str, now: i64) -> Result<()> {
        write
            .prepare_cached(
                "UPDATE deployments SET environment = ?2, updated_at = ?3 WHERE id = ?1",
            )?
            .execute(params![self.id, environment, now])?;
        Ok(())
    }

    /// Removes it and its statuses.
    pub(crate) fn delete(&self, write: &Connection) -> Result<()> {
        write
            .prepare_cached("DELETE FROM deployments WHERE id = ?1")?
            .execute([self.id])?;
        Ok(())
    }
}
