//! Deployments.

use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Slice, User, Window};

/// A deployment, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deployment {
    /// The id; above 2^32.
    pub(crate) id: i64,
    /// The repository it belongs to.
    pub(crate) repository_id: i64,
    /// The commit that was recorded when it was made.
    pub(crate) sha: String,
    /// The ref, as it was sent.
    pub(crate) reference: String,
    /// The task.
    pub(crate) task: String,
    /// The JSON text of the payload, as it was sent.
    pub(crate) payload: String,
    /// The environment it was made for.
    pub(crate) original_environment: String,
    /// The environment of its last status, or the first one.
    pub(crate) environment: String,
    /// The description; `None` if it was left out.
    pub(crate) description: Option<String>,
    /// Who asked for it.
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

/// Exact filters; those that are set must all hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DeploymentFilter {
    /// The recorded commit.
    pub(crate) sha: Option<String>,
    /// The ref as it was sent.
    pub(crate) reference: Option<String>,
    /// The task.
    pub(crate) task: Option<String>,
    /// Any of these environments; `None` is all.
    pub(crate) environments: Option<Vec<String>>,
    /// Oldest first, where the usual order is newest first.
    pub(crate) ascending: bool,
}

impl DeploymentFilter {
    /// The filter as SQL, and the values that it names in this order.
    fn conditions<'a>(&'a self, repository: &'a i64) -> (String, Vec<&'a dyn ToSql>) {
        let mut conditions = String::from("deployments.repository_id = ?");
        let mut values: Vec<&'a dyn ToSql> = vec![repository];
        for (column, value) in [
            ("sha", &self.sha),
            ("ref", &self.reference),
            ("task", &self.task),
        ] {
            if let Some(value) = value {
                conditions.push_str(" AND deployments.");
                conditions.push_str(column);
                conditions.push_str(" = ?");
                values.push(value);
            }
        }
        if let Some(environments) = &self.environments {
            conditions.push_str(" AND deployments.environment IN (");
            conditions.push_str(&vec!["?"; environments.len()].join(", "));
            conditions.push(')');
            values.extend(environments.iter().map(|name| name as &dyn ToSql));
        }
        (conditions, values)
    }
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

const SELECT: &str = "SELECT deployments.*, users.login AS creator_login,
    users.created_at AS creator_created_at
    FROM deployments JOIN users ON users.id = deployments.creator_id";

impl Deployment {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            repository_id: row.get("repository_id")?,
            sha: row.get("sha")?,
            reference: row.get("ref")?,
            task: row.get("task")?,
            payload: row.get("payload")?,
            original_environment: row.get("original_environment")?,
            environment: row.get("environment")?,
            description: row.get("description")?,
            creator: User {
                id: row.get("creator_id")?,
                login: row.get("creator_login")?,
                created_at: row.get("creator_created_at")?,
            },
            transient: row.get("transient_environment")?,
            production: row.get("production_environment")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// Finds a deployment of a repository.
    pub(crate) fn by_id(read: &Connection, repository: i64, id: i64) -> Result<Option<Self>> {
        let query =
            format!("{SELECT} WHERE deployments.id = ?1 AND deployments.repository_id = ?2");
        read.prepare_cached(&query)?
            .query_row([id, repository], Self::from_row)
            .optional()
    }

    /// A page of a repository's deployments, by time and then id.
    pub(crate) fn list(
        read: &Connection,
        repository: i64,
        filter: &DeploymentFilter,
        window: Window,
    ) -> Result<Slice<Self>> {
        let (conditions, mut values) = filter.conditions(&repository);
        let count = format!("SELECT count(*) FROM deployments WHERE {conditions}");
        let total: i64 = read
            .prepare_cached(&count)?
            .query_row(values.as_slice(), |row| row.get(0))?;
        let order = if filter.ascending { "ASC" } else { "DESC" };
        // The page is chosen by the index alone; only its rows are joined.
        let query = format!(
            "{SELECT} WHERE deployments.id IN (SELECT id FROM deployments WHERE {conditions}
                ORDER BY created_at {order}, id {order} LIMIT ? OFFSET ?)
             ORDER BY deployments.created_at {order}, deployments.id {order}"
        );
        let (skip, take) = window.bounds();
        values.push(&take);
        values.push(&skip);
        let items = read
            .prepare_cached(&query)?
            .query_map(values.as_slice(), Self::from_row)?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: u64::try_from(total).unwrap_or(0),
        })
    }

    /// How many deployments of the filtered list come before the place of
    /// this time and id, counting one that stands exactly there if `through`.
    pub(crate) fn rank(
        read: &Connection,
        repository: i64,
        filter: &DeploymentFilter,
        key: (i64, i64),
        through: bool,
    ) -> Result<u64> {
        let (conditions, mut values) = filter.conditions(&repository);
        let before = match (filter.ascending, through) {
            (true, true) => "<=",
            (true, false) => "<",
            (false, true) => ">=",
            (false, false) => ">",
        };
        let query = format!(
            "SELECT count(*) FROM deployments
             WHERE {conditions} AND (created_at, id) {before} (?, ?)"
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
